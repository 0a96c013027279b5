"""Multiples of a participation, worked by hand."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from fundtrack.metrics.multiples import multiples, multiples_with_irr, signed_flows
from fundtrack.money import MONEY

AS_OF = date(2017, 9, 30)

FLOWS = {
    "participation_id": pl.String,
    "kind": pl.String,
    "occurred_on": pl.Date,
    "amount": MONEY,
    "unfunded_effect": MONEY,
    "currency": pl.String,
}
PARTICIPATIONS = {"participation_id": pl.String, "commitment": MONEY, "currency": pl.String}
NAVS = {"participation_id": pl.String, "nav": MONEY, "nav_on": pl.Date, "source": pl.String}


def money(text):
    return None if text is None else Decimal(text)


def flows_of(text, participation="P1", currency="CNY"):
    """Read `kind amount day [unfunded effect]`, separated by semicolons; a day of `-` is due and not paid."""
    rows = []
    for words in filter(None, (part.split() for part in text.split(";"))):
        kind, amount, day, *effect = words
        paid = day != "-"
        rows.append(
            (
                participation,
                kind,
                date.fromisoformat(day) if paid else None,
                money(amount) if paid else None,
                money(effect[0]) if effect else None,
                currency,
            )
        )
    return pl.DataFrame(rows, FLOWS, orient="row")


def one(flows, nav=None, nav_on="2017-09-30", commitment="200", as_of=AS_OF):
    navs = [] if nav is None else [("P1", money(nav), date.fromisoformat(nav_on), "valuation")]
    participations = pl.DataFrame([("P1", money(commitment), "CNY")], PARTICIPATIONS, orient="row")
    return multiples(flows_of(flows), participations, pl.DataFrame(navs, NAVS, orient="row"), as_of).row(
        0, named=True
    )


@pytest.mark.parametrize(
    ("flows", "nav", "dpi", "rvpi", "tvpi"),
    [
        pytest.param("call 100 2015-01-01; distribution 30 2016-01-01", "90", 0.3, 0.9, 1.2, id="midlife"),
        pytest.param("call 3 2015-01-01; distribution 1 2016-01-01", "0", 1 / 3, 0.0, 1 / 3, id="unrounded"),
        pytest.param("distribution 5 2015-01-01", "0", None, None, None, id="nothing called"),
        pytest.param("call 100 2015-01-01", None, 0.0, None, None, id="NAV unknown"),
        # private_equity.rs of Anexen/pyxirr@5f31a85: contributions 10 + 20, distributions 15 + 30, NAV 15
        pytest.param(
            "call 10 2014-01-01; call 20 2015-01-01; distribution 15 2016-01-01; exit_proceeds 30 2017-01-01",
            "15",
            1.5,
            0.5,
            2.0,
            id="pyxirr dpi-1 and tvpi-1",
        ),
        pytest.param(
            "call 10 2014-01-01; call 20 2014-02-01; call 15 2014-03-01; call 30 2014-04-01",
            "15",
            0.0,
            0.2,
            0.2,
            id="pyxirr rvpi-1",
        ),
        pytest.param(
            "call 25 2014-01-01; distribution 15 2015-01-01", "20", 0.6, 0.8, 1.4, id="pyxirr tvpi-2"
        ),
        # acadifi.com, GIPS private equity provisions: 720 of 800 paid in; prints 0.67 and 1.42
        pytest.param(
            "call 720 2014-01-01; distribution 540 2016-01-01",
            "480",
            0.75,
            2 / 3,
            0.75 + 2 / 3,
            id="gips acadifi",
        ),
        # recalled and called again: 100 + 20 paid in, 20 of it came back recallable
        pytest.param(
            "call 100 2015-01-01; recallable 20 2016-01-01; call 20 2016-06-01",
            "120",
            20 / 120,
            1.0,
            140 / 120,
            id="recalled and reinvested",
        ),
        pytest.param(
            "call 100 2015-01-01; fee_outside 25 2015-01-01",
            "100",
            0.0,
            0.8,
            0.8,
            id="fee outside the commitment",
        ),
        pytest.param("call 100 2015-01-01; distribution 50 2017-10-01", "90", 0.0, 0.9, 0.9, id="not yet"),
        pytest.param("call 100 2015-01-01; call 50 -", "90", 0.0, 0.9, 0.9, id="due and unpaid"),
    ],
)
def test_ratios(flows, nav, dpi, rvpi, tvpi):
    row = one(flows, nav, commitment="800")
    assert (row["dpi"], row["rvpi"], row["tvpi"]) == tuple(
        value if value is None else pytest.approx(value, rel=1e-15) for value in (dpi, rvpi, tvpi)
    )


@pytest.mark.parametrize(
    ("flows", "unfunded", "pic"),
    [
        pytest.param("", "200.00", 0.0, id="nothing called"),
        pytest.param(
            "call 50.05 2015-01-01; distribution 30 2016-01-01", "149.95", 0.25025, id="distribution final"
        ),
        pytest.param(
            "call 50 2015-01-01; recallable 30 2016-01-01", "180.00", 0.25, id="recallable comes back"
        ),
        pytest.param("call 50 2015-01-01; fee_outside 4 2015-01-01", "150.00", 0.27, id="fee outside"),
        pytest.param("call 50 2015-01-01 -40", "160.00", 0.25, id="stated effect wins"),
        pytest.param(
            "call 50 2015-01-01; distribution 30 2016-01-01 10", "160.00", 0.25, id="stated on another"
        ),
        pytest.param("call 50 2015-01-01 0", "200.00", 0.25, id="stated as none"),
    ],
)
def test_unfunded_and_paid_in_to_commitment(flows, unfunded, pic):
    row = one(flows)
    assert row["unfunded"] == Decimal(unfunded)
    assert row["pic"] == pytest.approx(pic, rel=1e-15)


def test_commitment_unknown():
    row = one("call 50 2015-01-01", "60", commitment=None)
    assert (row["unfunded"], row["pic"], row["dpi"], row["tvpi"]) == (None, None, 0.0, 1.2)


@pytest.mark.parametrize(
    ("flows", "nav_on", "nav", "age", "rolled"),
    [
        pytest.param("call 100 2015-01-01", "2017-09-30", "90.00", 0, False, id="of the day"),
        pytest.param("call 100 2015-01-01", "2017-06-30", "90.00", 92, False, id="nothing since"),
        pytest.param("call 100 2017-06-30", "2017-06-30", "90.00", 92, False, id="on the day itself"),
        pytest.param(
            "call 100 2015-01-01; call 20.50 2017-07-01; distribution 5 2017-08-01;"
            "exit_proceeds 3 2017-09-30; recallable 2 2017-09-01;"
            "fee_outside 7 2017-08-01; call 9 2017-10-01",
            "2017-06-30",
            "100.50",
            92,
            True,
            id="calls less distributions since",
        ),
        pytest.param(
            "call 100 2015-01-01", "2017-10-01", None, None, None, id="a later NAV is not known yet"
        ),
    ],
)
def test_nav_is_rolled_forward(flows, nav_on, nav, age, rolled):
    row = one(flows, "90", nav_on)
    assert (row["nav"], row["nav_age_days"], row["rolled"]) == (money(nav), age, rolled)
    assert row["nav_on"] == (date.fromisoformat(nav_on) if age is not None else None)


def test_nothing_paid_in_and_no_nav_is_nothing_held():
    row = one("")
    assert (row["nav"], row["nav_on"], row["rolled"], row["rvpi"]) == (Decimal("0.00"), None, None, None)


def test_newest_nav_counts_and_of_one_day_the_first_given():
    participations = pl.DataFrame([("P1", money("200"), "CNY")], PARTICIPATIONS, orient="row")
    navs = pl.DataFrame(
        [
            ("P1", money("70"), date(2016, 12, 31), "valuation"),
            ("P1", money("80"), date(2017, 6, 30), "valuation"),
            ("P1", money("85"), date(2017, 6, 30), "fund_report"),
            ("P1", None, date(2017, 9, 30), "fund_report"),
        ],
        NAVS,
        orient="row",
    )
    row = multiples(flows_of("call 100 2015-01-01"), participations, navs, AS_OF).row(0, named=True)
    assert (row["nav"], row["nav_source"], row["nav_on"]) == (Decimal(80), "valuation", date(2017, 6, 30))


def portfolio():
    flows = pl.concat(
        [
            flows_of("call 100 2015-01-01; distribution 30 2016-01-01; call 50 2016-10-01", "B"),
            flows_of("call 100 2017-01-01", "A"),
            flows_of("call 100 2015-01-01", "C"),
            flows_of("call 100 2015-01-01", "D", currency="USD"),
        ]
    )
    participations = pl.DataFrame(
        [(name, money("200"), "CNY") for name in "DCBAE"], PARTICIPATIONS, orient="row"
    )
    navs = pl.DataFrame([(name, money("110"), AS_OF, "valuation") for name in "ABD"], NAVS, orient="row")
    return flows, participations, navs


def test_one_row_each_sorted_and_never_another_currency():
    rows = multiples(*portfolio(), AS_OF)
    assert rows["participation_id"].to_list() == list("ABCDE")
    assert rows["paid_in"].to_list() == [100, 150, 100, None, 0]
    assert rows["nav"].to_list() == [110, 110, None, None, 0]
    assert rows.row(3, named=True)["unfunded"] is None
    assert {rows.schema[name] for name in ("paid_in", "distributed", "nav", "unfunded")} == {MONEY}


def test_irr_stands_beside_the_multiples():
    rows = multiples_with_irr(*portfolio(), AS_OF)
    # A: 100 becomes 110 in 272 days
    assert rows["irr_status"].to_list() == ["not_annualised", "ok", None, None, "too_short"]
    assert rows["irr"][0] == pytest.approx(1.1 ** (365 / 272) - 1, rel=1e-12)
    assert rows["period_return"].to_list() == [pytest.approx(0.1), None, None, None, None]
    flows = signed_flows(portfolio()[0], rows, AS_OF).filter(participation_id="B").sort("occurred_on")
    assert flows["amount"].to_list() == [-100, 30, -50, 110]


cents = st.integers(0, 10**13).map(lambda amount: Decimal(amount) / 100)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["P1", "P2"]),
            st.sampled_from(["call", "distribution", "recallable", "exit_proceeds", "fee_outside"]),
            st.dates(date(2010, 1, 1), date(2018, 1, 1)),
            cents,
        )
    ),
    cents,
)
@settings(max_examples=60, deadline=None)
def test_sums_are_exact_and_parts_make_the_whole(rows, nav):
    flows = pl.DataFrame([(*row, None, "CNY") for row in rows], FLOWS, orient="row")
    participations = pl.DataFrame(
        [(p, money("5"), "CNY") for p in ("P1", "P2")], PARTICIPATIONS, orient="row"
    )
    navs = pl.DataFrame([("P1", nav, date(2014, 5, 1), "valuation")], NAVS, orient="row")
    result = multiples(flows, participations, navs, AS_OF)
    assert_frame_equal(result, multiples(flows.reverse(), participations, navs, AS_OF))
    known = [(kind, amount) for _, kind, day, amount in rows if day <= AS_OF]
    paid_in = sum(amount for kind, amount in known if kind in {"call", "fee_outside"})
    back = sum(amount for kind, amount in known if kind in {"distribution", "recallable", "exit_proceeds"})
    assert sum(result["paid_in"]) == paid_in
    assert sum(result["distributed"]) == back
    for row in result.iter_rows(named=True):
        if row["tvpi"] is not None:
            assert row["tvpi"] == row["dpi"] + row["rvpi"]

"""Quarterly history: each point is what multiples and IRR give for its day; groups pool flows and NAVs."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import ledger
from portfolio_rows import flows_of, nav, stake, tables
from random_ledgers import random_rows

from fundtrack.metrics.groups import KEY
from fundtrack.metrics.history import history, pooled_history, pooled_on, quarters
from fundtrack.metrics.irr import xirr
from fundtrack.metrics.participations_at import participations_at

AS_OF = date(2017, 9, 30)


def test_quarters_end_with_the_day_itself():
    made = tables([stake("A1")], flows_of("A1", "call 100 2017-02-14"))
    assert quarters(made, date(2017, 8, 15)) == [date(2017, 3, 31), date(2017, 6, 30), date(2017, 8, 15)]
    assert quarters(made, date(2017, 3, 31)) == [date(2017, 3, 31)]
    assert quarters(made, date(2017, 1, 31)) == []
    assert quarters(tables([stake("A1")]), AS_OF) == []


def small():
    return tables(
        [stake("A1"), stake("A2", "G2")],
        [
            *flows_of("A1", "call 100 2016-06-30; distribution 30 2017-06-30"),
            *flows_of("A2", "call 40 2017-06-30"),
        ],
        [nav("A1", "110", "2016-12-31"), nav("A1", "90", "2017-06-30"), nav("A2", "40", "2017-06-30")],
    )


def test_curve_of_one_participation():
    rows = history(small(), date(2017, 6, 30)).filter(pl.col(KEY) == "A1")
    # 2016-06-30 and -09-30: paid 100, no NAV yet; then 110; at the end 100 paid, 30 back, 90 left
    assert rows["day"].to_list() == [
        date(2016, 6, 30),
        date(2016, 9, 30),
        date(2016, 12, 31),
        date(2017, 3, 31),
        date(2017, 6, 30),
    ]
    assert rows["nav"].to_list() == [None, None, Decimal(110), Decimal(110), Decimal(90)]
    assert rows["net_cash"].to_list() == [Decimal(-100)] * 4 + [Decimal(-70)]
    assert rows["net_value"].to_list() == [None, None, Decimal(10), Decimal(10), Decimal(20)]
    assert rows["tvpi"].to_list() == [None, None, 1.1, 1.1, pytest.approx(1.2)]
    assert rows["irr_status"].to_list() == [None, None, "not_annualised", "not_annualised", "ok"]
    # 100 grew to 120 in 365 days
    assert rows["irr"][-1] == pytest.approx(0.2, rel=1e-12)
    assert rows["period_return"][2] == pytest.approx(0.1, rel=1e-12)


def test_pooled_takes_all_flows_and_navs():
    rows = pooled_history(small(), AS_OF)
    last = rows.row(-1, named=True)
    # 140 paid in, 30 back, 130 left at 2017-09-30
    assert (last["paid_in"], last["distributed"], last["nav"]) == (Decimal(140), Decimal(30), Decimal(130))
    days = [date(2016, 6, 30), date(2017, 6, 30), date(2017, 6, 30), AS_OF]
    assert last["irr"] == pytest.approx(xirr(days, [-100, 30, -40, 130]).rate, rel=1e-12)
    assert (
        rows.filter(pl.col("nav_unknown") > 0)["irr"].null_count() == 2
    )  # the quarters before A1's first NAV
    by_fund = pooled_history(small(), AS_OF, "guidance_fund_id")
    assert by_fund.group_by("group").len().sort("group").rows() == [("G1", 6), ("G2", 2)]


def test_valued_only_pools_the_known_flows():
    made = tables(
        [stake("A1"), stake("A2")],
        [*flows_of("A1", "call 100 2016-09-30"), *flows_of("A2", "call 500 2016-09-30")],
        [nav("A1", "120", "2017-09-30")],
    )
    whole, known = (
        pooled_on(made, [AS_OF], "all", valued_only=only).row(0, named=True) for only in (False, True)
    )
    assert (whole["irr"], whole["irr_status"], whole["tvpi"]) == (None, None, None)
    # 100 to 120 in 365 days; 100 of 600 paid in is covered
    assert (known["irr"], known["known_share"]) == (pytest.approx(0.2, rel=1e-12), 100 / 600)


def test_currencies_are_pools_of_their_own():
    made = tables(
        [stake("A1"), stake("A2", currency="USD")],
        [*flows_of("A1", "call 100 2016-09-30"), *flows_of("A2", "call 10 2016-09-30", "USD")],
        [nav("A1", "120", "2017-09-30"), nav("A2", "20", "2017-09-30", "USD")],
    )
    rows = pooled_on(made, [AS_OF], "all").sort("currency")
    assert rows["currency"].to_list() == ["CNY", "USD"]
    assert rows["irr"].to_list() == [pytest.approx(0.2), pytest.approx(1.0)]


def test_fully_exited_needs_no_last_flow():
    made = tables(
        [stake("A1")],
        flows_of("A1", "call 100 2015-09-30; exit_proceeds 121 2017-09-29"),
        [nav("A1", "121", "2017-06-30")],
    )
    row = history(made, AS_OF).row(-1, named=True)
    assert (row["nav"], row["irr_status"]) == (Decimal(0), "ok")
    assert row["irr"] == pytest.approx(1.21 ** (365 / 730) - 1, rel=1e-12)


@pytest.mark.parametrize("seed", range(30))
def test_the_last_point_is_what_the_summary_says(seed):
    rows, day = random_rows(seed)
    made = ledger(rows)
    names = ["irr", "irr_status", "period_return", "dpi", "tvpi", "nav"]
    last = history(made, day).filter(pl.col("day") == day).select(KEY, *names).sort(KEY)
    told = participations_at(made, day).join(last, on=KEY, how="semi").select(KEY, *names).sort(KEY)
    assert told.equals(last)


amounts = st.decimals("0.01", "1000000", places=2)
days = st.dates(date(2010, 1, 1), date(2017, 9, 29))
streams = st.lists(
    st.tuples(st.sampled_from(["call", "distribution", "recallable", "fee_outside"]), amounts, days), min_size=1, max_size=6
)  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(st.lists(streams, min_size=1, max_size=4), st.integers(2, 50))
def test_laws_of_history(portfolio, times):
    def made(factor):
        flows = [
            {"participation_id": f"A{n}", "kind": kind, "amount": amount * factor, "occurred_on": day, "currency": "CNY",
             "line_no": str(place)}
            for n, stream in enumerate(portfolio)
            for place, (kind, amount, day) in enumerate(stream)
        ]  # fmt: skip
        navs = [nav(f"A{n}", 100 * factor, "2016-12-31") for n in range(len(portfolio))]
        return tables([stake(f"A{n}", f"G{n % 2}") for n in range(len(portfolio))], flows, navs)

    one, scaled = history(made(1), AS_OF), history(made(times), AS_OF)
    both = one.filter(pl.col("tvpi").is_not_null())
    assert ((both["dpi"] + both["rvpi"]) == both["tvpi"]).all()
    # scaling the amounts changes no ratio
    for name in ("dpi", "tvpi"):
        assert (one[name] - scaled[name]).abs().fill_null(0).max() <= 1e-9 * (one[name].abs().max() or 1)
    assert one["irr_status"].to_list() == scaled["irr_status"].to_list()
    # groups sum to the whole, to the cent
    for name in ("paid_in", "distributed", "nav", "net_cash"):
        parts = pooled_history(made(1), AS_OF, "guidance_fund_id").group_by("day").agg(pl.col(name).sum())
        assert parts.sort("day")[name].to_list() == (
            pooled_history(made(1), AS_OF).sort("day")[name].fill_null(0).to_list()
        )

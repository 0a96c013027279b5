"""The value bridge, worked by hand, and closing to the cent whatever goes in."""

from datetime import date
from decimal import Decimal

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from portfolio_rows import flows_of, nav, rate, stake, tables

from fundtrack.metrics.bridge import STEPS, bridge
from fundtrack.metrics.fx import NO_RATE

START, END = date(2016, 9, 30), date(2017, 9, 30)


def steps(row):
    return tuple(row[name] and float(row[name]) for name in STEPS)


def two_currencies(**others):
    return tables(
        [stake("A1"), stake("A2", "G2", currency="USD"), stake("A3", "G2")],
        [
            *flows_of("A1", "call 100 2015-01-01; call 50 2017-01-31; distribution 20 2017-06-30; fee_outside 3 2017-02-01"),
            *flows_of("A2", "call 10 2016-01-04; call 4 2017-01-31; exit_proceeds 1 2017-06-30", "USD"),
            *flows_of("A3", "call 30 2017-03-31"),
        ],
        [
            nav("A1", "110", "2016-09-30"), nav("A1", "155", "2017-09-30"), nav("A2", "12", "2016-09-30", "USD"),
            nav("A2", "18", "2017-09-30", "USD"), nav("A3", "33", "2017-09-30"),
        ],
        market_rate=[rate("2016-09-30", "6.7"), rate("2017-01-31", "6.9"), rate("2017-06-30", "6.8"), rate("2017-09-30", "6.6")],
        **others,
    )  # fmt: skip


def test_own_currencies():
    found = bridge(two_currencies(), START, END)
    first, second, third = found.participations.iter_rows(named=True)
    # 110 + 50 - 20 + 15 = 155; the fee outside the commitment is no part of it
    assert steps(first) == (110, 50, 20, 15, 0, 155)
    # 12 + 4 - 1 + 3 = 18 dollars
    assert (steps(second), second["currency"]) == ((12, 4, 1, 3, 0, 18), "USD")
    # begun in between: from nothing, 30 called, 3 gained
    assert steps(third) == (0, 30, 0, 3, 0, 33)
    assert [(row["group"], row["currency"], *steps(row)) for row in found.groups.iter_rows(named=True)] == [
        ("G1", "CNY", 110, 50, 20, 15, 0, 155), ("G2", "CNY", 0, 30, 0, 3, 0, 33), ("G2", "USD", 12, 4, 1, 3, 0, 18),
    ]  # fmt: skip


def test_one_currency_shows_what_the_rate_did():
    found = bridge(two_currencies(), START, END, "CNY")
    row = found.participations.filter(pl.col("participation_id") == "A2").row(0, named=True)
    # 12 · 6.7 = 80.4; 4 · 6.9 = 27.6; 1 · 6.8; 3 · 6.6 = 19.8; 18 · 6.6 = 118.8
    # fx: 118.8 - 80.4 - 27.6 + 6.8 - 19.8 = -2.2 = 12 · (6.6 - 6.7) + 4 · (6.6 - 6.9) - 1 · (6.6 - 6.8)
    assert steps(row) == (80.4, 27.6, 6.8, 19.8, -2.2, 118.8)
    assert (row["own"], row["rate_start"], row["rate_end"], row["rate_end_on"]) == (
        "USD",
        Decimal("6.7"),
        Decimal("6.6"),
        END,
    )
    total = bridge(two_currencies(), START, END, "CNY", "all").groups.row(0, named=True)
    assert steps(total) == (190.4, 107.6, 26.8, 37.8, -2.2, 306.8)
    assert (total["known"], total["unknown"]) == (3, 0)


def test_unknown_navs_are_counted_and_left_out():
    made = two_currencies()
    made["valuation"] = made["valuation"].filter(pl.col("participation_id") != "A1")
    found = bridge(made, START, END)
    assert steps(found.participations.row(0, named=True))[0] is None
    group = found.groups.row(0, named=True)
    assert (group["group"], group["known"], group["unknown"], *steps(group)) == ("G1", 0, 1, *[None] * 6)


def test_missing_rates_are_findings():
    made = two_currencies()
    made["market_rate"] = made["market_rate"].filter(pl.col("quoted_on") < date(2017, 6, 30))
    found = bridge(made, START, END, "CNY")
    row = found.participations.row(1, named=True)
    assert (row["fx_effect"], row["nav_end"], row["distributions"], row["calls"]) == (
        None,
        None,
        None,
        Decimal("27.6"),
    )
    assert found.findings.rows() == [
        (NO_RATE, "A2", "USD", "CNY", date(2017, 6, 30)), (NO_RATE, "A2", "USD", "CNY", END),
    ]  # fmt: skip
    assert found.groups.filter(pl.col("unknown") > 0)["group"].to_list() == ["G2"]


def test_no_rate_is_needed_before_anything_was_held():
    made = tables(
        [stake("A2", currency="USD")],
        flows_of("A2", "call 10 2017-09-30", "USD"),
        [nav("A2", "10", "2017-09-30", "USD")],
        market_rate=[rate("2017-09-30", "6.6")],
    )
    found = bridge(made, START, END, "CNY")
    assert (steps(found.participations.row(0, named=True)), found.findings.height) == (
        (0, 66, 0, 0, 0, 66),
        0,
    )


def test_an_empty_ledger_has_an_empty_bridge():
    found = bridge(tables([stake("A1")]), START, END, "CNY")
    assert (found.participations.height, found.groups.height, found.findings.height) == (0, 0, 0)


cents = st.decimals("0.01", "99999999", places=2)
quotes = st.decimals("0.5", "9", places=8)
moves = st.lists(
    st.tuples(st.sampled_from(["call", "distribution"]), cents, st.dates(date(2016, 1, 1), END)),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40, deadline=None)
@given(
    moves, st.tuples(cents, cents), st.tuples(quotes, quotes, quotes), st.sampled_from([None, "CNY", "USD"])
)
def test_it_closes_to_the_cent_and_the_effect_is_the_formula(made_moves, navs, three_rates, into):
    (first, last), (before, between, after) = navs, three_rates
    flows = [
        {"participation_id": "A1", "kind": kind, "amount": amount, "occurred_on": day, "currency": "USD", "line_no": str(n)}
        for n, (kind, amount, day) in enumerate(made_moves)
    ]  # fmt: skip
    week = pl.date_range(date(2016, 1, 1), END, "7d", eager=True).to_list()
    rates = [rate(day, between) for day in week] + [rate(START, before), rate(END, after)]
    made = tables(
        [stake("A1", currency="USD")], flows, [nav("A1", first, START, "USD"), nav("A1", last, END, "USD")],
        market_rate=list({row["quoted_on"]: row for row in rates}.values()),
    )  # fmt: skip
    row = bridge(made, START, END, into).participations.row(0, named=True)
    begin, calls, back, change, effect, end = (row[name] for name in STEPS)
    assert begin + calls - back + change + effect - end == Decimal("0.00")
    if into != "CNY":
        assert effect == 0
        return
    held = first if any(day <= START for _, _, day in made_moves) else Decimal(0)
    exact = held * (after - before)
    for kind, amount, day in made_moves:
        if day > START:
            at = next(
                value
                for on, value in sorted(((r["quoted_on"], r["value"]) for r in rates), reverse=True)
                if on <= day
            )
            at = after if day == END else at
            exact += (amount if kind == "call" else -amount) * (after - at)
    assert abs(effect - exact) <= Decimal("0.005") * (len(made_moves) + 3)

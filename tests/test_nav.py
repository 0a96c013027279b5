"""NAV of a day: what it is made of, how old, and totals that say how much of them to trust."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from ledgers import answer, database, fill, ledger
from portfolio_rows import flows_of, nav, stake, tables
from random_ledgers import random_rows

from fundtrack.metrics.groups import LABELS, labels
from fundtrack.metrics.nav import nav_at, nav_totals, pooled, positions_at
from fundtrack.metrics.navs import navs
from fundtrack.metrics.participations_at import participations_at

AS_OF = date(2017, 9, 30)


def one_nav(flows, navs, **others):
    return nav_at(tables([stake("A1")], flows_of("A1", flows), navs, **others), AS_OF).row(0, named=True)


@pytest.mark.parametrize(
    ("flows", "navs", "expected"),
    [
        pytest.param("call 100 2015-01-01", [nav("A1", "90", "2017-09-30")], ("90.00", 0, False, False), id="of the day"),
        # 90 + 20 called - 5 distributed = 105, 92 days after 2017-06-30
        pytest.param(
            "call 100 2015-01-01; call 20 2017-07-01; distribution 5 2017-08-01",
            [nav("A1", "90", "2017-06-30")], ("105.00", 92, True, False), id="rolled forward",
        ),
        # 2016-09-30 to 2017-09-30 is 365 days: not stale yet; a day more is
        pytest.param("call 100 2015-01-01", [nav("A1", "90", "2016-09-30")], ("90.00", 365, False, False), id="a year old"),
        pytest.param("call 100 2015-01-01", [nav("A1", "90", "2016-09-29")], ("90.00", 366, False, True), id="stale"),
        pytest.param("call 100 2015-01-01", [], (None, None, None, None), id="unknown"),
        pytest.param("call 100 2015-01-01", [nav("A1", "90", "2017-06-30", "USD")], (None, None, None, None), id="another currency"),
    ],
)  # fmt: skip
def test_nav_of_a_day(flows, navs, expected):
    row = one_nav(flows, navs)
    assert (row["nav"] and f"{row['nav']:.2f}", row["nav_age_days"], row["rolled"], row["stale"]) == expected


def test_fund_report_fills_in_and_says_so():
    report = [
        {
            "partner_fund_id": "P1",
            "period": "2017H1",
            "kind": "半年报",
            "guidance_share": "80",
            "currency": "CNY",
        }
    ]
    row = one_nav("call 100 2015-01-01; call 10 2017-08-01", [], fund_report=report)
    # 80 of the report + 10 called since; dated before 2018-07, so on book net assets
    assert (row["nav"], row["nav_source"], row["nav_basis"]) == (Decimal(90), "fund_report", "book")


@pytest.mark.parametrize(
    ("share", "paid", "parts"),
    [
        pytest.param("100.00", ("1", "1", "1"), ("33.33", "33.34", "33.33"), id="thirds"),
        # sums so far of a sixth of 0.05: 0.83, 1.67, 2.5, 3.33, 4.17, 5 cents
        pytest.param("0.05", ("1",) * 6, ("0.01", "0.01", "0.01", "0.00", "0.01", "0.01"), id="few cents"),
        pytest.param("-10.00", ("1", "2"), ("-3.33", "-6.67"), id="below zero"),
        pytest.param("10.00", ("0", "7"), ("0.00", "10.00"), id="one that paid nothing"),
        pytest.param("9999999999.99", ("7777777777.77", "0.01"), ("9999999999.98", "0.01"), id="very large"),
    ],
)  # fmt: skip
def test_a_reported_share_is_split_to_the_cent(con, share, paid, parts):
    report = [
        {
            "partner_fund_id": "P1",
            "period": "2017H1",
            "kind": "半年报",
            "guidance_share": share,
            "currency": "CNY",
        }
    ]
    stakes = [stake(f"A{place}", f"G{place}", "P1") for place in range(len(paid))]
    flows = [
        row for place, money in enumerate(paid) for row in flows_of(f"A{place}", f"call {money} 2015-01-01")
    ]
    made = tables(stakes, flows, fund_report=report)
    found = navs(made).sort("participation_id")["nav"].to_list()
    assert found == [Decimal(part) for part in parts]
    assert sum(found) == Decimal(share)
    fill(con, made)
    sql = answer(
        con, "SELECT CAST(nav AS DECIMAL(18, 2)) AS nav FROM nav_at('B000001') ORDER BY participation_id"
    )
    assert sql["nav"].to_list() == found


@pytest.fixture(scope="module")
def con():
    with database() as found:
        yield found


def test_nav_after_2018_07_does_not_claim_book_values():
    made = tables([stake("A1")], flows_of("A1", "call 100 2015-01-01"), [nav("A1", "90", "2018-12-31")])
    assert nav_at(made, date(2018, 12, 31))["nav_basis"].to_list() == ["not_stated"]


def world():
    # A1: 300 rolled (its money moved after its day); A2: 100 of 2016-06-30, stale; A3: no NAV; A4: dollars
    stakes = [stake("A1"), stake("A2"), stake("A3", "G2"), stake("A4", currency="USD")]
    flows = [
        *flows_of("A1", "call 200 2015-01-01; call 50 2017-07-15"),
        *flows_of("A2", "call 100 2015-01-01; distribution 20 2016-01-01"),
        *flows_of("A3", "call 50 2016-01-01"),
        *flows_of("A4", "call 10 2016-01-01", "USD"),
    ]
    navs = [
        nav("A1", "250", "2017-06-30"),
        nav("A2", "100", "2016-06-30"),
        nav("A4", "12", "2017-09-30", "USD"),
    ]
    return tables(stakes, flows, navs)


def test_totals_weigh_by_nav_and_never_add_currencies():
    yuan, dollars = nav_totals(world(), AS_OF).sort("currency").iter_rows(named=True)
    assert (yuan["nav"], dollars["nav"]) == (Decimal(400), Decimal(12))
    # rolled: 300 of 400; stale: 100 of 400; known: 350 of 400 paid in
    assert (yuan["rolled_share"], yuan["stale_share"], yuan["known_share"]) == (0.75, 0.25, 0.875)
    assert (yuan["nav_unknown"], yuan["oldest_nav_on"]) == (1, date(2016, 6, 30))
    assert (yuan["valuation_share"], yuan["report_share"], yuan["book_share"]) == (1.0, 0.0, 1.0)
    assert (yuan["dpi"], yuan["rvpi"], yuan["tvpi"]) == (20 / 400, None, None)
    assert (dollars["rvpi"], dollars["known_share"]) == (1.2, 1.0)


def test_valued_only_leaves_out_what_is_unknown_and_keeps_the_coverage():
    made = world()
    rows = pooled(positions_at(made, [AS_OF]), labels(made), "all", valued_only=True)
    yuan = rows.filter(pl.col("currency") == "CNY").row(0, named=True)
    # 350 paid in, 20 back, 400 left
    assert (yuan["paid_in"], yuan["nav_unknown"], yuan["known_share"]) == (Decimal(350), 0, 0.875)
    assert yuan["tvpi"] == pytest.approx(420 / 350, rel=1e-15)


def test_a_flow_in_another_currency_makes_the_participation_unknown():
    flows = [*flows_of("A1", "call 100 2015-01-01"), *flows_of("A1", "distribution 7 2016-01-01", "USD")]
    row = nav_totals(tables([stake("A1")], flows, [nav("A1", "90", "2017-06-30")]), AS_OF).row(0, named=True)
    assert (row["paid_in"], row["nav"], row["nav_unknown"], row["dpi"]) == (None, None, 1, None)


@pytest.mark.parametrize("by", LABELS)
def test_groups_sum_to_the_total(by):
    made = world()
    at = positions_at(made, [AS_OF])
    parts, whole = pooled(at, labels(made), by), pooled(at, labels(made), "all")
    for name in ("paid_in", "distributed", "nav"):
        summed = parts.group_by("currency").agg(pl.col(name).sum()).sort("currency")
        assert summed[name].to_list() == whole.sort("currency")[name].to_list()


def test_labels():
    made = tables(
        [stake("A1"), stake("A2", signed_on=None)],
        flows_of("A1", "call 0 2014-05-01; call 100 2015-01-01"),
    )
    first, second = labels(made).iter_rows(named=True)
    assert (first["vintage"], first["vintage_signed"], first["guidance_kind"], first["manager_id"]) == (
        "2015", "2014", "venture", "M1",
    )  # fmt: skip
    assert (second["vintage"], second["vintage_signed"]) == (None, None)


@pytest.mark.parametrize("seed", range(40))
def test_many_days_at_once_are_what_one_day_is(seed):
    rows, day = random_rows(seed)
    made = ledger(rows)
    together = positions_at(made, [day]).drop("day", "stale", "nav_basis", "fees_outside")
    alone = participations_at(made, day).join(together, on="participation_id", how="semi")
    assert alone.select(together.columns).sort("participation_id").equals(together)

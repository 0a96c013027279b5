"""Horizon returns and cohorts, worked by hand."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from portfolio_rows import flows_of, nav, stake, tables

from fundtrack.metrics.horizon import cohorts, horizons, years_before

AS_OF = date(2017, 9, 30)


def test_years_before():
    assert years_before(date(2017, 9, 30), 10) == date(2007, 9, 30)
    assert years_before(date(2016, 2, 29), 4) == date(2012, 2, 29)


def old_and_young():
    return tables(
        [stake("A1"), stake("A2")],
        [
            *flows_of("A1", "call 100 2013-01-01; distribution 66 2017-09-30"),
            *flows_of("A2", "call 50 2017-01-01"),
        ],
        [
            nav("A1", "80", "2014-09-30"),
            nav("A1", "120", "2016-09-30"),
            nav("A1", "66", "2017-09-30"),
            nav("A2", "60", "2017-09-30"),
        ],
    )


def test_horizon_of_a_participation():
    rows = horizons(old_and_young(), AS_OF).filter(pl.col("group") == "A1")
    assert rows["years"].to_list() == [1, 3, 5, 10]
    one, three, five, ten = rows.iter_rows(named=True)
    # one year: 120 held, 66 back and 66 left 365 days later: 132 / 120
    assert (one["nav_start"], one["distributed"], one["nav_end"], one["gain"]) == (120, 66, 66, 12)
    assert one["irr"] == pytest.approx(0.1, rel=1e-12)
    # three years: 80 to 132 in 1,096 days (29 February 2016 lies within)
    assert three["irr"] == pytest.approx((132 / 80) ** (365 / 1096) - 1, rel=1e-12)
    # begun 2013-01-01: five and ten years ago there was nothing to hold
    assert (five["irr"], five["nav_start"], ten["irr_status"]) == (None, None, None)


def test_young_money_joins_the_pool_on_its_day():
    row = horizons(old_and_young(), AS_OF, "all", [1]).row(0, named=True)
    # 120 held, 50 paid on 2017-01-01, 66 back, 66 + 60 left
    assert (row["nav_start"], row["paid_in"], row["nav_end"]) == (Decimal(120), Decimal(50), Decimal(126))
    value = row["irr"]
    residual = -120 - 50 * (1 + value) ** (-93 / 365) + 192 * (1 + value) ** -1
    assert residual == pytest.approx(0, abs=1e-9)
    young = horizons(old_and_young(), AS_OF, years=[1]).filter(pl.col("group") == "A2").row(0, named=True)
    assert (young["irr"], young["nav_start"]) == (None, None)


def test_an_unknown_nav_at_either_end_has_no_return():
    made = tables(
        [stake("A1"), stake("A2")],
        [*flows_of("A1", "call 100 2015-01-01"), *flows_of("A2", "call 100 2015-01-01")],
        [nav("A1", "90", "2015-06-30")],
    )
    row = horizons(made, AS_OF, "all", [1]).row(0, named=True)
    assert (row["nav_start"], row["nav_end"], row["irr"], row["irr_status"]) == (None, None, None, None)


def vintage_world():
    # vintages 2014: TVPIs 0.8, 1.0, 1.2, 2.0 on 100 each; 2015: one of 1.5; nothing called: none
    stakes = [stake(f"A{n}") for n in range(1, 7)]
    flows = [row for n in range(1, 5) for row in flows_of(f"A{n}", "call 100 2014-09-30")]
    flows += flows_of("A5", "call 200 2015-01-01")
    values = {"A1": "80", "A2": "100", "A3": "120", "A4": "200", "A5": "300"}
    navs = [nav(name, value, "2017-09-30") for name, value in values.items()]
    return tables(stakes, flows, navs)


def test_vintages_pooled_and_ranked():
    rows = cohorts(vintage_world(), AS_OF)
    first, second = rows.iter_rows(named=True)
    assert (first["group"], second["group"]) == ("2014", "2015")
    assert (first["participations"], first["tvpi"]) == (4, 1.25)  # 500 / 400
    # ranks 1 to 4 of 0.8, 1.0, 1.2, 2.0: the quarter lies at rank 1.75, the half at 2.5, three quarters at 3.25
    assert (first["tvpi_q1"], first["tvpi_median"], first["tvpi_q3"]) == (
        pytest.approx(0.95), pytest.approx(1.1), pytest.approx(1.4),
    )  # fmt: skip
    # 100 to 500 / 4 = 125 in three years with a leap day: 1,096 days
    assert first["irr"] == pytest.approx(1.25 ** (365 / 1096) - 1, rel=1e-12)
    assert (first["tvpi_ranked"], first["irr_ranked"], first["nav_basis"]) == (4, 4, "book")
    # one alone has a median, no quartiles
    assert (second["tvpi_median"], second["tvpi_q1"]) == (1.5, None)


def test_cohorts_by_signing_year_and_mixed_bases():
    made = tables(
        [stake("A1", signed_on="2013-05-01"), stake("A2", signed_on="2013-06-01")],
        [*flows_of("A1", "call 100 2014-01-01"), *flows_of("A2", "call 100 2015-01-01")],
        [nav("A1", "110", "2018-06-30"), nav("A2", "130", "2018-12-31")],
    )
    row = cohorts(made, date(2018, 12, 31), "vintage_signed").row(0, named=True)
    assert (row["group"], row["nav_basis"], row["book_share"]) == ("2013", "mixed", 110 / 240)


def test_irr_under_a_year_is_not_ranked():
    made = tables([stake("A1")], flows_of("A1", "call 100 2017-08-01"), [nav("A1", "90", "2017-09-30")])
    row = cohorts(made, AS_OF).row(0, named=True)
    assert (row["irr_ranked"], row["irr_median"], row["irr_status"]) == (0, None, "not_annualised")

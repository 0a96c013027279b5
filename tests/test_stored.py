"""What the edition keeps: every figure of every entity, under a name of the catalogue, equal to its own function."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from ledgers import ledger
from portfolio_rows import flows_of, nav, rate, stake, tables
from random_returns import random_returns

from fundtrack.metrics.catalog import CATALOG
from fundtrack.metrics.participations_at import participations_at
from fundtrack.metrics.pme_at import pme_at
from fundtrack.metrics.stored import FUND_METRIC, METRIC_HISTORY, fund_metric, metric_history

AS_OF = date(2017, 9, 30)


def level(day, value, code="000300", currency="CNY"):
    return {
        "kind": "index",
        "code": code,
        "quoted_on": day,
        "value": value,
        "currency": currency,
        "source": "测试指数",
    }


def book(*levels, **others):
    # A1 paid 100 at the end of 2014, got 60 a year later, 90 is left at the end of 2016; A2 is in dollars
    return tables(
        [stake("A1"), stake("A2", "G2", currency="USD")],
        [
            *flows_of("A1", "call 100 2014-12-31; distribution 60 2015-12-31"),
            *flows_of("A2", "call 10 2014-12-31", "USD"),
        ],
        [nav("A1", "90", "2016-12-31"), nav("A2", "12", "2016-12-31", "USD")],
        market_rate=[rate("2014-12-31", "6"), rate("2016-12-31", "7"), *levels],
        **others,
    )


def stored(made, as_of=date(2016, 12, 31)):
    return fund_metric(made, participations_at(made, as_of), as_of)


def value(frame, kind, entity, metric, currency="CNY"):
    found = frame.filter(entity_type=kind, entity_id=entity, metric=metric, currency=currency)
    return found.select(pl.coalesce("value", pl.col("amount").cast(pl.Float64)), "verdict").rows()


@pytest.mark.parametrize(
    ("kind", "entity", "metric", "currency", "expected"),
    [
        pytest.param("participation", "A1", "tvpi", "CNY", (1.5, None), id="participation"),
        pytest.param("total", "all", "tvpi", "CNY", (1.5, None), id="total"),
        pytest.param("total", "all", "tvpi", "USD", (1.2, None), id="dollars apart"),
        pytest.param("guidance_fund", "G2", "nav", "USD", (12.0, None), id="money"),
        pytest.param("vintage", "2014", "dpi", "CNY", (0.6, None), id="vintage"),
        # 1.2 times in two years of 731 days
        pytest.param("total", "all", "irr", "USD", (pytest.approx(1.2 ** (365 / 731) - 1), "ok"), id="irr with verdict"),
        # local 20 %; paid at 6, worth 7: a sixth; cross a thirtieth
        pytest.param("guidance_fund", "G2", "return_fx", "USD", (pytest.approx(1 / 6), None), id="fx of a guidance fund"),
        pytest.param("participation", "A2", "return_cross", "USD", (pytest.approx(1 / 30), None), id="cross term"),
        pytest.param("participation", "A2", "fx_rate", "USD", (7.0, None), id="rate"),
        pytest.param("guidance_fund", "G1", "horizon_irr_3", "CNY", (None, None), id="a horizon longer than life"),
    ],
)  # fmt: skip
def test_a_figure_of_each_kind(kind, entity, metric, currency, expected):
    assert value(stored(book()), kind, entity, metric, currency) == [expected]


def test_a_horizon_return_and_its_verdict():
    # one year: the NAV at its start is the calls less distributions since none was reported: unknown, so no return
    made = book()
    more = tables(
        [stake("A1")],
        flows_of("A1", "call 100 2014-12-31"),
        [nav("A1", "110", "2015-12-31"), nav("A1", "121", "2016-12-31")],
    )
    assert value(stored(made), "total", "all", "horizon_irr_1") == [(None, None)]
    [(rate_found, verdict)] = value(stored(more), "total", "all", "horizon_irr_1")
    assert (rate_found, verdict) == (pytest.approx(1.1 ** (365 / 366) - 1), "ok")


def test_every_name_is_in_the_catalogue_and_every_row_known_once():
    for seed in range(24):
        rows, as_of = random_returns(seed)
        made = ledger(rows)
        frame = fund_metric(made, participations_at(made, as_of), as_of)
        assert dict(frame.schema) == FUND_METRIC
        assert set(frame["metric"]) <= CATALOG.keys()
        keys = frame.select("entity_type", "entity_id", "currency", "metric")
        assert keys.is_unique().all(), f"seed {seed}"
        told = frame.filter(pl.col("value").is_not_null() & pl.col("amount").is_not_null())
        assert told.is_empty()


def test_history_ends_with_what_stands():
    made = book()
    frame, now = metric_history(made, date(2016, 12, 31)), stored(made)
    assert dict(frame.schema) == METRIC_HISTORY
    last = frame.filter(pl.col("day") == date(2016, 12, 31))
    assert last.height == 2 + 2 + 2  # participations, guidance funds, totals of two currencies
    for row in last.iter_rows(named=True):
        for name in ("paid_in", "nav", "tvpi", "irr"):
            [(found, verdict)] = value(now, row["entity_type"], row["entity_id"], name, row["currency"])
            assert found == (float(row[name]) if row[name] is not None else None)
            assert name != "irr" or verdict == row["verdict"]
    quarters = frame.filter(entity_type="total", entity_id="all", currency="CNY")
    assert quarters.height == 9
    assert quarters["paid_in"].to_list() == [Decimal(100)] * 9


def test_nothing_loaded_keeps_nothing():
    assert fund_metric({}, pl.DataFrame(), None).is_empty()
    assert metric_history({}, None).is_empty()


INDEX = (level("2014-12-31", "100"), level("2015-12-31", "120"), level("2016-12-31", "150"))


def test_pme_by_hand():
    # 100 grow to 150, 60 to 75: KS (75 + 90) / 150 = 1.1; λ = (150 - 90) / 75 = 0.8; the account ends at 75
    made = book(*INDEX)
    frame = stored(made)
    assert value(frame, "participation", "A1", "ks_pme") == [(pytest.approx(1.1), "000300")]
    assert value(frame, "total", "all", "ks_pme") == [(pytest.approx(1.1), "000300")]
    [(ln, _)] = value(frame, "guidance_fund", "G1", "ln_pme")
    [(plus, _)] = value(frame, "guidance_fund", "G1", "pme_plus")
    [(alpha, _)] = value(frame, "guidance_fund", "G1", "direct_alpha")
    year, end = 1.0, 731 / 365
    for found, flows in ((ln, (60, 75)), (plus, (48, 90)), (alpha, None)):
        first, back, left = (-150, 75, 90) if flows is None else (-100, *flows)
        npv = first + back * (1 + found) ** -year + left * (1 + found) ** -end
        assert npv == pytest.approx(0, abs=1e-9)
    assert pme_at(made, date(2016, 12, 31)).select("code", "source").row(0) == ("000300", "测试指数")


@pytest.mark.parametrize(
    ("levels", "codes"),
    [
        pytest.param((), [], id="no index"),
        pytest.param(INDEX[:2], [], id="none within ten days of the end"),
        pytest.param((INDEX[0], INDEX[1], level("2016-12-21", "150")), ["000300"], id="ten days before"),
        pytest.param((INDEX[0], INDEX[1], level("2016-12-20", "150")), [], id="eleven days before"),
        pytest.param(tuple(row | {"currency": "USD"} for row in INDEX), [], id="another currency"),
        pytest.param(tuple(row | {"currency": None} for row in INDEX), [], id="no currency stated"),
        pytest.param(
            (*INDEX, level("2014-12-31", "9", "000001")), ["000300"], id="an earlier code that does not cover"
        ),
        pytest.param(
            (*INDEX, *(row | {"code": "399001"} for row in INDEX)), ["000300"], id="the first of two"
        ),
    ],
)
def test_an_index_serves_or_there_is_no_pme(levels, codes):
    made = book(*levels)
    found = pme_at(made, date(2016, 12, 31)).filter(currency="CNY")
    assert found["code"].to_list() == codes
    assert value(stored(made), "total", "all", "ks_pme") == [(pytest.approx(1.1), code) for code in codes]


def test_an_unknown_nav_has_no_pme():
    made = tables([stake("A1")], flows_of("A1", "call 100 2014-12-31"), [], market_rate=list(INDEX))
    assert pme_at(made, date(2016, 12, 31)).is_empty()

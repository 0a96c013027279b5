"""The catalogue against the code: what is computed is listed, what is listed is computed."""

from datetime import date

from portfolio_rows import flows_of, nav, rate, stake, tables

from fundtrack.metrics.bridge import bridge
from fundtrack.metrics.catalog import CATALOG
from fundtrack.metrics.catalog_returns import RETURNS
from fundtrack.metrics.concentration import concentration, fund_coverage, nav_coverage
from fundtrack.metrics.exposure import look_through
from fundtrack.metrics.fx_effect import fiscal_view, fx_effect
from fundtrack.metrics.gross import gross, reported_beside
from fundtrack.metrics.history import history, pooled_history
from fundtrack.metrics.holdings import realised
from fundtrack.metrics.horizon import YEARS, cohorts, horizons
from fundtrack.metrics.pme_at import PME
from fundtrack.metrics.ratios import RATIOS, fund_ratios
from fundtrack.metrics.reinvest import agreed
from fundtrack.text.say import LANGS, sentences

AS_OF = date(2017, 9, 30)

# columns that are named for their place, and the metric they hold
HELD_AS = {
    "horizons": {"irr": "horizon_irr", "nav_start": "nav", "nav_end": "nav"},
    "bridge": {"nav_start": "nav", "nav_end": "nav", "rate_start": "fx_rate", "rate_end": "fx_rate"},
    "fx_effect": {"nav_rate": "fx_rate", "return_total": "return_local", "irr_local": "irr", "irr_converted": "irr"},
    "gross": {"value": "holding_value"},
    "realised": {"value": "holding_value"},
    "look_through": {"share": "exposure_share"},
    "fund_ratios": {"paid_in": "paid_in_fund"},
    "agreed": {"required": "reinvest_required", "recognised": "reinvest_recognised"},
}  # fmt: skip


def frames():
    made = tables(
        [stake("A1"), stake("A2", currency="USD")],
        [*flows_of("A1", "call 100 2014-01-01"), *flows_of("A2", "call 10 2014-01-01", "USD")],
        [nav("A1", "120", "2017-06-30"), nav("A2", "12", "2017-06-30", "USD")],
        market_rate=[rate("2014-01-01", "6.1"), rate("2017-09-30", "6.6")],
    )
    return {
        "history": history(made, AS_OF), "pooled_history": pooled_history(made, AS_OF),
        "horizons": horizons(made, AS_OF), "cohorts": cohorts(made, AS_OF),
        "bridge": bridge(made, date(2016, 9, 30), AS_OF, "CNY").participations,
        "fx_effect": fx_effect(made, AS_OF).effects, "fiscal_view": fiscal_view(made, AS_OF),
        "gross": gross(made, AS_OF), "reported_beside": reported_beside(made, AS_OF), "realised": realised(made, AS_OF),
        "look_through": look_through(made, AS_OF, "all"), "concentration": concentration(made, AS_OF),
        "fund_coverage": fund_coverage(made, AS_OF), "nav_coverage": nav_coverage(made, AS_OF),
        "fund_ratios": fund_ratios(made, AS_OF), "agreed": agreed(made, AS_OF),
    }  # fmt: skip


def test_every_listed_metric_is_computed():
    held = {
        HELD_AS.get(name, {}).get(column, column)
        for name, frame in frames().items()
        for column in frame.columns
    }
    listed = {one for one, *_ in RETURNS}
    elsewhere = {*PME, *(f"horizon_irr_{years}" for years in YEARS)}  # of an index; of horizons, by years
    assert listed - held == elsewhere


def test_every_rate_and_ratio_computed_is_listed():
    spread = {f"{name}_{rank}" for name in ("dpi", "tvpi", "irr") for rank in ("q1", "median", "q3")}
    shown = {
        "top1",
        "fund_share",
        "multiple_realised",
        "multiple_unrealised",
    }
    given = {"rate_in", "rate_out"} | spread | shown
    for name, frame in frames().items():
        floats = {column for column, dtype in frame.schema.items() if dtype.is_float()}
        metrics = {HELD_AS.get(name, {}).get(column, column) for column in floats}
        assert metrics - given <= CATALOG.keys(), name
    assert RATIOS.keys() <= CATALOG.keys()


def test_names_and_formulas_in_both_languages():
    for one in CATALOG.values():
        assert all(one.formula(lang) and one.name(lang) and one.source(lang) for lang in LANGS)
    assert {key for key in sentences("zh") if key.startswith("definition.")} == {
        key for key in sentences("en") if key.startswith("definition.")
    }


def test_english_sources_are_english():
    assert not [
        one.id for one in CATALOG.values() if any("一" <= letter <= "鿿" for letter in one.source("en"))
    ]
    assert {key for key in sentences("en") if key.startswith("source.")} == {
        f"source.{one.source_key}" for one in CATALOG.values()
    }

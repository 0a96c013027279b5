"""What an edition keeps of the metrics that only Polars computes, one row a figure, and their history.

Of participations, partner funds, guidance funds, vintage years and the total (`all`), each currency for
itself. Every name is one of the catalogue's; what a metric does not know is there with neither value nor amount.
The verdict of an IRR stands beside it; that of a PME is the code of the index it is measured by.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics import ratios, reinvest
from fundtrack.metrics.bridge import bridge
from fundtrack.metrics.concentration import concentration, fund_coverage, nav_coverage
from fundtrack.metrics.exposure import look_through
from fundtrack.metrics.fx_effect import fiscal_view, fx_effect, fx_groups
from fundtrack.metrics.gross import gross, reported_beside
from fundtrack.metrics.groups import ALL, KEY
from fundtrack.metrics.history import history, pooled_history, pooled_on
from fundtrack.metrics.holdings import realised
from fundtrack.metrics.horizon import cohorts, horizons, years_before
from fundtrack.metrics.members import Tables
from fundtrack.metrics.pme_at import PME, pme_at
from fundtrack.money import MONEY

FUND_METRIC: Final[dict[str, pl.DataType]] = {
    "entity_type": pl.String(), "entity_id": pl.String(), "metric": pl.String(), "value": pl.Float64(), "amount": MONEY,
    "currency": pl.String(), "verdict": pl.String(), "as_of": pl.Date(),
}  # fmt: skip
METRIC_HISTORY: Final[dict[str, pl.DataType]] = {
    "entity_type": pl.String(), "entity_id": pl.String(), "currency": pl.String(), "day": pl.Date(), "paid_in": MONEY,
    "distributed": MONEY, "nav": MONEY, "dpi": pl.Float64(), "rvpi": pl.Float64(), "tvpi": pl.Float64(),
    "irr": pl.Float64(), "verdict": pl.String(), "period_return": pl.Float64(),
}  # fmt: skip

_STAKE: Final = (
    "paid_in", "distributed", "recallable", "nav", "unfunded", "dpi", "rvpi", "tvpi", "pic", "irr", "period_return",
)  # fmt: skip
_POOLED: Final = (
    "paid_in", "distributed", "recallable", "fees_outside", "nav", "unfunded", "net_cash", "net_value", "dpi", "rvpi", "tvpi", "pic", "irr",
    "period_return", "known_share", "rolled_share", "stale_share", "valuation_share", "report_share", "book_share",
)  # fmt: skip
_HELD: Final = ("exit_cost", "gain_realised", "cost_left", "holding_value", "gain_unrealised")
_EXPOSED: Final = ("guidance_invested", "guidance_cost", "guidance_value", "exposure_share")
_SPREAD: Final = ("hhi", "top10")
_STEPS: Final = ("valuation_change", "fx_effect")
_FX: Final = ("return_local", "return_fx", "return_cross")
_VERDICT: Final = dict.fromkeys(("irr", "period_return", "irr_gross", "horizon_irr"), "irr_status")
_TYPES: Final = {ALL: "total", "guidance_fund_id": "guidance_fund"}


def fund_metric(tables: Tables, stakes: pl.DataFrame, as_of: date | None) -> pl.DataFrame:
    """Show every metric of every entity on a day, with the columns of FUND_METRIC.

    Args:
        tables: the ledger.
        stakes: what `participations_at` returns for the day.
        as_of: the day; None where nothing has been loaded.

    """
    if as_of is None:
        return pl.DataFrame(schema=FUND_METRIC)
    funds, terms = ratios.fund_ratios(tables, as_of), reinvest.agreed(tables, as_of)
    found = [
        *_participations(tables, stakes, terms, as_of),
        *_partner_funds(tables, funds, as_of),
        *_groups(tables, funds, terms, as_of),
    ]
    known = pl.concat(found).filter(pl.col("entity_id").is_not_null())
    dated = known.with_columns(as_of=pl.lit(as_of)).select(*FUND_METRIC)
    return dated.sort("entity_type", "entity_id", "currency", "metric")


def metric_history(tables: Tables, as_of: date | None) -> pl.DataFrame:
    """Show participations, guidance funds and the total at each quarter end, with the columns of METRIC_HISTORY."""
    if as_of is None:
        return pl.DataFrame(schema=METRIC_HISTORY)
    parts = {"participation": history(tables, as_of).with_columns(group=pl.col(KEY))}
    parts |= {kind: pooled_history(tables, as_of, by) for by, kind in _TYPES.items()}
    listed = [
        part.select(
            pl.col(name).cast(dtype)
            for name, dtype in METRIC_HISTORY.items()
            if name not in {"entity_type", "entity_id", "verdict"}
        ).with_columns(
            entity_type=pl.lit(kind), entity_id=part["group"], verdict=part["irr_status"].cast(pl.String)
        )
        for kind, part in parts.items()
    ]
    return pl.concat(listed).select(*METRIC_HISTORY).sort("entity_type", "entity_id", "currency", "day")


def _participations(
    tables: Tables, stakes: pl.DataFrame, terms: pl.DataFrame, as_of: date
) -> list[pl.DataFrame]:
    terms = terms.drop("reinvest_required").rename(
        {"required": "reinvest_required", "recognised": "reinvest_recognised"}
    )
    effects = fx_effect(tables, as_of).effects.with_columns(fx_rate=pl.col("nav_rate").cast(pl.Float64))
    found = [
        _long(stakes, "participation", KEY, _STAKE),
        _long(terms, "participation", KEY, ("reinvest_required", "reinvest_recognised", "reinvest_ratio", "early_share")),
        _long(effects, "participation", KEY, (*_FX, "irr_fx", "fx_rate")),
        *_over_years(tables, as_of, "participation", KEY),
        *_measured(tables, as_of, "participation", KEY),
    ]  # fmt: skip
    foreign = fx_groups(tables, effects, "guidance_fund_id")
    in_yuan = fiscal_view(tables, as_of).with_columns(currency=pl.lit("CNY"))
    found.append(_long(in_yuan, "participation", KEY, ("cny_paid",)))
    return [*found, _long(foreign, "guidance_fund", "group", _FX)]


def _partner_funds(tables: Tables, funds: pl.DataFrame, as_of: date) -> list[pl.DataFrame]:
    own = tables["partner_fund"].select("partner_fund_id", "currency")
    beside = reported_beside(tables, as_of).join(own, on="partner_fund_id", validate="m:1")
    newest = beside.sort("partner_fund_id", "reported_on").unique(
        "partner_fund_id", keep="last", maintain_order=True
    )
    named = (
        (gross(tables, as_of), ("moic", "irr_gross", "period_return", "proceeds")),
        (newest, ("irr_reported", "irr_difference", "multiple_reported", "multiple_difference")),
        (
            funds.rename({"paid_in": "paid_in_fund"}),
            ("committed_size", "paid_in_fund", "guidance_paid_in", *ratios.RATIOS),
        ),
        (fund_coverage(tables, as_of), ("coverage",)),
    )
    found = [_long(frame, "partner_fund", "partner_fund_id", names) for frame, names in named]
    return [*found, *_companies(tables, as_of, "partner_fund", "partner_fund_id")]


def _companies(tables: Tables, as_of: date, kind: str, by: str) -> list[pl.DataFrame]:
    """List what companies hold and how it is spread, of all or of each partner fund, each currency for itself."""
    exposed = look_through(tables, as_of, by).rename({"share": "exposure_share"})
    return [
        _long(_results(tables, as_of, by), kind, "group", _HELD),
        _long(exposed, kind, "group", _EXPOSED),
        _long(concentration(tables, as_of, by), kind, "group", _SPREAD),
    ]


def _results(tables: Tables, as_of: date, by: str) -> pl.DataFrame:
    return realised(tables, as_of, by).rename({"value": "holding_value"})


def _groups(tables: Tables, funds: pl.DataFrame, terms: pl.DataFrame, as_of: date) -> list[pl.DataFrame]:
    out: list[pl.DataFrame] = []
    for by, kind in _TYPES.items():
        asked = reinvest.totalled(tables, terms, by).rename(
            {"required": "reinvest_required", "recognised": "reinvest_recognised"}
        )
        out += [
            _long(pooled_on(tables, [as_of], by), kind, "group", _POOLED),
            _long(asked, kind, "group", ("reinvest_required", "reinvest_recognised", "reinvest_ratio")),
            _long(bridge(tables, years_before(as_of, 1), as_of, by=by).groups, kind, "group", _STEPS),
            *_over_years(tables, as_of, kind, by),
            *_measured(tables, as_of, kind, by),
        ]
    totals = ratios.totalled(funds).with_columns(group=pl.lit(ALL))
    coverage = nav_coverage(tables, as_of).with_columns(group=pl.lit(ALL))
    vintages = cohorts(tables, as_of)
    return [
        *out,
        _long(totals, "total", "group", tuple(ratios.RATIOS)),
        _long(coverage, "total", "group", ("coverage",)),
        _long(_results(tables, as_of, ALL), "total", "group", ("proceeds",)),
        *_companies(tables, as_of, "total", ALL),
        _long(vintages, "vintage", "group", (*_POOLED, "tvpi_median", "irr_median")),
    ]


def _over_years(tables: Tables, as_of: date, kind: str, by: str) -> Iterable[pl.DataFrame]:
    """List horizon returns, the years in the metric's name."""
    rows = horizons(tables, as_of, by).rename({"irr": "horizon_irr"})
    named = pl.concat_str(pl.lit("horizon_irr_"), pl.col("years"))
    return [_long(rows.with_columns(metric=named), kind, "group", ("horizon_irr",))]


def _measured(tables: Tables, as_of: date, kind: str, by: str) -> Iterable[pl.DataFrame]:
    """List PMEs, which are there only where an index is."""
    rows = pme_at(tables, as_of, by)
    return [] if rows.is_empty() else [_long(rows.rename({"code": "verdict"}), kind, "group", PME)]


def _long(frame: pl.DataFrame, kind: str, key: str, names: tuple[str, ...]) -> pl.DataFrame:
    """Turn columns into rows: ratios as value, money as amount, in the currency of the row."""
    parts = []
    none = pl.lit(None, dtype=pl.String)
    for name in names:
        money = frame.schema[name].is_decimal()
        status = "verdict" if "verdict" in frame.columns else _VERDICT.get(name)
        parts.append(
            frame.select(
                pl.lit(kind).alias("entity_type"),
                pl.col(key).alias("entity_id"),
                ("metric" if "metric" in frame.columns else pl.lit(name).alias("metric")),
                (pl.lit(None, dtype=pl.Float64) if money else pl.col(name)).alias("value"),
                (pl.col(name).cast(MONEY) if money else pl.lit(None, dtype=MONEY)).alias("amount"),
                "currency",
                (pl.col(status).cast(pl.String) if status else none).alias("verdict"),
            )
        )
    return pl.concat(parts)

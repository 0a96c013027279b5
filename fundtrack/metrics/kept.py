"""Tables that an edition keeps of what only Polars computes, so that auditors query what pages show.

Each frame is one that a report shows, with the entity in `entity_type` and `entity_id`, or the label in `grouped_by` and
`member`. Amounts in the currency beside them, rates and ratios as fractions, unknown is null. What plain sums and
shares can state stands as SQL views instead, see `twins_holdings`.
"""

from datetime import date

import polars as pl

from fundtrack.metrics.beside import beside, pipeline
from fundtrack.metrics.bridge import bridge
from fundtrack.metrics.concentration import fund_coverage, nav_coverage
from fundtrack.metrics.fx_effect import fx_effect
from fundtrack.metrics.gross import gross, reported_beside
from fundtrack.metrics.groups import ALL, KEY
from fundtrack.metrics.history import pooled_history, pooled_on
from fundtrack.metrics.horizon import cohorts, horizons, years_before
from fundtrack.metrics.members import Tables
from fundtrack.metrics.nav import nav_at

COHORTS = ("vintage", "vintage_signed", "guidance_kind")
"""Labels whose groups are ranked: year of the first call, of the agreement, kind of guidance fund."""

_HORIZONS = {ALL: "total", "guidance_fund_id": "guidance_fund", KEY: "participation"}


def kept_tables(tables: Tables, as_of: date | None) -> dict[str, pl.DataFrame]:
    """Compute every such table on a day, by its name; none where nothing has been loaded."""
    if as_of is None:
        return {}
    dated = pl.lit(as_of).alias("as_of")
    effect = fx_effect(tables, as_of)
    return {
        "pooled_return": pooled_returns(tables, as_of),
        "horizon_return": horizon_returns(tables, as_of),
        "gross_return": _said(gross(tables, as_of)).rename({"value": "holding_value"}).with_columns(dated),
        "reported_return": _said(reported_beside(tables, as_of)),
        "fx_return": effect.effects.rename({"into": "converted_into", "value": "total_value"}),
        "fx_flow": effect.flows,
        "value_bridge_cny": bridge_cny(tables, as_of),
        "project_coverage": project_coverage(tables, as_of),
        "participation_nav": nav_at(tables, as_of),
        "target_beside": beside(tables, as_of),
        "pipeline_fund": pipeline(tables, as_of),
    }


def pooled_returns(tables: Tables, as_of: date) -> pl.DataFrame:
    """Pool participations: the total and guidance funds at each quarter end, the other labels on the day.

    Returns:
        grouped_by, member and the columns of `cohorts`; ranks and nav_basis only where COHORTS are grouped by.

    """
    parts = {by: pooled_history(tables, as_of, by) for by in (ALL, "guidance_fund_id")}
    parts["partner_fund_id"] = pooled_on(tables, [as_of], "partner_fund_id")
    parts |= {by: cohorts(tables, as_of, by) for by in COHORTS}
    found = pl.concat([one.with_columns(grouped_by=pl.lit(by)) for by, one in parts.items()], how="diagonal")
    return (
        _said(found)
        .rename({"group": "member"})
        .sort("grouped_by", "member", "currency", "day", nulls_last=True)
    )


def horizon_returns(tables: Tables, as_of: date) -> pl.DataFrame:
    """Returns over 1, 3, 5 and 10 years; those of the known part of the total have `known_only`."""
    parts = [
        horizons(tables, as_of, by).with_columns(entity_type=pl.lit(kind), known_only=pl.lit(value=False))
        for by, kind in _HORIZONS.items()
    ]
    part = horizons(tables, as_of, ALL, known_only=True)
    parts.append(part.with_columns(entity_type=pl.lit("total"), known_only=pl.lit(value=True)))
    found = _said(pl.concat(parts)).rename({"group": "entity_id"})
    return found.sort("entity_type", "entity_id", "currency", "known_only", "years")


def bridge_cny(tables: Tables, as_of: date) -> pl.DataFrame:
    """Bridge the NAV of participations in another currency in yuan, over the year until the day."""
    start = years_before(as_of, 1)
    steps = bridge(tables, start, as_of, "CNY").participations.filter(pl.col("own") != "CNY")
    return steps.with_columns(start_on=pl.lit(start), end_on=pl.lit(as_of))


def project_coverage(tables: Tables, as_of: date) -> pl.DataFrame:
    """Compare projects with net assets: each partner fund at its newest report, the total on the day."""
    total = nav_coverage(tables, as_of).rename({"nav": "net_assets"})
    total = total.with_columns(entity_type=pl.lit("total"), entity_id=pl.lit(ALL), measured_on=pl.lit(as_of))
    funds = fund_coverage(tables, as_of).rename(
        {"partner_fund_id": "entity_id", "reported_on": "measured_on"}
    )
    funds = funds.with_columns(entity_type=pl.lit("partner_fund"))
    return pl.concat([funds, total], how="diagonal").sort("entity_type", "entity_id", "currency")


def _said(frame: pl.DataFrame) -> pl.DataFrame:
    """Call the status of a rate its verdict, as the other tables of results do."""
    return frame.rename({"irr_status": "verdict"}).with_columns(pl.col("verdict").cast(pl.String))

"""What the SQL views of leverage, reinvestment and look-through state independently, in their columns."""

from collections.abc import Callable
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.exact import added
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.holdings import holdings
from fundtrack.metrics.members import Tables
from fundtrack.metrics.ratios import RATIOS, fund_ratios, total_ratios
from fundtrack.metrics.reinvest import agreed
from fundtrack.money import MONEY


def ratio_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show each fund's ratios as the view `fund_ratio` does."""
    sides = [name for pair in RATIOS.values() for name in pair]
    listed = ("committed_size", "paid_in", "guidance_paid_in", "committed_social", "committed_governed", "invested",
              "early", "joint", "government_paid_in", "in_projects")  # fmt: skip
    assert set(sides) == set(listed)  # noqa: S101 - a new ratio needs its columns in the view
    return fund_ratios(tables, as_of).select(
        "partner_fund_id", "name", "currency", "counted", *listed, *RATIOS
    )


def leverage_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show the total's ratios as the view `fund_leverage` does, one row a currency and ratio."""
    wide = total_ratios(tables, as_of)
    return pl.concat(
        wide.select(
            "currency",
            pl.lit(name).alias("metric"),
            value=name,
            numerator=f"{name}_above",
            denominator=f"{name}_below",
            funds=pl.col(f"{name}_funds").cast(pl.Int64),
        )
        for name in RATIOS
    ).sort("currency", "metric")


def reinvestment_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show what agreements ask as the view `fund_reinvestment` does."""
    return agreed(tables, as_of).select(
        KEY, "guidance_fund_id", "partner_fund_id", "currency", "required", "recognised", "doubled",
        "reinvest_ratio", "uncapped", "early_share",
    )  # fmt: skip


def exposure_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """Add up holdings by district and by industry as written, as the view `company_exposure` does."""
    places = tables["company"].select("company_id", "district", "industry")
    rows = holdings(tables, as_of).join(places, on="company_id", how="left", validate="m:1")
    sums = {"fund_invested": "amount", "fund_cost": "cost_left", "fund_value": "value"}
    parts = [
        rows.group_by(written=pl.col(by), currency=pl.col("currency")).agg(
            pl.lit(by).alias("grouped_by"),
            pl.len().cast(pl.Int64).alias("investments"),
            *[added(pl.col(column)).cast(MONEY).alias(name) for name, column in sums.items()],
            pl.col("value").null_count().cast(pl.Int64).alias("unvalued"),
        )
        for by in ("district", "industry")
    ]
    listed = ("grouped_by", "written", "currency", "investments", *sums, "unvalued")
    return pl.concat(parts).select(listed).sort("grouped_by", "written", "currency")


TWINS: Final[dict[str, tuple[Callable[[Tables, date], pl.DataFrame], tuple[str, ...]]]] = {
    "fund_ratio": (ratio_twin, ("partner_fund_id",)),
    "fund_leverage": (leverage_twin, ("currency", "metric")),
    "fund_reinvestment": (reinvestment_twin, (KEY,)),
    "company_exposure": (exposure_twin, ("grouped_by", "written", "currency")),
}
"""Each view with what computes the same in Polars, and the key of its rows."""

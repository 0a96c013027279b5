"""What the SQL views of leverage, reinvestment and look-through state independently, in their columns."""

from collections.abc import Callable
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.exposure import BY, guidance_shares, look_through, placed
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.members import Tables
from fundtrack.metrics.ratios import RATIOS, fund_ratios, total_ratios
from fundtrack.metrics.reinvest import agreed
from fundtrack.metrics.twins_holdings import HOLDING_TWINS

_LABELS: Final = (
    "district", "district_name", "city", "city_name", "operating_district", "operating_district_name",
    "industry_section", "industry_section_name", "industry_division", "industry_division_name",
)  # fmt: skip


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


def share_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show what share of its fund each participation paid as the view `guidance_stake` does."""
    return guidance_shares(tables, as_of)


def holding_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """List investments with their labels as the view `investment_holding` does."""
    listed = ("investment_id", "partner_fund_id", "company", "company_name", "invested_on", "stage", "currency", "amount",
              "exit_cost", "proceeds", "cost_left")  # fmt: skip
    beside = ("valued_on", "part", "whole", "guidance_invested", "guidance_cost", "guidance_value")
    return placed(tables, as_of).select(
        *listed, pl.col("value").alias("value_left"), *beside, *_LABELS
    ).sort("investment_id")  # fmt: skip


def exposure_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """Look through by all that there is, as the view `company_exposure` does."""
    counts = ("companies", "investments", "unvalued", "share_unknown")
    parts = [
        look_through(tables, as_of, by).rename({"group": "member"}).with_columns(grouped_by=pl.lit(by))
        for by in BY
    ]
    found = pl.concat(parts).with_columns(pl.col(counts).cast(pl.Int64))
    return found.select("grouped_by", pl.all().exclude("grouped_by"))


TWINS: Final[dict[str, tuple[Callable[[Tables, date], pl.DataFrame], tuple[str, ...]]]] = {
    "fund_ratio": (ratio_twin, ("partner_fund_id",)),
    "fund_leverage": (leverage_twin, ("currency", "metric")),
    "fund_reinvestment": (reinvestment_twin, (KEY,)),
    "guidance_stake": (share_twin, (KEY,)),
    "investment_holding": (holding_twin, ("investment_id",)),
    "company_exposure": (exposure_twin, ("grouped_by", "member", "name", "currency")),
    **HOLDING_TWINS,
}
"""Each view with what computes the same in Polars, and the key of its rows."""

"""What the SQL views of results, concentration, overlap and the value bridge state independently, in their columns."""

from collections.abc import Callable
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.bridge import STEPS, bridge
from fundtrack.metrics.concentration import concentration, overlap, overlap_pairs, top_holdings
from fundtrack.metrics.groups import ALL, KEY
from fundtrack.metrics.holdings import realised
from fundtrack.metrics.horizon import years_before
from fundtrack.metrics.members import Tables

_FUND: Final = "partner_fund_id"
_BRIDGED: Final = (ALL, "guidance_fund_id", KEY)


def result_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """Split investments into realised and unrealised as the view `realised_result` does."""
    return _grouped({by: realised(tables, as_of, by) for by in (ALL, _FUND)}).select(
        "grouped_by", "member", "currency", _whole("investments"), "invested", "exit_cost", "proceeds", "gain_realised",
        "cost_left", pl.col("value").alias("holding_value"), "gain_unrealised", "cost_valued", _whole("unvalued"),
        "multiple_realised", "multiple_unrealised",
    )  # fmt: skip


def concentration_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """Measure concentration as the view `company_concentration` does."""
    found = _grouped({by: concentration(tables, as_of, by) for by in (ALL, _FUND)})
    return found.with_columns(_whole("companies"))


def top_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """List the largest companies as the view `top_holding` does."""
    return top_holdings(tables, as_of).with_columns(_whole("place"), _whole("funds"))


def overlap_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """List shared companies as the view `company_overlap` does."""
    listed = pl.col("partner_fund_ids").list.join(", ")
    return overlap(tables, as_of).with_columns(_whole("funds"), listed)


def pairs_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """Count shared companies as the view `fund_overlap` does."""
    return overlap_pairs(tables, as_of).with_columns(_whole("companies"))


def bridge_twin(tables: Tables, as_of: date) -> pl.DataFrame:
    """Bridge NAVs over the year until the day as the view `value_bridge` does."""
    start = years_before(as_of, 1)
    found = _grouped({by: bridge(tables, start, as_of, by=by).groups for by in _BRIDGED})
    return found.select(
        "grouped_by", "member", "currency", pl.lit(start).alias("start_on"), pl.lit(as_of).alias("end_on"), *STEPS,
        _whole("known"), _whole("unknown"), pl.col("check").alias("left_over"), "oldest_start", "oldest_end",
    )  # fmt: skip


def _grouped(found: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Put the groups of several labels below each other, the label in `grouped_by`."""
    parts = [frame.with_columns(grouped_by=pl.lit(by)) for by, frame in found.items()]
    return pl.concat(parts).rename({"group": "member"}).select("grouped_by", pl.all().exclude("grouped_by"))


def _whole(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int64)


_GROUP: Final = ("grouped_by", "member", "currency")
HOLDING_TWINS: Final[dict[str, tuple[Callable[[Tables, date], pl.DataFrame], tuple[str, ...]]]] = {
    "realised_result": (result_twin, _GROUP),
    "company_concentration": (concentration_twin, _GROUP),
    "top_holding": (top_twin, ("currency", "place")),
    "company_overlap": (overlap_twin, ("company", "currency")),
    "fund_overlap": (pairs_twin, ("one_fund", "other_fund")),
    "value_bridge": (bridge_twin, _GROUP),
}
"""Each view with what computes the same in Polars, and the key of its rows."""

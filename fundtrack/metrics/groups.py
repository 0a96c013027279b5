"""What participations are grouped by: guidance fund, its kind, partner fund, manager, vintage."""

from typing import Final

import polars as pl

from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import once

KEY: Final = "participation_id"
ALL: Final = "all"

LABELS: Final = (
    ALL,
    KEY,
    "guidance_fund_id",
    "guidance_kind",
    "partner_fund_id",
    "manager_id",
    "vintage",
    "vintage_signed",
)
"""By what participations can be grouped.

`all` is one group; `vintage` the year of the first call; `vintage_signed` that of the agreement; `manager_id`
the manager on the fund's row.
"""


@once
def labels(tables: Tables) -> pl.DataFrame:
    """List every participation's labels, each as text, null where unknown."""
    calls = tables["cash_flow"].filter((pl.col("kind") == "call") & (pl.col("amount") > 0))
    first = calls.group_by(KEY).agg(vintage=pl.col("occurred_on").min().dt.year().cast(pl.String))
    kinds = tables["guidance_fund"].select("guidance_fund_id", guidance_kind="kind")
    managers = tables["partner_fund"].select("partner_fund_id", "manager_id")
    rows = tables["participation"].select(KEY, "guidance_fund_id", "partner_fund_id", "signed_on")
    rows = rows.join(kinds, on="guidance_fund_id", how="left", validate="m:1")
    rows = rows.join(managers, on="partner_fund_id", how="left", validate="m:1")
    rows = rows.join(first, on=KEY, how="left", validate="1:1")
    named = rows.with_columns(
        pl.lit(ALL).alias(ALL), vintage_signed=pl.col("signed_on").dt.year().cast(pl.String)
    )
    return named.select(LABELS).sort(KEY)

"""What somebody must push: funds approved and not yet established, each with its obstacle, owner and expected date.

The obstacle is the first of these that holds on the day:

    a year gone   approved 365 days ago or more (the default of rule NOT_SETUP_1Y)
    overdue       expected before the day
    too late      expected after the deadline of the plan of partner funds
    no date       nobody said when
    not signed    approved, no agreement yet
    registering   agreed, not established

The owner is whom the newest action (处置) on the fund or one of its participations names, else its manager.
"""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.beside import pipeline
from fundtrack.metrics.members import Tables
from fundtrack.metrics.progress import plans
from fundtrack.money import MONEY

A_YEAR: Final = 365
OBSTACLES: Final = ("year_gone", "overdue", "too_late", "no_date", "not_signed", "registering")
COORDINATION: Final[dict[str, pl.DataType]] = {
    "partner_fund_id": pl.String(), "name": pl.String(), "stage_now": pl.String(), "obstacle": pl.String(), "days": pl.Int64(),
    "owner": pl.String(), "owner_recorded": pl.Boolean(), "approved_on": pl.Date(), "expected_on": pl.Date(), "due_on": pl.Date(),
    "currency": pl.String(), "size_planned": MONEY, "note": pl.String(),
}  # fmt: skip
"""The columns; `days` is how long the obstacle has stood, `note` what the sender wrote."""


def coordination(tables: Tables, as_of: date) -> pl.DataFrame:
    """List what is to be coordinated on a day, by expected date, those without one last (columns of COORDINATION)."""
    due = next(
        (plan["due_on"] for plan in plans(tables["target"], as_of) if plan["code"] == "partner_funds"), None
    )
    stakes = (
        tables["participation"]
        .group_by("partner_fund_id")
        .agg(signed=(pl.col("signed_on") <= as_of).any(), note=pl.col("note").drop_nulls().first())
    )
    rows = pipeline(tables, as_of).join(stakes, on="partner_fund_id", how="left", validate="1:1")
    rows = rows.join(_owners(tables, as_of), on="partner_fund_id", how="left", validate="1:1")
    day = pl.lit(as_of)
    since = {"year_gone": pl.col("approved_on"), "overdue": pl.col("expected_on")}
    waited = {name: (day - from_day).dt.total_days() for name, from_day in since.items()}
    holds = {
        "year_gone": waited["year_gone"] >= A_YEAR,
        "overdue": waited["overdue"] > 0,
        "too_late": pl.col("expected_on") > pl.lit(due, dtype=pl.Date),
        "no_date": pl.col("expected_on").is_null(),
        "not_signed": ~pl.col("signed").fill_null(value=False),
    }
    obstacle, days = pl.lit("registering"), pl.lit(None, dtype=pl.Int64)
    for name in reversed(list(holds)):
        stands = holds[name].fill_null(value=False)
        obstacle = pl.when(stands).then(pl.lit(name)).otherwise(obstacle)
        days = pl.when(stands).then(waited.get(name, pl.lit(None, dtype=pl.Int64))).otherwise(days)
    rows = rows.with_columns(
        obstacle=obstacle, days=days, due_on=pl.lit(due, dtype=pl.Date),
        owner_recorded=pl.col("recorded").is_not_null(), owner=pl.coalesce("recorded", "manager"),
    )  # fmt: skip
    return rows.select(pl.col(name).cast(dtype) for name, dtype in COORDINATION.items())


def _owners(tables: Tables, as_of: date) -> pl.DataFrame:
    """List partner_fund_id, recorded: whom the newest action about a fund makes responsible."""
    acted = tables["finding_action"].filter((pl.col("acted_on") <= as_of) & pl.col("owner").is_not_null())
    stakes = tables["participation"].select("partner_fund_id", entity="participation_id")
    funds = tables["partner_fund"].select("partner_fund_id", entity="partner_fund_id")
    about = acted.join(pl.concat([stakes, funds]), on="entity")
    return about.sort("acted_on", "row_key").group_by("partner_fund_id").agg(recorded=pl.col("owner").last())

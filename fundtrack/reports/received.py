"""Which period's reports the partner funds' managers have sent, and how many were due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from fundtrack.metrics.funds_at import funds_at
from fundtrack.periods import period_end


@dataclass(frozen=True, slots=True)
class Received:
    """The newest quarter of which any report has come.

    Attributes:
        period: as `2017Q3`.
        ends_on: its last day.
        due: partner funds set up by that day with guidance money agreed, of any kind, and not in liquidation.
        received: those of them of which a report of the period has come.

    """

    period: str
    ends_on: date
    due: int
    received: int


def reports_received(tables: Mapping[str, pl.DataFrame], as_of: date) -> Received | None:
    """Count the quarterly reports of the newest quarter that had ended by a day; None where none has come."""
    reports = tables["fund_report"].filter(pl.col("period").str.contains("Q", literal=True))
    ended = [period for period in reports["period"].unique().to_list() if period_end(period) <= as_of]
    if not ended:
        return None
    period = max(ended)
    ends_on = period_end(period)
    funds = funds_at(tables, ends_on)
    due = funds.filter(
        (pl.col("established_on") <= ends_on)
        & (pl.col("guidance_committed") > 0)
        & pl.col("liquidated_on").is_null()
    )
    came = due.join(reports.filter(pl.col("period") == period), on="partner_fund_id", how="semi")
    return Received(period, ends_on, due.height, came.height)

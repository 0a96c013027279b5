"""Participations as they were on a day: what was paid, what came back, what is left, and the ratios."""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.members import Tables
from fundtrack.metrics.multiples import multiples_with_irr
from fundtrack.metrics.navs import navs
from fundtrack.metrics.once import once
from fundtrack.money import MONEY

SUMMARY: Final[dict[str, pl.DataType]] = {
    "participation_id": pl.String(), "guidance_fund_id": pl.String(), "partner_fund_id": pl.String(),
    "commitment": MONEY, "paid_in": MONEY, "distributed": MONEY, "recallable": MONEY, "nav": MONEY,
    "nav_on": pl.Date(), "nav_source": pl.String(), "dpi": pl.Float64(), "rvpi": pl.Float64(),
    "tvpi": pl.Float64(), "pic": pl.Float64(), "unfunded": MONEY, "currency": pl.String(), "as_of": pl.Date(),
}  # fmt: skip
"""The columns of participation_summary, in order."""

IRR: Final = ("irr", "irr_status", "period_return", "nav_age_days", "rolled")


@once
def participations_at(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show every participation on a day, with the columns of SUMMARY and, beside them, those of IRR."""
    flow = ("participation_id", "kind", "occurred_on", "amount", "unfunded_effect", "currency")
    own = tables["participation"]
    positions = multiples_with_irr(tables["cash_flow"].select(flow), own, navs(tables), as_of)
    ids = own.select("participation_id", "guidance_fund_id", "partner_fund_id")
    frame = positions.join(ids, on="participation_id", validate="1:1").with_columns(as_of=pl.lit(as_of))
    exact = [pl.col(name).cast(dtype) for name, dtype in SUMMARY.items()]
    return frame.select(*exact, *IRR).sort("participation_id")

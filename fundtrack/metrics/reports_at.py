"""The newest periodic report of each partner fund up to a day, the firmest of those for one period end."""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import once
from fundtrack.metrics.period_ends import period_ends

FIRMEST: Final = ("季报", "半年报", "年报", "审计报告")
"""Kinds of report, the firmest last."""


@once
def newest_reports(tables: Tables, as_of: date, *needed: str) -> pl.DataFrame:
    """List the newest report of each fund that states all the needed fields, with `period_end_on`.

    Reports in another currency than their fund's are left out; one that states none is in its fund's.
    """
    rows = tables["fund_report"].filter(*[pl.col(name).is_not_null() for name in needed])
    own = tables["partner_fund"].select("partner_fund_id", own="currency")
    rows = rows.join(own, on="partner_fund_id", validate="m:1")
    rows = rows.filter(pl.col("currency").is_null() | (pl.col("currency") == pl.col("own")))
    ends = period_ends(rows["period"])
    firm = pl.col("kind").replace_strict(FIRMEST, range(len(FIRMEST)), return_dtype=pl.Int64)
    rows = rows.with_columns(period_end_on=ends, firm=firm).filter(pl.col("period_end_on") <= as_of)
    newest = rows.sort("partner_fund_id", "period_end_on", "firm")
    return newest.unique("partner_fund_id", keep="last", maintain_order=True).drop("own", "firm")

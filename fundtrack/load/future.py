"""Dates of what has happened that lie years ahead: slips of the keyboard, such as 2071 for 2017."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.cells import column_letter
from fundtrack.load.cover import CoverRead
from fundtrack.load.parse import Parsed
from fundtrack.load.rowcheck import place_in

FACTS: Final = frozenset({
    "established_on", "filed_on", "applied_on", "approved_on", "signed_on", "dropped_on", "occurred_on", "paid_on", "invested_on",
    "exited_on", "valued_on", "recognised_on", "measured_on", "founded_on", "hightech_on", "tech_sme_on", "quoted_on", "acted_on",
})  # fmt: skip
"""Dates of what has happened; what is planned, due or in force until some day may lie ahead."""


def today() -> date:
    """The present day; the only place where loading asks the clock."""
    return datetime.now(UTC).date()


def latest() -> date:
    """The last day that a fact may have: the end of this year, so that no time zone and no early report is refused."""
    return date(today().year, 12, 31)


def ahead(item: Parsed) -> list[Problem]:
    """Every cell of a sheet that says when something happened and names a day after this year."""
    last = latest()
    found: list[Problem] = []
    for mapped in item.raw.columns:
        if mapped.field not in FACTS:
            continue
        late = item.frame.select("row_number", mapped.field).filter(pl.col(mapped.field) > last)
        found += [
            Problem(
                "date_in_future",
                row=row,
                value=str(day),
                about={"year": str(last.year)},
                **place_in(item, mapped.field),
            )
            for row, day in late.iter_rows()
        ]
    return found


def cover_ahead(cover: CoverRead, file: str) -> Iterable[Problem]:
    """The cover's date, where it lies after this year."""
    last = latest()
    if cover.as_of is None or cover.as_of <= last:
        return
    at = cover.cells.get("as_of")
    yield Problem("date_in_future", file=file, sheet=cover.sheet, row=at[0] + 1 if at else None,
                  column=column_letter(at[1]) if at else None, field="as_of", table="cover", value=str(cover.as_of),
                  about={"year": str(last.year)})  # fmt: skip

"""Sheets to raw tables: where the headers stand, which column is which field, which rows are data."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final

from fundtrack.errors import Problem
from fundtrack.load import applied, match
from fundtrack.load.blocks import Block, above, blocks, guess, named_in
from fundtrack.load.cells import Book, Sheet
from fundtrack.load.continued import fill_continued, fill_ditto, fill_merged
from fundtrack.load.datarows import EXAMPLE, data_rows
from fundtrack.load.headers import find_head, table_matcher
from fundtrack.load.mapping import Job, map_columns
from fundtrack.load.match import bare, match_sheet, plain
from fundtrack.load.profiles import Plan, Profile, named_headers
from fundtrack.load.strange import (
    fields_down,
    nothing,
    passed_over,
    rows_hidden,
    tell_hidden_columns,
    units_by_row,
    unknown,
)
from fundtrack.load.tables import Found, Mapped, RawTable, Total
from fundtrack.load.units import Corner, corner

__all__ = ["EXAMPLE", "Found", "Mapped", "RawTable", "Total", "find_tables", "no_table"]

_HALF: Final = 0.5
OWN_SHEETS: Final = frozenset(
    bare(word) for word in ("问题清单", "Problems", "填表说明", "填报说明", "说明", "Instructions")
)
"""Sheets that are no tables and need no word."""


def find_tables(
    book: Book,
    file: str,
    factor: Decimal | None,
    known: frozenset[str] = frozenset(),
    *,
    profile: Profile | None = None,
    include_hidden: bool = False,
    said: applied.Said | None = None,
) -> Found:
    """Find every table of a book but its cover.

    Args:
        book: as read.
        file: its name.
        factor: the cover's unit; None where the cover names none, so that every money header or a corner line must.
        known: names of hidden sheets to load all the same.
        profile: what a person has said of this layout.
        include_hidden: load hidden sheets and rows too.
        said: what the file says of itself, for a profile's constants.

    """
    match.refresh()
    include_hidden = include_hidden or (profile is not None and profile.include_hidden)
    currency = profile.currency if profile else None
    job = Job(file, factor, currency, book.epoch_1904, include_hidden, Found())
    for sheet in book.sheets:
        table = match_sheet(sheet.name)
        plans = profile.plans(sheet.name) if profile else []
        blank = not (sheet.text.height and sheet.text.width)
        if (
            table != "cover"
            and sheet.visibility != "visible"
            and (blank or not (sheet.name in known or include_hidden))
        ):
            code = "sheet_hidden_empty" if blank else "sheet_hidden"
            job.found.problems.append(job.say(sheet)(code, "warning", table=table))
        elif table == "cover" or blank:
            continue
        elif plans and not any(plan.by_itself for plan in plans):
            for plan in plans:
                if plan.table:
                    _by_plan(sheet, plan, plans, job, said or applied.Said())
        else:
            _by_itself(sheet, table, job)
    return job.found


def no_table(book: Book, file: str) -> Problem:
    """Say that no sheet of a file is known, and what its sheets are called."""
    names = [sheet.name for sheet in book.sheets if sheet.text.height]
    names = names or [sheet.name for sheet in book.sheets]
    names += book.without_cells
    return Problem("no_table_found", file=file, about={"sheets": "、".join(names[:8])})


def _by_itself(sheet: Sheet, table: str | None, job: Job) -> None:
    """Find the tables of a sheet without a profile: by its name, else by its headers."""
    head = find_head(sheet, table_matcher(table)) if table else None
    if (
        table
        and head is not None
        and len(head.fields) == 1
        and (head.share < _HALF or fields_down(sheet, table) >= 3)
    ):
        head = None  # one known word among others, as it may stand in any row, or in a form whose words stand below one another
    if table and head is None:
        nothing(sheet, table, job)
        return
    if table is None or head is None:
        if bare(sheet.name) in OWN_SHEETS:
            return
        seen = guess(sheet, named_in([sheet.name, *_titles(sheet)]))
        if seen.table is None or seen.head is None:
            unknown(sheet, seen, job)
            return
        table, head = seen.table, seen.head
    upper = above(sheet, head)
    if upper is not None and upper.table is not None and upper.head is not None:
        table, head = upper.table, upper.head
    elif upper is not None:
        unknown(sheet, upper, job)
    found, strange = blocks(sheet, table, head)
    if upper is None:
        job.found.problems.extend(passed_over(sheet, head.first, job))
    for each in strange:
        unknown(sheet, each, job)
    said = Corner()
    top = 0
    for block in found:
        if block.span.start:
            top = 0
        corners = corner(_lines(sheet, top, block.head.first, block.span))
        factor = corners.factor if corners.factor is not None else said.factor
        said = Corner(factor, corners.currency or said.currency)
        _take(sheet, block, said, job)
        top = block.head.below


def _titles(sheet: Sheet) -> list[str]:
    return [cell for row in sheet.text.head(5).iter_rows() for cell in row if cell and len(cell) <= 60][:10]


def _lines(sheet: Sheet, top: int, stop: int, span: range) -> list[Sequence[str | None]]:
    """Give the sparse rows above a header, the nearest first."""
    rows = sheet.text.slice(top, stop - top).rows()
    whole = [row for row in rows if sum(cell is not None for cell in row) <= 6]
    return [row[span.start : span.stop] if span.start else row for row in reversed(whole)]


def _take(sheet: Sheet, block: Block, said: Corner, job: Job) -> None:
    columns = map_columns(sheet, block.table, block.head, said, job)
    tell_hidden_columns(sheet, block.table, block.head.last + 1, columns, job)
    raw = _raw(sheet, block, columns, job)
    job.found.problems.extend(units_by_row(sheet, block, raw, job))
    raw, filled = fill_continued(fill_ditto(fill_merged(raw, sheet)))
    job.found.problems.extend(filled)
    job.found.tables.append(raw)


def _raw(sheet: Sheet, block: Block, columns: list[Mapped], job: Job) -> RawTable:
    rows = data_rows(
        sheet, block.table, columns, range(block.head.below, block.stop), block.span,
        include_hidden=job.include_hidden,
    )  # fmt: skip
    if rows.hidden:
        job.found.problems.append(rows_hidden(sheet, rows.hidden, block.table, job))
    data = rows.data
    whole = len(data) and int(data[-1]) - int(data[0]) + 1 == len(data)
    text = sheet.text.slice(int(data[0]), len(data)) if whole else sheet.text[data]
    kind = sheet.kind.slice(int(data[0]), len(data)) if whole else sheet.kind[data]
    return RawTable(
        job.file, sheet.name, block.table, block.head.last + 1, tuple(columns),
        (data + 1).alias("row_number"), text, kind, job.epoch_1904, tuple(rows.totals),
    )  # fmt: skip


def _by_plan(sheet: Sheet, plan: Plan, plans: Sequence[Plan], job: Job, said: applied.Said) -> None:
    """Read a sheet as a person has said."""
    part, head = applied.part_of(sheet, plan, plans)
    say = partial(job.say(sheet), table=plan.table)
    if head is None:
        job.found.problems.append(say("header_not_found"))
        return
    for header in applied.absent(plan, head):
        job.found.problems.append(say("profile_header_missing", row=head.last + 1, value=header))
    span = range(sheet.text.width)
    silent = named_headers(plans)
    first = next(each for each in plans if each.part == plan.part)
    if plan is not first:  # what is not known is said once, by the first plan of a table
        silent |= {plain(item.written) for item in head.headings}
    corners = corner(_lines(sheet, part.start if part else 0, head.first, span))
    if part and corners.factor is None:  # the unit stands at the top of the sheet, for all of it
        corners = corners._replace(factor=corner(_lines(sheet, 0, head.first, span)).factor)
    columns = map_columns(sheet, plan.table, head, corners, job, plan=plan, silent=silent)
    tell_hidden_columns(sheet, plan.table, head.last + 1, columns, job)
    raw = fill_merged(
        _raw(sheet, Block(plan.table, head, part.stop if part else sheet.text.height, span), columns, job),
        sheet,
    )
    raw, filled = fill_continued(fill_ditto(raw))
    job.found.problems.extend(filled)
    raw = applied.apply(raw, plan, head, said)
    job.found.tables.append(replace(raw, totals=() if plan.distinct else raw.totals))

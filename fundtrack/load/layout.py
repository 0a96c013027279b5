"""Sheets to raw tables: where the headers stand, which column is which field, which rows are data."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final

from fundtrack.errors import Problem
from fundtrack.load import applied, match
from fundtrack.load.blocks import Block, Guess, above, blocks, guess, named_in
from fundtrack.load.cells import Book, Kind, Sheet, column_letter
from fundtrack.load.continued import fill_continued, fill_merged
from fundtrack.load.datarows import EXAMPLE, data_rows
from fundtrack.load.headers import find_head, table_matcher
from fundtrack.load.mapping import Job, map_columns
from fundtrack.load.match import bare, match_sheet, plain
from fundtrack.load.profiles import Plan, Profile, named_headers
from fundtrack.load.tables import Found, Mapped, RawTable, Total
from fundtrack.load.units import Corner, corner
from fundtrack.model.rows import TABLES

__all__ = ["EXAMPLE", "Found", "Mapped", "RawTable", "Total", "find_tables", "no_table"]

_SHOWN: Final = 20
_NARROW: Final = 12
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
        and (head.share < _HALF or _fields_down(sheet, table) >= 3)
    ):
        head = None  # one known word among others, as it may stand in any row, or in a form whose words stand below one another
    if table and head is None:
        _nothing(sheet, table, job)
        return
    if table is None or head is None:
        if bare(sheet.name) in OWN_SHEETS:
            return
        seen = guess(sheet, named_in([sheet.name, *_titles(sheet)]))
        if seen.table is None or seen.head is None:
            _unknown(sheet, seen, job)
            return
        table, head = seen.table, seen.head
    upper = above(sheet, head)
    if upper is not None and upper.table is not None and upper.head is not None:
        table, head = upper.table, upper.head
    elif upper is not None:
        _unknown(sheet, upper, job)
    found, strange = blocks(sheet, table, head)
    if upper is None:
        job.found.problems.extend(_passed_over(sheet, head.first, job))
    for each in strange:
        _unknown(sheet, each, job)
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


def _passed_over(sheet: Sheet, first: int, job: Job) -> list[Problem]:
    """Say which rows above a header look like data: they are under no header that is known."""
    rows = []
    for row in range(first):
        numbers = sum(kind in {Kind.NUMBER, Kind.DATE, Kind.DATETIME} for kind in sheet.kind.row(row))
        if numbers >= 2 and sum(cell is not None for cell in sheet.text.row(row)) > 2:
            rows.append(row)
    if not rows:
        return []
    about = {"count": str(len(rows))}
    return [job.say(sheet)("rows_passed_over", "warning", row=rows[0] + 1, about=about)]


def _titles(sheet: Sheet) -> list[str]:
    return [cell for row in sheet.text.head(5).iter_rows() for cell in row if cell and len(cell) <= 60][:10]


def _lines(sheet: Sheet, top: int, stop: int, span: range) -> list[Sequence[str | None]]:
    """Give the sparse rows above a header, the nearest first."""
    rows = sheet.text.slice(top, stop - top).rows()
    whole = [row for row in rows if sum(cell is not None for cell in row) <= 6]
    return [row[span.start : span.stop] if span.start else row for row in reversed(whole)]


def _nothing(sheet: Sheet, table: str, job: Job) -> None:
    """Say of a sheet of a known name that no header of its table is in it."""
    rows = sheet.text.head(40).iter_rows()
    if not any(cell and cell.strip() for row in rows for cell in row):
        return
    code = "table_transposed" if _fields_down(sheet, table) >= 3 else "header_not_found"
    job.found.problems.append(job.say(sheet)(code, table=table))


def _fields_down(sheet: Sheet, table: str) -> int:
    """Count the fields of a table that stand below one another in one of the first columns."""
    matcher = table_matcher(table)
    counts = [0]
    for name in sheet.text.columns[:4]:
        cells = zip(sheet.text[name].head(80), sheet.kind[name].head(80), strict=True)
        words = [cell for cell, kind in cells if cell and kind == Kind.TEXT and len(cell) < 80]
        counts.append(len({found.fields[0] for word in words if (found := matcher((word,)))}))
    return max(counts)


def _unknown(sheet: Sheet, seen: Guess, job: Job) -> None:
    """Say of a sheet, or of a header on it, that a person must tell what it is."""
    say = job.say(sheet)
    if seen.candidates and seen.head is not None:
        infos = [TABLES[name].info for name in seen.candidates]
        zh, en = "、".join(info.zh for info in infos), ", ".join(info.en for info in infos)
        about = {"candidates_zh": zh, "candidates_en": en, "candidates": ",".join(seen.candidates)}
        job.found.problems.append(say("which_table", row=seen.head.last + 1, about=about))
        return
    narrow = sheet.text.width <= _NARROW
    down = {table: _fields_down(sheet, table) for table in TABLES if table != "cover"} if narrow else {}
    best = max(down, key=lambda table: down[table], default="")
    if best and down[best] >= 4:
        job.found.problems.append(say("table_transposed", table=best))
        return
    job.found.problems.append(say("sheet_unknown", "warning"))
    job.found.problems.extend(_marks(sheet, job))


def _marks(sheet: Sheet, job: Job) -> list[Problem]:
    """Say of a sheet that is not loaded which cells are errors and that rows are hidden, for whoever maps it."""
    found = []
    for at, (text, kind) in enumerate(zip(sheet.text, sheet.kind, strict=True)):
        say = partial(job.say(sheet), "error_cell", "warning", column=column_letter(at))
        rows = (kind == Kind.ERROR).arg_true().head(_SHOWN).to_list()
        found += [say(row=row + 1, value=text[row]) for row in rows]
    if sheet.hidden_rows:
        found.append(_hidden(sheet, sorted(sheet.hidden_rows), None, job))
    return found


def _hidden(sheet: Sheet, rows: Sequence[int], table: str | None, job: Job) -> Problem:
    shown = "、".join(str(row + 1) for row in rows[:5]) + ("…" if len(rows) > 5 else "")
    about = {"count": str(len(rows)), "rows": shown}
    return job.say(sheet)("rows_hidden", "warning", row=rows[0] + 1, table=table, about=about)


def _tell_hidden_columns(sheet: Sheet, table: str, row: int, columns: Sequence[Mapped], job: Job) -> None:
    """Name the hidden columns that are loaded: an id is often hidden so, and so is a column that was left aside."""
    hidden = sorted(
        {mapped.index: mapped.header for mapped in columns if mapped.index in sheet.hidden_columns}.items()
    )
    if not hidden or job.include_hidden:
        return
    shown = "、".join(f"{column_letter(at)} {header}" for at, header in hidden[:5])
    about = {"count": str(len(hidden)), "columns": shown + ("…" if len(hidden) > 5 else "")}
    say = job.say(sheet)
    letter = column_letter(hidden[0][0])
    job.found.problems.append(
        say("columns_hidden", "warning", row=row, column=letter, table=table, about=about)
    )


def _take(sheet: Sheet, block: Block, said: Corner, job: Job) -> None:
    columns = map_columns(sheet, block.table, block.head, said, job)
    _tell_hidden_columns(sheet, block.table, block.head.last + 1, columns, job)
    raw, filled = fill_continued(fill_merged(_raw(sheet, block, columns, job), sheet))
    job.found.problems.extend(filled)
    job.found.tables.append(raw)


def _raw(sheet: Sheet, block: Block, columns: list[Mapped], job: Job) -> RawTable:
    rows = data_rows(
        sheet, block.table, columns, range(block.head.below, block.stop), block.span,
        include_hidden=job.include_hidden,
    )  # fmt: skip
    if rows.hidden:
        job.found.problems.append(_hidden(sheet, rows.hidden, block.table, job))
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
    _tell_hidden_columns(sheet, plan.table, head.last + 1, columns, job)
    raw = fill_merged(
        _raw(sheet, Block(plan.table, head, part.stop if part else sheet.text.height, span), columns, job),
        sheet,
    )
    raw, filled = fill_continued(raw)
    job.found.problems.extend(filled)
    raw = applied.apply(raw, plan, head, said)
    job.found.tables.append(replace(raw, totals=() if plan.distinct else raw.totals))

"""What is said of sheets, rows and columns that are not simply read: unknown, hidden, turned, of several units."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Final

from fundtrack.errors import Problem
from fundtrack.load.blocks import Block, Guess
from fundtrack.load.cells import Kind, Sheet, column_letter
from fundtrack.load.headers import table_matcher
from fundtrack.load.mapping import Job
from fundtrack.load.match import bare, plain
from fundtrack.load.tables import Mapped, RawTable
from fundtrack.load.units import read_unit
from fundtrack.model.frames import find_column
from fundtrack.model.rows import TABLES

_SHOWN: Final = 20
_NARROW: Final = 12
_PERIODS: Final = 3
_PERIOD: Final = re.compile(
    r"^(?:\d{4}年?)?(?:第?[一二三四1-4]季度?|q[1-4]|[上下]半年|\d{1,2}月|\d{4}年?|\d{4}q[1-4]|\d{4}年?\d{1,2}月)$"
)
_UNIT_COLUMN: Final = frozenset(("单位", "金额单位", "货币单位", "计量单位"))


def passed_over(sheet: Sheet, first: int, job: Job) -> list[Problem]:
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


def nothing(sheet: Sheet, table: str, job: Job) -> None:
    """Say of a sheet of a known name that no header of its table is in it."""
    rows = sheet.text.head(40).iter_rows()
    if not any(cell and cell.strip() for row in rows for cell in row):
        return
    down = "table_transposed" if fields_down(sheet, table) >= 3 else "header_not_found"
    code = "table_crosstab" if _periods_across(sheet) else down
    job.found.problems.append(job.say(sheet)(code, table=table))


def _periods_across(sheet: Sheet) -> bool:
    """True where a row of the first ones names periods, as where each has a column of its own."""
    return any(
        sum(bool(cell and _PERIOD.match(plain(cell))) for cell in row) >= _PERIODS
        for row in sheet.text.head(10).iter_rows()
    )


def fields_down(sheet: Sheet, table: str) -> int:
    """Count the fields of a table that stand below one another in one of the first columns."""
    matcher = table_matcher(table)
    counts = [0]
    for name in sheet.text.columns[:4]:
        cells = zip(sheet.text[name].head(80), sheet.kind[name].head(80), strict=True)
        words = [cell for cell, kind in cells if cell and kind == Kind.TEXT and len(cell) < 80]
        counts.append(len({found.fields[0] for word in words if (found := matcher((word,)))}))
    pairs = [
        count for count in counts if count >= 2
    ]  # a form of several columns of words, each beside its values
    return max(*counts, sum(pairs) if len(pairs) > 1 else 0)


def unknown(sheet: Sheet, seen: Guess, job: Job) -> None:
    """Say of a sheet, or of a header on it, that a person must tell what it is."""
    say = job.say(sheet)
    if seen.candidates and seen.head is not None:
        infos = [TABLES[name].info for name in seen.candidates]
        zh, en = "、".join(info.zh for info in infos), ", ".join(info.en for info in infos)
        about = {"candidates_zh": zh, "candidates_en": en, "candidates": ",".join(seen.candidates)}
        job.found.problems.append(say("which_table", row=seen.head.last + 1, about=about))
        return
    narrow = sheet.text.width <= _NARROW
    down = {table: fields_down(sheet, table) for table in TABLES if table != "cover"} if narrow else {}
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
        found.append(rows_hidden(sheet, sorted(sheet.hidden_rows), None, job))
    return found


def rows_hidden(sheet: Sheet, rows: Sequence[int], table: str | None, job: Job) -> Problem:
    """Say that rows are hidden, and which."""
    shown = "、".join(str(row + 1) for row in rows[:5]) + ("…" if len(rows) > 5 else "")
    about = {"count": str(len(rows)), "rows": shown}
    return job.say(sheet)("rows_hidden", "warning", row=rows[0] + 1, table=table, about=about)


def tell_hidden_columns(sheet: Sheet, table: str, row: int, columns: Sequence[Mapped], job: Job) -> None:
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


def units_by_row(sheet: Sheet, block: Block, raw: RawTable, job: Job) -> list[Problem]:
    """Say where a column of units gives other units than the amounts beside it are read in."""
    factors = {
        mapped.factor for mapped in raw.columns if find_column(raw.table, mapped.field).kind == "money"
    }
    found = []
    for heading in block.head.headings:
        if heading.meaning is not None or bare(heading.levels[-1]) not in _UNIT_COLUMN or not raw.text.height:
            continue
        said = raw.text[f"c{heading.index}"].drop_nulls().unique(maintain_order=True).head(_SHOWN).to_list()
        units = {word: unit.factor for word in said if (unit := read_unit(word))}
        if units and factors and set(units.values()) != factors:
            about = {"units": "、".join(units)}
            say = partial(
                job.say(sheet), table=raw.table, row=block.head.last + 1, column=column_letter(heading.index)
            )
            found.append(say("unit_by_row", value=heading.written, about=about))
    return found

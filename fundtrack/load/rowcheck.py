"""Problems between rows: within a row, between rows of one file, against the ledger and against the cover."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.cells import column_letter
from fundtrack.load.cover import ControlTotal, CoverRead
from fundtrack.load.diff import TableDiff
from fundtrack.load.parse import Parsed
from fundtrack.model.checks import SAME_DAY, row_checks
from fundtrack.model.frames import find_column, key_fields, schema
from fundtrack.model.rows import COLUMNS


def _letter(item: Parsed, name: str) -> str | None:
    return next((column_letter(mapped.index) for mapped in item.raw.columns if mapped.field == name), None)


def _of_sheet(items: Sequence[Parsed], sheet: str) -> Parsed:
    return next(item for item in items if item.raw.sheet == sheet)


def check_rows(rows: pl.DataFrame, item: Parsed, table: str, bad: set[int]) -> Iterable[Problem]:
    """Rows whose own fields do not hold together; rows with a wrong cell are left to that cell's problem."""
    for check in row_checks(table):
        failed = rows.filter(check.fails.fill_null(value=False))
        other = find_column(table, check.other)
        for row in failed.iter_rows(named=True):
            number = row["row_number"]
            if number in bad:
                continue
            value = row[check.field]
            yield Problem(
                check.code, check.severity, file=item.raw.file, sheet=item.raw.sheet, row=number,
                column=_letter(item, check.field) or _letter(item, check.other), field=check.field, table=table,
                value=None if value is None else str(value),
                about={"other_zh": other.zh, "other_en": other.en, "other": str(row[check.other] if row[check.other] is not None else "")},
            )  # fmt: skip


def repeated(rows: pl.DataFrame, items: Sequence[Parsed], table: str) -> tuple[pl.DataFrame, list[Problem]]:
    """Rows of one file with one key: alike is a warning and loaded once, different is an error.

    Returns:
        The first row of every key, and the problems.
    """
    rows = rows.filter(pl.col("row_key").is_not_null())
    if rows["row_key"].n_unique() == rows.height:
        return rows, []
    problems: list[Problem] = []
    first = rows.unique("row_key", keep="first", maintain_order=True)
    doubles = rows.filter(pl.col("row_key").is_duplicated() & ~pl.col("_bad"))
    seen: dict[str, tuple[object, ...]] = {}
    names = list(schema(table))
    shown = next(name for name in key_fields(table) if name != "line_no")
    for row in doubles.iter_rows(named=True):
        values = tuple(row[name] for name in names)
        before = seen.setdefault(row["row_key"], (values, row["sheet"], row["row_number"]))
        if before[2] == row["row_number"] and before[1] == row["sheet"]:
            continue
        alike = before[0] == values
        item = _of_sheet(items, row["sheet"])
        problems.append(
            Problem("row_repeated" if alike else "key_twice", "warning" if alike else "error", file=item.raw.file, sheet=row["sheet"],
                    row=row["row_number"], column=_letter(item, shown), field=shown, table=table, value=row["row_key"],
                    about={"other": f"{before[1]}!{before[2]}"})
        )  # fmt: skip
    return first, problems


def same_day(found: TableDiff, items: Sequence[Parsed], table: str, current: pl.DataFrame) -> Iterable[Problem]:
    """New flows of the same amount and day as another one under another key: perhaps one flow booked twice."""
    if table not in SAME_DAY or found.new.is_empty():
        return
    alike = list(SAME_DAY[table])
    new = found.new.drop_nulls(alike)
    doubled = new.filter(pl.struct(alike).is_duplicated() & ~pl.struct(alike).is_first_distinct())
    known = new.join(current.select(*alike, pl.col("row_key").alias("_other")), on=alike, how="semi")
    twice = pl.concat([doubled, known]).unique("row_key", maintain_order=True).sort("sheet", "row_number")
    amount = alike[-1]
    for row in twice.iter_rows(named=True):
        item = _of_sheet(items, row["sheet"])
        yield Problem("same_amount_and_day", "warning", file=item.raw.file, sheet=row["sheet"], row=row["row_number"],
                      column=_letter(item, amount), field=amount, table=table, value=str(row[amount]), about={"day": str(row[alike[-2]])})  # fmt: skip


def against_cover(cover: CoverRead, file: str, parsed: Sequence[Parsed], problems: Sequence[Problem]) -> Iterable[Problem]:
    """Rows and sums against the cover's control totals; a table with wrong cells is not counted against itself."""
    spoiled = {problem.table for problem in problems if problem.severity == "error"}
    for total in cover.totals:
        if total.table in spoiled:
            continue
        items = [item for item in parsed if item.raw.table == total.table]
        rows = sum(item.frame.height for item in items)
        if total.rows is not None and total.rows != rows:
            yield _differs(cover, file, total, "control_rows_differ", total.rows_at, str(total.rows), str(rows))
        amount = next((column.name for column in COLUMNS[total.table] if column.kind == "money"), None)
        if amount is None or total.amount is None:
            continue
        summed = sum((item.frame[amount].sum() or Decimal(0) for item in items if amount in item.frame.columns), Decimal(0))
        if abs(summed - total.amount) > Decimal("0.01"):
            yield _differs(cover, file, total, "control_amount_differs", total.amount_at, f"{total.amount:.2f}", f"{summed:.2f}")


def _differs(
    cover: CoverRead, file: str, total: ControlTotal, code: str, at: tuple[int, int], said: str, counted: str
) -> Problem:
    return Problem(code, file=file, sheet=cover.sheet, row=at[0] + 1, column=column_letter(at[1]), table=total.table, value=said,
                   about={"counted": counted})  # fmt: skip

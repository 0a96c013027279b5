"""Problems between cells: within a row, between rows of one file, against the ledger."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import polars as pl

from fundtrack.errors import Problem, Severity
from fundtrack.load.cells import column_letter
from fundtrack.load.diff import TableDiff
from fundtrack.load.parse import Parsed
from fundtrack.model.checks import SAME_DAY, Order, orders, row_checks
from fundtrack.model.frames import find_column, key_fields, schema
from fundtrack.model.rows import COLUMNS

Wrong = Mapping[int, set[str]]
"""By row number, the fields whose cells are problems already."""
_WHEN: Final = ("day", "period")


def letter(item: Parsed, name: str) -> str | None:
    """The column in which a field stands."""
    return next((column_letter(mapped.index) for mapped in item.raw.columns if mapped.field == name), None)


def place_in(item: Parsed, name: str) -> dict[str, Any]:
    """Where a field stands in a sheet, but for the row."""
    return {
        "file": item.raw.file,
        "sheet": item.raw.sheet,
        "column": letter(item, name),
        "field": name,
        "table": item.raw.table,
    }


def _of_sheet(items: Sequence[Parsed], sheet: str, row: int) -> Parsed:
    """The table that a row belongs to: of those stacked on its sheet the one whose header stands next above."""
    own = [item for item in items if item.raw.sheet == sheet]
    return max(
        (item for item in own if item.raw.header_row <= row),
        key=lambda item: item.raw.header_row,
        default=own[0],
    )


def check_rows(rows: pl.DataFrame, item: Parsed, table: str, wrong: Wrong) -> Iterable[Problem]:
    """Rows whose own fields do not hold together; a field with a wrong cell is left to that cell's problem."""
    for check in row_checks(table):
        needed = set(check.fails.meta.root_names())
        for row in rows.filter(check.fails.fill_null(value=False)).iter_rows(named=True):
            if needed & wrong.get(row["row_number"], set()):
                continue
            shown, other = check.field, check.other
            if row[shown] is not None and row[other] is None:
                shown, other = other, shown
            yield _about(check.code, row, item, shown, other, severity=check.severity)
    yield from _out_of_order(rows, item, table, wrong)


def _out_of_order(rows: pl.DataFrame, item: Parsed, table: str, wrong: Wrong) -> Iterable[Problem]:
    """Dates out of order: where one date is so with several others, it is the one that is shown."""
    pairs = orders(table)
    if not pairs:
        return
    marks = [pair.fails.fill_null(value=False).alias(f"_{n}") for n, pair in enumerate(pairs)]
    for row in rows.filter(pl.any_horizontal(marks)).with_columns(marks).iter_rows(named=True):
        skip = wrong.get(row["row_number"], set())
        failed = [
            pair for n, pair in enumerate(pairs) if row[f"_{n}"] and not {pair.earlier, pair.later} & skip
        ]
        while failed:
            shown = _shared(failed)
            own = [pair for pair in failed if shown in {pair.earlier, pair.later}]
            failed = [pair for pair in failed if pair not in own]
            severity: Severity = "error" if any(pair.severity == "error" for pair in own) else "warning"
            after = shown == own[0].earlier
            code, other = ("date_after", own[0].later) if after else ("dates_out_of_order", own[0].earlier)
            yield _about(code, row, item, shown, other, severity=severity)


def _shared(failed: Sequence[Order]) -> str:
    often = Counter(name for pair in failed for name in (pair.earlier, pair.later))
    name, times = max(often.items(), key=lambda found: found[1])
    return name if times > 1 else failed[0].later


def _about(
    code: str, row: Mapping[str, Any], item: Parsed, shown: str, other: str, *, severity: Severity
) -> Problem:
    """A problem between two fields of a row."""
    words = find_column(item.raw.table, other)
    value, beside = row[shown], row[other]
    said = {"other_zh": words.zh, "other_en": words.en, "other": "" if beside is None else str(beside)}
    place = place_in(item, shown) | {"column": letter(item, shown) or letter(item, other)}
    return Problem(
        code,
        severity,
        row=row["row_number"],
        value=None if value is None else str(value),
        about=said,
        **place,
    )


def repeated(rows: pl.DataFrame, items: Sequence[Parsed], table: str) -> tuple[pl.DataFrame, list[Problem]]:
    """Rows of one file with one key: alike is a warning and loaded once, different is an error.

    Args:
        rows: complete rows; `_bad` marks those whose key is a problem already.
        items: the sheets they stand in.
        table: their table.

    Returns:
        The first row of every key, and the problems.
    """
    if rows["row_key"].n_unique() == rows.height:
        return rows, []
    problems: list[Problem] = []
    first = rows.sort("_bad", maintain_order=True).unique("row_key", keep="first", maintain_order=True)
    doubles = rows.filter(~pl.col("_bad")).filter(pl.col("row_key").is_duplicated())
    seen: dict[str, tuple[object, ...]] = {}
    names = list(schema(table))
    for row in doubles.iter_rows(named=True):
        values = tuple(row[name] for name in names)
        before = seen.setdefault(row["row_key"], (values, row["sheet"], row["row_number"]))
        if before[1:] == (row["sheet"], row["row_number"]):
            continue
        alike = before[0] == values
        item = _of_sheet(items, row["sheet"], row["row_number"])
        shown = _telling(item, table, row)
        problems.append(
            Problem("row_repeated" if alike else "key_twice", "warning" if alike else "error", file=item.raw.file, sheet=row["sheet"],
                    row=row["row_number"], column=letter(item, shown), field=shown, table=table, value=row["row_key"],
                    about={"other": f"{before[1]}!{before[2]}"})
        )  # fmt: skip
    return first, problems


def _telling(item: Parsed, table: str, row: Mapping[str, Any]) -> str:
    """The key field that most likely sets two rows apart: the line number where given, else the date, else the last one."""
    mapped = {column.field for column in item.raw.columns}
    keys = [name for name in key_fields(table) if name in mapped]
    if "line_no" in keys and row["line_no"] is not None:
        return "line_no"
    dated = [name for name in keys if find_column(table, name).kind in _WHEN and row[name] is not None]
    return next(
        iter([*dated[-1:], *[name for name in reversed(keys) if name != "line_no"], *key_fields(table)])
    )


def same_day(
    found: TableDiff, items: Sequence[Parsed], table: str, current: pl.DataFrame, wrong: Mapping[str, Wrong]
) -> Iterable[Problem]:
    """New flows of the same amount and day as another one under another key: perhaps one flow booked twice."""
    if table not in SAME_DAY or found.new.is_empty():
        return
    alike = list(SAME_DAY[table])
    new = found.new.drop_nulls(alike)
    doubled = new.filter(pl.struct(alike).is_duplicated() & ~pl.struct(alike).is_first_distinct())
    known = new.join(current.select(alike), on=alike, how="semi")
    twice = pl.concat([doubled, known]).unique("row_key", maintain_order=True).sort("sheet", "row_number")
    day, amount = alike[-2:]
    for row in twice.iter_rows(named=True):
        if row["row_number"] in wrong[row["sheet"]]:
            continue  # perhaps it is another row only because of its wrong cell
        item = _of_sheet(items, row["sheet"], row["row_number"])
        yield Problem("same_amount_and_day", "warning", file=item.raw.file, sheet=row["sheet"], row=row["row_number"],
                      column=letter(item, amount), field=amount, table=table, value=str(row[amount]), about={"day": str(row[day])})  # fmt: skip


def cleared(
    found: TableDiff, items: Sequence[Parsed], table: str, wrong: Mapping[str, Wrong]
) -> Iterable[Problem]:
    """Blank cells that take an earlier value away: loaded, but said."""
    if found.changed.is_empty():
        return
    columns = {item.raw.sheet: {mapped.field: mapped.index for mapped in item.raw.columns} for item in items}
    named = {column.name for column in COLUMNS[table]}
    for key, name, old, _, sheet, row in found.changes().filter(pl.col("new").is_null()).iter_rows():
        if name in named and name in columns[sheet] and name not in wrong[sheet].get(row, set()):
            yield Problem("value_cleared", "warning", file=items[0].raw.file, sheet=sheet, row=row, column=column_letter(columns[sheet][name]),
                          field=name, table=table, about={"old": str(old), "key": key})  # fmt: skip


def resized(
    found: TableDiff, items: Sequence[Parsed], table: str, jumped: Iterable[Problem]
) -> Iterable[Problem]:
    """Funds that stand already and whose size at establishment changes, but for what a wrong unit explains."""
    size = "committed_size"
    if table != "partner_fund" or found.changed.is_empty():
        return
    explained = {(problem.sheet, problem.row) for problem in jumped if problem.field == size}
    before = found.before.select(pl.col(size).alias("_old"), pl.col("established_on").alias("_since"))
    moved = pl.concat([found.changed, before], how="horizontal").filter(
        pl.col("_since").is_not_null() & (pl.col("_old") != pl.col(size))
    )
    for sheet, row, old, new in moved.select("sheet", "row_number", "_old", size).iter_rows():
        item = _of_sheet(items, sheet, row)
        if not {(sheet, row), (sheet, item.raw.header_row)} & explained:
            yield Problem("size_at_establishment_changed", "warning", row=row, value=f"{new:f}", about={"old": f"{old:f}"},
                          **place_in(item, size))  # fmt: skip

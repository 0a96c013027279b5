"""One file: read, typed, identified, checked and compared with what is known; nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from fundtrack.errors import Problem, blocking
from fundtrack.load.cells import Book, column_letter
from fundtrack.load.cover import CoverRead
from fundtrack.load.diff import TableDiff, complete, diff, required_absent
from fundtrack.load.fill import fill
from fundtrack.load.identify import give_ids, order, resolve, unresolved
from fundtrack.load.layout import Found, Mapped, RawTable
from fundtrack.load.parse import Parsed, parse_table
from fundtrack.load.rowcheck import against_cover, check_rows, repeated, same_day
from fundtrack.load.state import State
from fundtrack.model.frames import schema
from fundtrack.model.rows import COLUMNS

COLUMN_MAP = {
    "table_name": pl.String(), "sheet": pl.String(), "field": pl.String(), "column_letter": pl.String(), "header": pl.String(),
    "unit_factor": pl.Decimal(18, 8),
}  # fmt: skip


@dataclass(frozen=True)
class ReadFile:
    """A file as read, before anything is known of the ledger.

    Attributes:
        path: where it lies.
        name: as the sender calls it.
        sha256: of its bytes.
        cover: what its cover says.
        found: its raw tables.
        kind: a `load` by a person or a `seed` that came with the program.
    """

    path: Path
    name: str
    sha256: str
    cover: CoverRead
    found: Found
    book: Book | None = None
    kind: str = "load"
    parsed: tuple[Parsed, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A file checked against a state.

    Attributes:
        file: the file.
        problems: everything wrong with it.
        diffs: what it would change, by table.
        minted: ids given, by table.
        state: the state with its rows in, to check the next file against.
    """

    file: ReadFile
    problems: tuple[Problem, ...]
    diffs: tuple[TableDiff, ...]
    minted: dict[str, list[str]]
    state: State

    @property
    def blocked(self) -> bool:
        """True where an error keeps the file out."""
        return blocking(self.problems)

    @property
    def news(self) -> bool:
        """True where the file says anything that the ledger does not."""
        return any(item.new.height or item.changed.height for item in self.diffs)

    def counts(self) -> dict[str, dict[str, int]]:
        """New, changed and unchanged rows by table; the cover is no count of the sender's rows."""
        return {item.table: item.counts for item in self.diffs if item.table != "cover" and any(item.counts.values())}

    def column_map(self) -> pl.DataFrame:
        """What `batch_column` keeps of the file."""
        rows = [
            (raw.table, raw.sheet, mapped.field, column_letter(mapped.index), mapped.header, mapped.factor)
            for raw in self.file.found.tables
            for mapped in raw.columns
        ]
        cover = self.file.cover
        rows += [("cover", cover.sheet or "", name, column_letter(at[1]), at[2], None) for name, at in cover.cells.items()]
        return pl.DataFrame(rows, schema=COLUMN_MAP, orient="row")


@dataclass
class _Work:
    state: State
    problems: list[Problem]
    diffs: list[TableDiff] = field(default_factory=list)
    minted: dict[str, list[str]] = field(default_factory=dict)


def check_file(file: ReadFile, state: State) -> Checked:
    """Check a read file against what is known; its own rows count as known for its own references."""
    parsed = file.parsed or tuple(parse_table(raw) for raw in file.found.tables)
    work = _Work(state, [*file.cover.problems, *file.found.problems])
    for item in parsed:
        work.problems.extend(item.problems)
    by_table: dict[str, list[Parsed]] = {}
    for item in parsed:
        by_table.setdefault(item.raw.table, []).append(item)
    broken = {problem.table for problem in file.found.problems if problem.code == "header_not_found"}
    for table in order():
        if table in by_table:
            _check_table(table, by_table[table], file, work, broken)
    work.problems.extend(against_cover(file.cover, file.name, parsed, work.problems))
    if not blocking(work.problems) and file.cover.sender:
        _cover_row(file, work)
    return Checked(file, tuple(work.problems), tuple(work.diffs), work.minted, work.state)


def _check_table(table: str, items: list[Parsed], file: ReadFile, work: _Work, broken: set[str | None]) -> None:
    current = work.state[table]
    ready: list[pl.DataFrame] = []
    for item in items:
        bad = {problem.row for problem in item.problems if problem.row is not None}
        frame = item.frame.with_columns(pl.lit(item.raw.sheet).alias("sheet"))
        frame, unknown = _references(frame, item, table, work, broken)
        bad |= unknown
        frame = fill(frame, table, work.state, _said_currency(item) or file.cover.currency)
        work.problems.extend(_no_currency(frame, item, table, bad))
        frame, minted = give_ids(frame, table, work.state)
        if minted:
            work.minted.setdefault(table, []).extend(minted)
        rows = complete(frame, table, current)
        mapped = frozenset(column.field for column in item.raw.columns)
        for name in required_absent(rows, table, mapped, current):
            work.problems.append(
                Problem("column_missing", file=file.name, sheet=item.raw.sheet, row=item.raw.header_row, field=name, table=table)
            )
            bad |= set(rows["row_number"].to_list())
        work.problems.extend(check_rows(rows, item, table, bad))
        ready.append(rows.with_columns(pl.col("row_number").is_in(list(bad)).alias("_bad")))
    rows = pl.concat(ready)
    keep, twice = repeated(rows, items, table)
    work.problems.extend(twice)
    keep = keep.drop("_bad")
    found = diff(keep, table, current)
    work.problems.extend(same_day(found, items, table, current))
    work.problems.extend(_cleared(found, items, table))
    work.diffs.append(found)
    work.state = work.state.put(table, keep)


def _references(frame: pl.DataFrame, item: Parsed, table: str, work: _Work, broken: set[str | None]) -> tuple[pl.DataFrame, set[int]]:
    bad: set[int] = set()
    for column in COLUMNS[table]:
        if column.refers is None or column.name not in frame.columns:
            continue
        said = frame[column.name]
        frame, wrong = resolve(frame, column, work.state)
        if not wrong:
            continue
        bad |= set(wrong)
        if column.refers in broken:
            continue  # the sheet it refers to could not be read: that is the one problem
        mapped = _mapped(item, column.name)
        values = {row: value for row, value in zip(frame["row_number"].to_list(), said.to_list(), strict=True) if row in wrong}
        place = {"file": item.raw.file, "sheet": item.raw.sheet, "column": column_letter(mapped.index), "field": column.name, "table": table}
        work.problems.extend(unresolved(wrong, values, place, column.refers))
    return frame, bad


def _mapped(item: Parsed, name: str) -> Mapped:
    return next(mapped for mapped in item.raw.columns if mapped.field == name)


def _said_currency(item: Parsed) -> str | None:
    said = {mapped.currency for mapped in item.raw.columns if mapped.currency}
    return said.pop() if len(said) == 1 else None


def _no_currency(frame: pl.DataFrame, item: Parsed, table: str, bad: set[int]) -> Iterable[Problem]:
    needs = next((column for column in COLUMNS[table] if column.kind == "currency" and column.required), None)
    if needs is None or "currency" not in frame.columns:
        return
    mapped = next((column for column in item.raw.columns if column.field == "currency"), None)
    letter = column_letter(mapped.index) if mapped else None
    for row in frame.filter(pl.col("currency").is_null())["row_number"].to_list():
        if row not in bad:
            yield Problem("missing_value", file=item.raw.file, sheet=item.raw.sheet, row=row, column=letter, field="currency", table=table)


def _cleared(found: TableDiff, items: list[Parsed], table: str) -> Iterable[Problem]:
    """Blank cells that take an earlier value away: loaded, but said."""
    columns = {item.raw.sheet: {mapped.field: mapped.index for mapped in item.raw.columns} for item in items}
    file = items[0].raw.file
    for key, name, old, new, sheet, row in found.changes().iter_rows():
        if new is None and name in columns[sheet]:
            yield Problem("value_cleared", "warning", file=file, sheet=sheet, row=row, column=column_letter(columns[sheet][name]),
                          field=name, table=table, about={"old": str(old), "key": key})  # fmt: skip


def _cover_row(file: ReadFile, work: _Work) -> None:
    """The cover is a row like others, so that the newest date of any sender is known and can be taken back."""
    cover = file.cover
    at = cover.cells["as_of"][0] + 1 if "as_of" in cover.cells else 1
    names = schema("cover")
    values = {name: [cover.values.get(name)] for name in names if name in cover.values}
    values["as_of_precision"] = ["day"]
    row = pl.DataFrame(values, schema={name: names[name] for name in values}).with_columns(
        pl.lit(cover.sheet).alias("sheet"), pl.lit(at, dtype=pl.Int64).alias("row_number")
    )
    found = diff(complete(row, "cover", work.state["cover"]), "cover", work.state["cover"])
    work.diffs.append(found)
    work.state = work.state.put("cover", complete(row, "cover", work.state["cover"]))

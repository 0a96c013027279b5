"""Sheets to raw tables: where the header stands, which column is which field, which rows are data."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.cells import Book, Kind, Sheet, column_letter
from fundtrack.load.match import Header, match_header, match_sheet, read_header
from fundtrack.load.values import fold
from fundtrack.model.frames import find_column

_HEADER_SEARCH: Final = 40
EXAMPLE: Final = ("例:", "例：", "e.g.", "示例行")
"""How the first cell of a row begins that shows how to fill in a sheet and is not data."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A sheet's column that is a field: its index from 0, its header as written, its unit."""

    field: str
    index: int
    header: str
    factor: Decimal = Decimal(1)
    percent: bool = False
    currency: str | None = None


@dataclass(frozen=True)
class RawTable:
    """The data rows of one table as written, with their coordinates.

    Attributes:
        file, sheet, table: where it stood and what it is.
        header_row: row of the header, from 1.
        columns: the mapped columns.
        row_numbers: sheet row of each data row, from 1.
        text, kind: the cells (`c<index>`), one row per data row.
        epoch_1904: whether day numbers count from 1904.
    """

    file: str
    sheet: str
    table: str
    header_row: int
    columns: tuple[Mapped, ...]
    row_numbers: pl.Series
    text: pl.DataFrame
    kind: pl.DataFrame
    epoch_1904: bool = False


@dataclass
class Found:
    """What was found in a book: raw tables, and problems of layout."""

    tables: list[RawTable] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def find_tables(book: Book, file: str, factor: Decimal | None, known: frozenset[str] = frozenset()) -> Found:
    """Every table of a book but its cover.

    Args:
        book: as read.
        file: its name.
        factor: the cover's unit; None where the cover names none, so that every money header must.
        known: names of hidden sheets to load all the same.
    """
    found = Found()
    for sheet in book.sheets:
        table = match_sheet(sheet.name)
        if table == "cover":
            continue
        if sheet.visibility != "visible" and sheet.name not in known:
            found.problems.append(Problem("sheet_hidden", "warning", file=file, sheet=sheet.name))
        elif table is None:
            if sheet.text.height and sheet.text.width:
                found.problems.append(Problem("sheet_unknown", "warning", file=file, sheet=sheet.name))
        elif sheet.text.height:
            _find_table(sheet, table, file, factor, found)
    return found


def _find_table(sheet: Sheet, table: str, file: str, factor: Decimal | None, found: Found) -> None:
    head = sheet.text.head(_HEADER_SEARCH)
    matches = [sum(1 for cell in row if cell and match_header(table, cell)) for row in head.iter_rows()]
    best = max(matches, default=0)
    if best == 0:
        if any(cell for row in head.iter_rows() for cell in row):
            found.problems.append(Problem("header_not_found", file=file, sheet=sheet.name, table=table))
        return
    at = matches.index(best)
    columns = _map_columns(sheet, table, at, file, factor, found)
    rows = pl.int_range(at + 1, sheet.text.height, eager=True)
    rows = rows.filter(_is_data(sheet, columns, at + 1))
    found.tables.append(
        RawTable(file, sheet.name, table, at + 1, tuple(columns), (rows + 1).alias("row_number"), sheet.text[rows], sheet.kind[rows])
    )


def _map_columns(sheet: Sheet, table: str, at: int, file: str, factor: Decimal | None, found: Found) -> list[Mapped]:
    columns: list[Mapped] = []
    taken: dict[str, str] = {}
    for index, written in enumerate(sheet.text.row(at)):
        if not written or not fold(written):
            continue
        place = {"file": file, "sheet": sheet.name, "row": at + 1, "column": column_letter(index), "value": written}
        match = match_header(table, written)
        if match is None:
            found.problems.append(Problem("column_unknown", "warning", table=table, **place))
            continue
        name, header = match
        if name in taken:
            found.problems.append(Problem("column_twice", table=table, field=name, about={"other": taken[name]}, **place))
            continue
        taken[name] = column_letter(index)
        mapped = _with_unit(name, index, written, table, header, factor)
        if mapped is None:
            found.problems.append(Problem("unit_missing", table=table, field=name, **place))
            continue
        columns.append(mapped)
    return columns


def _with_unit(name: str, index: int, written: str, table: str, header: Header, factor: Decimal | None) -> Mapped | None:
    if find_column(table, name).kind != "money":
        return Mapped(name, index, written, percent=header.percent)
    unit = header.factor if header.factor is not None else factor
    return None if unit is None else Mapped(name, index, written, unit, currency=header.currency)


def _is_data(sheet: Sheet, columns: list[Mapped], start: int) -> pl.Series:
    """Which rows under the header are data: something mapped is filled in, and the row is no example."""
    text = sheet.text.slice(start)
    if not columns:
        return pl.Series([False] * text.height, dtype=pl.Boolean)
    names = [f"c{mapped.index}" for mapped in columns]
    filled = pl.any_horizontal(pl.col(name).is_not_null() & (pl.col(name).str.strip_chars() != "") for name in names)
    first = pl.coalesce(pl.col(name) for name in text.columns).str.strip_chars().str.to_lowercase()
    example = pl.any_horizontal(first.str.starts_with(mark) for mark in EXAMPLE).fill_null(value=False)
    return text.select((filled & ~example).fill_null(value=False).alias("data")).to_series()

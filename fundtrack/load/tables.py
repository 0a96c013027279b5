"""What the search for tables yields: mapped columns and raw rows that remember where they stood."""

from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.cells import column_letter


@dataclass(frozen=True, slots=True)
class Mapped:
    """A sheet's column that is a field: its index from 0, its header as written, its unit.

    Attributes:
        field: of the data dictionary.
        index: column of the sheet from 0; -1 for a constant that a profile gives.
        header: as written; the levels of a merged header are joined by “ / ”.
        factor: what its amounts are multiplied by.
        percent: every number is a percentage.
        currency: where the header or a corner line names one.
        cells: the column of the raw text where that is not `c<index>`: a part of a column, a constant.

    """

    field: str
    index: int
    header: str
    factor: Decimal = Decimal(1)
    percent: bool = False
    currency: str | None = None
    cells: str = ""

    @property
    def name(self) -> str:
        """The column of the raw text and kinds."""
        return self.cells or f"c{self.index}"

    @property
    def letter(self) -> str:
        """The column as the spreadsheet shows it; empty for a constant."""
        return column_letter(self.index)


@dataclass(frozen=True, slots=True)
class Total:
    """A subtotal or total row that was dropped, to be compared with the rows that it covers.

    Attributes:
        row: its row number.
        label: as written.
        grand: it covers every row of its block, not only those since the last one.
        before: how many data rows stand above it.
        cells: text of each money column by field.

    """

    row: int
    label: str
    grand: bool
    before: int
    cells: dict[str, str]


@dataclass(frozen=True)
class RawTable:
    """The data rows of one table as written, with their coordinates.

    Attributes:
        file, sheet, table: where it stood and what it is.
        header_row: row of the header, from 1; the last one where it has several.
        columns: the mapped columns.
        row_numbers: sheet row of each data row, from 1.
        text, kind: the cells (`c<index>`), one row per data row.
        epoch_1904: whether day numbers count from 1904.
        totals: total rows among the data.

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
    totals: tuple[Total, ...] = ()


@dataclass
class Found:
    """What was found in a book: raw tables, and problems of layout."""

    tables: list[RawTable] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

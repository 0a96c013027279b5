"""Cells that remember where they stood: what every reader hands to the rest of the way in."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl  # slow to import where a file is only looked at

Visibility = Literal["visible", "hidden", "very_hidden"]


class Kind(IntEnum):
    """What a cell held, whatever its text looks like."""

    EMPTY = 0
    TEXT = 1
    NUMBER = 2
    DATE = 3
    DATETIME = 4
    BOOL = 5
    ERROR = 6
    TIME = 7


@dataclass(frozen=True)
class Sheet:
    """One sheet as read.

    Attributes:
        name: as written in the file.
        text: one String column per sheet column (`c0` is column A), one row per sheet row (row 0 is row 1), null where the
            cell is empty. Numbers are written in shortest decimal form without exponent or needless `.0` (`1200.5`, `12`), dates
            as ISO 8601 (`2017-06-30`), datetimes as `2017-06-30T12:00:00`, booleans as `TRUE` / `FALSE`, errors as `#REF!`; texts stand as typed.
        kind: the same shape, UInt8 values of `Kind`.
        visibility: hidden and very hidden sheets are named, and loaded only when asked.
        merged: merged ranges as (first_row, first_column, last_row, last_column), counted from 0, both ends included.
        hidden_rows: hidden row indices counted from 0.
        hidden_columns: the same of columns.
    """

    name: str
    text: "pl.DataFrame"
    kind: "pl.DataFrame"
    visibility: Visibility = "visible"
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Book:
    """One file as read: its true format (by content, not by name), and its sheets in order."""

    format: str
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def without_cells(self) -> list[str]:
        """Names of its sheets that hold no cells, such as charts."""
        return [note.partition(":")[2] for note in self.notes if note.startswith("no_cells:")]

    @property
    def epoch_1904(self) -> bool:
        """Whether day numbers count from 1904."""
        return "epoch:1904" in self.notes


def column_letter(index: int) -> str:
    """Spreadsheet letters of a column counted from 0.

    >>> column_letter(0), column_letter(25), column_letter(26), column_letter(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """The reverse of `column_letter`.

    >>> column_index("A"), column_index("AA"), column_index("XFD")
    (0, 26, 16383)
    """
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1

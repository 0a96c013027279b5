"""What the XML of a sheet marks and its engine does not tell: hidden rows and columns, merges, error cells, how far it reaches."""

import re
from dataclasses import dataclass, field

from fundtrack.load.cells import column_index

_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^>]*)>")
_ROW_NUMBER = re.compile(rb"""\sr=["'](\d+)["']""")
_HIDDEN = re.compile(rb"""\shidden=["'](?:1|true)["']""")
_COLUMN = re.compile(rb"<(?:\w+:)?col(?=\s)([^>]*)>")
_FROM, _TO = re.compile(rb"""\smin=["'](\d+)["']"""), re.compile(rb"""\smax=["'](\d+)["']""")
_MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")
_CELL_AT = re.compile(rb"""\sr=["']([A-Z]+)(\d+)["']""")
# Cells that hold something: a blank one that is only formatted ends in itself or at once.
_FILLED_AT = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Za-z]+)(\d+)["'](?:[^>]*[^/>])?>(?!</)""")
_ERROR = re.compile(
    rb"""<(?:\w+:)?c((?=\s)[^>]*?\st=["']e["'][^>]*)>(?:(?!<(?:\w+:)?/?c[\s>]).)*?v>([^<]*)<""", re.DOTALL
)
_UNCACHED = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*)><(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v>\s*</(?:\w+:)?v>|<(?:\w+:)?v\s*/>)?</(?:\w+:)?c>"
)
_PIECE = 8 << 20


MOST_COLUMNS = 16_384
"""Columns that a sheet may have, as every spreadsheet program has it."""
LONGEST_TEXT = 32_767
"""Characters that a cell may hold, as every spreadsheet program has it."""
_LONGEST = LONGEST_TEXT * 8  # bytes; a character takes at most eight, written as an entity


class Texts:
    """Texts of a part that no cell could hold, watched while it is unpacked: one long text shared by all cells fills any memory.

    Attributes:
        longest: bytes of the longest text that is too long; of shorter ones, which are skipped over, it says nothing.

    """

    def __init__(self) -> None:
        self.longest = 0
        self._open = 0

    def feed(self, piece: bytes) -> None:
        """Take the next bytes."""
        end = piece.find(b"<")
        if end < 0:
            self._reached(self._open + len(piece))
            return
        self._reached(self._open + end)
        while True:
            # The last end within reach: each text before it was short enough.
            while (within := piece.rfind(b"<", end + 1, end + 1 + _LONGEST)) >= 0:
                end = within
            after = piece.find(b"<", end + 1 + _LONGEST)
            self._reached((after if after >= 0 else len(piece)) - end - 1)
            if after < 0:
                return
            end = after

    def _reached(self, size: int) -> None:
        self.longest, self._open = max(self.longest, size), size

    @property
    def too_long(self) -> bool:
        """True where no cell could hold it, however its characters are written."""
        return self.longest > _LONGEST


@dataclass
class Marks:
    """What the bytes of one sheet's XML mark, gathered while they are unpacked.

    Attributes:
        hidden_rows: row indices from 0.
        hidden_columns: column indices from 0.
        merged: (first_row, first_column, last_row, last_column) from 0.
        errors: texts of error cells and of formulas never computed, by (row, column).
        unplaced: an error cell does not say where it stands; an engine must be asked.
        twice: a cell that stands there twice; engines take different ones of the two.
        corner: the largest row and column of any cell that holds something, from 0; known for small sheets only.

    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unplaced: bool = False
    corner: tuple[int, int] = (-1, -1)
    small: bool = True
    twice: str = ""
    _carry: bytes = b""
    _row: int = -1

    def feed(self, piece: bytes) -> None:
        """Take the next bytes; whole rows are looked at, the rest waits."""
        data = self._carry + piece
        cut = data.rfind(b"row>") + 4
        if cut < 4:
            if len(data) < _PIECE:
                self._carry = data
                return
            cut = len(data)
        self._carry = data[cut:]
        self._look(data[:cut])

    def finish(self) -> None:
        """Look at what was left waiting."""
        self._look(self._carry)
        self._carry = b""

    def _look(self, data: bytes) -> None:
        self._rows(data)
        if b"mergeCell" in data:
            for left, top, right, bottom in _MERGE.findall(data):
                columns = column_index(left.decode()), column_index(right.decode())
                self.merged.append((int(top) - 1, columns[0], int(bottom) - 1, columns[1]))
        # These short words end in letters rare in XML, which makes them quick to look for.
        if b">#" in data:
            for match in _ERROR.finditer(data):
                self._error(match[1], match[2].decode("utf-8", "replace"))
        if b"<f" in data or b":f" in data:
            for match in _UNCACHED.finditer(data):
                if not re.search(rb"""\st=["'](?:str|s|inlineStr|e)["']""", match[1]):
                    self._error(match[1], "#UNCACHED!")
        if self.small:
            found = _FILLED_AT.findall(data)
            places = set(found)
            if len(places) < len(found) and not self.twice:
                letters, row = next(place for place in found if found.count(place) > 1)
                self.twice = letters.decode() + row.decode()
            for letters, row in places:
                at = int(row) - 1, column_index(letters.decode())
                self.corner = max(self.corner[0], at[0]), max(self.corner[1], at[1])

    def _rows(self, data: bytes) -> None:
        if b"hidden" not in data:
            last = data.rfind(b"<row")
            number = _ROW_NUMBER.search(data, last, data.find(b">", last)) if last >= 0 else None
            self._row = int(number[1]) - 1 if number else self._row + len(_ROW.findall(data))
            return
        for match in _COLUMN.finditer(data):
            begin, end = _FROM.search(match[1]), _TO.search(match[1])
            if begin and end and _HIDDEN.search(match[1]):
                self.hidden_columns.update(range(int(begin[1]) - 1, min(int(end[1]), MOST_COLUMNS)))
        for match in _ROW.finditer(data):
            number = _ROW_NUMBER.search(match[1])
            self._row = int(number[1]) - 1 if number else self._row + 1
            if _HIDDEN.search(match[1]):
                self.hidden_rows.add(self._row)

    def _error(self, attributes: bytes, text: str) -> None:
        at = _CELL_AT.search(attributes)
        if at:
            self.errors[int(at[2]) - 1, column_index(at[1].decode())] = text
        else:
            self.unplaced = True

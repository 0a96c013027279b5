"""What a binary workbook (BIFF12) says of its sheets and its engine does not tell: parts, hidden rows and columns, merges, error cells."""

from collections.abc import Iterator
from typing import Final

from fundtrack.load.marks import MOST_COLUMNS, Marks

ROW, BLANK, ERROR, FORMULA_ERROR, LAST_CELL = 0, 1, 3, 11, 11
MERGED, SHEET, WORKBOOK, COLUMN = 176, 156, 153, 60
_ERRORS: Final = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip
_HIDDEN: Final = 0x10
_STATES: Final = ("visible", "hidden", "veryHidden")


def records(data: bytes) -> Iterator[tuple[int, memoryview]]:
    r"""Records as (number, what it holds); a record that the data do not hold whole ends them.

    >>> [(number, bytes(held)) for number, held in records(b"\x00\x02ab\xb0\x01\x01c\x05\x09x")]
    [(0, b'ab'), (176, b'c')]
    """
    view, at, end = memoryview(data), 0, len(data)
    while at < end:
        number, at = _varying(data, at, 2)
        size, at = _varying(data, at, 4)
        if at + size > end:
            return
        yield number, view[at : at + size]
        at += size


def _varying(data: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 7 * most, 7):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return number, at


def _whole(held: memoryview, at: int) -> int:
    return int.from_bytes(held[at : at + 4], "little")


def _text(held: memoryview, at: int) -> tuple[str, int]:
    size = _whole(held, at)
    size = 0 if size == 0xFFFFFFFF else size  # "no text" of its own
    end = at + 4 + 2 * size
    return bytes(held[at + 4 : end]).decode("utf-16-le", "replace"), end


def sheets(book: bytes) -> list[tuple[str, str, str]]:
    """Sheets of a workbook part as (relation, name, state)."""
    found = []
    for number, held in records(book):
        if number == SHEET:
            relation, at = _text(held, 8)
            name, _ = _text(held, at)
            found.append((relation, name, _STATES[min(_whole(held, 0), 2)]))
    return found


def counts_from_1904(book: bytes) -> bool:
    """Tell whether a workbook part counts its days from 1904."""
    return any(number == WORKBOOK and len(held) and held[0] & 1 for number, held in records(book))


class BinaryMarks(Marks):
    """The marks of a binary sheet, whose records are looked at when all of them are there."""

    _held: bytes = b""

    def feed(self, piece: bytes) -> None:
        """Take the next bytes."""
        self._held += piece

    def finish(self) -> None:
        """Look at what was taken."""
        row = -1
        for number, held in records(self._held):
            if number == ROW and len(held) >= 12:
                row = _whole(held, 0)
                if held[11] & _HIDDEN:
                    self.hidden_rows.add(row)
            elif BLANK < number <= LAST_CELL and len(held) >= 8:
                column = _whole(held, 0)
                self.corner = max(self.corner[0], row), max(self.corner[1], column)
                if number in {ERROR, FORMULA_ERROR} and len(held) > 8:
                    self.errors[row, column] = _ERRORS.get(held[8], "#ERROR!")
            elif number == COLUMN and len(held) >= 18:
                if held[16] & 1:
                    self.hidden_columns.update(range(_whole(held, 0), min(_whole(held, 4) + 1, MOST_COLUMNS)))
            elif number == MERGED and len(held) >= 16:
                top, bottom, left, right = (_whole(held, at) for at in (0, 4, 8, 12))
                self.merged.append((top, left, bottom, right))
        self._held = b""

"""What an OpenDocument sheet marks and its engine does not tell: error cells, hidden rows and columns, merged cells."""

from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from fundtrack.errors import InputError
from fundtrack.load.archive import chunks, vet
from fundtrack.load.marks import MOST_COLUMNS, Marks

_SIGNS = (b'"error"', b"visibility=", b"-spanned=", b"table:formula=")
_CONTENT = "content.xml"
_FAR = 1_048_576


def ods_marks(archive: ZipFile, file: str) -> dict[str, Marks]:
    """Judge the file; where its content shows a sign of such marks, gather them, by sheet name."""
    seen: list[bool] = []
    tail = b""

    def look(piece: bytes) -> None:
        nonlocal tail
        if not seen and any(sign in tail + piece for sign in _SIGNS):
            seen.append(True)
        tail = piece[-32:]

    vet(archive, file, {_CONTENT: look})
    return _Default(_content(archive, file)) if seen else _Default()


def farthest(archive: ZipFile, file: str) -> tuple[str, int, int]:
    """The sheet that reaches furthest, and its last row and column, from 0."""
    sheets = _content(archive, file)
    name = max(
        sheets, key=lambda name: (sheets[name].corner[0] + 1) * (sheets[name].corner[1] + 1), default=""
    )
    return name, *(sheets[name].corner if sheets else (-1, -1))


def _content(archive: ZipFile, file: str) -> dict[str, Marks]:
    reader = _Content()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.data
    try:
        for piece in chunks(archive, _CONTENT, file):
            parser.Parse(piece)
        parser.Parse(b"", True)  # noqa: FBT003 - positional in C
    except expat.ExpatError:
        raise InputError("file_damaged", file=file) from None
    return reader.sheets


class _Default(dict[str, Marks]):
    """A sheet without marks of its own has none that another engine need look for."""

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ARG002
        return self[name] if name in self else Marks()


class _Content:
    """content.xml as events: tables, rows, cells, with their repeats."""

    def __init__(self) -> None:
        self.sheets: dict[str, Marks] = {}
        self.marks = Marks()
        self.row = self.next_row = self.column = self.next_column = 0
        self.error: list[str] | None = None
        self.deep = 0

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == "table:table":
            self.deep += 1
            if self.deep == 1:
                self.marks = self.sheets.setdefault(attrs.get("table:name", ""), Marks())
                self.next_row = self.next_column = 0
        elif self.deep != 1:
            return
        elif tag == "table:table-column":
            first = self.next_column
            self.next_column += int(attrs.get("table:number-columns-repeated", "1"))
            if attrs.get("table:visibility", "visible") != "visible":
                self.marks.hidden_columns.update(range(first, min(self.next_column, MOST_COLUMNS)))
        elif tag == "table:table-row":
            repeat = int(attrs.get("table:number-rows-repeated", "1"))
            self.row, self.column = self.next_row, 0
            self.next_row += repeat
            if attrs.get("table:visibility", "visible") != "visible" and repeat < _FAR // 2:
                self.marks.hidden_rows.update(range(self.row, self.next_row))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._cell(attrs)

    def _cell(self, attrs: dict[str, str]) -> None:
        across = int(attrs.get("table:number-columns-spanned", "1"))
        down = int(attrs.get("table:number-rows-spanned", "1"))
        if across > 1 or down > 1:
            self.marks.merged.append((self.row, self.column, self.row + down - 1, self.column + across - 1))
        if attrs.get("calcext:value-type") == "error":
            self.error = []
        elif "table:formula" in attrs and "office:value-type" not in attrs:
            self.marks.errors[self.row, self.column] = "#UNCACHED!"
        self.place = self.row, self.column
        self.column += int(attrs.get("table:number-columns-repeated", "1"))
        if "office:value-type" in attrs:
            corner = self.marks.corner
            self.marks.corner = max(corner[0], self.next_row - 1), max(corner[1], self.column - 1)

    def data(self, text: str) -> None:
        if self.error is not None:
            self.error.append(text)

    def end(self, tag: str) -> None:
        if tag == "table:table":
            self.deep -= 1
        elif tag == "table:table-cell" and self.error is not None:
            self.marks.errors[self.place] = "".join(self.error).strip() or "#ERROR!"
            self.error = None

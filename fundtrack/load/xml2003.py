"""SpreadsheetML 2003: the XML workbooks of Excel 2003 and of systems that still write them."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

from fundtrack.errors import InputError
from fundtrack.load.cells import Sheet
from fundtrack.load.columns import CellError
from fundtrack.load.delimited import decode
from fundtrack.load.grid import Grid, whole
from fundtrack.load.job import Job

_MARKS_16 = (b"\xff\xfe", b"\xfe\xff")


class _Spreadsheet2003:
    """SpreadsheetML 2003 as events: worksheets, rows, cells, data."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.grids: list[Grid] = []
        self.text: list[str] | None = None
        self.kind = "String"
        self.cell: dict[str, str] = {}
        self.value: Any = None
        self.state: list[str] | None = None
        self.repeat = 0
        self.column = 0

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        found = {key.rpartition(" ")[2]: value for key, value in attrs.items()}
        if name == "Worksheet":
            self.column = 0
            self.grids.append(Grid(self.job, found.get("Name", f"Sheet{len(self.grids) + 1}")))
        elif name == "Row" and self.grids:
            index = found.get("Index")
            self.repeat = whole(found.get("Span", "0")) if "Span" in found else 0
            self.grids[-1].row(whole(index) - 1 if index else None, hidden=found.get("Hidden") == "1")
        elif name == "Column" and self.grids:
            first = whole(found["Index"]) - 1 if "Index" in found else self.column
            self.column = first + 1 + (whole(found["Span"]) if "Span" in found else 0)
            if found.get("Hidden") == "1":
                self.grids[-1].hidden_columns.update(range(first, min(self.column, 16384)))
        elif name == "Cell":
            self.cell, self.value = found, None
        elif name == "Data":
            self.text, self.kind = [], found.get("Type", "String")
        elif name == "Visible":
            self.state = []

    def data(self, text: str) -> None:
        for taker in (self.text, self.state):
            if taker is not None:
                taker.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name == "Data" and self.text is not None:
            self.value = _typed("".join(self.text), self.kind)
            self.text = None
        elif name == "Cell" and self.grids:
            grid = self.grids[-1]
            if "Index" in self.cell:
                grid.column = max(grid.column, whole(self.cell["Index"]) - 1)
            value = self.value
            if value is None and "Formula" in self.cell:
                value = CellError("#UNCACHED!")
            across, down = (int(whole(self.cell.get(k, "0"))) for k in ("MergeAcross", "MergeDown"))
            grid.cell(
                value,
                across + 1 if "MergeAcross" in self.cell else 1,
                down + 1 if "MergeDown" in self.cell else 1,
            )
        elif name == "Visible" and self.state is not None and self.grids:
            self.grids[-1].visible = "".join(self.state).strip() == "SheetVisible"
            self.state = None


def _typed(text: str, kind: str) -> Any:
    try:
        return _TYPES.get(kind, str)(text)
    except ValueError:
        return text


def _moment(text: str) -> dt.date | dt.time:
    when = dt.datetime.fromisoformat(text.strip())
    if when.date() == dt.date(1899, 12, 31):
        return when.time()
    return when.date() if when.time() == dt.time() else when


_TYPES: dict[str, Callable[[str], Any]] = {
    "Number": float,
    "Boolean": lambda text: text.strip() == "1",
    "Error": lambda text: CellError(text.strip() or "#ERROR!"),
    "DateTime": _moment,
}


def read_xml2003(job: Job) -> Iterator[Sheet]:
    """Read SpreadsheetML 2003; a DTD is refused, whatever it declares."""
    reader = _Spreadsheet2003(job)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = lambda *_: _refuse(job)
    data = job.path.read_bytes()
    try:
        parser.Parse(_as_utf8(data), True)  # noqa: FBT003 - positional in C
    except expat.ExpatError:
        raise InputError("file_damaged", file=job.path.name) from None
    for grid in reader.grids:
        yield grid.sheet()


def _refuse(job: Job) -> None:
    raise InputError("xml_entities", file=job.path.name, entry=job.path.name)


def _as_utf8(data: bytes) -> bytes:
    """Re-encode what the XML parser does not know (GBK, UTF-16 whatever it declares) and drop blanks before the declaration."""
    decoded = decode(data) if b"\x00" in data[:4] or data[:2] in _MARKS_16 else None
    if decoded:
        return re.sub(r"\A\ufeff?\s*<\?xml[^>]*\?>", "", decoded[0]).lstrip("\ufeff \t\r\n").encode()
    declared = re.match(rb"""\s*<\?xml[^>]*encoding=["']([\w-]+)["'][^>]*\?>""", data)
    if declared and declared[1].lower() in (b"gbk", b"gb2312", b"gb18030"):
        return data[declared.end() :].decode("gb18030", "replace").encode()
    return data.lstrip()

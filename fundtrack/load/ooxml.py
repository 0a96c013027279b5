"""What an OOXML workbook says about its sheets, read without building them: parts, states, marks."""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from fundtrack.load.archive import read_part
from fundtrack.load.cells import column_index

_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^>]*)>")
_ROW_NUMBER = re.compile(rb"""\sr=["'](\d+)["']""")
_HIDDEN = re.compile(rb"""\shidden=["'](?:1|true)["']""")
_MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")
_CELL_AT = re.compile(rb"""\sr=["']([A-Z]+)(\d+)["']""")
_ERROR = re.compile(
    rb"""<(?:\w+:)?c((?=\s)[^>]*?\st=["']e["'][^>]*)>(?:(?!<(?:\w+:)?/?c[\s>]).)*?v>([^<]*)<""", re.DOTALL
)
_UNCACHED = re.compile(
    rb"<(?:\w+:)?c(\s[^>]*)><(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v>\s*</(?:\w+:)?v>|<(?:\w+:)?v\s*/>)?</(?:\w+:)?c>"
)
_PIECE = 8 << 20


@dataclass
class Marks:
    """What the bytes of one sheet's XML mark, gathered while they are unpacked.

    Attributes:
        hidden_rows: row indices from 0.
        merged: (first_row, first_column, last_row, last_column) from 0.
        errors: texts of error cells and of formulas never computed, by (row, column).
        unplaced: an error cell does not say where it stands; an engine must be asked.
        corner: the largest row and column of any cell, from 0; known for small sheets only.

    """

    hidden_rows: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unplaced: bool = False
    corner: tuple[int, int] = (-1, -1)
    small: bool = True
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
            for letters, row in set(_CELL_AT.findall(data)):
                at = int(row) - 1, column_index(letters.decode())
                self.corner = max(self.corner[0], at[0]), max(self.corner[1], at[1])

    def _rows(self, data: bytes) -> None:
        if b"hidden" not in data:
            last = data.rfind(b"<row")
            number = _ROW_NUMBER.search(data, last, data.find(b">", last)) if last >= 0 else None
            self._row = int(number[1]) - 1 if number else self._row + len(_ROW.findall(data))
            return
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


@dataclass(frozen=True)
class Part:
    """One sheet of the workbook and where its XML lies."""

    name: str
    path: str
    state: str


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def workbook_path(archive: ZipFile, file: str) -> str | None:
    """Find the part that is the workbook, by the package's own words."""
    names = {name.casefold(): name for name in archive.namelist()}
    rels = names.get("_rels/.rels")
    if rels:
        for target, kind in _targets(read_part(archive, rels, file), ""):
            if kind.endswith("/officeDocument") and target.casefold() in names:
                return names[target.casefold()]
    return next((names[n] for n in ("xl/workbook.xml", "xl/workbook.bin") if n in names), None)


def counts_from_1904(archive: ZipFile, file: str) -> bool:
    """Tell whether day numbers of a workbook count from 1904."""
    book = workbook_path(archive, file)
    if not book or not book.lower().endswith(".xml"):
        return False
    marks = (element.get("date1904") for element in _parsed(read_part(archive, book, file)).iter())
    return any(mark in {"1", "true", "on"} for mark in marks)


def _targets(xml: bytes, folder: str) -> Iterable[tuple[str, str]]:
    for element in _parsed(xml):
        target = element.get("Target", "")
        path = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
        yield path, element.get("Type", "")


def _parsed(xml: bytes) -> ET.Element:
    try:
        return ET.fromstring(xml)  # noqa: S314 - `vet` has refused every DTD and entity before
    except ET.ParseError:
        return ET.Element("nothing")


def sheet_parts(archive: ZipFile, file: str) -> list[Part]:
    """List the worksheets in order; empty where the package does not say (a binary or broken one)."""
    book = workbook_path(archive, file)
    if not book or not book.lower().endswith(".xml"):
        return []
    folder, base = posixpath.split(book)
    names = {name.casefold(): name for name in archive.namelist()}
    rels_path = names.get(posixpath.join(folder, "_rels", base + ".rels").casefold())
    if not rels_path:
        return []
    rels = {}
    for element in _parsed(read_part(archive, rels_path, file)):
        target = element.get("Target", "")
        path = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
        rels[element.get("Id", "")] = names.get(path.casefold(), ""), element.get("Type", "")
    parts = []
    for element in _parsed(read_part(archive, book, file)).iter():
        if _local(element.tag) != "sheet":
            continue
        rid = next((value for key, value in element.attrib.items() if _local(key) == "id" and "}" in key), "")
        path, kind = rels.get(rid, ("", ""))
        if path and kind.endswith("/worksheet"):
            parts.append(Part(element.get("name", ""), path, element.get("state", "visible")))
    return parts

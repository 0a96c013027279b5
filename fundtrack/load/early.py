"""The first step into a zipped workbook, light to import: parsing begins while the rest is loaded."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import python_calamine as calamine


@dataclass(frozen=True)
class Parsed:
    """A workbook with its first worksheet in hand.

    Attributes:
        book: the workbook; while another of its sheets is being parsed it answers nobody.
        sheets: what it says of its worksheets, in order.
        first: the first of them; None where it has none.
    """

    book: calamine.CalamineWorkbook
    sheets: list[calamine.SheetMetadata]
    first: calamine.CalamineSheet | None


_LARGE = 16 << 20


def parse(path: Path) -> Parsed:
    """Open a workbook and parse its first worksheet."""
    book = calamine.load_workbook(str(path))
    sheets = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
    return Parsed(book, sheets, book.get_sheet_by_name(sheets[0].name) if sheets else None)


class Begun:
    """A workbook in the hands of the one thread that parses it: its first worksheet at once, others as they are named.

    The engine lets go of the interpreter while it parses, so a large sheet that is named early costs next to no time of the
    thread that judges the file meanwhile.
    """

    def __init__(self, path: Path) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._first = self._pool.submit(parse, path)
        self._named: dict[str, Future[calamine.CalamineSheet]] = {}

    def result(self) -> Parsed:
        """Wait for the workbook and its first worksheet, or for what the engine says against them."""
        return self._first.result()

    def also(self, name: str) -> None:
        """Parse a further worksheet ahead of its turn."""
        self._named[name] = self._pool.submit(self._parsed, name)

    def sheet(self, name: str) -> calamine.CalamineSheet:
        """Give a further worksheet, or what the engine says against it."""
        if name not in self._named:
            self.also(name)
        return self._named.pop(name).result()

    def _parsed(self, name: str) -> calamine.CalamineSheet:
        return self._first.result().book.get_sheet_by_name(name)


def begin(path: Path) -> Begun | None:
    """Start on a large file at once; its directory was judged before, so what it may hold is bounded.

    A small file waits until every part of it has been unpacked and judged, which costs nothing there; to make
    a large one wait would cost a third of the reading.
    """
    if not is_zipfile(path):
        return None
    with ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) <= _LARGE:
            return None
    return Begun(path)

"""The first step into a zipped workbook, light to import: parsing begins while the rest is loaded."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import python_calamine as calamine

Parsed = tuple[calamine.CalamineWorkbook, calamine.CalamineSheet | None]

_LARGE = 16 << 20


def parse(path: Path) -> Parsed:
    """Open a workbook and parse its first worksheet; None where it has none."""
    book = calamine.load_workbook(str(path))
    names = [meta.name for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
    return book, book.get_sheet_by_name(names[0]) if names else None


def begin(path: Path) -> "Future[Parsed] | None":
    """Start on a large file at once; its directory was judged before, so what it may hold is bounded.

    A small file waits until every part of it has been unpacked and judged, which costs nothing there; to make
    a large one wait would cost a third of the reading.
    """
    if not is_zipfile(path):
        return None
    with ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) <= _LARGE:
            return None
    return ThreadPoolExecutor(1).submit(parse, path)

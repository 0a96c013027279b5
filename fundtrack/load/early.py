"""The first step into a zipped workbook, light to import: parsing begins while the rest is loaded."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import python_calamine as calamine

from fundtrack.load.archive import open_zip
from fundtrack.load.limits import MB, ReadLimits

Parsed = tuple[calamine.CalamineWorkbook, calamine.CalamineSheet | None]

_LARGE = 16 * MB


def parse(path: Path) -> Parsed:
    """Open a workbook and parse its first worksheet; None where it has none."""
    book = calamine.load_workbook(str(path))
    names = [meta.name for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
    return book, book.get_sheet_by_name(names[0]) if names else None


def begin(path: Path, limits: ReadLimits) -> "Future[Parsed] | None":
    """Start on a large file at once; its directory has passed, so what it may hold is bounded.

    A small file waits until every part of it has been unpacked and judged, which costs nothing there; to make
    a large one wait would cost a third of the reading.
    """
    with open_zip(path, limits) as archive:
        if sum(entry.file_size for entry in archive.infolist()) <= _LARGE:
            return None
    return ThreadPoolExecutor(1).submit(parse, path)

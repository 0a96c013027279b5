"""Archived sources read back: a cell as it is written, and the table around it, by the same limited reader as loads."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fundtrack.errors import InputError
from fundtrack.load.cells import Book, Sheet, column_index, column_letter
from fundtrack.load.reader import read_book
from fundtrack.load.room import read_books
from fundtrack.store.folders import Folders, sha256_of
from fundtrack.store.trace import Place

AROUND: Final = 5
"""Rows shown above and below a cell."""
_WIDEST: Final = 40
"""Columns shown at most."""
_LARGEST: Final = 50_000_000
"""Bytes of a correction's source; it has a few hundred."""

Raw = Mapping[tuple[str, str, str], str | None]
"""What is written, by table, key and field."""


@dataclass(frozen=True)
class Picture:
    """The table around a cell.

    Attributes:
        file, sheet: where it stands.
        row, column: the cell's row from 1, and its letters.
        columns: letters of the columns shown.
        rows: number of each row shown, and its texts.
        cut: whether columns were left out.
    """

    file: str
    sheet: str
    row: int
    column: str | None
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    cut: bool = False


def raw_values(
    folders: Folders,
    places: Iterable[Place],
    read: Callable[[list[Path]], list[Book | InputError]] | None = None,
) -> Raw:
    """What is written in the cells of places, read back from the archived sources.

    A source that is gone, altered or cannot be read any more gives nothing: `fundtrack verify` says why.
    """
    wanted: dict[str, list[Place]] = {}
    for place in places:
        if place.origin == "cell":
            wanted.setdefault(place.sha256, []).append(place)
    documents = {sha256 for sha256, own in wanted.items() if own[0].kind in {"correction", "reversal"}}
    found: dict[tuple[str, str, str], str | None] = {}
    for sha256 in sorted(documents):
        entries = _entries(folders.source(sha256)) if _whole(folders, sha256) else {}
        found |= {
            (one.table, one.key, one.field): entries.get((one.sheet or "", one.cell or ""))
            for one in wanted[sha256]
        }
    books = sorted(sha256 for sha256 in wanted.keys() - documents if _whole(folders, sha256))
    paths = [folders.source(sha256) for sha256 in books]
    for sha256, book in zip(books, (read or read_books)(paths), strict=True):
        for one in wanted[sha256]:
            found[one.table, one.key, one.field] = (
                None if isinstance(book, InputError) else written(book, one)
            )
    return {(one.table, one.key, one.field): None for own in wanted.values() for one in own} | found


def _whole(folders: Folders, sha256: str) -> bool:
    """True where the source still stands and is what came in; nothing is shown of another."""
    source = folders.source(sha256)
    return source.is_file() and sha256_of(source) == sha256


def written(book: Book, place: Place) -> str | None:
    """The text of a place's cell; None where it is blank or no such cell stands."""
    sheet = _sheet(book, place.sheet)
    if sheet is None or place.column is None:
        return None
    row = place.row or _row_of(sheet, place.header)
    for letters in (place.column, *place.others):
        text = _text(sheet, row, column_index(letters))
        if text is not None:
            return text
    return None


def picture(folders: Folders, place: Place, around: int = AROUND) -> Picture | None:
    """The table around a place's cell; None where the source has no such sheet or is no table.

    Raises:
        InputError: the source cannot be read any more.
    """
    if place.kind in {"correction", "reversal"} or not _whole(folders, place.sha256):
        return None
    book = read_book(folders.source(place.sha256))
    sheet = _sheet(book, place.sheet)
    if sheet is None:
        return None
    row = place.row or _row_of(sheet, place.header)
    first, last = max(1, row - around), min(sheet.text.height, row + around)
    at = column_index(place.column) if place.column else 0
    left = max(0, min(at - _WIDEST // 2, sheet.text.width - _WIDEST))
    columns = range(left, min(sheet.text.width, left + _WIDEST))
    rows = tuple(
        (n, tuple(_text(sheet, n, column) or "" for column in columns)) for n in range(first, last + 1)
    )
    letters = tuple(column_letter(column) for column in columns)
    return Picture(
        place.file, sheet.name, row, place.column, letters, rows, cut=len(columns) < sheet.text.width
    )


def _entries(path: Path) -> dict[tuple[str, str], str]:
    """What was typed, by the place within a correction's document."""
    try:
        with path.open("rb") as file:
            document = json.loads(file.read(_LARGEST))
        return {(each["sheet"], each["cell"]): str(each["typed"]) for each in document["entries"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _sheet(book: Book, name: str | None) -> Sheet | None:
    """The sheet of a name; a file of one sheet has no choice."""
    found = next((sheet for sheet in book.sheets if sheet.name == name), None)
    return found or (book.sheets[0] if len(book.sheets) == 1 else None)


def _row_of(sheet: Sheet, header: str | None) -> int:
    """The row of a cover's label; 1 where it is not there."""
    for n in range(1, min(sheet.text.height, 200) + 1):
        if header and any(text == header for text in sheet.text.row(n - 1)):
            return n
    return 1


def _text(sheet: Sheet, row: int, column: int) -> str | None:
    if not (1 <= row <= sheet.text.height and 0 <= column < sheet.text.width):
        return None
    text: str | None = sheet.text[f"c{column}"][row - 1]
    return text

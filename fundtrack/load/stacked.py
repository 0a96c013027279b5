"""Tables that stand under one another on a sheet of an unknown layout: where each begins, and which one a plan means.

A further table begins below a gap, where a row of words stands that is no data, no total and no signature, and rows of values
stand under it, as they do under the words above the gap. The same words again are a page that goes on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from fundtrack.load.cells import Kind, Sheet
from fundtrack.load.match import plain

_MOST: Final = 2000
_BODY: Final = 60
_LEAST: Final = 3
_DEPTH: Final = 3
_LONGEST: Final = 80
_VALUED: Final = frozenset((Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.BOOL))
_NUMBER: Final = re.compile(r"^[-+(（¥$￥△▲]?\s*[\d０-９][\d０-９,，.．/年月日:：-]*\s*[%％)）元股万亿美]*$")
_TOTAL: Final = re.compile(
    r"^\s*(合\s*计|小\s*计|总\s*计|共\s*计|sub-?total|grand total|total)", re.IGNORECASE
)
_ASIDE: Final = re.compile(r"[(（][^)）]*[)）]")
Cells = list[tuple[str, int]]


@dataclass(frozen=True)
class Part:
    """One of several tables of a sheet.

    Attributes:
        number: from 1.
        start, stop: its rows from 0, titles and gap above it counted in.
    """

    number: int
    start: int
    stop: int


def parts(sheet: Sheet) -> tuple[Part, ...]:
    """Every table of a sheet from top to bottom; one for the whole sheet where nothing stands under another."""
    if not sheet.text.width or not sheet.text.height:
        return (Part(1, 0, sheet.text.height),)
    filled = sheet.text.select(
        pl.sum_horizontal(pl.col(name).is_not_null() for name in sheet.text.columns)
    ).to_series()
    sparse = (filled <= 1).arg_true().head(_MOST).to_list()
    starts, words = [0], _first_words(sheet, 0, sheet.text.height)
    for gap in sparse:
        row = gap + 1
        if row >= len(filled) or filled[row] < _LEAST or row <= starts[-1] or words is None:
            continue
        said = _words(sheet, row)
        if (
            said is None
            or said == words
            or not _values(sheet, row + 1)
            or not _values_between(sheet, starts[-1], gap)
        ):
            continue
        first = gap
        while first > starts[-1] + 1 and filled[first - 1] <= 1:
            first -= 1
        starts.append(first)
        words = said
    stops = [*starts[1:], sheet.text.height]
    return tuple(Part(n, start, stop) for n, (start, stop) in enumerate(zip(starts, stops, strict=True), 1))


def cut(sheet: Sheet, part: Part) -> Sheet:
    """A table's rows as a sheet of their own, to be known again by; merged cells and hidden rows are left out."""
    size = part.stop - part.start
    return replace(
        sheet, text=sheet.text.slice(part.start, size), kind=sheet.kind.slice(part.start, size), merged=(), hidden_rows=frozenset()
    )  # fmt: skip


def _cells(sheet: Sheet, row: int) -> Cells:
    pairs = zip(sheet.text.row(row), sheet.kind.row(row), strict=True)
    return [(cell, kind) for cell, kind in pairs if cell and cell.strip()]


def _valued(cell: str, kind: int) -> bool:
    return kind in _VALUED or bool(_NUMBER.match(cell.strip()))


def _words(sheet: Sheet, row: int) -> frozenset[str] | None:
    """The words of a row that may be a header; None where it cannot be one."""
    cells = _cells(sheet, row)
    if len(cells) < _LEAST or _TOTAL.search(cells[0][0]):
        return None
    for cell, kind in cells:
        if _valued(cell, kind) or kind != Kind.TEXT or len(cell) > _LONGEST:
            return None
        if ":" in (said := _ASIDE.sub("", cell)) or "：" in said:  # who has made and checked it, and when
            return None
    words = [plain(cell) for cell, _ in cells]
    return frozenset(words) if 2 * len(set(words)) >= len(words) else None


def _first_words(sheet: Sheet, start: int, stop: int) -> frozenset[str] | None:
    found = (_words(sheet, row) for row in range(start, min(stop, start + _BODY)))
    return next((words for words in found if words is not None), None)


def _values(sheet: Sheet, row: int) -> bool:
    """True where a row of values stands at once under a header that ends above this row or somewhat below."""
    for at in range(row, min(row + _DEPTH, sheet.text.height)):
        cells = _cells(sheet, at)
        if len(cells) < 2:
            return False
        if any(_valued(cell, kind) for cell, kind in cells):
            return True
    return False


def _values_between(sheet: Sheet, start: int, stop: int) -> bool:
    """True where a header with values under it stands in these rows."""
    rows = range(start, min(stop, start + _BODY))
    return any(_words(sheet, row) is not None and _values(sheet, row + 1) for row in rows)


def chosen(found: Sequence[Part], number: int, known: Sequence[int]) -> Part | None:
    """The table that a plan means: the one whose header has most of its words; of equals the one of its number.

    Args:
        found: the tables of the sheet.
        number: of the table when the plan was made.
        known: for each of them how many of the plan's words its header has.
    """
    most = max(known, default=0)
    like = [part for part, words in zip(found, known, strict=True) if words == most]
    return min(like, key=lambda part: (part.number != number, part.number)) if most else None

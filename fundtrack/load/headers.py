"""Header rows: found under titles, flattened where they have several levels."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from fundtrack.load.cells import Kind, Sheet
from fundtrack.load.match import Meaning, look_up_levels
from fundtrack.load.units import read_unit, unit_line

SEARCH: Final = 40
"""How many rows of a sheet, or below a gap, may stand above a header."""
DEPTH: Final = 3
_LONGEST: Final = 80
_LINE: Final = re.compile(r"[:：]|\d{4}")
"""What stands in a line above a table and not in the title of a group of columns."""
_NO_UNIT: Final = frozenset(("—", "-", "/", "单位"))
_BEFORE_NUMBERS: Final = frozenset(("栏次", "甲", "乙", "丙", "丁", "序号"))
Grid = list[list[str | None]]
Matcher = Callable[[Sequence[str]], Meaning | None]


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's header: its texts from the top level to the lowest, and what they name."""

    index: int
    levels: tuple[str, ...]
    meaning: Meaning | None

    @property
    def written(self) -> str:
        """The header as a person would say it."""
        return " / ".join(self.levels)


@dataclass(frozen=True)
class Head:
    """A header of one to three rows.

    Attributes:
        first, last: its rows, from 0; rows of units and column numbers under it are counted in.
        headings: its columns that have any text.
        below: the row from which data may stand.

    """

    first: int
    last: int
    headings: tuple[Heading, ...]
    below: int

    @property
    def fields(self) -> frozenset[str]:
        """The distinct fields that it names."""
        return frozenset(name for item in self.headings if item.meaning for name in item.meaning.fields[:1])

    @property
    def share(self) -> float:
        """The share of its columns that are known."""
        return sum(item.meaning is not None for item in self.headings) / max(len(self.headings), 1)


def grid(sheet: Sheet, start: int, stop: int) -> Grid:
    """Rows of texts, numbers left out; a cell merged across has its text in each column of its first row."""
    text, kind = sheet.text.slice(start, stop - start), sheet.kind.slice(start, stop - start)
    rows: Grid = [
        [
            cell if cell and of == Kind.TEXT and cell.strip() else None
            for cell, of in zip(cells, kinds, strict=True)
        ]
        for cells, kinds in zip(text.iter_rows(), kind.iter_rows(), strict=True)
    ]
    for top, left, _, right in sheet.merged:
        if not start <= top < stop or left >= sheet.text.width or left == right:
            continue
        said = rows[top - start][left]
        if said is None:
            continue
        for at in range(left, min(right, sheet.text.width - 1) + 1):
            rows[top - start][at] = said
    return rows


def _levels(rows: Grid, first: int, depth: int, at: int, *, soft: bool) -> tuple[str, ...]:
    """The distinct texts of a column from top to bottom; an empty parent is the one to its left, as unmerged files show it."""
    out: list[str] = []
    for row in range(first, first + depth):
        said = rows[row][at]
        if said is None and soft and row < first + depth - 1 and rows[first + depth - 1][at]:
            left = next((n for n in range(at - 1, -1, -1) if rows[row][n]), None)
            said = (
                rows[row][left]
                if left is not None and rows[first + depth - 1][left] != rows[row][left]
                else None
            )
        if said is not None and (not out or out[-1] != said):
            out.append(said)
    return tuple(out)


def headings(rows: Grid, first: int, depth: int, matcher: Matcher, columns: range) -> list[Heading]:
    """The columns of the header that stands in `depth` rows from `first`."""
    out = []
    for at in columns:
        levels = _levels(rows, first, depth, at, soft=False)
        if not levels or any(len(level) > _LONGEST for level in levels):
            continue
        meaning = None
        if depth > 1 and rows[first + depth - 1][at]:
            fuller = _levels(rows, first, depth, at, soft=True)
            meaning = matcher(fuller)
        out.append(Heading(at, levels, meaning or matcher(levels)))
    return out


def find_head(
    sheet: Sheet,
    matcher: Matcher,
    start: int = 0,
    search: int = SEARCH,
    columns: range | None = None,
    *,
    stop: int | None = None,
) -> Head | None:
    """The header that names most fields within the rows searched; of equals the simplest, then the first.

    Args:
        sheet: as read.
        matcher: what headers mean.
        start: the first row to look at.
        search: how many rows may be the header's first.
        columns: to look at; all by default.
        stop: the row before which it must end.
    """
    stop = min(sheet.text.height, start + search + DEPTH, stop or sheet.text.height)
    look = _Look(sheet, grid(sheet, start, stop), start, matcher, columns or range(sheet.text.width))
    best: tuple[tuple[int, int, int], Head] | None = None
    for first in range(min(search, len(look.rows))):
        for depth in range(1, min(DEPTH, len(look.rows) - first) + 1):
            if not look.said(first + depth - 1):
                break
            found = look.headings(first, depth)
            named = {name for item in found if item.meaning for name in item.meaning.fields[:1]}
            rank = (len(named), -depth, -first)
            if named and (best is None or rank > best[0]):
                best = rank, look.head(first, depth, found)
            if depth == 1 and look.plain_enough(first, found):
                return best[1] if best else None
    return look.with_groups(best[1]) if best else None


@dataclass(frozen=True)
class _Look:
    """A search for a header: the rows looked at, the first of which is the sheet's row `start`."""

    sheet: Sheet
    rows: Grid
    start: int
    matcher: Matcher
    columns: range

    def said(self, row: int) -> set[str]:
        """The texts of a row."""
        return {cell for at in self.columns if (cell := self.rows[row][at])}

    def headings(self, first: int, depth: int) -> list[Heading]:
        """The columns of a header."""
        return headings(self.rows, first, depth, self.matcher, self.columns)

    def plain_enough(self, first: int, found: list[Heading]) -> bool:
        """True where every text of a row is known and the row above titles no columns: no need to look on."""
        named = [item.meaning.fields for item in found if item.meaning]
        sure = len(set(named)) == len(found) and all(len(fields) == 1 for fields in named)
        return sure and len(named) >= 3 and (not first or len(self.said(first - 1)) <= 1)

    def head(self, first: int, depth: int, found: list[Heading]) -> Head:
        """A header, the rows of units and of column numbers under it counted in."""
        last = first + depth - 1
        below = last + 1
        while below < len(self.rows) and below - last <= 2:
            units = self._units(below, found)
            if units is None and not self._numbers(below):
                break
            found = [self._with_unit(item, (units or {}).get(item.index)) for item in found]
            below += 1
        return Head(self.start + first, self.start + last, tuple(found), self.start + below)

    def with_groups(self, head: Head) -> Head:
        """The same header with the titles of column groups above it, which may name a unit."""
        while head.first > self.start and head.last - head.first + 1 < DEPTH:
            first, depth = head.first - self.start - 1, head.last - head.first + 2
            texts = self.said(first)
            if len(texts) < 2 or any(
                _LINE.search(said) or read_unit(said) or unit_line(said) for said in texts
            ):
                break
            fuller = self.head(first, depth, self.headings(first, depth))
            if len(fuller.fields) < len(head.fields):
                break
            head = fuller
        return head

    def _with_unit(self, item: Heading, unit: str | None) -> Heading:
        if unit is None or item.meaning is None:
            return item
        levels = (*item.levels, unit)
        return Heading(item.index, levels, self.matcher(levels))

    def _filled(self, row: int) -> dict[int, str]:
        cells = {at: self.sheet.text.item(self.start + row, at) for at in self.columns}
        return {at: said.strip(" ()（）") for at, said in cells.items() if said and said.strip()}

    def _units(self, row: int, found: list[Heading]) -> dict[int, str] | None:
        """The units of a row that holds nothing else, by column."""
        filled = self._filled(row)
        units = {at: said for at, said in filled.items() if said in {"%", "％"} or read_unit(said)}
        others = {said for at, said in filled.items() if at not in units}
        if not units or others - _NO_UNIT or set(filled) - {item.index for item in found}:
            return None
        return units

    def _numbers(self, row: int) -> bool:
        """True for a row that numbers the columns: 1, 2, 3 … after perhaps 栏次, 甲, 乙."""
        cells = [said for said in self._filled(row).values() if said not in _BEFORE_NUMBERS]
        return len(cells) >= 3 and cells == [str(number) for number in range(1, len(cells) + 1)]


def table_matcher(table: str) -> Matcher:
    """What headers mean in a table."""
    return partial(look_up_levels, table)

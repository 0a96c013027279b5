"""Header rows: found under titles, flattened where they have several levels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fundtrack.load.cells import Kind, Sheet
from fundtrack.load.match import Meaning, look_up_levels
from fundtrack.load.units import read_unit

SEARCH: Final = 40
"""How many rows of a sheet, or below a gap, may stand above a header."""
DEPTH: Final = 3
_LONGEST: Final = 80
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
    sheet: Sheet, matcher: Matcher, start: int = 0, search: int = SEARCH, columns: range | None = None
) -> Head | None:
    """The header that names most fields within the rows searched; of equals the simplest, then the first."""
    rows = grid(sheet, start, min(sheet.text.height, start + search + DEPTH))
    columns = columns or range(sheet.text.width)
    best: tuple[tuple[int, int, int], Head] | None = None
    for first in range(min(search, len(rows))):
        if not any(rows[first][at] for at in columns):
            continue
        for depth in range(1, min(DEPTH, len(rows) - first) + 1):
            if depth > 1 and not any(rows[first + depth - 1][at] for at in columns):
                break
            found = headings(rows, first, depth, matcher, columns)
            named = {name for item in found if item.meaning for name in item.meaning.fields[:1]}
            rank = (len(named), -depth, -first)
            if named and (best is None or rank > best[0]):
                best = rank, _head(sheet, rows, start, first, depth, found, matcher, columns)
            if depth == 1 and _plain_enough(rows, first, found, columns):
                return best[1] if best else None
    return _with_groups(sheet, rows, start, best[1], matcher, columns) if best else None


def _with_groups(sheet: Sheet, rows: Grid, start: int, head: Head, matcher: Matcher, columns: range) -> Head:
    """The same header with the titles of column groups above it, which may name a unit."""
    while head.first > start and head.last - head.first + 1 < DEPTH:
        above = rows[head.first - start - 1]
        texts = {above[at] for at in columns if above[at]}
        if len(texts) < 2 or any(":" in (said or "") or "：" in (said or "") for said in texts):
            break
        first, depth = head.first - start - 1, head.last - head.first + 2
        found = headings(rows, first, depth, matcher, columns)
        fuller = _head(sheet, rows, start, first, depth, found, matcher, columns)
        if len(fuller.fields) < len(head.fields):
            break
        head = fuller
    return head


def _plain_enough(rows: Grid, first: int, found: list[Heading], columns: range) -> bool:
    """A row whose every text is known, with no titles of columns above it and none below: no need to look on."""
    known = sum(item.meaning is not None for item in found)
    if known < 3 or known < len(found):
        return False
    above = rows[first - 1] if first else []
    return len({above[at] for at in columns if above and above[at]}) <= 1


def _head(
    sheet: Sheet,
    rows: Grid,
    start: int,
    first: int,
    depth: int,
    found: list[Heading],
    matcher: Matcher,
    columns: range,
) -> Head:
    last = first + depth - 1
    below = last + 1
    while below < len(rows) and below - last <= 2:
        units = _units_below(sheet, rows, start, below, found, columns)
        if units is not None:
            found = [Heading(item.index, (*item.levels, units[item.index]), matcher((*item.levels, units[item.index])))
                     if item.index in units and item.meaning else item for item in found]  # fmt: skip
        elif not _numbers_below(sheet, start + below, columns):
            break
        below += 1
    return Head(start + first, start + last, tuple(found), start + below)


def _units_below(
    sheet: Sheet, rows: Grid, start: int, row: int, found: list[Heading], columns: range
) -> dict[int, str] | None:
    """A row that holds nothing but units: by column."""
    cells = {at: sheet.text.item(start + row, at) for at in columns}
    filled = {at: said for at, said in cells.items() if said and said.strip()}
    units = {
        at: said
        for at, said in filled.items()
        if read_unit(said.strip("()（） ")) or said.strip("()（） ") in {"%", "％"}
    }
    heads = {item.index for item in found}
    if (
        not units
        or set(filled) - heads
        or any(at not in units and said.strip() not in {"—", "-", "/", "单位"} for at, said in filled.items())
    ):
        return None
    return None if rows[row] == [None] * len(rows[row]) else units


def _numbers_below(sheet: Sheet, row: int, columns: range) -> bool:
    """A row that numbers the columns: 1, 2, 3 … after perhaps 栏次, 甲, 乙."""
    if row >= sheet.text.height:
        return False
    cells = [said.strip(" ()（）") for at in columns if (said := sheet.text.item(row, at)) and said.strip()]
    cells = [said for said in cells if said not in {"栏次", "甲", "乙", "丙", "丁", "序号"}]
    return len(cells) >= 3 and cells == [str(number) for number in range(1, len(cells) + 1)]


def table_matcher(table: str, own: Mapping[str, str] | None = None) -> Matcher:
    """What headers mean in a table; a profile's own words come first."""
    return lambda levels: look_up_levels(table, levels, own)

"""Several tables on one sheet, and sheets whose names say nothing: which table a header plainly belongs to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl

from fundtrack.load.cells import Sheet
from fundtrack.load.headers import DEPTH, SEARCH, Grid, Head, Heading, find_head, grid, table_matcher
from fundtrack.load.match import bare, known_words, plain, read_header
from fundtrack.model.fields import Column
from fundtrack.model.rows import COLUMNS, TABLES

_CLEAR: Final = 0.6
"""The least share of a header's columns that must be known for its table to be taken without a name."""
_LIKELY: Final = 0.4
_MOST: Final = 2000
_TITLE: Final = 60
_GUESSED: Final = tuple(
    name for name, model in TABLES.items() if name != "cover" and "S" not in model.info.parts
)


_Seen = tuple[tuple[float, int], str, Head, bool]


@dataclass(frozen=True)
class Block:
    """One table on a sheet: its header, the rows under it and the columns it spans."""

    table: str
    head: Head
    stop: int
    span: range


@dataclass(frozen=True)
class Guess:
    """What a header may belong to.

    Attributes:
        table: the one table that it plainly is.
        candidates: tables among which a person must choose; empty where it is like none.
        head: the header, read as the best of them.

    """

    table: str | None
    candidates: tuple[str, ...]
    head: Head | None


@cache
def _needs(table: str) -> frozenset[str]:
    """Fields without which a sheet is not taken for a table: required ones that follow from nothing else."""
    return frozenset(column.name for column in COLUMNS[table] if column.required and not _follows(column))


def _follows(column: Column) -> bool:
    return column.kind == "currency"


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """Names of tables as they may stand inside a title, the longest first."""
    words = [
        (bare(name), table)
        for table, model in TABLES.items()
        if table in _GUESSED
        for name in (model.info.zh, model.info.en)
    ]
    return tuple(sorted(words, key=lambda pair: -len(pair[0])))


def named_in(texts: Iterable[str]) -> str | None:
    """The table whose name stands in a title or in a sheet's name; the longest name decides.

    >>> named_in(["附表二  出资人情况表（2017年三季度）"]), named_in(["Sheet1"])
    ('investor_commitment', None)
    """
    for text in texts:
        key = bare(text)
        for name, table in _names():
            if name in key:
                return table
    return None


def guess(
    sheet: Sheet,
    hint: str | None,
    start: int = 0,
    search: int = SEARCH,
    span: range | None = None,
    *,
    stop: int | None = None,
) -> Guess:
    """Which table stands on a sheet, by its headers: enough of them known, all that are required among them.

    Args:
        sheet: as read.
        hint: the table that a title or the sheet's name speaks of; it decides between equals.
        start: the first row to look at.
        search: how many rows may be the header's first.
        span: columns to look at; all by default.
        stop: the row before which the header and a row under it must stand.
    """
    seen: list[_Seen] = []
    for table in _GUESSED:
        head = find_head(sheet, table_matcher(table), start, search, span, stop=stop)
        if head is None or len(head.fields) < 2 or (stop is not None and head.below >= stop):
            continue
        known = len(head.fields)
        full = _needs(table) <= head.fields and known >= min(3, len(COLUMNS[table]))
        seen.append(((round(head.share, 3), known), table, head, full and head.share >= _CLEAR))
    clear = _first_on_sheet([item for item in seen if item[3]])
    if clear:
        named = next((item for item in clear if item[1] == hint), None)
        best = clear[0]
        if named is not None or len(clear) == 1 or clear[1][0] < best[0]:
            chosen = named or best
            return Guess(chosen[1], (), chosen[2])
        return Guess(None, tuple(item[1] for item in clear if item[0] == best[0]), best[2])
    likely = sorted(
        (item for item in seen if item[0][0] >= _LIKELY and item[0][1] >= 3),
        key=lambda item: item[0],
        reverse=True,
    )
    return Guess(None, tuple(item[1] for item in likely[:3]), likely[0][2] if likely else None)


def _first_on_sheet(clear: list[_Seen]) -> list[_Seen]:
    """Those that explain the uppermost header, the best first; what stands further down is another table."""
    top = min((item[2].last for item in clear), default=0)
    return sorted((item for item in clear if item[2].first <= top), key=lambda item: item[0], reverse=True)


def above(sheet: Sheet, head: Head) -> Guess | None:
    """What stands above a header: a table of its own, one that only a person can tell, or nothing but titles."""
    if head.first < 2:
        return None
    titles = [
        cell
        for row in sheet.text.head(head.first).iter_rows()
        for cell in row
        if cell and len(cell) <= _TITLE
    ]
    found = guess(sheet, named_in(titles), 0, head.first, stop=head.first)
    if found.table is not None:
        return found
    known = known_words()
    for at, row in enumerate(grid(sheet, 0, head.first - 1)):
        cells = [cell for cell in row if cell]
        words = [plain(cell) in known or plain(read_header(cell).words) in known for cell in cells]
        if len(cells) >= 2 and all(words) and any(sheet.text.row(at + 1)):
            like = [table for table in _GUESSED if _all_known(table, cells)]
            return Guess(None, tuple(like[:5]), _row_head(at, cells)) if like else None
    return found if found.candidates else None


def _all_known(table: str, cells: Sequence[str]) -> bool:
    matcher = table_matcher(table)
    return all(matcher((cell,)) is not None for cell in cells)


def _row_head(at: int, cells: Sequence[str]) -> Head:
    return Head(at, at, tuple(Heading(n, (cell,), None) for n, cell in enumerate(cells)), at + 1)


def blocks(sheet: Sheet, table: str, head: Head) -> tuple[list[Block], list[Guess]]:
    """Every table of a sheet: the first, those stacked under it, those beside it; and the headers that are nobody's.

    Args:
        sheet: as read.
        table: of the first header.
        head: the first header.

    """
    found: list[Block] = []
    unknown: list[Guess] = []
    for each, own, span in _beside(sheet, table, head):
        marks, strange = _below(sheet, own, each, span)
        unknown += strange
        stops = [gap for _, _, gap in marks[1:]] + [sheet.text.height]
        found += [Block(name, at, stop, span) for (name, at, _), stop in zip(marks, stops, strict=True)]
    return found, unknown


def _beside(sheet: Sheet, table: str, head: Head) -> list[tuple[Head, str, range]]:
    """Split a header where an empty column parts two tables that are each complete."""
    whole = [(head, table, range(sheet.text.width))]
    groups = _groups([item.index for item in head.headings])
    if len(groups) < 2:
        return whole
    spans = [
        range(group[0], after[0])
        for group, after in zip(groups, [*groups[1:], [sheet.text.width]], strict=True)
    ]
    out: list[tuple[Head, str, range]] = []
    for span in spans:
        here = guess(sheet, table, head.first, head.last - head.first + 1, span)
        if here.table is None or here.head is None or here.head.share < 0.8:
            return whole
        out.append((here.head, here.table, span))
    fields = [name for each, own, _ in out for name in each.fields if own == table]
    return out if len({own for _, own, _ in out}) > 1 or len(fields) > len(set(fields)) else whole


def _groups(columns: Sequence[int]) -> list[list[int]]:
    groups: list[list[int]] = []
    for at in sorted(columns):
        if groups and at == groups[-1][-1] + 1:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def _below(
    sheet: Sheet, table: str, head: Head, span: range
) -> tuple[list[tuple[str, Head, int]], list[Guess]]:
    """Further headers under the first: (table, header, row from which its title and gap stand)."""
    marks = [(table, head, head.first)]
    unknown: list[Guess] = []
    names = sheet.text.columns[span.start : span.stop]
    filled = sheet.text.select(
        pl.sum_horizontal(pl.col(name).is_not_null() for name in names).alias("n")
    ).to_series()
    sparse = (filled.slice(head.below) <= 1).arg_true() + head.below
    upto = head.below
    for row in sparse.to_list()[:_MOST]:
        at = row + 1
        if at < upto or at >= len(filled) or filled[at] < 2 or row < head.below:
            continue
        last = marks[-1]
        found = _header_at(sheet, at, last, span)
        if found is None:
            continue
        if isinstance(found, Guess):
            unknown.append(found)
            upto = at + DEPTH
            continue
        name, new = found
        upto = new.below
        if name == last[0] and [item.levels for item in new.headings] == [
            item.levels for item in last[1].headings
        ]:
            continue  # the header said again: its rows are passed over as such
        gap = at
        while gap > marks[-1][1].below and filled[gap - 1] <= 1:
            gap -= 1
        marks.append((name, new, gap))
    return marks, unknown


def _header_at(
    sheet: Sheet, at: int, last: tuple[str, Head, int], span: range
) -> tuple[str, Head] | Guess | None:
    """The header that begins in a row: of the same table, of another, or one that only a person can tell."""
    rows: Grid = grid(sheet, at, min(at + DEPTH, sheet.text.height))
    texts = [cell for index, cell in enumerate(rows[0]) if cell and index in span]
    if len(texts) < 2 or not _some_known(rows, span):
        return None
    same = find_head(sheet, table_matcher(last[0]), at, 2, span)
    if same is not None and same.first <= at + 1 and len(same.fields) >= 2 and same.share >= 0.8:
        return last[0], same
    titles = [cell for row in range(max(0, at - 3), at) for cell in sheet.text.row(row) if cell]
    other = guess(sheet, named_in(reversed(titles)), at, 2, span)
    if other.table is not None and other.head is not None:
        return other.table, other.head
    return other if other.candidates else None


def _some_known(rows: Grid, span: range) -> bool:
    """A quick look: at least two cells of the first rows are headers of something."""
    known = known_words()
    cells = [
        cell for row in rows[:2] for at, cell in enumerate(row) if cell and at in span and len(cell) <= 80
    ]
    return sum(plain(cell) in known or plain(read_header(cell).words) in known for cell in cells) >= 2

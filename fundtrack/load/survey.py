"""What a file of an unknown layout holds: each sheet's header, its columns with samples, the tables that it may be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from fundtrack.errors import InputError
from fundtrack.load import match
from fundtrack.load.applied import part_of
from fundtrack.load.blocks import guess, named_in
from fundtrack.load.cells import Book, Kind, Sheet, column_letter
from fundtrack.load.headers import DEPTH, Head, find_head, grid, headings, table_matcher
from fundtrack.load.layout import OWN_SHEETS
from fundtrack.load.lines import read_lines
from fundtrack.load.match import Meaning, bare, match_sheet, read_header
from fundtrack.load.profiles import Plan, Profile, known_profiles, load_profile
from fundtrack.load.proposals import ColumnSeen, likely_tables
from fundtrack.load.propose import widest
from fundtrack.load.stacked import Part, cut, parts
from fundtrack.load.units import Corner, corner, read_unit

State = Literal["known", "ask", "aside"]
_SAMPLES: Final = 3
_NEAR: Final = 0.6
_SCANNED: Final = 200
_SEPARATORS: Final = ("|", "｜", "/", ">", "→", "-", "_", "、", ";", "；")
_NO_UNIT: Final = Corner()


@dataclass(frozen=True)
class SheetSeen:
    """One sheet of a file.

    Attributes:
        sheet: as read.
        state: `known` is loaded without a word, `ask` needs a person, `aside` is a cover, empty or our own notes.
        rows: first and last row of the header, from 1; None where no row is like one.
        columns: under that header.
        tables: what it may be, the likeliest first.
        corner: the unit that the lines above the header name.
        part: the table of the sheet that is meant, where several stand under one another; None for the whole sheet.

    """

    sheet: Sheet
    state: State
    rows: tuple[int, int] | None
    columns: tuple[ColumnSeen, ...]
    tables: tuple[str, ...]
    corner: Corner = _NO_UNIT
    part: Part | None = None


def survey(book: Book, profile: Profile | None = None) -> tuple[SheetSeen, ...]:
    """Look at every sheet of a file.

    Args:
        book: as read.
        profile: what is known of its layout already.

    """
    match.refresh()
    return tuple(_sheet(sheet, profile.plans(sheet.name) if profile else []) for sheet in book.sheets)


def _sheet(sheet: Sheet, plans: Sequence[Plan]) -> SheetSeen:
    table = match_sheet(sheet.name)
    filled = bool(sheet.text.height and sheet.text.width)
    if table == "cover" or not filled or bare(sheet.name) in OWN_SHEETS:
        return SheetSeen(sheet, "aside", None, (), ())
    plans = [plan for plan in plans if not plan.by_itself]
    rows = next((plan.header_rows for plan in plans if plan.header_rows), None)
    seen = look(sheet, (rows[0], rows[1]) if rows else None)
    known = table if table and find_head(sheet, table_matcher(table)) else guess(sheet, _hint(sheet)).table
    if plans:
        return replace(seen, tables=tuple(plan.table for plan in plans if plan.table))
    return replace(seen, state="known", tables=(known,)) if known else seen


def each_table(seen: SheetSeen, plans: Sequence[Plan]) -> list[tuple[SheetSeen, list[Plan]]]:
    """Look at each of the tables that stand under one another on a sheet, with what a profile says of it.

    Args:
        seen: the sheet.
        plans: what a saved profile says of the sheet.

    """
    found = parts(seen.sheet)
    if len(found) < 2 or (plans and not any(plan.part > 1 for plan in plans)):
        return [(seen, list(plans))]
    out = []
    for part in found:
        own = [plan for plan in plans if part_of(seen.sheet, plan, plans)[0] == part]
        one = look(seen.sheet, part=part)
        tables = tuple(plan.table for plan in own if plan.table)
        out.append((replace(one, tables=tables) if own else one, own))
    return out


def look(sheet: Sheet, rows: tuple[int, int] | None = None, part: Part | None = None) -> SheetSeen:
    """Look at a sheet by a header of one's own choosing, or by the likeliest.

    Args:
        sheet: as read.
        rows: first and last row of the header, from 1.
        part: the table of the sheet that is meant.

    """
    start, stop = (part.start, part.stop) if part else (0, sheet.text.height)
    if rows:
        head = _built(sheet, rows[0] - 1, rows[1] - 1)
    else:
        head = _head(cut(sheet, part)) if part else _head(sheet)
        if head is not None and part:
            head = _built(sheet, start + head.first, start + head.last)
    if head is None:
        return SheetSeen(sheet, "ask", None, (), (), part=part)
    columns = tuple(_column(sheet, head, n, stop) for n in range(len(head.headings)))
    columns = tuple(column for column in columns if column.header.strip())
    above = sheet.text.slice(start, max(head.first - start, 0)).rows()
    top = [row for row in above if sum(cell is not None for cell in row) <= 6]
    tables = likely_tables(columns, _hint(cut(sheet, part) if part else sheet))
    rows = (head.first + 1, head.last + 1)
    return SheetSeen(sheet, "ask", rows, columns, tables, corner(reversed(top)), part)


def _hint(sheet: Sheet) -> str | None:
    titles = [cell for row in sheet.text.head(5).iter_rows() for cell in row if cell and len(cell) <= 60]
    return named_in([sheet.name, *titles[:10]])


def _nothing_known(levels: Sequence[str]) -> Meaning | None:  # noqa: ARG001 - a matcher that knows no header
    return None


def _head(sheet: Sheet) -> Head | None:
    """The header that one table knows half of; else the first row of texts as wide as the table, and what it is merged with."""
    seen = guess(sheet, _hint(sheet))
    if seen.head is not None and len(seen.head.fields) > 1 and seen.head.share >= 0.5:
        return _built(sheet, seen.head.first, seen.head.last)
    wide = widest(sheet)
    if wide is None:
        return None
    last = wide.first
    for top, left, bottom, right in sheet.merged:
        if top == wide.first and left < sheet.text.width and (bottom > top or right > left):
            last = max(last, bottom if bottom > top else top + 1)
    last = min(last, wide.first + DEPTH - 1, sheet.text.height - 1)
    while last > wide.first and any(kind in {Kind.NUMBER, Kind.DATE} for kind in sheet.kind.row(last)):
        last -= 1
    return _built(sheet, wide.first, last)


def _built(sheet: Sheet, first: int, last: int) -> Head | None:
    if last >= sheet.text.height or not 0 <= first <= last < first + DEPTH:
        return None
    rows = grid(sheet, first, last + 1)
    found = headings(rows, 0, last - first + 1, _nothing_known, range(sheet.text.width))
    return Head(first, last, tuple(found), last + 1) if found else None


def _column(sheet: Sheet, head: Head, at: int, stop: int) -> ColumnSeen:
    item = head.headings[at]
    cells = sheet.text[f"c{item.index}"].slice(head.below, max(stop - head.below, 0)).drop_nulls()
    cells = cells.filter(cells.str.strip_chars() != "").head(_SCANNED)
    factor, currency = None, None
    for level in item.levels:
        said = read_header(level)
        factor, currency = said.factor or factor, said.currency or currency
    separator = _separator(cells.to_list())
    parts = (
        tuple(part.strip() for part in max(cells, key=lambda text: text.count(separator)).split(separator))
        if separator
        else ()
    )
    samples = tuple(cells.unique(maintain_order=True).head(_SAMPLES).to_list())
    return ColumnSeen(item.written, column_letter(item.index), samples, factor, currency, separator, parts)


def _separator(texts: Sequence[str]) -> str:
    """What cuts most texts of a column in at least three parts of words.

    >>> _separator(["中国|浙江省|杭州市", "中国|浙江省"]), _separator(["2017-06-30"]), _separator(["甲-乙"])
    ('|', '', '')
    """
    for mark in _SEPARATORS:
        cut = [
            text
            for text in texts
            if text.count(mark) >= 2 and not re.search(r"\d", text) and all(text.split(mark))
        ]
        if cut and 2 * len([text for text in texts if mark in text]) >= len(texts):
            return mark
    return ""


def currency_named(book: Book, sheets: Sequence[SheetSeen]) -> str | None:
    """The one currency that headers and the lines around the tables name; None where they name none or several.

    Args:
        book: as read.
        sheets: of the book.

    """
    lines = read_lines(book).values
    unit = read_unit(str(lines["unit"])) if "unit" in lines else None
    said = {str(lines["currency"])} if "currency" in lines else set()
    said |= {unit.currency} if unit and unit.currency else set()
    said |= {seen.corner.currency for seen in sheets if seen.corner.currency}
    said |= {column.currency for seen in sheets for column in seen.columns if column.currency}
    return said.pop() if len(said) == 1 else None


def nearest_profile(folder: Path, book: Book) -> Profile | None:
    """The saved profile that speaks of most headers of a book, at least six tenths; for a layout that has changed a little.

    Args:
        folder: of the saved profiles.
        book: as read.

    """
    best: tuple[float, Profile] | None = None
    sheets = [
        (sheet.name, {match.plain(column.header) for column in look(sheet).columns}) for sheet in book.sheets
    ]
    for name in known_profiles(folder):
        try:
            profile = load_profile(folder, name)
        except InputError:
            continue
        for plan in profile.sheets:
            said = {
                match.plain(header)
                for header in (*plan.fields, *(split.header for split in plan.splits.values()))
            }
            for title, headers in sheets:
                share = len(said & headers) / max(len(said | headers), 1)
                if share >= _NEAR and (best is None or share > best[0]):
                    best = share, _moved(profile, plan.sheet, title)
    return best[1] if best else None


def _moved(profile: Profile, sheet: str, title: str) -> Profile:
    """A profile with one sheet called otherwise, its header found anew."""
    plans = [
        plan.model_copy(update={"sheet": title, "header_rows": None}) if plan.sheet == sheet else plan
        for plan in profile.sheets
    ]
    return profile.model_copy(update={"sheets": plans})

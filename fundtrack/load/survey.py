"""What a file of an unknown layout holds: each sheet's header, its columns with samples, the tables that it may be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal

from fundtrack.load import match
from fundtrack.load.blocks import guess, named_in
from fundtrack.load.cells import Book, Kind, Sheet, column_letter
from fundtrack.load.headers import DEPTH, Head, find_head, grid, headings, table_matcher
from fundtrack.load.layout import OWN_SHEETS
from fundtrack.load.lines import read_lines
from fundtrack.load.match import Meaning, bare, match_sheet, read_header
from fundtrack.load.profiles import Plan, Profile
from fundtrack.load.propose import candidates, widest
from fundtrack.load.units import Corner, corner, read_unit
from fundtrack.model.frames import find_column
from fundtrack.model.rows import COLUMNS, TABLES

State = Literal["known", "ask", "aside"]
LIKELY: Final = 80.0
"""From this score on a proposal is put into the answer, for a person to look over; below it is only named."""
_COUNTS: Final = 60.0
_HINTED: Final = 0.3
_SAMPLES: Final = 3
_SCANNED: Final = 200
_SEPARATORS: Final = ("|", "｜", "/", ">", "→", "-", "_", "、", ";", "；")
_NO_UNIT: Final = Corner()
OFFERED: Final = tuple(
    name for name, model in TABLES.items() if name != "cover" and "S" not in model.info.parts
)
"""Tables that a sheet may be given to."""


@dataclass(frozen=True)
class ColumnSeen:
    """One column of a sheet.

    Attributes:
        header: as written, the levels of a merged header joined by “ / ”; what a profile calls it.
        letter: its letters.
        samples: the first values under it.
        factor, currency: the unit that its header names.
        separator: what cuts its texts into parts; empty where nothing does.
        parts: the first text cut by it.

    """

    header: str
    letter: str
    samples: tuple[str, ...]
    factor: Decimal | None = None
    currency: str | None = None
    separator: str = ""
    parts: tuple[str, ...] = ()


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

    """

    sheet: Sheet
    state: State
    rows: tuple[int, int] | None
    columns: tuple[ColumnSeen, ...]
    tables: tuple[str, ...]
    corner: Corner = _NO_UNIT


@dataclass(frozen=True)
class Proposed:
    """What a column may be in a table.

    Attributes:
        field: proposed; empty where nothing is likely.
        score: from 0 to 100; 100 is a header that the dictionary knows or a saved profile names.
        others: further fields with their scores, best first.
        undecided: the header names several fields equally, so that only a person can choose.

    """

    field: str = ""
    score: float = 0.0
    others: tuple[tuple[str, float], ...] = ()
    undecided: bool = False


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


def look(sheet: Sheet, rows: tuple[int, int] | None = None) -> SheetSeen:
    """Look at a sheet by a header of one's own choosing, or by the likeliest.

    Args:
        sheet: as read.
        rows: first and last row of the header, from 1.

    """
    head = _built(sheet, rows[0] - 1, rows[1] - 1) if rows else _head(sheet)
    if head is None:
        return SheetSeen(sheet, "ask", None, (), ())
    columns = tuple(_column(sheet, head, n) for n in range(len(head.headings)))
    columns = tuple(column for column in columns if column.header.strip())
    top = [row for row in sheet.text.head(head.first).rows() if sum(cell is not None for cell in row) <= 6]
    tables = likely_tables(columns, _hint(sheet))
    return SheetSeen(sheet, "ask", (head.first + 1, head.last + 1), columns, tables, corner(reversed(top)))


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


def _column(sheet: Sheet, head: Head, at: int) -> ColumnSeen:
    item = head.headings[at]
    cells = sheet.text[f"c{item.index}"].slice(head.below).drop_nulls()
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


def _score(table: str, header: str) -> tuple[tuple[str, float], ...]:
    parts = header.split(" / ")
    whole = candidates(table, "".join(parts)) if len(parts) > 1 else ()
    own = candidates(table, parts[-1])
    return whole if whole and (not own or whole[0][1] > own[0][1]) else own


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


def likely_tables(columns: Sequence[ColumnSeen], hint: str | None, most: int = 5) -> tuple[str, ...]:
    """The tables that columns may belong to: how many of them it knows, how much of what it needs is there, what a title says.

    Args:
        columns: of a sheet.
        hint: the table that a title speaks of.
        most: how many to give.

    """
    ranked = []
    for table in OFFERED:
        fields = {
            item.field: item.score for item in proposals(table, columns).values() if item.score >= _COUNTS
        }
        needed = [column.name for column in COLUMNS[table] if column.required and column.kind != "currency"]
        met = sum(name in fields for name in needed) / max(len(needed), 1)
        score = sum(fields.values()) / 100 / max(len(columns), 1) + 0.3 * met + _HINTED * (table == hint)
        if fields:
            ranked.append((-round(score, 4), OFFERED.index(table), table))
    return tuple(table for _, _, table in sorted(ranked)[:most])


def proposals(table: str, columns: Sequence[ColumnSeen], plan: Plan | None = None) -> dict[str, Proposed]:
    """What each header may be in a table; a field is proposed for one column only, the one most like it.

    Args:
        table: of the data dictionary.
        columns: of the sheet.
        plan: what was said of this layout before; it is believed.

    """
    said = {match.plain(header): field for header, field in plan.fields.items()} if plan else {}
    split = {match.plain(each.header): field for field, each in plan.splits.items()} if plan else {}
    found: dict[str, Proposed] = {}
    open_: list[tuple[float, int, str, str]] = []
    for at, column in enumerate(columns):
        key = match.plain(column.header)
        if plan is not None and (key in said or key in split):
            found[column.header] = Proposed(split.get(key) or said.get(key, ""), 100.0)
            continue
        like = _score(table, column.header)
        exact = [field for field, score in like if score == 100]
        found.setdefault(column.header, Proposed(others=like, undecided=len(exact) > 1))
        if len(exact) < 2:
            open_ += [(-score, at, column.header, field) for field, score in like if score >= LIKELY]
    taken = {each.field for each in found.values() if each.field}
    for negative, _, header, field in sorted(open_):
        if field not in taken and not found[header].field:
            taken.add(field)
            others = tuple(pair for pair in found[header].others if pair[0] != field)
            found[header] = Proposed(field, -negative, others)
    return found


def companions(table: str, headers: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """Tables that a table's rows name and that the same columns can fill: the fund and the manager of a list of reports.

    Args:
        table: chosen for the sheet.
        headers: header → field, as chosen.

    Returns:
        Each such table with header → field, those that others need last.
    """
    by_field = {field: header for header, field in headers.items() if field}
    found: list[tuple[str, dict[str, str]]] = []
    waiting = [(find_column(table, field).refers, header) for field, header in by_field.items()]
    while waiting:
        other, header = waiting.pop(0)
        if other is None or other == table or other in {name for name, _ in found}:
            continue
        fields = {header: "name"}
        for item in headers:
            like = _score(other, item)
            exact = like[0][0] if like and like[0][1] == 100 else ""
            if (
                exact
                and item not in fields
                and exact not in fields.values()
                and find_column(other, exact).required
            ):
                fields[item] = exact
        needed = [column.name for column in COLUMNS[other] if column.required and column.kind != "currency"]
        if set(needed) <= set(fields.values()):
            found.append((other, fields))
            waiting += [(find_column(other, field).refers, item) for item, field in fields.items()]
    return found

"""Which saved profile knows a file: layouts told by their headers, in any order, whatever the period."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from fundtrack.errors import InputError
from fundtrack.load.cells import Book, Kind, Sheet
from fundtrack.load.match import plain
from fundtrack.load.profiles import Plan, Profile, loose, read_profile
from fundtrack.load.stacked import cut, parts

_SEARCH: Final = 40


def fingerprint(sheet: Sheet) -> str:
    """What tells a sheet's layout: its headers in any order, without digits and units' blanks; empty where it has none.

    The header is taken to be the first row of texts that is at least six tenths as wide as the widest, so that what
    fundtrack knows of headers, which grows, does not change it.
    """
    text, kind = sheet.text.head(_SEARCH), sheet.kind.head(_SEARCH)
    rows = [
        [(cell, of) for cell, of in zip(cells, kinds, strict=True) if cell and cell.strip()]
        for cells, kinds in zip(text.iter_rows(), kind.iter_rows(), strict=True)
    ]
    widest = max((len(row) for row in rows), default=0)
    wide = [row for row in rows if len(row) >= max(2, 0.6 * widest)]
    row = next((row for row in wide if all(of == Kind.TEXT for _, of in row)), None)
    if row is None:  # years or dates among the headers
        row = next((row for row in wide if 2 * sum(of == Kind.TEXT for _, of in row) >= len(row)), None)
    if row is None:
        return ""
    words = sorted({re.sub(r"\d+", "0", plain(cell)) for cell, _ in row})
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:20]


def find_profile(folder: Path, book: Book) -> Profile | None:
    """The saved profile whose sheets are all in a book; of several the one that knows most of it, then by name.

    A profile that cannot be read is passed over here; asked for by name it says what is wrong.
    """
    if not folder.is_dir():
        return None
    prints = [(loose(sheet.name), fingerprint(each)) for sheet in book.sheets for each in _tables(sheet)]
    found: list[tuple[int, str, Profile]] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            profile = read_profile(path)
        except InputError:
            continue
        wanted = {(loose(plan.sheet), plan.fingerprint) for plan in profile.sheets if plan.fingerprint}
        alone = len(book.sheets) == 1 and {of for _, of in wanted} <= {of for _, of in prints}
        if wanted and (wanted <= set(prints) or alone):
            found.append((-len(wanted), profile.name, profile))
    chosen = min(found, key=lambda item: item[:2], default=None)
    return _for_book(chosen[2], book) if chosen else None


def _tables(sheet: Sheet) -> list[Sheet]:
    """A sheet, and each of the tables that stand under one another on it."""
    found = parts(sheet)
    return [sheet, *(cut(sheet, part) for part in found if len(found) > 1)]


def _for_book(profile: Profile, book: Book) -> Profile:
    """A one-sheet file's sheet may be called anything."""
    names = {loose(plan.sheet) for plan in profile.sheets}
    if len(book.sheets) != 1 or len(names) != 1 or loose(book.sheets[0].name) in names:
        return profile
    return profile.model_copy(
        update={"sheets": [plan.model_copy(update={"sheet": book.sheets[0].name}) for plan in profile.sheets]}
    )


def plan_for(sheet: Sheet, table: str, fields: Mapping[str, str], **more: Any) -> Plan:
    """The plan of a sheet by what a person chose for its headers, ready to be saved in a profile.

    Args:
        sheet: as read.
        table: that its rows belong to.
        fields: header as proposed → field, empty to pass over the column.
        more: whatever else a plan can say.
    """
    return Plan(sheet=sheet.name, table=table, fields=dict(fields), fingerprint=fingerprint(sheet), **more)

"""Industries as of GB/T 4754: any code people write, read as section and division of the edition in force.

A code is a section's letter, two to four digits, or both (`I`, `65`, `6510`, `I6510`); its first two digits
are the division. The edition is the last in force on the day, before 2011-11 the first known; where the
letter written is not the division's in that edition but is in another, it is that one (O79 is 居民服务业 of
2011, N79 土地管理业 of 2017). Whatever fits none stays null. Source: seeds/industries.csv.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import polars as pl

from fundtrack.metrics.entities import fold

_CODE: Final = re.compile(r"^([A-T])?([0-9]{2})?[0-9]{0,2}$")

RESOLVED: Final[dict[str, pl.DataType]] = {
    "written": pl.String(), "section": pl.String(), "section_name": pl.String(), "division": pl.String(),
    "division_name": pl.String(), "edition": pl.String(),
}  # fmt: skip
"""The columns of what was read."""


def industries_at(table: pl.DataFrame, written: Iterable[str | None], day: date) -> pl.DataFrame:
    """Read each different code as section and division on a day, with the columns of RESOLVED.

    Args:
        table: the table `industry`.
        written: codes as senders write them.
        day: when.

    """
    editions = table.select("edition", "valid_from").unique().sort("valid_from", "edition").rows()
    begun = [edition for edition, valid_from in editions if valid_from <= day] or [
        edition for edition, _ in editions[:1]
    ]
    order = [*reversed(begun), *[edition for edition, _ in editions if edition not in begun]]
    names = {
        (edition, code): (name, parent)
        for edition, code, name, parent in table.select("edition", "code", "name", "parent").iter_rows()
    }
    rows: list[dict[str, Any]] = []
    for text in sorted({text for text in written if text}):
        found = next((row for edition in order if (row := _read(text, edition, names))), {})
        rows.append({"written": text} | found)
    return pl.DataFrame(rows, schema=RESOLVED)


def _read(
    text: str, edition: str, names: dict[tuple[str, str], tuple[str, str | None]]
) -> dict[str, str | None] | None:
    """Read a code by one edition; nothing where it does not fit."""
    parts = _CODE.match(fold(text).upper())
    if not parts or not (parts[1] or parts[2]):
        return None
    division, (name, section) = parts[2], names.get((edition, parts[2] or ""), (None, parts[1]))
    unfit = division and name is None
    if unfit or section is None or (parts[1] and parts[1] != section) or (edition, section) not in names:
        return None
    return {
        "section": section,
        "section_name": names[edition, section][0],
        "division": division,
        "division_name": name,
        "edition": edition,
    }

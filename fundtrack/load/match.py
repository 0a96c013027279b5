"""Headers to fields: what a written header names, and in which unit."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from fundtrack.load.values import fold
from fundtrack.model.rows import COLUMNS, TABLES
from fundtrack.money import unit_factor

_UNIT_PART: Final = re.compile(r"[(\[]\s*(?:单位[::]?)?\s*([^()\[\]]*?)\s*[)\]]$")
_STARS: Final = re.compile(r"[*＊☆★]")


def bare(header: str) -> str:
    """A header without what never matters: width, blanks, line breaks, stars, letter case.

    >>> bare("认缴规模＊\\n（亿元）")
    '认缴规模(亿元)'
    """
    return _STARS.sub("", "".join(fold(header).split())).lower()


@dataclass(frozen=True, slots=True)
class Header:
    """A header read: its words, the unit factor and currency it names, whether it says percent."""

    words: str
    factor: Decimal | None = None
    currency: str | None = None
    percent: bool = False


def read_header(written: str) -> Header:
    """Split the unit off a header.

    >>> read_header("认缴规模（亿元）")
    Header(words='认缴规模', factor=Decimal('100000000'), currency=None, percent=False)
    >>> read_header("持股比例(%)").percent, read_header("让利期限（年）").words
    (True, '让利期限(年)')
    """
    text = bare(written)
    found = _UNIT_PART.search(text)
    if not found:
        return Header(text)
    unit = found[1]
    if unit in {"%", "percent", "百分比", "‰"}:
        return Header(text[: found.start()], percent=True)
    known = unit_factor(unit)
    return Header(text[: found.start()], known[0], known[1]) if known else Header(text)


@cache
def words_of(table: str) -> dict[str, str]:
    """Every exact header of a table, bare, and the field it names."""
    found: dict[str, str] = {}
    for column in COLUMNS[table]:
        for alias in column.aliases:
            found.setdefault(bare(alias), column.name)
    for column in COLUMNS[table]:
        found |= dict.fromkeys((column.name, bare(column.en), bare(column.zh)), column.name)
    return found


def match_header(table: str, written: str) -> tuple[str, Header] | None:
    """The field that a header names exactly, by Chinese or English title, alias or field name."""
    words = words_of(table)
    whole = bare(written)
    if whole in words:
        return words[whole], Header(whole)
    header = read_header(written)
    return (words[header.words], header) if header.words in words else None


@cache
def _sheets() -> dict[str, str]:
    found: dict[str, str] = {}
    for table, model in TABLES.items():
        for name in (table, model.info.en, model.info.zh):
            found[bare(name)] = table
    return found


def match_sheet(written: str) -> str | None:
    """The table that a sheet's name means, or None."""
    return _sheets().get(bare(written))

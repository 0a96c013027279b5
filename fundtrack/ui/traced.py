"""Numbers that lead to their trace: a number is its own link, in tables, facts and sentences."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final

from fundtrack.store.trace import address
from fundtrack.ui.address import BY_BROWSER, KEPT, along
from fundtrack.ui.html import esc

_NUMBER: Final = re.compile(r"(?<![A-Za-z0-9_\-/.])[+\-−]?\d[\d,]*(?:\.\d+)?(?![\d\-/])")
_YEAR: Final = re.compile(r"(19|20)\d\d")
_KEPT: Final = tuple(name for name in KEPT if name not in BY_BROWSER)
_DATE: Final = re.compile(
    r"\d{4}-\d{2}(-\d{2})?|\d{4}年(\d{1,2}月)?(\d{1,2}日)?|\d{1,2} [A-Z][a-z]{2,8} \d{4}"
)


@dataclass(frozen=True)
class Asked:
    """Which figure a number is.

    Attributes:
        figure: a target's code, a metric, or `table.key.field`.
        of: whose; empty for all.
        currency: of which, where the entity has several.
        as_of: the day, where it is not the page's.
    """

    figure: str
    of: str = ""
    currency: str = ""
    as_of: date | None = None

    @property
    def mark(self) -> str:
        """The figure in one text, as tests and scripts read it off the page."""
        return "|".join((self.figure, self.of, self.currency, self.as_of.isoformat() if self.as_of else ""))

    @property
    def link(self) -> str:
        """The address of its trace, which keeps language, edition and day; the browser adds the filters, see `along.js`."""
        day = {"as_of": self.as_of.isoformat()} if self.as_of else {}
        return "trace?" + along(_KEPT, figure=self.figure, of=self.of, currency=self.currency, **day)


@dataclass(frozen=True)
class Listed:
    """The list that a number counts: a page with what it shall show."""

    page: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def link(self) -> str:
        """The address of the list, which keeps language, edition and day."""
        return f"{self.page}?" + along(**dict(self.query))


def traced(
    text: object, figure: str, of: object = "", currency: object = "", as_of: date | None = None
) -> str:
    """A number as HTML, linked to its trace; what holds no digit is plain text."""
    asked = Asked(figure, str(of or ""), str(currency or ""), as_of)
    return _link(str(text), asked) if any(letter.isdigit() for letter in str(text)) else esc(text)


def traced_field(text: object, table: str, row: Mapping[str, Any], field: str) -> str:
    """A field of a ledger row as HTML, linked to its cell; a row without a key is plain text."""
    key = row.get("row_key")
    return traced(text, address(table, str(key), field)) if key else esc(text)


def linked(text: str, known: Iterable[tuple[str, Asked | Listed]], rest: Asked | None = None) -> str:
    """A sentence as HTML in which known numbers lead to their traces, and all others to the figure it is about.

    Args:
        text: the sentence.
        known: what stands in it, as written, and the figure that it is or the list that it counts; the longest is found first, each once.
        rest: where the sentence's other numbers lead; dates and years are no numbers.
    """
    places: list[tuple[int, int, str, Asked | Listed]] = []

    def free(start: int, end: int) -> bool:
        return all(end <= begin or start >= stop for begin, stop, _, _ in places)

    for words, asked in sorted(known, key=lambda each: -len(each[0])):
        whole = re.compile(rf"(?<![\d.,]){re.escape(words)}(?![\d]|[.,]\d)")
        found = next((at for at in whole.finditer(text) if free(*at.span())), None)
        if found is not None and any(letter.isdigit() for letter in words):
            places.append((*found.span(), "tr", asked))
    if rest is not None:
        dates = [at.span() for at in _DATE.finditer(text)]
        for at in _NUMBER.finditer(text):
            dated = any(begin <= at.start() < stop for begin, stop in dates)
            if not dated and not _YEAR.fullmatch(at.group()) and free(*at.span()):
                places.append((*at.span(), "tr about", rest))
    out, done = [], 0
    for start, end, kind, asked in sorted(places, key=lambda place: place[0]):
        out += [esc(text[done:start]), _link(text[start:end], asked, kind)]
        done = end
    return "".join([*out, esc(text[done:])])


def _link(text: str, asked: Asked | Listed, kind: str = "tr") -> str:
    mark = f'data-trace="{escape(asked.mark)}" ' if isinstance(asked, Asked) else ""
    return f'<a class="{kind}" {mark}href="{escape(asked.link)}">{esc(text)}</a>'

"""What an unknown header may mean: proposals for a person to accept, never taken by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from fundtrack.load import match
from fundtrack.load.cells import Sheet, column_letter
from fundtrack.load.headers import Head, Heading, find_head, table_matcher
from fundtrack.load.match import look_up, meanings, plain, read_header

_LEAST: Final = 45.0
_SAMPLES: Final = 3


@dataclass(frozen=True)
class Proposal:
    """One column of a foreign sheet and what it may be.

    Attributes:
        header: as written.
        column: its letters.
        candidates: (field, score from 0 to 100), best first; one of 100 alone is an exact match, several are a question.
        samples: the first values under it.

    """

    header: str
    column: str
    candidates: tuple[tuple[str, float], ...]
    samples: tuple[str, ...] = ()

    @property
    def certain(self) -> str | None:
        """The field that the header names exactly; None where a person must decide."""
        exact = [field for field, score in self.candidates if score == 100]
        return exact[0] if len(exact) == 1 else None


def candidates(table: str, header: str, most: int = 5) -> tuple[tuple[str, float], ...]:
    """Fields that a header may mean, best first, with a score from 0 to 100.

    >>> candidates("partner_fund", "合作基金之认缴总规模")[0][0]
    'committed_size'
    """
    return _candidates(table, header, most, match.aliases_in_use())


@lru_cache(maxsize=8192)
def _candidates(table: str, header: str, most: int, _aliases: object) -> tuple[tuple[str, float], ...]:
    exact = look_up(table, header)
    if exact:
        return tuple((field, 100.0) for field in exact.fields)
    words = plain(read_header(header).words)
    if len(words) < 2:
        return ()
    best: dict[str, float] = {}
    for known, fields in meanings(table).items():
        score = _score(words, known)
        for field in fields:
            best[field] = max(best.get(field, 0.0), score)
    ranked = sorted(
        ((field, round(score, 1)) for field, score in best.items() if score >= _LEAST),
        key=lambda pair: (-pair[1], pair[0]),
    )
    return tuple(ranked[:most])


def _score(words: str, known: str) -> float:
    """Likeness below 100: letters shared in order, and less for words that only stand within longer ones."""
    whole: float = fuzz.ratio(words, known)
    within: float = fuzz.partial_ratio(words, known) * 0.9 if min(len(words), len(known)) >= 3 else 0.0
    short = min(len(words), len(known)) / max(len(words), len(known))
    return min(99.0, max(whole, within * (0.6 + 0.4 * short)))


def propose(sheet: Sheet | Sequence[str], table: str, head: Head | None = None) -> list[Proposal]:
    """What each column of a sheet may be in a table.

    Args:
        sheet: a sheet as read, or its headers alone.
        table: of the data dictionary.
        head: the header, where it is known already.

    """
    match.refresh()
    if not isinstance(sheet, Sheet):
        return [
            Proposal(header, column_letter(at), candidates(table, header))
            for at, header in enumerate(sheet)
            if header
        ]
    head = head or find_head(sheet, table_matcher(table)) or widest(sheet)
    if head is None:
        return []
    found = []
    for item in head.headings:
        cells = sheet.text[f"c{item.index}"].slice(head.below).drop_nulls()
        samples = tuple(cells.filter(cells.str.strip_chars() != "").head(_SAMPLES).to_list())
        like = (
            tuple((field, 100.0) for field in item.meaning.fields)
            if item.meaning
            else candidates(table, item.levels[-1])
        )
        found.append(Proposal(item.written, column_letter(item.index), like, samples))
    return found


def widest(sheet: Sheet) -> Head | None:
    """The first row that is at least six tenths as wide as the widest."""
    rows = sheet.text.head(40).rows()
    counts = [sum(bool(cell and cell.strip()) for cell in row) for row in rows]
    at = next((n for n, count in enumerate(counts) if count >= max(2, 0.6 * max(counts))), None)
    return None if at is None else header_row(sheet, at)


def header_row(sheet: Sheet, at: int) -> Head:
    """A row taken as the header, its columns not yet known."""
    cells = sheet.text.row(at)
    return Head(
        at,
        at,
        tuple(Heading(n, (cell,), None) for n, cell in enumerate(cells) if cell and cell.strip()),
        at + 1,
    )

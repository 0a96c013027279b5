"""The words of a new layout that nobody knows: of choices, of yes and no, of currencies; each to be given a meaning once."""

from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from fundtrack.load.cells import Book, Kind
from fundtrack.load.layout import find_tables
from fundtrack.load.profiles import Profile
from fundtrack.load.values import Context, Wrong, parse_value
from fundtrack.model.fields import Column
from fundtrack.model.frames import find_column

WORDED: Final = frozenset(("choice", "flag", "currency"))
"""Kinds of fields whose words must be known."""
LONGEST: Final = 300
"""What a profile holds of a word."""
_MOST_WORDS: Final = 60
_FEW: Final = 12


@dataclass(frozen=True)
class WordsAsked:
    """Words of a column that a person must give a meaning.

    Attributes:
        plan: place of the sheet's plan in the profile.
        field: that the column is.
        words: as written, in the order of appearance.
        known: whether the field takes any word, so that changing it is only offered.

    """

    plan: int
    field: str
    words: tuple[str, ...]
    known: bool = False


def words_asked(book: Book, profile: Profile) -> list[WordsAsked]:
    """The words of choices, of yes and no and of currencies that are not known; and texts of a few words that may be changed.

    Args:
        book: as read.
        profile: the answer so far; what it says of words is not regarded.

    """
    bare = profile.model_copy(
        update={"sheets": [plan.model_copy(update={"values": {}}) for plan in profile.sheets]}
    )
    found = []
    for at, plan in enumerate(bare.sheets):
        alone = bare.model_copy(update={"sheets": [plan]})
        sheets = tuple(sheet for sheet in book.sheets if alone.plans(sheet.name))
        if not plan.table or not sheets:
            continue
        for raw in find_tables(replace(book, sheets=sheets), "", None, profile=alone).tables:
            for mapped in raw.columns:
                column = find_column(plan.table, mapped.field)
                texts = raw.text[mapped.name].drop_nulls().unique(maintain_order=True)
                if mapped.index < 0 or (column.kind != "text" and column.kind not in WORDED):
                    continue
                words = (
                    _unknown(texts, column) if column.kind in WORDED else _few(texts, raw.text.height, column)
                )
                if words:
                    found.append(WordsAsked(at, mapped.field, words, column.kind not in WORDED))
    return found


def _unknown(texts: pl.Series, column: Column) -> tuple[str, ...]:
    short = (text for text in texts if len(text) <= LONGEST)
    wrong = (text for text in short if isinstance(parse_value(text, Kind.TEXT, column, Context()), Wrong))
    return tuple(wrong)[:_MOST_WORDS]


def _few(texts: pl.Series, rows: int, column: Column) -> tuple[str, ...]:
    """The words of a text column that says the same few things again and again; names are not such."""
    if max((len(text) for text in texts), default=0) > LONGEST:
        return ()
    if column.required or column.refers or not 1 < len(texts) <= _FEW or 2 * len(texts) > rows:
        return ()
    return tuple(texts)

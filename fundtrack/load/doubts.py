"""Columns whose cells can all be read and yet leave a doubt: a lone 1 among percentages, cents that are rounded away."""

from collections.abc import Iterable

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.cells import Kind
from fundtrack.load.shares import doubtful_shares
from fundtrack.load.tables import Mapped, RawTable
from fundtrack.model.frames import find_column


def doubts(raw: RawTable, mapped: Mapped, text: pl.Series, kind: pl.Series) -> Iterable[Problem]:
    """Warnings about a column as a whole."""
    what = find_column(raw.table, mapped.field).kind
    if what == "share" and not mapped.percent:
        yield from _lone_ones(raw, mapped, text, kind)
        yield from doubtful_shares(raw, mapped, text)
    elif what == "money":
        yield from _rounded(raw, mapped, text, kind)


def _numbers(kind: pl.Series) -> pl.Series:
    return kind.is_in([int(Kind.NUMBER), int(Kind.TEXT)])


def _lone_ones(raw: RawTable, mapped: Mapped, text: pl.Series, kind: pl.Series) -> Iterable[Problem]:
    """Cells that say 1 beside others above 1, which are read as percentages while 1 is read as all."""
    plain = text.set(~_numbers(kind), None).str.strip_chars().cast(pl.Float64, strict=False)
    if not ((plain > 1) & (plain <= 100)).any():
        return
    for at in (plain == 1).arg_true().to_list():
        yield _at(raw, mapped, "share_ambiguous", at, text[at], {})


def _rounded(raw: RawTable, mapped: Mapped, text: pl.Series, kind: pl.Series) -> Iterable[Problem]:
    """Amounts typed to half a cent, which no rounding leaves as they are; one warning for a column.

    An amount below the largest has at most 15 digits down to there, as many as a spreadsheet keeps of what is typed: the noise
    of a formula stands in digits further on.
    """
    cents = 2 + mapped.factor.adjusted()
    half = rf"^[^.%\p{{L}}]*\.(?:\d{{{cents}}}50*|\d{{2}}50*元)[\s)）]*$"
    typed = (text.str.contains(half).fill_null(value=False) & _numbers(kind)).arg_true().to_list()
    if typed:
        yield _at(raw, mapped, "amount_rounded", typed[0], text[typed[0]], {"count": str(len(typed))})


def _at(raw: RawTable, mapped: Mapped, code: str, at: int, value: str, about: dict[str, str]) -> Problem:
    return Problem(code, "warning", file=raw.file, sheet=raw.sheet, row=raw.row_numbers[at], column=mapped.letter or None,
                   field=mapped.field, table=raw.table, value=value, about=about)  # fmt: skip

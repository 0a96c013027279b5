"""Percentages in a column whose other values are written otherwise: 0.8 beside 2 and 1.5 is hardly 80 %."""

from decimal import Decimal
from typing import Final

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.tables import Mapped, RawTable
from fundtrack.load.written import number

_FAR: Final = 5
"""A share this many times the largest one written as a percentage is doubted."""


def doubtful_shares(raw: RawTable, mapped: Mapped, written: pl.Series) -> list[Problem]:
    """Values below 1, taken as parts of one, in a column whose others are percentages and far smaller.

    Args:
        raw: the table.
        mapped: a column of shares whose header does not say percent.
        written: its texts.
    """
    numbers = {text: found[0] for text in written.drop_nulls().unique().to_list() if (found := number(text))}
    percents = [abs(value) / 100 for value in numbers.values() if abs(value) > 1]
    if not percents:
        return []
    most = max(percents) * _FAR
    doubted = {text for text, value in numbers.items() if Decimal(0) < abs(value) < 1 and abs(value) > most}
    rows = written.is_in(list(doubted)).arg_true().to_list() if doubted else []
    return [
        Problem("share_doubtful", "warning", file=raw.file, sheet=raw.sheet, row=int(raw.row_numbers[at]), column=mapped.letter or None,
                field=mapped.field, table=raw.table, value=written[at], about={"percent": f"{float(numbers[written[at]]):.0%}"})
        for at in rows
    ]  # fmt: skip

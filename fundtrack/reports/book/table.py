"""What a sheet of the workbook is: columns, rows of values, notes, charts that refer to its cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from fundtrack.text.say import Lang, say

Kind = Literal["text", "long", "wan", "amount", "count", "share", "times", "number", "day"]
"""How a column shows its values: `wan` is money in units that is written in 万; `amount` is a number already scaled."""
Form = Literal["column", "bar", "line", "stacked"]


@dataclass(frozen=True, slots=True)
class Col:
    """A column: its title, how it shows values, and the field of a row that it takes them from."""

    title: str
    kind: Kind
    field: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart beside its table.

    Attributes:
        form: columns, bars, lines, or bars put on one another.
        title: what it shows, in a sentence.
        labels: field of the categories.
        values: fields of the series.
        unit: of the values, on the axis.
        rows: of the table, those it shows; all where None.
        start: of those, the first.

    """

    form: Form
    title: str
    labels: str
    values: tuple[str, ...]
    unit: str = ""
    rows: int | None = None
    start: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: a table with what stands above it.

    Attributes:
        name: on the tab.
        title: above the table.
        columns: of the table.
        rows: values by field; unknown is None.
        notes: how to read it.
        charts: beside it.

    """

    name: str
    title: str
    columns: tuple[Col, ...]
    rows: Sequence[dict[str, Any]]
    notes: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()


WAN: Final = 4
_YI: Final = 8
_MILLION: Final = 6


def cols(lang: Lang, *given: tuple[str, Kind, str]) -> tuple[Col, ...]:
    """Columns by the key of their title, their kind and their field."""
    return tuple(Col(say(key, lang), kind, field) for key, kind, field in given)


def scaled(value: Decimal | None, power: int) -> float | None:
    """An amount divided by a power of ten, exactly, as the number that a cell holds.

    >>> scaled(Decimal("8218400000.00"), 4), scaled(Decimal("0.01"), 4), scaled(None, 4)
    (821840.0, 1e-06, None)
    """
    return None if value is None else float(value.scaleb(-power))


def in_unit(value: Decimal | None, currency: str | None, lang: Lang) -> tuple[float | None, str]:
    """A target's value and its unit: 亿元, 万 of another currency, millions in English; a count as it is.

    >>> in_unit(Decimal("9000000000"), "CNY", "zh"), in_unit(Decimal("32000000"), "USD", "en")
    ((90.0, '亿元'), (32.0, 'USD m'))
    """
    if currency is None:
        return scaled(value, 0), ""
    if lang == "en":
        return scaled(value, _MILLION), say("book.unit_million", lang, currency=currency)
    if currency == "CNY":
        return scaled(value, _YI), say("book.unit_yi", lang)
    return scaled(value, WAN), say("book.unit_wan", lang, currency=say(f"progress.currency.{currency}", lang))


def period(last: date) -> str:
    """The name of a quarter by its last day, as it sorts.

    >>> period(date(2017, 9, 30))
    '2017Q3'
    """
    return f"{last.year}Q{(last.month + 2) // 3}"

"""Values of the data dictionary as a table shows them: amounts in 万元 of their own currency, dates as well as they are known."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from fundtrack.model.fields import Column, ColumnKind
from fundtrack.model.frames import find_column, precision_of
from fundtrack.text.numbers import money, percent, plain, unknown, wan
from fundtrack.ui.html import Col, Kind, esc
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import traced_field

_RIGHT: dict[ColumnKind, Kind] = {
    "money": "num", "number": "num", "share": "num", "rate": "num", "whole": "num", "day": "fix", "code": "fix", "period": "fix",
    "currency": "fix", "choice": "fix",
}  # fmt: skip


_NUMBERS: Final = ("money", "number", "share", "rate", "whole")
"""Kinds whose values are figures."""
_WRITERS: dict[ColumnKind, Callable[[Any], str]] = {
    "money": lambda value: wan(value, lang()),
    "share": lambda value: percent(value, lang()),
    "flag": lambda value: t("ui.yes" if value else "ui.no"),
}


def day_text(day: date | None, precision: str | None = "day") -> str:
    """A date as well as it is known.

    >>> day_text(date(2017, 6, 30)), day_text(date(2017, 6, 30), "month"), day_text(date(2017, 12, 31), "year"), day_text(None)
    ('2017-06-30', '2017-06', '2017', '')
    """
    if day is None:
        return ""
    return day.isoformat()[: {"month": 7, "year": 4}.get(precision or "day", 10)]


def shown(column: Column, row: Mapping[str, Any]) -> str:
    """A field of a row as text; unknown is empty."""
    value = row.get(column.name)
    if value is None:
        return ""
    if column.kind == "day":
        return day_text(value, row.get(precision_of(column.name)))
    if column.kind == "choice":
        return next(
            (str(getattr(each, lang())) for each in column.choices if each.value == value), str(value)
        )
    write = _WRITERS.get(column.kind)
    return write(value) if write else f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def column_of(table: str, name: str) -> Col:
    """A field of the data dictionary as a column of a page's table."""
    column = find_column(table, name)
    kind: Kind = _RIGHT.get(column.kind, "text")
    return Col(str(getattr(column, lang())), lambda row: field_text(table, column, row), kind)


def field_text(table: str, column: Column, row: Mapping[str, Any]) -> str:
    """A field of a row as HTML; a number leads to its cell."""
    text = shown(column, row)
    return traced_field(text, table, row, column.name) if column.kind in _NUMBERS else esc(text)


def shown_as(table: str, name: str, row: Mapping[str, Any]) -> str:
    """A field of a table's row as HTML; a number leads to its cell."""
    return field_text(table, find_column(table, name), row)


def target_value(row: Mapping[str, Any] | None) -> str:
    """A target's actual value with its unit; English needs none for a count."""
    if row is None or row["actual"] is None:
        return unknown(lang())
    if row["currency"]:
        return money(row["actual"], row["currency"], lang())
    return plain(row["actual"], lang()) + (str(row["unit"]) if lang() == "zh" else "")

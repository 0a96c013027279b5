"""A table's rows as people read and write them, for single values to be put right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from fundtrack.model.fields import Column
from fundtrack.model.frames import find_column, key_fields
from fundtrack.model.rows import COLUMNS, TABLES
from fundtrack.store.corrected import shown, value_of
from fundtrack.store.ledger import Ledger
from fundtrack.text.say import Lang


@dataclass(frozen=True)
class Correctable:
    """Rows of a table as text.

    Attributes:
        table: of the data dictionary.
        columns: what is shown: what identifies a row first, then the rest in the order of the sheet.
        keys: the rows' keys, in order.
        rows: field → text, by row; empty where nothing is known.
        found: how many rows there are of which these are the first.
    """

    table: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    found: int


def correctable(ledger: Ledger, table: str, words: str, lang: Lang, most: int) -> Correctable:
    """The rows in which all the words stand, in the order of their keys.

    Args:
        ledger: what is known.
        table: of the data dictionary.
        words: looked for in all fields, whatever their case; empty finds all.
        lang: of choices.
        most: rows given at most.
    """
    keys = [name for name in key_fields(table) if name != "keyed_on"]
    columns = sorted(COLUMNS[table], key=lambda column: column.name not in keys)
    wanted = words.casefold().split()
    frame = ledger[table].sort("row_key")
    found, count = [], 0 if wanted else frame.height
    for row in (frame if wanted else frame.head(most)).iter_rows(named=True):
        texts = {each.name: cell_text(each, value_of(table, row, each.name), lang) for each in columns}
        said = " ".join((row["row_key"], *texts.values())).casefold()
        if all(word in said for word in wanted):
            found.append((row["row_key"], texts))
            count += bool(wanted)
    few = found[:most]
    return Correctable(
        table, tuple(columns), tuple(key for key, _ in few), tuple(texts for _, texts in few), count
    )


def tables_with_rows(ledger: Ledger, editable: Iterable[str]) -> list[str]:
    """The tables that have rows, in the order of the data dictionary."""
    wanted = set(editable)
    return [table for table in TABLES if table in wanted and ledger[table].height]


def cell_text(column: Column, value: Any, lang: Lang) -> str:
    """A value as people write it, so that it can be read back: amounts with separators, shares in percent, choices in words.

    >>> from fundtrack.model.frames import find_column
    >>> cell_text(find_column("partner_fund", "fee_rate"), Decimal("0.02000000"), "zh")
    '2%'
    >>> cell_text(find_column("guidance_fund", "kind"), "venture", "zh"), cell_text(find_column("partner_fund", "term_end"), None, "en")
    ('创投', '')
    """
    if value is None:
        return ""
    if column.kind == "choice":
        return next((str(getattr(each, lang)) for each in column.choices if each.value == value), str(value))
    if isinstance(value, bool):
        return {"zh": "是" if value else "否", "en": "yes" if value else "no"}[lang]
    if isinstance(value, Decimal) and column.kind == "share":
        return f"{_short(value * 100)}%"
    if isinstance(value, Decimal):
        return f"{value:,.2f}" if column.kind in {"money", "number"} else _short(value)
    return shown(value)


def _short(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def name_of(ledger: Ledger, table: str, key: str) -> str:
    """A row as people know it: its key, and its name where it has one."""
    frame = ledger[table]
    if "name" not in frame.columns:
        return key
    names = frame.filter(pl.col("row_key") == key)["name"].to_list()
    return " ".join((key, *(name for name in names if name)))


def text_in(
    table: str, field: str, value: date | str | Decimal | int | bool | tuple[Any, Any] | None, lang: Lang
) -> str:
    """A compared value of a field as people write it."""
    return cell_text(find_column(table, field), value, lang)

"""Polars schemas and SQL types, derived from the data dictionary."""

from functools import cache
from typing import Final

import polars as pl

from fundtrack.model.fields import Column, ColumnKind
from fundtrack.model.rows import COLUMNS, TABLES
from fundtrack.money import MONEY, RATE

DTYPES: Final[dict[ColumnKind, pl.DataType]] = {
    "text": pl.String(), "code": pl.String(), "choice": pl.String(), "currency": pl.String(), "period": pl.String(),
    "money": MONEY, "number": MONEY, "share": RATE, "rate": RATE, "day": pl.Date(), "whole": pl.Int64(), "flag": pl.Boolean(),
}  # fmt: skip
SQL_TYPES: Final[dict[pl.DataType, str]] = {
    pl.String(): "VARCHAR", MONEY: "DECIMAL(18,2)", RATE: "DECIMAL(18,8)", pl.Date(): "DATE", pl.Int64(): "BIGINT",
    pl.Int32(): "INTEGER", pl.Boolean(): "BOOLEAN",
}  # fmt: skip

KEY_DATES: Final[dict[str, tuple[str, ...]]] = {
    "cash_flow": ("due_on", "occurred_on"),
    "fund_paid_in": ("due_on", "paid_on"),
}
"""Tables whose key holds a derived date `keyed_on`: the first of these that is given."""

EVENT_DAYS: Final[dict[str, tuple[str, ...]]] = {
    "cover": ("as_of",), "guidance_fund": ("established_on",), "guidance_flow": ("occurred_on",),
    "partner_fund": ("established_on",), "participation": ("signed_on", "approved_on"),
    "cash_flow": ("occurred_on", "due_on"), "valuation": ("valued_on",), "reinvestment": ("recognised_on",),
    "fund_change": ("effective_on",), "investor_commitment": ("effective_on",), "fund_paid_in": ("paid_on", "due_on"),
    "investment": ("invested_on",), "investment_exit": ("exited_on",), "holding_valuation": ("valued_on",),
    "fund_report": ("filed_on", "due_on"), "indicator": ("measured_on",), "target": ("due_on",), "market_rate": ("quoted_on",),
    "rule": ("in_force_from",), "finding_action": ("acted_on",),
}  # fmt: skip
"""The day of the event that a row of a table tells of: the first of these that is given."""

LOG: Final[dict[str, pl.DataType]] = {
    "op": pl.String(),
    "batch_id": pl.String(),
    "sheet": pl.String(),
    "row_number": pl.Int64(),
}
"""What the ledger keeps beside each row: put or delete, the batch, and where in its file the row stood."""

DERIVED_WORDS: Final[dict[str, tuple[str, str]]] = {
    "row_key": ("行键：各键字段以“|”相连", "Row key: its key fields joined by “|”"),
    "name_key": ("规范化名称", "Normalised name"),
    "keyed_on": (
        "键日期：有应付日期取应付日期，否则取发生日期",
        "Key date: the due date where given, else the date it occurred",
    ),
    "op": ("写入方式：put 写入，delete 删除", "put or delete"),
    "batch_id": ("入库批次", "Batch"),
    "sheet": ("所在工作表", "Sheet it stood in"),
    "row_number": ("所在行号", "Row it stood in"),
}


def precision_of(name: str) -> str:
    """The companion column of a date: `day`, `month` or `year`; null where the date is unknown."""
    return f"{name}_precision"


def key_fields(table: str) -> tuple[str, ...]:
    """The fields that identify a row, in order; the last of a flow is its line number.

    >>> key_fields("cash_flow")
    ('participation_id', 'kind', 'keyed_on', 'line_no')
    """
    keys = [column.name for column in COLUMNS[table] if column.key]
    if table in KEY_DATES:
        keys.insert(keys.index("line_no"), "keyed_on")
    return tuple(keys)


def days(table: str) -> tuple[str, ...]:
    """The date fields of a table."""
    return tuple(column.name for column in COLUMNS[table] if column.kind == "day")


def named(table: str) -> bool:
    """True where rows carry a normalised name: entities that a sender may name without an id."""
    return TABLES[table].info.mint is not None and any(column.name == "name" for column in COLUMNS[table])


def schema(table: str) -> dict[str, pl.DataType]:
    """Every column of a current row: key, fields, what derives from them.

    >>> list(schema("valuation"))[:4], schema("valuation")["valued_on_precision"]
    (['row_key', 'participation_id', 'valued_on', 'valued_on_precision'], String)
    """
    out: dict[str, pl.DataType] = {"row_key": pl.String()}
    for column in COLUMNS[table]:
        out[column.name] = DTYPES[column.kind]
        if column.kind == "day":
            out[precision_of(column.name)] = pl.String()
    if named(table):
        out["name_key"] = pl.String()
    if table in KEY_DATES:
        out["keyed_on"] = pl.Date()
    return out


def log_schema(table: str) -> dict[str, pl.DataType]:
    """Every column of `<table>_log`."""
    return schema(table) | LOG


@cache
def empty(table: str) -> pl.DataFrame:
    """A frame of a table's current rows, with none."""
    return pl.DataFrame(schema=schema(table))


def find_column(table: str, name: str) -> Column:
    """A column of the data dictionary by its field name."""
    return next(column for column in COLUMNS[table] if column.name == name)


def comment(table: str, name: str) -> str:
    """The `COMMENT ON` text of a column: Chinese first, then English, unit and source."""
    if name in DERIVED_WORDS:
        return " / ".join(DERIVED_WORDS[name])
    if name.endswith("_precision"):
        day = find_column(table, name.removesuffix("_precision"))
        return f"{day.zh}的精度：day 日，month 月，year 年 / Precision of {day.en.lower()}"
    column = find_column(table, name)
    words = f"{column.zh} / {column.en}"
    if column.choices:
        words += "；取值 " + "、".join(
            f"{choice.value} {choice.zh}" if choice.value != choice.zh else choice.zh
            for choice in column.choices
        )
    unit = {"money": "；单位：币种列所载货币的元", "share": "；小数（0.2 即 20%）"}.get(column.kind, "")
    return f"{words}{unit}；来源 {column.source}"


def row_key(table: str) -> pl.Expr:
    """The row's key as one text: key fields joined by `|`, unknown ones empty, a `|` within them written `¦`."""
    parts = [
        pl.col(name).cast(pl.String).fill_null("").str.replace_all("|", "¦", literal=True)
        for name in key_fields(table)
    ]
    return pl.concat_str(parts, separator="|").alias("row_key")

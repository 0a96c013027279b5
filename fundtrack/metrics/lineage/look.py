"""Where look-through comes from: the investments of a group, each cell with the part that counts."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import polars as pl

from fundtrack.errors import InputError
from fundtrack.metrics.exposure import BY, look_through, placed
from fundtrack.metrics.holdings import ID
from fundtrack.metrics.lineage import holdings
from fundtrack.metrics.lineage.figure import ONE, Ask, Figure, Part, money, parts
from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import once

_PLACED: Final = {
    "fund_invested": "amount", "fund_cost": "cost_left", "fund_value": "value", "guidance_invested": "guidance_invested",
    "guidance_cost": "guidance_cost", "guidance_value": "guidance_value",
}  # fmt: skip
_COUNTS: Final = ("companies", "investments", "unvalued", "share_unknown")
_SHARES: Final = {"share": "guidance_invested", "fund_share": "fund_invested"}
NAMES: Final = (*_PLACED, *_COUNTS, *_SHARES)
"""What is told of a group."""


def asked(metric: str) -> bool:
    """True where a figure is one of look-through: `by:name`, as `district:guidance_cost`."""
    by, _, name = metric.partition(":")
    return by in BY and name in NAMES


@once
def _groups(tables: Tables, as_of: date, by: str) -> pl.DataFrame:
    return look_through(tables, as_of, by)


@once
def placed_rows(tables: Tables, as_of: date) -> pl.DataFrame:
    """Investments as look-through has them, with their keys as `investment_key` and `row_key`."""
    keys = tables["investment"].select(ID, investment_key="row_key", row_key="row_key")
    return placed(tables, as_of).join(keys, on=ID, validate="1:1")


def look(tables: Tables, metric: str, group: str | None, as_of: date, currency: str | None) -> Figure:
    """Take a figure of look-through apart.

    Args:
        tables: the ledger.
        metric: `by:name`, by one of `exposure.BY`.
        group: which group; None for those that are told of none, and where everything is one group.
        as_of: the day.
        currency: of which; CNY where nobody says.

    Raises:
        InputError: `figure_of_unknown`, where there is no such group.

    """
    by, _, name = metric.partition(":")
    money_of = currency or "CNY"
    ask = Ask(tables, as_of, metric, by, "all" if by == "all" else group or "", money_of)
    sums = _groups(tables, as_of, by).filter(pl.col("currency") == money_of)
    rows = placed_rows(tables, as_of).filter(pl.col("currency") == money_of)
    if by != "all":
        sums, rows = (
            each.filter(pl.col(key).eq_missing(pl.lit(group))) for each, key in ((sums, "group"), (rows, by))
        )
    if sums.is_empty():
        raise InputError("figure_of_unknown", entity=group or by)
    shown = sums.row(0, named=True)
    if name in _SHARES:
        whole = look(tables, f"all:{_SHARES[name]}", None, as_of, money_of)
        own = look(tables, f"{by}:{_SHARES[name]}", group, as_of, money_of)
        return ask.figure(shown[name], "ratio", currency=None, sides=(("above", own), ("below", whole)))
    if name in _COUNTS:
        found = _counted(tables, rows, name)
        return ask.figure(money(shown[name]), "sum", currency=None, parts=tuple(found))
    if shown[name] is None:
        return ask.figure(None, "given")
    known = rows.filter(pl.col(_PLACED[name]).is_not_null())
    return ask.figure(money(shown[name]), "sum", parts=tuple(_MADE[name](ask, known)))


def _counted(tables: Tables, rows: pl.DataFrame, name: str) -> list[Part]:
    if name == "companies":
        first = rows.sort(ID).unique("company", keep="first", maintain_order=True)
        keys = tables["company"].select("company_id", company_key="row_key")
        held = first.join(keys, on="company_id", how="left", validate="m:1")
        return [
            Part("company", key, "company_id", ONE, "member")
            if key
            else Part("investment", own, "company_id", ONE, "member")
            for key, own in held.select("company_key", "investment_key").iter_rows()
        ]
    missing = {"unvalued": pl.col("value").is_null(), "share_unknown": pl.col("part").is_null()}
    chosen = rows.filter(missing[name]) if name in missing else rows
    return [Part("investment", key, ID, ONE, "member") for key in chosen["investment_key"].sort()]


def _amounts(column: str, role: str) -> Callable[[Ask, pl.DataFrame], list[Part]]:
    return lambda _ask, rows: parts(rows, "investment", "amount", column, role, "invested_on")


def _cost(ask: Ask, rows: pl.DataFrame) -> list[Part]:
    exits: Any = holdings.exits(ask, rows, "cost", -1)
    return [*parts(rows, "investment", "amount", "amount", "invested", "invested_on"), *exits]


_MADE: Final[dict[str, Callable[[Ask, pl.DataFrame], list[Part]]]] = {
    "fund_invested": _amounts("amount", "invested"), "fund_cost": _cost, "fund_value": holdings.valued,
    "guidance_invested": _amounts("guidance_invested", "pro_rata"), "guidance_cost": _amounts("guidance_cost", "pro_rata"),
    "guidance_value": holdings.guidance_valued,
}  # fmt: skip

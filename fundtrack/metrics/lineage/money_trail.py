"""Where the stations of the money trail come from: flows of guidance funds, and with their partner funds."""

from collections.abc import Callable
from typing import Final

import polars as pl

from fundtrack.metrics.lineage.figure import Ask, Figure, Part, parts
from fundtrack.metrics.lineage.figure import money as exact
from fundtrack.metrics.money_trail import ID, OWN, THROUGH, money_trail, own_flows, through_flows, trail_total

NAMES: Final = {
    **{f"trail_{name}": name for name in OWN},
    **{name: name for name in THROUGH},
    "trail_balance": "balance",
}
"""Figure: the column of the trail."""
_LESS: Final = ("fees", "remitted", "paid_to_funds")
_ROLES: Final = {"paid_to_funds": "call", "money_back": "back", "fees": "guidance_fee"}


def station(ask: Ask) -> Figure:
    """A station of the trail of all guidance funds, or of one."""
    column = NAMES[ask.metric]
    each = money_trail(ask.tables, ask.as_of)
    rows = each.filter(pl.col(ID) == ask.entity) if ask.by == ID else trail_total(ask.tables, ask.as_of)
    rows = rows.filter(pl.col("currency") == ask.currency) if ask.currency else rows.head(1)
    if rows.is_empty() or rows[column][0] is None:
        return ask.figure(None, "given")
    own = Ask(ask.tables, ask.as_of, ask.metric, ask.by, ask.entity, rows["currency"][0])
    return own.figure(exact(rows[column][0]), "sum", parts=tuple(_cells(own, column)))


def _cells(ask: Ask, column: str) -> list[Part]:
    if column != "balance":
        return _of(ask, column)
    known = money_trail(ask.tables, ask.as_of).filter(pl.col("received").is_not_null())
    known = known.filter(pl.col("currency") == ask.currency)
    return [part for name in (*OWN, *THROUGH) if name != "budgeted" for part in _of(ask, name, known[ID])]


def _of(ask: Ask, column: str, only: pl.Series | None = None) -> list[Part]:
    table, flows, kinds = (
        ("guidance_flow", own_flows, OWN) if column in OWN else ("cash_flow", through_flows, THROUGH)
    )
    rows = flows(ask.tables).filter(
        pl.col("kind").is_in(kinds[column])
        & (pl.col("occurred_on") <= ask.as_of)
        & (pl.col("currency") == ask.currency)
    )
    if ask.by == ID:
        rows = rows.filter(pl.col(ID) == ask.entity)
    if only is not None:
        rows = rows.filter(pl.col(ID).is_in(only.implode()))
    signed = -pl.col("amount") if ask.metric == "trail_balance" and column in _LESS else pl.col("amount")
    role = _ROLES.get(column, column)
    return parts(rows.with_columns(signed=signed), table, "amount", "signed", role, "occurred_on")


MAKES: Final[dict[str, Callable[[Ask], Figure]]] = dict.fromkeys(NAMES, station)
"""What can be traced of guidance funds and of all of them."""

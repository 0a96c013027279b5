"""Quarterly history of every metric, per participation and pooled: multiples, IRR with verdict, the J-curve.

    net_cash   distributed - paid_in, cumulative: how deep the money is in
    net_value  net_cash + nav: the J-curve; unknown where a NAV is

Each point is what `multiples` with IRR gives for its day, found for all days at once. Pooled IRRs take all
flows of the group and its NAV; unknown where one NAV is unknown.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from fundtrack.metrics.groups import KEY, labels
from fundtrack.metrics.members import Tables
from fundtrack.metrics.nav import pooled, positions_at
from fundtrack.metrics.once import once
from fundtrack.metrics.positions import irr_on, money_moved, moved, positions, signed
from fundtrack.money import MONEY
from fundtrack.periods import quarter_end


def quarters(tables: Tables, as_of: date) -> list[date]:
    """List the quarter ends from the first flow of all up to a day.

    A day within a quarter ends the list itself, so that the last point is always the present one.
    """
    first = tables["cash_flow"].filter(pl.col("amount").is_not_null())["occurred_on"].min()
    if not isinstance(first, date) or first > as_of:
        return []
    days, day = [], quarter_end(first)
    while day < as_of:
        days.append(day)
        day = quarter_end(day + timedelta(days=1))
    return [*days, as_of]


def history_of(
    flows: pl.DataFrame, participations: pl.DataFrame, values: pl.DataFrame, days: Sequence[date]
) -> pl.DataFrame:
    """Show every participation on every day from its first flow on: `positions` with IRR and J-curve."""
    at = positions(flows, participations, values, days)
    return _curve(irr_on(signed(moved(flows, participations)), at, [KEY]))


def history(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show every participation at each quarter end up to a day, and on that day."""
    return history_on(tables, quarters(tables, as_of))


def history_on(tables: Tables, days: Sequence[date]) -> pl.DataFrame:
    """Show every participation on given days, as of `history_of`."""
    return _curve(irr_on(signed(money_moved(tables)), positions_at(tables, days), [KEY]))


def pooled_history(tables: Tables, as_of: date, by: str = "all") -> pl.DataFrame:
    """Show groups of participations at each quarter end up to a day, each currency for itself."""
    return pooled_on(tables, quarters(tables, as_of), by)


def pooled_on(tables: Tables, days: Sequence[date], by: str, *, valued_only: bool = False) -> pl.DataFrame:
    """Show groups of participations on given days: `pooled` with IRR and J-curve.

    With `valued_only` the flows of participations whose NAV is unknown are left out of the IRR as well; then
    there can be one day only.
    """
    return _pooled_on(tables, tuple(days), by, valued_only)


@once
def _pooled_on(tables: Tables, days: tuple[date, ...], by: str, valued_only: bool) -> pl.DataFrame:
    named, at = labels(tables), positions_at(tables, days)
    points = pooled(at, named, by, valued_only=valued_only)
    money = money_moved(tables)
    if valued_only:
        money = money.join(at.filter(pl.col("nav").is_not_null()), on=KEY, how="semi")
    label = named.select(KEY, group=by)
    own = money.select(KEY, currency="own").unique()
    streams = signed(money).join(label, on=KEY, validate="m:1").join(own, on=KEY, validate="m:1")
    whole = pl.when(pl.col("nav_unknown") == 0).then("nav")
    rated = irr_on(streams, points.with_columns(nav_known="nav", nav=whole), ["group", "currency"])
    return _curve(rated.with_columns(nav="nav_known").drop("nav_known"))


def _curve(points: pl.DataFrame) -> pl.DataFrame:
    net = (pl.col("distributed") - pl.col("paid_in")).cast(MONEY)
    held = (
        pl.when(pl.col("nav_unknown") == 0).then("nav") if "nav_unknown" in points.columns else pl.col("nav")
    )
    return points.with_columns(net_cash=net, net_value=(net + held).cast(MONEY))

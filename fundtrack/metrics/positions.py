"""Positions of participations on many days at once: running sums, as-of joins, all IRRs in one call.

The definitions are those of `multiples`, which finds the same for one day; here nothing is done day by day.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from fundtrack.metrics.exact import nothing
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.irr import xirr_many
from fundtrack.metrics.members import Tables
from fundtrack.metrics.multiples import DISTRIBUTED, PAID_IN
from fundtrack.metrics.once import once
from fundtrack.metrics.roots import ranges
from fundtrack.money import MONEY, ratio

STALE_DAYS: Final = 365
"""A NAV older than this is stale."""

FAIR_FROM: Final = date(2018, 7, 1)
"""Fair-value guidance for Chinese private funds in force (AMAC 2018-07): before, NAVs are book net assets."""

FLOW: Final = ("participation_id", "kind", "occurred_on", "amount", "unfunded_effect", "currency")
"""The columns of cash_flow that say what moved."""

SUMS: Final = ("paid_in", "distributed", "recallable", "fees_outside", "nav", "unfunded")


def moved(flows: pl.DataFrame, participations: pl.DataFrame) -> pl.DataFrame:
    """Keep what was paid, split by what it means: one row a flow, with the participation's own currency.

    A column `row_key` of the flows stays beside each.
    """
    kind, amount = pl.col("kind"), pl.col("amount")
    called, back = kind == "call", kind.is_in(DISTRIBUTED)
    usual = pl.when(called).then(-amount).when(kind == "recallable").then(amount).otherwise(nothing())
    paid = flows.filter(pl.col("occurred_on").is_not_null() & amount.is_not_null())
    own = participations.select(KEY, own="currency")
    return paid.join(own, on=KEY, validate="m:1").select(
        KEY,
        "own",
        pl.col("^row_key$"),
        day="occurred_on",
        called=_where(called),
        paid_in=_where(kind.is_in(PAID_IN)),
        distributed=_where(back),
        recallable=_where(kind == "recallable"),
        fees_outside=_where(kind == "fee_outside"),
        effect=pl.coalesce("unfunded_effect", usual),
        moves=(called | back).cast(pl.Int64),
        foreign=(pl.col("currency") != pl.col("own")).fill_null(value=False).cast(pl.Int64),
    )


@once
def money_moved(tables: Tables) -> pl.DataFrame:
    """Keep what was paid of all cash flows, as of `moved`."""
    return moved(tables["cash_flow"].select(FLOW), tables["participation"])


@once
def money_running(tables: Tables) -> pl.DataFrame:
    """Add up each participation's flows from its first day on: participation_id, day, and the sums until then."""
    return _running(money_moved(tables))


def positions(
    flows: pl.DataFrame, participations: pl.DataFrame, navs: pl.DataFrame, days: Iterable[date]
) -> pl.DataFrame:
    """Show every participation on every day from its first flow on.

    Args:
        flows: as for `multiples`; those of FLOW.
        participations: as for `multiples`.
        navs: as for `multiples`.
        days: any days, in any order.

    Returns:
        participation_id, day, currency, commitment, the sums (paid_in, distributed, recallable, fees_outside,
        nav, unfunded), nav_on, nav_source, nav_age_days, rolled, stale, nav_basis, dpi, rvpi, tvpi, pic;
        sorted by participation and day. `nav_basis` is `book` for what was valued before FAIR_FROM, later
        `not_stated`.

    """
    return standing(_running(moved(flows, participations)), participations, navs, days)


def standing(
    running: pl.DataFrame, participations: pl.DataFrame, navs: pl.DataFrame, days: Iterable[date]
) -> pl.DataFrame:
    """Show what `positions` does, from sums that were added up already, as of `money_running`."""
    chosen = pl.DataFrame({"day": sorted(set(days))}, schema={"day": pl.Date})
    first = running.group_by(KEY).agg(begun=pl.col("day").min())
    grid = first.join(chosen, how="cross").filter(pl.col("day") >= pl.col("begun")).sort(KEY, "day")
    at = grid.join_asof(running, on="day", by=KEY, check_sortedness=False)
    at = at.join_asof(
        _readings(navs, running), left_on="day", right_on="nav_on", by=KEY, check_sortedness=False
    )
    at = at.join(participations.select(KEY, "currency", "commitment"), on=KEY, validate="m:1")
    return _ratios(_rolled(at)).sort(KEY, "day")


def irr_on(flows: pl.DataFrame, points: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """IRR of each point: all flows of its keys up to its day, and its NAV as received on that day.

    Args:
        flows: the keys, day, amount (Float64; received positive, paid negative), in any order.
        points: the keys, day, nav (null: unknown), in any order.
        keys: the columns that name a stream of flows.

    Returns:
        The points with irr, irr_status, period_return; all null where the NAV is unknown.

    """
    streams = points.select(keys).unique(maintain_order=True).with_row_index("stream")
    known = flows.join(streams, on=keys, nulls_equal=True).sort("stream", "day")
    at = points.join(streams, on=keys, nulls_equal=True, maintain_order="left", validate="m:1")
    stream, day = at["stream"].to_numpy().astype(np.int64), at["day"].to_physical().to_numpy()
    nav = at["nav"].cast(pl.Float64).to_numpy()
    code = (known["stream"].to_numpy().astype(np.int64) << 32) + known["day"].to_physical().to_numpy()
    begin = np.searchsorted(code, (stream << 32) - (1 << 31))
    count = np.where(np.isnan(nav), 0, np.searchsorted(code, (stream << 32) + day, side="right") - begin)
    left = ~np.isnan(nav) & (nav != 0)
    offsets = np.concatenate([[0], np.cumsum(count + left)])
    days, amounts = np.empty(offsets[-1], np.int64), np.empty(offsets[-1])
    into, taken = ranges(offsets[:-1], count), ranges(begin, count)
    days[into] = known["day"].to_physical().to_numpy()[taken]
    amounts[into] = known["amount"].to_numpy()[taken]
    days[offsets[1:][left] - 1], amounts[offsets[1:][left] - 1] = day[left], nav[left]
    rates = xirr_many(days.astype("datetime64[D]"), amounts, offsets).frame().drop("irr_roots")
    found = pl.concat([at.drop("stream"), rates], how="horizontal")
    known_nav = pl.col("nav").is_not_null()
    return found.with_columns(pl.when(known_nav).then(pl.col(name)).alias(name) for name in rates.columns)


def signed(money: pl.DataFrame) -> pl.DataFrame:
    """Turn `moved` flows into participation_id, day, amount: paid in negative, distributed positive."""
    net = pl.col("distributed").cast(pl.Float64) - pl.col("paid_in").cast(pl.Float64)
    return money.select(KEY, "day", amount=net)


def _where(holds: pl.Expr) -> pl.Expr:
    return pl.when(holds).then("amount").otherwise(nothing())


def _running(money: pl.DataFrame) -> pl.DataFrame:
    """Add up each participation's flows from its first day on."""
    sums = [name for name in money.columns if name not in {KEY, "own", "row_key", "day"}]
    daily = money.group_by(KEY, "day").agg(pl.col(sums).sum()).sort(KEY, "day")
    return daily.with_columns(pl.col(sums).cum_sum().over(KEY))


def _readings(navs: pl.DataFrame, running: pl.DataFrame) -> pl.DataFrame:
    """List every NAV with what had been called and paid back by its day."""
    known = navs.filter(pl.col("nav").is_not_null()).unique(
        [KEY, "nav_on"], keep="first", maintain_order=True
    )
    until = running.select(
        KEY, nav_on="day", called_by="called", back_by="distributed", moves_by="moves"
    ).sort(KEY, "nav_on")
    listed = known.select(KEY, "nav_on", nav_reported="nav", nav_source="source").sort(KEY, "nav_on")
    return listed.join_asof(until, on="nav_on", by=KEY, check_sortedness=False).with_columns(
        reported_on="nav_on"
    )


def _rolled(at: pl.DataFrame) -> pl.DataFrame:
    """Roll the NAV forward, take the effects off the commitment, and say how good the NAV is."""
    reported_on, none = pl.col("reported_on"), nothing()
    since = (
        pl.col("called")
        - pl.col("called_by").fill_null(none)
        - pl.col("distributed")
        + pl.col("back_by").fill_null(none)
    )
    unheld = reported_on.is_null() & (pl.col("paid_in") == 0)
    age = (pl.col("day") - reported_on).dt.total_days()
    book = pl.when(reported_on < FAIR_FROM).then(pl.lit("book")).otherwise(pl.lit("not_stated"))
    found = at.with_columns(
        nav=pl.when(unheld).then(none).otherwise(pl.col("nav_reported") + since),
        unfunded=pl.col("commitment") + pl.col("effect"),
        nav_on=reported_on,
        nav_age_days=age,
        rolled=pl.when(reported_on.is_not_null()).then(pl.col("moves") > pl.col("moves_by").fill_null(0)),
        stale=age > STALE_DAYS,
        nav_basis=pl.when(reported_on.is_not_null()).then(book),
    )
    own = pl.col("foreign") == 0
    return found.with_columns(pl.when(own).then(pl.col(name).cast(MONEY)).alias(name) for name in SUMS)


def _ratios(at: pl.DataFrame) -> pl.DataFrame:
    paid_in = pl.col("paid_in")
    found = at.with_columns(
        dpi=ratio(pl.col("distributed"), paid_in),
        rvpi=ratio(pl.col("nav"), paid_in),
        pic=ratio(paid_in, pl.col("commitment")),
    )
    return found.select(
        KEY, "day", "currency", "commitment", *SUMS, "nav_on", "nav_source", "nav_age_days", "rolled",
        "stale", "nav_basis", "dpi", "rvpi", (pl.col("dpi") + pl.col("rvpi")).alias("tvpi"), "pic",
    )  # fmt: skip

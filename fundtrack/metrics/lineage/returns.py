"""Where the figures of participations come from, one by one or pooled: flows, NAVs, commitments, and their ratios."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import polars as pl

from fundtrack.metrics.groups import KEY, labels
from fundtrack.metrics.history import pooled_on
from fundtrack.metrics.lineage.figure import Ask, Figure, Part, money, parts
from fundtrack.metrics.lineage.holdings import rate
from fundtrack.metrics.members import Tables
from fundtrack.metrics.nav import positions_at
from fundtrack.metrics.navs import navs
from fundtrack.metrics.once import once
from fundtrack.metrics.participations_at import participations_at
from fundtrack.metrics.positions import FLOW, moved

FLOWS: Final = ("paid_in", "distributed", "recallable", "fees_outside")


@once
def flow_rows(tables: Tables) -> pl.DataFrame:
    """Every flow by what it means, with its key and whether it states its own effect."""
    flows = tables["cash_flow"]
    stated = flows.select("row_key", states=pl.col("unfunded_effect").is_not_null())
    rows = moved(flows.select(*FLOW, "row_key"), tables["participation"])
    return rows.join(stated, on="row_key", validate="1:1").sort("row_key")


@once
def at(tables: Tables, as_of: date) -> pl.DataFrame:
    """Every participation on a day, with its labels."""
    named = labels(tables).with_columns(stake=KEY)
    return positions_at(tables, [as_of]).join(named, on=KEY, validate="m:1")


@once
def _pooled(tables: Tables, as_of: date, by: str) -> pl.DataFrame:
    return pooled_on(tables, [as_of], by)


def scope(ask: Ask) -> pl.DataFrame:
    """The participations that a figure is of, as positions."""
    rows = at(ask.tables, ask.as_of)
    if ask.by == "vintage" and ask.entity == "":
        return rows.filter(pl.col("vintage").is_null() & (pl.col("currency") == ask.currency))
    rows = rows.filter(pl.col("stake" if ask.by == KEY else ask.by) == ask.entity)
    return rows.filter(pl.col("currency") == ask.currency) if ask.currency and ask.by != KEY else rows


def row_of(ask: Ask) -> dict[str, Any] | None:
    """What the reports show of it on the day."""
    if ask.by == KEY:
        own = participations_at(ask.tables, ask.as_of).filter(pl.col(KEY) == ask.entity)
        known = scope(ask).select("fees_outside", "stale", "nav_basis", "nav_age_days", "rolled")
        row = own.row(0, named=True)
        row = row | (
            known.row(0, named=True)
            if known.height
            else {"fees_outside": None, "stale": None, "nav_basis": None}
        )
        net = _minus(row["distributed"], row["paid_in"])
        return row | {
            "net_cash": net,
            "net_value": None if net is None or row["nav"] is None else net + row["nav"],
        }
    rows = _pooled(ask.tables, ask.as_of, ask.by)
    rows = rows.filter((pl.col("group") == ask.entity) & (pl.col("currency") == ask.currency))
    return rows.row(0, named=True) if rows.height else None


def _minus(one: Any, other: Any) -> Any:
    return None if one is None or other is None else one - other


def flows_of(ask: Ask, name: str, sign: int = 1) -> list[Part]:
    """The dated flows until the day that make up a sum of `FLOWS`, each times `sign`."""
    known = scope(ask).filter(pl.col(name).is_not_null())
    rows = flow_rows(ask.tables).join(known.select(KEY), on=KEY, how="semi")
    rows = rows.filter((pl.col("day") <= ask.as_of) & (pl.col(name) != 0))
    return parts(rows.with_columns(signed=pl.col(name) * sign), "cash_flow", "amount", "signed", name, "day")


def _commitments(ask: Ask) -> list[Part]:
    own = pl.DataFrame({KEY: [ask.entity]}) if ask.by == KEY else scope(ask)
    rows = ask.tables["participation"].join(own.select(KEY), on=KEY, how="semi")
    return parts(rows, "participation", "commitment", "commitment", "commitment")


def _unfunded(ask: Ask) -> list[Part]:
    rows = flow_rows(ask.tables).join(scope(ask).select(KEY), on=KEY, how="semi")
    rows = rows.filter((pl.col("day") <= ask.as_of) & (pl.col("effect") != 0))
    return [
        *_commitments(ask),
        *parts(rows.filter("states"), "cash_flow", "unfunded_effect", "effect", "effect", "day"),
        *parts(rows.filter(~pl.col("states")), "cash_flow", "amount", "effect", "effect", "day"),
    ]


def _valued(ask: Ask) -> pl.DataFrame:
    """The NAVs in scope; a participation by itself may have one before any money has moved."""
    if ask.by != KEY:
        return scope(ask)
    return participations_at(ask.tables, ask.as_of).filter(pl.col(KEY) == ask.entity)


def nav_parts(ask: Ask, rows: pl.DataFrame | None = None) -> list[Part]:
    """Last reported NAVs, and the calls and distributions since."""
    known = (_valued(ask) if rows is None else rows).filter(
        pl.col("nav").is_not_null() & pl.col("nav_on").is_not_null()
    )
    values = navs(ask.tables).filter(pl.col("nav").is_not_null())
    values = values.unique([KEY, "nav_on"], keep="first", maintain_order=True)
    used = known.select(KEY, "nav_on").join(values, on=[KEY, "nav_on"], validate="1:1")
    flows = flow_rows(ask.tables).join(known.select(KEY, "nav_on"), on=KEY, validate="m:1")
    flows = flows.filter((pl.col("day") > pl.col("nav_on")) & (pl.col("day") <= ask.as_of))
    back = flows.filter(pl.col("distributed") != 0).with_columns(signed=-pl.col("distributed"))
    return [
        *parts(used.filter(pl.col("source") == "valuation"), "valuation", "nav", "nav", "nav", "nav_on"),
        *parts(
            used.filter(pl.col("source") == "fund_report"),
            "fund_report",
            "guidance_share",
            "nav",
            "nav_share",
            "nav_on",
        ),
        *parts(flows.filter(pl.col("called") != 0), "cash_flow", "amount", "called", "since", "day"),
        *parts(back, "cash_flow", "amount", "signed", "since", "day"),
    ]


_SUMS: Final[dict[str, Callable[[Ask], list[Part]]]] = {
    **{name: (lambda ask, name=name: flows_of(ask, name)) for name in FLOWS},  # type: ignore[misc]
    "commitment": _commitments, "unfunded": _unfunded, "nav": nav_parts,
    "net_cash": lambda ask: [*flows_of(ask, "distributed"), *flows_of(ask, "paid_in", -1)],
    "net_value": lambda ask: [*flows_of(ask, "distributed"), *flows_of(ask, "paid_in", -1), *nav_parts(ask)],
}  # fmt: skip


SUMS: Final = tuple(_SUMS)


def sum_of(ask: Ask) -> Figure:
    """A sum of a participation or group."""
    row = row_of(ask)
    value = row.get(ask.metric) if row else None
    if value is None:
        return ask.figure(None, "given")
    return ask.figure(money(value), "sum", parts=tuple(_SUMS[ask.metric](ask)))


_RATIOS: Final = {
    "dpi": ("distributed", "paid_in"),
    "rvpi": ("nav", "paid_in"),
    "pic": ("paid_in", "commitment"),
}


def multiple(ask: Ask) -> Figure:
    """A multiple: both of its sides."""
    row = row_of(ask)
    value = row[ask.metric] if row else None
    if ask.metric == "tvpi":
        sides = (("dpi", multiple(ask.of("dpi"))), ("rvpi", multiple(ask.of("rvpi"))))
        return ask.figure(value, "plus", sides=sides)
    above, below = _RATIOS[ask.metric]
    return ask.figure(
        value, "ratio", sides=(("above", sum_of(ask.of(above))), ("below", sum_of(ask.of(below))))
    )


def irr(ask: Ask) -> Figure:
    """An IRR or the return of a period under one year: the dated flows, the NAV, and what they leave at the rate."""
    row = row_of(ask)
    if row is None or row["irr_status"] is None:
        return ask.figure(None, "given")
    nav = [Part(one.table, one.key, one.field, one.amount, one.role, ask.as_of) for one in nav_parts(ask)]
    flows = [*flows_of(ask, "paid_in", -1), *flows_of(ask, "distributed"), *nav]
    return rate(ask, row["irr"], row["irr_status"], row["period_return"], flows)


def said(ask: Ask) -> Figure:
    """What is said of a NAV or rate in words or days, with the cells that decide it."""
    row = row_of(ask)
    value = row.get(ask.metric) if row else None
    found = nav_parts(ask)
    found = [part for part in found if part.role in {"nav", "nav_share"}]
    if ask.metric == "irr_status" and row:
        return ask.figure(
            None if value is None else str(value), "given", sides=(("irr", irr(ask.of("irr"))),)
        )
    return ask.figure(value, "given", currency=None, parts=tuple(found))

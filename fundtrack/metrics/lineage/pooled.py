"""Where figures of several participations together come from: shares of their NAV, medians, quartiles, horizons."""

from typing import Final

import polars as pl

from fundtrack.metrics.groups import KEY
from fundtrack.metrics.horizon import cohorts, horizons, years_before
from fundtrack.metrics.lineage.figure import ONE, Ask, Figure, How, Part, money
from fundtrack.metrics.lineage.holdings import rate
from fundtrack.metrics.lineage.returns import flow_rows, flows_of, irr, multiple, nav_parts, row_of, scope

_SHARES: Final[dict[str, pl.Expr]] = {
    "rolled_share": pl.col("rolled"),
    "stale_share": pl.col("stale"),
    "valuation_share": pl.col("nav_source") == "valuation",
    "report_share": pl.col("nav_source") == "fund_report",
    "book_share": pl.col("nav_basis") == "book",
}


def known_share(ask: Ask) -> Figure:
    """Paid-in of the participations whose NAV is known, of that of all."""
    row, rows = row_of(ask), scope(ask)
    if row is None:
        return ask.figure(None, "given")
    valued = rows.filter(pl.col("nav").is_not_null() & pl.col("paid_in").is_not_null())
    paid = flows_of(ask, "paid_in")
    keys = flow_rows(ask.tables).join(valued.select(KEY), on=KEY, how="semi")["row_key"].to_list()
    above = [part for part in paid if part.key in set(keys)]
    sides = []
    for word, found, seen in (
        ("above", above, valued),
        ("below", paid, rows.filter(pl.col("paid_in").is_not_null())),
    ):
        value = money(seen["paid_in"].cast(pl.Decimal(38, 2)).sum()) if seen.height else None
        sides.append((word, ask.of("paid_in").figure(value, "sum", parts=tuple(found))))
    return ask.figure(row["known_share"], "ratio", sides=tuple(sides))


def nav_share(ask: Ask) -> Figure:
    """The share of all known NAV, by size, that one property holds of."""
    row, rows = row_of(ask), scope(ask).filter(pl.col("nav").is_not_null())
    if row is None:
        return ask.figure(None, "given")
    held = rows.filter(_SHARES[ask.metric].fill_null(value=False))
    sides = []
    for word, seen in (("above", held), ("below", rows)):
        sizes = seen["nav"].cast(pl.Decimal(38, 2)).abs()
        positive, negative = (seen.filter(pl.col("nav") >= 0), seen.filter(pl.col("nav") < 0))
        found = [*nav_parts(ask, positive)]
        found += [
            Part(one.table, one.key, one.field, -one.amount, one.role, one.day)
            for one in nav_parts(ask, negative)
        ]
        sides.append((word, ask.of("nav").figure(money(sizes.sum() or 0), "sum", parts=tuple(found))))
    return ask.figure(row[ask.metric], "ratio", sides=tuple(sides))


def horizon(ask: Ask) -> Figure:
    """The return over the years that the metric's name ends with: NAV at the start paid, flows since, NAV received."""
    years = int(ask.metric.rsplit("_", 1)[1])
    rows = horizons(ask.tables, ask.as_of, ask.by, [years])
    rows = rows.filter(pl.col("group") == ask.entity)
    rows = rows.filter(pl.col("currency") == ask.currency) if ask.currency else rows
    if rows.is_empty() or rows["irr_status"][0] is None:
        return ask.figure(None, "given")
    row, start = rows.row(0, named=True), years_before(ask.as_of, years)
    then = Ask(ask.tables, start, "nav", ask.by, ask.entity, ask.currency)
    opened = [Part(one.table, one.key, one.field, -one.amount, "nav_start", start) for one in nav_parts(then)]
    closed = [Part(one.table, one.key, one.field, one.amount, one.role, ask.as_of) for one in nav_parts(ask)]
    flows = [*flows_of(ask, "paid_in", -1), *flows_of(ask, "distributed")]
    within = [part for part in flows if part.day is not None and part.day > start]
    return rate(ask, row["irr"], row["irr_status"], row["period_return"], [*opened, *within, *closed])


def middle(ask: Ask) -> Figure:
    """The median of a vintage: each participation's own figure."""
    name = ask.metric.removesuffix("_median")
    rows = cohorts(ask.tables, ask.as_of, ask.by)
    rows = rows.filter((pl.col("group") == ask.entity) & (pl.col("currency") == ask.currency))
    value = rows[ask.metric][0] if rows.height else None
    make = irr if name == "irr" else multiple
    each = [(stake, make(Ask(ask.tables, ask.as_of, name, KEY, stake))) for stake in scope(ask)[KEY].sort()]
    ranked = tuple(
        (stake, one)
        for stake, one in each
        if one.value is not None and (name != "irr" or one.verdict == "ok")
    )
    return ask.figure(value, "median", sides=ranked)


def count(ask: Ask) -> Figure:
    """How many participations a group holds that money has moved in."""
    keys = ask.tables["participation"].select(KEY, "row_key").join(scope(ask).select(KEY), on=KEY, how="semi")
    found = tuple(Part("participation", key, KEY, ONE, "member") for key in keys["row_key"].sort())
    return ask.figure(money(len(found)), "sum", currency=None, parts=found)


def quartile(ask: Ask) -> Figure:
    """A quartile of a vintage, by linear interpolation between ranks; unknown below four."""
    rows = cohorts(ask.tables, ask.as_of, ask.by)
    rows = rows.filter((pl.col("group") == ask.entity) & (pl.col("currency") == ask.currency))
    value = rows[ask.metric][0] if rows.height else None
    rank: How = "q1" if ask.metric.endswith("_q1") else "q3"
    return ask.figure(value, rank, sides=middle(ask.of(f"{ask.metric[:-3]}_median")).sides)


def horizon_money(ask: Ask) -> Figure:
    """NAV at the start of a horizon, or what was gained over it, in money."""
    count_text = ask.metric.rsplit("_", 1)[1]
    made = horizon(ask.of(f"horizon_irr_{count_text}"))
    rows = horizons(ask.tables, ask.as_of, ask.by, [int(count_text)]).filter(pl.col("group") == ask.entity)
    rows = rows.filter(pl.col("currency") == ask.currency) if ask.currency else rows
    column = ask.metric.removeprefix("horizon_").removesuffix(f"_{count_text}")
    value = rows[column][0] if rows.height else None
    if value is None:
        return ask.figure(None, "given")
    start = years_before(ask.as_of, int(count_text))
    if column == "nav_start":
        return ask.figure(
            money(value),
            "sum",
            parts=tuple(nav_parts(Ask(ask.tables, start, "nav", ask.by, ask.entity, ask.currency))),
        )
    if column in {"paid_in", "distributed"}:
        within = [part for part in flows_of(ask, column) if part.day is not None and part.day > start]
        return ask.figure(money(value), "sum", parts=tuple(within))
    return ask.figure(money(value), "sum", parts=made.parts)

"""Value bridge: how NAV went from one day to another, each step to the cent, closing to 0.00.

    nav_end = nav_start + calls - distributions + valuation_change + fx_effect

In a participation's own currency fx_effect is 0.00. In another one, NAVs are converted at their day's rate,
flows at theirs, the valuation change (of the own currency) at the last day's rate; fx_effect is what is left:
what the rate did to the NAV held and the money moved since. Fees outside the commitment never entered the
NAV. NAVs are as of `positions`: where both are rolled forward from one valuation, its change is 0.00.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.exact import added, nothing, summed
from fundtrack.metrics.fx import converted, fx_rates, missing_rates, with_rate
from fundtrack.metrics.groups import KEY, labels
from fundtrack.metrics.members import Tables
from fundtrack.metrics.nav import positions_at
from fundtrack.metrics.once import once
from fundtrack.metrics.positions import money_moved
from fundtrack.money import MONEY

STEPS: Final = ("nav_start", "calls", "distributions", "valuation_change", "fx_effect", "nav_end")


@dataclass(frozen=True, slots=True)
class Bridge:
    """A value bridge.

    Attributes:
        participations: participation_id, own (its currency), currency (of the steps), the STEPS (null where a
            NAV or rate is unknown), nav_on_start, nav_on_end, the rates of both ends, their days and sources.
        groups: group, currency, the STEPS summed over the participations that are known (null where none is), known
            and unknown (how many are in the sums and how many are not), check (what the steps leave over: 0.00), the oldest
            NAV date at both ends.
        findings: rates that are missing, with the columns of MISSING.

    """

    participations: pl.DataFrame
    groups: pl.DataFrame
    findings: pl.DataFrame


def bridge(
    tables: Tables, start: date, end: date, into: str | None = None, by: str = "guidance_fund_id"
) -> Bridge:
    """Bridge the NAV of every participation and group from the end of one day to that of another.

    Without a currency every participation stays in its own, and groups are per currency.
    """
    steps, findings = _steps(tables, start, end, into)
    named = labels(tables).select(pl.col(KEY), group=pl.col(by))
    known = pl.col("fx_effect").is_not_null()
    groups = (
        steps.join(named, on=KEY, validate="1:1")
        .group_by("group", "currency")
        .agg(
            *[added(pl.col(name).filter(known)).cast(MONEY).alias(name) for name in STEPS],
            known=known.sum(),
            unknown=(~known).sum(),
            oldest_start=pl.col("nav_on_start").min(),
            oldest_end=pl.col("nav_on_end").min(),
        )
        .with_columns(check=_left_over().cast(MONEY))
    )
    return Bridge(steps, groups.sort("group", "currency"), findings)


@once
def _steps(tables: Tables, start: date, end: date, into: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Bridge each participation: what `Bridge` calls participations, and the missing rates."""
    rates = fx_rates(tables)
    currency = pl.coalesce(pl.lit(into, pl.String), pl.col("own"))
    ends = _ends(tables, start, end).with_columns(currency=currency)
    flows = money_moved(tables)
    flows = flows.filter((pl.col("day") > start) & (pl.col("day") <= end)).with_columns(currency=currency)
    rated = _converted(flows, rates, ["called", "distributed"])
    opening = pl.when(pl.col("nav_start") != 0).then(pl.lit(start))
    first = _converted(ends.with_columns(day=opening), rates, ["nav_start"])
    local = pl.col("nav_end") - pl.col("nav_start") - pl.col("called") + pl.col("distributed")
    whole = ends.join(_sums(flows), on=KEY, how="left", validate="1:1")
    whole = whole.with_columns(pl.col("called", "distributed").fill_null(nothing()))
    whole = whole.with_columns(local=local.cast(MONEY))
    idle = (pl.col("nav_end") == 0) & (pl.col("local") == 0)
    whole = whole.with_columns(day=pl.when(~idle).then(pl.lit(end)))
    last = _converted(whole, rates, ["nav_end", "local"])
    steps = _closed(last, first, rated)
    lacking = [missing_rates(part, pl.col("currency"), KEY, currency="own") for part in (rated, first, last)]
    return steps.sort(KEY), pl.concat(lacking).unique().sort("entity", "day")


def _left_over() -> pl.Expr:
    """Take the end from the start and all steps: nothing is left where they close."""
    begin, calls, back, change, effect, end = (pl.col(name) for name in STEPS)
    return begin + calls - back + change + effect - end


def _ends(tables: Tables, start: date, end: date) -> pl.DataFrame:
    """List the NAV of both days; before its first flow a participation was worth nothing."""
    at = positions_at(tables, [start, end])
    last = at.filter(pl.col("day") == end).select(KEY, own="currency", nav_end="nav", nav_on_end="nav_on")
    first = at.filter(pl.col("day") == start).select(
        KEY, begun=pl.lit(value=True), nav_start="nav", nav_on_start="nav_on"
    )
    both = last.join(first, on=KEY, how="left", validate="1:1")
    before = pl.when(pl.col("begun").is_null()).then(nothing()).otherwise("nav_start")
    return both.with_columns(nav_start=before).drop("begun")


def _sums(flows: pl.DataFrame) -> pl.DataFrame:
    return flows.group_by(KEY).agg(pl.col("called", "distributed").sum())


def _converted(rows: pl.DataFrame, rates: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    return converted(with_rate(rows, rates, pl.col("currency"), currency="own"), columns)


def _closed(last: pl.DataFrame, first: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """Put the steps together; the effect of the rate is what the others leave."""
    shown = ("rate", "rate_on", "rate_source")
    rows = last.rename({name: name.replace("rate", "rate_end", 1) for name in shown})
    opened = first.select(
        KEY,
        pl.col("nav_start_converted"),
        *[pl.col(name).alias(name.replace("rate", "rate_start", 1)) for name in shown],
    )
    moves = flows.group_by(KEY).agg(
        calls=summed(pl.col("called_converted")),
        distributions=summed(pl.col("distributed_converted")),
        still=pl.lit(value=False),
    )
    rows = rows.join(opened, on=KEY, validate="1:1").join(moves, on=KEY, how="left", validate="1:1")
    none, still = nothing(), pl.col("still").is_null()
    rows = rows.with_columns(
        nav_start=pl.col("nav_start_converted"),
        calls=pl.when(still).then(none).otherwise("calls"),
        distributions=pl.when(still).then(none).otherwise("distributions"),
        valuation_change=pl.col("local_converted"),
        nav_end=pl.col("nav_end_converted"),
    )
    moved_on = pl.col("nav_start") + pl.col("calls") - pl.col("distributions") + pl.col("valuation_change")
    rows = rows.with_columns(fx_effect=pl.col("nav_end") - moved_on)
    return rows.select(
        KEY, "own", "currency", *[pl.col(name).cast(MONEY) for name in STEPS], "nav_on_start", "nav_on_end",
        "rate_start", "rate_start_on", "rate_start_source", "rate_end", "rate_end_on", "rate_end_source",
    )  # fmt: skip

"""Returns over 1, 3, 5 and 10 years, and by vintage or cohort: pooled, median and quartiles.

    horizon return   IRR of: NAV at the start paid, flows since, NAV at the end received
    quartiles        linear interpolation between ranks; only with four or more to rank
    nav_basis        `book` (按账面净资产): every NAV was dated before 2018-07, when fair-value guidance for
                     Chinese funds began; else `mixed` or `not_stated`

Rates and multiples are fractions. A horizon longer than a group's life has no return, nor has one at whose
start or end a NAV is unknown. Medians rank IRRs with verdict `ok` only, and say how many (`irr_ranked`).
"""

import calendar
from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.exact import added, nothing
from fundtrack.metrics.groups import KEY, labels
from fundtrack.metrics.history import history_on, pooled_on
from fundtrack.metrics.irr import VERDICTS, irr_by
from fundtrack.metrics.members import Tables
from fundtrack.metrics.nav import pooled, positions_at
from fundtrack.metrics.once import once
from fundtrack.metrics.positions import money_moved
from fundtrack.money import MONEY, ratio

YEARS: Final = (1, 3, 5, 10)
RANKED_FROM: Final = 4
"""So many are needed for quartiles."""
_GROUP: Final = ["group", "currency"]
_VERDICT: Final = pl.Enum(VERDICTS)


def years_before(day: date, years: int) -> date:
    """Go back to the same day of an earlier year; 29 February to the 28th where there is none.

    >>> years_before(date(2016, 2, 29), 1)
    datetime.date(2015, 2, 28)
    """
    year = day.year - years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def horizons(
    tables: Tables,
    as_of: date,
    by: str = "participation_id",
    years: Sequence[int] = YEARS,
    *,
    known_only: bool = False,
) -> pl.DataFrame:
    """Show the return of each group over the years up to a day, one row a group, currency and horizon.

    With `known_only` participations of unknown NAV at either end are left out, NAV and flows; `known_share`
    tells how much of the group that leaves.

    Returns:
        group, currency, years, start_on, as_of, first_on (day of the group's first flow), nav_start, paid_in,
        distributed, nav_end (of the horizon), irr, irr_status, period_return, known_share (paid-in of what is
        counted / paid-in of all, both up to the day), gain = distributed + nav_end - nav_start - paid_in.

    """
    return _horizons(tables, as_of, by, tuple(years), known_only)


@once
def _horizons(
    tables: Tables,
    as_of: date,
    by: str,
    years: tuple[int, ...],
    known_only: bool,
) -> pl.DataFrame:
    starts = {count: years_before(as_of, count) for count in years}
    named = labels(tables)
    all_days = positions_at(tables, [*starts.values(), as_of])
    money = _grouped(tables, named, by, as_of)
    first = money.group_by(_GROUP).agg(
        first_on=pl.col("day").min(), paid_all=added(pl.col("paid_in").filter(pl.col("day") <= as_of))
    )
    parts = []
    for count, start in starts.items():
        both = all_days.filter(pl.col("day").is_in([start, as_of]))
        unknown = both.filter(pl.col("nav").is_null()).select(KEY).unique()
        counted = both.join(unknown, on=KEY, how="anti") if known_only else both
        own = money.join(unknown, on=KEY, how="anti") if known_only else money
        at = pooled(counted, named, by)
        value = at.select(
            *_GROUP, "day", nav=pl.when(pl.col("nav_unknown") == 0).then("nav"), paid_by="paid_in"
        )
        end = value.filter(pl.col("day") == as_of).select(*_GROUP, "paid_by", nav_end="nav")
        opened = value.filter(pl.col("day") == start).select(*_GROUP, nav_start="nav")
        within = own.filter((pl.col("day") > start) & (pl.col("day") <= as_of))
        sums = within.group_by(_GROUP).agg(added(pl.col("paid_in")), added(pl.col("distributed")))
        row = end.join(first, on=_GROUP, how="left", nulls_equal=True)
        for beside in (opened, sums):
            row = row.join(beside, on=_GROUP, how="left", nulls_equal=True)
        row = row.with_columns(
            pl.lit(count).alias("years"),
            start_on=pl.lit(start),
            as_of=pl.lit(as_of),
            paid_in=pl.col("paid_in").fill_null(nothing()),
            distributed=pl.col("distributed").fill_null(nothing()),
            known_share=ratio(pl.col("paid_by"), pl.col("paid_all")),
        )
        parts.append(_rated(row, within.drop(KEY), start, as_of))
    return pl.concat(parts).sort(*_GROUP, "years")


@once
def cohorts(tables: Tables, as_of: date, by: str = "vintage") -> pl.DataFrame:
    """Show groups of participations on a day: pooled as of `pooled`, with IRR, and the spread within.

    Returns:
        The columns of `pooled` with irr, irr_status, period_return, net_cash, net_value; nav_basis; for each
        of dpi, tvpi and irr its `_q1`, `_median` and `_q3`; tvpi_ranked and irr_ranked, how many were ranked.

    """
    each = history_on(tables, [as_of])
    each = each.join(labels(tables).select(KEY, group=by), on=KEY, validate="m:1")
    each = each.with_columns(irr=pl.when(pl.col("irr_status").cast(pl.String) == "ok").then("irr"))
    basis = pl.col("nav_basis").drop_nulls()
    spread = each.group_by(_GROUP).agg(
        pl.when(basis.n_unique() == 1).then(basis.first()).when(basis.len() > 0).then(pl.lit("mixed"))
        .alias("nav_basis"),
        pl.col("tvpi").count().alias("tvpi_ranked"),
        pl.col("irr").count().alias("irr_ranked"),
        *[rank for name in ("dpi", "tvpi", "irr") for rank in _ranks(name)],
    )  # fmt: skip
    whole = pooled_on(tables, [as_of], by)
    return whole.join(spread, on=_GROUP, nulls_equal=True, how="left", validate="1:1").sort(_GROUP)


def _ranks(name: str) -> list[pl.Expr]:
    value = pl.col(name)
    enough = value.count() >= RANKED_FROM
    return [
        pl.when(enough).then(value.quantile(0.25, "linear")).alias(f"{name}_q1"),
        value.median().alias(f"{name}_median"),
        pl.when(enough).then(value.quantile(0.75, "linear")).alias(f"{name}_q3"),
    ]


def _grouped(tables: Tables, named: pl.DataFrame, by: str, as_of: date) -> pl.DataFrame:
    """List participation_id, group, currency, day, paid_in, distributed: every flow with its group.

    Participations with a flow in another currency by the day have no sums, and add nothing.
    """
    money = money_moved(tables)
    money = money.filter(pl.col("day") <= as_of).filter(pl.col("foreign").sum().over(KEY) == 0)
    rows = money.join(named.select(pl.col(KEY), group=pl.col(by)), on=KEY, validate="m:1")
    return rows.select(KEY, "group", "day", "paid_in", "distributed", currency="own")


def _rated(row: pl.DataFrame, within: pl.DataFrame, start: date, end: date) -> pl.DataFrame:
    """Put the IRR of a horizon beside it."""
    row = row.sort(_GROUP).with_row_index("stream")
    known = row.filter(pl.col("nav_start").is_not_null() & pl.col("nav_end").is_not_null())
    net = pl.col("distributed").cast(pl.Float64) - pl.col("paid_in").cast(pl.Float64)
    flows = pl.concat(
        [
            known.select("stream", occurred_on=pl.lit(start), amount=-pl.col("nav_start").cast(pl.Float64)),
            within.join(known.select("stream", *_GROUP), on=_GROUP, nulls_equal=True).select(
                "stream", occurred_on="day", amount=net
            ),
            known.select("stream", occurred_on=pl.lit(end), amount=pl.col("nav_end").cast(pl.Float64)),
        ]
    )
    rates = irr_by(flows, "stream").with_columns(pl.col("irr_status").cast(_VERDICT))
    found = row.join(rates, on="stream", how="left", validate="1:1").with_columns(
        gain=pl.col("distributed") + pl.col("nav_end") - pl.col("nav_start") - pl.col("paid_in")
    )
    money = [pl.col(name).cast(MONEY) for name in ("nav_start", "paid_in", "distributed", "nav_end", "gain")]
    rate = ("irr", "irr_status", "period_return", "known_share")
    return found.select(*_GROUP, "years", "start_on", "as_of", "first_on", *money, *rate)

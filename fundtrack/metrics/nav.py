"""How far NAVs can be trusted: date, age, source, shares rolled forward and stale, one by one and pooled.

    nav           last reported NAV + calls - distributions since
    rolled_share  Σ |nav| of participations whose money moved after their NAV's day / Σ |nav|
    stale_share   the same of NAVs older than 365 days
    valuation_share, report_share   the same by source: a valuation, or a fund report's share
    book_share    the same of NAVs dated before 2018-07, which are book net assets (账面净资产)
    known_share   paid-in of the participations whose NAV is known / paid-in of all

Nothing is rescaled: where a NAV is unknown, `nav` is the sum of the known ones, `nav_unknown` says how many
are missing, and rvpi, tvpi and irr of the total are unknown. Sums in the currency beside them, never across.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.exact import added, summed
from fundtrack.metrics.groups import KEY, labels
from fundtrack.metrics.members import Tables
from fundtrack.metrics.navs import navs
from fundtrack.metrics.once import once
from fundtrack.metrics.positions import money_running, standing
from fundtrack.money import MONEY, ratio

_SUMMED: Final = ("commitment", "paid_in", "distributed", "recallable", "fees_outside", "unfunded")


def positions_at(tables: Tables, days: Iterable[date]) -> pl.DataFrame:
    """Show every participation on every given day from its first flow on; columns as of `positions`."""
    return _positions_on(tables, tuple(sorted(set(days))))


@once
def _positions_on(tables: Tables, days: tuple[date, ...]) -> pl.DataFrame:
    return standing(money_running(tables), tables["participation"], navs(tables), days)


def nav_at(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show the NAV of each participation money has moved in: date, age, source, how it was reached."""
    return positions_at(tables, [as_of]).select(
        KEY,
        "currency",
        "nav",
        "nav_on",
        "nav_age_days",
        "rolled",
        "stale",
        "nav_source",
        "nav_basis",
        "paid_in",
        as_of="day",
    )


def nav_totals(tables: Tables, as_of: date, by: str = "all") -> pl.DataFrame:
    """Add up the NAVs of a day by a label, each currency for itself."""
    return pooled(positions_at(tables, [as_of]), labels(tables), by)


def nav_since(tables: Tables, as_of: date, since: date) -> pl.DataFrame:
    """Weigh by NAV how much of it was reported for a day or later: currency, recent_share (of what is known)."""
    return (
        nav_at(tables, as_of)
        .group_by("currency")
        .agg(recent_share=_share(pl.col("nav_on") >= since))
        .sort("currency")
    )


def pooled(at: pl.DataFrame, named: pl.DataFrame, by: str, *, valued_only: bool = False) -> pl.DataFrame:
    """Add positions up by a label, a currency and a day.

    Args:
        at: what `positions` returns.
        named: what `labels` returns.
        by: one of LABELS.
        valued_only: leave out participations whose NAV is unknown; `known_share` still tells of all.

    Returns:
        group, currency, day, participations, commitment, paid_in, distributed, recallable, fees_outside, nav,
        unfunded, nav_unknown, known_share, the shares above, oldest_nav_on, dpi, rvpi, tvpi, pic.

    """
    keys = ["group", "currency", "day"]
    rows = at.join(named.select(pl.col(KEY), group=pl.col(by)), on=KEY, validate="m:1")
    valued = pl.col("nav").is_not_null()
    seen = rows.group_by(keys).agg(
        paid_all=added(pl.col("paid_in")), paid_valued=added(pl.col("paid_in").filter(valued))
    )
    kept = rows.filter(valued) if valued_only else rows
    sums = kept.group_by(keys).agg(
        pl.len().alias("participations"),
        *[summed(pl.col(name)).alias(name) for name in _SUMMED],
        nav=added(pl.col("nav")),
        nav_unknown=pl.col("nav").null_count(),
        rolled_share=_share(pl.col("rolled")),
        stale_share=_share(pl.col("stale")),
        valuation_share=_share(pl.col("nav_source") == "valuation"),
        report_share=_share(pl.col("nav_source") == "fund_report"),
        book_share=_share(pl.col("nav_basis") == "book"),
        oldest_nav_on=pl.col("nav_on").min(),
    )
    sums = sums.join(seen, on=keys, nulls_equal=True, validate="1:1")
    whole = pl.when(pl.col("nav_unknown") == 0).then("nav")
    found = sums.with_columns(
        known_share=ratio(pl.col("paid_valued"), pl.col("paid_all")),
        dpi=ratio(pl.col("distributed"), pl.col("paid_in")),
        rvpi=ratio(whole, pl.col("paid_in")),
        pic=ratio(pl.col("paid_in"), pl.col("commitment")),
    ).with_columns(tvpi=pl.col("dpi") + pl.col("rvpi"))
    return found.select(
        *keys, "participations",
        *[pl.col(name).cast(MONEY) for name in ("commitment", "paid_in", "distributed", "recallable", "fees_outside", "nav", "unfunded")],
        "nav_unknown", "known_share", "rolled_share", "stale_share", "valuation_share", "report_share",
        "book_share", "oldest_nav_on", "dpi", "rvpi", "tvpi", "pic",
    ).sort(keys)  # fmt: skip


def _share(holds: pl.Expr) -> pl.Expr:
    """Weigh what holds by NAV: its share of all that is known."""
    size = pl.col("nav").cast(pl.Decimal(38, 2)).abs()
    return ratio(size.filter(holds.fill_null(value=False)).sum(), size.sum())

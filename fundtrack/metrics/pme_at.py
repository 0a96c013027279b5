"""Public market equivalents of participations and groups on a day, against an index loaded as 市场数据.

An index serves a stream whose currency it states, where it has a level on each day money moved and on the
last, or within the 10 days before. Of several that serve, the first by code. Where none serves, or a NAV is
unknown, there is no row: nothing is invented. Units: ks_pme a ratio, the others annual rates as fractions.
"""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.fx import WITHIN_DAYS
from fundtrack.metrics.groups import KEY, labels
from fundtrack.metrics.members import Tables
from fundtrack.metrics.nav import pooled, positions_at
from fundtrack.metrics.pme import direct_alpha, ks_pme, ln_pme, pme_plus
from fundtrack.metrics.positions import money_moved, signed

PME: Final = ("ks_pme", "ln_pme", "pme_plus", "direct_alpha")
PME_AT: Final[dict[str, pl.DataType]] = {
    "group": pl.String(), "currency": pl.String(), "code": pl.String(), "source": pl.String(),
    **dict.fromkeys(PME, pl.Float64()),
}  # fmt: skip
_GROUP: Final = ["group", "currency"]


def indices(tables: Tables) -> pl.DataFrame:
    """List code, currency, quoted_on, level, source of every index that states its currency."""
    rows = tables["market_rate"].filter(
        (pl.col("kind") == "index") & (pl.col("value") > 0) & pl.col("currency").is_not_null()
    )
    level = pl.col("value").cast(pl.Float64)
    return rows.select("code", "currency", "quoted_on", "source", level=level).sort("code", "quoted_on")


def pme_at(tables: Tables, as_of: date, by: str = "all") -> pl.DataFrame:
    """Show the PMEs of each group that an index serves, with the columns of PME_AT."""
    levels = indices(tables)
    if levels.is_empty():
        return pl.DataFrame(schema=PME_AT)
    named = labels(tables)
    at = pooled(positions_at(tables, [as_of]), named, by)
    at = at.filter((pl.col("nav_unknown") == 0) & pl.col("nav").is_not_null() & pl.col("group").is_not_null())
    money = money_moved(tables).filter(pl.col("day") <= as_of)
    own = money.select(KEY, currency="own").unique()
    streams = signed(money).join(named.select(pl.col(KEY), group=pl.col(by)), on=KEY, validate="m:1")
    streams = streams.join(own, on=KEY, validate="m:1").select(*_GROUP, "day", "amount")
    last = at.select(*_GROUP, pl.lit(as_of).alias("day"), pl.lit(0.0).alias("amount"))
    streams = pl.concat([streams.join(at.select(_GROUP), on=_GROUP, how="semi"), last]).sort(*_GROUP, "day")
    rows = []
    value = {(group, currency): float(nav) for group, currency, nav in at.select(*_GROUP, "nav").iter_rows()}
    for (group, currency), stream in streams.partition_by(_GROUP, as_dict=True, maintain_order=True).items():
        rows += _measured(stream, levels.filter(pl.col("currency") == currency), value[group, currency])
    return pl.DataFrame(rows, schema=PME_AT, orient="row").sort(_GROUP)


def _measured(stream: pl.DataFrame, levels: pl.DataFrame, nav: float) -> list[tuple[object, ...]]:
    """Measure a stream by the first index that has a level for each of its days."""
    for (code,), one in levels.partition_by("code", as_dict=True, maintain_order=True).items():
        found = stream.join_asof(
            one.select("quoted_on", "level", "source"),
            left_on="day",
            right_on="quoted_on",
            tolerance=f"{WITHIN_DAYS}d",
            check_sortedness=False,
        )
        if found["level"].null_count():
            continue
        given = found["day"].to_list(), found["amount"].to_list(), nav, found["level"].to_list()
        long_nickels, plus = ln_pme(*given), pme_plus(*given)
        group, currency = found.select(_GROUP).row(0)
        rates = (ks_pme(*given), long_nickels and long_nickels.irr, plus and plus.irr, direct_alpha(*given))
        return [(group, currency, code, found["source"][-1], *rates)]
    return []

"""Exchange rates of 市场数据 by day, and money converted with them; a missing rate is nothing, and a finding.

A rate's code names two currencies, `USD/CNY` or `USDCNY`: how much of the second one unit of the first is
worth (CNY per USD). Its currency, where given, is the second. Of two spellings for one day the one with a
slash counts. A day takes its own rate, or the last of the 10 days before; where only the other direction is
quoted, money is divided by it. Results are rounded once, half away from zero.
"""

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

import polars as pl

from fundtrack.metrics.exact import nothing, over, times
from fundtrack.metrics.members import Tables
from fundtrack.money import RATE

WITHIN_DAYS: Final = 10
"""A rate serves its own day and so many after it."""

MISSING: Final[dict[str, pl.DataType]] = {
    "rule_id": pl.String(), "entity": pl.String(), "currency": pl.String(), "into": pl.String(),
    "day": pl.Date(),
}  # fmt: skip
"""The columns of findings about missing rates."""

NO_RATE: Final = "NO_FX_RATE"


class Quote(NamedTuple):
    """A rate that serves a day: its value, its own day, its source, and whether money is divided by it."""

    rate: Decimal
    quoted_on: date
    source: str
    divides: bool


def fx_rates(tables: Tables) -> pl.DataFrame:
    """List base, quote, quoted_on, rate (of `quote` per one `base`), source; one row a pair and day."""
    rows = tables["market_rate"].filter((pl.col("kind") == "fx") & (pl.col("value") > 0))
    pair = pl.col("code").str.to_uppercase().str.extract_groups(r"^([A-Z]{3})[/-]?([A-Z]{3})$")
    named = rows.with_columns(base=pair.struct.field("1"), quote=pair.struct.field("2"))
    meant = pl.col("currency").is_null() | (pl.col("currency") == pl.col("quote"))
    first = named.filter(meant & (pl.col("base") != pl.col("quote"))).sort("code")
    first = first.unique(["base", "quote", "quoted_on"], keep="first", maintain_order=True)
    return first.select("base", "quote", "quoted_on", "source", rate=pl.col("value").cast(RATE)).sort(
        "base", "quote", "quoted_on"
    )


def rate_at(rates: pl.DataFrame, day: date, base: str, quote: str) -> Quote | None:
    """Find the rate that serves a day; None where there is none within 10 days."""
    asked = pl.DataFrame({"currency": [base], "day": [day]}, schema={"currency": pl.String, "day": pl.Date})
    row = with_rate(asked, rates, quote).row(0, named=True)
    if row["rate"] is None:
        return None
    return Quote(row["rate"], row["rate_on"], row["rate_source"], row["rate_divides"])


def with_rate(
    frame: pl.DataFrame,
    rates: pl.DataFrame,
    into: str | pl.Expr,
    day: str = "day",
    currency: str = "currency",
) -> pl.DataFrame:
    """Put the rate beside each row that serves its day, from its currency into another.

    Adds rate (1 for money already in that currency), rate_on, rate_source, rate_divides; null: none serves.
    """
    target = pl.lit(into) if isinstance(into, str) else into
    pair = pl.concat_str(pl.col(currency), pl.lit(">"), target)
    rows = frame.with_row_index("place").with_columns(
        pair=pair, on_day=pl.col(day), same=pl.col(currency) == target
    )
    found = rows.select("place", "pair", "on_day").filter(pl.col("on_day").is_not_null())
    found = found.filter(pl.col("pair").is_not_null()).sort("pair", "on_day")
    for end, one, other in (("", "base", "quote"), ("_other", "quote", "base")):
        quotes = rates.select(
            pair=pl.concat_str(pl.col(one), pl.lit(">"), pl.col(other)),
            **{f"{name}{end}": name for name in ("rate", "source")},
            **{f"rate_on{end}": "quoted_on"},
        ).sort("pair", f"rate_on{end}")
        found = found.join_asof(
            quotes,
            left_on="on_day",
            right_on=f"rate_on{end}",
            by="pair",
            tolerance=f"{WITHIN_DAYS}d",
            coalesce=False,
            check_sortedness=False,
        )
    best = found.select(
        "place",
        *[pl.coalesce(name, f"{name}_other").alias(name) for name in ("rate", "rate_on")],
        rate_source=pl.coalesce("source", "source_other"),
        rate_divides=pl.col("rate").is_null() & pl.col("rate_other").is_not_null(),
    )
    rows = rows.join(best, on="place", how="left", validate="1:1").sort("place")
    same = pl.col("same") & pl.col("on_day").is_not_null()
    return rows.with_columns(
        rate=pl.when(same).then(pl.lit(Decimal(1)).cast(RATE)).otherwise("rate"),
        rate_on=pl.when(same).then("on_day").otherwise("rate_on"),
        rate_divides=pl.col("rate_divides").fill_null(value=False),
    ).drop("place", "pair", "on_day", "same")


def converted(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Add `<column>_converted` for each money column, by the rates that `with_rate` put beside them.

    Nothing is nothing in every currency, whatever the rate.
    """
    return frame.with_columns(
        pl.when(pl.col(name) == 0)
        .then(nothing())
        .when(pl.col("rate_divides"))
        .then(over(pl.col(name), pl.col("rate")))
        .otherwise(times(pl.col(name), pl.col("rate")))
        .alias(f"{name}_converted")
        for name in columns
    )


def missing_rates(
    frame: pl.DataFrame, into: str | pl.Expr, entity: str, day: str = "day", currency: str = "currency"
) -> pl.DataFrame:
    """List what `with_rate` found no rate for: a finding for each entity, currency and day."""
    target = pl.lit(into) if isinstance(into, str) else into
    rows = frame.filter(pl.col("rate").is_null() & pl.col(day).is_not_null())
    named = rows.select(
        rule_id=pl.lit(NO_RATE), entity=pl.col(entity), currency=pl.col(currency), into=target, day=day
    )
    return named.cast(MISSING).unique().sort("entity", "day", "currency")  # type: ignore[arg-type]

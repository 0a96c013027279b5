"""Indicators: what the city reports over time, and how the guidance funds perform by their usual measures."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from fundtrack.metrics.beside import beside
from fundtrack.metrics.once import Once
from fundtrack.metrics.ratios import RATIOS, total_ratios
from fundtrack.reports.progress import Ledger, json_rows

COUNTS: Final = ("portfolio_new", "portfolio")
"""What stands beside a reported target: firms of the portfolio recognised within the plan, and ever."""


@dataclass(frozen=True, slots=True)
class IndicatorReport:
    """Indicators on a day.

    Attributes:
        as_of: the day; None where nothing has been loaded.
        edition: what was known.
        reported: row_key, code, measured_on, value, source: every value reported by the day, newest first.
        performance: metric, currency, value, above, below, funds: the ratios of all funds that count.
        portfolio: code, item, value: firms of the portfolio beside reported targets.

    """

    as_of: date | None
    edition: int | None
    reported: pl.DataFrame
    performance: pl.DataFrame
    portfolio: pl.DataFrame

    def as_json(self) -> dict[str, Any]:
        """Show the report as JSON."""
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "edition": self.edition,
            "reported": json_rows(self.reported),
            "performance": json_rows(self.performance),
            "portfolio": json_rows(self.portfolio),
        }


def indicator_report(ledger: Ledger, as_of: date | None = None) -> IndicatorReport:
    """List indicators on a day, by default the newest date of any cover."""
    day = as_of or ledger.default_as_of
    source: Any = ledger
    tables = Once(source)
    columns = ("row_key", "code", "measured_on", "value", "source")
    reported = tables["indicator"].select(columns).sort("code", "measured_on", descending=[False, True])
    if day is None:
        return IndicatorReport(None, ledger.edition, reported.clear(), _long(None), pl.DataFrame())
    portfolio = beside(tables, day).filter(pl.col("item").is_in(COUNTS)).select("code", "item", "value")
    known = reported.filter(pl.col("measured_on") <= day)
    return IndicatorReport(day, ledger.edition, known, _long(total_ratios(tables, day)), portfolio)


def _long(wide: pl.DataFrame | None) -> pl.DataFrame:
    """Turn a row per currency into a row per ratio and currency, CNY first."""
    if wide is None:
        return pl.DataFrame(schema={"metric": pl.String, "currency": pl.String, "value": pl.Float64})
    parts = [
        wide.select(
            pl.lit(name).alias("metric"),
            "currency",
            value=name,
            above=f"{name}_above",
            below=f"{name}_below",
            funds=pl.col(f"{name}_funds").cast(pl.Int64),
        )
        for name in RATIOS
    ]
    return pl.concat(parts).sort(pl.col("currency") != "CNY", "currency", maintain_order=True)

"""How the programme grew: funds, scale, firms and cross-border money at the end of each quarter and year."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from fundtrack.metrics.counting import counted
from fundtrack.metrics.progress import LEDGER, history
from fundtrack.money import MONEY
from fundtrack.periods import month_end, quarter_end
from fundtrack.reports.progress import Ledger, json_rows

_CURRENCY = {"fund_scale": "CNY", "cross_border": "USD"}


@dataclass(frozen=True, slots=True)
class GrowthReport:
    """Cumulative values until a day.

    Attributes:
        as_of: the last day shown; a period that holds it ends there.
        edition: what was known.
        quarters, years: code, day, value (cumulative), added (since the period before), currency, complete
            (the period has ended by as_of); sorted by code and day.

    """

    as_of: date | None
    edition: int | None
    quarters: pl.DataFrame
    years: pl.DataFrame

    def as_json(self) -> dict[str, Any]:
        """Show the report as JSON."""
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "edition": self.edition,
            "quarters": json_rows(self.quarters),
            "years": json_rows(self.years),
        }


def growth_report(ledger: Ledger, as_of: date | None = None) -> GrowthReport:
    """Show the growth of what is counted from the ledger, from its first event to a day."""
    tables: Any = ledger
    day = as_of or ledger.default_as_of
    first = _first_event(tables, day) if day else None
    if day is None or first is None:
        empty = _grown(tables, {})
        return GrowthReport(day, ledger.edition, empty, empty)
    quarters = _grown(tables, {end: end == quarter_end(end) for end in quarter_ends(first, day)})
    years = _grown(tables, {end: end == month_end(end.year, 12) for end in year_ends(first, day)})
    return GrowthReport(day, ledger.edition, quarters, years)


def quarter_ends(first: date, last: date) -> list[date]:
    """List the ends of quarters from the one that holds the first day; the last one ends with the last day.

    >>> [str(day) for day in quarter_ends(date(2017, 2, 1), date(2017, 8, 15))]
    ['2017-03-31', '2017-06-30', '2017-08-15']
    """
    days = [min(quarter_end(first), last)]
    while days[-1] < last:
        days.append(min(quarter_end(days[-1] + timedelta(days=1)), last))
    return days


def year_ends(first: date, last: date) -> list[date]:
    """List the ends of years from the one that holds the first day; the last one ends with the last day.

    >>> [str(day) for day in year_ends(date(2015, 2, 1), date(2017, 9, 30))]
    ['2015-12-31', '2016-12-31', '2017-09-30']
    """
    return [min(month_end(year, 12), last) for year in range(first.year, last.year + 1)]


def _first_event(tables: Any, as_of: date) -> date | None:
    events = counted(tables)
    days = pl.concat([events.funds["day"], events.firms["day"], events.committed["day"]])
    first: Any = days.filter(days <= as_of).min()
    return first if isinstance(first, date) else None


def _grown(tables: Any, ends: dict[date, bool]) -> pl.DataFrame:
    """Show the values at the ends of periods, each marked whether its period is complete."""
    rows = history(tables, LEDGER, list(ends))
    added = pl.col("value") - pl.col("value").shift(1).over("code").fill_null(pl.lit(0).cast(MONEY))
    complete = pl.col("day").is_in([end for end, whole in ends.items() if whole])
    currency = pl.col("code").replace_strict(_CURRENCY, default=None, return_dtype=pl.String)
    return rows.with_columns(added=added.cast(MONEY), currency=currency, complete=complete).sort(
        "code", "day"
    )

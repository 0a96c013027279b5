"""How the forecast would have done, as people and programs read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

import polars as pl

from fundtrack.metrics.forecast.backtest import BACKTEST, Known, backtest, summary
from fundtrack.reports.progress import Ledger, json_rows
from fundtrack.text.numbers import day, money, percent, plain
from fundtrack.text.say import Lang, say

PREFIX: Final = "backtest:"
"""Stands before a figure of the backtest, see `reports.backtest_trace`."""


class Editions(Protocol):
    """What a backtest needs of a store: the ledger as known at an edition."""

    def ledger(self, known_at: int | None = None) -> Any:
        """Read the ledger of an edition."""


@dataclass(frozen=True, slots=True)
class BacktestReport:
    """How the forecast would have done.

    Attributes:
        as_of: the last day that has come true.
        edition: what was known.
        rows: see `metrics.forecast.backtest.BACKTEST`.
        summary: see `metrics.forecast.backtest.SUMMARY`.

    """

    as_of: date | None
    edition: int | None
    rows: pl.DataFrame
    summary: pl.DataFrame

    def as_json(self) -> dict[str, Any]:
        """Show the backtest as JSON."""
        return {"as_of": self.as_of.isoformat() if self.as_of else None, "edition": self.edition, "forecast": True,
                "summary": [row | {"trace": f"{PREFIX}{row['code']}"} for row in json_rows(self.summary)],
                "rows": [row | {"trace": f"{PREFIX}{row['code']}:{row['as_of']}"} for row in json_rows(self.rows)]}  # fmt: skip


def backtest_report(
    ledger: Ledger, as_of: date | None = None, editions: Editions | None = None
) -> BacktestReport:
    """Make the forecast again at every past quarter end, as known at the edition where one reaches back."""
    until = as_of or ledger.default_as_of
    if until is None:
        empty = pl.DataFrame(schema=BACKTEST)
        return BacktestReport(None, ledger.edition, empty, summary(empty))
    tables: Any = ledger
    rows = backtest(tables, until, known=knowing(ledger, editions))
    return BacktestReport(until, ledger.edition, rows, summary(rows))


def backtest_lines(report: BacktestReport, lang: Lang) -> tuple[list[str], list[list[str]], list[int]]:
    """Write a backtest's summary as a table: heads, rows, columns set to the right."""
    heads = [
        say(f"forecast.tested_{name}", lang)
        for name in ("target", "forecasts", "covered", "inside", "error", "naive", "ratio")
    ]
    rows = [[say(f"target.{row['code']}", lang), plain(row["forecasts"], lang),
             f"{plain(row['covered'], lang)} ({percent(row['coverage'], lang, 0)})", percent(row["inside"], lang, 0),
             *(_error(row[name], row["code"], lang) for name in ("error", "naive_error")),
             "" if row["error_ratio"] is None else plain(row["error_ratio"], lang, 2, fixed=True)]
            for row in report.summary.iter_rows(named=True)]  # fmt: skip
    return heads, rows, [1, 2, 3, 4, 5, 6]


def leading_on(report: BacktestReport, lang: Lang) -> list[str]:
    """Say in a line how each number traces; nothing where there is none."""
    if report.rows.is_empty():
        return []
    newest = report.rows.row(-1, named=True)
    example = f"fundtrack trace {PREFIX}{newest['code']}:{newest['as_of']}"
    return [say("forecast.backtest_trace", lang, quarter=day(newest["as_of"], lang), example=example)]


def _error(value: float | None, code: str, lang: Lang) -> str:
    if value is None:
        return ""
    if code in {"fund_scale", "cross_border"}:
        return money(value, "USD" if code == "cross_border" else "CNY", lang)
    return plain(value, lang, 1, fixed=True)


def knowing(ledger: Ledger, editions: Editions | None) -> Callable[[date], Known | None] | None:
    """How to find what was known at a quarter end, from the editions up to the ledger's; None where there are none to ask."""
    return known_then(editions, ledger.edition) if editions is not None and ledger.edition else None


def known_then(editions: Editions, newest: int) -> Callable[[date], Known | None]:
    """Find for a quarter end the first edition whose covers reach it and not the next one."""
    dated: list[tuple[date | None, int]] = []

    def find(quarter: date) -> Known | None:
        if not dated:
            dated.extend(
                (editions.ledger(edition).default_as_of, edition) for edition in range(1, newest + 1)
            )
        for reaches, edition in dated:
            if reaches is not None and quarter <= reaches and (reaches - quarter).days < 90:
                return Known(editions.ledger(edition), edition)
        return None

    return find

"""The money trail as people and programs read it: stations of each currency, guidance funds one by one, the sentence."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from fundtrack.metrics.money_trail import TRAIL, money_trail, stations, trail_total
from fundtrack.metrics.once import Once
from fundtrack.reports.progress import Ledger, json_rows
from fundtrack.text.numbers import money, percent
from fundtrack.text.say import Lang, say


@dataclass(frozen=True, slots=True)
class TrailReport:
    """Where the guidance funds' money went, until a day.

    Attributes:
        as_of: the day; None where nothing has been loaded.
        edition: what was known.
        stations: a row per currency and station, see `metrics.money_trail.stations`; CNY first.
        totals: a row per currency, see `metrics.money_trail.trail_total`.
        funds: a row per guidance fund and currency, see `metrics.money_trail.TRAIL`.

    """

    as_of: date | None
    edition: int | None
    stations: pl.DataFrame
    totals: pl.DataFrame
    funds: pl.DataFrame

    def of(self, currency: str) -> list[dict[str, Any]]:
        """List the stations of a currency, in order."""
        return self.stations.filter(pl.col("currency") == currency).to_dicts()

    def finding(self, lang: Lang, currency: str = "CNY") -> str:
        """Say what the trail shows: received, paid on, back, remitted; empty where there is nothing of a currency."""
        rows = {row["stage"]: row for row in self.of(currency)}
        if not rows:
            return ""
        words = {stage: money(row["value"], currency, lang) for stage, row in rows.items()}
        return say("trail.finding", lang, share=percent(rows["paid_to_funds"]["share"], lang), **words)

    def as_json(self) -> dict[str, Any]:
        """Show the report as JSON."""
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "edition": self.edition,
            "stations": json_rows(self.stations),
            "totals": json_rows(self.totals),
            "guidance_funds": json_rows(self.funds),
        }


def trail_report(ledger: Ledger, as_of: date | None = None) -> TrailReport:
    """Follow the money until a day, by default the newest date of any cover."""
    day = as_of or ledger.default_as_of
    if day is None:
        none = pl.DataFrame(schema=TRAIL)
        return TrailReport(None, ledger.edition, stations(none), none.drop("guidance_fund_id", "name"), none)
    source: Any = ledger
    tables = Once(source)
    total = trail_total(tables, day)
    return TrailReport(day, ledger.edition, stations(total), total, money_trail(tables, day))

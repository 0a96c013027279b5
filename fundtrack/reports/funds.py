"""Partner funds and participations, one line each."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from fundtrack.metrics import funds_at as funds
from fundtrack.metrics import participations_at as stakes
from fundtrack.reports.progress import Ledger, json_rows


@dataclass(frozen=True, slots=True)
class FundsReport:
    """Partner funds and participations on a day, as known at an edition.

    Attributes:
        as_of: the day; None where nothing has been loaded and none was asked for.
        edition: what was known.
        funds: a row per partner fund, see `metrics.funds_at.SUMMARY`.
        participations: a row per participation, see `metrics.participations_at.SUMMARY`, with its IRR.

    """

    as_of: date | None
    edition: int | None
    funds: pl.DataFrame
    participations: pl.DataFrame

    def as_json(self) -> dict[str, Any]:
        """Show the report as JSON."""
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "edition": self.edition,
            "funds": json_rows(self.funds),
            "participations": json_rows(self.participations),
        }


def funds_report(ledger: Ledger, as_of: date | None = None) -> FundsReport:
    """Show funds and participations on a day, by default the newest date of any cover."""
    day = as_of or ledger.default_as_of
    if day is None:
        nothing = (pl.DataFrame(schema=schema) for schema in (funds.SUMMARY, stakes.SUMMARY))
        return FundsReport(None, ledger.edition, *nothing)
    tables: Any = ledger
    return FundsReport(
        day, ledger.edition, funds.funds_at(tables, day), stakes.participations_at(tables, day)
    )

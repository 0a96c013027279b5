"""The reports of one city among many: the same functions, their JSON, and what of it may be added up across cities.

Each is a small value that can be handed to another process, called there with the city's ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import polars as pl

from fundtrack.metrics.progress import BAND_EARLY, BAND_LATE, progress
from fundtrack.metrics.rules.finding import STATUSES
from fundtrack.reports.findings import findings_report
from fundtrack.reports.funds import funds_report
from fundtrack.reports.progress import Ledger, json_rows, progress_report
from fundtrack.text.say import Lang

Shown = dict[str, Any]


class Measure(NamedTuple):
    """A figure that may be added up across cities.

    Attributes:
        figure: its name.
        unit: its currency or unit; figures of two units are never added.
        amount: the figure, exact; None where the city does not know it.
        counted: of how many rows.
    """

    figure: str
    unit: str
    amount: Decimal | None
    counted: int


class Told(NamedTuple):
    """What a city's report says: its JSON, and what of it may be added up."""

    shown: Shown
    measures: list[Measure]


_FUND_SUMS: Final = ("target_size", "committed_size", "paid_in", "guidance_committed", "guidance_paid_in")
_STAKE_SUMS: Final = ("commitment", "paid_in", "distributed", "recallable", "nav", "unfunded")


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a city's targets stand.

    Attributes:
        as_of: the day; None for the newest date of any of the city's covers.
        band_early: how far below pace is still `behind` in the first three quarters of a plan.
        band_late: the same in the last.
    """

    as_of: date | None = None
    band_early: Decimal | float = BAND_EARLY
    band_late: Decimal | float = BAND_LATE

    def __call__(self, ledger: Ledger) -> Told:
        """Compute it."""
        report = progress_report(ledger, self.as_of, self.band_early, self.band_late)
        rows = report.targets.iter_rows(named=True)
        found = [
            Measure(f"{row['code']}.{name}", row["currency"] or row["unit"], row[name], int(row[name] is not None))
            for row in rows
            for name in ("actual", "target")
        ]  # fmt: skip
        return Told(report.as_json(), found)


@dataclass(frozen=True, slots=True)
class Funds:
    """A city's partner funds and participations.

    Attributes:
        as_of: the day; None for the newest date of any of the city's covers.
    """

    as_of: date | None = None

    def __call__(self, ledger: Ledger) -> Told:
        """Compute it."""
        report = funds_report(ledger, self.as_of)
        found = [
            *_sums("funds", report.funds, _FUND_SUMS),
            *_sums("participations", report.participations, _STAKE_SUMS),
        ]
        return Told(report.as_json(), found)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the rules say of a city.

    Attributes:
        as_of: the day; None for the newest date of any of the city's covers.
        clear: whether to list what was found clear, too.
        lang: in which language findings speak.
    """

    as_of: date | None = None
    clear: bool = False
    lang: Lang = "zh"

    def __call__(self, ledger: Ledger) -> Told:
        """Compute it."""
        held: Any = ledger
        report = findings_report(held, self.as_of)
        groups = report.rows.group_by("rule_id", "status", "currency").agg(
            pl.col("amount").sum(), counted=pl.len()
        )
        ordered = groups.sort("rule_id", "status", "currency").iter_rows(named=True)
        found = [
            Measure(f"{row['rule_id']}.{row['status']}", row["currency"] or "", row["amount"], row["counted"])
            for row in ordered
            if row["status"] in STATUSES
        ]
        return Told(report.as_json(clear=self.clear, lang=self.lang), found)


@dataclass(frozen=True, slots=True)
class Standing:
    """A city's targets on several days, every value an exact text: what a roll-up ranks and adds.

    Attributes:
        days: the days.
        band_early: as of `Progress`.
        band_late: as of `Progress`.
    """

    days: tuple[date, ...]
    band_early: Decimal | float = BAND_EARLY
    band_late: Decimal | float = BAND_LATE

    def __call__(self, ledger: Ledger) -> Told:
        """Compute it."""
        tables: Any = ledger
        bands = {"band_early": self.band_early, "band_late": self.band_late}
        days = {day.isoformat(): json_rows(progress(tables, day, **bands)) for day in self.days}
        return Told({"days": days}, [])


def _sums(of: str, frame: pl.DataFrame, names: Sequence[str]) -> list[Measure]:
    """Each sum by currency, and how many rows know it."""
    found = []
    for (currency,), rows in frame.group_by("currency", maintain_order=True):
        found.append(Measure(f"{of}.number", str(currency), Decimal(rows.height), rows.height))
        for name in names:
            known = rows[name].drop_nulls()
            amount: Any = known.cast(pl.Decimal(38, 2)).sum() if known.len() else None
            found.append(Measure(f"{of}.{name}", str(currency), amount, known.len()))
    return found

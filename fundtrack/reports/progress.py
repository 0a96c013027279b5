"""The targets as people and programs read them: rows, what stands beside them, what is coming."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Protocol

import polars as pl

from fundtrack.metrics.beside import BESIDE, PIPELINE, beside, pipeline
from fundtrack.metrics.once import Once
from fundtrack.metrics.progress import BAND_EARLY, BAND_LATE, PROGRESS, progress
from fundtrack.reports.few import few
from fundtrack.reports.headline import overall
from fundtrack.reports.words import Card, card
from fundtrack.text.say import Lang


class Ledger(Protocol):
    """What a report needs of a ledger, beyond its tables."""

    edition: int | None

    @property
    def default_as_of(self) -> date | None:
        """Find the newest date of any cover."""

    def __getitem__(self, table: str) -> pl.DataFrame:
        """Read the rows of a table."""


READ: Final[dict[str, tuple[str, ...]]] = {
    "target": ("code", "name", "unit", "currency", "value", "starts_on", "due_on", "source"),
    "indicator": ("code", "measured_on", "value", "source"),
    "manager": ("manager_id", "name", "name_key", "group_name", "uscc", "amac_no"),
    "guidance_fund": ("guidance_fund_id", "kind", "currency", "planned_size", "established_on"),
    "guidance_flow": ("row_key", "guidance_fund_id", "kind", "occurred_on", "amount", "currency"),
    "partner_fund": (
        "partner_fund_id", "name", "manager_id", "uscc", "amac_code", "currency", "target_size", "committed_size", "established_on",
        "established_on_precision", "filed_on", "investment_end", "term_end",
    ),
    "participation": (
        "participation_id", "guidance_fund_id", "partner_fund_id", "approved_on", "approved_amount", "approval_no", "expected_on",
        "stage_now", "signed_on", "commitment", "currency", "dropped_on",
    ),
    "cash_flow": ("participation_id", "kind", "occurred_on", "amount", "principal", "cost_basis", "exit_kind", "currency"),
    "fund_change": ("partner_fund_id", "kind", "effective_on", "before", "after"),
    "investor_commitment": ("row_key", "partner_fund_id", "effective_on", "reason", "amount", "currency"),
    "fund_paid_in": ("partner_fund_id", "guidance_fund_id", "paid_on", "amount", "currency"),
    "investment": ("partner_fund_id", "company_id", "invested_on"),
    "company": ("company_id", "uscc", "hightech_on", "tech_sme_on"),
}  # fmt: skip
"""What the targets and what stands beside them are counted from, by table: nothing else is read."""


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """The targets on a day, as known at an edition.

    Attributes:
        as_of: the day; None where nothing has been loaded and none was asked for.
        edition: what was known.
        targets: a row per target, see `metrics.progress.PROGRESS`.
        beside: what stands beside them, see `metrics.beside.BESIDE`.
        pipeline: funds that do not count yet, see `metrics.beside.PIPELINE`.

    """

    as_of: date | None
    edition: int | None
    targets: pl.DataFrame
    beside: pl.DataFrame
    pipeline: pl.DataFrame

    @property
    def computed(self) -> pl.DataFrame:
        """The targets counted from the ledger."""
        return self.targets.filter("computed")

    @property
    def reported(self) -> pl.DataFrame:
        """The targets reported for the whole city, for context."""
        return self.targets.filter(~pl.col("computed"))

    def cards(self, lang: Lang) -> list[Card]:
        """Every target's card, in order."""
        return [card(row, self.beside, lang) for row in self.targets.iter_rows(named=True)]

    def headline(self, lang: Lang) -> str:
        """Write the sentence above the cards."""
        return overall(self.targets, self.pipeline, lang)

    def as_json(self) -> dict[str, Any]:
        """Show the report as JSON."""
        return {
            "as_of": _plain(self.as_of),
            "edition": self.edition,
            "targets": [_target(row) for row in self.targets.iter_rows(named=True)],
            "beside": [_valued(row, ("value",)) for row in self.beside.iter_rows(named=True)],
            "pipeline": json_rows(self.pipeline),
        }


def progress_report(
    ledger: Ledger,
    as_of: date | None = None,
    band_early: Decimal | float = BAND_EARLY,
    band_late: Decimal | float = BAND_LATE,
) -> ProgressReport:
    """Compute the targets on a day, by default the newest date of any cover."""
    day = as_of or ledger.default_as_of
    if day is None:
        frames = (pl.DataFrame(schema=schema) for schema in (PROGRESS, BESIDE, PIPELINE))
        return ProgressReport(None, ledger.edition, *frames)
    tables = Once(few(ledger, READ))
    targets = progress(tables, day, band_early=band_early, band_late=band_late)
    return ProgressReport(day, ledger.edition, targets, beside(tables, day), pipeline(tables, day))


def _target(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = _valued(row, ("actual", "target", "start_value", "remaining"))
    return shown | {"band": float(row["band"])}


def _valued(row: Mapping[str, Any], values: tuple[str, ...]) -> dict[str, Any]:
    """Show a row's values as amounts where it has a currency, else as plain numbers."""
    return {
        name: number(value) if name in values and not row["currency"] else _plain(value)
        for name, value in row.items()
    }


def number(value: Decimal | None) -> int | float | None:
    """Show a count as a number: whole where it is whole.

    >>> number(Decimal("84.00")), number(Decimal("0.50")), number(None)
    (84, 0.5, None)
    """
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def _plain(value: Any) -> Any:
    """Show an amount as text with two decimals (what has more, such as a rate, with all of them), a day in ISO 8601."""
    if isinstance(value, Decimal):
        cents = f"{value:.2f}"
        return cents if Decimal(cents) == value else f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def json_rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Show a frame's rows as JSON: amounts as text with two decimals, ratios as numbers, days in ISO 8601.

    >>> json_rows(pl.DataFrame({"a": [Decimal("1.5")], "on": [date(2017, 9, 30)], "irr": [None]}))
    [{'a': '1.50', 'on': '2017-09-30', 'irr': None}]
    >>> json_rows(pl.DataFrame({"rate": [Decimal("6.65204100")]}))
    [{'rate': '6.652041'}]
    """
    return [{name: _plain(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]

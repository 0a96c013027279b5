"""What needs coordinating, in words: fund, stage, obstacle, owner, date; and what would close each target's gap."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from fundtrack.metrics.coordination import COORDINATION, coordination
from fundtrack.metrics.once import Once
from fundtrack.metrics.plan import Plan, plan
from fundtrack.reports.progress import Ledger, json_rows
from fundtrack.reports.words import Row, amount
from fundtrack.text.numbers import day, money, plain
from fundtrack.text.say import Lang, say


@dataclass(frozen=True, slots=True)
class CoordinationReport:
    """What somebody must push, and what closes the gaps.

    Attributes:
        as_of: the day; None where nothing has been loaded.
        edition: what was known.
        rows: see `metrics.coordination.COORDINATION`.
        plan: the gap and the cheapest way to close it; None where nothing has been loaded.

    """

    as_of: date | None
    edition: int | None
    rows: pl.DataFrame
    plan: Plan | None

    def closing(self, row: Row, lang: Lang) -> str:
        """Say what would close a target's gap; empty where there is none, or where its day is over.

        Args:
            row: of `metrics.progress`.
            lang: the language.

        """
        if not row["remaining"] or row["status"] == "missed":
            return ""
        if row["code"] == "cross_border":
            return say("closing.cross_border", lang, remaining=amount(row["remaining"], row, lang))
        return _closing(self.plan, row["code"], lang)

    def as_json(self) -> dict[str, Any]:
        """Show the report as JSON, each obstacle in both languages too."""
        rows = [
            shown | {"says": {"zh": obstacle(row, "zh"), "en": obstacle(row, "en")}}
            for shown, row in zip(json_rows(self.rows), self.rows.iter_rows(named=True), strict=True)
        ]
        as_of = self.as_of.isoformat() if self.as_of else None
        return {"as_of": as_of, "edition": self.edition, "coordination": rows}


def coordination_report(ledger: Ledger, as_of: date | None = None) -> CoordinationReport:
    """Tell what is to be coordinated on a day, by default the newest date of any cover."""
    on = as_of or ledger.default_as_of
    if on is None:
        return CoordinationReport(None, ledger.edition, pl.DataFrame(schema=COORDINATION), None)
    source: Any = ledger
    tables = Once(source)
    return CoordinationReport(on, ledger.edition, coordination(tables, on), plan(tables, on))


def obstacle(row: Mapping[str, Any], lang: Lang) -> str:
    """Say what stands in a fund's way, after what its sender wrote."""
    words = {
        "days": plain(row["days"], lang) if row["days"] is not None else "",
        "expected": day(row["expected_on"], lang),
        "due": day(row["due_on"], lang),
    }
    said = say(f"coordination.{row['obstacle']}", lang, **words)
    return say("coordination.noted", lang, note=row["note"], said=said) if row["note"] else said


def _closing(found: Plan | None, code: str, lang: Lang) -> str:
    """Say how many funds of the pipeline and how many further ones close the gap of funds, scale or houses."""
    if found is None or found.choice is None:
        return say("closing.unknown", lang)
    choice, usual = found.choice, found.usual.size
    houses = len({each.house for each in choice.chosen if each.house})
    words = {
        "chosen": plain(len(choice.chosen), lang), "size": money(choice.size, "CNY", lang), "houses": plain(houses, lang),
        "further": plain(choice.further, lang), "further_houses": plain(choice.further_houses, lang),
        "further_size": money(choice.further * usual if usual is not None else Decimal(0), "CNY", lang),
    }  # fmt: skip
    mine, more = (
        (houses, choice.further_houses) if code == "new_managers" else (len(choice.chosen), choice.further)
    )
    if not mine and not more:
        return ""
    which = "both" if mine and more else "chosen" if mine else "further"
    return say(f"closing.{code}_{which}", lang, **words)

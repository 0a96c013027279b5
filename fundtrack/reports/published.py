"""Published figures beside ours: what was said, by whom, what we compute for the same day, and why they may differ."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from fundtrack.errors import InputError
from fundtrack.metrics.lineage.figure import Value
from fundtrack.metrics.lineage.find import trace
from fundtrack.metrics.once import Once
from fundtrack.reports.progress import Ledger
from fundtrack.reports.trace import shown
from fundtrack.text.say import Lang, say


@dataclass(frozen=True, slots=True)
class Published:
    """A figure that was published.

    Attributes:
        id: its stable name, that of its sentences under `published.fact`.
        day: as of when; None where the source does not say.
        value: as published, money in units of its currency.
        unit: what is counted; empty of money and multiples.
        currency: of money.
        figure: what we compute beside it; empty where we compute none.
        ours_then: ours on its day; None where it is unknown, the source does not say when, or the day is still ahead.
        ours_now: ours on the day that is looked at.

    """

    id: str
    day: date | None
    value: Decimal
    unit: str
    currency: str | None
    figure: str
    ours_then: Value = None
    ours_now: Value = None

    def says(self, name: str, lang: Lang) -> str:
        """Tell its `what`, `source` or `why` in a language."""
        return say(f"published.{name}.{self.id}", lang)

    def as_json(self) -> dict[str, Any]:
        """Show it as JSON."""
        return {
            "id": self.id, "day": self.day.isoformat() if self.day else None, "value": str(self.value), "unit": self.unit, "currency": self.currency,
            "figure": self.figure or None, "ours_then": shown(self.ours_then), "ours_now": shown(self.ours_now), "source": self.says("source", "zh"),
        }  # fmt: skip


@cache
def facts() -> tuple[Published, ...]:
    """List what was published, without ours."""
    held = tomllib.loads((files("fundtrack.text") / "published.toml").read_text(encoding="utf-8"))
    return tuple(
        Published(row["id"], row.get("day"), Decimal(row["value"]), row.get("unit", ""), row.get("currency"), row["figure"])
        for row in held["fact"]
    )  # fmt: skip


def published_report(ledger: Ledger, as_of: date | None = None) -> tuple[Published, ...]:
    """Put ours beside what was published: on its own day, and on a day, by default the newest date of any cover."""
    day = as_of or ledger.default_as_of
    if day is None:
        return facts()
    source: Any = ledger
    tables = Once(source)
    return tuple(
        Published(
            each.id, each.day, each.value, each.unit, each.currency, each.figure,
            _ours(tables, each, each.day) if each.day and each.day <= day else None,
            _ours(tables, each, day),
        )
        for each in facts()
    )  # fmt: skip


def _ours(tables: Mapping[str, Any], fact: Published, day: date) -> Value:
    """Our value of a day; None where there is none."""
    if not fact.figure:
        return None
    try:
        return trace(tables, fact.figure, None, day, fact.currency or "CNY").value
    except InputError:
        return None

"""What a load does to the targets that the ledger decides: each before and after, as of one date."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from fundtrack.load.outcome import Result
from fundtrack.load.state import State
from fundtrack.metrics.members import Tables
from fundtrack.metrics.progress import LEDGER, progress
from fundtrack.store.ledger import Ledger


@dataclass(frozen=True)
class Effect:
    """What a load does to a target: its row of `progress` before (None where there was none) and after."""

    before: dict[str, Any] | None
    after: dict[str, Any]

    @property
    def moves(self) -> bool:
        """True where the figure becomes another."""
        return bool((self.before or {}).get("actual") != self.after["actual"])

    def as_dict(self) -> dict[str, Any]:
        """As JSON shows it: the figures as the targets' are, unknown as null."""
        return {
            "code": self.after["code"], "before": (self.before or {}).get("actual"), "after": self.after["actual"],
            "target": self.after["target"], "unit": self.after["unit"], "currency": self.after["currency"],
        }  # fmt: skip


def effects(ledger: Ledger | None, result: Result) -> tuple[date | None, list[Effect]]:
    """The targets before and after, both as of the newest date of any cover afterwards.

    Args:
        ledger: what is known; None where nothing is.
        result: of a check, with the state that a load would leave.

    Returns:
        The date, None where no cover says one; and each target that the ledger decides.
    """
    newest = result.state["cover"]["as_of"].max()
    if not isinstance(newest, date):
        return None, []
    now = progress(cast("Tables", ledger if ledger is not None else State()), newest)
    then = progress(cast("Tables", result.state), newest)
    before = {row["code"]: row for row in now.iter_rows(named=True)}
    return newest, [
        Effect(before.get(row["code"]), row) for row in then.iter_rows(named=True) if row["code"] in LEDGER
    ]

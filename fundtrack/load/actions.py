"""A decision about a finding (处置) typed on a page: a workbook of one row, loaded the one way in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fundtrack.errors import InputError
from fundtrack.load.outcome import Result
from fundtrack.load.pipeline import load
from fundtrack.load.template import write_workbook
from fundtrack.store.editions import Store
from fundtrack.text.problems import problem_sentence
from fundtrack.text.say import Lang

SENDER: Final = "处置登记"


@dataclass(frozen=True)
class Decision:
    """What somebody decided about a finding.

    Attributes:
        rule_id: its rule.
        entity: its id, or the code of its entity, then it is meant of every finding of the rule there.
        acted_on: the day.
        action: dismissed, confirmed, waived, rectifying or rectified.
        reason: why.
        acted_by: who.
        owner: who must act.
        due_on: by when.
        document: number of the document.
        value_seen: the finding's value when it was decided, by which it is told whether it got worse.
    """

    rule_id: str
    entity: str
    acted_on: date
    action: str
    reason: str
    acted_by: str
    owner: str | None = None
    due_on: date | None = None
    document: str | None = None
    value_seen: Decimal | None = None

    def row(self) -> Mapping[str, object]:
        """The row of 处置."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "document"}
        done = {"done_on": self.acted_on} if self.action == "rectified" else {}
        return {
            name: value for name, value in (fields | done | {"voucher_no": self.document}).items() if value
        }


@contextmanager
def decision_file(store: Store, decision: Decision) -> Iterator[tuple[Path, str]]:
    """A decision as a workbook of one row, for as long as this lasts: where it lies, and its name.

    The cover bears the edition's own newest date, so that a decision moves no figure's date.

    Raises:
        InputError: `nothing_loaded`.
    """
    day = store.ledger().default_as_of
    if day is None:
        raise InputError("nothing_loaded", folder=store.folders.data)
    cover = {
        "sender": SENDER,
        "prepared_by": decision.acted_by,
        "as_of": day,
        "unit": "元",
        "currency": "CNY",
    }
    name = f"{SENDER}-{decision.rule_id}-{decision.acted_on.isoformat()}.xlsx"
    with TemporaryDirectory(prefix="fundtrack-") as folder:
        path = Path(folder) / "decision.xlsx"
        write_workbook(path, cover, {"finding_action": [decision.row()]}, only_given_columns=True)
        yield path, name


def decide(store: Store, decision: Decision, lang: Lang, *, patience: float = 10.0) -> Result:
    """Publish a decision as a batch of its own.

    Raises:
        InputError: `nothing_loaded`; `action_refused` with what is wrong.
        BusyError: another loader did not finish in time, or the folder cannot be written.
    """
    with decision_file(store, decision) as file:
        made = load(store, [file], by=decision.acted_by, reason=decision.reason, patience=patience)
    return taken(made, lang)


def taken(made: Result, lang: Lang) -> Result:
    """What became of a decision, unless it was refused.

    Raises:
        InputError: `action_refused` with what is wrong.
    """
    if made.outcome == "refused":
        words = " ".join(problem_sentence(problem, lang) for problem in made.problems)
        raise InputError("action_refused", words=words)
    return made

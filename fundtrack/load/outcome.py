"""What became of a command's files: by sender, with what was found, what changes and what was written."""

from dataclasses import dataclass
from typing import Literal

from fundtrack.errors import Problem
from fundtrack.load.checked import Checked
from fundtrack.load.state import State

Outcome = Literal["published", "partial", "unchanged", "refused", "accepted"]


@dataclass(frozen=True)
class Sender:
    """What became of one sender's files.

    Attributes:
        name: as on the cover; the file's name where the cover could not be read.
        outcome: published, unchanged or refused (`accepted` in a dry run).
        files: what was checked of each file, in the order in which they build on one another; none of a file that could not be read.
        problems: everything wrong, file by file as given.
        turn: its place in the order in which senders build on one another.
    """

    name: str
    outcome: Outcome
    files: tuple[Checked, ...]
    problems: tuple[Problem, ...]
    turn: int = 0


@dataclass(frozen=True)
class Result:
    """What became of a command's files.

    Attributes:
        outcome: published, partial (some senders refused), unchanged or refused; `accepted` in a dry run.
        edition: the edition that now is the newest.
        batch_ids: the batches written of the files given, in order.
        seed_batch_ids: those of reference tables that came with the program and were taken in first.
        senders: by sender, in the order given.
        state: what is known afterwards.
        minted: ids given, by table.
    """

    outcome: Outcome
    edition: int | None
    batch_ids: tuple[str, ...]
    senders: tuple[Sender, ...]
    state: State
    seed_batch_ids: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems of all files."""
        return tuple(problem for sender in self.senders for problem in sender.problems)

    def counts(self) -> dict[str, dict[str, int]]:
        """New, changed and unchanged rows by table, and deleted ones where there are any, of the senders that were not refused."""
        total: dict[str, dict[str, int]] = {}
        for checked in self.files():
            for table, counts in checked.counts().items():
                sums = total.setdefault(table, {"new": 0, "changed": 0, "unchanged": 0})
                for name, count in counts.items():
                    sums[name] = sums.get(name, 0) + count
        return total

    def files(self) -> tuple[Checked, ...]:
        """The checked files of the senders that were not refused."""
        return tuple(
            checked for sender in self.senders if sender.outcome != "refused" for checked in sender.files
        )

"""What is noted of senders that were refused, so that the inbox knows that something came and went back."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fundtrack.store.editions import Store
from fundtrack.store.returned import Returned, note_returned

if TYPE_CHECKING:
    from fundtrack.load.outcome import Sender


def note_refused(store: Store, senders: "Sequence[Sender]", by: str, *, together: bool = False) -> bool:
    """Note the files of refused senders in the side register; with `together`, of all where one is refused."""
    refused = [sender for sender in senders if sender.outcome == "refused"]
    taken = senders if together and refused else refused
    at = datetime.now(UTC).replace(microsecond=0)
    return note_returned(store.folders, [entry for sender in taken for entry in _of(sender, by, at)])


def _of(sender: "Sender", by: str, at: datetime) -> list[Returned]:
    errors = sum(problem.severity == "error" for problem in sender.problems)
    covers = [item.file.cover for item in sender.files]
    known = next((cover.sender for cover in covers if cover.sender), None)
    found = [
        Returned(item.file.name, item.file.sha256, known, item.file.cover.as_of, errors, by, at)
        for item in sender.files
    ]
    read = {each.file for each in found}
    lost = dict.fromkeys(
        problem.file for problem in sender.problems if problem.file and problem.file not in read
    )
    return found + [Returned(name, None, known, None, errors, by, at) for name in lost]

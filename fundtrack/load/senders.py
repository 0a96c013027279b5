"""Senders checked one by one, each against what those before it bring; all or nothing per sender."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from fundtrack.errors import Problem, blocking
from fundtrack.load.absent import with_absent
from fundtrack.load.checked import Checked, ReadFile
from fundtrack.load.intake import check_file
from fundtrack.load.outcome import Sender
from fundtrack.load.owners import Owners
from fundtrack.load.reading import Unread
from fundtrack.load.state import State
from fundtrack.model.fields import name_key


def _by_sender(files: Iterable[ReadFile | Unread]) -> list[tuple[str, list[ReadFile | Unread]]]:
    groups: dict[str, tuple[str, list[ReadFile | Unread]]] = {}
    for file in files:
        said = file.cover.sender if isinstance(file, ReadFile) else ""
        key = name_key(said) or f"\x00{file.name}"
        groups.setdefault(key, (said or file.name, []))[1].append(file)
    return list(groups.values())


def _check_sender(
    name: str, files: Sequence[ReadFile | Unread], state: State, owners: Owners
) -> tuple[Sender, State]:
    """Check a sender's files, those that refer to what another of them brings after it."""
    checked: dict[int, Checked] = {}
    own = state
    waiting = {at: file for at, file in enumerate(files) if isinstance(file, ReadFile)}
    while waiting:
        before = len(waiting)
        for at, file in list(waiting.items()):
            result = check_file(file, own)
            if not _refers_to_unknown(result.problems):
                checked[at], own = result, result.state
                del waiting[at]
        if len(waiting) == before:
            break
    for at, file in waiting.items():
        lost = [cell for result in checked.values() if result.blocked for cell in result.lost]
        checked[at] = check_file(file, own, lost)
        own = checked[at].state
    if checked:
        whole, own = with_absent(list(checked.values()), own, owners, name)
        checked = dict(zip(checked, whole, strict=True))
    problems = [
        problem
        for at, file in enumerate(files)
        for problem in ((file.problem,) if isinstance(file, Unread) else checked[at].problems)
    ]
    if blocking(problems):
        return Sender(name, "refused", tuple(checked.values()), tuple(problems)), state
    for item in checked.values():
        for each in item.diffs:
            owners.put(each.table, each.puts, name)
    news = any(item.news for item in checked.values())
    return Sender(name, "accepted" if news else "unchanged", tuple(checked.values()), tuple(problems)), own


def _refers_to_unknown(problems: Iterable[Problem]) -> bool:
    return any(problem.code == "reference_unknown" for problem in problems)


def check_senders(
    files: Iterable[ReadFile | Unread], state: State, owners: Owners | None = None
) -> tuple[list[Sender], State]:
    """Check sender by sender; one that fails for what another may bring is tried again when others are in.

    Args:
        files: as read.
        state: what is known.
        owners: whose rows are known; without them no row is missing from a file.
    """
    owners = owners or Owners()
    waiting = dict(enumerate(_by_sender(files)))
    done: dict[int, Sender] = {}
    turns, moved = 0, True
    while waiting and moved:
        moved = False
        for at, (name, group) in list(waiting.items()):
            sender, state = _check_sender(name, group, state, owners)
            turns += 1
            done[at] = replace(sender, turn=turns)
            if sender.outcome != "refused":
                moved = True
            if sender.outcome != "refused" or not _refers_to_unknown(sender.problems):
                del waiting[at]
    return [done[at] for at in sorted(done)], state

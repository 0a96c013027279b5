"""Senders checked one by one, each against what those before it bring; all or nothing per sender."""

from collections.abc import Iterable, Mapping, Sequence
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
    name: str,
    files: Sequence[ReadFile | Unread],
    state: State,
    owners: Owners,
    others: Sequence[tuple[str, str]] = (),
) -> tuple[Sender, State]:
    """Check a sender's files, those that refer to what another of them brings after it.

    Args:
        name: of the sender.
        files: of the sender.
        state: what is known.
        owners: whose rows are known.
        others: cells by which an entity would be known, lost in files of other senders.

    Returns:
        What became of them, and what would be known with their rows in, whether they are taken or not.
    """
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
        checked[at] = check_file(file, own, [*others, *_lost(checked.values())])
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
        return Sender(name, "refused", tuple(checked.values()), tuple(problems)), own
    news = any(item.news for item in checked.values())
    return Sender(name, "accepted" if news else "unchanged", tuple(checked.values()), tuple(problems)), own


def _lost(checked: Iterable[Checked]) -> list[tuple[str, str]]:
    return [cell for result in checked if result.blocked for cell in result.lost]


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
    groups = _by_sender(files)
    waiting = dict(enumerate(groups))
    done: dict[int, Sender] = {}
    turns, moved = 0, True
    while waiting and moved:
        moved = False
        for at, (name, group) in list(waiting.items()):
            sender, after = _check_sender(name, group, state, owners)
            turns += 1
            done[at] = replace(sender, turn=turns)
            if sender.outcome != "refused":
                moved, state = True, after
                for item in sender.files:
                    for each in item.diffs:
                        owners.put(each.table, each.puts, name)
            if sender.outcome != "refused" or not _refers_to_unknown(sender.problems):
                del waiting[at]
    done |= _waiting(list(waiting), done, groups, state, owners)
    return [done[at] for at in sorted(done)], state


_Group = tuple[str, list[ReadFile | Unread]]


def _waiting(
    open_: Sequence[int], done: Mapping[int, Sender], groups: Sequence[_Group], state: State, owners: Owners
) -> dict[int, Sender]:
    """Senders that are refused for nothing but what other refused senders would have brought: told once for each file.

    All that is refused is looked at once more as if it had been taken. References that are known then follow from the
    problems of others and are nobody's own.
    """
    refused = [at for at in sorted(done) if done[at].outcome == "refused"]
    if not open_ or len(refused) == 1:
        return {}
    found: dict[int, Sender] = {}
    hopeful, lost = state, list[tuple[str, str]]()
    turns = (
        [at for at in refused if at not in open_],
        open_,
        open_,
    )  # one may wait for one that waits itself and stands after it
    for turn in turns:
        for at in turn:
            if at not in found or _refers_to_unknown(found[at].problems):
                found[at], hopeful = _check_sender(*groups[at], hopeful, owners, lost)
                lost += _lost(found[at].files)
    names = [found[at].name for at in sorted(found) if blocking(found[at].problems)]
    return {at: replace(done[at], problems=_own(done[at], found[at], names)) for at in open_}


def _unknown(sender: Sender, file: str | None) -> int:
    return sum(problem.code == "reference_unknown" and problem.file == file for problem in sender.problems)


def _own(before: Sender, hopeful: Sender, names: Sequence[str]) -> tuple[Problem, ...]:
    """A sender's own problems, and one for each file that waits for others."""
    others = [name for name in names if name != before.name]
    problems = list(hopeful.problems)
    for file in dict.fromkeys(problem.file for problem in before.problems):
        was, still = (_unknown(each, file) for each in (before, hopeful))
        if still < was:
            about = {"count": str(was - still), "senders": "、".join(others[:3])}
            problems.append(Problem("waits_for_others", file=file, about=about))
    return tuple(problems) if blocking(problems) else before.problems

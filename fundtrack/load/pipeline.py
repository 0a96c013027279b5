"""The one way in: files → rows and problems → batches → one edition; all or nothing per sender."""

import getpass
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from fundtrack import __version__
from fundtrack.load.agree import agree
from fundtrack.load.checked import Checked, ReadFile
from fundtrack.load.drafts import draft_batch
from fundtrack.load.head_start import HeadStart
from fundtrack.load.outcome import Outcome, Result, Sender
from fundtrack.load.owners import Owners
from fundtrack.load.profiles import Profile
from fundtrack.load.reading import Progress, Unread, reading
from fundtrack.load.seeds import take_seeds
from fundtrack.load.senders import check_senders
from fundtrack.load.sent_back import note_refused
from fundtrack.load.state import State
from fundtrack.store.batches import DraftBatch, Published
from fundtrack.store.editions import Store

Guard = Callable[[Sequence[DraftBatch]], None]
"""Looks at what is about to be published, under the lock, and raises where it must not be."""


def user_name() -> str:
    """The operating system's user, for the batch."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _named(files: Sequence[Path | tuple[Path, str]]) -> list[tuple[Path, str]]:
    return [(file, file.name) if isinstance(file, Path) else file for file in files]


def _accepting(files: Sequence[ReadFile | Unread], *, snapshot: bool) -> list[ReadFile | Unread]:
    """The files, with what is said of their lists of investors."""
    return [replace(each, snapshots=snapshot) if isinstance(each, ReadFile) else each for each in files]


def profiles_of(store: Store) -> Path:
    """The folder of a store's saved profiles."""
    return store.folders.data / "profiles"


def check(
    store: Store,
    files: Sequence[Path | tuple[Path, str]],
    *,
    profile: str | None = None,
    answers: Mapping[str, Profile] | None = None,
    complete: Collection[str] = (),
    snapshot: bool = False,
    seeds: Path | None = None,
    progress: Progress | None = None,
    begun: HeadStart | None = None,
) -> Result:
    """A dry run: everything that `load` would find and change, with nothing written. Its arguments are those of `load`.

    Raises:
        InputError: the profile named is unknown or wrong.
    """
    newest = store.served().edition
    base = store.ledger() if newest is not None else None
    state = State(base)
    if base is None and seeds is not None:
        _, state = take_seeds(seeds, None, state)
    with (
        reading(_named(files), profiles_of(store), profile, answers, complete, begun) as files_read,
        base.held() if base else nullcontext(),
    ):
        read = _accepting(files_read.wait(progress), snapshot=snapshot)
        senders, after = check_senders(read, state, Owners(base))
    refused = sum(sender.outcome == "refused" for sender in senders)
    outcome: Outcome = "accepted" if not refused else "partial" if refused < len(senders) else "refused"
    if not refused and all(sender.outcome == "unchanged" for sender in senders):
        outcome = "unchanged"
    return Result(outcome, newest, (), tuple(senders), after)


def load(
    store: Store,
    files: Sequence[Path | tuple[Path, str]],
    *,
    by: str | None = None,
    reason: str | None = None,
    profile: str | None = None,
    answers: Mapping[str, Profile] | None = None,
    complete: Collection[str] = (),
    snapshot: bool = False,
    together: bool = False,
    seeds: Path | None = None,
    patience: float = 10.0,
    progress: Progress | None = None,
    reviewer: str | None = None,
    guard: Guard | None = None,
    begun: HeadStart | None = None,
) -> Result:
    """Check files and publish, as one edition, those of every sender that has no errors.

    Args:
        store: the data folder.
        files: paths, or pairs of a path and the name to keep.
        by: who loads.
        reason: why, where that is not plain.
        profile: name of the saved profile to use; without one it is found by each file's layout.
        answers: what a person has just said of a file's layout, by the file's name; it stands in place of a saved profile.
        complete: tables for which each file is all that its sender has; rows of theirs that it lacks are deleted.
        snapshot: let lists of investors without dates become the dated changes that they imply.
        together: where one sender is refused, refuse all.
        seeds: folder of reference tables, loaded first where they say anything new.
        patience: seconds to wait for another loader.
        progress: told the file's name and the share done.
        reviewer: who looked it over before it was published.
        guard: asked about the files' batches just before they are published.
        begun: a file that is being read already.

    Raises:
        BusyError: another loader did not finish in time, or the folder cannot be written.
    """
    who = by or user_name()
    with (
        store.lock(who, patience),
        reading(_named(files), profiles_of(store), profile, answers, complete, begun) as files_read,
        store.ahead(),
    ):
        newest = store.newest()
        base = store.ledger() if newest is not None else None
        state = State(base)
        drafts: list[DraftBatch] = []
        with base.held() if base else nullcontext():
            if seeds is not None:
                seeded, state = take_seeds(seeds, base, state)
                drafts += [draft_batch(item, who, None) for item in seeded]
            read = _accepting(files_read.wait(progress), snapshot=snapshot)
            senders, after = check_senders(read, state, Owners(base))
        del read
        senders = [_without_cells(sender) for sender in senders]  # a million rows are a gigabyte of cells
        note_refused(store, senders, who, together=together)
        if together and any(sender.outcome == "refused" for sender in senders):
            senders = [replace(item, outcome="refused") for item in senders]
            return Result("refused", newest, (), tuple(senders), state)
        drafts_own = [draft_batch(item, who, reason, reviewer) for item in _taken(senders)]
        if not drafts_own and not (drafts and not files):
            return Result(_outcome_of_none(senders), newest, (), tuple(senders), state)
        if guard is not None:
            guard(drafts_own)
        published = store.publish([*drafts, *drafts_own], check=agree)
    return _published(published, senders, after, len(drafts))


def _taken(senders: Sequence[Sender]) -> list[Checked]:
    """The files to be published, in the order in which they were sent."""
    accepted = [sender for sender in senders if sender.outcome == "accepted"]
    return [
        item for sender in sorted(accepted, key=lambda one: one.turn) for item in sender.files if item.news
    ]


def _without_cells(sender: Sender) -> Sender:
    return replace(sender, files=tuple(item.without_cells() for item in sender.files))


def _outcome_of_none(senders: Sequence[Sender]) -> Outcome:
    """The outcome where no file says anything that may be published."""
    refused = sum(sender.outcome == "refused" for sender in senders)
    return "unchanged" if not refused else "partial" if refused < len(senders) else "refused"


def _published(published: Published, senders: Sequence[Sender], state: State, seeded: int) -> Result:
    named = [replace(item, outcome="published") if item.outcome == "accepted" else item for item in senders]
    refused = any(item.outcome == "refused" for item in named)
    return Result(
        "partial" if refused else "published",
        published.edition,
        published.batch_ids[seeded:],
        tuple(named),
        state,
        published.batch_ids[:seeded],
    )


def undo(
    store: Store,
    batch_id: str,
    *,
    by: str | None = None,
    reason: str | None = None,
    patience: float = 10.0,
    reviewer: str | None = None,
    guard: Guard | None = None,
) -> Published:
    """Append the reversal of a batch as an edition of its own.

    Args:
        store: the data folder.
        batch_id: the batch.
        by: who takes it back.
        reason: why.
        patience: seconds to wait for another loader.
        reviewer: who looked it over before it was published.
        guard: asked about the reversal just before it is published.

    Raises:
        InputError: the batch is unknown or reversed already, or a later batch touched or needs what it brought.
        BusyError: another loader did not finish in time.
    """
    who = by or user_name()
    with store.lock(who, patience):
        draft = store.undo(
            batch_id, by=who, reason=reason, now=datetime.now(UTC).replace(microsecond=0), version=__version__
        )
        draft = replace(draft, meta=replace(draft.meta, reviewer=reviewer))
        if guard is not None:
            guard([draft])
        return store.publish([draft], check=agree)

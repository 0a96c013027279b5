"""The one way in: files → rows and problems → batches → one edition; all or nothing per sender."""

import getpass
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import polars as pl

from fundtrack import __version__
from fundtrack.errors import InputError, Problem, blocking
from fundtrack.load.agree import agree
from fundtrack.load.applied import Said
from fundtrack.load.cells import Book
from fundtrack.load.cover import read_cover
from fundtrack.load.fingerprints import find_profile
from fundtrack.load.intake import Checked, ReadFile, check_file
from fundtrack.load.layout import find_tables, no_table
from fundtrack.load.parse import parse_table
from fundtrack.load.profiles import Profile, load_profile
from fundtrack.load.reader import read_book
from fundtrack.load.room import HANDS, Room
from fundtrack.load.seeds import take_seeds
from fundtrack.load.sent_back import note_refused
from fundtrack.load.state import State
from fundtrack.model.fields import name_key
from fundtrack.store.batches import BatchMeta, DraftBatch, Published
from fundtrack.store.editions import Store

Outcome = Literal["published", "partial", "unchanged", "refused", "accepted"]
Progress = Callable[[str, float], None]
_TELL_EVERY: Final = 0.2


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
        """New, changed and unchanged rows by table, of the senders that were not refused."""
        total: dict[str, dict[str, int]] = {}
        for checked in self.files():
            for table, counts in checked.counts().items():
                sums = total.setdefault(table, {"new": 0, "changed": 0, "unchanged": 0})
                for name, count in counts.items():
                    sums[name] += count
        return total

    def files(self) -> tuple[Checked, ...]:
        """The checked files of the senders that were not refused."""
        return tuple(
            checked for sender in self.senders if sender.outcome != "refused" for checked in sender.files
        )


@dataclass(frozen=True)
class _Unread:
    name: str
    problem: Problem


def user_name() -> str:
    """The operating system's user, for the batch."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def read_file(
    path: Path,
    *,
    name: str | None = None,
    progress: Callable[[float], None] | None = None,
    profile: Profile | None = None,
    profiles: Path | None = None,
    include_hidden: bool = False,
    read: Callable[..., Book] | None = None,
) -> ReadFile:
    """Read a workbook, its cover and its tables.

    Args:
        path: where it lies.
        name: as the sender calls it.
        progress: told the share done.
        profile: what a person has said of its layout.
        profiles: folder of saved profiles, one of which may know the layout.
        include_hidden: load hidden sheets and rows too.
        read: reads it in place of `read_book`.

    Raises:
        InputError: it is no workbook.
    """
    if path.is_dir():
        raise InputError("file_is_folder", file=name or path.name)
    if not path.is_file():
        raise InputError("file_missing", file=name or path.name)
    book = (read or read_book)(path, progress=progress)
    shown = name or path.name
    if profile is None and profiles is not None:
        profile = find_profile(profiles, book)
    cover = read_cover(book, shown, profile)
    said = Said(cover.sender or None, cover.as_of)
    found = find_tables(book, shown, cover.factor, profile=profile, include_hidden=include_hidden, said=said)
    if not found.tables and cover.sheet is None:
        found.problems[:] = [problem for problem in found.problems if problem.code != "sheet_unknown"]
        if not blocking(found.problems):  # no sheet is like one of ours: that is the one problem
            cover = replace(cover, problems=())
            found.problems.insert(0, no_table(book, shown))
    parsed = tuple(parse_table(raw) for raw in found.tables)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return ReadFile(path, shown, digest, cover, found, parsed=parsed, profile=profile)


@dataclass(frozen=True)
class _Reading:
    """Files that are being read, two at a time, while the caller does other things.

    Attributes:
        paths: the files and their names.
        done: the share of each that is done.
        futures: what will come of each.
    """

    paths: Sequence[tuple[Path, str]]
    done: list[float]
    futures: Sequence[Future[ReadFile | _Unread]]

    def wait(self, progress: Progress | None) -> list[ReadFile | _Unread]:
        """All files, in order. Progress is told from the caller's own thread, as a page must be."""
        waiting = set(self.futures)
        while waiting:
            _, waiting = wait(waiting, timeout=_TELL_EVERY if progress else None)
            if progress:
                at = min((n for n, share in enumerate(self.done) if share < 1), default=len(self.paths) - 1)
                progress(self.paths[at][1], sum(self.done) / len(self.paths))
        return [future.result() for future in self.futures]


@contextmanager
def _reading(paths: Sequence[tuple[Path, str]], folder: Path, named: str | None) -> Iterator[_Reading]:
    """Begin to read all files; those that nobody has waited for when this ends are left."""
    done = [0.0] * len(paths)
    profile = load_profile(folder, named) if named else None

    def one(at: int, path: Path, name: str) -> ReadFile | _Unread:
        try:
            tell = lambda share: done.__setitem__(at, share)  # noqa: E731
            return read_file(path, name=name, progress=tell, profile=profile, profiles=folder, read=room.read)
        except InputError as error:
            return _Unread(name, Problem(error.code, file=name, about=error.about))
        finally:
            done[at] = 1.0

    with Room() as room, ThreadPoolExecutor(HANDS) as pool:
        try:
            yield _Reading(
                paths, done, [pool.submit(one, at, path, name) for at, (path, name) in enumerate(paths)]
            )
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _by_sender(files: Iterable[ReadFile | _Unread]) -> list[tuple[str, list[ReadFile | _Unread]]]:
    groups: dict[str, tuple[str, list[ReadFile | _Unread]]] = {}
    for file in files:
        said = file.cover.sender if isinstance(file, ReadFile) else ""
        key = name_key(said) or f"\x00{file.name}"
        groups.setdefault(key, (said or file.name, []))[1].append(file)
    return list(groups.values())


def _check_sender(name: str, files: Sequence[ReadFile | _Unread], state: State) -> tuple[Sender, State]:
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
    problems = [
        problem
        for at, file in enumerate(files)
        for problem in ((file.problem,) if isinstance(file, _Unread) else checked[at].problems)
    ]
    if blocking(problems):
        return Sender(name, "refused", tuple(checked.values()), tuple(problems)), state
    news = any(item.news for item in checked.values())
    return Sender(name, "accepted" if news else "unchanged", tuple(checked.values()), tuple(problems)), own


def _refers_to_unknown(problems: Iterable[Problem]) -> bool:
    return any(problem.code == "reference_unknown" for problem in problems)


def check_senders(files: Iterable[ReadFile | _Unread], state: State) -> tuple[list[Sender], State]:
    """Check sender by sender; one that fails for what another may bring is tried again when others are in."""
    waiting = dict(enumerate(_by_sender(files)))
    done: dict[int, Sender] = {}
    turns, moved = 0, True
    while waiting and moved:
        moved = False
        for at, (name, group) in list(waiting.items()):
            sender, state = _check_sender(name, group, state)
            turns += 1
            done[at] = replace(sender, turn=turns)
            if sender.outcome != "refused":
                moved = True
            if sender.outcome != "refused" or not _refers_to_unknown(sender.problems):
                del waiting[at]
    return [done[at] for at in sorted(done)], state


def _named(files: Sequence[Path | tuple[Path, str]]) -> list[tuple[Path, str]]:
    return [(file, file.name) if isinstance(file, Path) else file for file in files]


def profiles_of(store: Store) -> Path:
    """The folder of a store's saved profiles."""
    return store.folders.data / "profiles"


def check(
    store: Store,
    files: Sequence[Path | tuple[Path, str]],
    *,
    profile: str | None = None,
    seeds: Path | None = None,
    progress: Progress | None = None,
) -> Result:
    """A dry run: everything that `load` would find and change, with nothing written.

    Raises:
        InputError: the profile named is unknown or wrong.
    """
    newest = store.newest()
    base = store.ledger() if newest is not None else None
    state = State(base)
    if base is None and seeds is not None:
        _, state = take_seeds(seeds, None, state)
    with _reading(_named(files), profiles_of(store), profile) as reading:
        senders, after = check_senders(reading.wait(progress), state)
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
    together: bool = False,
    seeds: Path | None = None,
    patience: float = 10.0,
    progress: Progress | None = None,
) -> Result:
    """Check files and publish, as one edition, those of every sender that has no errors.

    Args:
        store: the data folder.
        files: paths, or pairs of a path and the name to keep.
        by: who loads.
        reason: why, where that is not plain.
        profile: name of the saved profile to use; without one it is found by each file's layout.
        together: where one sender is refused, refuse all.
        seeds: folder of reference tables, loaded first where they say anything new.
        patience: seconds to wait for another loader.
        progress: told the file's name and the share done.

    Raises:
        BusyError: another loader did not finish in time, or the folder cannot be written.
    """
    who = by or user_name()
    with store.lock(who, patience), _reading(_named(files), profiles_of(store), profile) as reading:
        newest = store.newest()
        base = store.ledger() if newest is not None else None
        state = State(base)
        drafts: list[DraftBatch] = []
        with base.held() if base else nullcontext():
            if seeds is not None:
                seeded, state = take_seeds(seeds, base, state)
                drafts += [draft_batch(item, who, None) for item in seeded]
            senders, after = check_senders(reading.wait(progress), state)
        note_refused(store, senders, who, together=together)
        if together and any(sender.outcome == "refused" for sender in senders):
            senders = [replace(item, outcome="refused") for item in senders]
            return Result("refused", newest, (), tuple(senders), state)
        accepted = sorted(
            (sender for sender in senders if sender.outcome == "accepted"), key=lambda sender: sender.turn
        )
        taken = [item for sender in accepted for item in sender.files if item.news]
        drafts_own = [draft_batch(item, who, reason) for item in taken]
        if not drafts_own and not (drafts and not files):
            refused = [sender for sender in senders if sender.outcome == "refused"]
            outcome: Outcome = (
                "unchanged" if not refused else "partial" if len(refused) < len(senders) else "refused"
            )
            return Result(outcome, newest, (), tuple(senders), state)
        published = store.publish([*drafts, *drafts_own], check=agree)
    return _published(published, senders, after, len(drafts))


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


def draft_batch(item: Checked, by: str, reason: str | None) -> DraftBatch:
    """A checked file as the batch that it will be."""
    cover = {name: str(value) for name, value in item.file.cover.values.items()}
    profile = item.file.profile
    meta = BatchMeta(
        file_name=item.file.name, file_sha256=item.file.sha256, sender=item.file.cover.sender or None,
        kind="seed" if item.file.kind == "seed" else "load", loaded_by=by, loaded_at=datetime.now(UTC).replace(microsecond=0), reviewer=None,
        reason=reason, reverses=None, program_version=__version__, profile=profile.text if profile else None, cover=cover, counts=item.counts(),
    )  # fmt: skip
    puts = {
        each.table: each.puts.with_columns(pl.lit("put").alias("op"))
        for each in item.diffs
        if each.puts.height
    }
    return DraftBatch(meta, puts, item.column_map(), item.file.path)


def undo(
    store: Store, batch_id: str, *, by: str | None = None, reason: str | None = None, patience: float = 10.0
) -> Published:
    """Append the reversal of a batch as an edition of its own.

    Raises:
        InputError: the batch is unknown or reversed already, or a later batch touched or needs what it brought.
        BusyError: another loader did not finish in time.
    """
    who = by or user_name()
    with store.lock(who, patience):
        draft = store.undo(
            batch_id, by=who, reason=reason, now=datetime.now(UTC).replace(microsecond=0), version=__version__
        )
        return store.publish([draft], check=agree)

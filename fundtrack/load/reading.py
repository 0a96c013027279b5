"""Files read, in children, while the caller does other things: each with its cover, its profile and its tables."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from fundtrack.errors import InputError, Problem, blocking
from fundtrack.load.applied import Said
from fundtrack.load.cells import Book
from fundtrack.load.checked import ReadFile
from fundtrack.load.cover import read_cover
from fundtrack.load.fingerprints import find_profile
from fundtrack.load.head_start import HeadStart
from fundtrack.load.layout import find_tables, no_table
from fundtrack.load.limits import ReadLimits
from fundtrack.load.parse import parse_table
from fundtrack.load.profiles import Profile, load_profile
from fundtrack.load.reader import read_book
from fundtrack.load.room import HANDS, Room
from fundtrack.settings import settings_now

Progress = Callable[[str, float], None]
_TELL_EVERY: Final = 0.2


@dataclass(frozen=True)
class Unread:
    """A file that could not be read, and why."""

    name: str
    problem: Problem


def read_file(
    path: Path,
    *,
    name: str | None = None,
    progress: Callable[[float], None] | None = None,
    profile: Profile | None = None,
    profiles: Path | None = None,
    include_hidden: bool = False,
    complete: Collection[str] = (),
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
        complete: tables of which a person says that the file is all there is.
        read: reads it in place of `read_book`.

    Raises:
        InputError: it is no workbook.
    """
    if path.is_dir():
        raise InputError("file_is_folder", file=name or path.name)
    if not path.is_file():
        raise InputError("file_missing", file=name or path.name)
    book = (read or read_book)(path, progress=progress)
    if profile is None and profiles is not None:
        profile = find_profile(profiles, book)
    file = understood(book, path, name or path.name, profile, include_hidden=include_hidden)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(file, sha256=digest, complete=file.complete | frozenset(complete))


def understood(
    book: Book, path: Path, name: str, profile: Profile | None = None, *, include_hidden: bool = False
) -> ReadFile:
    """What the cells of a book mean: its cover, its tables, its rows.

    Args:
        book: as read.
        path: where it lies.
        name: as the sender calls it.
        profile: what a person has said of its layout.
        include_hidden: load hidden sheets and rows too.
    """
    cover = read_cover(book, name, profile)
    said = Said(cover.sender or None, cover.as_of)
    unsaid = [
        problem
        for problem in cover.problems
        if problem.code == "cover_label_missing" and problem.field == "unit"
    ]
    factor = None if unsaid else cover.factor
    found = find_tables(book, name, factor, profile=profile, include_hidden=include_hidden, said=said)
    if unsaid and any(problem.code == "unit_missing" for problem in found.problems):
        found = find_tables(
            book, name, cover.factor, profile=profile, include_hidden=include_hidden, said=said
        )
    elif unsaid:  # every amount has its unit in its header or above it: nothing is left for the cover to say
        left = tuple(each for each in cover.problems if each not in unsaid)
        sure = not any(each.field in {"unit", "currency"} for each in left)
        cover = replace(cover, problems=left, sure=sure)
    if not found.tables and cover.sheet is None:
        found.problems[:] = [problem for problem in found.problems if problem.code != "sheet_unknown"]
        if not blocking(found.problems):  # no sheet is like one of ours: that is the one problem
            cover = replace(cover, problems=())
            found.problems.insert(0, no_table(book, name))
    parsed = tuple(parse_table(raw) for raw in found.tables)
    complete = frozenset(profile.complete if profile else ())
    return ReadFile(path, name, "", cover, found, parsed=parsed, profile=profile, complete=complete)


@dataclass(frozen=True)
class Reading:
    """Files that are being read, two at a time, while the caller does other things.

    Attributes:
        paths: the files and their names.
        done: the share of each that is done.
        futures: what will come of each; they are waited for once.
    """

    paths: Sequence[tuple[Path, str]]
    done: list[float]
    futures: list[Future[ReadFile | Unread]]

    def wait(self, progress: Progress | None) -> list[ReadFile | Unread]:
        """All files, in order. Progress is told from the caller's own thread, as a page must be."""
        waiting = set(self.futures)
        while waiting:
            _, waiting = wait(waiting, timeout=_TELL_EVERY if progress else None)
            if progress:
                at = min((n for n, share in enumerate(self.done) if share < 1), default=len(self.paths) - 1)
                progress(self.paths[at][1], sum(self.done) / len(self.paths))
        read = [future.result() for future in self.futures]
        self.futures.clear()  # so that only the caller keeps what was read
        return read


@contextmanager
def reading(
    paths: Sequence[tuple[Path, str]],
    folder: Path,
    named: str | None,
    answers: Mapping[str, Profile] | None = None,
    complete: Collection[str] = (),
    begun: HeadStart | None = None,
) -> Iterator[Reading]:
    """Begin to read all files; those that nobody has waited for when this ends are left.

    Args:
        paths: the files and their names.
        folder: of the saved profiles.
        named: the profile to use for all of them.
        answers: what a person has just said of a file, by its name, in place of a saved profile.
        complete: tables of which every file is all there is.
        begun: a file that is being read already.
    """
    done = [0.0] * len(paths)
    profile = load_profile(folder, named) if named else None

    def one(at: int, path: Path, name: str) -> ReadFile | Unread:
        try:
            tell = lambda share: done.__setitem__(at, share)  # noqa: E731
            own = (answers or {}).get(name, profile)
            return read_file(
                path,
                name=name,
                progress=tell,
                profile=own,
                profiles=folder,
                complete=complete,
                read=room.read,
            )
        except InputError as error:
            return Unread(name, Problem(error.code, file=name, about=error.about))
        finally:
            done[at] = 1.0

    with Room(ReadLimits.of(settings_now()), begun) as room, ThreadPoolExecutor(HANDS) as pool:
        try:
            yield Reading(
                paths, done, [pool.submit(one, at, path, name) for at, (path, name) in enumerate(paths)]
            )
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

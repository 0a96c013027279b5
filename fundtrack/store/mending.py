"""Mending under the lock: a damaged or vanished newest edition comes back from its twin at the auditor's path, or out of the archives.

Nothing is loaded on top of an older edition: that would take batches that were acknowledged for the leftovers of a crash.
"""

import shutil

from fundtrack.errors import IntegrityError
from fundtrack.store import lock
from fundtrack.store.aside import put_aside, trace
from fundtrack.store.computing import Check
from fundtrack.store.folders import Folders, copy_with_time, settle, settle_folder, temporary
from fundtrack.store.rebuild import Rebuilt, rebuild
from fundtrack.store.sound import Damage, damage, published_ahead, published_holds, served, wal_of


def mend(folders: Folders) -> None:
    """Make the newest edition whole again, if it is not; the lock must be held.

    A write-ahead log beside a closed file is somebody else's and is put aside. A damaged edition is put aside, too, and a line in
    `sweep.log` says so.

    Raises:
        IntegrityError: `edition_damaged`, where its twin is not whole either.
        OSError: the disk refuses.
    """
    numbers = folders.numbers()
    for path in (folders.published, *map(folders.edition, numbers[-1:])):
        if wal_of(path).exists():
            put_aside(folders, wal_of(path), "write-ahead log of another program")
    newest = max(numbers, default=None)
    lead = published_ahead(folders, newest)
    number = lead or newest
    if number is None or (why := damage(folders, number)) is None:
        return
    path, twin = folders.edition(number), folders.published
    if published_holds(folders) != number:
        raise refusal(folders, Damage(number, why))
    copied = temporary(path)
    copy_with_time(twin, copied)
    settle(copied)
    if path.exists():
        put_aside(folders, path, why)
    copied.rename(path)
    settle_folder(folders.editions)
    trace(folders, path, {"mended": "from fundtrack.duckdb", "why": why})


def refusal(folders: Folders, wrong: Damage) -> IntegrityError:
    """What is said where nothing may be loaded, backed up or signed until the newest edition is whole again."""
    file = folders.edition(wrong.edition).name
    return IntegrityError("edition_damaged", file=file, edition=wrong.edition, detail=wrong.detail)


def rebuild_here(folders: Folders, check: Check | None, by: str, wait: float) -> Rebuilt:
    """Replay the archives aside, and put the edition that comes of it in the damaged one's place.

    Raises:
        BusyError: as `lock.held`; `write_failed`.
        IntegrityError: as `rebuild`.
    """
    aside = folders.data / ".rebuilding"
    with lock.held(folders, by, wait):
        shutil.rmtree(aside, ignore_errors=True)
        try:
            done = rebuild(folders, aside, check)
            made, path = Folders(aside).edition(done.edition), folders.edition(done.edition)
            for old in (wal_of(path), path, wal_of(folders.published), folders.published):
                if old.exists():
                    put_aside(folders, old, "rebuilt")
            for goal in (path, folders.published):
                copied = temporary(goal)
                copy_with_time(made, copied)
                settle(copied)
                copied.rename(goal)
                settle_folder(goal.parent)
            trace(folders, path, {"mended": "out of the batches' archives"})
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return done


def whole(folders: Folders) -> None:
    """Make sure that the newest edition is whole.

    Raises:
        IntegrityError: `edition_damaged`.
    """
    if wrong := served(folders).damaged:
        raise refusal(folders, wrong[0])

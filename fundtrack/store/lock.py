"""One loader at a time: the lock on the data folder, and the sweep of what a broken publish left."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO

from fundtrack.errors import BusyError
from fundtrack.store.aside import put_aside, trace
from fundtrack.store.folders import Folders, sha256_of

PAUSE: Final = 0.05
"""Seconds between two tries to get the lock."""


def prepare(folders: Folders) -> None:
    """Create the folders where they are missing.

    Raises:
        BusyError: `not_writable`, where one of them cannot be made or written.
    """
    for folder in (folders.data, folders.editions, folders.batches, folders.sources):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BusyError("not_writable", folder=folder) from error
        if not os.access(folder, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
            raise BusyError("not_writable", folder=folder)


@contextmanager
def held(folders: Folders, by: str, wait: float) -> Iterator[None]:
    """Hold the lock of a data folder.

    Raises:
        BusyError: `not_writable`, or `busy` with who holds it and since when, after waiting so many seconds.
    """
    prepare(folders)
    path = folders.data / ".lock"
    try:
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise BusyError("not_writable", folder=folders.data) from error
    with file:
        _take(file, wait)
        file.truncate(0)
        _sign(file, by)
        try:
            yield
        finally:
            file.truncate(0)


def _sign(file: TextIO, by: str) -> None:
    """Say who holds the lock and since when; on a full disk it is held all the same, and nameless."""
    said = {"by": by, "since": datetime.now(UTC).isoformat(timespec="seconds")}
    with suppress(OSError):
        os.write(file.fileno(), json.dumps(said, ensure_ascii=False).encode())


def _take(file: TextIO, wait: float) -> None:
    until = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise BusyError("busy", **_holder(file)) from None
            time.sleep(PAUSE)
        else:
            return


def _holder(file: TextIO) -> dict[str, str]:
    file.seek(0)
    said: dict[str, str] = {}
    with suppress(ValueError):
        said = json.loads(file.read())
    return {"by": said.get("by", "?"), "since": said.get("since", "?")}


def sweep(folders: Folders, last_batch: str) -> list[Path]:
    """Clear away what a broken publish left, each file with a line in `sweep.log`; only under the lock.

    Drafts and copies are removed; an archive after the last batch belongs to no edition, and is put aside.

    Args:
        folders: the data folder.
        last_batch: the newest edition's last batch.
    """
    orphans = [path for path in sorted(folders.batches.glob("B*.jsonl")) if path.stem > last_batch]
    left = list(folders.leftovers())
    for path in left:
        trace(folders, path, {"bytes": path.stat().st_size, "sha256": sha256_of(path)})
        path.unlink()
    for path in orphans:
        put_aside(folders, path, "no edition holds this batch")
    return [*left, *orphans]

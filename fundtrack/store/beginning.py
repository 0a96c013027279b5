"""The next edition's draft, begun aside: what needs no news is made while files are still being read.

A copy of the newest edition, its migrations, views and comments take about a second of one processor, in which a load would wait
for a child to read. A publish goes on with the draft; where there is none, nothing of it is left.
"""

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import duckdb

from fundtrack.store import migrate
from fundtrack.store.batches import in_utc
from fundtrack.store.computing import make_views
from fundtrack.store.folders import Folders

STORAGE: Final = {"storage_compatibility_version": "v1.0.0", "experimental_metadata_reuse": "false"}
"""Storage format that DuckDB 1.1.3 and later can open.

The version alone is not enough: metadata that a later checkpoint uses again is what 1.1.3 fails to load, in some editions
and not in others, so each checkpoint writes its own.
"""
_EVERY: Final = 0.02
_BEHIND: Final = 4
"""How far the thread stands back, of twenty steps, until it ends: on a busy machine it still has its share when a load waits for it."""


@dataclass(frozen=True)
class Begun:
    """A draft in which a transaction is open, ready for batches.

    Attributes:
        path: where it lies.
        con: the connection to it.
        views: the digest of all texts of views.
        migrated: the migrations that have run.
    """

    path: Path
    con: duckdb.DuckDBPyConnection
    views: str
    migrated: tuple[str, ...]


class Beginning:
    """A draft that is being begun in a thread."""

    def __init__(self, folders: Folders, newest: int | None) -> None:
        self.edition = (newest or 0) + 1
        self._path = folders.draft(self.edition)
        self._source = folders.edition(newest) if newest else None
        self._con: duckdb.DuckDBPyConnection | None = None
        self._left = False
        self._pool = ThreadPoolExecutor(1)
        self._begun: Future[Begun] = self._pool.submit(self._begin)

    def wait(self) -> Begun:
        """The draft, ready; or what went wrong with it."""
        return self._begun.result()

    def end(self) -> None:
        """Stop what is still being made, and remove what was not published: a draft that was has another name by now."""
        self._left = True
        while not self._begun.done():
            if self._con is not None:
                self._con.interrupt()
            wait([self._begun], _EVERY)
        self._pool.shutdown()
        if self._con is not None:
            self._con.close()
        self._clear()

    def _begin(self) -> Begun:
        self._clear()
        if self._source:
            shutil.copyfile(self._source, self._path)
        con = self._con = duckdb.connect(str(self._path), config=dict(STORAGE))
        _stand_back()  # after the database has made its own threads, which would stand back with this one
        con.execute("BEGIN")
        fresh = migrate.migrate(con, in_utc(datetime.now(UTC)))
        migrate.ensure_logs(con)
        if self._left:  # an interruption between two questions is lost
            raise InterruptedError
        return Begun(self._path, con, make_views(con), tuple(fresh))

    def _clear(self) -> None:
        for path in (self._path, self._path.with_name(f"{self._path.name}.wal")):
            path.unlink(missing_ok=True)


def _stand_back() -> None:
    """Leave the processors to what the load waits for, the child that reads: nobody waits for the draft yet."""
    if sys.platform == "linux":  # elsewhere a priority is a process's
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _BEHIND)


@contextmanager
def beginning(folders: Folders, newest: int | None) -> Iterator[Beginning]:
    """Begin the draft of the edition after the newest one, while the caller does other things; the lock must be held."""
    begun = Beginning(folders, newest)
    try:
        yield begun
    finally:
        with suppress(OSError):
            begun.end()

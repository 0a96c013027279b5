"""The store: one data folder, its lock, its editions, and the way from one edition to the next."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path

import duckdb

from fundtrack.errors import BusyError, InputError, IntegrityError
from fundtrack.store import lock, mending, publish
from fundtrack.store.batches import DraftBatch, Published
from fundtrack.store.beginning import Beginning, beginning
from fundtrack.store.computing import Check
from fundtrack.store.folders import Folders, copy_with_time, same_file, settle, settle_folder, temporary
from fundtrack.store.ledger import Ledger, borrowed
from fundtrack.store.reversal import reversal
from fundtrack.store.sound import READING, Served, served


class Store:
    """One data folder.

    Attributes:
        folders: where everything stands.
    """

    def __init__(self, data: Path) -> None:
        self.folders = Folders(Path(data))
        self._holder: str | None = None
        self._ahead: Beginning | None = None

    @contextmanager
    def lock(self, by: str, wait: float = 10.0) -> Iterator[None]:
        """Hold the folder's lock, mend a damaged newest edition, and clear away what a broken publish left.

        Raises:
            BusyError: `not_writable` with the folder; `busy` with who holds the lock and since when; `write_failed`,
                where the disk has no room to clear up.
            IntegrityError: `edition_damaged`, where the newest edition cannot be mended: nothing is published on an older one.
        """
        with lock.held(self.folders, by, wait):
            try:
                mending.mend(self.folders)
                newest = self.ledger()
                lock.sweep(self.folders, newest.batch_id)
                self._republish(newest.edition)
            except OSError as error:
                raise BusyError("write_failed", folder=self.folders.data, detail=str(error)) from error
            self._holder = by
            try:
                yield
            finally:
                self._holder = None

    def newest(self) -> int | None:
        """The newest edition, whether it can be read or not; None before the first.

        Raises:
            BusyError: `not_readable`, where the folder cannot be looked into.
        """
        try:
            return max(self.folders.numbers(), default=None)
        except PermissionError as error:
            raise BusyError("not_readable", folder=self.folders.data) from error

    def served(self) -> Served:
        """The newest edition that can be read, and the later ones that cannot.

        Raises:
            BusyError: `not_readable`, where the folder cannot be looked into.
        """
        try:
            return served(self.folders)
        except PermissionError as error:
            raise BusyError("not_readable", folder=self.folders.data) from error

    def edition_path(self, edition: int) -> Path:
        """The file of an edition."""
        return self.folders.edition(edition)

    @contextmanager
    def connect(self, edition: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A short read-only connection to an edition, the newest that can be read where none is named.

        Raises:
            InputError: `no_edition` before the first, `edition_unknown` where its file does not stand.
            IntegrityError: `edition_unreadable`, where DuckDB cannot open it.
        """
        newest = self.served().edition if edition is None else self.newest()
        if newest is None:
            raise InputError("no_edition")
        wanted = newest if edition is None else edition
        path = self.folders.edition(wanted)
        if not path.is_file():
            raise InputError("edition_unknown", edition=wanted, newest=newest)
        try:
            opened = duckdb.connect(str(path), read_only=True, config=dict(READING))
        except duckdb.Error as error:
            detail = str(error).split("\n")[0]
            raise IntegrityError("edition_unreadable", file=path.name, detail=detail) from error
        with closing(opened) as con:
            yield con

    def ledger(self, known_at: int | date | None = None) -> Ledger:
        """What is known now, or was known at an edition or by the end of a day, always out of the newest file that can be read.

        A day ends by this computer's clock, as the dashboard shows the times of editions.

        Raises:
            InputError: `edition_unknown`, `no_edition`; `nothing_known_then`, where the first edition came after the day.
            IntegrityError: `edition_damaged`, where the edition is there and cannot be read; `edition_unreadable`, where none can.
        """
        seen = self.served()
        newest = seen.edition
        if newest is None:
            if seen.damaged:
                raise mending.refusal(self.folders, seen.damaged[0])
            if known_at is not None:
                raise InputError("no_edition")
            return Ledger(None, None, "")
        with self.connect(newest) as con:
            wanted = (
                _known_by(con, known_at)
                if isinstance(known_at, date)
                else newest
                if known_at is None
                else known_at
            )
            found = con.sql(
                "SELECT last_batch_id FROM edition WHERE edition = $1", params=[wanted]
            ).fetchall()
        if not found:
            for wrong in seen.damaged:
                if wrong.edition == wanted:
                    raise mending.refusal(self.folders, wrong)
            raise InputError("edition_unknown", edition=wanted, newest=newest)
        return Ledger(lambda: self.connect(newest), wanted, found[0][0])

    def publish(self, drafts: Sequence[DraftBatch], *, check: Check | None = None) -> Published:
        """Make the next edition of the drafts; the lock must be held. Whatever fails, nothing has changed.

        Raises:
            BusyError: `write_failed`, where the disk refuses.
            InputError: `source_changed`, where a file is no longer what was read.
            IntegrityError: where a view fails; and whatever `check` raises.
        """
        if self._holder is None:
            raise RuntimeError("publish without the lock")
        if not drafts:
            raise ValueError("nothing to publish")
        ahead, self._ahead = self._ahead, None
        return publish.publish(self.folders, self.newest(), self._holder, drafts, check, ahead)

    @contextmanager
    def ahead(self) -> Iterator[None]:
        """Begin the next edition while files are still being read; the lock must be held. Without a publish nothing of it is left."""
        with beginning(self.folders, self.newest()) as begun:
            self._ahead = begun
            try:
                yield
            finally:
                self._ahead = None

    def undo(self, batch_id: str, *, by: str, reason: str | None, now: datetime, version: str) -> DraftBatch:
        """The reversal of a batch, to be published like any other.

        Raises:
            InputError: `batch_unknown`, `batch_already_reversed`, `undo_touched_later`, `undo_still_referred`,
                `undo_refers_gone`.
        """
        known = self.ledger()
        if known.edition is None:
            raise InputError("batch_unknown", batch=batch_id)
        with self.connect(known.edition) as con:
            ledger = Ledger(lambda: borrowed(con), known.edition, known.batch_id)
            return reversal(ledger, batch_id, by=by, reason=reason, now=now, version=version)

    def _republish(self, newest: int | None) -> None:
        """Put the newest edition at the auditor's path where a crash came between the two renames."""
        folders = self.folders
        if newest is None or same_file(folders.edition(newest), folders.published):
            return
        copied = temporary(folders.published)
        copy_with_time(folders.edition(newest), copied)
        settle(copied)
        copied.replace(folders.published)
        settle_folder(folders.data)


def _known_by(con: duckdb.DuckDBPyConnection, day: date) -> int:
    """The newest edition published by the end of a day."""
    end = datetime.combine(day, time.max).astimezone(UTC).replace(tzinfo=None)
    [(number,)] = con.sql(
        "SELECT max(edition) FROM edition WHERE published_at <= $1", params=[end]
    ).fetchall()
    if number is None:
        raise InputError("nothing_known_then", day=day)
    return int(number)

"""From drafts to a live edition: everything is made aside, and two renames make it true."""

import errno
import os
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from fundtrack.errors import BusyError, InputError, IntegrityError
from fundtrack.store import chain, migrate
from fundtrack.store.appending import append_batches, insert
from fundtrack.store.batches import DraftBatch, Published, batch_id, batch_number, checked, in_utc
from fundtrack.store.beginning import Beginning, Begun, beginning
from fundtrack.store.computing import Check, compute
from fundtrack.store.folders import Folders, copy_with_time, settle, settle_folder, sha256_of, temporary


@dataclass(frozen=True)
class _Making:
    """The edition that is being made; what it leaves aside is removed where it fails."""

    folders: Folders
    drafts: Sequence[DraftBatch]
    edition: int
    published_by: str
    published_at: datetime
    stack: ExitStack

    def aside(self, path: Path) -> Path:
        """A path that is removed again where the publish fails."""
        path.unlink(missing_ok=True)
        self.stack.callback(path.unlink, missing_ok=True)
        return path


def publish(
    folders: Folders,
    newest: int | None,
    by: str,
    drafts: Sequence[DraftBatch],
    check: Check | None,
    ahead: Beginning | None = None,
) -> Published:
    """Make the next edition of the drafts; whatever fails, nothing has changed.

    Args:
        folders: the data folder.
        newest: its newest edition; None before the first.
        by: who publishes.
        drafts: the batches.
        check: computes what officials see.
        ahead: the edition's draft, where it was begun while the batches were read.

    Raises:
        BusyError: `write_failed`, where the disk refuses.
        InputError: `source_changed`, where a file is no longer what was read.
        IntegrityError: where a view fails, or what `check` raises.
    """
    good = [checked(one) for one in drafts]
    try:
        with ExitStack() as stack:
            begun = ahead or stack.enter_context(beginning(folders, newest))
            made_aside = stack.enter_context(ExitStack())
            draft = begun.wait()
            making = _Making(folders, good, begun.edition, by, _moment(draft.con), made_aside)
            archives = _fill(making, draft, check)
            _go_live(making, draft.path, archives | _sources(making))
    except (OSError, duckdb.Error) as error:
        if not _of_the_disk(error):
            raise
        raise BusyError("write_failed", folder=folders.data, detail=str(error).split("\n")[0]) from error
    return Published(begun.edition, tuple(path.stem for path in archives))


def _of_the_disk(error: Exception) -> bool:
    """Whether the disk refused. DuckDB tells so in errors of several kinds, by what it was about to write."""
    known = isinstance(error, OSError | duckdb.IOException)
    return known or any(
        os.strerror(number) in str(error) for number in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)
    )


def _moment(con: duckdb.DuckDBPyConnection) -> datetime:
    """Now, and never before the last edition: a clock that was set back must not put a later edition before an earlier one."""
    [[last]] = con.sql("SELECT max(published_at) FROM edition").fetchall()
    now = in_utc(datetime.now(UTC))
    return now if last is None else max(now, last)


def _fill(making: _Making, draft: Begun, check: Check | None) -> dict[Path, Path]:
    """Write the batches into the draft, and their archives beside it; then close it.

    Returns:
        Each archive's final name and where it stands now.
    """
    with ThreadPoolExecutor(1) as beside, closing(draft.con) as con:
        rows = [
            making.aside(making.folders.batches / f".{place}.rows.tmp") for place in range(len(making.drafts))
        ]
        written = [
            beside.submit(chain.write_rows, path, one.puts)
            for path, one in zip(rows, making.drafts, strict=True)
        ]
        migrate.dated(con, draft.migrated, making.published_at)
        last, previous = _head(con)
        ids = [batch_id(batch_number(last) + place) for place in range(1, len(making.drafts) + 1)]
        append_batches(con, making.edition, dict(zip(ids, making.drafts, strict=True)))
        stamp = {
            "edition": making.edition,
            "published_at": making.published_at,
            "published_by": making.published_by,
        }
        insert(con, "edition", pl.DataFrame([stamp | {"last_batch_id": ids[-1]}]))
        computed = compute(con, making.edition, ids[-1], draft.views, check)
        for done in written:
            done.result()
        proof = (
            stamp
            | {"duckdb": duckdb.__version__}
            | {"published_at": chain.iso(making.published_at)}
            | computed
        )
        archives = _seal(making, con, dict(zip(ids, rows, strict=True)), proof, previous)
        con.execute("COMMIT")
        con.execute("CHECKPOINT")
    return archives


def _seal(
    making: _Making,
    con: duckdb.DuckDBPyConnection,
    rows: Mapping[str, Path],
    proof: Mapping[str, Any],
    previous: str,
) -> dict[Path, Path]:
    """Finish the archives, each over the hash of the one before, and note the hashes in the draft."""
    archives: dict[Path, Path] = {}
    for (name, body), one in zip(rows.items(), making.drafts, strict=True):
        path = making.folders.archive(name)
        archives[path] = making.aside(temporary(path))
        own = chain.seal(archives[path], chain.header(name, one.meta, proof, one.columns, previous), body)
        con.execute(
            "UPDATE batch SET previous_hash = $1, hash = $2 WHERE batch_id = $3", [previous, own, name]
        )
        body.unlink()
        previous = own
    con.execute("UPDATE edition SET head_hash = $1 WHERE edition = $2", [previous, making.edition])
    return archives


def _head(con: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """The last batch of the chain and its hash."""
    found = con.sql("SELECT batch_id, hash FROM batch ORDER BY batch_id DESC LIMIT 1").fetchall()
    return (found[0][0], found[0][1]) if found else ("", chain.FIRST)


def _sources(making: _Making) -> dict[Path, Path]:
    """Copy the sources that are not archived yet; gives each final name and where the copy stands now."""
    found: dict[Path, Path] = {}
    for draft in making.drafts:
        path = making.folders.source(draft.meta.file_sha256)
        if path in found or path.exists():
            continue
        found[path] = making.aside(temporary(path))
        if isinstance(draft.source, bytes):
            found[path].write_bytes(draft.source)
        else:
            shutil.copyfile(draft.source, found[path])
        if sha256_of(found[path]) != draft.meta.file_sha256:
            raise InputError("source_changed", file=draft.meta.file_name)
    return found


def _go_live(making: _Making, draft: Path, named: Mapping[Path, Path]) -> None:
    """Make everything durable, then give it its name: sources and archives, the edition, the auditor's copy.

    From the moment the edition has its name it is live, and nothing is taken back; a crash before the auditor's
    copy has its own is made good by the next loader.
    """
    folders = making.folders
    if draft.with_name(f"{draft.name}.wal").exists():
        raise IntegrityError("draft_not_closed", file=draft.name)
    copied = making.aside(temporary(folders.published))
    copy_with_time(draft, copied)
    for path in (draft, copied, *named.values()):
        settle(path)
    for final, path in named.items():
        path.rename(final)
        making.stack.callback(final.unlink, missing_ok=True)
    settle_folder(folders.sources)
    settle_folder(folders.batches)
    draft.rename(folders.edition(making.edition))
    making.stack.pop_all()
    settle_folder(folders.editions)
    copied.replace(folders.published)
    settle_folder(folders.data)

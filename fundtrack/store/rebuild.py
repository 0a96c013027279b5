"""Rebuild (重建): the newest edition out of the batch archives alone, into a folder of its own."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from fundtrack.errors import BusyError, InputError, IntegrityError
from fundtrack.store import chain, migrate
from fundtrack.store.appending import append_batches, insert
from fundtrack.store.archived import read_batch
from fundtrack.store.batches import DraftBatch
from fundtrack.store.beginning import STORAGE
from fundtrack.store.computing import Check, compute, make_views
from fundtrack.store.folders import Folders, copy_with_time, settle, sha256_of, temporary
from fundtrack.store.lock import prepare

_AT_THE_END: Final = {"checkpoint_threshold": "1TB"}
"""What one edition stored and the next replaced must not take room in the file."""


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild made.

    Attributes:
        edition: the newest edition, whose file was made anew.
        batches: how many batches were replayed.
        head: hash of the last batch's archive, as written anew.
        same_results: this program's views and results are those of the archived edition; where not, another version
            made it, and the next publish stores this one's.
    """

    edition: int
    batches: int
    head: str
    same_results: bool


@dataclass(frozen=True)
class _Replayed:
    name: str
    head: dict[str, Any]
    draft: DraftBatch
    hash: str


def rebuild(old: Folders, out: Path, check: Check | None) -> Rebuilt:
    """Replay every archive of a data folder into an empty one; spreadsheets are never parsed again.

    Each batch is read into typed rows, written as an archive again, and must give the same bytes, so that the chain's
    head is the same hash. Whatever fails, the new folder is removed and the old one is as it was.

    Args:
        old: the data folder; of it only `batches/` and `sources/` are read.
        out: a folder that does not exist, or is empty.
        check: computes what officials see, as at a publish.

    Raises:
        InputError: `folder_not_empty`, `no_archives`.
        IntegrityError: `archive_unreadable`, `archive_not_same`, `chain_gap`, `source_gone`; or what `check` raises.
        BusyError: `write_failed`, where the disk refuses.
    """
    archives = sorted(old.batches.glob("B*.jsonl"))
    if not archives:
        raise InputError("no_archives", folder=old.batches)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError("folder_not_empty", folder=out)
    made = not out.exists()
    new = Folders(out)
    try:
        prepare(new)
        return _replay(old, new, archives, check)
    except (OSError, duckdb.IOException) as error:
        _take_back(new, made=made)
        raise BusyError("write_failed", folder=out, detail=str(error).split("\n")[0]) from error
    except BaseException:
        _take_back(new, made=made)
        raise


def _take_back(new: Folders, *, made: bool) -> None:
    for folder in (new.editions, new.batches, new.sources):
        shutil.rmtree(folder, ignore_errors=True)
    new.published.unlink(missing_ok=True)
    if made and new.data.is_dir():
        new.data.rmdir()


def _replay(old: Folders, new: Folders, archives: list[Path], check: Check | None) -> Rebuilt:
    """Edition by edition, since what an edition stores may stand on what the one before stored."""
    read = list(_read(old, new, archives))
    edition, same = 0, True
    draft = new.draft(0)
    with closing(duckdb.connect(str(draft), config={**STORAGE, **_AT_THE_END})) as con:
        for edition, batches in groupby(read, lambda one: int(one.head["edition"])):
            same &= _edition(con, edition, list(batches), check)
        con.execute("CHECKPOINT")
    path, copied = new.edition(edition), temporary(new.published)
    copy_with_time(draft, copied)
    for done in (draft, copied):
        settle(done)
    draft.rename(path)
    copied.rename(new.published)
    return Rebuilt(edition, len(read), read[-1].hash, same)


def _edition(
    con: duckdb.DuckDBPyConnection,
    edition: int,
    batches: list[_Replayed],
    check: Check | None,
) -> bool:
    """Append an edition's batches and compute it; true where views and results are those of its archive."""
    head = batches[-1].head
    con.execute("BEGIN")
    migrate.migrate(con, _moment(head))
    migrate.ensure_logs(con)
    _append(con, edition, batches)
    computed = compute(con, edition, batches[-1].name, make_views(con), check)
    con.execute("COMMIT")
    return all(digest == head.get(name) for name, digest in computed.items())


def _moment(head: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(head["published_at"]).replace(tzinfo=None)


def _read(old: Folders, new: Folders, archives: list[Path]) -> Iterator[_Replayed]:
    """Each batch with its archive written anew, in the order of the chain."""
    previous = chain.FIRST
    for archive in archives:
        wanted = sha256_of(archive)
        head, draft = read_batch(archive, old.source(_named(archive)))
        if head["batch_id"] != archive.stem or head["previous_hash"] != previous:
            raise IntegrityError("chain_gap", file=archive.name)
        _source(old, new, draft.meta.file_sha256, archive.stem)
        path, body = new.archive(archive.stem), temporary(new.archive(archive.stem))
        chain.write_rows(body, draft.puts)
        previous = chain.seal(path, head, body)
        body.unlink()
        settle(path)
        if previous != wanted:
            raise IntegrityError("archive_not_same", file=archive.name)
        yield _Replayed(archive.stem, head, draft, previous)


def _named(archive: Path) -> str:
    try:
        return str(chain.read_head(archive).get("file_sha256"))
    except ValueError as error:
        raise IntegrityError("archive_unreadable", file=archive.name, detail=str(error)) from error


def _source(old: Folders, new: Folders, sha256: str, batch: str) -> None:
    source, path = old.source(sha256), new.source(sha256)
    if path.exists():
        return
    if not source.is_file() or sha256_of(source) != sha256:
        raise IntegrityError("source_gone", file=sha256, batch=batch)
    shutil.copyfile(source, path)
    settle(path)


def _append(con: duckdb.DuckDBPyConnection, edition: int, batches: list[_Replayed]) -> None:
    append_batches(con, edition, {one.name: one.draft for one in batches})
    for one in batches:
        previous = one.head["previous_hash"]
        query = "UPDATE batch SET previous_hash = $1, hash = $2 WHERE batch_id = $3"
        con.execute(query, [previous, one.hash, one.name])
    last = batches[-1]
    row = {
        "edition": edition, "last_batch_id": last.name, "published_at": _moment(last.head),
        "published_by": last.head["published_by"], "head_hash": last.hash,
    }  # fmt: skip
    insert(con, "edition", pl.DataFrame([row]))

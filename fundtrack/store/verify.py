"""Proof that nothing was altered: the ledger against its archives, the archives against their chain, the files against both."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, Final

import duckdb
import polars as pl

from fundtrack.errors import FundtrackError, Problem
from fundtrack.store import chain
from fundtrack.store.access import broken
from fundtrack.store.altered import altered_columns, altered_results, altered_rows, altered_words
from fundtrack.store.checkpoint import Checkpoint, against, against_log
from fundtrack.store.earlier import UNREADABLE, Newest, altered_earlier, held, unreadable
from fundtrack.store.editions import Store
from fundtrack.store.folders import sha256_of
from fundtrack.store.ledger import Ledger, borrowed

Recheck = Callable[[Ledger, duckdb.DuckDBPyConnection], Iterable[Problem]]
"""Compares the two engines once more; gives what differs."""

_PLAIN: Final = (
    "batch_id", "edition", "file_name", "file_sha256", "sender", "kind", "loaded_by", "reviewer", "reason", "reverses",
    "program_version", "profile", "previous_hash",
)  # fmt: skip


def verify(store: Store, engines: Recheck | None = None, note: Checkpoint | None = None) -> list[Problem]:
    """Everything that is not as it was published; empty where all is.

    Args:
        store: the data folder.
        engines: compares the two engines over the newest edition.
        note: a trusted checkpoint that was kept elsewhere.
    """
    newest = store.newest()
    if newest is None:
        found = sorted(store.folders.batches.glob("B*.jsonl"))
        return [Problem("edition_missing", file=store.folders.editions.name)] if found or note else []
    problems = [*_published(store, newest), *broken(store.folders)]
    if note:
        problems += against_log(note, store.folders)
    try:
        with store.connect(newest) as con:
            holds = held(con)
            if holds != newest:
                about = {"holds": str(holds)}
                problems.append(
                    Problem("edition_misplaced", file=store.edition_path(newest).name, about=about)
                )
            last = con.sql("SELECT last_batch_id FROM edition WHERE edition = $1", params=[holds]).fetchall()
            ledger = Ledger(lambda: borrowed(con), holds, last[0][0] if last else "")
            problems += _within(store, ledger, con)
            if note:
                problems += against(note, ledger.batches(), ledger.editions())
            if engines:
                problems += engines(ledger, con)
    except FundtrackError as error:
        problems.append(Problem(error.code, file=error.about.get("file"), about=error.about))
    except UNREADABLE as error:
        problems.append(unreadable(store.edition_path(newest), error))
    return problems


def _published(store: Store, newest: int) -> Iterator[Problem]:
    """The auditor's copy against the newest edition."""
    published, path = store.folders.published, store.edition_path(newest)
    if not published.is_file() or sha256_of(published) != sha256_of(path):
        yield Problem("published_differs", file=published.name, about={"edition": path.name})


def _within(store: Store, ledger: Ledger, con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """The newest edition against archives, chain and sources, and the earlier editions against all of these."""
    batches, editions = ledger.batches(), ledger.editions()
    problems = list(_sources(store, batches))
    heads = dict(_archives(store, batches, problems))
    known = batches["batch_id"].to_list()
    problems += altered_columns(con.sql("SELECT * FROM batch_column").pl(), heads, known)
    problems += _editions(editions, heads, dict(batches.select("batch_id", "hash").iter_rows()))
    archives = {name: store.folders.archive(name) for name in heads}
    problems += altered_rows(con, archives, known)
    proof = heads.get(ledger.batch_id, {})
    problems += altered_words(con, proof)
    problems += altered_results(con, proof.get("results"))
    problems += altered_earlier(store, Newest(con, batches, editions, heads, archives))
    return problems


def _sources(store: Store, batches: pl.DataFrame) -> Iterator[Problem]:
    """Each archived file against the hash that is its name."""
    for name, sha256 in batches.select("batch_id", "file_sha256").iter_rows():
        source = store.folders.source(sha256)
        if not source.is_file():
            yield Problem("source_missing", file=sha256, about={"batch": name})
        elif sha256_of(source) != sha256:
            yield Problem("source_altered", file=sha256, about={"batch": name})


def _archives(
    store: Store, batches: pl.DataFrame, problems: list[Problem]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The header of each batch whose archive can be read; what is wrong with the rest goes to `problems`."""
    names = set(batches["batch_id"])
    found = sorted(store.folders.batches.glob("*.jsonl"))
    problems += [Problem("archive_unknown", file=path.name) for path in found if path.stem not in names]
    previous = chain.FIRST
    for row in batches.iter_rows(named=True):
        path = store.folders.archive(row["batch_id"])
        about = {"batch": row["batch_id"]}
        if row["previous_hash"] != previous:
            problems.append(Problem("chain_broken", file=path.name, about=about))
        previous = row["hash"]
        try:
            head = chain.read_head(path)
        except (OSError, ValueError):
            code = "archive_altered" if path.is_file() else "archive_missing"
            problems.append(Problem(code, file=path.name, about=about))
            continue
        if sha256_of(path) != row["hash"]:
            problems.append(Problem("archive_altered", file=path.name, about=about))
        if wrong := _differing(row, head):
            problems.append(
                Problem(
                    "batch_altered", file=path.name, field=wrong[0], value=str(row[wrong[0]]), about=about
                )
            )
        yield row["batch_id"], head


def _differing(row: dict[str, Any], head: dict[str, Any]) -> list[str]:
    """The fields in which a row of `batch` and the header of its archive differ."""
    written = {
        "as_of": row["as_of"].isoformat() if row["as_of"] else None,
        "loaded_at": chain.iso(row["loaded_at"]),
    }
    wrong = [name for name in _PLAIN if row[name] != head.get(name)]
    wrong += [name for name, text in written.items() if text != head.get(name)]
    wrong += [name for name in ("cover", "complete", "counts") if row[name] != chain.encode(head.get(name))]
    return wrong


def _editions(
    editions: pl.DataFrame, heads: dict[str, dict[str, Any]], hashes: dict[str, str]
) -> Iterator[Problem]:
    """`edition` against the headers of the batches that each edition brought, and its head against the last one's hash."""
    listed = editions["edition"].to_list()
    for earlier, later in pairwise([0, *listed]):
        if later != earlier + 1:
            yield Problem("edition_row_altered", about={"edition": str(later)})
    for row in editions.iter_rows(named=True):
        head = heads.get(row["last_batch_id"])
        if head is None:
            continue
        said = (
            *(head.get(name) for name in ("edition", "published_at", "published_by")),
            hashes[row["last_batch_id"]],
        )
        if said != (row["edition"], chain.iso(row["published_at"]), row["published_by"], row["head_hash"]):
            yield Problem("edition_row_altered", about={"edition": str(row["edition"])})

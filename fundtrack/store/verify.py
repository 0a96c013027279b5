"""Proof that nothing was altered: the ledger against its archives, the archives against their chain, the files against both."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, Final

import duckdb
import polars as pl

from fundtrack.errors import FundtrackError, Problem
from fundtrack.store import chain
from fundtrack.store.altered import altered_results, altered_rows, altered_views
from fundtrack.store.editions import Store
from fundtrack.store.folders import sha256_of
from fundtrack.store.ledger import Ledger, borrowed

Recheck = Callable[[Ledger, duckdb.DuckDBPyConnection], Iterable[Problem]]
"""Compares the two engines once more; gives what differs."""

_PLAIN: Final = (
    "batch_id", "edition", "file_name", "file_sha256", "sender", "kind", "loaded_by", "reviewer", "reason", "reverses",
    "program_version", "profile", "previous_hash",
)  # fmt: skip


def verify(store: Store, engines: Recheck | None = None) -> list[Problem]:
    """Everything that is not as it was published; empty where all is.

    Args:
        store: the data folder.
        engines: compares the two engines over the newest edition.
    """
    newest = store.newest()
    if newest is None:
        found = sorted(store.folders.batches.glob("B*.jsonl"))
        return [Problem("edition_missing", file=store.folders.editions.name)] if found else []
    problems = list(_published(store, newest))
    try:
        with store.connect(newest) as con:
            last = con.sql("SELECT last_batch_id FROM edition WHERE edition = $1", params=[newest]).fetchall()
            ledger = Ledger(lambda: borrowed(con), newest, last[0][0] if last else "")
            problems += _within(store, ledger, con)
            if engines:
                problems += engines(ledger, con)
    except duckdb.Error as error:
        detail = str(error).split("\n")[0]
        problems.append(
            Problem("edition_unreadable", file=store.edition_path(newest).name, about={"detail": detail})
        )
    except FundtrackError as error:
        problems.append(Problem(error.code, file=error.about.get("file"), about=error.about))
    return problems


def _published(store: Store, newest: int) -> Iterator[Problem]:
    """The auditor's copy against the newest edition."""
    published, path = store.folders.published, store.edition_path(newest)
    if not published.is_file() or sha256_of(published) != sha256_of(path):
        yield Problem("published_differs", file=published.name, about={"edition": path.name})


def _within(store: Store, ledger: Ledger, con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """The newest edition against archives, chain and sources, and the earlier editions against it."""
    batches, editions = ledger.batches(), ledger.editions()
    problems = [*_earlier(store, batches, editions), *_sources(store, batches)]
    heads = dict(_archives(store, batches, problems))
    problems += _columns(ledger, heads)
    problems += _editions(editions, heads)
    archives = {name: store.folders.archive(name) for name in heads}
    problems += altered_rows(con, archives, batches["batch_id"])
    proof = heads.get(ledger.batch_id, {})
    problems += altered_views(con, proof.get("views"), proof.get("duckdb"))
    problems += altered_results(con, proof.get("results"))
    return problems


def _earlier(store: Store, batches: pl.DataFrame, editions: pl.DataFrame) -> Iterator[Problem]:
    """Earlier editions must be beginnings of the newest."""
    folders = store.folders
    for number in folders.numbers()[:-1]:
        try:
            with store.connect(number) as con:
                own = con.sql("SELECT * FROM edition ORDER BY edition").pl()
                listed = con.sql("SELECT * FROM batch ORDER BY batch_id").pl()
        except (duckdb.Error, FundtrackError) as error:
            about = {"detail": str(error).split("\n")[0]}
            yield Problem("edition_unreadable", file=folders.edition(number).name, about=about)
            continue
        shared = [name for name in listed.columns if name in batches.columns]
        until = batches.filter(pl.col("edition") <= number).select(shared)
        if not own.equals(editions.filter(pl.col("edition") <= number)) or not listed.select(shared).equals(
            until
        ):
            yield Problem("edition_differs", file=folders.edition(number).name)


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


def _columns(ledger: Ledger, heads: dict[str, dict[str, Any]]) -> Iterator[Problem]:
    """`batch_column` against the headers."""
    stored = ledger.batch_columns().with_columns(pl.col("unit_factor").cast(pl.String))
    listed: dict[str, list[str]] = {}
    for row in stored.iter_rows(named=True):
        listed.setdefault(row.pop("batch_id"), []).append(chain.encode(sorted(row.items())))
    for name in sorted(listed.keys() | heads.keys()):
        said = [chain.encode(sorted(column.items())) for column in heads.get(name, {}).get("columns", [])]
        if name in heads and sorted(said) != sorted(listed.get(name, [])):
            yield Problem("columns_altered", about={"batch": name})


def _editions(editions: pl.DataFrame, heads: dict[str, dict[str, Any]]) -> Iterator[Problem]:
    """`edition` against the headers of the batches that each edition brought."""
    listed = editions["edition"].to_list()
    for earlier, later in pairwise([0, *listed]):
        if later != earlier + 1:
            yield Problem("edition_row_altered", about={"edition": str(later)})
    for row in editions.iter_rows(named=True):
        head = heads.get(row["last_batch_id"])
        if head is None:
            continue
        said = (head["edition"], head["published_at"], head["published_by"])
        if said != (row["edition"], chain.iso(row["published_at"]), row["published_by"]):
            yield Problem("edition_row_altered", about={"edition": str(row["edition"])})

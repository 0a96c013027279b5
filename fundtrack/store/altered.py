"""What differs within an edition: rows from their archives, views and results from their digests."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from fundtrack.errors import FundtrackError, Problem
from fundtrack.model.rows import TABLES
from fundtrack.store import chain, definitions, results
from fundtrack.store.definitions import Definition

CHUNK: Final = 200_000
"""Rows compared at a time, so that a long history needs little memory."""
SHOWN: Final = 20
"""Rows named of each group of batches; one is proof enough, more help to see what happened."""

_RENDERED: Final = """
SELECT 'view' AS kind, schema_name || '.' || view_name AS name, sql AS text FROM duckdb_views() WHERE NOT internal
UNION ALL
SELECT 'macro', schema_name || '.' || function_name, macro_definition || parameters::VARCHAR
FROM duckdb_functions() WHERE NOT internal AND macro_definition IS NOT NULL
"""


def altered_rows(
    con: duckdb.DuckDBPyConnection, archives: Mapping[str, Path], known: Iterable[str]
) -> Iterator[Problem]:
    """Rows of the logs that differ from the archives: altered, missing, or added.

    Args:
        con: the edition.
        archives: the archive of each batch that has one.
        known: every batch of the ledger.
    """
    totals: dict[str, int] = {}
    logs = _logs(con)
    for log in logs.values():
        counted = con.sql(f"SELECT batch_id, count(*) FROM {log} GROUP BY batch_id")  # noqa: S608
        for name, count in counted.fetchall():
            totals[name] = totals.get(name, 0) + count
    for name in sorted(totals.keys() - set(known)):
        yield Problem("row_without_batch", about={"batch": name})
    group: list[str] = []
    waiting = 0
    for name in sorted(archives):
        group.append(name)
        waiting += totals.get(name, 0)
        if waiting >= CHUNK:
            yield from _compared(con, logs, group, archives)
            group, waiting = [], 0
    yield from _compared(con, logs, group, archives)


def _logs(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The log of each table that the edition has: one of an older program may lack some."""
    standing = {
        name for (name,) in con.sql("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall()
    }
    return {table: f"{table}_log" for table in TABLES if f"{table}_log" in standing}


def _compared(
    con: duckdb.DuckDBPyConnection, logs: Mapping[str, str], group: list[str], archives: Mapping[str, Path]
) -> Iterator[Problem]:
    if not group:
        return
    kept = [_counted(name, pl.Series(chain.read_rows(archives[name]), dtype=pl.String)) for name in group]
    stored = [_counted("", pl.Series([], dtype=pl.String))]
    for table, log in logs.items():
        query = f"SELECT * FROM {log} WHERE batch_id BETWEEN $1 AND $2"  # noqa: S608
        rows = con.sql(query, params=[group[0], group[-1]]).pl().filter(pl.col("batch_id").is_in(group))
        stored += [_counted(str(key[0]), chain.lines(table, part)) for key, part in rows.group_by("batch_id")]
    ours, theirs = pl.concat(stored), pl.concat(kept)
    on = ["batch_id", "line", "len"]
    was = {
        _place(*row) for row in theirs.join(ours, on=on, how="anti").select("batch_id", "line").iter_rows()
    }
    now = {
        _place(*row) for row in ours.join(theirs, on=on, how="anti").select("batch_id", "line").iter_rows()
    }
    for place in islice(sorted(was | now), SHOWN):
        code = (
            "row_altered" if place in was and place in now else "row_missing" if place in was else "row_added"
        )
        batch, table, key = place
        yield Problem(code, file=archives[batch].name, about={"batch": batch, "table": table, "key": key})


def _counted(name: str, lines: pl.Series) -> pl.DataFrame:
    counted = lines.alias("line").to_frame().group_by("line").len()
    return counted.select(pl.lit(name).alias("batch_id"), "line", "len")


def _place(batch: str, line: str) -> tuple[str, str, str]:
    try:
        row = json.loads(line)
        return batch, row["table"], row["row_key"]
    except (ValueError, KeyError, TypeError):
        return batch, "?", line[:80]


def altered_views(con: duckdb.DuckDBPyConnection, proof: str | None) -> Iterator[Problem]:
    """Views and macros that are not what their texts make, and texts that are not those of the chain."""
    listed = con.sql("SELECT name, kind, sha256, sql_text FROM view_text ORDER BY place").fetchall()
    found = [Definition(name, kind, text, "", {}) for name, kind, _, text in listed]
    for one, (_, _, sha256, _) in zip(found, listed, strict=True):
        if one.sha256 != sha256:
            yield Problem("view_altered", about={"view": one.name})
    if definitions.digest((one.name, one.kind, one.sha256) for one in found) != proof:
        yield Problem("views_differ")
    try:
        wanted = _rebuilt(con, found)
    except (FundtrackError, duckdb.Error) as error:
        yield Problem("view_altered", about={"view": getattr(error, "about", {}).get("view", "?")})
        return
    standing = dict(_rendered(con))
    for kind, name in sorted(wanted.keys() | standing.keys()):
        if wanted.get((kind, name)) != standing.get((kind, name)):
            yield Problem("view_altered", about={"view": name.removeprefix("main.")})


def _rendered(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[tuple[str, str], str]]:
    for kind, name, text in con.sql(_RENDERED).fetchall():
        yield (kind, name), text


def _rebuilt(con: duckdb.DuckDBPyConnection, found: list[Definition]) -> dict[tuple[str, str], str]:
    """What the texts make in an empty database with the same tables, as this DuckDB writes it."""
    made = {one.name for one in found}
    with duckdb.connect() as scratch:
        for name, sql in con.sql("SELECT table_name, sql FROM duckdb_tables() WHERE NOT internal").fetchall():
            if name not in made:
                scratch.execute(sql)
        definitions.rebuild(scratch, found)
        return dict(_rendered(scratch))


def altered_results(con: duckdb.DuckDBPyConnection, proof: Mapping[str, str] | None) -> Iterator[Problem]:
    """Tables of results, and others, that are not those of the chain."""
    standing = results.results_digests(con)
    proof = proof or {}
    for name in sorted(standing.keys() | proof.keys()):
        if standing.get(name) != proof.get(name):
            yield Problem("result_altered", about={"table": name})

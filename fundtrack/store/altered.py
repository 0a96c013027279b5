"""What differs within an edition: rows from their archives, views and results from their digests."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from functools import lru_cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import polars as pl

from fundtrack.errors import FundtrackError, Problem
from fundtrack.model.rows import TABLES
from fundtrack.store import chain, definitions, results
from fundtrack.store.beginning import STORAGE
from fundtrack.store.definition import Definition, ObjectKind

CHUNK: Final = 200_000
"""Rows compared at a time, so that a long history needs little memory."""
ALONE: Final = {"enable_external_access": "false"}
"""Texts of views that were altered may say anything, and must reach nothing."""
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
    counts = _counts(con)
    for name in sorted({name for name, _ in counts} - set(known)):
        yield Problem("row_without_batch", about={"batch": name})
    totals = Counter[str]()
    for (name, _), count in counts.items():
        totals[name] += count
    group: list[str] = []
    for name in sorted(archives):
        group.append(name)
        if sum(totals[one] for one in group) >= CHUNK:
            yield from _compared(con, counts, group, archives)
            group = []
    yield from _compared(con, counts, group, archives)


def logs(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The columns of each log that stands; an edition of an older program may lack some."""
    found: dict[str, list[str]] = {}
    query = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND schema_name = 'main' ORDER BY ALL"
    for name, column in con.sql(query).fetchall():
        if name.endswith("_log") and name.removesuffix("_log") in TABLES:
            found.setdefault(name, []).append(column)
    return found


def _counts(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], int]:
    """How many rows each batch has in each log."""
    one = "SELECT '{log}' AS log, coalesce(batch_id, '?'), count(*) AS count FROM {log} GROUP BY ALL"
    standing = logs(con)
    found = (
        con.sql(" UNION ALL ".join(one.format(log=log) for log in standing)).fetchall() if standing else []
    )
    return {(name, log): count for log, name, count in found}


def _compared(
    con: duckdb.DuckDBPyConnection,
    counts: Mapping[tuple[str, str], int],
    group: list[str],
    archives: Mapping[str, Path],
) -> Iterator[Problem]:
    if not group:
        return
    empty = _counted("", pl.Series([], dtype=pl.String))
    kept = [_counted(name, pl.Series(chain.read_rows(archives[name]), dtype=pl.String)) for name in group]
    stored = []
    for log in sorted({log for name, log in counts if name in group}):
        query = f"SELECT * FROM {log} WHERE batch_id BETWEEN $1 AND $2"  # noqa: S608
        rows = con.sql(query, params=[group[0], group[-1]]).pl().filter(pl.col("batch_id").is_in(group))
        for (name, *_), part in rows.group_by("batch_id"):
            stored.append(_counted(str(name), chain.lines(log.removesuffix("_log"), part)))
    ours, theirs = pl.concat([empty, *stored]), pl.concat([empty, *kept])
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


def altered_columns(
    stored: pl.DataFrame, heads: Mapping[str, dict[str, Any]], known: Iterable[str]
) -> Iterator[Problem]:
    """What `batch_column` says otherwise than the headers.

    Args:
        stored: `batch_column`.
        heads: the header of each batch whose archive can be read.
        known: every batch of the edition.
    """
    listed: dict[str, list[str]] = {name: [] for name in known}
    batches = set(listed)
    for row in stored.with_columns(pl.col("unit_factor").cast(pl.String)).iter_rows(named=True):
        listed.setdefault(row.pop("batch_id") or "?", []).append(_column(row))
    for name, columns in sorted(listed.items()):
        if name not in batches:
            yield Problem("row_without_batch", about={"batch": name})
        elif name in heads and sorted(columns) != sorted(map(_column, heads[name].get("columns", []))):
            yield Problem("columns_altered", about={"batch": name})


def _column(row: Mapping[str, Any]) -> str:
    return chain.encode(sorted((name, value) for name, value in row.items() if value is not None))


def altered_views(
    con: duckdb.DuckDBPyConnection, proof: str | None, written_by: str | None
) -> Iterator[Problem]:
    """Views and macros that are not what their texts make, and texts that are not those of the chain.

    Args:
        con: the edition.
        proof: digest of all texts, of the chain.
        written_by: DuckDB's version that wrote the edition. Another renders a view in other words, so that then only
            their names can be compared, until the next publish.
    """
    listed = con.sql("SELECT name, kind, sha256, sql_text FROM view_text ORDER BY place").fetchall()
    found = tuple((name, kind, text) for name, kind, _, text in listed)
    own = [(name, kind, Definition(name, kind, text, "", {}).sha256) for name, kind, text in found]
    yield from (
        Problem("view_altered", about={"view": name})
        for (name, _, sha256), (_, _, noted, _) in zip(own, listed, strict=True)
        if sha256 != noted
    )
    if definitions.digest(own) != proof:
        yield Problem("views_differ")
    tables = con.sql("SELECT table_name, sql FROM duckdb_tables() WHERE NOT internal ORDER BY ALL").fetchall()
    try:
        wanted = _rebuilt(found, tuple(tables))
    except (FundtrackError, duckdb.Error) as error:
        yield Problem("view_altered", about={"view": getattr(error, "about", {}).get("view", "?")})
        return
    standing = _rendered(con)
    same_words = written_by == duckdb.__version__
    for kind, name in sorted(wanted.keys() | standing.keys()):
        one, other = wanted.get((kind, name)), standing.get((kind, name))
        if (one != other) if same_words else (one is None or other is None):
            yield Problem("view_altered", about={"view": name.removeprefix("main.")})


def _rendered(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    return {(kind, name): text for kind, name, text in con.sql(_RENDERED).fetchall()}


@lru_cache(maxsize=4)
def _rebuilt(
    found: tuple[tuple[str, ObjectKind, str], ...], tables: tuple[tuple[str, str], ...]
) -> dict[tuple[str, str], str]:
    """What the texts make in an empty file with the same tables; by way of a file, since storing changes their words."""
    made = {name for name, _, _ in found}
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "scratch.duckdb")
        with closing(duckdb.connect(path, config={**STORAGE, **ALONE})) as scratch:
            for name, sql in tables:
                if name not in made:
                    scratch.execute(sql)
            definitions.rebuild(scratch, [Definition(name, kind, text, "", {}) for name, kind, text in found])
        with closing(duckdb.connect(path, read_only=True)) as scratch:
            return _rendered(scratch)


def altered_words(con: duckdb.DuckDBPyConnection, proof: Mapping[str, Any]) -> Iterator[Problem]:
    """Views and macros as `altered_views`; where they stand, comments that are not those of the chain.

    A view that was made anew has lost its comments with it, which is no second finding.

    Args:
        con: the edition.
        proof: the header of its last batch; one of an earlier program says nothing of comments.
    """
    found = list(altered_views(con, proof.get("views"), proof.get("duckdb")))
    yield from found
    if not found and proof.get("comments") not in {None, definitions.comments_digest(con)}:
        yield Problem("comments_differ")


def altered_results(con: duckdb.DuckDBPyConnection, proof: Mapping[str, str] | None) -> Iterator[Problem]:
    """Tables of results, and others, that are not those of the chain."""
    proof = proof or {}
    standing = results.results_digests(con, proof)
    for name in sorted(standing.keys() | proof.keys()):
        if standing.get(name) != proof.get(name):
            yield Problem("result_altered", about={"table": name})

"""Computed results that an edition keeps, so that auditors query what officials see; replaced as a whole each time."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import duckdb
import polars as pl

from fundtrack.store import definitions, migrate

Results = Mapping[str, pl.DataFrame]
"""Tables of computed results by name."""
DIGEST_SEPARATORS = (",", ":")
_SLICE: Final = 2_000
"""Rows hashed at a time: as many as stay in a processor's cache, which takes a quarter of the time of many."""
SEEN_BEFORE = "finding_seen_before"
PROVEN: Final = ("schema_version",)
"""Tables of the store that no archive holds; the chain proves them by a digest, as it does results."""


def _kept() -> set[str]:
    """Names that results must not take."""
    return {one.name for one in (*definitions.all_definitions(), *migrate.table_words())} - _declared()


def _declared() -> set[str]:
    return {one.name for one in definitions.of_files() if one.kind == "table"}


def result_tables(con: duckdb.DuckDBPyConnection, known: Iterable[str] = ()) -> list[str]:
    """The tables of results that an edition has, those known to be results among them."""
    names = con.sql(
        "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary AND schema_name = 'main'"
    ).fetchall()
    return sorted({name for (name,) in names} - (_kept() - set(known)))


def remember_seen(con: duckdb.DuckDBPyConnection) -> None:
    """Keep which findings earlier editions showed, as a temporary table, while the tables of results are made anew."""
    held = con.sql(
        "SELECT 1 FROM duckdb_tables() WHERE table_name = 'finding_seen' AND NOT temporary"
    ).fetchall()
    earlier = "SELECT finding_id, first_seen_edition FROM finding_seen"
    nobody = "SELECT NULL::VARCHAR AS finding_id, NULL::INTEGER AS first_seen_edition WHERE false"
    con.execute(f"CREATE OR REPLACE TEMP TABLE {SEEN_BEFORE} AS {earlier if held else nobody}")


def seen_before(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """finding_id, first_seen_edition: what `remember_seen` kept."""
    found: pl.DataFrame = con.sql(f"SELECT finding_id, first_seen_edition FROM temp.{SEEN_BEFORE}").pl()  # noqa: S608
    return found


def store_results(con: duckdb.DuckDBPyConnection, parts: Iterable[Results]) -> dict[str, str]:
    """Replace the stored results, each part as soon as it is computed, and give the digest of every table that now stands.

    A declared table is filled column by column name, another is created as its frame is.

    Args:
        con: a draft.
        parts: the tables of results by name; no name twice.

    Raises:
        ValueError: where a name belongs to the ledger.
    """
    declared, taken = _declared(), _kept()
    found: dict[str, Future[str]] = {}
    with ThreadPoolExecutor(
        2
    ) as beside:  # the next part is computed and stored while those before it are digested
        for part in parts:
            for name, frame in part.items():
                if name in taken:
                    raise ValueError(f"{name} belongs to the ledger")
                con.register("incoming", frame)
                if name in declared:
                    con.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM incoming')  # noqa: S608
                else:
                    con.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM incoming')  # noqa: S608
                con.unregister("incoming")
                found[name] = beside.submit(digest, _stored(con, name))
        for name in set(result_tables(con, PROVEN)) - found.keys():
            if name in declared or name in PROVEN:
                found[name] = beside.submit(digest, _stored(con, name))
            else:
                con.execute(f'DROP TABLE "{name}"')
        return {name: found[name].result() for name in sorted(found)}


def digest(frame: pl.DataFrame) -> str:
    """SHA-256 of a table of results: its columns, then its rows as JSON of texts, floats in the fewest digits that give them back, sorted.

    >>> digest(pl.DataFrame({"a": [0.5, 1.0]})) == digest(pl.DataFrame({"a": [1.0, 0.5]}))
    True
    >>> digest(pl.DataFrame({"a": [0.1]})) == digest(pl.DataFrame({"a": [0.1 + 2**-56]}))
    False
    """
    found = hashlib.sha256(
        json.dumps(frame.columns, ensure_ascii=False, separators=DIGEST_SEPARATORS).encode()
    )
    if frame.width:
        rows = frame.select(line=pl.struct(pl.all().cast(pl.String)).struct.json_encode())["line"].sort()
        for part in rows.to_frame().iter_slices(_SLICE):
            found.update(b"\n" + b"\n".join(part["line"].cast(pl.Binary).to_list()))
    return found.hexdigest()


def results_digests(con: duckdb.DuckDBPyConnection, known: Iterable[str] = ()) -> dict[str, str]:
    """The digest of each stored table of results.

    Args:
        con: an edition.
        known: names of results that an older program stored, should this one call something else so.
    """
    with ThreadPoolExecutor(2) as beside:  # one is read while those before it are digested
        found = {name: beside.submit(digest, _stored(con, name)) for name in result_tables(con, known)}
        return {name: one.result() for name, one in found.items()}


def _stored(con: duckdb.DuckDBPyConnection, name: str) -> pl.DataFrame:
    found: pl.DataFrame = con.sql(f'SELECT * FROM "{name}"').pl()  # noqa: S608
    return found

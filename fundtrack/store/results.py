"""Computed results that an edition keeps, so that auditors query what officials see; replaced as a whole each time."""

import hashlib
import json
from collections.abc import Iterable, Mapping

import duckdb
import polars as pl

from fundtrack.store import definitions, migrate

DIGEST_SEPARATORS = (",", ":")
SEEN_BEFORE = "finding_seen_before"


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


def store_results(con: duckdb.DuckDBPyConnection, results: Mapping[str, pl.DataFrame]) -> None:
    """Replace the stored results: a declared table is filled column by column name, another is created as its frame is.

    Raises:
        ValueError: where a name belongs to the ledger.
    """
    declared = _declared()
    for name in set(result_tables(con)) - declared - results.keys():
        con.execute(f'DROP TABLE "{name}"')
    for name, frame in results.items():
        if name in _kept():
            raise ValueError(f"{name} belongs to the ledger")
        con.register("incoming", frame)
        if name in declared:
            con.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM incoming')  # noqa: S608
        else:
            con.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM incoming')  # noqa: S608
        con.unregister("incoming")


def digest(frame: pl.DataFrame) -> str:
    """SHA-256 of a table of results: its columns, then its rows as JSON, floats as their exact bits, sorted as texts.

    >>> digest(pl.DataFrame({"a": [0.5, 1.0]})) == digest(pl.DataFrame({"a": [1.0, 0.5]}))
    True
    """
    rows = sorted(
        json.dumps([value.hex() if isinstance(value, float) else value if value is None else str(value) for value in row],
                   ensure_ascii=False, separators=DIGEST_SEPARATORS)
        for row in frame.iter_rows()
    )  # fmt: skip
    text = "\n".join([json.dumps(frame.columns, ensure_ascii=False, separators=DIGEST_SEPARATORS), *rows])
    return hashlib.sha256(text.encode()).hexdigest()


def results_digests(con: duckdb.DuckDBPyConnection, known: Iterable[str] = ()) -> dict[str, str]:
    """The digest of each stored table of results.

    Args:
        con: an edition.
        known: names of results that an older program stored, should this one call something else so.
    """
    names = result_tables(con, known)
    return {name: digest(con.sql(f'SELECT * FROM "{name}"').pl()) for name in names}  # noqa: S608

"""Small ledgers for tests: rows given by the few fields that matter, and an in-memory database of them."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl

from fundtrack.metrics.entities import fold
from fundtrack.model.frames import SQL_TYPES, empty, row_key, schema
from fundtrack.model.rows import TABLES
from fundtrack.store.changes import field_change
from fundtrack.store.definitions import of_files
from fundtrack.store.migrate import ensure_logs, migrate
from fundtrack.store.stand_ins import stand_ins

Rows = Mapping[str, list[dict[str, Any]]]


def ledger(rows: Rows) -> dict[str, pl.DataFrame]:
    """Every table of the data dictionary, holding the rows given; texts become dates and decimals."""
    out = {}
    for table in TABLES:
        dtypes = schema(table)
        data = [
            {name: _value(dtypes[name], value) for name, value in row.items()} for row in rows.get(table, [])
        ]
        frame = pl.DataFrame(data, schema=dtypes, orient="row") if data else empty(table)
        if "name_key" in dtypes:
            frame = frame.with_columns(
                name_key=pl.Series([fold(name) for name in frame["name"]], dtype=pl.String)
            )
        if table == "cash_flow":
            frame = frame.with_columns(keyed_on=pl.coalesce("due_on", "occurred_on"))
        out[table] = frame.with_columns(row_key(table)).sort("row_key")
    return out


def _value(dtype: pl.DataType, value: Any) -> Any:
    if isinstance(dtype, pl.Date) and isinstance(value, str):
        return date.fromisoformat(value)
    if isinstance(dtype, pl.Decimal) and value is not None:
        return Decimal(str(value))
    return value


def database(path: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """A database with every table empty, trivial `_at` macros, and the views over them."""
    con = duckdb.connect(path, config={"storage_compatibility_version": "v1.0.0"})
    migrate(con, datetime(2017, 1, 1))  # noqa: DTZ001 - UTC, as the ledger keeps it
    ensure_logs(con)
    for table in TABLES:
        places = {"batch_id": "VARCHAR", "sheet": "VARCHAR", "row_number": "BIGINT"}
        names = {name: SQL_TYPES[dtype] for name, dtype in schema(table).items()} | places
        columns = ", ".join(f'"{name}" {kind}' for name, kind in names.items())
        con.execute(f"CREATE TABLE {table} ({columns})")
        con.execute(f"CREATE MACRO {table}_at(batch) AS TABLE SELECT * FROM {table}")
    con.execute(field_change())
    con.execute(
        "INSERT INTO batch BY NAME SELECT 'B000001' AS batch_id, 1 AS edition, '' AS file_name, '' AS file_sha256, 'load' AS kind, "
        "'zhang' AS loaded_by, now()::TIMESTAMP AS loaded_at, '' AS program_version, '{}' AS cover, '[]' AS complete, '{}' AS counts"
    )
    with stand_ins(con) as stand:
        for view in of_files():
            con.execute(view.sql)
            stand(view)
    return con


def fill(con: duckdb.DuckDBPyConnection, tables: Mapping[str, pl.DataFrame]) -> None:
    """Put a ledger into the database, in place of the one it holds."""
    held = {
        name
        for name, rows in con.execute("SELECT table_name, estimated_size FROM duckdb_tables()").fetchall()
        if rows
    }
    for table, frame in tables.items():
        if table in held:
            con.execute(f"TRUNCATE {table}")
        if frame.height:
            con.register("incoming", frame)
            con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")


def answer(con: duckdb.DuckDBPyConnection, sql: str, params: list[Any] | None = None) -> pl.DataFrame:
    """The rows of a question, in the types the database gives them."""
    found: pl.DataFrame = con.sql(sql, params=params or []).pl()
    return found


def rows_of(
    con: duckdb.DuckDBPyConnection, sql: str, params: list[Any], dtypes: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    """The same in types known before, which spares half the planning."""
    return pl.DataFrame(con.execute(sql, params).fetchall(), schema=dict(dtypes), orient="row")

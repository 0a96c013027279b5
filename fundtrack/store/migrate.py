"""Migrations run once, with their record; the logs follow the data dictionary."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources.abc import Traversable
from typing import Final

import duckdb

from fundtrack.errors import IntegrityError
from fundtrack.model import frames
from fundtrack.model.rows import TABLES
from fundtrack.store.definition import Definition
from fundtrack.store.definitions import parse, sql_files

_RECORD: Final = """-- table schema_version: 库结构的各次升级 / Migrations that have run
-- schema_version.name: 升级文件 / File of the migration
-- schema_version.sha256: 文件的 SHA-256 / SHA-256 of the file
-- schema_version.ran_at: 执行时间（UTC） / When it ran (UTC)
CREATE TABLE IF NOT EXISTS schema_version (name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, ran_at TIMESTAMP NOT NULL)"""


def migrations() -> list[Traversable]:
    """The migrations that this program knows, in order."""
    return sql_files("migrations")


def migrate(
    con: duckdb.DuckDBPyConnection, now: datetime, known: Sequence[Traversable] | None = None
) -> list[str]:
    """Run the migrations that have not run, each with its record in the caller's transaction, and give their names.

    Raises:
        IntegrityError: `newer_data`, where the data were written by a newer program.
    """
    con.execute(_RECORD)
    files = {file.name: file for file in (migrations() if known is None else known)}
    ran = {name for (name,) in con.sql("SELECT name FROM schema_version").fetchall()}
    if unknown := sorted(ran - files.keys()):
        raise IntegrityError("newer_data", migration=unknown[0])
    fresh = sorted(files.keys() - ran)
    for name in fresh:
        text = files[name].read_text("utf-8")
        con.execute(text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        con.execute("INSERT INTO schema_version VALUES (?, ?, ?)", [name, digest, now])
    return fresh


def dated(con: duckdb.DuckDBPyConnection, names: Sequence[str], moment: datetime) -> None:
    """Say of migrations that have just run that they ran when their edition was published."""
    for name in names:
        con.execute("UPDATE schema_version SET ran_at = ? WHERE name = ?", [moment, name])


def ensure_logs(con: duckdb.DuckDBPyConnection) -> None:
    """Create the logs that are missing, and add the columns that the data dictionary has gained; none is ever dropped."""
    standing: dict[str, set[str]] = {}
    for table, column in con.sql(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
    ).fetchall():
        standing.setdefault(table, set()).add(column)
    for table in TABLES:
        log = f"{table}_log"
        wanted = {name: frames.SQL_TYPES[dtype] for name, dtype in frames.log_schema(table).items()}
        if log not in standing:
            columns = ", ".join(f'"{name}" {kind}' for name, kind in wanted.items())
            con.execute(f"CREATE TABLE {log} ({columns})")
            continue
        for name in [name for name in wanted if name not in standing[log]]:
            con.execute(f'ALTER TABLE {log} ADD COLUMN "{name}" {wanted[name]}')


@cache
def table_words() -> tuple[Definition, ...]:
    """The comments of every table: logs from the data dictionary, the rest from the migrations that made them."""
    found = parse(_RECORD)
    for file in migrations():
        found += parse(file.read_text("utf-8"))
    for table, model in TABLES.items():
        words = {name: frames.comment(table, name) for name in frames.log_schema(table)}
        title = f"{model.info.zh}：全部写入记录，只增不改 / {model.info.en}: all that was ever written, append-only"
        found.append(Definition(f"{table}_log", "table", "", title, words))
    return tuple(found)

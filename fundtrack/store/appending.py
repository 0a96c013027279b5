"""Rows into a draft: batches, the maps of their columns, their rows in the logs."""

from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

from fundtrack.store import chain
from fundtrack.store.batches import DraftBatch, in_utc
from fundtrack.store.ledger import BATCH_SCHEMA


def insert(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Append a frame's rows to a table, column by column name."""
    con.register("incoming", frame)
    con.execute(f'INSERT INTO "{table}" BY NAME SELECT * FROM incoming')  # noqa: S608
    con.unregister("incoming")


def append_batches(con: duckdb.DuckDBPyConnection, edition: int, drafts: Mapping[str, DraftBatch]) -> None:
    """Append batches by their names, all rows of a table at once: many small inserts take longer than one."""
    insert(con, "batch", pl.concat(_row(name, edition, one) for name, one in drafts.items()))
    rows: dict[str, list[pl.DataFrame]] = {}
    for name, one in drafts.items():
        mark = pl.lit(name).alias("batch_id")
        for table, frame in [
            ("batch_column", one.columns),
            *((f"{table}_log", put) for table, put in one.puts.items()),
        ]:
            if frame.height:
                rows.setdefault(table, []).append(frame.with_columns(mark))
    for table, frames in rows.items():
        insert(con, table, pl.concat(frames))


def _row(name: str, edition: int, draft: DraftBatch) -> pl.DataFrame:
    meta = draft.meta
    row: dict[str, Any] = {
        "batch_id": name, "edition": edition, "file_name": meta.file_name, "file_sha256": meta.file_sha256,
        "sender": meta.sender, "as_of": meta.as_of, "kind": meta.kind, "loaded_by": meta.loaded_by,
        "loaded_at": in_utc(meta.loaded_at), "reviewer": meta.reviewer, "reason": meta.reason,
        "reverses": meta.reverses, "program_version": meta.program_version, "profile": meta.profile,
        "cover": chain.encode(meta.cover), "complete": chain.encode(list(meta.complete)),
        "counts": chain.encode(meta.counts),
    }  # fmt: skip
    return pl.DataFrame([row], schema={one: dtype for one, dtype in BATCH_SCHEMA.items() if one in row})

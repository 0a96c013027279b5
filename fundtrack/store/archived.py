"""A batch back out of its archive: the reverse of `chain`, to the last byte."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from fundtrack.errors import IntegrityError
from fundtrack.model.rows import TABLES
from fundtrack.store import chain
from fundtrack.store.batches import COLUMNS_SCHEMA, BatchMeta, DraftBatch, draft_schema

_OPENS: Final = '{"table":"'


def read_batch(archive: Path, source: Path) -> tuple[dict[str, Any], DraftBatch]:
    """The header and the batch of an archive.

    Args:
        archive: the batch's archive.
        source: where its source is archived.

    Raises:
        IntegrityError: `archive_unreadable`, where a line is none that `chain` writes, or names an unknown table.
    """
    try:
        head = chain.read_head(archive)
        return head, DraftBatch(_meta(head), dict(_puts(chain.read_rows(archive))), _columns(head), source)
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        detail = str(error).split("\n")[0]
        raise IntegrityError("archive_unreadable", file=archive.name, detail=detail) from error


def _meta(head: dict[str, Any]) -> BatchMeta:
    same = (
        "file_name", "file_sha256", "sender", "kind", "loaded_by", "program_version", "reviewer", "reason", "reverses",
        "profile", "cover", "counts",
    )  # fmt: skip
    loaded_at = datetime.fromisoformat(head["loaded_at"])
    return BatchMeta(
        loaded_at=loaded_at, complete=tuple(head["complete"]), **{name: head[name] for name in same}
    )


def _columns(head: dict[str, Any]) -> pl.DataFrame:
    texts = dict.fromkeys(COLUMNS_SCHEMA, pl.String())
    return pl.DataFrame(head["columns"], schema=texts).select(
        pl.col(name).cast(dtype) for name, dtype in COLUMNS_SCHEMA.items()
    )


def _puts(lines: list[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each table's rows in the order in which they were written."""
    written = pl.Series("line", lines, dtype=pl.String)
    tables = written.str.extract(r'^\{"table":"([a-z_]+)"')
    for table in tables.unique(maintain_order=True):
        if table not in TABLES:
            raise ValueError(f"no table: {table or written.filter(tables.is_null())[0][:80]}")
        schema = draft_schema(table)
        shape = pl.Struct(dict.fromkeys(schema, pl.String()))
        rows = written.filter(tables == table).str.json_decode(shape).struct.unnest()
        yield table, rows.select(_typed(name, dtype) for name, dtype in schema.items())


def _typed(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.Boolean():
        return column.replace_strict({"true": True, "false": False}, return_dtype=pl.Boolean())
    if dtype == pl.Date():
        return column.str.to_date("%Y-%m-%d")
    return column.cast(dtype)

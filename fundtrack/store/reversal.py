"""Reversal (冲销): what puts every row that a batch touched back to what it was before, as a batch of its own."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import polars as pl

from fundtrack.errors import InputError
from fundtrack.model.rows import COLUMNS, TABLES
from fundtrack.store import chain
from fundtrack.store.batches import BatchMeta, DraftBatch, draft_schema, in_utc, no_columns
from fundtrack.store.ledger import Ledger

REFERENCES: Final = tuple(
    (table, column.name, column.refers)
    for table, columns in COLUMNS.items()
    for column in columns
    if column.refers
)
"""Every column that names a row of another table: table, column, the other table."""


def reversed_batches(batches: pl.DataFrame) -> dict[str, str]:
    """Batches that do not count any more, and the reversal that took each back; one that was itself reversed does not.

    >>> frame = pl.DataFrame({"batch_id": ["B1", "B2", "B3"], "reverses": [None, "B1", "B2"]})
    >>> reversed_batches(frame)
    {'B2': 'B3'}
    """
    gone: dict[str, str] = {}
    for name, reverses in (
        batches.select("batch_id", "reverses").sort("batch_id", descending=True).iter_rows()
    ):
        if name not in gone and reverses is not None:
            gone[reverses] = name
    return gone


def reversal(
    ledger: Ledger, batch: str, *, by: str, reason: str | None, now: datetime, version: str
) -> DraftBatch:
    """The batch that reverses another.

    Raises:
        InputError: `batch_unknown`; `batch_already_reversed`; `undo_touched_later`, where a later batch that still
            counts changed one of the rows; `undo_still_referred`, where a row that would vanish is named by a row
            that would stay; `undo_refers_gone`, where a row that would come back names one that is no more.
    """
    batches = ledger.batches()
    if batch not in batches["batch_id"]:
        raise InputError("batch_unknown", batch=batch)
    gone = reversed_batches(batches)
    if batch in gone:
        raise InputError("batch_already_reversed", batch=batch, by=gone[batch])
    histories = {table: rows for table in TABLES if (rows := ledger.history(table, batch)).height}
    others = _same_cover(batches, gone, batch)
    if others and max(others) > batch:
        histories.pop("cover", None)
    _refuse_touched_later(batches, gone, batch, histories)
    before = {table: _before(table, rows, batch) for table, rows in histories.items()}
    if not others and "cover" not in before and (left := _cover_left(ledger, batches, gone, batch)).height:
        before["cover"] = left
    _refuse_broken_references(ledger, batch, before)
    document = {
        "undo": batch,
        "by": by,
        "reason": reason,
        "at": chain.iso(in_utc(now)),
        "program_version": version,
    }
    source = chain.encode(document).encode()
    meta = BatchMeta(
        file_name=f"undo-{batch}.json", file_sha256=hashlib.sha256(source).hexdigest(), sender=None, kind="reversal",
        loaded_by=by, loaded_at=now, program_version=version, reason=reason, reverses=batch,
        counts={table: _counts(ledger[table], rows) for table, rows in before.items()},
    )  # fmt: skip
    return DraftBatch(meta, before, no_columns(), source)


def _same_cover(batches: pl.DataFrame, gone: dict[str, str], batch: str) -> list[str]:
    """Other files that count and that the same sender sent as of the same day: their cover is one row.

    It stays for as long as one of them counts, as the later of them left it; with the last of them it goes.
    """
    own = batches.filter(
        (pl.col("batch_id") == batch) & pl.col("sender").is_not_null() & pl.col("as_of").is_not_null()
    )
    same = batches.join(own.select("sender", "as_of"), on=["sender", "as_of"], how="semi")
    counting = same.filter(
        (pl.col("kind") == "load") & (pl.col("batch_id") != batch) & ~pl.col("batch_id").is_in(sorted(gone))
    )
    return counting["batch_id"].to_list()


def _cover_left(ledger: Ledger, batches: pl.DataFrame, gone: dict[str, str], batch: str) -> pl.DataFrame:
    """The deletion of the cover that a file shared with others, all of which have been taken back by now."""
    own = batches.filter(pl.col("batch_id") == batch).select("sender", "as_of")
    stands = ledger.placed("cover").join(own, on=["sender", "as_of"], how="semi")
    return _deletes("cover", stands.filter(pl.col("batch_id").is_in(sorted(gone))).select("row_key"))


def _before(table: str, history: pl.DataFrame, batch: str) -> pl.DataFrame:
    """Each touched row as it stood just before the batch; a delete where there was none."""
    earlier = history.filter(pl.col("batch_id") < batch).sort("batch_id").unique("row_key", keep="last")
    created = (
        history.filter(pl.col("batch_id") == batch).join(earlier, on="row_key", how="anti").select("row_key")
    )
    return pl.concat([earlier.select(list(draft_schema(table))), _deletes(table, created)]).sort("row_key")


def _deletes(table: str, keys: pl.DataFrame) -> pl.DataFrame:
    schema = draft_schema(table)
    nothing = {
        name: pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items() if name != "row_key"
    }
    return keys.with_columns(**nothing | {"op": pl.lit("delete")}).select(list(schema))


def _refuse_touched_later(
    batches: pl.DataFrame, gone: dict[str, str], batch: str, histories: dict[str, pl.DataFrame]
) -> None:
    """A later batch and its reversal cancel out where both are later than this one; anything else stands in the way."""
    reverses = dict(batches.select("batch_id", "reverses").iter_rows())
    cancelled = {name for name in gone if name > batch} | {gone[name] for name in gone if name > batch}
    for table, rows in histories.items():
        later = rows.filter(pl.col("batch_id") > batch, ~pl.col("batch_id").is_in(sorted(cancelled)))
        if later.height:
            first = later.sort("batch_id").row(0, named=True)
            raise InputError(
                "undo_touched_later",
                batch=first["batch_id"],
                table=table,
                key=first["row_key"],
                reverses=reverses[first["batch_id"]] or "",
            )


def _refuse_broken_references(ledger: Ledger, batch: str, before: dict[str, pl.DataFrame]) -> None:
    vanishing = {
        table: _keys(rows, "delete") & set(ledger[table]["row_key"]) for table, rows in before.items()
    }
    for table, column, other in REFERENCES:
        touched = before.get(table)
        if missing := vanishing.get(other):
            kept = ledger.placed(table)
            if touched is not None:
                kept = kept.join(touched, on="row_key", how="anti")
            for row in _naming(kept, column, missing):
                raise InputError(
                    "undo_still_referred",
                    batch=row["batch_id"],
                    table=table,
                    key=row["row_key"],
                    gone=row[column],
                    undo=batch,
                )
        if touched is not None:
            after = (set(ledger[other]["row_key"]) - vanishing.get(other, set())) | _keys(
                before.get(other), "put"
            )
            once = ledger.keys_ever(other) - after
            for row in _naming(touched.filter(pl.col("op") == "put"), column, once):
                raise InputError(
                    "undo_refers_gone",
                    batch=batch,
                    table=table,
                    key=row["row_key"],
                    other=other,
                    gone=row[column],
                )


def _keys(rows: pl.DataFrame | None, op: str) -> set[str]:
    return set() if rows is None else set(rows.filter(pl.col("op") == op)["row_key"])


def _naming(rows: pl.DataFrame, column: str, keys: set[str]) -> Iterator[dict[str, str]]:
    """The rows that name one of these keys."""
    named = pl.col(column).str.replace_all("|", "¦", literal=True)
    yield from rows.filter(named.is_in(sorted(keys))).iter_rows(named=True)


def _counts(current: pl.DataFrame, rows: pl.DataFrame) -> dict[str, int]:
    puts = rows.filter(pl.col("op") == "put")
    changed = puts.join(current, on="row_key", how="semi").height
    return {
        "new": puts.height - changed,
        "changed": changed,
        "unchanged": 0,
        "deleted": rows.height - puts.height,
    }

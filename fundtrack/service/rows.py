"""The rows that something would write, by table: held to somebody's guidance funds, and as one fingerprint."""

import hashlib
from collections.abc import Iterable, Sequence

import polars as pl

from fundtrack.load.diff import TableDiff
from fundtrack.load.outcome import Result
from fundtrack.model.frames import schema
from fundtrack.service.actor import Actor
from fundtrack.service.desk import Desk
from fundtrack.service.scope import stay_within
from fundtrack.store import chain
from fundtrack.store.batches import DraftBatch

Rows = list[tuple[str, pl.DataFrame]]


def rows_of(result: Result) -> Rows:
    """The rows that a dry run would write, by table."""
    return [
        (each.table, rows)
        for item in result.files()
        for each in item.diffs
        for rows in (each.puts, each.deletes)
    ]


def drafts_rows(drafts: Iterable[DraftBatch]) -> Rows:
    """The rows that batches would write, by table."""
    return [(table, rows) for draft in drafts for table, rows in draft.puts.items()]


def keep_within(desk: Desk, actor: Actor, rows: Iterable[tuple[str, pl.DataFrame]]) -> None:
    """Hold somebody to their guidance funds; a refusal is noted.

    Raises:
        AccessError: `outside_funds`.
    """
    if actor.funds is not None:
        stay_within(desk.store.ledger(), rows, actor.funds)


def diffs_rows(diffs: Sequence[TableDiff]) -> Rows:
    """The rows that a correction would write, by table."""
    return [(each.table, each.puts) for each in diffs]


def fingerprint(rows: Iterable[tuple[str, pl.DataFrame]]) -> str:
    """SHA-256 of what would be written, wherever it stood in its file; the same change has the same one."""
    found: list[str] = []
    for table, frame in rows:
        if frame.height and table != "cover":
            marked = frame if "op" in frame.columns else frame.with_columns(pl.lit("put").alias("op"))
            found += chain.lines(table, marked.select("op", *schema(table))).to_list()
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()

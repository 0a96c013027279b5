"""What was put right and taken back: each value old → new, with the reason, who and when."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final, Literal

import polars as pl

from fundtrack.model.frames import log_schema
from fundtrack.model.rows import COLUMNS, TABLES
from fundtrack.reports.correctable import name_of, text_in
from fundtrack.store.corrected import corrections, value_of
from fundtrack.store.ledger import Ledger
from fundtrack.text.say import Lang

Event = Literal["correction", "reversal"]
Whole = Literal["added", "removed"]
_FEW: Final = 20
"""Values shown of one reversal; the rows left are counted."""


@dataclass(frozen=True)
class Change:
    """One value put right or taken back.

    Attributes:
        batch_id: the correction or reversal.
        event: which of the two.
        reverses: the batch that a reversal takes back.
        table, row_key: the row.
        row: the row as people know it.
        field: None where a whole row went or came back.
        old, new: the values as people write them, empty where there is none.
        whole: whether the reversal brought the whole row back or took it away.
        more: rows of the same reversal that are not listed, counted at its last line.
        status: of a correction: standing, replaced, removed, reversed.
        ended_by: the batch that ended a correction.
        by, at, reason: who, when (UTC), why.
    """

    batch_id: str
    event: Event
    reverses: str | None
    table: str
    row_key: str
    row: str
    field: str | None
    old: str
    new: str
    whole: Whole | None
    more: int
    status: str | None
    ended_by: str | None
    by: str
    at: datetime
    reason: str | None


def corrections_report(ledger: Ledger, lang: Lang) -> list[Change]:
    """All corrections and reversals, newest first."""
    batches = {
        row["batch_id"]: row
        for row in ledger.batches()
        .filter(pl.col("kind").is_in(["correction", "reversal"]))
        .iter_rows(named=True)
    }
    found = [*_corrected(ledger, batches, lang), *_reversed(ledger, batches, lang)]
    return sorted(found, key=lambda each: each.batch_id, reverse=True)


def _corrected(ledger: Ledger, batches: dict[str, dict[str, Any]], lang: Lang) -> Iterator[Change]:
    for each in corrections(ledger):
        said = batches[each.batch_id]
        old, new = (text_in(each.table, each.field, value, lang) for value in (each.old, each.new))
        row = name_of(ledger, each.table, each.row_key)
        yield Change(each.batch_id, "correction", None, each.table, each.row_key, row, each.field, old, new, None, 0, each.status,
                     each.ended_by, said["loaded_by"], said["loaded_at"], said["reason"])  # fmt: skip


def _reversed(ledger: Ledger, batches: dict[str, dict[str, Any]], lang: Lang) -> Iterator[Change]:
    for name, said in batches.items():
        if said["kind"] != "reversal":
            continue
        cells = (cell for table in TABLES if table != "cover" for cell in _cells(ledger, table, name))
        few = list(islice(cells, _FEW))
        left = _rows(said["counts"]) - len({(table, key) for table, key, *_ in few})
        for at, (table, key, field, was, now, whole) in enumerate(few, start=1):
            old, new = (text_in(table, field, value, lang) if field else "" for value in (was, now))
            row, more = name_of(ledger, table, key), left if at == len(few) else 0
            yield Change(name, "reversal", said["reverses"], table, key, row, field, old, new, whole, more, None, None,
                         said["loaded_by"], said["loaded_at"], said["reason"])  # fmt: skip


def _rows(counts: str) -> int:
    """How many rows a reversal wrote, its cover aside."""
    return sum(
        each[name]
        for table, each in json.loads(counts).items()
        if table != "cover"
        for name in ("new", "changed", "deleted")
    )


Cell = tuple[str, str, str | None, Any, Any, Whole | None]


def _cells(ledger: Ledger, table: str, batch: str) -> Iterator[Cell]:
    """What a reversal did to a table: values put back, rows brought back, rows taken away."""
    history = ledger.history(table, batch)
    if history.is_empty():
        return
    before = (
        history.filter(pl.col("batch_id") < batch)
        .sort("batch_id")
        .unique("row_key", keep="last", maintain_order=True)
    )
    known = {row["row_key"]: row for row in before.iter_rows(named=True) if row["op"] == "put"}
    done = history.filter(pl.col("batch_id") == batch).sort("row_key").select(list(log_schema(table)))
    for row in done.iter_rows(named=True):
        key, old = row["row_key"], known.get(row["row_key"])
        if row["op"] == "delete":
            yield table, key, None, None, None, "removed"
        elif old is None:
            yield table, key, None, None, None, "added"
        else:
            for column in COLUMNS[table]:
                was, now = value_of(table, old, column.name), value_of(table, row, column.name)
                if was != now:
                    yield table, key, column.name, was, now, None

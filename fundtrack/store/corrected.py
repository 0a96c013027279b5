"""What was corrected: every corrected cell, what it replaced and whether it still stands; derived from the ledger alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import polars as pl

from fundtrack.model.frames import days, precision_of
from fundtrack.model.rows import TABLES
from fundtrack.store.ledger import Ledger
from fundtrack.store.reversal import reversed_batches

Status = Literal["standing", "replaced", "removed", "reversed"]
_MAPPED: Final = (
    "SELECT c.batch_id, c.table_name, c.sheet, c.field FROM batch_column AS c JOIN batch AS b USING (batch_id) "
    "WHERE b.kind = 'correction' AND c.batch_id <= $1"
)


@dataclass(frozen=True)
class Correction:
    """One corrected cell.

    Attributes:
        batch_id: the correction's batch.
        table, row_key, field: the cell.
        old: the value that it replaced; a day with its precision as a pair, None where there was none.
        new: the corrected value.
        uncorrected: all values that this and earlier corrections of the cell replaced, oldest first: what senders who have
            not heard of it still say.
        status: `standing`; `replaced` by a later file's other value or by a second correction; `removed` with its row;
            `reversed`.
        ended_by: the batch that ended it; None while it stands.
    """

    batch_id: str
    table: str
    row_key: str
    field: str
    old: Any
    new: Any
    uncorrected: tuple[Any, ...]
    status: Status = "standing"
    ended_by: str | None = None


def value_of(table: str, row: Mapping[str, Any], field: str) -> Any:
    """A field of a row as corrections compare it: a day is only the same where its precision is."""
    value = row[field]
    return (value, row[precision_of(field)]) if field in days(table) and value is not None else value


def shown(value: Any) -> str:
    """A compared value as text: amounts in full, a day as precisely as it is known; empty where there is none.

    >>> shown((date(2017, 6, 30), "month")), shown(None), shown(True)
    ('2017-06', '', 'true')
    """
    if isinstance(value, tuple):
        day, precision = value
        return str(day)[: {"year": 4, "month": 7}.get(precision, 10)]
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value) if isinstance(value, (str, int, date)) else f"{value:f}"


def corrections(ledger: Ledger) -> tuple[Correction, ...]:
    """Every corrected cell that the ledger knows of, in the order of batches."""
    if ledger.edition is None:
        return ()
    mapped: dict[tuple[str, str, str], list[str]] = {}
    for batch, table, sheet, field in ledger.query(_MAPPED, [ledger.batch_id]).sort(pl.all()).iter_rows():
        mapped.setdefault((table, batch, sheet), []).append(field)
    if not mapped:
        return ()
    gone = reversed_batches(ledger.batches())
    tables = {table for table, _, _ in mapped}
    found = [
        each
        for table in TABLES
        if table in tables
        for versions in _rows(ledger.touched_by(table, "correction"))
        for each in _Walk(table, mapped, gone).through(versions)
    ]
    return tuple(sorted(found, key=lambda each: (each.batch_id, each.table, each.row_key, each.field)))


def _rows(history: pl.DataFrame) -> Iterator[list[dict[str, Any]]]:
    """Every row's versions, oldest first."""
    for part in history.sort("row_key", "batch_id").partition_by("row_key", maintain_order=True):
        yield part.to_dicts()


class _Walk:
    """The way of one row through its versions; a batch that was reversed and its reversal count as none."""

    def __init__(
        self, table: str, mapped: Mapping[tuple[str, str, str], list[str]], gone: Mapping[str, str]
    ) -> None:
        self.table = table
        self._mapped = mapped
        self._gone = gone
        self._cancelled = {*gone, *gone.values()}
        self._live: dict[str, Correction] = {}
        self._ended: list[Correction] = []

    def through(self, versions: list[dict[str, Any]]) -> list[Correction]:
        """All corrections of the row."""
        before: dict[str, Any] | None = None
        for row in versions:
            batch = row["batch_id"]
            fields = self._mapped.get((self.table, batch, row["sheet"]), [])
            if batch in self._cancelled:
                self._ended += [
                    self._made(row, before, field, "reversed", self._gone.get(batch)) for field in fields
                ]
                continue
            self._end(row, fields)
            for field in fields:
                if field in self._live:
                    self._ended.append(_ended(self._live[field], "replaced", batch))
                self._live[field] = self._made(row, before, field, "standing", None)
            before = row
        return [*self._ended, *self._live.values()]

    def _end(self, row: Mapping[str, Any], fields: list[str]) -> None:
        """End what this version ends: by another value, or by taking the row away."""
        for field, each in list(self._live.items()):
            removed = row["op"] == "delete"
            if removed or (field not in fields and value_of(self.table, row, field) != each.new):
                status: Status = "removed" if removed else "replaced"
                self._ended.append(_ended(self._live.pop(field), status, row["batch_id"]))

    def _made(
        self,
        row: Mapping[str, Any],
        before: Mapping[str, Any] | None,
        field: str,
        status: Status,
        by: str | None,
    ) -> Correction:
        old = None if before is None else value_of(self.table, before, field)
        new = value_of(self.table, row, field)
        earlier = self._live[field].uncorrected if field in self._live else ()
        said = tuple(value for value in dict.fromkeys((*earlier, old)) if value != new)
        return Correction(row["batch_id"], self.table, row["row_key"], field, old, new, said, status, by)


def _ended(each: Correction, status: Status, by: str) -> Correction:
    return Correction(
        each.batch_id, each.table, each.row_key, each.field, each.old, each.new, each.uncorrected, status, by
    )

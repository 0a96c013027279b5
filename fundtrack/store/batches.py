"""What goes into the ledger in one go: a batch with its rows, and where they came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Literal

import polars as pl

from fundtrack.model import frames
from fundtrack.money import RATE

BatchKind = Literal["load", "seed", "reversal", "correction"]

COLUMNS_SCHEMA: Final[dict[str, pl.DataType]] = {
    "table_name": pl.String(), "sheet": pl.String(), "field": pl.String(), "column_letter": pl.String(),
    "header": pl.String(), "unit_factor": RATE,
}  # fmt: skip
"""A batch's map from fields to the columns of its file."""


@dataclass(frozen=True)
class BatchMeta:
    """What a batch says of itself; all of it stands in its archive's header.

    Attributes:
        file_name: name of the file as given.
        file_sha256: of the file's bytes; the name under which the source is archived.
        sender: 报送单位 of the cover, None where there is none.
        kind: a manager's load, seeds, a reversal or a correction.
        loaded_by: who loaded it.
        loaded_at: when, in UTC, to the second.
        program_version: of fundtrack.
        reviewer, reason: who looked over it, and why it was made.
        reverses: the batch that a reversal reverses.
        profile: text of the saved matching of columns.
        cover: the cover's fields as text; `as_of` in ISO 8601.
        counts: rows new, changed and unchanged by table.
        complete: tables of which the sender says that the file is all there is.
    """

    file_name: str
    file_sha256: str
    sender: str | None
    kind: BatchKind
    loaded_by: str
    loaded_at: datetime
    program_version: str
    reviewer: str | None = None
    reason: str | None = None
    reverses: str | None = None
    profile: str | None = None
    cover: dict[str, str] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    complete: tuple[str, ...] = ()

    @property
    def as_of(self) -> date | None:
        """The cover's as-of date; None where the batch has no cover."""
        written = self.cover.get("as_of")
        return date.fromisoformat(written) if written else None


@dataclass(frozen=True)
class DraftBatch:
    """A batch that is checked and ready to publish.

    Attributes:
        meta: what it says of itself.
        puts: rows by table in canonical order, `draft_schema(table)`; `op` is `put` or `delete`.
        columns: where each field stood in the file, `COLUMNS_SCHEMA`.
        source: the file, archived as it came.
    """

    meta: BatchMeta
    puts: Mapping[str, pl.DataFrame]
    columns: pl.DataFrame
    source: Path | bytes


@dataclass(frozen=True)
class Published:
    """What a publish made."""

    edition: int
    batch_ids: tuple[str, ...]


def batch_id(number: int) -> str:
    """The name of the n-th batch, from 1; the order of names is the order of batches.

    >>> batch_id(1), batch_id(42)
    ('B000001', 'B000042')
    """
    return f"B{number:06d}"


def batch_number(name: str) -> int:
    """The reverse of `batch_id`; 0 for no batch.

    >>> batch_number("B000042"), batch_number("")
    (42, 0)
    """
    return int(name.removeprefix("B") or 0)


def draft_schema(table: str) -> dict[str, pl.DataType]:
    """Columns of a draft's rows: those of the log, without the batch that has no name yet.

    >>> list(draft_schema("valuation"))[-3:]
    ['op', 'sheet', 'row_number']
    """
    return {name: dtype for name, dtype in frames.log_schema(table).items() if name != "batch_id"}


def no_columns() -> pl.DataFrame:
    """The map of a batch that came from no spreadsheet."""
    return pl.DataFrame(schema=COLUMNS_SCHEMA)


def in_utc(moment: datetime) -> datetime:
    """A moment as the ledger keeps it: UTC, to the second, without zone; one without zone is taken as UTC.

    >>> in_utc(datetime.fromisoformat("2017-10-01T08:00:00.5+08:00"))
    datetime.datetime(2017, 10, 1, 0, 0)
    """
    moment = moment.astimezone(UTC) if moment.tzinfo else moment
    return moment.replace(tzinfo=None, microsecond=0)


def checked(draft: DraftBatch) -> DraftBatch:
    """The draft, where its frames have the columns and keys that the ledger relies on.

    Raises:
        ValueError: where a frame has other columns, an unknown op, or one key twice: our own mistake, never a sender's.
    """
    for table, frame in draft.puts.items():
        expected = draft_schema(table)
        if wrong := sorted(set(frame.schema.items()) ^ set(expected.items()), key=str):
            raise ValueError(f"{table}: columns differ: {wrong}")
        if frame["row_key"].n_unique() != frame.height or frame["row_key"].null_count():
            raise ValueError(f"{table}: a row key stands twice or is missing")
        if not frame["op"].is_in(["put", "delete"]).fill_null(value=False).all():
            raise ValueError(f"{table}: op is neither put nor delete")
    if wrong := sorted(set(draft.columns.schema.items()) ^ set(COLUMNS_SCHEMA.items()), key=str):
        raise ValueError(f"columns differ: {wrong}")
    return draft

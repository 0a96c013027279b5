"""What a lake holds: a Delta table per table of the ledger and of the results, and `push`, which says what counts."""

import re
from typing import Final

import polars as pl

from fundtrack.errors import UsageError
from fundtrack.metrics import funds_at, participations_at
from fundtrack.metrics.progress import PROGRESS
from fundtrack.metrics.rules.finding import EVIDENCE, FINDING
from fundtrack.metrics.rules.stored import SEEN
from fundtrack.metrics.stored import FUND_METRIC
from fundtrack.model import frames
from fundtrack.model.rows import TABLES

LAYOUT: Final = 1
"""Raised where an older program would read a lake wrongly. A new table or column does not: what lacks is unknown."""

PARTITION: Final = "jurisdiction"
"""The column by which every table is partitioned: a city's code of GB/T 2260."""
PUSH: Final = "push"
"""The table that is written last: what a city's newest complete push consists of."""

PROVENANCE: Final[dict[str, pl.DataType]] = {"edition": pl.Int32(), "edition_hash": pl.String()}
"""What every row of every table says beside its own columns: of which edition it is, by number and head hash."""
PLACES: Final[dict[str, pl.DataType]] = {
    "batch_id": pl.String(), "sheet": pl.String(), "row_number": pl.Int64(),
}  # fmt: skip
"""What a row of the ledger says of where it came from."""
BATCH: Final[dict[str, pl.DataType]] = {
    "batch_id": pl.String(), "batch_edition": pl.Int32(), "file_name": pl.String(), "file_sha256": pl.String(),
    "sender": pl.String(), "as_of": pl.Date(), "kind": pl.String(), "loaded_at": pl.Datetime("us", "UTC"),
    "program_version": pl.String(), "hash": pl.String(),
}  # fmt: skip
"""The batches behind the rows; who loaded them stays in the city."""
RESULTS: Final[dict[str, dict[str, pl.DataType]]] = {
    "progress": PROGRESS,
    "partner_fund_summary": funds_at.SUMMARY,
    "participation_summary": participations_at.SUMMARY,
    "fund_metric": FUND_METRIC,
    "finding": FINDING,
    "finding_evidence": EVIDENCE,
    "finding_seen": SEEN,
}
"""What the city's edition states of its default date, so that any tool reads what the city's officials see."""
CONTENT: Final[dict[str, dict[str, pl.DataType]]] = {
    **{table: frames.schema(table) | PLACES for table in TABLES}, "batch": BATCH, **RESULTS,
}  # fmt: skip
"""Every table but `push`, with its own columns."""
PUSHES: Final[dict[str, pl.DataType]] = {
    "table_name": pl.String(), "version": pl.Int64(), "rows": pl.Int64(), "name": pl.String(), "as_of": pl.Date(),
    "layout": pl.Int32(), "program_version": pl.String(), "pushed_at": pl.Datetime("us", "UTC"),
}  # fmt: skip
"""A row of `push` for each table: at which version of it the city's rows stand, how many, and whose they are."""

_CODE: Final = re.compile(r"[1-9][0-9]{5}")


def columns(table: str) -> dict[str, pl.DataType]:
    """Every column of a table of the lake, the partition first."""
    own = PUSHES if table == PUSH else CONTENT[table]
    return {PARTITION: pl.String()} | PROVENANCE | own


def a_jurisdiction(text: str) -> str:
    """A code of GB/T 2260, six digits.

    Raises:
        UsageError: it is none.
    """
    if not _CODE.fullmatch(text):
        raise UsageError("not_a_jurisdiction", value=text)
    return text

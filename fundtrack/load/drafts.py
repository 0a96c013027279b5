"""A checked file as the batch that it will be."""

from datetime import UTC, datetime

import polars as pl

from fundtrack import __version__
from fundtrack.load.checked import Checked
from fundtrack.load.diff import TableDiff
from fundtrack.store.batches import BatchMeta, DraftBatch


def draft_batch(item: Checked, by: str, reason: str | None, reviewer: str | None = None) -> DraftBatch:
    """A checked file as the batch that it will be."""
    cover = {name: str(value) for name, value in item.file.cover.values.items()}
    profile = item.file.profile
    meta = BatchMeta(
        file_name=item.file.name, file_sha256=item.file.sha256, sender=item.file.cover.sender or None,
        kind="seed" if item.file.kind == "seed" else "load", loaded_by=by, loaded_at=datetime.now(UTC).replace(microsecond=0), reviewer=reviewer,
        reason=reason, reverses=None, program_version=__version__, profile=profile.text if profile else None, cover=cover, counts=item.counts(),
        complete=tuple(sorted(each.table for each in item.diffs if each.removes)),
    )  # fmt: skip
    puts = {each.table: _written(each) for each in item.diffs if each.puts.height or each.removed}
    return DraftBatch(meta, puts, item.column_map(), item.file.path)


def _written(each: TableDiff) -> pl.DataFrame:
    puts = each.puts.with_columns(pl.lit("put").alias("op"))
    return pl.concat([puts, each.deletes.select(puts.columns)]) if each.removed else puts

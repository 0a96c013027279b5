"""The receipt of what was published: for whom, from which file, which rows, which sums, which ids were given."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl

from fundtrack.model.frames import find_column
from fundtrack.model.rows import COLUMNS, TABLES
from fundtrack.reports.sheets import Page
from fundtrack.store.ledger import Ledger
from fundtrack.text.say import Lang, say


@dataclass(frozen=True)
class Total:
    """The sum of a money column over the rows that a batch wrote, in one currency.

    Attributes:
        table: of the data dictionary.
        field: its first money column, the one that control totals sum.
        currency: of the sum; None where the rows name none.
        rows: how many rows hold an amount.
        amount: in units of the currency.
    """

    table: str
    field: str
    currency: str | None
    rows: int
    amount: Decimal


@dataclass(frozen=True)
class BatchReceipt:
    """What one file brought.

    Attributes:
        batch_id: the batch.
        hash: its hash in the chain.
        sender: as on the cover.
        file: its name.
        sha256: of its bytes.
        by: who loaded it.
        at: when, in UTC.
        reason: why, where somebody said so.
        counts: rows new, changed and unchanged by table.
        totals: sums of the rows written.
    """

    batch_id: str
    hash: str
    sender: str | None
    file: str
    sha256: str
    by: str
    at: datetime
    reason: str | None
    counts: Mapping[str, Mapping[str, int]]
    totals: tuple[Total, ...]


@dataclass(frozen=True)
class Receipt:
    """What was published in one go.

    Attributes:
        edition: the edition that it made.
        batches: by file.
        minted: ids given, by table, each with the name it was given to.
    """

    edition: int
    batches: tuple[BatchReceipt, ...]
    minted: Mapping[str, tuple[tuple[str, str | None], ...]]

    def pages(self, lang: Lang) -> list[Page]:
        """The receipt as tables in a language."""
        first = self.batches[0]
        words = {"edition": self.edition, "by": first.by, "at": f"{first.at:%Y-%m-%d %H:%M} UTC"}
        return [
            Page(
                say("receipt.batches", lang),
                _heads("batch", "sender", "file", "sha256", "hash", "by", "at", "reason", lang=lang),
                [(each.batch_id, each.sender, each.file, each.sha256, each.hash, each.by, f"{each.at:%Y-%m-%d %H:%M:%S} UTC", each.reason)
                 for each in self.batches],
                (say("receipt.title", lang, **words),),
            ),
            Page(
                say("receipt.rows", lang),
                _heads("batch", "table", "new", "changed", "unchanged", "deleted", lang=lang),
                [(each.batch_id, _title(table, lang), *(counts.get(name, 0) for name in ("new", "changed", "unchanged", "deleted")))
                 for each in self.batches for table, counts in each.counts.items()],
            ),
            Page(
                say("receipt.totals", lang),
                _heads("batch", "table", "field", "currency", "count", "amount", lang=lang),
                [(each.batch_id, _title(sums.table, lang), str(getattr(find_column(sums.table, sums.field), lang)), sums.currency, sums.rows, sums.amount)
                 for each in self.batches for sums in each.totals],
                (say("receipt.totals_help", lang),),
            ),
            Page(
                say("receipt.minted", lang),
                _heads("table", "id", "name", lang=lang),
                [(_title(table, lang), each, name) for table, ids in self.minted.items() for each, name in ids],
            ),
        ]  # fmt: skip


def _heads(*names: str, lang: Lang) -> tuple[str, ...]:
    return tuple(say(f"receipt.head_{name}", lang) for name in names)


def _title(table: str, lang: Lang) -> str:
    return str(getattr(TABLES[table].info, lang))


def receipt(
    ledger: Ledger, batch_ids: Sequence[str], minted: Mapping[str, Sequence[str]] | None = None
) -> Receipt:
    """The receipt of batches, read back from the edition that they made rather than from what was meant to be written.

    Args:
        ledger: the edition.
        batch_ids: the batches, of which there is at least one.
        minted: ids given, by table.
    """
    wanted = list(batch_ids)
    rows = ledger.batches().filter(pl.col("batch_id").is_in(wanted)).to_dicts()
    edition = max(int(row["edition"]) for row in rows)
    given = {table: tuple(_named(ledger, table, ids)) for table, ids in (minted or {}).items()}
    return Receipt(
        edition, tuple(_batch(row, _totals(ledger, row["batch_id"], _tables(row))) for row in rows), given
    )


def _tables(row: Mapping[str, Any]) -> list[str]:
    counts = json.loads(row["counts"] or "{}")
    return [table for table in TABLES if table in counts]


def _batch(row: Mapping[str, Any], totals: Sequence[Total]) -> BatchReceipt:
    counts = json.loads(row["counts"] or "{}")
    return BatchReceipt(
        row["batch_id"], row["hash"], row["sender"], row["file_name"], row["file_sha256"], row["loaded_by"], row["loaded_at"],
        row["reason"], {table: counts[table] for table in TABLES if table in counts}, tuple(totals),
    )  # fmt: skip


def _totals(ledger: Ledger, batch: str, tables: Sequence[str]) -> list[Total]:
    found = []
    for table in tables:
        field = next((column.name for column in COLUMNS[table] if column.kind == "money"), None)
        if field is None:
            continue
        written = ledger.log(table).filter(
            (pl.col("batch_id") == batch) & (pl.col("op") == "put") & pl.col(field).is_not_null()
        )
        currency = (
            pl.col("currency")
            if "currency" in written.columns
            else pl.lit(None, dtype=pl.String).alias("currency")
        )
        sums = (
            written.group_by(currency)
            .agg(rows=pl.len(), amount=pl.col(field).cast(pl.Decimal(38, 2)).sum())
            .sort("currency")
        )
        found += [
            Total(table, field, row["currency"], row["rows"], row["amount"])
            for row in sums.iter_rows(named=True)
        ]
    return found


def _named(ledger: Ledger, table: str, ids: Sequence[str]) -> list[tuple[str, str | None]]:
    rows = ledger[table]
    key = next(column.name for column in COLUMNS[table] if column.key)
    names = dict(rows.select(key, "name").iter_rows()) if "name" in rows.columns else {}
    return [(each, names.get(each)) for each in ids]

"""Whose row it is: the sender of the newest file that put it; reversals and corrections make no row another's."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from fundtrack.model.fields import name_key
from fundtrack.store.ledger import Ledger
from fundtrack.store.reversal import reversed_batches

_SCHEMA: Final = {"row_key": pl.String, "owner": pl.String}


class Owners:
    """The owners of rows as known in a ledger, and over them those of files already accepted."""

    def __init__(self, ledger: Ledger | None = None, own: Mapping[str, pl.DataFrame] | None = None) -> None:
        self._ledger = ledger
        self._own = dict(own or {})
        self._known: dict[str, pl.DataFrame] = {}
        self._senders: pl.DataFrame | None = None

    def keys(self, table: str, sender: str) -> pl.DataFrame:
        """The keys of the rows that a sender put last: `row_key`; some of them may have been deleted since.

        Args:
            table: of the data dictionary.
            sender: as on the cover, in any spelling.
        """
        rows = self._of(table)
        if table in self._own:
            rows = pl.concat([rows.join(self._own[table], on="row_key", how="anti"), self._own[table]])
        return rows.filter(pl.col("owner") == name_key(sender)).select("row_key")

    def put(self, table: str, keys: pl.DataFrame, sender: str) -> None:
        """Note that a sender has put rows just now."""
        now = keys.select("row_key", pl.lit(name_key(sender)).alias("owner"))
        before = self._own.get(table, pl.DataFrame(schema=_SCHEMA))
        self._own[table] = pl.concat([before.join(now, on="row_key", how="anti"), now])

    def _of(self, table: str) -> pl.DataFrame:
        if self._ledger is None:
            return pl.DataFrame(schema=_SCHEMA)
        if self._senders is None:
            batches = self._ledger.batches()
            counting = batches.filter(
                pl.col("kind").is_in(["load", "seed"])
                & ~pl.col("batch_id").is_in(list(reversed_batches(batches)))
            )
            keys = [name_key(name) if name else None for name in counting["sender"]]
            self._senders = counting.select("batch_id", pl.Series("owner", keys, dtype=pl.String))
        if table not in self._known:
            puts = self._ledger.writers(table).join(
                self._senders, on="batch_id", how="inner", maintain_order="left"
            )
            self._known[table] = puts.unique("row_key", keep="last", maintain_order=True).select(
                "row_key", "owner"
            )
        return self._known[table]

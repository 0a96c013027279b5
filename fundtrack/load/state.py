"""What is known while files are being checked: the ledger's rows, and over them those of files already accepted."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Protocol

import polars as pl

from fundtrack.model.frames import empty, schema
from fundtrack.store.corrected import Correction, corrections, value_of
from fundtrack.store.ledger import Ledger

Corrected = dict[str, dict[str, tuple[Correction, ...]]]
"""Corrections that stand, or stood until their rows were removed, by table and row key."""


class Tables(Protocol):
    """Anything that gives a table's current rows by name."""

    def __getitem__(self, table: str, /) -> pl.DataFrame: ...


class State:
    """Current rows by table; `put` gives a new state and leaves this one as it was."""

    def __init__(
        self,
        base: Tables | None = None,
        own: Mapping[str, pl.DataFrame] | None = None,
        corrected: Callable[[], Corrected] | None = None,
    ) -> None:
        self._base = base
        self._own = dict(own or {})
        self._corrected = corrected or cache(lambda: _ended_at_most_with_their_rows(base))

    def __getitem__(self, table: str) -> pl.DataFrame:
        if table in self._own:
            return self._own[table]
        if self._base is None:
            return empty(table)
        found, wanted = self._base[table], list(schema(table))
        return found if found.columns == wanted else found.select(wanted)

    def put(self, table: str, rows: pl.DataFrame) -> "State":
        """The state with these rows in place of those of the same keys."""
        wanted = rows.select(list(schema(table)))
        kept = self[table].join(wanted, on="row_key", how="anti")
        return State(self._base, {**self._own, table: pl.concat([kept, wanted])}, self._corrected)

    def drop(self, table: str, keys: pl.DataFrame) -> "State":
        """The state without the rows of these keys (`row_key`)."""
        kept = self[table].join(keys, on="row_key", how="anti")
        return State(self._base, {**self._own, table: kept}, self._corrected)

    def corrected(self, table: str) -> dict[str, tuple[Correction, ...]]:
        """The corrections that stand in a table, by row key; one that a file of this load has replaced does not."""
        found = self._corrected().get(table)
        if not found:
            return {}
        rows = self[table].filter(pl.col("row_key").is_in(list(found))).to_dicts()
        now = {row["row_key"]: row for row in rows}
        standing = {
            key: tuple(
                each
                for each in own
                if each.status == "standing" and value_of(table, now[key], each.field) == each.new
            )
            for key, own in found.items()
            if key in now
        }
        return {key: own for key, own in standing.items() if own}

    def lapsed(self, table: str) -> dict[str, tuple[Correction, ...]]:
        """The corrections that went with their rows, by row key, as far as the rows are not back."""
        found = self._corrected().get(table)
        if not found:
            return {}
        back = set(self[table].filter(pl.col("row_key").is_in(list(found)))["row_key"])
        removed = {key: tuple(each for each in own if each.status == "removed") for key, own in found.items()}
        return {key: own for key, own in removed.items() if own and key not in back}


def _ended_at_most_with_their_rows(base: Tables | None) -> Corrected:
    found: Corrected = {}
    for each in corrections(base) if isinstance(base, Ledger) else ():
        if each.status in {"standing", "removed"}:
            own = found.setdefault(each.table, {})
            own[each.row_key] = (*own.get(each.row_key, ()), each)
    return found

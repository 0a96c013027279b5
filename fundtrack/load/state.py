"""What is known while files are being checked: the ledger's rows, and over them those of files already accepted."""

from collections.abc import Mapping
from typing import Protocol

import polars as pl

from fundtrack.model.frames import empty, schema


class Tables(Protocol):
    """Anything that gives a table's current rows by name."""

    def __getitem__(self, table: str, /) -> pl.DataFrame: ...


class State:
    """Current rows by table; `put` gives a new state and leaves this one as it was."""

    def __init__(self, base: Tables | None = None, own: Mapping[str, pl.DataFrame] | None = None) -> None:
        self._base = base
        self._own = dict(own or {})

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
        return State(self._base, {**self._own, table: pl.concat([kept, wanted])})

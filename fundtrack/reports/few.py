"""Few columns of few tables: what a report of a large ledger reads."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import polars as pl

from fundtrack.model import frames
from fundtrack.store.ledger import Ledger


def few(tables: Any, wanted: Mapping[str, Sequence[str]]) -> Mapping[str, pl.DataFrame]:
    """Some columns of some tables, in no order; of a ledger, nothing else is read.

    Args:
        tables: a ledger, or tables already read.
        wanted: by table, the columns.
    """
    if isinstance(tables, Ledger):
        return tables.only(wanted)
    return {table: tables[table].select(names) for table, names in wanted.items()}


class Without(Mapping[str, pl.DataFrame]):
    """The tables of a ledger by key, the largest without columns that a report does not need; each is read when first asked for."""

    def __init__(self, ledger: Ledger, unread: Mapping[str, Sequence[str]]) -> None:
        self._ledger = ledger
        self._unread = unread
        self._read: dict[str, pl.DataFrame] = {}

    def __getitem__(self, table: str) -> pl.DataFrame:
        """Read the rows of a table."""
        if table not in self._unread:
            return self._ledger[table]
        if table not in self._read:
            names = [name for name in frames.schema(table) if name not in self._unread[table]]
            self._read[table] = self._ledger.ordered(table, names)
        return self._read[table]

    def __iter__(self) -> Iterator[str]:
        """List the tables."""
        return iter(self._ledger)

    def __len__(self) -> int:
        """Count them."""
        return len(self._ledger)


def without(tables: Any, unread: Mapping[str, Sequence[str]]) -> Mapping[str, pl.DataFrame]:
    """All tables, of a ledger without some columns; what is no ledger has been read already."""
    return Without(tables, unread) if isinstance(tables, Ledger) else tables


def asked_at_once(tables: Any) -> AbstractContextManager[Any]:
    """Ask a ledger by one connection while this lasts."""
    return tables.held() if isinstance(tables, Ledger) else nullcontext()

"""Few columns of few tables: what a report of a large ledger reads."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

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

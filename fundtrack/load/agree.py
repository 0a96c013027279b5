"""Two engines, one number: publishing refuses where Polars and SQL differ."""

from collections.abc import Mapping
from typing import Final

import duckdb
import polars as pl

from fundtrack.errors import IntegrityError, Problem
from fundtrack.metrics.compare import Difference, compare
from fundtrack.metrics.progress import progress
from fundtrack.store.ledger import Ledger

_SHOWN: Final = 3


def differences(ledger: Ledger, con: duckdb.DuckDBPyConnection) -> list[tuple[str, Difference]]:
    """Each value on which the engines disagree, with the view it stands in."""
    as_of = ledger.default_as_of
    if as_of is None:
        return []
    theirs = con.sql("SELECT * FROM progress").pl()
    return [("progress", item) for item in compare(progress(ledger, as_of), theirs)]


def agree(ledger: Ledger, con: duckdb.DuckDBPyConnection) -> Mapping[str, pl.DataFrame]:
    """Compare both engines on a draft edition, and give what the edition keeps of the computed results.

    Raises:
        IntegrityError: where they differ, with the first differences of both sides.
    """
    found = differences(ledger, con)
    if found:
        raise IntegrityError("engines_differ", words="; ".join(_words(view, item) for view, item in found[:_SHOWN]))
    return {}


def recheck(ledger: Ledger, con: duckdb.DuckDBPyConnection) -> list[Problem]:
    """The same on an edition that stands, as problems."""
    return [
        Problem("engines_differ", value=str(item.sql), about={"words": _words(view, item)}) for view, item in differences(ledger, con)
    ]


def _words(view: str, item: Difference) -> str:
    return f"{view} {item.key} {item.field}: Polars {item.polars}, SQL {item.sql}"

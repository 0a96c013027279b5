"""What an edition holds besides its ledger: views, results and comments, made anew by every publish and every rebuild."""

from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import polars as pl

from fundtrack.store import definitions, migrate
from fundtrack.store.ledger import Ledger, borrowed
from fundtrack.store.results import PROVEN, remember_seen, results_digests, store_results

Check = Callable[[Ledger, duckdb.DuckDBPyConnection], Mapping[str, pl.DataFrame]]
"""Computes what officials see from the draft's ledger, compares it with the SQL views, and gives the tables to store."""


def compute(
    con: duckdb.DuckDBPyConnection, edition: int, last_batch: str, check: Check | None
) -> dict[str, Any]:
    """Make views, results and comments of a draft whose batches are appended.

    Returns:
        Digests of them as the chain holds them: `views` of all texts, `results` by table, `comments` of all comments.

    Raises:
        IntegrityError: `view_failed`; or what `check` raises.
    """
    found = definitions.all_definitions()
    remember_seen(con)
    views = definitions.rebuild(con, found)
    results = check(Ledger(lambda: borrowed(con), edition, last_batch), con) if check else {}
    store_results(con, results)
    definitions.comment(con, (*migrate.table_words(), *found))
    return {
        "views": views,
        "results": results_digests(con, PROVEN),
        "comments": definitions.comments_digest(con),
    }

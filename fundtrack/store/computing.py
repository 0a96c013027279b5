"""What an edition holds besides its ledger: views, results and comments, made anew by every publish and every rebuild."""

from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from typing import Any

import duckdb

from fundtrack.store import definitions, migrate
from fundtrack.store.ledger import Ledger, borrowed
from fundtrack.store.results import Results, remember_seen, store_results

Check = Callable[[Ledger, duckdb.DuckDBPyConnection], Iterable[Results]]
"""Computes what officials see from the draft's ledger, compares it with the SQL views, and gives the tables to store.

It may give them in parts, which are stored while it is at work on the next; nothing of a draft stands before all of it does.
"""


def make_views(con: duckdb.DuckDBPyConnection) -> str:
    """Make the views and comments of a draft, whether its batches are appended or not, and give the digest of all texts.

    Raises:
        IntegrityError: `view_failed`.
    """
    found = definitions.all_definitions()
    con.execute(
        "SET threads TO 1"
    )  # thousands of statements, none with work for two: handing each over takes as long as it
    remember_seen(con)
    views = definitions.rebuild(con, found)
    definitions.comment(con, (*migrate.table_words(), *found))
    con.execute("RESET threads")
    return views


def compute(
    con: duckdb.DuckDBPyConnection, edition: int, last_batch: str, views: str, check: Check | None
) -> dict[str, Any]:
    """Make the results of a draft whose views are made and whose batches are appended.

    Args:
        con: the draft.
        edition: its number.
        last_batch: the last of its batches.
        views: what `make_views` gave.
        check: computes the results.

    Returns:
        Digests as the chain holds them: `views` of all texts, `results` by table, `comments` of all comments.

    Raises:
        IntegrityError: what `check` raises.
    """
    words: list[str] = []

    def parts() -> Generator[Results, None, None]:
        for part in check(Ledger(lambda: borrowed(con), edition, last_batch), con) if check else ():
            yield part
            if not words:  # results bring no comments, so this need not wait for the last of them
                words.append(definitions.comments_digest(con))

    with closing(parts()) as made:
        results = store_results(con, made)
    return {
        "views": views,
        "results": results,
        "comments": words[0] if words else definitions.comments_digest(con),
    }

"""Answers held while both engines are compared: what many views stand on is asked once, not planned and read again within each.

A temporary macro of the same name stands before the one that was answered. It gives that answer whatever it is asked, so only
macros are held that every compared view asks for the same day and the same batch (a test reads the files for that).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import Final

import duckdb

from fundtrack.model.rows import TABLES

SHARED: Final = (
    "folded_text", "house", "fund_entity", "fund_manager", "participation_span", "investor_change", "fund_opening",
)  # fmt: skip
"""Macros of a batch that others stand on, in order, without `_at`."""
SUMMARIES: Final = (
    "partner_fund_summary", "participation_summary", "fund_ratio", "guidance_stake", "investment_holding",
)  # fmt: skip
"""Views that others stand on by their macros of a day and a batch, in order."""
DAYS: Final = ("rule_limit", "stake_held", "fund_live", "report_ended")
"""Macros of a day and a batch that others stand on and that have no view of their own, in order, without `_at`."""


@contextmanager
def held_tables(con: duckdb.DuckDBPyConnection, batch: str) -> Iterator[None]:
    """Read the current rows of every table once; `x_at(batch)` answers from them for as long as this lasts."""
    with _held(con) as hold:
        for table in TABLES:
            hold(table, "batch", f"{table}_at($1)", [batch])
        yield


@contextmanager
def held_answers(con: duckdb.DuckDBPyConnection, as_of: date, batch: str) -> Iterator[None]:
    """Answer what the compared views share once, as of the default day, which is the one given."""
    with _held(con) as hold:
        for name in SHARED:
            hold(name, "batch", f"{name}_at($1)", [batch])
        for view in SUMMARIES:
            hold(view, "as_of, batch", view)
        for name in DAYS:
            hold(name, "as_of, batch", f"{name}_at($1, $2)", [as_of, batch])
        yield


class _Holding:
    """What stands in the way of macros, to be taken away in the reverse order."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.done: list[str] = []

    def __call__(self, name: str, takes: str, source: str, given: Sequence[str | date] = ()) -> None:
        """Keep what a source answers, and let the macro `name_at` give it."""
        self.con.execute(f"CREATE TEMP TABLE held_{name} AS SELECT * FROM {source}", list(given))  # noqa: S608
        self.done.append(f"TABLE temp.held_{name}")
        self.con.execute(f"CREATE TEMP MACRO {name}_at({takes}) AS TABLE SELECT * FROM temp.held_{name}")  # noqa: S608
        self.done.append(f"MACRO TABLE temp.{name}_at")

    def clear(self) -> None:
        """Take all of it away."""
        for what in reversed(self.done):
            self.con.execute(f"DROP {what}")


@contextmanager
def _held(con: duckdb.DuckDBPyConnection) -> Iterator[_Holding]:
    holding = _Holding(con)
    try:
        yield holding
    except BaseException:
        with suppress(duckdb.Error):  # a transaction that has failed takes it away itself
            holding.clear()
        raise
    holding.clear()

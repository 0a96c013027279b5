"""Two engines, one number: publishing refuses where Polars and SQL differ, and keeps what only Polars computes."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl

from fundtrack.errors import IntegrityError, Problem
from fundtrack.metrics import funds_at, participations_at
from fundtrack.metrics.compare import Difference, compare
from fundtrack.metrics.kept import kept_tables
from fundtrack.metrics.once import Once
from fundtrack.metrics.progress import progress
from fundtrack.metrics.rules.stored import stored_findings
from fundtrack.metrics.rules.twin import FINDING_TWIN
from fundtrack.metrics.stored import fund_metric, metric_history
from fundtrack.metrics.twins import TWINS
from fundtrack.store.held import held_answers, held_tables
from fundtrack.store.ledger import Ledger
from fundtrack.store.results import seen_before

if TYPE_CHECKING:
    import duckdb  # at home in the store; here only the type of the connection it hands over

_TWINS: Final = TWINS | FINDING_TWIN
Stated = tuple[pl.DataFrame, tuple[str, ...]]
_SHOWN: Final = 3


def differences(
    ledger: Ledger, con: "duckdb.DuckDBPyConnection", stakes: pl.DataFrame, tables: Once
) -> list[tuple[str, Difference]]:
    """Each value on which the engines disagree, with the view it stands in."""
    as_of = ledger.default_as_of
    with held_tables(con, ledger.batch_id):
        return _compared(_ours(tables, stakes, as_of), _theirs(con, as_of, ledger.batch_id))


def _all_read(ledger: Ledger) -> Once:
    """The tables, each read already, so that the connection is free."""
    for table in ledger:
        ledger[table]
    return Once(ledger)


def _ours(tables: Once, stakes: pl.DataFrame, as_of: date | None) -> dict[str, Stated]:
    """What Polars states, by view, with the key of its rows."""
    return _standing(tables, stakes, as_of) | _examined(tables, as_of)


def _standing(tables: Once, stakes: pl.DataFrame, as_of: date | None) -> dict[str, Stated]:
    """The part of it that is no rule."""
    if as_of is None:
        return {}
    return {
        "progress": (progress(tables, as_of), ()),
        "partner_fund_summary": (funds_at.funds_at(tables, as_of), ()),
        "participation_summary": (stakes.select(list(participations_at.SUMMARY)), ()),
        **{view: (twin(tables, as_of), key) for view, (twin, key) in TWINS.items()},
    }


def _examined(tables: Once, as_of: date | None) -> dict[str, Stated]:
    """What the rules state."""
    if as_of is None:
        return {}
    return {view: (twin(tables, as_of), key) for view, (twin, key) in FINDING_TWIN.items()}


def _theirs(con: "duckdb.DuckDBPyConnection", as_of: date | None, batch: str) -> dict[str, pl.DataFrame]:
    """What SQL states, by view; the tables are held already."""
    if as_of is None:
        return {}
    views = ("progress", "partner_fund_summary", "participation_summary", *_TWINS)
    with held_answers(con, as_of, batch):
        return {view: con.sql(f"SELECT * FROM {view}").pl() for view in views}  # noqa: S608


def _compared(ours: dict[str, Stated], theirs: dict[str, pl.DataFrame]) -> list[tuple[str, Difference]]:
    return [(view, item) for view, (frame, key) in ours.items() for item in compare(frame, theirs[view], key)]


def _stakes(ledger: Ledger, tables: Once) -> pl.DataFrame:
    as_of = ledger.default_as_of
    return participations_at.participations_at(tables, as_of) if as_of else pl.DataFrame()


def agree(ledger: Ledger, con: "duckdb.DuckDBPyConnection") -> Iterator[Mapping[str, pl.DataFrame]]:
    """Compare both engines on a draft edition, and give what the edition keeps of the computed results: figures, then findings.

    Raises:
        IntegrityError: where they differ, with the first differences of both sides.
    """
    with held_tables(con, ledger.batch_id), ThreadPoolExecutor(2) as beside:
        tables = _all_read(ledger)
        as_of, before = ledger.default_as_of, seen_before(con)
        theirs = beside.submit(_theirs, con, as_of, ledger.batch_id)  # SQL answers while Polars computes
        stakes = _stakes(ledger, tables)
        ours = _standing(tables, stakes, as_of)
        # What the rules stand on is known by now; the most of their work needs no interpreter, and so none of its time.
        rules = beside.submit(_examined, tables, as_of)
        kept = {
            "fund_metric": fund_metric(tables, stakes, as_of),
            "metric_history": metric_history(tables, as_of),
            **kept_tables(tables, as_of),
        }
        _refuse(_compared(ours, theirs.result()))
        yield kept  # stored while the rules are still at work
        _refuse(_compared(rules.result(), theirs.result()))
        yield stored_findings(tables, as_of, before, ledger.edition or 0)


def _refuse(found: Sequence[tuple[str, Difference]]) -> None:
    if found:
        raise IntegrityError(
            "engines_differ", words="; ".join(_words(view, item) for view, item in found[:_SHOWN])
        )


def recheck(ledger: Ledger, con: "duckdb.DuckDBPyConnection") -> list[Problem]:
    """The same on an edition that stands, as problems."""
    tables = Once(ledger)
    found = differences(ledger, con, _stakes(ledger, tables), tables)
    return [
        Problem("engines_differ", value=str(item.sql), about={"words": _words(view, item)})
        for view, item in found
    ]


def _words(view: str, item: Difference) -> str:
    return f"{view} {item.key} {item.field}: Polars {item.polars}, SQL {item.sql}"

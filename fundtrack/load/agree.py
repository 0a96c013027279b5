"""Two engines, one number: publishing refuses where Polars and SQL differ, and keeps what only Polars computes."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from fundtrack.errors import IntegrityError, Problem
from fundtrack.metrics import funds_at, participations_at
from fundtrack.metrics.compare import Difference, compare
from fundtrack.metrics.progress import progress
from fundtrack.money import MONEY
from fundtrack.store.ledger import Ledger

if TYPE_CHECKING:
    import duckdb  # at home in the store; here only the type of the connection it hands over

_SHOWN: Final = 3
_RATIOS: Final = ("dpi", "rvpi", "tvpi", "pic", "irr", "period_return")
_AMOUNTS: Final = ("paid_in", "distributed", "recallable", "nav", "unfunded")
FUND_METRIC: Final[dict[str, pl.DataType]] = {
    "entity_type": pl.String(), "entity_id": pl.String(), "metric": pl.String(), "value": pl.Float64(), "amount": MONEY,
    "currency": pl.String(), "verdict": pl.String(), "as_of": pl.Date(),
}  # fmt: skip


def differences(
    ledger: Ledger, con: "duckdb.DuckDBPyConnection", stakes: pl.DataFrame
) -> list[tuple[str, Difference]]:
    """Each value on which the engines disagree, with the view it stands in."""
    as_of = ledger.default_as_of
    if as_of is None:
        return []
    ours = {
        "progress": progress(ledger, as_of),
        "partner_fund_summary": funds_at.funds_at(ledger, as_of),
        "participation_summary": stakes.select(list(participations_at.SUMMARY)),
    }
    return [
        (view, item)
        for view, frame in ours.items()
        for item in compare(frame, con.sql(f"SELECT * FROM {view}").pl())
    ]  # noqa: S608


def _stakes(ledger: Ledger) -> pl.DataFrame:
    as_of = ledger.default_as_of
    return participations_at.participations_at(ledger, as_of) if as_of else pl.DataFrame()


def agree(ledger: Ledger, con: "duckdb.DuckDBPyConnection") -> Mapping[str, pl.DataFrame]:
    """Compare both engines on a draft edition, and give what the edition keeps of the computed results.

    Raises:
        IntegrityError: where they differ, with the first differences of both sides.
    """
    stakes = _stakes(ledger)
    found = differences(ledger, con, stakes)
    if found:
        raise IntegrityError(
            "engines_differ", words="; ".join(_words(view, item) for view, item in found[:_SHOWN])
        )
    return {"fund_metric": fund_metric(stakes, ledger.default_as_of)}


def fund_metric(stakes: pl.DataFrame, as_of: date | None) -> pl.DataFrame:
    """Every metric of every participation, one row each, with the verdict of its IRR."""
    if as_of is None or stakes.is_empty():
        return pl.DataFrame(schema=FUND_METRIC)
    parts = [_long(stakes, name, "value") for name in _RATIOS] + [
        _long(stakes, name, "amount") for name in _AMOUNTS
    ]
    return pl.concat(parts).with_columns(as_of=pl.lit(as_of)).select(pl.col(name).cast(kind) for name, kind in FUND_METRIC.items()).sort(
        "entity_type", "entity_id", "metric"
    )  # fmt: skip


def _long(stakes: pl.DataFrame, name: str, column: str) -> pl.DataFrame:
    empty: dict[str, Any] = {"value": pl.lit(None, dtype=pl.Float64), "amount": pl.lit(None, dtype=MONEY)}
    verdict = (
        pl.col("irr_status").cast(pl.String)
        if name in {"irr", "period_return"}
        else pl.lit(None, dtype=pl.String)
    )
    return stakes.select(
        pl.lit("participation").alias("entity_type"),
        pl.col("participation_id").alias("entity_id"),
        pl.lit(name).alias("metric"),
        *((pl.col(name) if which == column else nothing).alias(which) for which, nothing in empty.items()),
        pl.col("currency") if column == "amount" else pl.lit(None, dtype=pl.String).alias("currency"),
        verdict.alias("verdict"),
    )


def recheck(ledger: Ledger, con: "duckdb.DuckDBPyConnection") -> list[Problem]:
    """The same on an edition that stands, as problems."""
    found = differences(ledger, con, _stakes(ledger))
    return [
        Problem("engines_differ", value=str(item.sql), about={"words": _words(view, item)})
        for view, item in found
    ]


def _words(view: str, item: Difference) -> str:
    return f"{view} {item.key} {item.field}: Polars {item.polars}, SQL {item.sql}"

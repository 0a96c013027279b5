"""What a partner fund's page shows beside its rows: the course of the guidance money in it, its projects, its documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.history import pooled_history
from fundtrack.metrics.holdings import holdings
from fundtrack.store.ledger import Ledger

_OWN: Final = ("participation", "cash_flow", "valuation")
_FUND: Final = "partner_fund_id"
DOCUMENTS: Final[dict[str, pl.DataType]] = {
    "batch_id": pl.String(), "file_name": pl.String(), "sender": pl.String(), "as_of": pl.Date(), "loaded_at": pl.Datetime("us"),
    "file_sha256": pl.String(), "sheets": pl.String(), "rows": pl.Int64(),
}  # fmt: skip
"""The columns of documents: which file brought rows of the fund that stand today, on which sheets, and how many."""


@dataclass(frozen=True, slots=True)
class FundPage:
    """What stands beside a fund's rows.

    Attributes:
        history: day, currency, paid_in, distributed, net_cash, nav, net_value, …: see `metrics.history.pooled_history`.
        projects: see `metrics.holdings.holdings`, with the company's name; newest first.
        documents: see DOCUMENTS; newest batch first.

    """

    history: pl.DataFrame
    projects: pl.DataFrame
    documents: pl.DataFrame


def fund_page(ledger: Ledger, fund: str, as_of: date) -> FundPage:
    """Gather what a fund's page shows on a day."""
    return FundPage(_history(ledger, fund, as_of), _projects(ledger, fund, as_of), documents(ledger, fund))


def _history(ledger: Mapping[str, pl.DataFrame], fund: str, as_of: date) -> pl.DataFrame:
    """Follow the guidance money in a fund quarter by quarter; only its own participations are computed."""
    stakes = ledger["participation"].filter(pl.col(_FUND) == fund)
    own: dict[str, pl.DataFrame] = {**ledger, "participation": stakes}
    for table in _OWN[1:]:
        own[table] = ledger[table].join(stakes.select("participation_id"), on="participation_id", how="semi")
    return pooled_history(own, as_of, "all")


def _projects(ledger: Mapping[str, pl.DataFrame], fund: str, as_of: date) -> pl.DataFrame:
    """List a fund's projects with what they cost, brought and are worth."""
    rows = holdings(ledger, as_of).filter(pl.col(_FUND) == fund)
    names = ledger["company"].select("company_id", company_name="name", district="district")
    keys = ledger["investment"].select("investment_id", "row_key")
    rows = rows.join(names, on="company_id", how="left", validate="m:1").join(
        keys, on="investment_id", validate="1:1"
    )
    return rows.sort("invested_on", "investment_id", descending=[True, False])


def documents(ledger: Ledger, fund: str) -> pl.DataFrame:
    """List the files that brought the rows of a fund that stand today."""
    found = ledger.origins(_rows_of(ledger, fund))
    per_batch = found.group_by("batch_id").agg(
        sheets=pl.col("sheet").drop_nulls().unique().sort().str.join("、"), rows=pl.len().cast(pl.Int64)
    )
    batches = ledger.batches().select("batch_id", "file_name", "sender", "as_of", "loaded_at", "file_sha256")
    rows = per_batch.join(batches, on="batch_id", how="left", validate="1:1")
    return rows.select(pl.col(name).cast(dtype) for name, dtype in DOCUMENTS.items()).sort(
        "batch_id", descending=True
    )


def _rows_of(ledger: Ledger, fund: str) -> dict[str, tuple[str, list[str]]]:
    """Say which rows are a fund's, by table: its own, those of its participations and of its investments."""
    keys = {
        _FUND: [fund],
        "participation_id": ledger["participation"]
        .filter(pl.col(_FUND) == fund)["participation_id"]
        .to_list(),
        "investment_id": ledger["investment"].filter(pl.col(_FUND) == fund)["investment_id"].to_list(),
    }
    found = {}
    for table in ledger:
        column = next((key for key in keys if key in ledger[table].columns), None)
        if column is not None:
            found[table] = (column, keys[column])
    return found

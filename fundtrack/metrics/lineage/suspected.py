"""Figures beside findings: which funds are concerned, what guidance money was paid into them, all public money in a fund."""

from datetime import date
from decimal import Decimal
from typing import Final

import polars as pl

from fundtrack.metrics.lineage.figure import ONE, Ask, Figure, Part, money, parts
from fundtrack.metrics.lineage.funds import fund_sum
from fundtrack.metrics.members import Tables
from fundtrack.metrics.rules.every import findings
from fundtrack.metrics.rules.reviews import undone
from fundtrack.metrics.rules.stake import investors, public_shares
from fundtrack.metrics.rules.subjects import FUND, stakes
from fundtrack.money import ratio

NAMES: Final = ("findings_funds", "findings_paid")


def concerned(tables: Tables, as_of: date) -> pl.Series:
    """The partner funds of which something is suspected that nobody has settled, sorted."""
    rows = findings(tables, as_of).findings
    own = rows.filter((pl.col("status") == "suspected") & undone())
    return own[FUND].drop_nulls().unique().sort()


def suspected(tables: Tables, metric: str, as_of: date, currency: str | None) -> Figure:
    """How many partner funds are concerned, or the guidance money paid into them, in one currency.

    Args:
        tables: the ledger.
        metric: one of NAMES.
        as_of: the day.
        currency: of the money; CNY where nobody says.

    """
    funds = concerned(tables, as_of)
    ask = Ask(tables, as_of, metric, "all", "all", None if metric == "findings_funds" else currency or "CNY")
    if metric == "findings_funds":
        keys = tables["partner_fund"].filter(pl.col(FUND).is_in(funds.implode()))["row_key"].sort()
        found = tuple(Part("partner_fund", key, FUND, ONE, "member") for key in keys)
        return ask.figure(money(funds.len()), "sum", parts=found)
    held = stakes(tables, as_of).filter(
        pl.col(FUND).is_in(funds.implode()) & (pl.col("currency") == ask.currency)
    )
    flows = tables["cash_flow"].filter(
        (pl.col("kind") == "call")
        & (pl.col("occurred_on") <= as_of)
        & (pl.col("amount") > 0)
        & (pl.col("currency") == ask.currency)
    )
    flows = flows.join(held.select("participation_id"), on="participation_id", how="semi")
    paid = sum(held["paid"].drop_nulls(), Decimal(0))
    return ask.figure(
        money(paid), "sum", parts=tuple(parts(flows, "cash_flow", "amount", "amount", "call", "occurred_on"))
    )


def public_share(ask: Ask) -> Figure:
    """What guidance and other public investors committed of a fund's size."""
    rows = public_shares(ask.tables, ask.as_of).filter(pl.col(FUND) == ask.entity)
    rows = rows.with_columns(share=ratio(pl.col("public_all"), pl.col("committed_size")))
    if rows.is_empty():
        return ask.figure(None, "given", currency=None)
    held = investors(ask.tables, ask.as_of).filter(
        (pl.col(FUND) == ask.entity) & pl.col("kind").is_in(("guidance", "public"))
    )
    keys = held.select(row_key=pl.col("keys").explode()).unique()
    moves = ask.tables["investor_commitment"].join(keys, on="row_key", how="semi")
    above = ask.of("public_all").figure(
        money(rows["public_all"][0]), "sum",
        parts=tuple(parts(moves, "investor_commitment", "amount", "amount", "commitment", "effective_on")),
    )  # fmt: skip
    sides = (("above", above), ("below", fund_sum(ask.of("committed_size"))))
    return ask.figure(rows["share"][0], "ratio", currency=None, sides=sides)

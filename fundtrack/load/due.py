"""Payments that complete what was due: a flow without due date finds the row that waits for it."""

from typing import Final

import polars as pl

from fundtrack.load.as_sent import as_sent
from fundtrack.load.state import State
from fundtrack.model.frames import precision_of

PAID: Final = {
    "cash_flow": ("occurred_on", ("participation_id", "kind")),
    "fund_paid_in": ("paid_on", ("partner_fund_id", "investor")),
}
"""Tables in which a payment completes what was due: the day of payment, and what both rows share."""


def complete_due(frame: pl.DataFrame, table: str, state: State) -> pl.DataFrame:
    """Give a payment without due date the key of the row that it completes, or that it completed when it was sent before.

    It completes the one open row of its amount that was due no later; where several wait, none is chosen.
    """
    if table not in PAID or not {*PAID[table][1], PAID[table][0], "amount"} <= set(frame.columns):
        return frame
    known = state[table].filter(pl.col("due_on").is_not_null())
    if known.is_empty():
        return frame
    wants = _wanting(frame, table)
    if wants.is_empty():
        return frame
    again = _paid_before(wants, known, table, state)
    first = _open(wants.join(again, on="_at", how="anti"), known, table)
    found = pl.concat([again, first.filter(pl.len().over("_at") == 1).filter(pl.len().over("_row") == 1)])
    if found.is_empty():
        return frame
    keep = _keep(table)
    given = known.select(pl.col("row_key").alias("_row"), *(pl.col(name).alias(f"_{name}") for name in keep))
    joined = frame.with_row_index("_at").join(
        found.join(given, on="_row", how="left"), on="_at", how="left", maintain_order="left"
    )
    filled = [
        (pl.col(f"_{name}") if name not in frame.columns else pl.coalesce(name, f"_{name}")).alias(name)
        for name in keep
    ]
    return joined.with_columns(filled).drop("_at", "_row", *(f"_{name}" for name in keep))


def ambiguous(frame: pl.DataFrame, table: str, state: State) -> list[int]:
    """Row numbers of payments for which several open rows of their amount wait."""
    if table not in PAID or not {*PAID[table][1], PAID[table][0], "amount"} <= set(frame.columns):
        return []
    known = state[table].filter(pl.col("due_on").is_not_null())
    wants = _wanting(frame, table)
    if wants.is_empty() or known.is_empty():
        return []
    waiting = _open(wants.join(_paid_before(wants, known, table, state), on="_at", how="anti"), known, table)
    twice = waiting.filter((pl.len().over("_at") > 1) | (pl.len().over("_row") > 1))["_at"].unique().sort()
    return frame["row_number"].gather(twice).to_list()


def _keep(table: str) -> list[str]:
    return [
        "due_on",
        precision_of("due_on"),
        "due_amount",
        "line_no",
        *(["call_no"] if table == "fund_paid_in" else []),
    ]


def _wanting(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Payments that name neither a due date nor a line: what they share, their amount, their day, their call."""
    paid_on, shared = PAID[table]
    none = pl.lit(None, dtype=pl.String)
    blank = [
        pl.col(name).is_null() if name in frame.columns else pl.lit(value=True)
        for name in ("due_on", "line_no")
    ]
    call = pl.col("call_no") if "call_no" in frame.columns else none
    wants = frame.with_row_index("_at").filter(pl.all_horizontal(*blank, pl.col("amount").is_not_null()))
    return wants.select("_at", *shared, "amount", pl.col(paid_on).alias("_paid_on"), call.alias("_said"))


def _paid_before(wants: pl.DataFrame, known: pl.DataFrame, table: str, state: State) -> pl.DataFrame:
    """Payments that stand in the ledger under a due date: the n-th of one day and amount is the n-th there.

    One that was corrected since stands there as it was sent, too.
    """
    paid_on, shared = PAID[table]
    alike = [*shared, "amount", "_paid_on"]
    sent = as_sent(state, table).filter(pl.col("due_on").is_not_null())
    known = pl.concat([known, sent]).unique(["row_key", *shared, "amount", paid_on])
    nth = pl.int_range(pl.len()).over(alike).alias("_nth")
    paid = known.filter(pl.col("amount").is_not_null()).sort("row_key")
    stored = paid.select(
        *shared, "amount", pl.col(paid_on).alias("_paid_on"), pl.col("row_key").alias("_row")
    ).with_columns(nth)
    return wants.with_columns(nth).join(stored, on=[*alike, "_nth"], how="inner").select("_at", "_row")


def _open(wants: pl.DataFrame, known: pl.DataFrame, table: str) -> pl.DataFrame:
    """Every pair of a payment and a row that waits for its amount, due no later, of the same call where it names one."""
    shared = PAID[table][1]
    call = pl.col("call_no") if table == "fund_paid_in" else pl.lit(None, dtype=pl.String)
    waiting = known.filter(pl.col("amount").is_null() & pl.col("due_amount").is_not_null())
    due = waiting.select(
        *shared, pl.col("due_amount").alias("amount"), pl.col("due_on").alias("_due_on"), call.alias("_call"),
        pl.col("row_key").alias("_row"),
    )  # fmt: skip
    pairs = wants.join(due, on=[*shared, "amount"], how="inner").filter(
        pl.col("_due_on") <= pl.col("_paid_on")
    )
    return pairs.filter(pl.col("_said").is_null() | (pl.col("_said") == pl.col("_call"))).select(
        "_at", "_row"
    )

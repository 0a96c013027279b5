"""What a sender may leave out because it follows from the rest: currencies, line numbers, key dates, call numbers."""

from typing import Final

import polars as pl

from fundtrack.load.state import State
from fundtrack.model.fields import name_key
from fundtrack.model.frames import KEY_DATES, key_fields, named, precision_of
from fundtrack.model.rows import COLUMNS

_CURRENCY_FROM: Final = {
    "participation": ("guidance_fund_id", "guidance_fund"),
    "investor_commitment": ("partner_fund_id", "partner_fund"),
    "fund_paid_in": ("partner_fund_id", "partner_fund"),
    "fund_report": ("partner_fund_id", "partner_fund"),
    "cash_flow": ("participation_id", "participation"),
    "valuation": ("participation_id", "participation"),
    "holding_valuation": ("investment_id", "investment"),
    "investment_exit": ("investment_id", "investment"),
}
"""Where a row's currency follows from when neither it nor its cover names one."""
_DUE: Final = {"cash_flow": ("occurred_on", ("participation_id", "kind")), "fund_paid_in": ("paid_on", ("partner_fund_id", "investor"))}
"""Tables in which a payment completes what was due: the day of payment, and what both rows share."""


def fill(frame: pl.DataFrame, table: str, state: State, currency: str | None) -> pl.DataFrame:
    """Everything that follows from other fields, so that each row has its key and its currency."""
    frame = _currency(frame, table, state, currency)
    if table == "investor_commitment":
        frame = _from_the_start(frame, state)
    if table in _DUE:
        frame = _complete_due(frame, table, state)
    if table == "fund_paid_in":
        frame = _call_numbers(frame)
    if table in KEY_DATES:
        given = [name for name in KEY_DATES[table] if name in frame.columns]
        frame = frame.with_columns((pl.coalesce(given) if given else pl.lit(None, dtype=pl.Date)).alias("keyed_on"))
    if named(table) and "name" in frame.columns:
        names = {name: name_key(name) for name in frame["name"].unique().to_list() if name is not None}
        frame = frame.with_columns(pl.col("name").replace_strict(names, default=None, return_dtype=pl.String).alias("name_key"))
    return line_numbers(frame, table)


def _has(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.String)


def _currency(frame: pl.DataFrame, table: str, state: State, currency: str | None) -> pl.DataFrame:
    if not any(column.name == "currency" and column.kind == "currency" for column in COLUMNS[table]):
        return frame
    if table in {"target", "market_rate"}:  # their unit or code says what they are
        return frame
    filled = _has(frame, "currency")
    if table in _CURRENCY_FROM:
        name, parent = _CURRENCY_FROM[table]
        if name in frame.columns:
            owners = state[parent].select(name, "currency").drop_nulls()
            of = dict(owners.iter_rows())
            filled = filled.fill_null(pl.col(name).replace_strict(of, default=None, return_dtype=pl.String))
    if currency is not None:
        filled = filled.fill_null(currency)
    return frame.with_columns(filled.alias("currency"))


def _from_the_start(frame: pl.DataFrame, state: State) -> pl.DataFrame:
    """Investors without a date are those of the fund's establishment; without a reason they are its first."""
    funds = state["partner_fund"].select(
        "partner_fund_id",
        pl.col("established_on").alias("_start"),
        pl.col(precision_of("established_on")).alias("_start_precision"),
    )
    frame = frame.join(funds, on="partner_fund_id", how="left", maintain_order="left", validate="m:1")
    own = pl.col("effective_on") if "effective_on" in frame.columns else pl.lit(None, dtype=pl.Date)
    precise = _has(frame, precision_of("effective_on"))
    return frame.with_columns(
        pl.when(own.is_null()).then(pl.col("_start_precision")).otherwise(precise).alias(precision_of("effective_on")),
        own.fill_null(pl.col("_start")).alias("effective_on"),
        _has(frame, "reason").fill_null("initial").alias("reason"),
    ).drop("_start", "_start_precision")


def _call_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    dates = [pl.col(name).cast(pl.String) for name in ("due_on", "paid_on") if name in frame.columns]
    return frame.with_columns(pl.coalesce(_has(frame, "call_no"), *dates).alias("call_no"))


def _complete_due(frame: pl.DataFrame, table: str, state: State) -> pl.DataFrame:
    """Give a payment without due date the key of the one open due row that it completes: same amount, due no later."""
    paid_on, shared = _DUE[table]
    need = {*shared, paid_on, "amount"}
    if not need <= set(frame.columns):
        return frame
    open_due = state[table].filter(pl.col("amount").is_null() & pl.col("due_amount").is_not_null())
    if open_due.is_empty():
        return frame
    due_on = pl.col("due_on") if "due_on" in frame.columns else pl.lit(None, dtype=pl.Date)
    wants = frame.with_row_index("_at").filter(due_on.is_null() & _has(frame, "line_no").is_null() & pl.col("amount").is_not_null())
    keep = ["due_on", precision_of("due_on"), "due_amount", "line_no", *(["call_no"] if table == "fund_paid_in" else [])]
    pairs = wants.select("_at", *shared, "amount", paid_on).join(
        open_due.select(*shared, pl.col("due_amount").alias("amount"), *(pl.col(name).alias(f"_{name}") for name in keep)),
        on=[*shared, "amount"],
        how="inner",
    ).filter(pl.col("_due_on") <= pl.col(paid_on))  # fmt: skip
    once = pairs.filter(pl.len().over("_at") == 1).filter(pl.len().over(*shared, "_due_on", "_line_no") == 1)
    if once.is_empty():
        return frame
    joined = frame.with_row_index("_at").join(once.select("_at", *(f"_{name}" for name in keep)), on="_at", how="left", maintain_order="left")
    filled = [
        (pl.col(f"_{name}") if name not in frame.columns else pl.coalesce(name, f"_{name}")).alias(name) for name in keep
    ]
    return joined.with_columns(filled).drop("_at", *(f"_{name}" for name in keep))


def line_numbers(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Where a sender numbers no lines: order of appearance among the rows that share the rest of the key, its date included."""
    keys = key_fields(table)
    if keys[-1] != "line_no" and "line_no" not in keys:
        return frame
    rest = [name for name in keys if name != "line_no" and name in frame.columns]
    counted = pl.int_range(1, pl.len() + 1).over(rest).cast(pl.String) if rest else pl.lit("1")
    return frame.with_columns(_has(frame, "line_no").fill_null(counted).alias("line_no"))

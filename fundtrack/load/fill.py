"""What a sender may leave out because it follows from the rest: line numbers, key dates, call numbers."""

from typing import Final

import polars as pl

from fundtrack.load.due import complete_due
from fundtrack.load.state import State
from fundtrack.model.fields import name_key
from fundtrack.model.frames import KEY_DATES, key_fields, named, precision_of

_FIRST: Final = ("partner_fund_id", "investor", "reason")
"""What identifies an investor's first commitment, whatever is known of the fund's establishment."""


def fill(frame: pl.DataFrame, table: str, state: State) -> pl.DataFrame:
    """Everything that a row's key needs and that follows from its other fields."""
    if table == "investor_commitment":
        frame = _from_the_start(frame, state)
    frame = complete_due(frame, table, state)
    if table == "fund_paid_in":
        frame = _call_numbers(frame)
    if table in KEY_DATES:
        given = [name for name in KEY_DATES[table] if name in frame.columns]
        frame = frame.with_columns(
            (pl.coalesce(given) if given else pl.lit(None, dtype=pl.Date)).alias("keyed_on")
        )
    if named(table) and "name" in frame.columns:
        names = {name: name_key(name) for name in frame["name"].unique().to_list() if name is not None}
        frame = frame.with_columns(
            pl.col("name").replace_strict(names, default=None, return_dtype=pl.String).alias("name_key")
        )
    return line_numbers(frame, table)


def _has(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.String)


def _from_the_start(frame: pl.DataFrame, state: State) -> pl.DataFrame:
    """Investors without a reason are a fund's first; the first ones without a date are of its establishment.

    A first commitment that is known already keeps its date, so that a fund's establishment may become known, or be corrected,
    without counting its investors twice.
    """
    start, precise = "effective_on", precision_of("effective_on")
    funds = state["partner_fund"].select("partner_fund_id", pl.col("established_on").alias("_start"),
                                         pl.col(precision_of("established_on")).alias("_start_precision"))  # fmt: skip
    known = (
        state["investor_commitment"].filter(pl.col("reason") == "initial").filter(pl.len().over(_FIRST) == 1)
    )
    before = known.select(
        *_FIRST,
        pl.col(start).alias("_known"),
        pl.col(precise).alias("_known_precision"),
        pl.lit(value=True).alias("_is"),
    )
    absent = [name for name in ("partner_fund_id", "investor") if name not in frame.columns]
    frame = frame.with_columns(
        *(_has(frame, name).alias(name) for name in absent),  # whoever lacks one is told so later
        pl.col(start) if start in frame.columns else pl.lit(None, dtype=pl.Date).alias(start),
        _has(frame, precise).alias(precise),
        _has(frame, "reason").fill_null("initial").alias("reason"),
    )
    frame = frame.join(funds, on="partner_fund_id", how="left", maintain_order="left", validate="m:1")
    frame = frame.join(before, on=_FIRST, how="left", maintain_order="left", validate="m:1")
    first = pl.col(start).is_null() & (pl.col("reason") == "initial")
    stands = pl.col("_is").is_not_null()
    return frame.with_columns(
        pl.when(first & stands).then("_known").when(first).then("_start").otherwise(start).alias(start),
        pl.when(first & stands)
        .then("_known_precision")
        .when(first)
        .then("_start_precision")
        .otherwise(precise)
        .alias(precise),
    ).drop("_start", "_start_precision", "_known", "_known_precision", "_is", *absent)


def _call_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    dates = [pl.col(name).cast(pl.String) for name in ("due_on", "paid_on") if name in frame.columns]
    return frame.with_columns(pl.coalesce(_has(frame, "call_no"), *dates).alias("call_no"))


def line_numbers(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Where a sender numbers no lines: order of appearance among the rows that share the rest of the key, its date included."""
    keys = key_fields(table)
    if "line_no" not in keys or ("line_no" in frame.columns and not frame["line_no"].null_count()):
        return frame
    rest = [name for name in keys if name != "line_no" and name in frame.columns]
    counted = pl.int_range(1, pl.len() + 1).over(rest).cast(pl.String) if rest else pl.lit("1")
    return frame.with_columns(_has(frame, "line_no").fill_null(counted).alias("line_no"))

"""Payments beside what was due: a due list sent again takes none back, and parts that add up to one amount are said."""

from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.diff import TableDiff
from fundtrack.load.due import PAID
from fundtrack.load.parse import Parsed
from fundtrack.load.rowcheck import Wrong, place_in
from fundtrack.model.frames import schema

Kept = list[tuple[Parsed, int]]
"""The sheets and rows in which payments stand although their cells are blank."""
_MANY: Final = 60
"""Among more payments or open amounts than this of one payer, sums are equal by chance."""


def keep_paid(
    rows: pl.DataFrame, table: str, item: Parsed, current: pl.DataFrame, wrong: Wrong
) -> tuple[pl.DataFrame, Kept]:
    """Let payments stand where a file only says again what was due.

    Args:
        rows: complete rows.
        table: theirs.
        item: their sheet.
        current: the table as known.
        wrong: by row the fields that are problems already.

    Returns:
        The rows, in which what the ledger has of such a payment fills the blanks, and where they stand.
    """
    if table not in PAID or current.is_empty() or not rows["amount"].null_count():
        return rows, []
    day = PAID[table][0]
    names = [name for name in schema(table) if name != "row_key"]
    paid = current.filter(pl.col("amount").is_not_null() & pl.col("due_amount").is_not_null())
    unread = [row for row, fields in wrong.items() if fields & {"amount", "due_amount", day}]
    mapped = {column.field for column in item.raw.columns}
    blank = pl.col("amount").is_null() & (pl.col(day).is_null() if day in mapped else pl.lit(value=True))
    again = rows.filter(blank & ~pl.col("row_number").is_in(unread)).select("row_key", "due_amount")
    stands = paid.join(again, on=["row_key", "due_amount"], how="semi")
    if stands.is_empty():
        return rows, []
    before = stands.select(
        "row_key", *(pl.col(name).alias(f"_{name}") for name in names), _is=pl.lit(value=True)
    )
    both = rows.join(before, on="row_key", how="left", maintain_order="left", validate="m:1")
    kept = pl.col("_is").is_not_null() & blank
    filled = [
        pl.when(kept).then(pl.coalesce(name, f"_{name}")).otherwise(pl.col(name)).alias(name)
        for name in names
    ]
    where = both.filter(kept)["row_number"].to_list()
    return both.with_columns(filled).select(rows.columns), [(item, row) for row in where]


def told_kept(kept: Kept) -> Iterable[Problem]:
    """One warning for all payments of a file that stand."""
    if kept:
        item, row = kept[0]
        yield Problem("payment_kept", "warning", row=row, about={"count": str(len(kept))}, **place_in(item, "amount"))  # fmt: skip


def still_open(
    found: TableDiff, items: Sequence[Parsed], table: str, known: pl.DataFrame
) -> Iterable[Problem]:
    """Amounts that stay due although new payments without a due date add up to them, two of them or all together.

    Args:
        found: what the file changes.
        items: the sheets it came from.
        table: theirs.
        known: the table with the file's rows in.
    """
    if table not in PAID:
        return
    day, shared = PAID[table]
    part = pl.col("amount").is_not_null() & pl.col("due_on").is_null()
    new = found.new.filter(part)
    due = known.filter(pl.col("amount").is_null() & pl.col("due_amount").is_not_null())
    if new.is_empty() or due.is_empty():
        return
    due, paid = (
        frame.join(new, on=shared, how="semi").filter(pl.len().over(shared) <= _MANY)
        for frame in (due, known.filter(part))
    )
    call = [pl.col("call_no").alias("_call")] if table == "fund_paid_in" else []
    owed = due.select(*shared, pl.col("due_on").alias("_due_on"), pl.col("due_amount").alias("_due"),
                      pl.col("row_key").alias("_row"), *call)  # fmt: skip
    both = owed.join(paid, on=shared, how="inner").filter(
        (pl.col(day) >= pl.col("_due_on")) & (pl.col("amount") < pl.col("_due"))
    )
    if call:  # a payment that names another call is none of this one's; the unnamed are called by their day
        both = both.filter(
            (pl.col("call_no") == pl.col(day).cast(pl.String)) | (pl.col("call_no") == pl.col("_call"))
        )
    yield from _adding_up(both, new, items)


def _adding_up(both: pl.DataFrame, new: pl.DataFrame, items: Sequence[Parsed]) -> Iterable[Problem]:
    """One warning for every open amount that parts add up to, at the last new one of them."""
    one = both.select("_row", "_due", "row_key", "amount")
    pairs = one.join(one, on="_row", how="inner", suffix="_2").filter(
        (pl.col("row_key") != pl.col("row_key_2")) & (pl.col("amount") + pl.col("amount_2") == pl.col("_due"))
    )
    whole = one.filter((pl.col("amount").sum().over("_row") == pl.col("_due")) & (pl.len().over("_row") > 1))
    parts = pl.concat(
        [
            pairs.select("_row", "row_key"),
            pairs.select("_row", row_key="row_key_2"),
            whole.select("_row", "row_key"),
        ]
    )
    fresh = parts.join(new.select("row_key", "sheet", "row_number"), on="row_key", how="inner")
    last = fresh.sort("sheet", "row_number").unique("_row", keep="last", maintain_order=True)
    open_rows = both.select("_row", "_due_on", "_due").unique("_row")
    for sheet, row, day, due in (
        last.join(open_rows, on="_row").select("sheet", "row_number", "_due_on", "_due").iter_rows()
    ):
        item = next(item for item in items if item.raw.sheet == sheet)
        yield Problem("due_still_open", "warning", row=row, value=f"{due:f}", about={"day": str(day)}, **place_in(item, "amount"))  # fmt: skip

"""Currencies of rows: the nearest that is said; contradictions are problems, never guesses."""

from collections.abc import Iterable
from typing import Final

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.cover import CoverRead
from fundtrack.load.parse import Parsed
from fundtrack.load.rowcheck import Wrong, place_in
from fundtrack.load.state import State
from fundtrack.model.frames import find_column
from fundtrack.model.rows import COLUMNS, TABLES

_OWNERS: Final = {
    "guidance_flow": ("guidance_fund_id", "guidance_fund"),
    "participation": ("guidance_fund_id", "guidance_fund"),
    "investor_commitment": ("partner_fund_id", "partner_fund"),
    "fund_paid_in": ("partner_fund_id", "partner_fund"),
    "fund_report": ("partner_fund_id", "partner_fund"),
    "cash_flow": ("participation_id", "participation"),
    "valuation": ("participation_id", "participation"),
    "holding_valuation": ("investment_id", "investment"),
    "investment_exit": ("investment_id", "investment"),
}
"""What a row belongs to, whose currency it shares where nothing nearer names one."""


def has_currency(table: str) -> bool:
    """True where rows are in a currency; a target's unit and a rate's code say theirs themselves."""
    if table in {"cover", "target", "market_rate"}:
        return False
    return any(column.kind == "currency" for column in COLUMNS[table])


def with_currency(
    rows: pl.DataFrame,
    own: pl.Series | None,
    item: Parsed,
    cover: CoverRead,
    state: State,
    *,
    moneyless: dict[str, list[str]],
    wrong: Wrong,
) -> tuple[pl.DataFrame, list[Problem]]:
    """Give every row the nearest currency: its own cell's, its header's, the one it had, its owner's, the cover's.

    Args:
        rows: complete rows, whose currency is what the ledger knew.
        own: what the cells of the currency column say.
        item: the sheet.
        cover: the file's cover.
        state: where the owners are.
        moneyless: by table the entities whose own currency is unknown; grows.
        wrong: by row the fields that are problems already.

    Returns:
        The rows, and where cell, header, ledger and cover contradict one another or none says anything.
    """
    table = item.raw.table
    header, problems = _header(item)
    said = pl.Series([None] * rows.height, dtype=pl.String) if own is None else own
    place = place_in(item, "currency")
    if header:
        differs = rows.select("row_number", said.alias("said")).filter(pl.col("said") != header)
        problems += [
            Problem("currency_differs", row=row, value=one, about={"other": header}, **place)
            for row, one in differs.iter_rows()
        ]
    known = _known(rows, table, state)
    near = said.fill_null(pl.lit(header)) if header else said
    against = set(known.filter(near.is_null() & known.is_not_null()).to_list()) - {cover.currency}
    money = any(find_column(table, column.field).kind == "money" for column in item.raw.columns)
    if cover.currency and cover.sure and against and money:
        about = {"cover": cover.currency, "other": ", ".join(sorted(against))}
        problems.append(Problem("currency_unclear", row=item.raw.header_row, about=about, **place))
    filled = pl.select(
        pl.coalesce(near, known, pl.lit(cover.currency, dtype=pl.String)).alias("currency")
    ).to_series()
    rows = rows.with_columns(filled)
    problems += _none_known(rows.filter(filled.is_null()), item, cover, moneyless, wrong)
    return rows, problems


def _header(item: Parsed) -> tuple[str | None, list[Problem]]:
    """The one currency that the money headers name; what was paid in yuan stands beside amounts in another."""
    named = [column for column in item.raw.columns if column.currency and column.field != "cny_paid"]
    if not named:
        return None, []
    first = str(named[0].currency)
    problems = [
        Problem(
            "currency_differs",
            row=item.raw.header_row,
            value=column.currency,
            about={"other": first},
            **place_in(item, column.field),
        )
        for column in named
        if column.currency != first
    ]
    return first, problems


def _known(rows: pl.DataFrame, table: str, state: State) -> pl.Series:
    """What the ledger says: the currency that the row had, else its owner's."""
    earlier = rows["currency"]
    if table not in _OWNERS:
        return earlier
    name, parent = _OWNERS[table]
    owners = dict(state[parent].select(name, "currency").drop_nulls().iter_rows())
    owned = rows[name].replace_strict(owners, default=None, return_dtype=pl.String)
    return pl.select(pl.coalesce(earlier, owned)).to_series()


def _none_known(
    blank: pl.DataFrame, item: Parsed, cover: CoverRead, moneyless: dict[str, list[str]], wrong: Wrong
) -> Iterable[Problem]:
    """Rows whose currency nothing says, but for those whose owner's could not be read: that is the one problem."""
    table = item.raw.table
    if TABLES[table].info.mint is not None:
        key = next(column.name for column in COLUMNS[table] if column.key)
        moneyless.setdefault(table, []).extend(blank[key].to_list())
    if not find_column(table, "currency").required or not cover.sure:
        return
    if table in _OWNERS:
        name, parent = _OWNERS[table]
        blank = blank.filter(~pl.col(name).is_in(moneyless.get(parent, [])).fill_null(value=False))
    for row in blank["row_number"].to_list():
        if "currency" not in wrong.get(row, set()):
            yield Problem("missing_value", row=row, **place_in(item, "currency"))

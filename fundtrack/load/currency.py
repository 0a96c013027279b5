"""Currencies of rows: the nearest that is said; contradictions are problems, never guesses."""

from collections.abc import Iterable, Mapping
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


_AMOUNTS: Final = {"cash_flow": ("amount", "due_amount"), "valuation": ("nav",)}
"""Tables whose amounts are added up in their participation's currency, so that another one would leave its sums unknown."""


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
    if table in _AMOUNTS:
        told = said.is_not_null()
        problems += _not_owners(rows.with_columns(told.alias("_told")), item, header, state, moneyless, wrong)
    if TABLES[table].info.mint is not None:
        key = next(column.name for column in COLUMNS[table] if column.key)
        bad = [row for row, names in wrong.items() if "currency" in names]
        unsure = filled.is_null() | rows["row_number"].is_in(bad)
        moneyless.setdefault(table, []).extend(rows.filter(unsure)[key].to_list())
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
    return pl.select(pl.coalesce(earlier, _owned(rows, table, state))).to_series()


def _owned(rows: pl.DataFrame, table: str, state: State) -> pl.Series:
    """The currency of what each row belongs to."""
    name, parent = _OWNERS[table]
    owners = dict(state[parent].select(name, "currency").drop_nulls().iter_rows())
    return rows[name].replace_strict(owners, default=None, return_dtype=pl.String)


def _not_owners(
    rows: pl.DataFrame,
    item: Parsed,
    header: str | None,
    state: State,
    moneyless: Mapping[str, list[str]],
    wrong: Wrong,
) -> Iterable[Problem]:
    """Rows in another currency than their participation: at the cell that says so, else at the amount's.

    Where a header says so of every row, it is the one problem.
    """
    table = item.raw.table
    name, parent = _OWNERS[table]
    sure = rows.with_columns(_owned(rows, table, state).alias("_owned")).filter(
        pl.col("_owned").is_not_null() & ~pl.col(name).is_in(moneyless.get(parent, []))
    )
    differs = sure.filter(pl.col("currency") != pl.col("_owned"))
    if differs.is_empty():
        return
    cells = {mapped.field: mapped for mapped in item.raw.columns}
    amount = next((field for field in _AMOUNTS[table] if field in cells), "currency")
    if header and differs.height == sure.height and not differs["_told"].any():
        about = {"other": ", ".join(differs["_owned"].unique().sort()), "owner": _few(differs[name])}
        yield Problem(
            "currency_not_owners",
            row=item.raw.header_row,
            value=header,
            about=about,
            **place_in(item, amount),
        )
        return
    for row, said, owned, owner, told in differs.select(
        "row_number", "currency", "_owned", name, "_told"
    ).iter_rows():
        if "currency" not in wrong.get(row, set()) and not (told and header and said != header):
            yield Problem("currency_not_owners", row=row, value=said, about={"other": owned, "owner": owner},
                          **place_in(item, "currency" if told else amount))  # fmt: skip


def _few(names: pl.Series) -> str:
    """The first names of a column, and that there are more."""
    distinct = names.unique(maintain_order=True)
    return ", ".join(distinct.head(3)) + (" …" if len(distinct) > 3 else "")


def _none_known(
    blank: pl.DataFrame, item: Parsed, cover: CoverRead, moneyless: Mapping[str, list[str]], wrong: Wrong
) -> Iterable[Problem]:
    """Rows whose currency nothing says, but for those whose owner's could not be read: that is the one problem."""
    table = item.raw.table
    if not find_column(table, "currency").required or not cover.sure:
        return
    if table in _OWNERS:
        name, parent = _OWNERS[table]
        blank = blank.filter(~pl.col(name).is_in(moneyless.get(parent, [])).fill_null(value=False))
    for row in blank["row_number"].to_list():
        if "currency" not in wrong.get(row, set()):
            yield Problem("missing_value", row=row, **place_in(item, "currency"))

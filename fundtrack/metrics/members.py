"""What holds of partner funds whatever the date: entities, sizes, changes, managers, participations."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.entities import fold, folded, fund_entities, houses
from fundtrack.metrics.once import once

PROGRAMME: Final = ("venture", "angel")
"""Kinds of guidance fund whose partner funds and firms the targets count."""

Tables = Mapping[str, pl.DataFrame]


@once
def members(tables: Tables) -> pl.DataFrame:
    """List every partner fund row with its entity, the entity's establishment and its opening size.

    `set_up_on` is the earliest establishment known for the entity: the last day of a month or year, where
    only that is known; `set_up_from` is then its first day, else the same day. `opening_size` is the size committed
    at establishment, or the sum of the investors there then. The `principal` row speaks for the entity:
    the first by id whose opening size is known, else the first.
    """
    funds = tables["partner_fund"].join(fund_entities(tables), on="partner_fund_id", validate="1:1")
    funds = funds.with_columns(set_up_on=pl.col("established_on").min().over("entity"))
    earliest = pl.when(pl.col("established_on") == pl.col("set_up_on")).then(_first_possible())
    funds = funds.with_columns(set_up_from=earliest.max().over("entity"))
    opening = (
        investors(tables, funds)
        .filter(pl.col("opening"))
        .group_by("partner_fund_id")
        .agg(investors_size=pl.when(pl.col("amount").is_not_null().any()).then(pl.col("amount").sum()))
    )
    funds = funds.join(opening, on="partner_fund_id", how="left", validate="1:1")
    funds = funds.with_columns(
        opening_size=pl.coalesce("committed_size", "investors_size").cast(pl.Decimal(38, 2))
    )
    ordered = funds.sort("entity", pl.col("opening_size").is_null(), "partner_fund_id")
    return ordered.with_columns(
        principal=pl.col("partner_fund_id") == pl.col("partner_fund_id").first().over("entity")
    ).sort("partner_fund_id")


def _first_possible() -> pl.Expr:
    """Give the first day on which a fund row's establishment, known to its precision, may have been."""
    day, precision = pl.col("established_on"), pl.col("established_on_precision")
    chain = pl.when(precision == "year").then(day.dt.truncate("1y"))
    return chain.when(precision == "month").then(day.dt.truncate("1mo")).otherwise(day)


@once
def size_changes(tables: Tables) -> pl.DataFrame:
    """List row_key, partner_fund_id, day, amount: later changes of committed size, in the fund's own currency.

    None takes effect before the day from which the fund's establishment counts.
    """
    later = investors(tables, members(tables)).filter(~pl.col("opening"))
    return later.select(
        "row_key",
        "partner_fund_id",
        pl.max_horizontal("effective_on", "set_up_on").alias("day"),
        pl.col("amount").cast(pl.Decimal(38, 2)),
    )


def investors(tables: Tables, funds: pl.DataFrame) -> pl.DataFrame:
    """List commitments in the fund's own currency, `opening` where part of the size at establishment.

    Later are the changes, not called initial, dated after the establishment; where only the month or year
    of that is known, also those dated within it, since they say of themselves that they came after.
    """
    rows = tables["investor_commitment"].select(
        "row_key", "partner_fund_id", "effective_on", "reason", "amount", pl.col("currency").alias("written")
    )
    rows = rows.join(
        funds.select("partner_fund_id", "currency", "set_up_on", "set_up_from"),
        on="partner_fund_id",
        validate="m:1",
    )
    rows = rows.filter(pl.col("written").is_null() | (pl.col("written") == pl.col("currency")))
    after = pl.col("effective_on") > pl.col("set_up_on")
    imprecise = pl.col("set_up_from") < pl.col("set_up_on")
    known = after | (imprecise & (pl.col("effective_on") >= pl.col("set_up_from")))
    later = (
        pl.col("reason").ne_missing("initial")
        & pl.col("effective_on").is_not_null()
        & known.fill_null(value=True)
    )
    return rows.with_columns(opening=~later)


@once
def paid_in(tables: Tables, *keys: str) -> pl.DataFrame:
    """List partner_fund_id, day, amount: what investors paid into funds, in the fund's own currency; before them the `keys` asked for."""
    rows = tables["fund_paid_in"].filter(pl.col("paid_on").is_not_null() & pl.col("amount").is_not_null())
    rows = rows.select(
        *keys,
        "partner_fund_id",
        pl.col("paid_on").alias("day"),
        "amount",
        pl.col("currency").alias("written"),
    )
    funds = tables["partner_fund"].select("partner_fund_id", "currency")
    rows = rows.join(funds, on="partner_fund_id", validate="m:1")
    return rows.filter(pl.col("written").is_null() | (pl.col("written") == pl.col("currency"))).select(
        *keys, "partner_fund_id", "day", "amount"
    )


@once
def participations(tables: Tables) -> pl.DataFrame:
    """List participations with their guidance fund's kind, their fund's entity, and the days they count.

    One counts from the later of the fund's establishment and the agreement, both known (`counts_from`),
    and no longer from its end where no guidance money had been paid by then (`void_from`).
    """
    kinds = tables["guidance_fund"].select("guidance_fund_id", pl.col("kind").alias("guidance_kind"))
    rows = tables["participation"].join(kinds, on="guidance_fund_id", how="left", validate="m:1")
    fund = members(tables).select(
        "partner_fund_id", "entity", "set_up_on", pl.col("currency").alias("fund_currency")
    )
    rows = rows.join(fund, on="partner_fund_id", validate="m:1").join(
        _first_paid(tables, rows), on="participation_id", how="left", validate="1:1"
    )
    both_known = pl.col("set_up_on").is_not_null() & pl.col("signed_on").is_not_null()
    unpaid = pl.col("first_paid_on").is_null() | (pl.col("first_paid_on") > pl.col("dropped_on"))
    return (
        rows.with_columns(
            programme=pl.col("guidance_kind").is_in(PROGRAMME).fill_null(value=False),
            counts_from=pl.when(both_known).then(pl.max_horizontal("set_up_on", "signed_on")),
            void_from=pl.when(unpaid).then("dropped_on"),
        )
        .drop("first_paid_on")
        .sort("participation_id")
    )


def _first_paid(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    """List participation_id, first_paid_on: when guidance money first came to those that ended, by either side's books."""
    paid = pl.col("amount") > 0
    ids = rows.filter(pl.col("dropped_on").is_not_null())
    own = tables["cash_flow"].select("participation_id", "kind", "amount", first_paid_on="occurred_on")
    ended = pl.col("participation_id").is_in(ids["participation_id"].implode())
    own = own.filter(pl.col("kind").is_in(("call", "fee_outside")) & paid & ended)
    own = own.select("participation_id", "first_paid_on")
    theirs = (
        tables["fund_paid_in"]
        .select("partner_fund_id", "guidance_fund_id", "amount", first_paid_on="paid_on")
        .filter(pl.col("guidance_fund_id").is_not_null() & paid)
    )
    ids = ids.select("participation_id", "partner_fund_id", "guidance_fund_id")
    theirs = ids.join(theirs, on=["partner_fund_id", "guidance_fund_id"]).select(
        "participation_id", "first_paid_on"
    )
    return pl.concat([own, theirs]).group_by("participation_id").agg(pl.col("first_paid_on").min())


@once
def manager_spells(tables: Tables) -> pl.DataFrame:
    """List who managed each fund from when until when (until excluded; null is without limit).

    partner_fund_id, from_on, until_on, manager_id (null where the ledger does not hold the firm), manager
    (its name), house. A change says who came; who was there before is what it says, else the fund row's
    manager unless a change brought that one in. What cannot be told stays null.
    """
    changes: dict[str, list[tuple[date, str | None, str | None]]] = {}
    replaced = (
        tables["fund_change"].filter(pl.col("kind") == "manager").sort("partner_fund_id", "effective_on")
    )
    who = _who(tables["manager"], pl.concat([replaced["before"], replaced["after"]]).unique())
    for fund, day, before, after in replaced.select(
        "partner_fund_id", "effective_on", "before", "after"
    ).iter_rows():
        changes.setdefault(fund, []).append((day, who(before), who(after)))
    stated = tables["partner_fund"].select("partner_fund_id", firm="manager_id")
    moved = stated.filter(pl.col("partner_fund_id").is_in(list(changes)))
    walked = [(fund, *spell) for fund, firm in moved.iter_rows() for spell in _spells(firm, changes[fund])]
    schema = {"partner_fund_id": pl.String, "from_on": pl.Date, "until_on": pl.Date, "firm": pl.String}
    spells = pl.concat(
        [
            stated.join(moved, on="partner_fund_id", how="anti"),
            pl.DataFrame(walked, schema=schema, orient="row"),
        ],
        how="diagonal",
    )
    firms = tables["manager"].select("manager_id", firm="manager_id", called="name")
    firms = firms.join(houses(tables).rename({"house": "held"}), on="manager_id", validate="1:1")
    spells = spells.join(firms, on="firm", how="left", validate="m:1")
    spells = spells.with_columns(manager=pl.coalesce("called", "firm"), house=pl.coalesce("held", "firm"))
    columns = ("partner_fund_id", "from_on", "until_on", "manager_id", "manager", "house")
    return spells.select(columns).sort("partner_fund_id", "from_on", nulls_last=False)


def _who(firms: pl.DataFrame, said: pl.Series) -> Callable[[str | None], str | None]:
    """Find the id of a firm that changes speak of by id or by name; where the ledger does not hold it, its name stays as written."""
    by_id = set(firms["manager_id"].filter(firms["manager_id"].is_in(said.implode())))
    named = firms.filter(firms["name_key"].is_in(folded(said).implode())).sort("manager_id", descending=True)
    by_name = dict(named.select("name_key", "manager_id").iter_rows())

    def who(text: str | None) -> str | None:
        return text if text in by_id else by_name.get(fold(text), text) if fold(text) else None

    return who


def _spells(
    stated: str | None, changes: list[tuple[date, str | None, str | None]]
) -> list[tuple[date | None, date | None, str | None]]:
    """Tell a fund's managers in turn, from its dated changes.

    >>> change = [(date(2017, 5, 1), None, "new")]
    >>> _spells("new", change)[0][2], _spells("old", change)[0][2]
    (None, 'old')
    """
    if not changes:
        return [(None, None, stated)]
    brought_in = {after for _, _, after in changes}
    first = changes[0][1] or (stated if stated not in brought_in else None)
    spells: list[tuple[date | None, date | None, str | None]] = [(None, changes[0][0], first)]
    for place, (day, before, after) in enumerate(changes):
        following = changes[place + 1] if place + 1 < len(changes) else None
        if following:
            spells.append((day, following[0], after or following[1]))
        else:
            spells.append((day, None, after or (stated if stated != before else None)))
    return spells

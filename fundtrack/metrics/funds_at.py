"""Partner funds as they were on a day: name, manager, stage, sizes, what guidance funds hold of them."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.members import Tables, manager_spells, members, participations, size_changes
from fundtrack.metrics.once import once
from fundtrack.money import MONEY, ratio

SUMMARY: Final[dict[str, pl.DataType]] = {
    "partner_fund_id": pl.String(), "name": pl.String(), "entity_id": pl.String(), "manager_id": pl.String(),
    "manager": pl.String(), "status": pl.String(), "currency": pl.String(), "target_size": MONEY,
    "committed_size": MONEY, "paid_in": MONEY, "paid_in_rate": pl.Float64(), "guidance_committed": MONEY,
    "guidance_paid_in": MONEY, "guidance_share": pl.Float64(), "guidance_funds": pl.Int64(),
    "established_on": pl.Date(), "counted_from": pl.Date(), "counted": pl.Boolean(),
    "liquidated_on": pl.Date(), "exited": pl.Boolean(), "as_of": pl.Date(),
}  # fmt: skip
"""The columns of partner_fund_summary, in order."""

LIQUIDATION: Final = ("liquidating", "terminated", "dissolved")
STATUSES: Final = ("已批复", "已签约", "已设立", "已备案", "投资期", "退出期", "延长期", "清算", "已注销")
_WRITTEN_DAY: Final = re.compile(r"^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$")
_CENTS: Final = pl.Decimal(38, 2)


@once
def funds_at(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show every partner fund on a day, one row each, with the columns of SUMMARY.

    committed_size: at establishment, and the investors' changes since; null before. paid_in: what investors
    had paid; null where the ledger knows of no payment. paid_in_rate = paid_in / committed_size. guidance_*:
    what guidance funds had committed by agreement and paid on calls, in the fund's own currency;
    guidance_share = guidance_committed / committed_size. A fund of several rows is `counted` in one of them
    only. Amounts in units of the currency column. Source: counting rules; participation agreements.
    """
    funds = members(tables)
    stakes = participations(tables)
    frame = funds.select(
        "partner_fund_id", "entity", "set_up_on", "principal", "currency", "target_size", "established_on",
        "filed_on", "investment_end", "term_end", "name", "opening_size",
    )  # fmt: skip
    for beside in (
        _names(tables, as_of),
        _managers(tables, as_of),
        _sizes(tables, as_of),
        _payments(tables, as_of),
        _guidance(tables, stakes, as_of),
        _first_investments(tables),
    ):
        frame = frame.join(beside, on="partner_fund_id", how="left", validate="1:1")
    for beside in (_presence(stakes, as_of), _agreements(stakes, as_of), _ends(tables, funds, as_of)):
        frame = frame.join(beside, on="entity", how="left", validate="m:1")
    frame = frame.join(_extensions(tables, funds, as_of), on="partner_fund_id", how="left", validate="1:1")
    set_up = pl.col("set_up_on") <= as_of
    size = pl.col("opening_size") + pl.col("changed").fill_null(pl.lit(0).cast(_CENTS))
    frame = frame.with_columns(
        name=pl.coalesce("named", "name"),
        entity_id=pl.col("entity"),
        committed_size=pl.when(set_up).then(size),
        counted=pl.col("principal") & pl.col("counted_from").is_not_null(),
        exited=pl.col("exited").fill_null(value=False),
        status=_status(as_of),
        as_of=pl.lit(as_of),
    )
    frame = frame.with_columns(
        paid_in_rate=ratio(pl.col("paid_in"), pl.col("committed_size")),
        guidance_share=ratio(pl.col("guidance_committed"), pl.col("committed_size")),
    )
    return frame.select(pl.col(name).cast(dtype) for name, dtype in SUMMARY.items()).sort("partner_fund_id")


def _status(as_of: date) -> pl.Expr:
    """Derive a fund's stage from its dates alone."""
    chain = pl.when(pl.col("dissolved_on").is_not_null()).then(pl.lit("已注销"))
    for stage, holds in (
        ("清算", pl.col("liquidated_on").is_not_null()),
        ("已签约", _later("set_up_on", as_of) & pl.col("signed")),
        ("已批复", _later("set_up_on", as_of) & pl.col("approved")),
        (None, _later("set_up_on", as_of)),
        ("延长期", pl.col("extended") & ~(pl.col("first_term_end") >= as_of).fill_null(value=False)),
        ("退出期", pl.col("investment_end") < as_of),
        ("投资期", pl.col("first_invested_on") <= as_of),
        ("已备案", pl.col("filed_on") <= as_of),
    ):
        chain = chain.when(holds).then(pl.lit(stage))  # type: ignore[assignment]
    return chain.otherwise(pl.lit("已设立"))


def _later(name: str, as_of: date) -> pl.Expr:
    """Tell whether a day is unknown or after the date."""
    return pl.col(name).is_null() | (pl.col(name) > as_of)


def _names(tables: Tables, as_of: date) -> pl.DataFrame:
    """List partner_fund_id, named: the name that renamings give a fund on a day, where they give any."""
    changes = (
        tables["fund_change"].filter(pl.col("kind") == "renamed").sort("partner_fund_id", "effective_on")
    )
    following = pl.col("before").shift(-1).over("partner_fund_id")
    done = changes.with_columns(after=pl.coalesce("after", following)).filter(pl.col("effective_on") <= as_of)
    done = done.group_by("partner_fund_id").agg(pl.col("after").last())
    ahead = (
        changes.filter(pl.col("effective_on") > as_of)
        .group_by("partner_fund_id")
        .agg(pl.col("before").first())
    )
    both = done.join(ahead, on="partner_fund_id", how="full", coalesce=True)
    renamed = pl.col("partner_fund_id").is_in(done["partner_fund_id"].implode())
    return both.select("partner_fund_id", named=pl.when(renamed).then("after").otherwise("before"))


def _managers(tables: Tables, as_of: date) -> pl.DataFrame:
    """List partner_fund_id, manager_id, manager: who manages a fund on a day."""
    spells = manager_spells(tables)
    begun = pl.col("from_on").is_null() | (pl.col("from_on") <= as_of)
    lasting = _later("until_on", as_of)
    return spells.filter(begun & lasting).select("partner_fund_id", "manager_id", "manager")


def _sizes(tables: Tables, as_of: date) -> pl.DataFrame:
    """List partner_fund_id, changed: how far a fund's size has moved since its establishment."""
    changes = size_changes(tables).filter(pl.col("day") <= as_of)
    return changes.group_by("partner_fund_id").agg(changed=pl.col("amount").sum())


def _payments(tables: Tables, as_of: date) -> pl.DataFrame:
    """List partner_fund_id, paid_in, in the fund's own currency: nothing paid yet is zero, no record at all is unknown."""
    rows = tables["fund_paid_in"].select("partner_fund_id", "paid_on", "amount", written="currency")
    rows = rows.filter(pl.col("paid_on").is_not_null() & pl.col("amount").is_not_null())
    until = pl.when(pl.col("paid_on") <= as_of).then("amount").cast(_CENTS).sum()
    sums = rows.group_by("partner_fund_id", "written").agg(paid_in=until)
    funds = tables["partner_fund"].select("partner_fund_id", "currency")
    sums = sums.join(funds, on="partner_fund_id", validate="m:1")
    own = sums.filter(pl.col("written").is_null() | (pl.col("written") == pl.col("currency")))
    return own.group_by("partner_fund_id").agg(pl.col("paid_in").sum())


def _guidance(tables: Tables, stakes: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """List partner_fund_id and what guidance funds had committed and paid, in the fund's own currency."""
    committed = (
        agreed_stakes(stakes, as_of)
        .group_by("partner_fund_id")
        .agg(
            guidance_committed=pl.when(pl.col("commitment").count() > 0).then(
                pl.col("commitment").cast(_CENTS).sum()
            ),
        )
    )
    each = _sum_until("amount", "occurred_on", as_of)
    paid = (
        _owned(_calls(tables).group_by("participation_id", "currency").agg(each), stakes)
        .group_by("partner_fund_id")
        .agg(guidance_paid_in=pl.col("amount").sum())
    )
    return committed.join(paid, on="partner_fund_id", how="full", coalesce=True)


def agreed_stakes(stakes: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Keep the participations whose commitment holds on a day and is in their fund's own currency."""
    own = stakes.filter(pl.col("currency") == pl.col("fund_currency"))
    return own.filter((pl.col("signed_on") <= as_of) & _later("void_from", as_of))


def guidance_calls(tables: Tables, stakes: pl.DataFrame) -> pl.DataFrame:
    """List row_key, participation_id, partner_fund_id, occurred_on, amount: calls paid, in the fund's own currency."""
    return _owned(_calls(tables, "row_key"), stakes)


def _calls(tables: Tables, *keys: str) -> pl.DataFrame:
    rows = tables["cash_flow"].select(*keys, "kind", "participation_id", "occurred_on", "amount", "currency")
    paid = pl.col("amount").is_not_null() & pl.col("occurred_on").is_not_null()
    return rows.filter((pl.col("kind") == "call") & paid).drop("kind")


def _owned(calls: pl.DataFrame, stakes: pl.DataFrame) -> pl.DataFrame:
    """Join the fund of each call, and keep those in the fund's own currency."""
    funds = stakes.select("participation_id", "partner_fund_id", "fund_currency")
    calls = calls.join(funds, on="participation_id")
    return calls.filter(pl.col("currency") == pl.col("fund_currency"))


def _sum_until(amount: str, day: str, as_of: date) -> pl.Expr:
    return pl.col(amount).filter(pl.col(day) <= as_of).cast(_CENTS).sum()


def _first_investments(tables: Tables) -> pl.DataFrame:
    """List partner_fund_id, first_invested_on."""
    rows = tables["investment"].group_by("partner_fund_id")
    return rows.agg(first_invested_on=pl.col("invested_on").min())


def _presence(stakes: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """List entity, counted_from, guidance_funds: since when and by how many an entity counts."""
    counting = stakes.filter(
        pl.col("programme") & (pl.col("counts_from") <= as_of) & _later("void_from", as_of)
    )
    return counting.group_by("entity").agg(
        counted_from=pl.col("counts_from").min(),
        guidance_funds=pl.col("guidance_fund_id").n_unique().cast(pl.Int64),
    )


def _agreements(stakes: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """List entity, approved, signed: whether a participation that has not ended was approved or agreed."""
    live = stakes.filter(_later("dropped_on", as_of))
    return live.group_by("entity").agg(
        approved=(pl.col("approved_on") <= as_of).any(), signed=(pl.col("signed_on") <= as_of).any()
    )


def _ends(tables: Tables, funds: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """List entity, liquidated_on, dissolved_on, exited: how far a fund is at its end, by any of its rows."""
    changes = tables["fund_change"].filter(
        pl.col("kind").is_in(LIQUIDATION) & (pl.col("effective_on") <= as_of)
    )
    entity = funds.select("partner_fund_id", "entity")
    ended = changes.join(entity, on="partner_fund_id", validate="m:1").group_by("entity")
    ends = ended.agg(
        liquidated_on=pl.col("effective_on").min(),
        dissolved_on=pl.col("effective_on").filter(pl.col("kind") == "dissolved").min(),
    )
    return ends.join(_exits(tables, entity, as_of), on="entity", how="full", coalesce=True)


def _exits(tables: Tables, entity: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """List entity, exited: whether guidance funds have sold all they had paid for; entities that sold anything."""
    flows = tables["cash_flow"].filter((pl.col("occurred_on") <= as_of) & pl.col("amount").is_not_null())
    sold = (pl.col("kind") == "exit_proceeds") | pl.col("exit_kind").is_not_null()
    stakes = tables["participation"].select("participation_id", "partner_fund_id")
    stakes = stakes.join(entity, on="partner_fund_id", validate="m:1")
    some = stakes.join(flows.filter(sold), on="participation_id", how="semi")
    flows = flows.join(stakes.join(some, on="entity", how="semi"), on="participation_id", validate="m:1")
    cost = pl.coalesce("cost_basis", "principal").filter(sold).cast(_CENTS).sum()
    paid = pl.col("amount").filter(pl.col("kind") == "call").cast(_CENTS).sum()
    return flows.group_by("entity").agg(exited=(paid > 0) & (cost >= paid))


def _extensions(tables: Tables, funds: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """List partner_fund_id, extended, first_term_end: whether a term was extended, and when it first ended.

    That end is what the first extension says it was, else the fund row's, unless an extension set that one.
    """
    changes = (
        tables["fund_change"].filter(pl.col("kind") == "extended").sort("partner_fund_id", "effective_on")
    )
    terms = changes.join(funds.select("partner_fund_id", "term_end"), on="partner_fund_id", validate="m:1")
    rows = terms.select("partner_fund_id", "effective_on", "before", "after", "term_end").iter_rows()
    return pl.DataFrame(
        list(_first_terms(rows, as_of)),
        schema={"partner_fund_id": pl.String, "extended": pl.Boolean, "first_term_end": pl.Date},
        orient="row",
    )


def _first_terms(
    rows: Iterator[tuple[str, date, str | None, str | None, date | None]], as_of: date
) -> Iterator[tuple[str, bool, date | None]]:
    by_fund: dict[str, list[tuple[date, str | None, str | None, date | None]]] = {}
    for fund, *change in rows:
        by_fund.setdefault(fund, []).append(tuple(change))  # type: ignore[arg-type]
    for fund, changes in by_fund.items():
        first_on, before, _, stated = changes[0]
        set_by_extension = stated in {written_day(after) for _, _, after, _ in changes}
        yield fund, first_on <= as_of, written_day(before) or (None if set_by_extension else stated)


def written_day(text: str | None) -> date | None:
    """Read a day written in full; None where it is none.

    >>> written_day("2018年6月30日"), written_day("2017-02-30"), written_day("两年")
    (datetime.date(2018, 6, 30), None, None)
    """
    found = _WRITTEN_DAY.match(text or "")
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None

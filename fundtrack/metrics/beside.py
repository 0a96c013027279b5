"""What must stand beside the targets: what is in them, what is not, and what is still to come."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import polars as pl

from fundtrack.metrics.counting import total
from fundtrack.metrics.entities import shared, valid_uscc
from fundtrack.metrics.funds_at import funds_at
from fundtrack.metrics.members import PROGRAMME, Tables, manager_spells, members, participations
from fundtrack.metrics.progress import plans
from fundtrack.money import MONEY

BESIDE: Final[dict[str, pl.DataType]] = {
    "code": pl.String(), "item": pl.String(), "value": MONEY, "unit": pl.String(), "currency": pl.String(),
    "day": pl.Date(),
}  # fmt: skip
"""The columns of beside: all have a unit, money that of its currency, and a dated fact has its day."""

PIPELINE: Final[dict[str, pl.DataType]] = {
    "partner_fund_id": pl.String(), "name": pl.String(), "manager": pl.String(), "status": pl.String(),
    "stage_now": pl.String(), "approved_on": pl.Date(), "expected_on": pl.Date(), "approval_no": pl.String(),
    "currency": pl.String(), "size_planned": MONEY, "guidance_planned": MONEY,
}  # fmt: skip
"""The columns of pipeline."""

_MONEY_UNITS: Final = {"CNY": "元", "USD": "美元", "HKD": "港元", "EUR": "欧元", "JPY": "日元", "GBP": "英镑"}
_COUNTED: Final = {"new_hightech_firms": "hightech_on", "new_tech_smes": "tech_sme_on"}


class Item(NamedTuple):
    """A row of beside."""

    code: str
    item: str
    value: Decimal | int | None
    unit: str | None = None
    currency: str | None = None
    day: date | None = None


def _money(code: str, item: str, value: Decimal | None, currency: str) -> Item:
    """Make an item of money; a currency without a unit's name is its own."""
    return Item(code, item, value, _MONEY_UNITS.get(currency, currency), currency)


def beside(tables: Tables, as_of: date) -> pl.DataFrame:
    """List what stands beside each target in force on a day, with the columns of BESIDE.

    partner_funds: in_being = counted - liquidated - exited; pipeline and its amounts; double_counted: under
    several guidance funds, counted once; merged: further rows of the same fund. fund_scale: paid_in of the
    counted funds; what is unknown; other currencies, each for itself. cross_border: set_up with its day,
    planned_size, paid_in (received from the budget), placed (committed to funds) and placed_paid.
    """
    chosen = {plan["code"]: plan for plan in plans(tables["target"], as_of)}
    funds = funds_at(tables, as_of)
    makers: dict[str, Any] = {
        "new_managers": lambda _plan: _new_managers(tables, as_of),
        "partner_funds": lambda _plan: _partner_funds(tables, funds, as_of),
        "fund_scale": lambda plan: _fund_scale(funds, plan["currency"] or "CNY"),
        "cross_border": lambda plan: _cross_border(tables, as_of, plan["currency"] or "USD"),
        "new_hightech_firms": lambda plan: _portfolio(tables, plan, as_of),
        "new_tech_smes": lambda plan: _portfolio(tables, plan, as_of),
    }
    rows = [row for code, plan in chosen.items() if code in makers for row in makers[code](plan)]
    exact = [row._replace(value=None if row.value is None else Decimal(row.value)) for row in rows]
    return pl.DataFrame(exact, schema=BESIDE, orient="row")


def _new_managers(tables: Tables, as_of: date) -> Iterator[Item]:
    """Count agreements whose firm as at signing is unknown: they bring in nobody."""
    stakes = _programme(tables).filter(pl.col("signed_on") <= as_of)
    spells = stakes.join(manager_spells(tables), on="partner_fund_id")
    begun = pl.col("from_on").is_null() | (pl.col("from_on") <= pl.col("signed_on"))
    lasting = pl.col("until_on").is_null() | (pl.col("signed_on") < pl.col("until_on"))
    yield Item(
        "new_managers",
        "manager_unknown",
        spells.filter(begun & lasting & pl.col("house").is_null()).height,
        "份",
    )


def _programme(tables: Tables) -> pl.DataFrame:
    kinds = tables["guidance_fund"].filter(pl.col("kind").is_in(PROGRAMME))
    return tables["participation"].join(kinds, on="guidance_fund_id", how="semi")


def _partner_funds(tables: Tables, funds: pl.DataFrame, as_of: date) -> Iterator[Item]:
    counted = funds.filter("counted")
    liquidated = counted.filter(pl.col("liquidated_on").is_not_null()).height
    exited = counted.filter(pl.col("liquidated_on").is_null() & pl.col("exited")).height
    counts = {
        "in_being": counted.height - liquidated - exited,
        "liquidated": liquidated,
        "exited": exited,
        "double_counted": counted.filter(pl.col("guidance_funds") > 1).height,
        "merged": funds.filter(
            pl.col("entity_id").is_in(counted["entity_id"].implode()) & ~pl.col("counted")
        ).height,
    }
    for item, value in counts.items():
        yield Item("partner_funds", item, value, "只")
    coming = pipeline(tables, as_of)
    yield Item("partner_funds", "pipeline", coming.height, "只")
    for item in ("size_planned", "guidance_planned"):
        for currency, rows in _by_currency(coming):
            yield _money("partner_funds", f"pipeline_{item}", _known(rows[item]), currency)


def _fund_scale(funds: pl.DataFrame, currency: str) -> Iterator[Item]:
    counted = funds.filter("counted")
    own = counted.filter(pl.col("currency") == currency)
    yield _money("fund_scale", "paid_in", _known(own["paid_in"]), currency)
    yield Item("fund_scale", "paid_in_unknown", own["paid_in"].null_count(), "只")
    yield Item("fund_scale", "size_unknown", own["committed_size"].null_count(), "只")
    for other, rows in _by_currency(counted.filter(pl.col("currency") != currency)):
        yield _money("fund_scale", "other_currency", _known(rows["committed_size"]), other)
        yield Item("fund_scale", "other_currency_funds", rows.height, "只", other)


def _cross_border(tables: Tables, as_of: date, currency: str) -> Iterator[Item]:
    own = tables["guidance_fund"].filter(pl.col("kind") == "cross_border")
    if own.is_empty():
        return
    set_up = own.filter(pl.col("established_on") <= as_of)
    yield Item("cross_border", "set_up", set_up.height, "只", day=set_up["established_on"].min())  # type: ignore[arg-type]
    planned = own.filter(pl.col("currency") == currency)["planned_size"]
    yield _money("cross_border", "planned_size", _known(planned), currency)
    flows = tables["guidance_flow"].join(own, on="guidance_fund_id", how="semi")
    flows = flows.filter((pl.col("currency") == currency) & (pl.col("occurred_on") <= as_of))
    yield _money(
        "cross_border",
        "paid_in",
        _known(flows.filter(pl.col("kind") == "received")["amount"]),
        currency,
    )
    early = flows.filter(pl.col("kind") == "committed").join(set_up, on="guidance_fund_id", how="anti")
    yield _money("cross_border", "committed_before_set_up", _known(early["amount"]), currency)
    stakes = participations(tables).join(own, on="guidance_fund_id", how="semi")
    live = pl.col("void_from").is_null() | (pl.col("void_from") > as_of)
    agreed = stakes.filter((pl.col("signed_on") <= as_of) & live & (pl.col("currency") == currency))
    yield _money("cross_border", "placed", _known(agreed["commitment"]), currency)
    until = pl.col("kind").is_in(("call", "fee_outside")) & (pl.col("occurred_on") <= as_of)
    paid = tables["cash_flow"].filter(until).join(stakes, on="participation_id", how="semi")
    yield _money(
        "cross_border",
        "placed_paid",
        _known(paid.filter(pl.col("currency") == currency)["amount"]),
        currency,
    )


def _portfolio(tables: Tables, plan: dict[str, Any], as_of: date) -> Iterator[Item]:
    """Count the portfolio's own firms that were recognised: within the plan, and ever."""
    since = pl.col(_COUNTED[plan["code"]])
    invested = tables["investment"].filter(pl.col("invested_on") <= as_of)
    firms = tables["company"].filter(since <= as_of).join(invested, on="company_id", how="semi")
    same = pl.coalesce(shared(firms["uscc"], valid_uscc), "company_id")
    firms = firms.with_columns(same=same)
    yield Item(
        plan["code"], "portfolio_new", firms.filter(since >= plan["starts_on"])["same"].n_unique(), "家"
    )
    yield Item(plan["code"], "portfolio", firms["same"].n_unique(), "家")


def pipeline(tables: Tables, as_of: date) -> pl.DataFrame:
    """List funds approved or agreed and not yet established, which count nowhere (columns of PIPELINE).

    One row per fund: the date it is expected on, the size it plans (committed, else target), and the amount
    guidance funds were approved to take (else committed).
    """
    funds = members(tables)
    stakes = participations(tables).filter("programme")
    reached = (pl.col("approved_on") <= as_of) | (pl.col("signed_on") <= as_of)
    ended = (pl.col("dropped_on") <= as_of).fill_null(value=False)
    set_up = (pl.col("set_up_on") <= as_of).fill_null(value=False)
    coming = stakes.filter(reached.fill_null(value=False) & ~ended & ~set_up).sort(
        "expected_on", "participation_id", nulls_last=True
    )
    planned = pl.coalesce("approved_amount", "commitment").filter(
        pl.col("currency") == pl.col("fund_currency")
    )
    per_fund = coming.group_by("entity").agg(
        pl.col("approved_on").min(),
        pl.col("expected_on").min(),
        pl.col("stage_now").drop_nulls().first(),
        pl.col("approval_no").drop_nulls().first(),
        guidance_planned=pl.when(planned.count() > 0).then(planned.cast(pl.Decimal(38, 2)).sum()),
    )
    picture = funds_at(tables, as_of).select("partner_fund_id", "name", "manager", "status")
    size = pl.coalesce("committed_size", "target_size").alias("size_planned")
    rows = funds.filter("principal").select("partner_fund_id", "entity", "currency", size)
    rows = rows.join(per_fund, on="entity", validate="1:1").join(
        picture, on="partner_fund_id", validate="1:1"
    )
    rows = rows.select(pl.col(name).cast(dtype) for name, dtype in PIPELINE.items())
    return rows.sort("expected_on", "partner_fund_id", nulls_last=True)


def _known(amounts: pl.Series) -> Decimal | None:
    """Sum what is known; where nothing is, the sum is unknown."""
    return total(amounts) if amounts.count() else None


def _by_currency(rows: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    return [
        (currency, rows.filter(pl.col("currency") == currency))
        for currency in sorted(rows["currency"].unique())
    ]

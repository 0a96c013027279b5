"""Whom rules look at: participations that guidance funds hold, partner funds with the agreement that speaks for them."""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.exact import added, nothing
from fundtrack.metrics.funds_at import funds_at
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.members import Tables, members, participations
from fundtrack.metrics.once import once
from fundtrack.money import MONEY

_CENTS: Final = pl.Decimal(38, 2)
FUND: Final = "partner_fund_id"


@once
def stakes(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show every participation on a day with its terms, its guidance fund's kind and its fund.

    Returns:
        The columns of participation; guidance_kind; set_up_on, fund_currency, committed_size, fund_paid_in,
        liquidated_on, dissolved (of the fund); agreed_on (signed, else approved); paid (calls paid by the day, in
        its own currency; 0.00 where there are none), paid_first_on; sold (all that was paid for), held (signed, not ended before
        any payment, not sold).

    """
    rows = participations(tables)
    at = funds_at(tables, as_of).select(
        FUND,
        "committed_size",
        "liquidated_on",
        fund_paid_in="paid_in",
        dissolved=pl.col("status") == "已注销",
    )
    rows = rows.join(at, on=FUND, how="left", validate="m:1")
    rows = rows.join(_paid(tables, as_of), on=KEY, how="left", validate="1:1")
    rows = rows.with_columns(pl.col("paid", "sold_cost").fill_null(nothing().cast(_CENTS)).cast(MONEY))
    rows = rows.with_columns(
        agreed_on=pl.coalesce("signed_on", "approved_on"),
        sold=(pl.col("paid") > 0) & (pl.col("sold_cost") >= pl.col("paid")),
    )
    over = (pl.col("void_from") <= as_of).fill_null(value=False)
    signed = (pl.col("signed_on") <= as_of).fill_null(value=False)
    return rows.with_columns(held=signed & ~over & ~pl.col("sold")).sort(KEY)


@once
def funds(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show every partner fund on a day with the first agreement that speaks for it.

    Returns:
        The columns of partner_fund; name as of the day; committed_size_at, paid_in, status, liquidated_on, exited;
        set_up_on; agreed_on, guidance_kind, guidance_fund_id, participation_id of its earliest participation;
        live (set up, not dissolved, guidance money not sold, at least one of its participations, if it has any, held),
        dropped_on (the day on which the last participation ended before any payment, where all did).

    """
    at = funds_at(tables, as_of).select(
        FUND, "paid_in", "status", "liquidated_on", "exited", committed_size_at="committed_size"
    )
    rows = tables["partner_fund"].join(at, on=FUND, how="left", validate="1:1")
    rows = rows.join(members(tables).select(FUND, "set_up_on"), on=FUND, validate="1:1")
    every = stakes(tables, as_of)
    void = (pl.col("void_from") <= as_of).fill_null(value=False)
    held = every.group_by(FUND).agg(
        held=pl.col("held").any(), dropped_on=pl.when(void.all()).then(pl.col("void_from").max())
    )
    rows = rows.join(held, on=FUND, how="left", validate="1:1")
    first = every.sort(FUND, "agreed_on", KEY, nulls_last=True)
    first = first.unique(FUND, keep="first", maintain_order=True)
    first = first.select(FUND, "agreed_on", "guidance_kind", "guidance_fund_id", KEY, "signed_on")
    rows = rows.join(first, on=FUND, how="left", validate="1:1")
    up = (pl.col("set_up_on") <= as_of).fill_null(value=False)
    live = up & (pl.col("status") != "已注销") & ~pl.col("exited") & pl.col("held").fill_null(value=True)
    return rows.with_columns(live=live.fill_null(value=False)).sort(FUND)


def _paid(tables: Tables, as_of: date) -> pl.DataFrame:
    """List participation_id, paid, paid_first_on, sold_cost: calls paid and the cost of what was sold, by a day."""
    own = tables["participation"].select(KEY, own="currency")
    flows = tables["cash_flow"].filter((pl.col("occurred_on") <= as_of) & pl.col("amount").is_not_null())
    flows = flows.join(own, on=KEY, validate="m:1").filter(pl.col("currency") == pl.col("own"))
    called = (pl.col("kind") == "call") & (pl.col("amount") > 0)
    sold = (pl.col("kind") == "exit_proceeds") | pl.col("exit_kind").is_not_null()
    return flows.group_by(KEY).agg(
        paid=added(pl.col("amount").filter(called)),
        paid_first_on=pl.col("occurred_on").filter(called).min(),
        sold_cost=added(pl.coalesce("cost_basis", "principal").filter(sold)),
    )

"""What stands beside the targets: the pipeline, and counted funds that are liquidated, exited or in being."""

import polars as pl

from fundtrack.metrics import beside as stands_beside
from fundtrack.metrics.funds_at import LIQUIDATION, funds_at
from fundtrack.metrics.lineage.counted import funds_counted, stakes_of
from fundtrack.metrics.lineage.figure import ONE, Ask, Figure, Part, money, parts
from fundtrack.metrics.members import members


def pipeline(ask: Ask) -> Figure:
    """Funds approved or agreed and not yet established, by the cell that approved them."""
    coming = stands_beside.pipeline(ask.tables, ask.as_of)
    return ask.figure(money(coming.height), "sum", parts=tuple(_coming(ask)))


def pipeline_money(ask: Ask) -> Figure:
    """The size that pipeline funds of a currency plan: committed, else target size."""
    coming = stands_beside.pipeline(ask.tables, ask.as_of).filter(pl.col("currency") == ask.currency)
    sized = coming.filter(pl.col("size_planned").is_not_null())
    if sized.is_empty():
        return ask.figure(None, "given")
    funds = ask.tables["partner_fund"].join(sized.select("partner_fund_id"), on="partner_fund_id", how="semi")
    stated = funds.filter(pl.col("committed_size").is_not_null())
    planned = funds.filter(pl.col("committed_size").is_null())
    found = [
        *parts(stated, "partner_fund", "committed_size", "committed_size", "planned"),
        *parts(planned, "partner_fund", "target_size", "target_size", "planned"),
    ]
    return ask.figure(money(sized["size_planned"].cast(pl.Decimal(38, 2)).sum()), "sum", parts=tuple(found))


def ended(ask: Ask) -> Figure:
    """Counted funds that are liquidated or have been exited, by the row that says so; or those in being."""
    funds = funds_at(ask.tables, ask.as_of).filter("counted")
    gone = funds.filter(pl.col("liquidated_on").is_not_null())
    sold = funds.filter(pl.col("liquidated_on").is_null() & pl.col("exited"))
    if ask.metric == "in_being":
        found = tuple(funds_counted(ask.tables, {}, ask.as_of))
        counting = ask.of("partner_funds").figure(money(funds.height), "sum", currency=None, parts=found)
        sides = (
            ("actual", counting),
            ("liquidated", ended(ask.of("liquidated"))),
            ("exited", ended(ask.of("exited"))),
        )
        return ask.figure(
            money(funds.height - gone.height - sold.height), "minus", currency=None, sides=sides
        )
    chosen = gone if ask.metric == "liquidated" else sold
    entity = members(ask.tables).select("partner_fund_id", "entity")
    own = entity.join(chosen.select(entity="entity_id"), on="entity", how="semi")
    if ask.metric == "liquidated":
        rows = ask.tables["fund_change"].filter(
            pl.col("kind").is_in(LIQUIDATION) & (pl.col("effective_on") <= ask.as_of)
        )
        rows = rows.join(own, on="partner_fund_id").select("entity", "row_key", day="effective_on")
        table, name = "fund_change", "effective_on"
    else:
        stakes = (
            ask.tables["participation"]
            .select("participation_id", "partner_fund_id")
            .join(own, on="partner_fund_id")
        )
        flows = ask.tables["cash_flow"].filter(pl.col("occurred_on") <= ask.as_of)
        back = (pl.col("kind") == "exit_proceeds") | pl.col("exit_kind").is_not_null()
        rows = (
            flows.filter(back)
            .join(stakes, on="participation_id")
            .select("entity", "row_key", day="occurred_on")
        )
        table, name = "cash_flow", "occurred_on"
    last = rows.sort("entity", "day", "row_key").unique(
        "entity", keep="last" if table == "cash_flow" else "first", maintain_order=True
    )
    found = tuple(
        Part(table, key, name, ONE, ask.metric, on) for key, on in last.select("row_key", "day").iter_rows()
    )
    return ask.figure(money(chosen.height), "sum", currency=None, parts=found)


def _coming(ask: Ask) -> list[Part]:
    coming = stands_beside.pipeline(ask.tables, ask.as_of).select("partner_fund_id")
    entity = (
        members(ask.tables).select("partner_fund_id", "entity").join(coming, on="partner_fund_id", how="semi")
    )
    stakes = stakes_of(ask.tables).join(entity.select("entity"), on="entity", how="semi")
    reached = stakes.with_columns(
        field=pl.when(pl.col("approved_on") <= ask.as_of).then(pl.lit("approved_on")).when(pl.col("signed_on") <= ask.as_of)
        .then(pl.lit("signed_on")),
        on=pl.when(pl.col("approved_on") <= ask.as_of).then("approved_on").otherwise("signed_on"),
    ).filter(pl.col("field").is_not_null() & ~(pl.col("dropped_on") <= ask.as_of).fill_null(value=False))  # fmt: skip
    first = reached.sort("entity", "on", "participation_id").unique(
        "entity", keep="first", maintain_order=True
    )
    return [
        Part("participation", key, field, ONE, "pipeline", on)
        for key, field, on in first.select("row_key", "field", "on").iter_rows()
    ]

"""Rules on who leaves first and on what is to be handed on: EXIT_ORDER, REMIT_LATE."""

import hashlib
from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.groups import KEY
from fundtrack.metrics.members import Tables, members
from fundtrack.metrics.once import once
from fundtrack.metrics.rules.finding import Examined, evidence, examined
from fundtrack.metrics.rules.subjects import FUND, funds, stakes
from fundtrack.metrics.rules.terms import bound, rule_rows, settled

_CENTS: Final = pl.Decimal(38, 2)


def exit_order(tables: Tables, as_of: date) -> Examined:
    """EXIT_ORDER: another investor withdrew (退伙, or 减资 to nothing) while a guidance fund was still in the fund.

    A stake handed on to others on the same day (转出 met by 受让) leaves the fund's capital where it was and is none. Occurrence: the day and
    six digits that stand for the investor, who may be a person. Incomplete where no investors are listed.
    """
    own = members(tables).select(FUND, "set_up_on", own="currency")
    rows = tables["investor_commitment"].join(own, on=FUND, validate="m:1")
    rows = rows.with_columns(day=pl.coalesce("effective_on", "set_up_on")).filter(pl.col("day") <= as_of)
    rows = rows.sort(FUND, "investor", "day", pl.col("amount") < 0, "row_key")
    rows = rows.with_columns(
        left=pl.col("amount").cum_sum().over(FUND, "investor"),
        handed=pl.col("amount")
        .filter(pl.col("reason").is_in(("transferred", "acquired")))
        .sum()
        .over(FUND, "day"),
    )
    gone = (pl.col("amount") < 0) & (pl.col("left") <= 0) & (pl.col("kind") != "guidance")
    onward = (pl.col("reason") == "transferred") & (pl.col("handed") >= 0)
    stays = _guidance_stays(tables, as_of)
    seen = funds(tables, as_of).filter(pl.col("agreed_on").is_not_null() & (pl.col("set_up_on") <= as_of))
    seen = bound(seen, rule_rows(tables, "EXIT_ORDER"), as_of).with_columns(
        entity_table=pl.lit("partner_fund"), entity=FUND
    )
    events = rows.filter(gone & ~onward.fill_null(value=False)).join(stays, on=FUND, validate="m:1")
    events = events.filter(
        (pl.col("first_on") <= pl.col("day"))
        & (pl.col("last_on").is_null() | (pl.col("day") < pl.col("last_on")))
    )
    mask = [hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()[:6] for key in events["row_key"]]
    events = events.with_columns(
        occurrence=pl.concat_str(
            pl.col("day").cast(pl.String), pl.Series("mask", mask, dtype=pl.String), separator="|"
        )
    ).select(FUND, "occurrence", occurred_on="day", amount=-pl.col("amount"), change="row_key")
    found = seen.join(events, on=FUND, validate="1:m").with_columns(found=settled(pl.lit(value=True)))
    rest = seen.filter(~pl.col(FUND).is_in(found[FUND].implode()))
    listed = pl.col(FUND).is_in(rows[FUND].unique().implode())
    rest = rest.with_columns(
        occurrence=pl.lit(""),
        found=pl.when(listed).then(pl.lit(value=False)),
        rule_key=pl.lit(None, dtype=pl.String),
    )
    shown = [
        evidence(found, "investor_commitment", "value", "change", "amount"),
        evidence(rest, "partner_fund", "missing"),
    ]
    return examined([found, rest], shown)


def _guidance_stays(tables: Tables, as_of: date) -> pl.DataFrame:
    """List partner_fund_id, first_on, last_on: since when guidance funds are in a fund, and the day on which the last left."""
    own = stakes(tables, as_of).filter(
        (pl.col("signed_on") <= as_of) & ~(pl.col("void_from") <= as_of).fill_null(value=False)
    )
    sales = tables["cash_flow"].filter(
        (pl.col("kind") == "exit_proceeds") | pl.col("exit_kind").is_not_null()
    )
    last = sales.filter(pl.col("occurred_on") <= as_of).group_by(KEY).agg(sold_on=pl.col("occurred_on").max())
    own = own.join(last, on=KEY, how="left", validate="1:1")
    ended = pl.when(pl.col("sold")).then("sold_on")
    return own.group_by(FUND).agg(
        first_on=pl.max_horizontal("signed_on", "set_up_on").min(),
        last_on=pl.when(pl.col("sold").all()).then(ended.max()),
    )


def _received(tables: Tables, as_of: date) -> pl.DataFrame:
    """Keep the flows of what a guidance fund received and is to remit."""
    return tables["cash_flow"].filter(
        pl.col("kind").is_in(("distribution", "exit_proceeds"))
        & (pl.col("occurred_on") <= as_of)
        & (pl.col("amount") > 0)
    )


@once
def receipts(tables: Tables, as_of: date) -> pl.DataFrame:
    """List participation_id, flow, received: all that its guidance fund had received in its currency with each receipt, over all partner funds."""
    flows = _received(tables, as_of).select(KEY, "occurred_on", "amount", "currency", flow="row_key")
    own = tables["participation"].select(KEY, "guidance_fund_id")
    by = ["guidance_fund_id", "currency"]
    rows = flows.join(own, on=KEY, validate="m:1").sort(*by, "occurred_on", "flow")
    return rows.select(KEY, "flow", received=pl.col("amount").cast(_CENTS).cum_sum().over(by))


def remit_late(tables: Tables, as_of: date) -> Examined:
    """REMIT_LATE: what a guidance fund received from a partner fund, remitted later than agreed or not yet.

    Receipts (分配, 退出回款) and remittances (本金上缴, 收益上缴) of one guidance fund and currency are matched first in, first out. What may be
    called again (可召回分配) is not to be remitted.

        value   days from the receipt until all of it was remitted, else until the day; limit  the agreement's 上缴期限
        amount  the receipt

    Entity: the participation; occurrence: kind, day and line of the receipt. Incomplete where nothing says how many days.
    """
    flows = _received(tables, as_of).select(
        KEY, "kind", "occurred_on", "amount", "currency", "line_no", flow="row_key"
    )
    own = stakes(tables, as_of).select(
        KEY, FUND, "guidance_kind", "guidance_fund_id", "agreed_on", "remit_days", "row_key"
    )
    rows = flows.join(own, on=KEY, validate="m:1")
    by = ["guidance_fund_id", "currency"]
    known = receipts(tables, as_of).select("flow", "received")
    rows = rows.join(known, on="flow", validate="1:1")
    sent = tables["guidance_flow"].filter(
        pl.col("kind").is_in(("principal_remitted", "income_remitted")) & (pl.col("occurred_on") <= as_of)
    )
    sent = sent.sort(*by, "occurred_on", "row_key").select(
        *by,
        sent_on="occurred_on",
        sent=pl.col("amount").abs().cast(_CENTS).cum_sum().over(by),
        sending="row_key",
    )
    rows = rows.sort("received").join_asof(
        sent.sort("sent"),
        left_on="received",
        right_on="sent",
        by=by,
        strategy="forward",
        check_sortedness=False,
    )
    rows = bound(rows, rule_rows(tables, "REMIT_LATE"), as_of, own="remit_days").with_columns(
        sent_on=pl.when(pl.col("sent_on").is_not_null()).then(pl.max_horizontal("sent_on", "occurred_on"))
    )
    days = (pl.col("sent_on").fill_null(as_of) - pl.col("occurred_on")).dt.total_days()
    late = days > pl.col("limit_term")
    rows = rows.with_columns(
        entity_table=pl.lit("participation"), entity=KEY, unit=pl.lit("days"), found=settled(late),
        value=days.cast(pl.Float64), limit_value=pl.col("limit_term").cast(pl.Float64),
        occurrence=pl.concat_str("kind", pl.col("occurred_on").cast(pl.String), pl.col("line_no").fill_null(""), separator="|"),
    )  # fmt: skip
    agreed = pl.col("bound_by") == "agreement"
    told = rows.filter(pl.col("found").fill_null(value=True))  # what is clear shows nothing
    shown = [
        evidence(told, "cash_flow", "value", "flow", "amount"),
        evidence(told, "guidance_flow", "value", "sending", "occurred_on"),
        evidence(told.filter(agreed), "participation", "limit", field="remit_days"),
        evidence(told.filter(pl.col("limit_term").is_null()), "participation", "missing", field="remit_days"),
    ]
    return examined([rows], shown)

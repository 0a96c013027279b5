"""LATE_CALL: money due to a fund that came late or not at all, and guidance money that came before private money."""

from datetime import date

import polars as pl

from fundtrack.metrics.exact import added
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.members import Tables
from fundtrack.metrics.rules.finding import Examined, evidence, examined
from fundtrack.metrics.rules.subjects import FUND, funds, stakes
from fundtrack.metrics.rules.terms import bound, rule_rows, settled

_GOVERNED = ("guidance", "public", "state_owned")
_NONE = pl.lit(None, dtype=pl.Boolean)


def late_call(tables: Tables, as_of: date) -> Examined:
    """LATE_CALL, in three parts; days count up to the payment, else to the day looked at.

        guidance   a call on a guidance fund (资金往来): entity the participation, occurrence its due date and line
        investors  a call on the fund's other investors (基金实缴), all who are late together: entity the fund
        before     guidance money paid before the last private investor of the same call: entity the participation
        value      days late, or days before; limit  days of grace (the due date itself is agreed)
        amount     what is late; of `before` what the guidance fund paid

    Incomplete where a call has no due date.
    """
    parts = [_guidance(tables, as_of), _investors(tables, as_of), _before(tables, as_of)]
    rows = [part.with_columns(unit=pl.lit("days")) for part, _ in parts]
    return examined(rows, [shown for _, shown in parts])


def _graced(tables: Tables, rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Put the days of grace beside rows; that the call is due at all is agreed."""
    graced = bound(rows, rule_rows(tables, "LATE_CALL", "到期宽限"), as_of)
    return graced.with_columns(
        rule_from=pl.coalesce("agreed_on", "rule_from"),
        bound_by=pl.col("bound_by").replace("rule", "agreement"),
    )


def _judged(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Judge rows that were due, with their days of grace: paid_on and amount of the payment, due_on and due_amount of the call."""
    paid = (pl.col("paid_on") <= as_of).fill_null(value=False)
    short = paid & (pl.col("amount") < pl.col("due_amount")).fill_null(value=False)
    until = pl.when(paid & ~short).then("paid_on").otherwise(pl.lit(as_of))
    days = (until - pl.col("due_on")).dt.total_days()
    at_stake = (
        pl.when(short)
        .then(pl.col("due_amount") - pl.col("amount"))
        .otherwise(pl.coalesce("due_amount", "amount"))
    )
    late = days > pl.col("limit_term")
    return rows.with_columns(
        found=pl.when(pl.col("due_on").is_null()).then(_NONE).otherwise(settled(late)),
        value=pl.max_horizontal(days, 0).cast(pl.Float64), limit_value=pl.col("limit_term").cast(pl.Float64),
        at_stake=at_stake, occurred_on="due_on",
    )  # fmt: skip


def _guidance(tables: Tables, as_of: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Judge the calls on guidance funds, by the guidance funds' own books."""
    calls = tables["cash_flow"].filter(pl.col("kind") == "call")
    calls = calls.filter(pl.coalesce("due_on", "occurred_on") <= as_of)
    calls = calls.select(
        KEY, "due_on", "due_amount", "amount", "currency", "line_no", flow="row_key", paid_on="occurred_on"
    )
    own = stakes(tables, as_of).select(KEY, FUND, "guidance_kind", "guidance_fund_id", "agreed_on")
    rows = _judged(_graced(tables, calls.join(own, on=KEY, validate="m:1"), as_of), as_of)
    day = pl.coalesce("due_on", "paid_on").cast(pl.String)
    rows = rows.with_columns(
        entity_table=pl.lit("participation"), entity=KEY, amount=pl.when("found").then("at_stake"),
        occurrence=pl.concat_str(pl.lit("call"), day, pl.col("line_no").fill_null(""), separator="|"),
    )  # fmt: skip
    late = pl.col("found").fill_null(value=True)
    return rows, evidence(rows.filter(late), "cash_flow", "value", "flow", "due_on")


def _investors(tables: Tables, as_of: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Judge the calls on a fund's other investors; guidance funds' where their own books do not say when they were due."""
    own = (
        funds(tables, as_of)
        .filter(pl.col("agreed_on").is_not_null())
        .select(FUND, KEY, "guidance_kind", "guidance_fund_id", "agreed_on", own="currency")
    )
    known = tables["cash_flow"].filter((pl.col("kind") == "call") & pl.col("due_on").is_not_null())
    known = known.join(tables["participation"].select(KEY, FUND, "guidance_fund_id"), on=KEY, validate="m:1")
    rows = tables["fund_paid_in"].filter(pl.coalesce("due_on", "paid_on") <= as_of)
    rows = rows.join(known, on=[FUND, "guidance_fund_id"], how="anti", maintain_order="left")
    rows = rows.select(
        FUND, "due_on", "due_amount", "paid_on", "amount", "currency", _call_name(), flow="row_key"
    )
    rows = _judged(rows.join(_graced(tables, own, as_of), on=FUND, validate="m:1"), as_of)
    late = pl.col("found")
    each = rows.group_by(FUND, "call_name", "due_on", maintain_order=True).agg(
        pl.col("limit_value", "source", "force", "bound_by", "rule_from", "rule_key", "occurred_on").first(),
        found=late.any(ignore_nulls=False), value=pl.col("value").max(), amount=added(pl.col("at_stake").filter(late)),
        currency=pl.coalesce("currency", "own").first(),
    )  # fmt: skip
    told = rows.filter(late.fill_null(value=True)).with_columns(_of_investors())
    return each.with_columns(_of_investors()), evidence(told, "fund_paid_in", "value", "flow", "due_on")


def _of_investors() -> list[pl.Expr]:
    """The subject of what is late together: the fund, one of its calls and when that was due."""
    due = pl.col("due_on").cast(pl.String).fill_null("")
    return [
        pl.lit("partner_fund").alias("entity_table"), pl.col(FUND).alias("entity"),
        pl.concat_str(pl.lit("investors"), "call_name", due, separator="|").alias("occurrence"),
    ]  # fmt: skip


def _call_name() -> pl.Expr:
    day = pl.coalesce("due_on", "paid_on").cast(pl.String)
    return pl.coalesce("call_no", day).alias("call_name")


def _before(tables: Tables, as_of: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Compare when guidance and private money of one call came."""
    kinds = (
        tables["investor_commitment"]
        .select(FUND, "investor", "kind")
        .unique([FUND, "investor"], keep="first")
    )
    governed = kinds.filter(pl.col("kind").is_in(_GOVERNED))
    rows, paid = tables["fund_paid_in"], pl.col("paid_on") <= as_of
    guided = rows.filter(pl.col("guidance_fund_id").is_not_null() & paid & (pl.col("amount") > 0))
    guided = guided.with_columns(_call_name())
    private = rows.filter(
        pl.col("guidance_fund_id").is_null() & (pl.coalesce("due_on", "paid_on") <= as_of)
    ).select(FUND, "investor", _call_name(), "row_key", day=pl.when(paid).then("paid_on").otherwise(as_of))
    private = private.join(governed, on=[FUND, "investor"], how="anti")
    last = private.group_by(FUND, "call_name").agg(last_on=pl.col("day").max())
    own = stakes(tables, as_of).select(
        KEY, FUND, "guidance_kind", "guidance_fund_id", "agreed_on", own="currency"
    )
    each = guided.join(last, on=[FUND, "call_name"], validate="m:1").join(
        own, on=[FUND, "guidance_fund_id"], validate="m:m"
    )
    each = bound(each, rule_rows(tables, "LATE_CALL", "先于社会资本"), as_of)
    days = (pl.col("last_on") - pl.col("paid_on")).dt.total_days()
    each = each.with_columns(
        found=settled(days > pl.col("limit_term")), value=pl.max_horizontal(days, 0).cast(pl.Float64),
        limit_value=pl.col("limit_term").cast(pl.Float64), occurred_on="paid_on", entity_table=pl.lit("participation"),
        entity=KEY, currency=pl.coalesce("currency", "own"),
        occurrence=pl.concat_str(pl.lit("before"), "call_name", pl.col("line_no").fill_null(""), separator="|"),
    ).with_columns(amount=pl.when("found").then("amount"))  # fmt: skip
    told = each.filter(pl.col("found").fill_null(value=True))
    flows = (
        told.select(FUND, "call_name", day="last_on").unique().join(private, on=[FUND, "call_name", "day"])
    )
    flows = flows.group_by(FUND, "call_name").agg(last_flow=pl.col("row_key").max())
    told = told.join(flows, on=[FUND, "call_name"], how="left", validate="m:1", maintain_order="left")
    shown = [
        evidence(told, "fund_paid_in", "value", field="paid_on"),
        evidence(told, "fund_paid_in", "base", "last_flow", "paid_on"),
    ]
    return each, pl.concat(shown)

"""Rules on money and approvals that lead nowhere: NOT_SETUP_1Y, IDLE_1Y, IDLE_RATIO."""

from datetime import date

import polars as pl

from fundtrack.metrics.exact import added, exceeds
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.members import Tables
from fundtrack.metrics.reports_at import newest_reports
from fundtrack.metrics.rules.finding import Examined, evidence, examined
from fundtrack.metrics.rules.subjects import FUND, funds, stakes
from fundtrack.metrics.rules.terms import bound, rule_rows, settled
from fundtrack.money import ratio


def not_setup(tables: Tables, as_of: date) -> Examined:
    """NOT_SETUP_1Y: approved so many days ago, the fund not established, the participation not ended.

        value  days since the approval; null once the fund is established

    Incomplete where the fund is not established and the day of approval is unknown.
    """
    dropped = (pl.col("dropped_on") <= as_of).fill_null(value=False)
    later = (pl.col("approved_on") > as_of).fill_null(value=False)
    rows = stakes(tables, as_of).filter(~dropped & ~later)
    rows = bound(rows, rule_rows(tables, "NOT_SETUP_1Y"), as_of)
    up = (pl.col("set_up_on") <= as_of).fill_null(value=False)
    days = (pl.lit(as_of) - pl.col("approved_on")).dt.total_days()
    waited = pl.when(up).then(pl.lit(value=False)).otherwise(days >= pl.col("limit_term"))
    rows = rows.with_columns(
        entity_table=pl.lit("participation"), entity=KEY, occurrence=pl.lit(""), unit=pl.lit("days"),
        found=pl.when(up).then(pl.lit(value=False)).otherwise(settled(waited)),
        value=pl.when(~up).then(days.cast(pl.Float64)), limit_value=pl.col("limit_term").cast(pl.Float64),
        amount=pl.coalesce("commitment", "approved_amount"), occurred_on=_after("approved_on"),
    )  # fmt: skip
    missing = pl.when(pl.col("approved_on").is_null()).then(pl.lit("missing")).otherwise(pl.lit("value"))
    own = rows.join(tables["partner_fund"].select(FUND, fund_key="row_key"), on=FUND, validate="m:1")
    shown = [
        evidence(rows, "participation", "value", field="approved_on").with_columns(
            role=rows.select(missing).to_series()
        ),
        evidence(own, "partner_fund", "missing", "fund_key", "established_on"),
    ]
    return examined([rows], shown)


def idle_year(tables: Tables, as_of: date) -> Examined:
    """IDLE_1Y: guidance money paid so many days ago, and no investment of the fund since.

        value   days since the first payment after the fund's last investment; null where there is none
        amount  what was paid since then

    Examined: participations held and paid, in funds that are not being liquidated. Incomplete where the fund's newest report
    states more invested than the ledger lists.
    """
    rows = stakes(tables, as_of).filter(
        pl.col("held") & (pl.col("paid") > 0) & pl.col("liquidated_on").is_null()
    )
    rows = bound(rows, rule_rows(tables, "IDLE_1Y"), as_of)
    made = tables["investment"].filter(pl.col("invested_on") <= as_of)
    last = made.group_by(FUND).agg(last_on=pl.col("invested_on").max(), listed=added(pl.col("amount")))
    rows = rows.join(last, on=FUND, how="left", validate="m:1")
    calls = tables["cash_flow"].filter((pl.col("kind") == "call") & (pl.col("occurred_on") <= as_of))
    calls = calls.filter(pl.col("amount") > 0).select(KEY, "occurred_on", "amount", flow="row_key")
    calls = calls.join(rows.select(KEY, "last_on"), on=KEY, validate="m:1")
    calls = calls.filter(pl.col("last_on").is_null() | (pl.col("occurred_on") > pl.col("last_on")))
    idle = calls.group_by(KEY).agg(idle_on=pl.col("occurred_on").min(), idle=added(pl.col("amount")))
    rows = rows.join(idle, on=KEY, how="left", validate="1:1")
    said = newest_reports(tables, as_of, "invested").select(FUND, said="invested", report="row_key")
    rows = rows.join(said, on=FUND, how="left", validate="m:1")
    days = (pl.lit(as_of) - pl.col("idle_on")).dt.total_days()
    unlisted = (pl.col("said") > pl.col("listed").fill_null(0)).fill_null(value=False)
    waited = (
        pl.when(pl.col("idle_on").is_null()).then(pl.lit(value=False)).otherwise(days >= pl.col("limit_term"))
    )
    rows = rows.with_columns(unlisted=unlisted & waited).with_columns(
        entity_table=pl.lit("participation"), entity=KEY, occurrence=pl.lit(""), unit=pl.lit("days"),
        found=pl.when(~pl.col("unlisted")).then(settled(waited)), value=days.cast(pl.Float64),
        limit_value=pl.col("limit_term").cast(pl.Float64), amount=pl.col("idle"), occurred_on=_after("idle_on"),
    )  # fmt: skip
    paid = calls.with_columns(entity=KEY, occurrence=pl.lit("")).sort(KEY, "occurred_on")
    latest = made.sort("invested_on", "investment_id").unique(FUND, keep="last", maintain_order=True)
    latest = rows.join(latest.select(FUND, newest="row_key"), on=FUND, validate="m:1")
    shown = [
        evidence(paid, "cash_flow", "value", "flow", "amount"),
        evidence(latest, "investment", "base", "newest", "invested_on"),
        evidence(rows.filter("unlisted"), "fund_report", "missing", "report", "invested"),
    ]
    return examined([rows], shown)


def idle_ratio(tables: Tables, as_of: date) -> Examined:
    """IDLE_RATIO: cash, wealth products in it, against paid-in, by the newest report that states the cash.

        value  货币资金 / 期末实缴 (where the report does not state it: what the ledger has by the report's day)

    Examined: funds that live and were paid. Incomplete where no report states both.
    """
    rows = funds(tables, as_of).filter(
        pl.col("live") & pl.col("liquidated_on").is_null() & (pl.col("paid_in") > 0)
    )
    rows = bound(rows, rule_rows(tables, "IDLE_RATIO"), as_of)
    said = newest_reports(tables, as_of, "cash").select(
        FUND, "cash", "period_end_on", said="paid_in", report="row_key"
    )
    rows = rows.join(said, on=FUND, how="left", validate="1:1")
    whole = pl.coalesce("said", "paid_in")
    rows = rows.with_columns(whole=whole).with_columns(
        found=settled(exceeds(pl.col("cash"), pl.col("limit_term"), pl.col("whole")))
    )
    rows = rows.with_columns(
        entity_table=pl.lit("partner_fund"), entity=FUND, occurrence=pl.lit(""), unit=pl.lit("share"),
        value=ratio(pl.col("cash"), pl.col("whole")), limit_value=pl.col("limit_term").cast(pl.Float64),
        amount=pl.when("found").then("cash"), occurred_on="period_end_on",
    )  # fmt: skip
    shown = [
        evidence(rows, "fund_report", "value", "report", "cash"),
        evidence(rows, "fund_report", "base", "report", "paid_in"),
        evidence(rows.filter(pl.col("report").is_null()), "partner_fund", "missing"),
    ]
    return examined([rows], shown)


def _after(name: str) -> pl.Expr:
    """Give the day on which so many days after another are over."""
    return pl.col(name) + pl.duration(days=pl.col("limit_term").cast(pl.Int64))

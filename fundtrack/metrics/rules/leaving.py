"""Rules on a fund's end and on the price at which a stake is sold: OVERDUE_EXIT, EXIT_PRICE."""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.exact import added
from fundtrack.metrics.funds_at import written_day
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.members import Tables
from fundtrack.metrics.rules.finding import Examined, evidence, examined
from fundtrack.metrics.rules.subjects import FUND, funds, stakes
from fundtrack.metrics.rules.terms import bound, rule_rows, settled
from fundtrack.money import MONEY, RATE

_NONE = pl.lit(None, dtype=pl.Boolean)
_CENTS: Final = pl.Decimal(38, 2)
_YEAR: Final = 365.0
SOLD: Final = ("转让", "回购")
AT_COST: Final = "原值"
PLUS_LENDING: Final = "原值加贷款基准利率"


def overdue_exit(tables: Tables, as_of: date) -> Examined:
    """OVERDUE_EXIT: a fund past its term, extensions counted, and not dissolved; an extension without an approval number.

        value      days past the term as it stands on the day; limit  days of grace
        extension  occurrence of an extension that names no approval: its day
        amount     guidance money paid into the fund

    Examined: funds set up, not dissolved, that guidance funds have not left. Incomplete where the term is unknown.
    """
    rows = (
        funds(tables, as_of).filter("live").join(_terms(tables, as_of), on=FUND, how="left", validate="1:1")
    )
    rows = rows.with_columns(ends_on=pl.coalesce("term_after", "term_end")).with_columns(
        ends_on=pl.when(~pl.col("unread").fill_null(value=False)).then("ends_on")
    )
    paid = stakes(tables, as_of).group_by(FUND).agg(guidance=added(pl.col("paid")))
    rows = rows.join(paid, on=FUND, how="left", validate="1:1").with_columns(
        entity_table=pl.lit("partner_fund"), entity=FUND
    )
    past = bound(rows, rule_rows(tables, "OVERDUE_EXIT", "到期"), as_of)
    days = (pl.lit(as_of) - pl.col("ends_on")).dt.total_days()
    past = past.with_columns(
        occurrence=pl.lit(""), unit=pl.lit("days"), found=settled(days > pl.col("limit_term")),
        value=pl.max_horizontal(days, 0).cast(pl.Float64), limit_value=pl.col("limit_term").cast(pl.Float64),
        occurred_on="ends_on", bound_by=pl.col("bound_by").replace("rule", "agreement"),
        rule_from=pl.coalesce("rule_from", "set_up_on"),
    ).with_columns(amount=pl.when("found").then("guidance"))  # fmt: skip
    changes = _extensions(tables, as_of).select(
        FUND, "effective_on", "approval_no", "voucher_no", change="row_key"
    )
    more = rows.join(changes, on=FUND, validate="1:m")
    more = bound(more, rule_rows(tables, "OVERDUE_EXIT", "展期"), as_of)
    approved = pl.col("approval_no").is_not_null() | pl.col("voucher_no").is_not_null()
    more = more.with_columns(
        found=settled(~approved), amount=pl.when(~approved).then("guidance"), occurred_on="effective_on",
        occurrence=pl.concat_str(pl.lit("extension"), pl.col("effective_on").cast(pl.String), separator="|"),
    )  # fmt: skip
    set_by = past.filter(pl.col("term_after").is_not_null() | pl.col("unread"))
    shown = [
        evidence(past.filter(pl.col("ends_on").is_not_null()), "partner_fund", "value", field="term_end"),
        evidence(past.filter(pl.col("ends_on").is_null()), "partner_fund", "missing", field="term_end"),
        evidence(set_by, "fund_change", "value", "term_change", "after"),
        evidence(more, "fund_change", "missing", "change", "approval_no"),
    ]
    return examined([past, more], shown)


def _extensions(tables: Tables, as_of: date) -> pl.DataFrame:
    return tables["fund_change"].filter((pl.col("kind") == "extended") & (pl.col("effective_on") <= as_of))


def _terms(tables: Tables, as_of: date) -> pl.DataFrame:
    """List partner_fund_id, term_after, term_change, unread: the term that extensions give a fund on a day.

    The newest extension says until when; before the first of those still to come, it is what that one says it was.
    """
    every = tables["fund_change"].filter(pl.col("kind") == "extended").sort(FUND, "effective_on")
    rows: dict[str, tuple[str, date | None, str, bool]] = {}
    for fund, day, before, after, key in every.select(
        FUND, "effective_on", "before", "after", "row_key"
    ).iter_rows():
        if day <= as_of:
            rows[fund] = (fund, written_day(after), key, written_day(after) is None)
        elif fund not in rows:
            rows[fund] = (fund, written_day(before), key, False)
    schema = {FUND: pl.String, "term_after": pl.Date, "term_change": pl.String, "unread": pl.Boolean}
    return pl.DataFrame(list(rows.values()), schema=schema, orient="row")


def exit_price(tables: Tables, as_of: date) -> Examined:
    """EXIT_PRICE: a guidance fund's stake sold (转让, 回购) for less than agreed.

        limit   cost of what was sold, and beyond the concession years interest on it: cost · lending rate · days / 365, each call
                that it takes back (first in, first out) since its own day, at the rate that the agreement names, else the
                one-year benchmark lending rate on the day of the sale
        value   proceeds; amount  what is missing

    原值: cost within the concession years; 原值加贷款基准利率: always with interest; 超额收益让渡: cost. Where the agreement says nothing, the rule's
    years. Incomplete where cost, or a rate that is needed, is unknown.
    """
    flows = tables["cash_flow"].filter((pl.col("occurred_on") <= as_of) & pl.col("amount").is_not_null())
    sales = flows.filter(pl.col("exit_kind").is_in(SOLD)).with_columns(
        cost=pl.coalesce("cost_basis", "principal")
    )
    sales = sales.sort(KEY, "occurred_on", "row_key").select(
        KEY, "occurred_on", "amount", "cost", "line_no", "cost_basis", sale="row_key", paid_in="currency"
    )
    terms = stakes(tables, as_of).select(
        KEY, FUND, "guidance_kind", "guidance_fund_id", "agreed_on", "concession_kind", "concession_years",
        "concession_rate", "currency", "row_key",
    )  # fmt: skip
    rows = sales.join(terms, on=KEY, validate="m:1")
    kind = pl.col("concession_kind")
    stated = kind.is_in((AT_COST, PLUS_LENDING, "超额收益让渡"))
    years = (
        pl.when(kind == PLUS_LENDING)
        .then(pl.lit(0))
        .when(stated)
        .then(pl.col("concession_years").fill_null(99))
        .cast(RATE)
    )
    years = pl.when(kind == "超额收益让渡").then(pl.lit(99).cast(RATE)).otherwise(years)
    rows = bound(rows, rule_rows(tables, "EXIT_PRICE"), as_of, own=years)
    rows = rows.join(_lending(tables, rows), on="sale", how="left", validate="1:1")
    rate = pl.when(kind == PLUS_LENDING).then(pl.coalesce("concession_rate", "lending")).otherwise("lending")
    rows = rows.with_columns(rate=rate)
    rows = rows.join(_interest(flows, rows), on="sale", how="left", validate="1:1")
    floor = pl.col("cost") + pl.col("interest")
    known = pl.when(pl.col("paid_in") == pl.col("currency")).then(floor.cast(MONEY))
    rows = rows.with_columns(floor=known)
    rows = rows.with_columns(
        entity_table=pl.lit("participation"), entity=KEY, unit=pl.lit("money"), occurrence=_sale_name(),
        found=settled(pl.col("amount") < pl.col("floor")), value=pl.col("amount").cast(pl.Float64),
        limit_value=pl.col("floor").cast(pl.Float64),
    )  # fmt: skip
    rows = rows.with_columns(amount=pl.when("found").then(pl.col("floor") - pl.col("amount")))
    shown = [
        evidence(rows, "cash_flow", "value", "sale", "amount"),
        evidence(rows.filter(pl.col("cost").is_not_null()), "cash_flow", "limit", "sale", "cost_basis"),
        evidence(rows.filter(pl.col("cost").is_null()), "cash_flow", "missing", "sale", "cost_basis"),
        evidence(rows, "participation", "limit", field="concession_kind"),
        evidence(rows, "market_rate", "limit", "lending_key", "value"),
    ]
    return examined([rows], shown)


def _sale_name() -> pl.Expr:
    return pl.concat_str(
        pl.lit("sale"), pl.col("occurred_on").cast(pl.String), pl.col("line_no").fill_null(""), separator="|"
    )


def _lending(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    """List sale, lending, lending_key: the newest one-year benchmark lending rate by the day of each sale.

    Codes that name one year (1Y, 一年) come before others; a rate holds until the next is quoted. One written in percent is read so.
    """
    quoted = tables["market_rate"].filter(pl.col("kind") == "lending")
    one_year = pl.col("code").str.to_uppercase().str.contains("1Y|一年|12M")
    if quoted.filter(one_year).height:
        quoted = quoted.filter(one_year)
    value = pl.when(pl.col("value") >= 1).then(pl.col("value") / 100).otherwise("value").cast(RATE)
    quoted = quoted.select("quoted_on", lending=value, lending_key="row_key").sort("quoted_on", "lending_key")
    days = rows.select("sale", "occurred_on").sort("occurred_on")
    found = days.join_asof(quoted, left_on="occurred_on", right_on="quoted_on", strategy="backward")
    return found.select("sale", "lending", "lending_key")


def _interest(flows: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """List sale, interest: on the calls that each sale takes back, first in, first out, beyond the concession years."""
    calls = flows.filter((pl.col("kind") == "call") & (pl.col("amount") > 0)).sort(
        KEY, "occurred_on", "row_key"
    )
    ends = pl.col("amount").cast(_CENTS).cum_sum().over(KEY)
    calls = calls.select(
        KEY,
        called_on="occurred_on",
        from_=(ends - pl.col("amount")).cast(pl.Float64),
        until_=ends.cast(pl.Float64),
    )
    gone = pl.col("cost").cast(_CENTS).cum_sum().over(KEY)
    sold = rows.select(
        KEY, "sale", "occurred_on", "rate", "limit_term", "cost", sold_from=(gone - pl.col("cost")).cast(pl.Float64),
        sold_until=gone.cast(pl.Float64),
    )  # fmt: skip
    pairs = sold.join(calls, on=KEY, how="left")
    part = pl.max_horizontal(
        pl.min_horizontal("until_", "sold_until") - pl.max_horizontal("from_", "sold_from"), 0.0
    )
    months = (pl.col("limit_term").cast(pl.Float64) * 12).round().cast(pl.Int64)
    beyond = pl.col("occurred_on") > pl.col("called_on").dt.offset_by(pl.format("{}mo", months))
    days = (pl.col("occurred_on") - pl.col("called_on")).dt.total_days()
    earned = (
        pl.when(beyond & (part > 0))
        .then(part * pl.col("rate").cast(pl.Float64) * days / _YEAR)
        .otherwise(0.0)
    )
    pairs = pairs.with_columns(
        part=part, earned=earned, lacking=beyond & (part > 0) & pl.col("rate").is_null()
    )
    whole = pairs.group_by("sale").agg(
        earned=pl.col("earned").sum(),
        matched=pl.col("part").sum(),
        cost=pl.col("cost").first(),
        lacking=pl.col("lacking").any(),
    )
    covered = (pl.col("matched") - pl.col("cost").cast(pl.Float64)).abs() < 0.005
    told = pl.when(covered & ~pl.col("lacking").fill_null(value=False)).then(
        pl.col("earned").round(2, mode="half_away_from_zero").cast(MONEY)
    )
    return whole.select("sale", interest=told)

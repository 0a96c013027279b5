"""SUM_MISMATCH: figures of the ledger that must add up, and do not; and money that cannot be converted."""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.exact import added, nothing
from fundtrack.metrics.fx import fx_rates, missing_rates, with_rate
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.members import Tables, members
from fundtrack.metrics.multiples import DISTRIBUTED, PAID_IN
from fundtrack.metrics.once import once
from fundtrack.metrics.participations_at import participations_at
from fundtrack.metrics.period_ends import period_ends
from fundtrack.metrics.reports_at import FIRMEST
from fundtrack.metrics.rules.finding import Examined, evidence, examined
from fundtrack.metrics.rules.subjects import FUND, funds, stakes
from fundtrack.metrics.rules.terms import bound, rule_rows, settled
from fundtrack.money import MONEY

_CENTS: Final = pl.Decimal(38, 2)
_NONE = pl.lit(None, dtype=pl.Boolean)
_SLIPS: Final = (100, 10_000)
"""A unit written wrongly multiplies by one of these: 元 for 百元 or percent, 元 for 万元."""
_SERIES: Final = ("committed", "paid_in", "invested", "net_assets")

Part = tuple[pl.DataFrame, list[pl.DataFrame]]


def sum_mismatch(tables: Tables, as_of: date) -> Examined:
    """SUM_MISMATCH, by occurrence; value and limit are the two sides, amount how far they are apart.

        investors          a fund: what investors committed at its establishment / its committed size
        parts|flow         a participation: principal + income of a flow / its amount
        books              a participation: calls by 资金往来 / what 基金实缴 says its guidance fund paid in
        balance|day        a guidance fund: money in less money out / the balance declared on a day
        jump|field|period  a fund: a reported position that is exactly 100 or 10,000 times the one before, or a part so small
        rate|currency|day  a participation: money in a currency for which no exchange rate serves its day (incomplete)

    Incomplete: a fund set up of which no investor is listed; calls into a fund of which no payment is listed at all. Control totals of
    covers are compared when a file is loaded. Within 规则's tolerance nothing is found.
    """
    rules = rule_rows(tables, "SUM_MISMATCH")
    parts, shown = [], []
    for rows, behind in (
        _investors(tables, as_of), _parts(tables, as_of), _books(tables, as_of), _balances(tables, as_of),
        _jumps(tables, as_of), _rates(tables, as_of),
    ):  # fmt: skip
        judged = bound(rows, rules, as_of)
        apart = (pl.col("value") - pl.col("limit_value")).abs().cast(_CENTS)
        tolerance = pl.col("limit_term").cast(_CENTS).fill_null(nothing().cast(_CENTS))
        differs = (
            pl.when(pl.col("certain")).then(settled(apart > tolerance))
            if "certain" in rows.columns
            else settled(apart > tolerance)
        )
        judged = judged.with_columns(found=differs, amount=apart.cast(MONEY, strict=False))
        judged = judged.with_columns(
            amount=pl.when(pl.col("found").fill_null(value=False)).then("amount"), value=pl.col("value").cast(pl.Float64),
            limit_value=pl.col("limit_value").cast(pl.Float64), unit=pl.lit("money"),
        )  # fmt: skip
        parts.append(judged)
        shown += behind
    return examined(parts, shown)


def _investors(tables: Tables, as_of: date) -> Part:
    """Compare a fund's investors with its size, both at establishment."""
    own = members(tables).select(FUND, "investors_size", "set_up_on")
    rows = funds(tables, as_of).filter(
        (pl.col("set_up_on") <= as_of)
        & pl.col("agreed_on").is_not_null()
        & pl.col("committed_size").is_not_null()
    )
    rows = rows.join(own.select(FUND, "investors_size"), on=FUND, validate="1:1").with_columns(
        entity_table=pl.lit("partner_fund"), entity=FUND, occurrence=pl.lit("investors"), value="investors_size",
        limit_value="committed_size", occurred_on="set_up_on", fund_key="row_key",
    )  # fmt: skip
    listed = (
        tables["investor_commitment"]
        .select(FUND, share="row_key")
        .join(rows.select(FUND, "entity", "occurrence"), on=FUND)
    )
    shown = [
        evidence(listed, "investor_commitment", "value", "share", "amount"),
        evidence(rows, "partner_fund", "limit", "fund_key", "committed_size"),
    ]
    return rows, shown


def _parts(tables: Tables, as_of: date) -> Part:
    """Compare principal and income of a flow with its amount."""
    flows = tables["cash_flow"].filter(
        (pl.col("occurred_on") <= as_of)
        & pl.col("amount").is_not_null()
        & pl.col("principal").is_not_null()
        & pl.col("income").is_not_null()
    )
    flows = flows.with_columns(
        value=pl.col("principal").cast(_CENTS) + pl.col("income").cast(_CENTS), limit_value=pl.col("amount").cast(_CENTS),
        occurrence=pl.concat_str(pl.lit("parts"), "kind", pl.col("keyed_on").cast(pl.String), pl.col("line_no").fill_null(""), separator="|"),
        flow="row_key",
    ).drop("amount", "row_key")  # fmt: skip
    own = stakes(tables, as_of).select(KEY, FUND, "guidance_kind", "guidance_fund_id", "agreed_on")
    rows = flows.join(own, on=KEY, validate="m:1").with_columns(
        entity_table=pl.lit("participation"), entity=KEY, occurred_on="occurred_on"
    )
    unlike = rows.filter(pl.col("value") != pl.col("limit_value"))  # of the others nothing can be found
    shown = [evidence(unlike, "cash_flow", "value", "flow", name) for name in ("principal", "income")]
    return rows, [*shown, evidence(unlike, "cash_flow", "limit", "flow", "amount")]


def _books(tables: Tables, as_of: date) -> Part:
    """Compare the guidance fund's own calls with what the partner fund says that it paid in."""
    theirs = tables["fund_paid_in"].filter((pl.col("paid_on") <= as_of) & pl.col("amount").is_not_null())
    guided = theirs.filter(pl.col("guidance_fund_id").is_not_null())
    sums = guided.group_by(FUND, "guidance_fund_id").agg(theirs=added(pl.col("amount")))
    some = theirs.group_by(FUND).agg(some=pl.len() > 0)
    own = stakes(tables, as_of).filter((pl.col("set_up_on") <= as_of) & (pl.col("signed_on") <= as_of))
    alone = pl.len().over(FUND, "guidance_fund_id") == 1
    own = own.filter(alone & (pl.col("currency") == pl.col("fund_currency")))
    rows = own.join(sums, on=[FUND, "guidance_fund_id"], how="left", validate="1:1").join(
        some, on=FUND, how="left", validate="m:1"
    )
    rows = rows.filter((pl.col("paid") > 0) | pl.col("theirs").is_not_null())
    none = nothing().cast(_CENTS)
    rows = rows.with_columns(
        entity_table=pl.lit("participation"), entity=KEY, occurrence=pl.lit("books"), value=pl.col("paid").cast(_CENTS),
        limit_value=pl.when("some").then(pl.col("theirs").cast(_CENTS).fill_null(none)),
    )  # fmt: skip
    keyed = rows.select(KEY, FUND, "guidance_fund_id", "entity", "occurrence")
    calls = (
        tables["cash_flow"]
        .filter((pl.col("kind") == "call") & (pl.col("occurred_on") <= as_of))
        .select(KEY, flow="row_key")
    )
    paid = guided.select(FUND, "guidance_fund_id", flow="row_key")
    shown = [
        evidence(calls.join(keyed, on=KEY, validate="m:1"), "cash_flow", "value", "flow", "amount"),
        evidence(
            paid.join(keyed, on=[FUND, "guidance_fund_id"], validate="m:1"),
            "fund_paid_in",
            "limit",
            "flow",
            "amount",
        ),
    ]
    return rows, shown


def _balances(tables: Tables, as_of: date) -> Part:
    """Compare declared balances with what the books make of them."""
    rows = balances(tables, as_of)
    return rows, [evidence(rows, "guidance_flow", "limit", "balance", "amount")]


@once
def balances(tables: Tables, as_of: date) -> pl.DataFrame:
    """Put money in (received, interest, other, back from funds) less money out (paid to funds, fees, remitted) beside declared balances."""
    own = tables["guidance_fund"].select("guidance_fund_id", "currency", guidance_kind="kind")
    flows = tables["guidance_flow"].join(own, on=["guidance_fund_id", "currency"], validate="m:1")
    declared = flows.filter((pl.col("kind") == "balance") & (pl.col("occurred_on") <= as_of)).select(
        "guidance_fund_id",
        "guidance_kind",
        "currency",
        day="occurred_on",
        limit_value=pl.col("amount").cast(_CENTS),
        balance="row_key",
    )
    sign = (
        pl.when(pl.col("kind").is_in(("received", "interest", "other"))).then(pl.col("amount"))
        .when(pl.col("kind").is_in(("fee", "principal_remitted", "income_remitted"))).then(-pl.col("amount").abs())
    )  # fmt: skip
    moved = flows.select("guidance_fund_id", "occurred_on", moved=sign.cast(_CENTS)).drop_nulls()
    stake = tables["participation"].select(KEY, "guidance_fund_id", own="currency")
    paid = (
        tables["cash_flow"]
        .filter(pl.col("occurred_on").is_not_null() & pl.col("amount").is_not_null())
        .join(stake, on=KEY, validate="m:1")
    )
    kind = pl.col("kind")
    net = (
        pl.when(kind.is_in(PAID_IN))
        .then(-pl.col("amount"))
        .when(kind.is_in(DISTRIBUTED))
        .then(pl.col("amount"))
    )
    paid = paid.filter(pl.col("currency") == pl.col("own")).select(
        "guidance_fund_id", "occurred_on", moved=net.cast(_CENTS)
    )
    every = pl.concat([moved, paid.drop_nulls()])
    by_day = every.group_by("guidance_fund_id", "occurred_on").agg(pl.col("moved").sum())
    until = declared.join(by_day, on="guidance_fund_id").filter(pl.col("occurred_on") <= pl.col("day"))
    sums = until.group_by("balance").agg(value=pl.col("moved").sum())
    return declared.join(sums, on="balance", how="left", validate="1:1").with_columns(
        entity_table=pl.lit("guidance_fund"), entity="guidance_fund_id", occurred_on="day", agreed_on=pl.lit(None, dtype=pl.Date),
        occurrence=pl.concat_str(pl.lit("balance"), pl.col("day").cast(pl.String), separator="|"),
        value=pl.col("value").fill_null(nothing().cast(_CENTS)),
    )  # fmt: skip


def _jumps(tables: Tables, as_of: date) -> Part:
    """Find reported positions that are exactly a unit's factor away from those of the report before."""
    reports = tables["fund_report"].with_columns(
        ends_on=period_ends(tables["fund_report"]["period"]),
        firm=pl.col("kind").replace_strict(FIRMEST, range(len(FIRMEST)), default=0, return_dtype=pl.Int64),
    ).filter(pl.col("ends_on") <= as_of).sort(FUND, "ends_on", "firm")  # fmt: skip
    reports = reports.unique([FUND, "ends_on"], keep="last", maintain_order=True)
    parts = []
    for name in _SERIES:
        known = reports.filter(pl.col(name) > 0).with_columns(
            before=pl.col(name).shift(1).over(FUND), before_key=pl.col("row_key").shift(1).over(FUND)
        )
        now, then = pl.col(name).cast(_CENTS), pl.col("before").cast(_CENTS)
        slipped = pl.any_horizontal([(now == then * times) | (now * times == then) for times in _SLIPS])
        parts.append(
            known.filter(slipped).select(
                FUND, report="row_key", before_key="before_key", value=now, limit_value=then, occurred_on="ends_on", field=pl.lit(name),
                occurrence=pl.concat_str(pl.lit("jump"), pl.lit(name), "period", separator="|"),
            )
        )  # fmt: skip
    own = funds(tables, as_of).select(FUND, "currency", "agreed_on", "guidance_kind", "guidance_fund_id", KEY)
    rows = (
        pl.concat(parts)
        .join(own, on=FUND, validate="m:1")
        .with_columns(entity_table=pl.lit("partner_fund"), entity=FUND)
    )
    shown = [
        evidence(rows, "fund_report", "value", "report", pl.col("field")),
        evidence(rows, "fund_report", "limit", "before_key", pl.col("field")),
    ]
    return rows, shown


def _rates(tables: Tables, as_of: date) -> Part:
    """Find money of participations in another currency than yuan for whose day no exchange rate serves."""
    own = stakes(tables, as_of).filter(pl.col("currency") != "CNY")
    flows = tables["cash_flow"].filter((pl.col("occurred_on") <= as_of) & (pl.col("amount") > 0))
    flows = flows.join(own.select(KEY, own="currency"), on=KEY, validate="m:1")
    money = flows.select(KEY, day="occurred_on", currency="own", flow="row_key")
    if not own.is_empty():
        navs = (
            participations_at(tables, as_of)
            .join(own.select(KEY), on=KEY, how="semi")
            .filter(pl.col("nav") > 0)
        )
        money = pl.concat(
            [
                money,
                navs.select(KEY, pl.lit(as_of).alias("day"), "currency", flow=pl.lit(None, dtype=pl.String)),
            ]
        )
    rated = with_rate(money, fx_rates(tables), "CNY")
    lacking = missing_rates(rated, "CNY", KEY).select(pl.col("entity").alias(KEY), "currency", "day")
    rows = lacking.join(own.drop("currency"), on=KEY, validate="m:1").with_columns(
        entity_table=pl.lit("participation"), entity=KEY, occurred_on="day", certain=pl.lit(value=False),
        occurrence=pl.concat_str(pl.lit("rate"), "currency", pl.col("day").cast(pl.String), separator="|"),
        value=pl.lit(None, dtype=_CENTS), limit_value=pl.lit(None, dtype=_CENTS),
    )  # fmt: skip
    behind = money.filter(pl.col("flow").is_not_null()).join(
        rows.select(KEY, "day", "entity", "occurrence"), on=[KEY, "day"]
    )
    return rows, [
        evidence(behind, "cash_flow", "missing", "flow", "occurred_on"),
        evidence(rows, "participation", "base", field="currency"),
    ]

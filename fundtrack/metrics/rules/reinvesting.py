"""Rules on what agreements ask of investments: RETURN_GAP, RETURN_DUP, EARLY_SHORT."""

from datetime import date

import polars as pl

from fundtrack.metrics.exact import added, nothing, summed, times
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.members import Tables, members, size_changes
from fundtrack.metrics.multiples import PAID_IN
from fundtrack.metrics.ratios import EARLY, fund_ratios
from fundtrack.metrics.reinvest import recognitions
from fundtrack.metrics.rules.finding import Examined, evidence, examined
from fundtrack.metrics.rules.subjects import FUND, stakes
from fundtrack.metrics.rules.terms import bound, rule_rows, settled
from fundtrack.money import MONEY, ratio

_FALSE = pl.lit(value=False)


def return_gap(tables: Tables, as_of: date) -> Examined:
    """RETURN_GAP: recognised by the due date below what was required by it.

        value   recognised by the due date (before it: by the day), each yuan once
        limit   required: multiple or share · base, both as of the due date
        amount  what is missing

    Where the agreement does not say how much, a rule's multiple of the commitment holds. Incomplete without a due date.
    """
    rows = stakes(tables, as_of).filter(
        (pl.col("signed_on") <= as_of) & ~(pl.col("void_from") <= as_of).fill_null(value=False)
    )
    rows = rows.with_columns(until=pl.min_horizontal(pl.col("reinvest_due"), pl.lit(as_of)).fill_null(as_of))
    rows = bound(rows, rule_rows(tables, "RETURN_GAP"), as_of, own="reinvest_required")
    for beside, key in (
        (_paid_until(tables, rows), KEY), (_size_until(tables, rows), KEY), (_invested_until(tables, rows), KEY),
        (_recognised_until(tables, rows, as_of), KEY),
    ):  # fmt: skip
        rows = rows.join(beside, on=key, how="left", validate="1:1")
    agreed = pl.col("bound_by") == "agreement"
    kind = pl.when(agreed).then("reinvest_kind").otherwise(pl.lit("倍数"))
    base = pl.when(agreed).then("reinvest_base").otherwise(pl.col("rule_base"))
    same = pl.col("currency") == pl.col("fund_currency")
    whole = (
        pl.when((kind == "倍数") & (base == "认缴"))
        .then("commitment")
        .when((kind == "倍数") & (base == "实缴"))
        .then(pl.col("paid_until").fill_null(nothing()))
        .when((kind == "占基金规模") & same)
        .then("size_until")
        .when((kind == "占已投金额") & same)
        .then(pl.col("invested_until").fill_null(nothing()))
    )
    rows = rows.with_columns(
        required=times(whole, pl.col("limit_term")),
        recognised=pl.col("recognised_until").fill_null(nothing()),
    )
    gap = pl.col("recognised") < pl.col("required")
    due = pl.col("reinvest_due") <= as_of
    judged = pl.when(due).then(settled(gap)).when(~due & pl.col("required").is_not_null()).then(_FALSE)
    rows = rows.with_columns(
        entity_table=pl.lit("participation"), entity=KEY, occurrence=pl.lit(""), unit=pl.lit("money"), found=judged,
        value=pl.col("recognised").cast(pl.Float64), limit_value=pl.col("required").cast(pl.Float64),
        occurred_on="reinvest_due",
    )  # fmt: skip
    rows = rows.with_columns(amount=pl.when("found").then(pl.col("required") - pl.col("recognised")))
    taken = recognitions(tables, as_of).select(KEY, "recognised_on", flow="row_key")
    taken = taken.join(rows.select(KEY, "entity", "occurrence", "until"), on=KEY).filter(
        pl.col("recognised_on") <= pl.col("until")
    )
    shown = [
        evidence(taken, "reinvestment", "value", "flow", "recognised"),
        evidence(rows.filter(agreed), "participation", "limit", field="reinvest_required"),
        evidence(
            rows.filter(pl.col("reinvest_due").is_null()), "participation", "missing", field="reinvest_due"
        ),
        evidence(
            rows.filter(pl.col("reinvest_due").is_not_null()), "participation", "base", field="reinvest_due"
        ),
    ]
    return examined([rows], shown)


def _until(rows: pl.DataFrame, events: pl.DataFrame, on: str, day: str) -> pl.DataFrame:
    """Join each subject's events up to its own day."""
    joined = rows.select(KEY, *([on] if on != KEY else []), "until").join(events, on=on)
    return joined.filter(pl.col(day) <= pl.col("until"))


def _paid_until(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    flows = tables["cash_flow"].filter(pl.col("kind").is_in(PAID_IN)).select(KEY, "occurred_on", "amount")
    return _until(rows, flows, KEY, "occurred_on").group_by(KEY).agg(paid_until=added(pl.col("amount")))


def _size_until(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    whole = members(tables)
    changed = (
        _until(rows, size_changes(tables), FUND, "day").group_by(KEY).agg(changed=pl.col("amount").sum())
    )
    opened = rows.select(KEY, FUND, "until").join(
        whole.select(FUND, "opening_size", opened_on="set_up_on"), on=FUND, validate="m:1"
    )
    opened = opened.filter(pl.col("opened_on") <= pl.col("until")).join(
        changed, on=KEY, how="left", validate="1:1"
    )
    size = pl.col("opening_size") + pl.col("changed").fill_null(nothing().cast(pl.Decimal(38, 2)))
    return opened.select(KEY, size_until=size.cast(MONEY))


def _invested_until(tables: Tables, rows: pl.DataFrame) -> pl.DataFrame:
    made = tables["investment"].select(FUND, "invested_on", "amount")
    return _until(rows, made, FUND, "invested_on").group_by(KEY).agg(invested_until=summed(pl.col("amount")))


def _recognised_until(tables: Tables, rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    taken = recognitions(tables, as_of).select(KEY, "recognised_on", "counted")
    until = _until(rows, taken, KEY, "recognised_on")
    return until.group_by(KEY).agg(recognised_until=pl.col("counted").sum().cast(MONEY))


def return_dup(tables: Tables, as_of: date) -> Examined:
    """RETURN_DUP: recognised beyond an investment's amount, over all participations; and recognised without evidence.

        value   recognised of the investment; limit  its amount; amount  what is beyond
        evidence  a recognition of which 依据材料 is empty: amount  what it recognises

    Entity: the investment. Incomplete (entity: the company) where a recognition names none, or one in another currency.
    """
    rows = recognitions(tables, as_of)
    own = stakes(tables, as_of).select(
        KEY, FUND, "guidance_kind", "guidance_fund_id", "agreed_on", "currency"
    )
    rows = rows.join(own, on=KEY, validate="m:1").sort("recognised_on", KEY, "row_key")
    named = rows.filter(pl.col("limit").is_not_null())
    whole = named.group_by(entity="investment_id", maintain_order=True).agg(
        pl.col(FUND, KEY, "guidance_kind", "guidance_fund_id", "agreed_on", "currency", "limit").first(),
        value=pl.col("claim").sum(), occurred_on=pl.col("recognised_on").last(),
    )  # fmt: skip
    whole = whole.with_columns(
        entity_table=pl.lit("investment"), occurrence=pl.lit(""), found=pl.col("value") > pl.col("limit"),
        amount=pl.when(pl.col("value") > pl.col("limit")).then(pl.col("value") - pl.col("limit")),
    )  # fmt: skip
    bare = named.filter(pl.col("evidence").is_null()).with_columns(
        entity_table=pl.lit("investment"), entity="investment_id", found=pl.lit(value=True), value="claim", amount="claim",
        occurrence=pl.concat_str(pl.lit("evidence"), KEY, pl.col("recognised_on").cast(pl.String), separator="|"),
        occurred_on="recognised_on",
    )  # fmt: skip
    loose = rows.filter(pl.col("limit").is_null()).with_columns(
        entity_table=pl.lit("company"), entity="company_id", found=pl.lit(None, dtype=pl.Boolean), value="claim", amount="claim",
        occurrence=pl.concat_str(pl.lit("loose"), KEY, pl.col("recognised_on").cast(pl.String), separator="|"),
        occurred_on="recognised_on",
    ).unique(["entity", "occurrence"], keep="first", maintain_order=True)  # fmt: skip
    rules = rule_rows(tables, "RETURN_DUP")
    parts = [
        bound(part, rules, as_of).with_columns(
            value=pl.col("value").cast(pl.Float64),
            limit_value=pl.col("limit").cast(pl.Float64),
            unit=pl.lit("money"),
        )
        for part in (whole, bare, loose)
    ]
    each = named.with_columns(entity="investment_id", occurrence=pl.lit(""))
    made = tables["investment"].select(entity="investment_id", made="row_key")
    shown = [
        evidence(each, "reinvestment", "value", field="recognised"),
        evidence(parts[0].join(made, on="entity", validate="1:1"), "investment", "limit", "made", "amount"),
        evidence(parts[1], "reinvestment", "missing", field="evidence"),
        evidence(parts[2], "reinvestment", "missing", field="investment_id"),
    ]
    return examined(parts, shown)


def early_short(tables: Tables, as_of: date) -> Examined:
    """EARLY_SHORT: seed and start-up investments below the agreed share of the agreed base.

        value   seed and start-up amounts / committed size, or / invested; amount  what is missing

    On invested money it is judged at any time; on the fund's size once the investment period is over (before, much is still to
    be invested). Incomplete where a side is unknown, or the end of the investment period.
    """
    rows = stakes(tables, as_of).filter(pl.col("held") & (pl.col("set_up_on") <= as_of))
    rows = bound(rows, rule_rows(tables, "EARLY_SHORT"), as_of, own="early_min")
    sides = fund_ratios(tables, as_of).select(FUND, "early", "invested", size="committed_size")
    ends = tables["partner_fund"].select(FUND, "investment_end", fund_key="row_key")
    rows = rows.join(sides, on=FUND, validate="m:1").join(ends, on=FUND, validate="m:1")
    base = pl.when(pl.col("bound_by") == "agreement").then("early_base").otherwise("rule_base")
    on_size, on_made = base == "基金规模", base == "已投金额"
    whole = pl.when(on_size).then("size").when(on_made).then("invested")
    rows = rows.with_columns(whole=whole, on_size=on_size)
    short = pl.col("early") < times(pl.col("whole"), pl.col("limit_term"))
    over = pl.col("investment_end") <= as_of
    judged = (
        pl.when(short & pl.col("on_size") & ~over).then(_FALSE)
        .when(short & pl.col("on_size") & over.is_null()).then(pl.lit(None, dtype=pl.Boolean))
        .otherwise(settled(short))
    )  # fmt: skip
    nothing_yet = (~pl.col("on_size") & (pl.col("invested") == 0)).fill_null(value=False)
    rows = rows.with_columns(
        entity_table=pl.lit("participation"), entity=KEY, occurrence=pl.lit(""), unit=pl.lit("share"),
        found=pl.when(nothing_yet).then(_FALSE).otherwise(judged), value=ratio(pl.col("early"), pl.col("whole")),
        limit_value=pl.col("limit_term").cast(pl.Float64), occurred_on=pl.when("on_size").then("investment_end"),
        currency="fund_currency",
    )  # fmt: skip
    missing = (times(pl.col("whole"), pl.col("limit_term")) - pl.col("early")).cast(MONEY)
    rows = rows.with_columns(amount=pl.when("found").then(missing))
    made = tables["investment"].filter((pl.col("invested_on") <= as_of) & pl.col("stage").is_in(EARLY))
    made = made.select(FUND, made="row_key").join(rows.select(FUND, "entity", "occurrence"), on=FUND)
    shown = [
        evidence(made, "investment", "value", "made", "amount"),
        evidence(rows.filter("on_size"), "partner_fund", "base", "fund_key", "committed_size"),
        evidence(rows.filter(pl.col("bound_by") == "agreement"), "participation", "limit", field="early_min"),
    ]
    return examined([rows], shown)

"""What agreements ask of investments, per participation on a day: reinvestment (返投) and early-stage share.

    required    倍数: multiple · base (commitment or paid-in); 占基金规模: share · committed size of the fund;
                占已投金额: share · invested by the fund
    recognised  Σ recognised up to the day, each yuan once: an investment's recognitions, oldest first, over
                all participations, count until its amount is used up
    ratio       recognised / required
    early_share seed + start-up amounts on the agreed base: committed size or invested

Null where the agreement does not say, or a base is unknown. `uncapped` counts recognitions that name no
investment, or one in another currency, whose amount limits nothing. Source: the participation agreements.
"""

from datetime import date

import polars as pl

from fundtrack.metrics.exact import added, nothing, times
from fundtrack.metrics.groups import ALL, KEY, labels
from fundtrack.metrics.members import Tables
from fundtrack.metrics.nav import positions_at
from fundtrack.metrics.once import once
from fundtrack.metrics.ratios import fund_ratios
from fundtrack.money import MONEY, ratio


@once
def agreed(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show reinvestment and early-stage share of every participation agreed or paid by a day.

    Returns:
        participation_id, guidance_fund_id, partner_fund_id, currency, reinvest_kind, reinvest_required,
        reinvest_base, reinvest_due, required, recognised, reinvest_ratio, doubled (recognised beyond the
        amounts of the investments), uncapped, early_base, early_min, early_share.

    """
    terms = tables["participation"].select(
        KEY, "guidance_fund_id", "partner_fund_id", "currency", "commitment", "reinvest_kind",
        "reinvest_required", "reinvest_base", "reinvest_due", "early_base", "early_min", "signed_on",
    )  # fmt: skip
    paid = positions_at(tables, [as_of]).select(KEY, "paid_in", moved=pl.lit(value=True))
    funds = fund_ratios(tables, as_of).select(
        "partner_fund_id", "committed_size", "invested", "early_of_size", "early_of_invested", own="currency"
    )
    rows = terms.join(paid, on=KEY, how="left", validate="1:1")
    rows = rows.filter((pl.col("signed_on") <= as_of) | pl.col("moved"))
    rows = rows.join(funds, on="partner_fund_id", how="left", validate="m:1")
    rows = rows.join(recognised(tables, as_of), on=KEY, how="left", validate="1:1")
    same = pl.col("own") == pl.col("currency")
    kind, none = pl.col("reinvest_kind"), nothing()
    paid_in = pl.when(pl.col("moved").is_null()).then(none).otherwise("paid_in")
    own = pl.col("reinvest_base")
    base = (
        pl.when((kind == "倍数") & (own == "认缴"))
        .then("commitment")
        .when((kind == "倍数") & (own == "实缴"))
        .then(paid_in)
        .when((kind == "占基金规模") & same)
        .then("committed_size")
        .when((kind == "占已投金额") & same)
        .then("invested")
    )
    rows = rows.with_columns(
        required=times(base, pl.col("reinvest_required")),
        recognised=pl.col("recognised").fill_null(none),
        doubled=pl.col("doubled").fill_null(none),
        uncapped=pl.col("uncapped").fill_null(0),
        early_share=pl.when(pl.col("early_base") == "基金规模")
        .then("early_of_size")
        .when(pl.col("early_base") == "已投金额")
        .then("early_of_invested"),
    )
    rows = rows.with_columns(reinvest_ratio=ratio(pl.col("recognised"), pl.col("required")))
    return rows.select(
        KEY, "guidance_fund_id", "partner_fund_id", "currency", "reinvest_kind", "reinvest_required",
        "reinvest_base", "reinvest_due", "required", pl.col("recognised", "doubled").cast(MONEY),
        "reinvest_ratio", "uncapped", "early_base", "early_min", "early_share",
    ).sort(KEY)  # fmt: skip


def agreed_totals(tables: Tables, as_of: date, by: str = ALL) -> pl.DataFrame:
    """Add up reinvestment over the participations whose requirement is known, each currency for itself.

    Returns:
        group (by a label of `labels`), currency, required, recognised, reinvest_ratio, known and unknown
        (participations).

    """
    return totalled(tables, agreed(tables, as_of), by)


def totalled(tables: Tables, rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """Add up what `agreed` returns."""
    named = labels(tables).select(pl.col(KEY), group=pl.col(by))
    rows = rows.join(named, on=KEY, validate="1:1")
    known = pl.col("required").is_not_null()
    sums = rows.group_by("group", "currency").agg(
        required=added(pl.col("required")).cast(MONEY),
        recognised=added(pl.col("recognised").filter(known)).cast(MONEY),
        known=known.sum(),
        unknown=(~known).sum(),
    )
    found = sums.with_columns(reinvest_ratio=ratio(pl.col("recognised"), pl.col("required")))
    return found.sort("group", "currency")


def recognised(tables: Tables, as_of: date) -> pl.DataFrame:
    """List participation_id, recognised, doubled, uncapped: what counts of what was recognised by a day."""
    return (
        recognitions(tables, as_of)
        .group_by(KEY)
        .agg(
            recognised=pl.col("counted").sum().cast(MONEY),
            doubled=(pl.col("claim") - pl.col("counted")).sum().cast(MONEY),
            uncapped=pl.col("limit").null_count().cast(pl.Int64),
        )
    )


@once
def recognitions(tables: Tables, as_of: date) -> pl.DataFrame:
    """List every recognition up to a day, oldest first, with what counts of it.

    Returns:
        participation_id, company_id, investment_id, recognised_on, evidence, row_key, claim (as recognised), limit (amount of
        the investment, in the participation's currency), counted.

    """
    own = tables["participation"].select(KEY, own="currency")
    made = tables["investment"].select("investment_id", limit="amount", of="currency")
    rows = tables["reinvestment"].filter(pl.col("recognised_on") <= as_of)
    rows = rows.select(
        KEY, "company_id", "investment_id", "recognised_on", "evidence", "row_key", claim="recognised"
    )
    rows = rows.join(own, on=KEY, validate="m:1").join(made, on="investment_id", how="left", validate="m:1")
    rows = rows.with_columns(limit=pl.when(pl.col("of") == pl.col("own")).then("limit"))
    rows = rows.sort("recognised_on", KEY, "company_id", "investment_id")
    used = pl.when(pl.col("limit").is_not_null()).then("claim").otherwise(nothing())
    so_far = used.cum_sum().over("investment_id") - used
    left = pl.max_horizontal(pl.col("limit") - so_far, nothing())
    part = pl.when(pl.col("limit").is_null()).then("claim").otherwise(pl.min_horizontal("claim", left))
    return rows.with_columns(counted=part)

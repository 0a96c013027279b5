"""Ratios on a day, per partner fund and in total: leverage, paid-in rate, progress, early stage.

    leverage_paid_in  paid-in of the fund / guidance paid-in (calls): definition (a), the default
    leverage_social   (manager + private + natural persons) / (guidance + public + state-owned), 认缴: (b)
    leverage_project  (invested + joint amount) / government paid-in: (c); government is guidance calls and
                      what other public money (其他财政资金) paid in
    paid_in_rate      paid-in / committed size (到位率)
    progress          invested / paid-in (投资进度); joint_ratio: joint amount / invested
    early_of_size, early_of_invested  seed + start-up amounts / committed size, or / invested

Published figures differ because they use different ones of the three. All sums in the fund's own currency; an
investment in another one makes those of its fund unknown. In the total each ratio takes only funds that know
both of its sides, and `<ratio>_funds` says how many. A fund in two rows counts once. Source: counting rules.
"""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.exact import added, nothing, summed
from fundtrack.metrics.funds_at import funds_at
from fundtrack.metrics.members import Tables, members
from fundtrack.metrics.once import once
from fundtrack.money import MONEY, ratio

EARLY: Final = ("seed", "startup")
SOCIAL: Final = ("manager", "private", "natural_person")
GOVERNED: Final = ("guidance", "public", "state_owned")

RATIOS: Final[dict[str, tuple[str, str]]] = {
    "leverage_paid_in": ("paid_in", "guidance_paid_in"),
    "leverage_social": ("committed_social", "committed_governed"),
    "leverage_project": ("in_projects", "government_paid_in"),
    "paid_in_rate": ("paid_in", "committed_size"),
    "progress": ("invested", "paid_in"),
    "joint_ratio": ("joint", "invested"),
    "early_of_size": ("early", "committed_size"),
    "early_of_invested": ("early", "invested"),
}
"""Each ratio's numerator and denominator, both columns of `fund_ratios`."""


@once
def fund_ratios(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show every partner fund on a day with both sides of each ratio, and the ratio."""
    rows = funds_at(tables, as_of).select(
        "partner_fund_id", "name", "currency", "counted", "committed_size", "paid_in", "guidance_paid_in"
    )
    for beside in (_commitments(tables, as_of), _public_paid_in(tables, as_of), _invested(tables, as_of)):
        rows = rows.join(beside, on="partner_fund_id", how="left", validate="1:1")
    none = nothing()
    known = ~pl.col("foreign").fill_null(value=False)
    made = [pl.when(known).then(pl.col(name).fill_null(none)).alias(name) for name in ("invested", "early")]
    rows = rows.with_columns(
        *made,
        joint=pl.when(known).then("joint"),
        government_paid_in=pl.col("guidance_paid_in") + pl.col("public_paid_in").fill_null(none),
    )
    rows = rows.with_columns(in_projects=pl.col("invested") + pl.col("joint").fill_null(none))
    money = [name for pair in RATIOS.values() for name in pair]
    rows = rows.with_columns(pl.col(name).cast(MONEY) for name in dict.fromkeys(money))
    return (
        rows.with_columns(
            ratio(pl.col(above), pl.col(below)).alias(name) for name, (above, below) in RATIOS.items()
        )
        .drop("foreign", "public_paid_in")
        .sort("partner_fund_id")
    )


@once
def total_ratios(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show the ratios of all funds that count on a day, each currency for itself.

    Returns:
        currency, funds, and for each ratio: itself, `<ratio>_above` and `<ratio>_below` (the sums divided),
        `<ratio>_funds`.

    """
    return totalled(fund_ratios(tables, as_of))


def totalled(rows: pl.DataFrame) -> pl.DataFrame:
    """Add up what `fund_ratios` returns, of the funds that count."""
    rows = rows.filter("counted")
    sums = []
    for name, (above, below) in RATIOS.items():
        both = pl.col(above).is_not_null() & pl.col(below).is_not_null()
        sums += [
            added(pl.col(above).filter(both)).cast(MONEY).alias(f"{name}_above"),
            added(pl.col(below).filter(both)).cast(MONEY).alias(f"{name}_below"),
            both.sum().alias(f"{name}_funds"),
        ]
    found = rows.group_by("currency").agg(pl.len().alias("funds"), *sums)
    divided = found.with_columns(
        ratio(pl.col(f"{name}_above"), pl.col(f"{name}_below")).alias(name) for name in RATIOS
    )
    ends = ("", "_above", "_below", "_funds")
    columns = [f"{name}{end}" for name in RATIOS for end in ends]
    return divided.select("currency", "funds", *columns).sort("currency")


def _commitments(tables: Tables, as_of: date) -> pl.DataFrame:
    """List partner_fund_id, committed_social, committed_governed; undated ones from the fund's set-up on."""
    kind, amount = pl.col("kind"), pl.col("amount")
    return (
        committed_rows(tables, as_of)
        .group_by("partner_fund_id")
        .agg(
            committed_social=amount.filter(kind.is_in(SOCIAL)).sum(),
            committed_governed=amount.filter(kind.is_in(GOVERNED)).sum(),
        )
    )


def committed_rows(tables: Tables, as_of: date) -> pl.DataFrame:
    """Keep the investors' commitments until a day in the fund's own currency; undated ones from its set-up on."""
    funds = members(tables).select("partner_fund_id", "set_up_on", own="currency")
    rows = tables["investor_commitment"].join(funds, on="partner_fund_id", validate="m:1")
    rows = rows.filter(pl.col("currency").is_null() | (pl.col("currency") == pl.col("own")))
    return rows.filter(pl.coalesce("effective_on", "set_up_on") <= as_of)


def _public_paid_in(tables: Tables, as_of: date) -> pl.DataFrame:
    """List partner_fund_id, public_paid_in: what investors of other public money had paid."""
    rows = public_rows(tables, as_of)
    return rows.group_by("partner_fund_id").agg(public_paid_in=added(pl.col("amount")))


def public_rows(tables: Tables, as_of: date) -> pl.DataFrame:
    """Keep what investors of other public money had paid by a day, in the fund's own currency."""
    public = tables["investor_commitment"].filter(pl.col("kind") == "public")
    public = public.select("partner_fund_id", "investor").unique()
    own = tables["partner_fund"].select("partner_fund_id", own="currency")
    rows = tables["fund_paid_in"].filter(pl.col("paid_on") <= as_of)
    rows = rows.join(public, on=["partner_fund_id", "investor"], how="semi")
    rows = rows.join(own, on="partner_fund_id", validate="m:1")
    return rows.filter(pl.col("currency").is_null() | (pl.col("currency") == pl.col("own")))


def _invested(tables: Tables, as_of: date) -> pl.DataFrame:
    """List partner_fund_id, invested, early, joint (of those that state it), foreign."""
    own = tables["partner_fund"].select("partner_fund_id", own="currency")
    rows = tables["investment"].filter(pl.col("invested_on") <= as_of)
    rows = rows.join(own, on="partner_fund_id", validate="m:1")
    return rows.group_by("partner_fund_id").agg(
        invested=summed(pl.col("amount")),
        early=pl.col("amount").filter(pl.col("stage").is_in(EARLY)).sum(),
        joint=added(pl.col("joint_amount")),
        foreign=(pl.col("currency") != pl.col("own")).any(),
    )

"""Look-through: partner funds' and guidance money in companies, by district, industry, stage, year, company.

    fund_*      money of the partner funds: invested, cost left (`cost`), value of the valued
    guidance_*  the same, each investment times guidance paid-in / fund paid-in of its fund on the day
    share       of guidance_invested; fund_share of fund_invested: of all in that currency, the unknown too

Nothing is rescaled: what has no district is a group of its own (null), an investment without a value or of a
fund whose guidance share is unknown adds nothing and is counted (unvalued, share_unknown). Amounts are
rounded to cents investment by investment, so that groups sum to the total. Currencies are never added.
"""

from datetime import date
from typing import Final

import polars as pl

from fundtrack.metrics.districts import districts_at
from fundtrack.metrics.exact import added, nothing, pro_rata, summed
from fundtrack.metrics.funds_at import funds_at
from fundtrack.metrics.holdings import holdings
from fundtrack.metrics.industry import industries_at
from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import once
from fundtrack.metrics.reports_at import newest_reports
from fundtrack.money import MONEY, ratio

BY: Final = (
    "all",
    "district",
    "city",
    "operating_district",
    "industry_section",
    "industry_division",
    "stage",
    "year",
    "company",
    "partner_fund_id",
)
"""By what look-through is grouped; `district` and `city` are those a company is registered in."""


@once
def guidance_shares(tables: Tables, as_of: date) -> pl.DataFrame:
    """Show what share of each partner fund each participation has paid in on a day.

    Returns:
        participation_id, guidance_fund_id, partner_fund_id, part, whole (MONEY), share, share_source:
        `ledger` for calls / what all investors paid in; `fund_report` for what the newest report says of a
        fund with one participation, where the ledger does not tell. Null where currencies differ or a part
        exceeds its whole.

    """
    funds = funds_at(tables, as_of).select("partner_fund_id", "currency", "paid_in")
    calls = tables["cash_flow"].filter((pl.col("kind") == "call") & (pl.col("occurred_on") <= as_of))
    paid = calls.group_by("participation_id", "currency").agg(called=added(pl.col("amount")))
    said = newest_reports(tables, as_of, "paid_in", "guidance_paid_in")
    said = said.select("partner_fund_id", said="guidance_paid_in", said_of="paid_in")
    ids = ("participation_id", "guidance_fund_id", "partner_fund_id")
    rows = tables["participation"].select(*ids, own="currency")
    rows = rows.join(funds, on="partner_fund_id", how="left", validate="m:1")
    rows = rows.join(paid, on=["participation_id", "currency"], how="left", validate="1:1")
    rows = rows.join(said, on="partner_fund_id", how="left", validate="m:1")
    own, alone = pl.col("own") == pl.col("currency"), pl.len().over("partner_fund_id") == 1
    stated = own & alone & (pl.col("said") <= pl.col("said_of")) & (pl.col("said_of") > 0)
    idle = pl.col("called").is_null() & ~stated.fill_null(value=False)
    part = pl.when(idle).then(nothing()).otherwise("called")
    fits = (own & (part <= pl.col("paid_in")) & (pl.col("paid_in") > 0)).fill_null(value=False)
    stated = stated.fill_null(value=False)
    rows = rows.with_columns(
        part=pl.when(fits).then(part).when(stated).then("said").cast(MONEY),
        whole=pl.when(fits).then("paid_in").when(stated).then("said_of").cast(MONEY),
        share_source=pl.when(fits).then(pl.lit("ledger")).when(stated).then(pl.lit("fund_report")),
    )
    share = ratio(pl.col("part"), pl.col("whole")).alias("share")
    return rows.select(*ids, "part", "whole", share, "share_source").sort("participation_id")


@once
def placed(tables: Tables, as_of: date, guidance_fund_id: str | None = None) -> pl.DataFrame:
    """List holdings with the guidance funds' part of each (or of one guidance fund), and the labels of BY."""
    rows = holdings(tables, as_of)
    shares = guidance_shares(tables, as_of)
    if guidance_fund_id is not None:
        shares = shares.filter(pl.col("guidance_fund_id") == guidance_fund_id)
        rows = rows.join(shares, on="partner_fund_id", how="semi")
    part, whole = summed(pl.col("part")), pl.col("whole").max()
    held = shares.group_by("partner_fund_id").agg(
        part=pl.when(part <= whole).then(part).cast(MONEY),
        whole=pl.when(part <= whole).then(whole).cast(MONEY),
    )
    rows = rows.join(held, on="partner_fund_id", how="left", validate="m:1")
    parts = {
        f"guidance_{name}": pro_rata(pl.col(column), pl.col("part"), pl.col("whole"))
        for name, column in (("invested", "amount"), ("cost", "cost_left"), ("value", "value"))
    }
    return _labelled(tables, rows.with_columns(**parts), as_of)


@once
def look_through(tables: Tables, as_of: date, by: str, guidance_fund_id: str | None = None) -> pl.DataFrame:
    """Show money in companies on a day by one of BY, each currency for itself, largest first.

    Returns:
        group (null: unknown), name, currency, companies, investments, fund_invested, fund_cost, fund_value,
        guidance_invested, guidance_cost, guidance_value, unvalued, share_unknown, fund_share, share.

    """
    rows = placed(tables, as_of, guidance_fund_id)
    name = f"{by}_name" if f"{by}_name" in rows.columns else by
    sums = rows.group_by(group=pl.col(by), name=pl.col(name), currency=pl.col("currency")).agg(
        pl.col("company").n_unique().alias("companies"),
        pl.len().alias("investments"),
        *_sums(),
        unvalued=pl.col("value").null_count(),
        share_unknown=pl.col("part").null_count(),
    )
    found = sums.with_columns(
        fund_share=ratio(pl.col("fund_invested"), pl.col("fund_invested").sum().over("currency")),
        share=ratio(pl.col("guidance_invested"), pl.col("guidance_invested").sum().over("currency")),
    )
    return found.sort("currency", "fund_invested", "group", descending=[False, True, False], nulls_last=True)


def _sums() -> list[pl.Expr]:
    pairs = {
        "fund_invested": "amount",
        "fund_cost": "cost_left",
        "fund_value": "value",
        "guidance_invested": "guidance_invested",
        "guidance_cost": "guidance_cost",
        "guidance_value": "guidance_value",
    }
    return [added(pl.col(column)).cast(MONEY).alias(name) for name, column in pairs.items()]


def _labelled(tables: Tables, rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Put each investment's labels beside it, as of the day."""
    known = tables["company"].select("company_id", "name", "district", "operating_district", "industry")
    known = known.rename(
        {"name": "company_name", "district": "at", "operating_district": "at_work", "industry": "code"}
    )
    rows = rows.join(known, on="company_id", how="left", validate="m:1")
    first = known.sort("company_id").select(company="company_id", first_name="company_name")
    rows = rows.join(first, on="company", how="left", validate="m:1").with_columns(company_name="first_name")
    places = districts_at(tables["district"], [*known["at"], *known["at_work"]], as_of)
    lines = industries_at(tables["industry"], known["code"], as_of)
    registered = places.select("city", "city_name", at="written", district="code", district_name="name")
    working = places.select(at_work="written", operating_district="code", operating_district_name="name")
    industry = lines.select(
        code="written",
        industry_section="section",
        industry_section_name="section_name",
        industry_division="division",
        industry_division_name="division_name",
        industry_edition="edition",
    )
    for beside, key in ((registered, "at"), (working, "at_work"), (industry, "code")):
        rows = rows.join(beside, on=key, how="left", validate="m:1")
    funds = tables["partner_fund"].select("partner_fund_id", partner_fund_id_name="name")
    rows = rows.join(funds, on="partner_fund_id", how="left", validate="m:1")
    year = pl.col("invested_on").dt.year().cast(pl.String)
    return rows.with_columns(pl.lit("all").alias("all"), year=year).drop("first_name")

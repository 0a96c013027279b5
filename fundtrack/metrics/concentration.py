"""How money is spread over companies: top holdings, Herfindahl index, overlap between funds, coverage of NAV.

    hhi       Σ (cost left in a company / cost left in all)²: 1 is one company, 1/n is n equal ones
    top1, top10   share of the largest one, ten
    explained Σ value of the valued holdings; coverage = explained / NAV

Coverage is never rescaled: what has no value explains nothing, cash is not a project. Companies are entities.
"""

from datetime import date

import polars as pl

from fundtrack.metrics.exact import added
from fundtrack.metrics.exposure import placed
from fundtrack.metrics.groups import KEY
from fundtrack.metrics.holdings import holdings
from fundtrack.metrics.members import Tables
from fundtrack.metrics.nav import positions_at
from fundtrack.metrics.once import once
from fundtrack.metrics.reports_at import newest_reports
from fundtrack.money import MONEY, ratio


def top_holdings(tables: Tables, as_of: date, count: int = 10) -> pl.DataFrame:
    """List the companies with most guidance cost left, each currency for itself.

    Returns:
        place, currency, company, company_name, funds (how many), fund_cost, fund_value, guidance_cost,
        guidance_value, share (of guidance cost left in that currency, all companies).

    """
    rows = placed(tables, as_of)
    sums = rows.group_by("currency", "company", "company_name").agg(
        pl.col("partner_fund_id").n_unique().alias("funds"),
        fund_cost=added(pl.col("cost_left")).cast(MONEY),
        fund_value=added(pl.col("value")).cast(MONEY),
        guidance_cost=added(pl.col("guidance_cost")).cast(MONEY),
        guidance_value=added(pl.col("guidance_value")).cast(MONEY),
    )
    whole = pl.col("guidance_cost").sum().over("currency")
    ranked = sums.with_columns(share=ratio(pl.col("guidance_cost"), whole)).sort(
        "currency", "guidance_cost", "company", descending=[False, True, False], nulls_last=True
    )
    place = pl.int_range(1, pl.len() + 1).over("currency").alias("place")
    kept = ranked.with_columns(place).filter((pl.col("place") <= count) & (pl.col("guidance_cost") > 0))
    return kept.select("place", *sums.columns, "share")


@once
def concentration(tables: Tables, as_of: date, by: str = "partner_fund_id") -> pl.DataFrame:
    """Measure the concentration of cost left, per partner fund or of all (`all`), each currency for itself.

    Returns:
        group, currency, companies, fund_cost, hhi, top1, top10, largest (company); none if nothing is left.

    """
    rows = holdings(tables, as_of).with_columns(group=pl.lit("all") if by == "all" else pl.col(by))
    keys = ["group", "currency"]
    each = rows.group_by(*keys, "company").agg(cost=added(pl.col("cost_left"))).filter(pl.col("cost") > 0)
    each = each.sort(*keys, "cost", "company", descending=[False, False, True, False])
    part = ratio(pl.col("cost"), pl.col("cost").sum().over(keys))
    return (
        each.with_columns(part=part)
        .group_by(keys, maintain_order=True)
        .agg(
            pl.len().alias("companies"),
            pl.col("cost").sum().cast(MONEY).alias("fund_cost"),
            (pl.col("part") ** 2).sum().alias("hhi"),
            pl.col("part").first().alias("top1"),
            pl.col("part").head(10).sum().alias("top10"),
            pl.col("company").first().alias("largest"),
        )
    )


def overlap(tables: Tables, as_of: date) -> pl.DataFrame:
    """List companies in which several partner funds hold cost, with what each currency's funds hold together.

    Returns:
        company, company_name, currency, funds, partner_fund_ids, fund_cost, guidance_cost.

    """
    rows = placed(tables, as_of).filter(pl.col("cost_left") > 0)
    held = pl.col("partner_fund_id").n_unique().over("company")
    shared = rows.filter((held > 1) & pl.col("company").is_not_null())
    return (
        shared.group_by("company", "company_name", "currency")
        .agg(
            pl.col("partner_fund_id").n_unique().alias("funds"),
            pl.col("partner_fund_id").unique().sort().alias("partner_fund_ids"),
            added(pl.col("cost_left")).cast(MONEY).alias("fund_cost"),
            added(pl.col("guidance_cost")).cast(MONEY).alias("guidance_cost"),
        )
        .sort("company", "currency")
    )


def overlap_pairs(tables: Tables, as_of: date) -> pl.DataFrame:
    """Count the companies that each two partner funds share: one_fund, other_fund, companies."""
    rows = holdings(tables, as_of).filter((pl.col("cost_left") > 0) & pl.col("company").is_not_null())
    held = rows.select("company", "partner_fund_id").unique()
    pairs = held.join(held, on="company", suffix="_other")
    pairs = pairs.filter(pl.col("partner_fund_id") < pl.col("partner_fund_id_other"))
    counted = pairs.group_by(one_fund="partner_fund_id", other_fund="partner_fund_id_other").agg(
        pl.col("company").n_unique().alias("companies")
    )
    return counted.sort("companies", "one_fund", "other_fund", descending=[True, False, False])


@once
def fund_coverage(tables: Tables, as_of: date) -> pl.DataFrame:
    """Compare each partner fund's holdings with the net assets of its newest report, at that report's day.

    Returns:
        partner_fund_id, currency, reported_on, net_assets, cash, explained (what is in the fund's currency),
        unvalued, coverage.

    """
    reports = newest_reports(tables, as_of, "net_assets")
    parts = []
    for (day,), rows in reports.partition_by("period_end_on", as_dict=True, maintain_order=True).items():
        held = holdings(tables, day).join(rows.select("partner_fund_id"), on="partner_fund_id", how="semi")
        parts.append(_explained(tables, held))
    own = tables["partner_fund"].select("partner_fund_id", "currency")
    listed = reports.select("partner_fund_id", "net_assets", "cash", reported_on="period_end_on")
    listed = listed.join(own, on="partner_fund_id", validate="1:1")
    explained = pl.concat([_explained(tables, holdings(tables, as_of).head(0)), *parts])
    found = listed.join(explained, on="partner_fund_id", how="left", validate="1:1")
    found = found.with_columns(coverage=ratio(pl.col("explained"), pl.col("net_assets")))
    columns = ("reported_on", "net_assets", "cash", "explained", "unvalued", "coverage")
    return found.select("partner_fund_id", "currency", *columns).sort("partner_fund_id")


@once
def nav_coverage(tables: Tables, as_of: date) -> pl.DataFrame:
    """Tell how much of the guidance funds' NAV their projects explain, each currency for itself.

    Returns:
        currency, nav (of the participations that are known), nav_unknown, explained (guidance value of valued
        projects in that currency), unvalued, share_unknown, coverage = explained / nav.

    """
    at = positions_at(tables, [as_of])
    nav = at.group_by("currency").agg(
        nav=added(pl.col("nav")).cast(MONEY), nav_unknown=pl.col("nav").null_count()
    )
    held = (
        at.filter(pl.col("nav").is_not_null())
        .select(KEY)
        .join(tables["participation"].select(KEY, "partner_fund_id"), on=KEY)
    )
    rows = placed(tables, as_of).join(held, on="partner_fund_id", how="semi")
    parts = rows.group_by("currency").agg(
        explained=added(pl.col("guidance_value")).cast(MONEY),
        unvalued=pl.col("value").null_count(),
        share_unknown=pl.col("part").null_count(),
    )
    found = nav.join(parts, on="currency", how="left", validate="1:1")
    return found.with_columns(coverage=ratio(pl.col("explained"), pl.col("nav"))).sort("currency")


def _explained(tables: Tables, held: pl.DataFrame) -> pl.DataFrame:
    own = tables["partner_fund"].select("partner_fund_id", own="currency")
    rows = held.join(own, on="partner_fund_id", validate="m:1")
    counted = pl.col("value").filter(pl.col("currency") == pl.col("own"))
    return rows.group_by("partner_fund_id").agg(
        explained=added(counted).cast(MONEY), unvalued=pl.col("value").null_count()
    )

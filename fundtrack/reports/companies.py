"""Companies: where partner funds' and guidance money went, by district, industry, stage and year; the largest, the shared, the realised."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

import polars as pl

from fundtrack.metrics.concentration import (
    concentration,
    fund_coverage,
    nav_coverage,
    overlap,
    overlap_pairs,
    top_holdings,
)
from fundtrack.metrics.exposure import look_through
from fundtrack.metrics.holdings import realised
from fundtrack.metrics.lineage.companies import AND
from fundtrack.metrics.nav import nav_totals
from fundtrack.metrics.once import Once
from fundtrack.reports.narrow import in_currency
from fundtrack.reports.progress import Ledger, json_rows

SHOWN_BY: Final = (
    "district", "city", "operating_district", "industry_section", "industry_division", "stage", "year", "company",
)  # fmt: skip
"""By what a reader can look through; `district` and `city` are those a company is registered in."""


@dataclass(frozen=True, slots=True)
class CompaniesReport:
    """Look-through on a day, as known at an edition; currencies are never added, nothing is rescaled.

    Attributes:
        as_of: the day; None where nothing has been loaded and none was asked for.
        edition: what was known.
        totals: a row per currency: money of the funds and of the guidance funds in companies, what has no
            value or no known guidance share, and how much of the guidance funds' NAV (`nav`, with its oldest
            day, the shares rolled forward and stale) the projects explain.
        groups: the same money by each of SHOWN_BY, which `by` names; an unknown label is a group of its own.
        top: the companies with most guidance cost left.
        concentration: of all, and of each partner fund.
        overlap: companies that several partner funds hold; pairs: which funds share how many (`group`: both ids).
        realised: per currency; realised_funds: per partner fund.
        coverage: each partner fund's holdings beside the net assets of its newest report.

    """

    as_of: date | None
    edition: int | None
    totals: pl.DataFrame
    groups: pl.DataFrame
    top: pl.DataFrame
    concentration: pl.DataFrame
    overlap: pl.DataFrame
    pairs: pl.DataFrame
    realised: pl.DataFrame
    realised_funds: pl.DataFrame
    coverage: pl.DataFrame

    def only(self, currency: str) -> "CompaniesReport":
        """Keep one currency."""
        return in_currency(self, currency)

    def as_json(self) -> dict[str, Any]:
        """Show the report as JSON."""
        frames = [one.name for one in fields(self) if one.name not in {"as_of", "edition"}]
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "edition": self.edition,
            **{name: json_rows(getattr(self, name)) for name in frames},
        }


def companies_report(ledger: Ledger, as_of: date | None = None) -> CompaniesReport:
    """Look through to the companies on a day, by default the newest date of any cover."""
    held: Any = ledger
    tables: Any = Once(held)
    known = as_of or ledger.default_as_of
    day = known or date.max  # nothing is loaded: every frame is empty, whatever the day
    names = tables["partner_fund"].select(group="partner_fund_id", name="name")
    trust = nav_totals(tables, day).select("currency", "oldest_nav_on", "rolled_share", "stale_share")
    explained = nav_coverage(tables, day).select("currency", "nav", "nav_unknown", "explained", "coverage")
    totals = look_through(tables, day, "all").drop("group", "name")
    for beside in (explained, trust):
        totals = totals.join(beside, on="currency", how="full", coalesce=True, validate="1:1")
    spread = [concentration(tables, day, "all"), concentration(tables, day)]
    pairs = overlap_pairs(tables, day)
    for side in ("one", "other"):
        pairs = pairs.join(
            names.rename({"group": f"{side}_fund", "name": f"{side}_name"}), on=f"{side}_fund", how="left"
        )
    pairs = pairs.with_columns(group=pl.concat_str("one_fund", "other_fund", separator=AND))
    return CompaniesReport(
        known,
        ledger.edition,
        totals=totals.sort("currency"),
        groups=pl.concat(look_through(tables, day, by).with_columns(by=pl.lit(by)) for by in SHOWN_BY),
        top=top_holdings(tables, day),
        concentration=_named(pl.concat(spread), names),
        overlap=overlap(tables, day),
        pairs=pairs,
        realised=realised(tables, day, "all"),
        realised_funds=_named(realised(tables, day), names).sort("group", "currency"),
        coverage=_named(fund_coverage(tables, day).rename({"partner_fund_id": "group"}), names).sort("group"),
    )


def _named(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    return rows.join(names, on="group", how="left", validate="m:1", maintain_order="left")

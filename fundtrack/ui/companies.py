"""How look-through looks: totals with their coverage, ranked groups, the largest, the shared, the realised."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fundtrack.reports.companies import CompaniesReport
from fundtrack.text.numbers import plain, wan
from fundtrack.ui.companies_groups import MONEY, draw_groups
from fundtrack.ui.drawn import drawn_once
from fundtrack.ui.figures import (
    aged,
    asked_of,
    count_col,
    currency_col,
    in_unit,
    leads,
    metric_name,
    money_col,
    multiple_col,
    share_col,
    share_text,
    table,
)
from fundtrack.ui.frame import narrowed
from fundtrack.ui.html import Col, empty, esc, facts, plain_col, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.paging import page_of
from fundtrack.ui.traced import linked

_TRACED: Final = {"proceeds": "exit_proceeds"}
"""Figures whose trace goes by another name."""


@drawn_once
def draw_totals(report: CompaniesReport) -> None:
    """Each currency's money in companies, what is unknown of it, and how much of the NAV the projects explain."""
    if report.totals.is_empty():
        show(empty(t("returns.none")))
    for row in report.totals.to_dicts():
        show(f"<h3>{esc(in_unit(row['currency']))}</h3>")
        if row["investments"] is None:
            say_soft(t("companies.none_placed", nav=wan(row["nav"], lang())))
            continue
        counts = [
            (t(f"companies.{name}"), leads(row, f"all:{name}", str(row[name] or 0)))
            for name in ("companies", "investments", "unvalued", "share_unknown")
        ]
        show(
            facts(
                [
                    *counts,
                    *[
                        (
                            t(f"companies.{name}"),
                            leads(row, f"all:{name}", wan(row[name], lang())),
                        )
                        for name in MONEY
                    ],
                ]
            )
        )
        nav = [
            (metric_name("nav"), leads(row, "nav", wan(row["nav"], lang()))),
            (
                t("returns.oldest"),
                linked(aged(row["oldest_nav_on"], report.as_of), [], asked_of(row, "oldest_nav_on")),
            ),
        ]
        shares = [
            (metric_name(name), leads(row, name, share_text(row[name])))
            for name in ("rolled_share", "stale_share")
        ]
        show(
            facts(
                [
                    *nav,
                    *shares,
                    (t("companies.explained"), leads(row, "explained", wan(row["explained"], lang()))),
                    (metric_name("coverage"), leads(row, "coverage", _covered(row))),
                ]
            )
        )


def _covered(row: Mapping[str, Any]) -> str:
    return (
        share_text(row["coverage"])
        if row["coverage"] is None
        else t("companies.covered", share=share_text(row["coverage"]))
    )


@drawn_once
def draw_top(report: CompaniesReport) -> None:
    """The companies with most guidance cost left."""
    columns = [count_col(t("companies.place"), "place", "company:place"), Col(t("companies.by_company"), lambda row: esc(row["company_name"])), currency_col(),
               count_col(t("companies.funds"), "funds", "company:funds"),
               *[money_col(t(f"companies.{name}"), name, f"company:{name}") for name in MONEY if not name.endswith("invested")],
               share_col("share", t("companies.cost_share"), "company:cost_share")]  # fmt: skip
    table(report.top, columns, t("companies.top"))


@narrowed
def draw_concentration(report: CompaniesReport) -> None:
    """How concentrated cost left is, in all funds and in each."""
    at = page_of(report.concentration.height, "page_concentration")
    _draw_concentration(report, at.start, at.stop)


@drawn_once
def _draw_concentration(report: CompaniesReport, first: int, last: int) -> None:
    fund = Col(
        t("returns.fund"),
        lambda row: esc(row["name"]) if row["group"] != "all" else esc(t("companies.all_funds")),
    )
    hhi = Col(
        metric_name("hhi"), lambda row: leads(row, "hhi", plain(row["hhi"], lang(), 4, fixed=True)), "num"
    )
    columns = [fund, currency_col(), count_col(t("companies.companies"), "companies", "companies_held"),
               money_col(t("companies.fund_cost"), "fund_cost", "cost_left"),
               hhi, share_col("top1", t("companies.top1"), "top1"), share_col("top10", figure="top10")]  # fmt: skip
    table(report.concentration[first:last], columns, t("companies.concentration"), tall=True)


@narrowed
def draw_overlap(report: CompaniesReport) -> None:
    """Companies that several partner funds hold, and the funds that share most."""
    held = page_of(report.overlap.height, "page_overlap")
    _draw_overlap(report, held.start, held.stop)
    if not report.pairs.is_empty():
        pairs = page_of(report.pairs.height, "page_pairs")
        _draw_pairs(report, pairs.start, pairs.stop)


@drawn_once
def _draw_overlap(report: CompaniesReport, first: int, last: int) -> None:
    funds = Col(
        t("companies.held_by"),
        lambda row: esc(
            "、".join(row["partner_fund_ids"]) if lang() == "zh" else ", ".join(row["partner_fund_ids"])
        ),
        "wide",
    )
    columns = [Col(t("companies.by_company"), lambda row: esc(row["company_name"])), currency_col(), count_col(t("companies.funds"), "funds", "overlap:funds"),
               money_col(t("companies.fund_cost"), "fund_cost", "overlap:fund_cost"),
               money_col(t("companies.guidance_cost"), "guidance_cost", "overlap:guidance_cost"), funds]  # fmt: skip
    table(
        report.overlap[first:last], columns, t("companies.overlap"), none=t("companies.no_overlap"), tall=True
    )


@drawn_once
def _draw_pairs(report: CompaniesReport, first: int, last: int) -> None:
    sides = [plain_col(t("returns.fund"), f"{side}_name") for side in ("one", "other")]
    table(
        report.pairs[first:last],
        [*sides, count_col(t("companies.shared"), "companies", "overlap:companies")],
        t("companies.pairs"),
        tall=True,
    )


@narrowed
def draw_realised(report: CompaniesReport) -> None:
    """What was realised and what is not, in total and per partner fund."""
    at = page_of(report.realised_funds.height, "page_realised")
    _draw_realised(report, at.start, at.stop)


@drawn_once
def _draw_realised(report: CompaniesReport, first: int, last: int) -> None:
    sums = [money_col(metric_name(name), column, _TRACED.get(name, name)) for name, column in (
        ("exit_cost", "exit_cost"), ("proceeds", "proceeds"), ("gain_realised", "gain_realised"), ("cost_left", "cost_left"),
        ("holding_value", "value"), ("gain_unrealised", "gain_unrealised"))]  # fmt: skip
    multiples = [
        multiple_col(name, t(f"companies.{name}"), name)
        for name in ("multiple_realised", "multiple_unrealised")
    ]
    columns = [currency_col(), count_col(t("companies.investments"), "investments", _placed("investments")),
               money_col(t("companies.fund_invested"), "invested", _placed("fund_invested")),
               *sums, *multiples, count_col(t("companies.unvalued"), "unvalued", _placed("unvalued"))]  # fmt: skip
    table(report.realised, columns, t("companies.realised"))
    table(
        report.realised_funds[first:last],
        [Col(t("returns.fund"), lambda row: esc(row["name"])), *columns],
        t("companies.realised_funds"),
        tall=True,
    )


def _placed(name: str) -> Callable[[Mapping[str, Any]], str]:
    """A figure of look-through, of all or of the row's partner fund."""
    return lambda row: f"{'all' if row['group'] == 'all' else 'partner_fund_id'}:{name}"


@narrowed
def draw_coverage(report: CompaniesReport) -> None:
    """Each fund's projects beside the net assets it reports, at the report's day; never rescaled."""
    at = page_of(report.coverage.height, "page_coverage")
    _draw_coverage(report, at.start, at.stop)


@drawn_once
def _draw_coverage(report: CompaniesReport, first: int, last: int) -> None:
    columns = [Col(t("returns.fund"), lambda row: esc(row["name"])), currency_col(), Col(t("returns.reported_on"), lambda row: esc(row["reported_on"]), "fix"),
               *[money_col(t(f"companies.{name}"), name, name) for name in ("net_assets", "cash", "explained")],
               count_col(t("companies.unvalued"), "unvalued", "unvalued"), share_col("coverage", figure="coverage")]  # fmt: skip
    table(report.coverage[first:last], columns, t("companies.coverage"), tall=True)


SECTIONS: Final[dict[str, Callable[[CompaniesReport], None]]] = {
    "totals": draw_totals,
    "groups": draw_groups,
    "top": draw_top,
    "concentration": draw_concentration,
    "overlap": draw_overlap,
    "realised": draw_realised,
    "coverage": draw_coverage,
}
"""The page's sections in order; each has a title and a note of its name."""

"""How look-through looks: totals with their coverage, ranked groups, the largest, the shared, the realised."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from fundtrack.reports.companies import SHOWN_BY, CompaniesReport
from fundtrack.text.numbers import money, plain, wan
from fundtrack.ui import charts
from fundtrack.ui.address import pick
from fundtrack.ui.chart_data import Data
from fundtrack.ui.figures import (
    aged,
    asked_of,
    count_col,
    currency_col,
    currency_word,
    in_unit,
    leads,
    metric_name,
    money_col,
    multiple_col,
    share_col,
    share_text,
    table,
    unit_name,
)
from fundtrack.ui.frame import narrowed
from fundtrack.ui.html import Col, empty, esc, facts, plain_col, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.ranked import ranked
from fundtrack.ui.traced import Asked, linked
from fundtrack.ui.values import shown_as

_BARS: Final = 15
_MONEY: Final = (
    "fund_invested",
    "fund_cost",
    "fund_value",
    "guidance_invested",
    "guidance_cost",
    "guidance_value",
)
_WAN: Final = 10_000
_TRACED: Final = {"proceeds": "exit_proceeds"}
"""Figures whose trace goes by another name."""


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
                        for name in _MONEY
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


@narrowed
def draw_groups(report: CompaniesReport) -> None:
    """Money by what the reader chooses, largest first: bars of the largest, then every group."""
    by = pick("by", t("companies.by"), SHOWN_BY, lambda name: t(f"companies.by_{name}"))
    rows = report.groups.filter(by=by)
    for (currency,), of_one in rows.partition_by("currency", as_dict=True, maintain_order=True).items():
        known = [row for row in of_one.to_dicts() if row["guidance_invested"]]
        largest = sorted(known, key=lambda row: row["guidance_invested"], reverse=True)[:_BARS]
        if len(largest) < 2:
            continue
        unit = unit_name(str(currency))
        finding, known_figures = _finding(by, largest[0])
        bars = t("companies.bars", what=t("companies.guidance_invested"), unit=unit)
        show(f"<h3>{linked(finding, known_figures)}</h3>", f'<p class="soft">{esc(bars)}</p>')
        texts = [f"{wan(row['guidance_invested'], lang())} · {share_text(row['share'])}" for row in largest]
        values = [float(row["guidance_invested"]) / _WAN for row in largest]
        labels = [_label(by, row) for row in largest]
        cells: list[list[Any]] = [
            [label, value, share_text(row["share"])]
            for label, value, row in zip(labels, values, largest, strict=True)
        ]
        groups = {label: row["group"] for label, row in zip(labels, largest, strict=True)}
        heads = (t(f"companies.by_{by}"), t("companies.guidance_invested"), t("companies.share"))
        data = Data(heads, cells, unit, partial(_asked, by, str(currency), groups))
        charts.draw(
            ranked(labels, values, texts),
            key=f"bars_{currency}",
            alt=finding,
            title=f"{heads[0]}{t('filters.colon')}{unit}",
            data=data,
        )
    group = Col(t(f"companies.by_{by}"), lambda row: esc(_label(by, row)), "fix")
    sums = [money_col(t(f"companies.{name}"), name, f"{by}:{name}") for name in _MONEY]
    columns = [group, currency_col(), count_col(t("companies.companies"), "companies", f"{by}:companies"),
               count_col(t("companies.investments"), "investments", f"{by}:investments"), *sums,
               share_col("share", t("companies.share"), f"{by}:share"), share_col("fund_share", t("companies.fund_share"), f"{by}:fund_share"),
               count_col(t("companies.unvalued"), "unvalued", f"{by}:unvalued"),
               count_col(t("companies.share_unknown"), "share_unknown", f"{by}:share_unknown")]  # fmt: skip
    table(rows, columns, t("companies.groups"), tall=True, paged="page")


def _asked(
    by: str, currency: str, groups: Mapping[str, str | None], row: Sequence[Any], column: int
) -> Asked | None:
    """Which figure a number beside a bar is; of what cannot be told there is none."""
    group = groups[row[0]]
    return Asked(f"{by}:{('guidance_invested', 'share')[column - 1]}", group, currency) if group else None


def _finding(by: str, row: Mapping[str, Any]) -> tuple[str, list[tuple[str, Asked]]]:
    """Where most of the money is, in a sentence, and which figure each number of it is."""
    currency = str(row["currency"])
    words = {"amount": money(row["guidance_invested"], currency, lang()), "share": share_text(row["share"])}
    group = "" if row["group"] is None else str(row["group"])
    figures = {"amount": "guidance_invested", "share": "share"}
    known = [
        (words[name], Asked(f"{by}:{figure}", group, currency)) for name, figure in figures.items() if group
    ]
    told = t("charts.ranked_finding", unit=currency_word(currency), name=_label(by, row), **words)
    return told, known


def _label(by: str, row: Mapping[str, Any]) -> str:
    """A group's name with its code where both say something; what is unknown says so."""
    if row["group"] is None:
        return t("companies.not_told")
    if by == "stage":
        return shown_as("investment", "stage", {"stage": row["group"]})
    if by == "year" or row["name"] is None:
        return str(row["group"])
    return str(row["name"]) if by == "company" else t("companies.coded", name=row["name"], code=row["group"])


def draw_top(report: CompaniesReport) -> None:
    """The companies with most guidance cost left."""
    columns = [count_col(t("companies.place"), "place", "company:place"), Col(t("companies.by_company"), lambda row: esc(row["company_name"])), currency_col(),
               count_col(t("companies.funds"), "funds", "company:funds"),
               *[money_col(t(f"companies.{name}"), name, f"company:{name}") for name in _MONEY if not name.endswith("invested")],
               share_col("share", t("companies.cost_share"), "company:cost_share")]  # fmt: skip
    table(report.top, columns, t("companies.top"))


@narrowed
def draw_concentration(report: CompaniesReport) -> None:
    """How concentrated cost left is, in all funds and in each."""
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
    table(report.concentration, columns, t("companies.concentration"), tall=True, paged="page_concentration")


@narrowed
def draw_overlap(report: CompaniesReport) -> None:
    """Companies that several partner funds hold, and the funds that share most."""
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
        report.overlap,
        columns,
        t("companies.overlap"),
        none=t("companies.no_overlap"),
        tall=True,
        paged="page_overlap",
    )
    if report.pairs.is_empty():
        return
    sides = [plain_col(t("returns.fund"), f"{side}_name") for side in ("one", "other")]
    table(
        report.pairs,
        [*sides, count_col(t("companies.shared"), "companies", "overlap:companies")],
        t("companies.pairs"),
        tall=True,
        paged="page_pairs",
    )


@narrowed
def draw_realised(report: CompaniesReport) -> None:
    """What was realised and what is not, in total and per partner fund."""
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
        report.realised_funds,
        [Col(t("returns.fund"), lambda row: esc(row["name"])), *columns],
        t("companies.realised_funds"),
        tall=True,
        paged="page_realised",
    )


def _placed(name: str) -> Callable[[Mapping[str, Any]], str]:
    """A figure of look-through, of all or of the row's partner fund."""
    return lambda row: f"{'all' if row['group'] == 'all' else 'partner_fund_id'}:{name}"


@narrowed
def draw_coverage(report: CompaniesReport) -> None:
    """Each fund's projects beside the net assets it reports, at the report's day; never rescaled."""
    columns = [Col(t("returns.fund"), lambda row: esc(row["name"])), currency_col(), Col(t("returns.reported_on"), lambda row: esc(row["reported_on"]), "fix"),
               *[money_col(t(f"companies.{name}"), name, name) for name in ("net_assets", "cash", "explained")],
               count_col(t("companies.unvalued"), "unvalued", "unvalued"), share_col("coverage", figure="coverage")]  # fmt: skip
    table(report.coverage, columns, t("companies.coverage"), tall=True, paged="page_coverage")


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

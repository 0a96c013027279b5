"""How money in companies looks by district, industry, stage, year or company: bars of the largest, then every group."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from polars import DataFrame

from fundtrack.reports.companies import SHOWN_BY, CompaniesReport
from fundtrack.text.numbers import money, wan
from fundtrack.ui import charts
from fundtrack.ui.address import pick
from fundtrack.ui.chart_data import Data
from fundtrack.ui.drawn import drawn_once
from fundtrack.ui.figures import (
    count_col,
    currency_col,
    currency_word,
    money_col,
    share_col,
    share_text,
    table,
    unit_name,
)
from fundtrack.ui.frame import narrowed
from fundtrack.ui.html import Col, esc, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.paging import page_of
from fundtrack.ui.ranked import ranked
from fundtrack.ui.traced import Asked, linked
from fundtrack.ui.values import shown_as

MONEY: Final = (
    "fund_invested",
    "fund_cost",
    "fund_value",
    "guidance_invested",
    "guidance_cost",
    "guidance_value",
)
"""The amounts of each group, in order."""
_BARS: Final = 15
_WAN: Final = 10_000


@narrowed
def draw_groups(report: CompaniesReport) -> None:
    """Money by what the reader chooses, largest first: bars of the largest, then every group."""
    by = pick("by", t("companies.by"), SHOWN_BY, lambda name: t(f"companies.by_{name}"))
    rows = report.groups.filter(by=by)
    _draw_bars(by, rows)
    at = page_of(rows.height)
    _draw_table(report, by, at.start, at.stop)


def _draw_bars(by: str, rows: DataFrame) -> None:
    """The largest groups of each currency."""
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
            charts.once(ranked, tuple(labels), tuple(values), tuple(texts)),
            key=f"bars_{currency}",
            alt=finding,
            title=f"{heads[0]}{t('filters.colon')}{unit}",
            data=data,
        )


@drawn_once
def _draw_table(report: CompaniesReport, by: str, first: int, last: int) -> None:
    """Every group."""
    group = Col(t(f"companies.by_{by}"), lambda row: esc(_label(by, row)), "fix")
    sums = [money_col(t(f"companies.{name}"), name, f"{by}:{name}") for name in MONEY]
    columns = [group, currency_col(), count_col(t("companies.companies"), "companies", f"{by}:companies"),
               count_col(t("companies.investments"), "investments", f"{by}:investments"), *sums,
               share_col("share", t("companies.share"), f"{by}:share"), share_col("fund_share", t("companies.fund_share"), f"{by}:fund_share"),
               count_col(t("companies.unvalued"), "unvalued", f"{by}:unvalued"),
               count_col(t("companies.share_unknown"), "share_unknown", f"{by}:share_unknown")]  # fmt: skip
    table(report.groups.filter(by=by)[first:last], columns, t("companies.groups"), tall=True)


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

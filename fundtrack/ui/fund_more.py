"""What a partner fund's page shows beside its rows: the J-curve, projects, findings, and the documents behind it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from fundtrack.reports.finding_words import status_word
from fundtrack.reports.findings import FindingsReport
from fundtrack.reports.fund_page import FundPage
from fundtrack.text.numbers import currency_name, unknown, wan
from fundtrack.ui import charts
from fundtrack.ui.address import KEPT, given
from fundtrack.ui.chart_data import Data
from fundtrack.ui.curve import curve
from fundtrack.ui.figures import currency_col, irr_figure, irr_text, metric_name, times_text
from fundtrack.ui.html import Col, empty, esc, grid, link, plain_col, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.loaded import local_time
from fundtrack.ui.traced import Asked, linked, traced_field
from fundtrack.ui.values import shown_as

Row = Mapping[str, Any]
_WAN = 10_000
_CURVE: Final = ("net_cash", "nav", "net_value")


def draw_curve(page: FundPage, fund: str) -> None:
    """The J-curve of the guidance money in the fund, and its last point in figures."""
    show(f"<h2>{esc(t('fund.curve'))}</h2>")
    say_soft(t("fund.curve_help"))
    if page.history.height < 2:
        show(empty(t("fund.no_curve")))
        return
    for (currency,), rows in page.history.partition_by("currency", as_dict=True, maintain_order=True).items():
        listed = rows.to_dicts()
        unit = t("returns.wan", currency=currency_name(str(currency), lang()))
        lines = [(metric_name(name), [_in_wan(row, name) for row in listed]) for name in _CURVE]
        last = listed[-1]
        words = {"day": last["day"], "net": wan(last["net_cash"], lang()), "nav": wan(last["nav"], lang()), "unit": unit,
                 "tvpi": times_text(last["tvpi"]), "irr": irr_text(last)}  # fmt: skip
        says = t("fund.curve_says", **words)
        figures = {"net": "net_cash", "nav": "nav", "tvpi": "tvpi", "irr": irr_figure(last)}
        known = [(words[name], Asked(of, fund, str(currency), last["day"])) for name, of in figures.items()]
        show(f'<p class="says">{linked(says, known)}</p>')
        days = rows["day"].to_list()
        cells = [[on, *(values[at] for _, values in lines)] for at, on in enumerate(days)]
        heads = (t("charts.day"), *(name for name, _ in lines))
        charts.draw(
            charts.once(curve, tuple(days), tuple((name, tuple(values)) for name, values in lines), unit),
            data=Data(heads, cells, unit, partial(_asked, fund, str(currency))),
            key=f"fund_curve_{currency}",
            alt=says,
            title=t("fund.curve"),
        )


def _asked(fund: str, currency: str, row: Sequence[Any], column: int) -> Asked:
    """Which figure a number of the curve is: of its quarter end."""
    return Asked(_CURVE[column - 1], fund, currency, row[0])


def _in_wan(row: Row, name: str) -> float | None:
    value = row[name] if name != "nav" or not row.get("nav_unknown") else None
    return None if value is None else float(value) / _WAN


def draw_projects(page: FundPage) -> None:
    """What the fund invested in: cost, exits, what is left and what it is worth."""
    show(f"<h2>{esc(t('fund.projects'))}</h2>")
    if page.projects.is_empty():
        show(empty(t("funds.none_of")))
        return

    def amount(name: str) -> Col:
        return Col(
            t(f"fund.{name}"),
            lambda row: linked(_amount(row[name]), [], Asked(f"investment.{row['row_key']}.amount")),
            "num",
        )

    columns = [
        Col(t("companies.by_company"), lambda row: esc(row["company_name"] or row["company_id"])),
        plain_col(t("fund.invested_on"), "invested_on", "fix"),
        Col(t("fund.stage"), lambda row: shown_as("investment", "stage", row), "fix"),
        currency_col(),
        Col(t("fund.amount"), lambda row: traced_field(_amount(row["amount"]), "investment", row, "amount"), "num"),
        *(amount(name) for name in ("exit_cost", "proceeds", "cost_left", "value")),
        Col(t("fund.valued_on"), lambda row: esc(row["valued_on"]), "fix"),
    ]  # fmt: skip
    show(grid(page.projects.to_dicts(), columns, label=t("fund.projects"), tall=True))


def _amount(value: Any) -> str:
    return unknown(lang()) if value is None else wan(value, lang())


def draw_findings(report: FindingsReport, fund: str) -> None:
    """What the rules say of the fund, what is clear left out; each leads to its own page."""
    show(f"<h2>{esc(t('fund.findings'))}</h2>")
    rows = report.rows.filter(
        report.rows["partner_fund_id"] == fund, report.rows["status"] != "clear"
    ).to_dicts()
    if not rows:
        show(empty(t("fund.no_findings")))
        return
    kept = {name: given(name) for name in KEPT}
    columns = [
        Col(t("fund.rule"), lambda row: link(report.name(row["rule_id"], lang()), "findings", finding=row["finding_id"], **kept)),
        Col(t("fund.status"), lambda row: esc(status_word(row["status"], lang())), "fix"),
        Col(t("fund.says"), lambda row: esc(report.says(row, lang())), "wide"),
    ]  # fmt: skip
    show(grid(rows, columns, label=t("fund.findings"), tall=True))


def draw_documents(page: FundPage) -> None:
    """The files that brought what stands on this page: which, from whom, when, on which sheets."""
    show(f"<h2>{esc(t('fund.documents'))}</h2>")
    say_soft(t("fund.documents_help"))
    columns = [
        plain_col(t("fund.file"), "file_name", "text"),
        plain_col(t("fund.sender"), "sender", "text"),
        plain_col(t("fund.as_of"), "as_of", "fix"),
        Col(t("load.at"), lambda row: esc(local_time(row["loaded_at"])) if row["loaded_at"] else "", "fix"),
        plain_col(t("load.batch"), "batch_id", "fix"),
        plain_col(t("fund.sheets"), "sheets", "wide"),
        plain_col(t("fund.rows"), "rows", "fix"),
        Col("SHA-256", lambda row: f"<code>{esc((row['file_sha256'] or '')[:16])}</code>", "fix"),
    ]
    rows = page.documents.to_dicts()
    show(grid(rows, columns, label=t("fund.documents"), tall=True) if rows else empty(t("funds.none_of")))

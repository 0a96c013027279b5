"""How gross and net returns look side by side: recomputed from the companies, reported by the manager, net to the guidance fund."""

from fundtrack.reports.returns import ReturnsReport
from fundtrack.text.numbers import signed, unknown
from fundtrack.ui.drawn import drawn_once
from fundtrack.ui.figures import (
    Row,
    count_col,
    currency_col,
    irr_col,
    irr_figure,
    irr_text,
    leads,
    metric_name,
    multiple_col,
    share_col,
    table,
    trust_cols,
)
from fundtrack.ui.frame import narrowed
from fundtrack.ui.html import Col, esc, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.paging import page_of


@narrowed
def draw_gross(report: ReturnsReport) -> None:
    """Gross of the partner funds beside net to the guidance funds, then what managers report beside what is recomputed."""
    net = page_of(report.gross_net.height, "page_net")
    _draw_net(report, net.start, net.stop)
    beside = page_of(report.gross.height, "page_beside")
    _draw_beside(report, beside.start, beside.stop)


def _fund() -> Col:
    return Col(t("returns.fund"), lambda row: esc(row["name"]))


@drawn_once
def _draw_net(report: ReturnsReport, first: int, last: int) -> None:
    net = [
        multiple_col("tvpi_net", t("returns.tvpi_net"), "tvpi"),
        Col(
            t("returns.irr_net"),
            lambda row: leads(row, "irr" if row["irr_net_status"] == "ok" else "", _net(row)),
            "num",
        ),
    ]
    columns = [_fund(), currency_col(), count_col(t("returns.investments"), "investments", "partner_fund_id:investments"),
               count_col(t("returns.unvalued"), "unvalued", "partner_fund_id:unvalued"),
               multiple_col("moic", figure="moic"), irr_col(metric_name("irr_gross"), "irr_gross", _gross_figure), *net, *trust_cols(report.as_of)]  # fmt: skip
    show(f"<h3>{esc(t('returns.gross_net'))}</h3>")
    table(report.gross_net[first:last], columns, t("returns.gross_net"), tall=True)


@drawn_once
def _draw_beside(report: ReturnsReport, first: int, last: int) -> None:
    show(f"<h3>{esc(t('returns.beside'))}</h3>")
    compared = [
        _fund(),
        Col(t("returns.reported_on"), lambda row: esc(row["reported_on"]), "fix"),
        multiple_col("multiple_reported", figure="multiple_reported"),
        multiple_col("moic", figure="moic", day="reported_on"),
        Col(
            metric_name("multiple_difference"),
            lambda row: leads(row, "multiple_difference", _signed(row["multiple_difference"])),
            "num",
        ),
        share_col("irr_reported", figure="irr_reported"),
        irr_col(metric_name("irr_gross"), "irr_gross", _gross_figure, "reported_on"),
        Col(
            metric_name("irr_difference"),
            lambda row: leads(row, "irr_difference", _points(row["irr_difference"])),
            "num",
        ),
    ]
    table(report.gross[first:last], compared, t("returns.beside"), tall=True)


def _gross_figure(row: Row) -> str:
    return irr_figure(row, "irr_gross")


def _net(row: Row) -> str:
    return irr_text(
        {
            "irr": row["irr_net"],
            "irr_status": row["irr_net_status"],
            "period_return": row["period_return_net"],
        }
    )


def _signed(value: float | None) -> str:
    return unknown(lang()) if value is None else signed(value, lang()) + "×"


def _points(value: float | None) -> str:
    return unknown(lang()) if value is None else t("returns.points", value=signed(100 * value, lang(), 1))

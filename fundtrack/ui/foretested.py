"""How past forecasts look: coverage and errors, then each of them; every number leads to its trace."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from streamlit import expander

from fundtrack.metrics.progress import LEDGER
from fundtrack.reports.backtest import PREFIX, BacktestReport, backtest_lines
from fundtrack.reports.words import amount
from fundtrack.ui.html import Col, empty, esc, grid, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked, linked

_SUMMED: Final = ("", "forecasts", "covered", "inside", "error", "naive_error", "error_ratio")
"""What the columns of `backtest_lines` are."""
_DATED: Final = frozenset(LEDGER) - {"new_managers"}
"""Targets whose value on a day is the same whatever plan is in force: their own trace of the day gives what came true."""


def draw_backtest(report: BacktestReport) -> None:
    """Coverage and errors of the forecasts of the past, then each of them."""
    show(f"<h2>{esc(t('foresee.tested'))}</h2>")
    say_soft(t("foresee.tested_help"))
    if report.rows.is_empty():
        show(empty(t("foresee.tested_none")))
        return
    heads, lines, right = backtest_lines(report, lang())
    columns = [Col(head, _summed(at), "num" if at in right else "text") for at, head in enumerate(heads)]
    rows = [{"code": code, "texts": line} for code, line in zip(report.summary["code"], lines, strict=True)]
    show(grid(rows, columns, label=t("foresee.tested")))
    with expander(t("foresee.tested_each")):
        show(grid(list(reversed(report.rows.to_dicts())), _each(), label=t("foresee.tested_each"), tall=True))


def _summed(at: int) -> Callable[[Mapping[str, Any]], str]:
    """A column over all forecasts; a share in brackets leads to its own trace."""

    def cell(row: Mapping[str, Any]) -> str:
        text, asked = row["texts"][at], Asked(f"{PREFIX}{row['code']}:{_SUMMED[at]}")
        if at == 0:
            return esc(text)
        count, bracket, share = text.partition(" (")
        shares = [(share.rstrip(")"), Asked(f"{PREFIX}{row['code']}:coverage"))] if bracket else []
        return linked(count, [(count, asked)]) + (linked(bracket + share, shares) if bracket else "")

    return cell


def _each() -> list[Col]:
    def shown(row: Mapping[str, Any], name: str) -> str:
        plan = {
            "code": row["code"],
            "currency": {"fund_scale": "CNY", "cross_border": "USD"}.get(row["code"]),
            "unit": "",
        }
        text = amount(row[name], plan, lang()) if row[name] is not None else ""
        return linked(text, [(text, _asked(row, name))])

    def basis(row: Mapping[str, Any]) -> str:
        return esc(
            t(f"foresee.basis_{row['basis']}", edition=row["edition"])
            if row["edition"]
            else t("foresee.basis_event_date")
        )

    def span(row: Mapping[str, Any]) -> str:
        return f"{shown(row, 'low')}—{shown(row, 'high')}"

    return [
        Col(t("foresee.tested_made"), lambda row: esc(row["as_of"]), "fix"),
        Col(t("foresee.goal"), lambda row: esc(t(f"target.{row['code']}"))),
        Col(t("foresee.median"), lambda row: shown(row, "expected"), "num"),
        Col(t("foresee.range"), span, "num"),
        Col(t("foresee.naive"), lambda row: shown(row, "naive"), "num"),
        Col(t("foresee.tested_actual"), lambda row: shown(row, "actual"), "num"),
        Col(t("foresee.tested_within"), lambda row: esc(t("ui.yes" if row["covered"] else "ui.no")), "fix"),
        Col(t("foresee.tested_basis"), basis, "fix"),
    ]


def _asked(row: Mapping[str, Any], name: str) -> Asked:
    """Which figure an amount is: what came true is the target's own value of the day."""
    if name == "actual" and row["code"] in _DATED:
        return Asked(row["code"], as_of=row["due_on"])
    return Asked(f"{PREFIX}{row['code']}:{row['as_of']}:{name}")

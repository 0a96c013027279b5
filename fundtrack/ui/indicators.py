"""How indicators look: the city's over time, and the guidance funds' own, each with its value, definition and trace."""

from collections.abc import Callable, Mapping
from typing import Any

from fundtrack.metrics.catalog import CATALOG
from fundtrack.reports.indicators import COUNTS, IndicatorReport
from fundtrack.reports.progress import ProgressReport
from fundtrack.text.numbers import currency_name, plain, unknown, wan
from fundtrack.ui.figures import currency_col, share_text, times_text
from fundtrack.ui.html import Col, empty, esc, grid, plain_col, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked, linked, traced, traced_field

Row = Mapping[str, Any]
_TIMES = ("leverage_paid_in", "leverage_social", "leverage_project", "joint_ratio")
"""Ratios that people say in times; the others are shares."""


def ratio_text(metric: str, value: float | None) -> str:
    """A ratio as people say it: leverage in times, shares in per cent."""
    return times_text(value) if metric in _TIMES else share_text(value)


def draw_performance(report: IndicatorReport) -> None:
    """The guidance funds' own indicators, each currency for itself, with both sides and the definition."""
    rows = report.performance.to_dicts()
    if not rows:
        show(empty(t("indicators.none")))
        return
    columns = [
        Col(t("about.measure"), lambda row: esc(CATALOG[row["metric"]].name(lang())), "text"),
        currency_col(),
        Col(t("indicators.value"), lambda row: traced(ratio_text(row["metric"], row["value"]), row["metric"], "", row["currency"]), "num"),
        *(Col(t(f"indicators.{side}"), _side(side), "num") for side in ("above", "below")),
        Col(t("indicators.funds"), lambda row: linked(str(row["funds"]), [], _asked(row)), "num"),
        Col(t("about.definition"), lambda row: esc(CATALOG[row["metric"]].formula(lang())), "wide"),
    ]  # fmt: skip
    show(grid(rows, columns, label=t("indicators.performance")))
    say_soft(t("ui.unit_line"))


def _asked(row: Row) -> Asked:
    return Asked(row["metric"], "", row["currency"])


def _side(name: str) -> Callable[[Row], str]:
    """One side of a ratio: it stands in the ratio's own trace."""
    return lambda row: linked(wan(row[name], lang()), [], _asked(row))


def draw_reported(report: IndicatorReport, progress: ProgressReport) -> None:
    """What the city reported, newest first, with its source; beside two of them the firms of the portfolio."""
    if report.reported.is_empty():
        show(empty(t("indicators.none")))
        return
    rows = {row["code"]: row for row in progress.targets.iter_rows(named=True)}
    columns = [
        Col(t("indicators.name"), lambda row: esc(_name(row["code"], rows)), "fix"),
        plain_col(t("indicators.measured_on"), "measured_on", "fix"),
        Col(
            t("indicators.value"),
            lambda row: traced_field(_value(row, rows), "indicator", row, "value"),
            "num",
        ),
        Col(t("about.unit"), lambda row: esc(_unit(row["code"], rows)), "fix"),
        plain_col(t("about.source"), "source"),
    ]
    show(grid(report.reported.to_dicts(), columns, label=t("indicators.reported"), tall=True))
    for row in report.portfolio.to_dicts():
        if row["item"] == COUNTS[0]:
            ever = next(
                each
                for each in report.portfolio.to_dicts()
                if each["code"] == row["code"] and each["item"] == COUNTS[1]
            )
            words = {
                "name": _name(row["code"], rows),
                "new": plain(row["value"], lang()),
                "ever": plain(ever["value"], lang()),
            }
            say_soft(t("indicators.beside", **words))


def _name(code: str, rows: Mapping[str, Row]) -> str:
    if lang() == "zh" and code in rows:
        return str(rows[code]["name"])
    return CATALOG[code].name(lang()) if code in CATALOG else code


def _money(code: str, rows: Mapping[str, Row]) -> bool:
    return bool(code in rows and rows[code]["currency"])


def _value(row: Row, rows: Mapping[str, Row]) -> str:
    if row["value"] is None:
        return unknown(lang())
    return wan(row["value"], lang()) if _money(row["code"], rows) else plain(row["value"], lang(), 2)


def _unit(code: str, rows: Mapping[str, Row]) -> str:
    if _money(code, rows):
        return t("indicators.wan", currency=currency_name(str(rows[code]["currency"]), lang()))
    return str(rows[code]["unit"]) if code in rows and lang() == "zh" else ""

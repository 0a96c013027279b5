"""How returns look over time: the J-curve of each currency, and every quarter's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import plotly.graph_objects as go

from fundtrack.reports.returns import ReturnsReport
from fundtrack.text.numbers import day as day_words
from fundtrack.text.numbers import money
from fundtrack.ui import charts
from fundtrack.ui.chart_data import Data
from fundtrack.ui.curve import curve
from fundtrack.ui.drawn import drawn_once, made_once
from fundtrack.ui.figures import (
    Row,
    count_col,
    currency_col,
    currency_word,
    irr_col,
    irr_figure,
    metric_name,
    money_col,
    multiple_col,
    share_col,
    table,
    unit_name,
)
from fundtrack.ui.frame import narrowed
from fundtrack.ui.html import Col, esc, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.paging import page_of
from fundtrack.ui.traced import Asked, linked

_CURVE: Final = ("net_cash", "nav", "net_value")
_WAN: Final = 10_000


@dataclass(frozen=True)
class _Curve:
    """A currency's curve as it is drawn: its title with links, the finding in words, the chart, its numbers."""

    currency: str
    title: str
    finding: str
    figure: go.Figure
    data: Data


def draw_history(report: ReturnsReport) -> None:
    """The J-curve of each currency that has more than one point, and every quarter's figures."""
    for one in _curves(report):
        show(f"<h3>{one.title}</h3>", f'<p class="soft">{esc(one.data.unit)}</p>')
        charts.draw(
            one.figure,
            key=f"curve_{one.currency}",
            alt=one.finding,
            title=_titled(one.currency),
            data=one.data,
        )
    _draw_quarters(report)


@made_once
def _curves(report: ReturnsReport) -> tuple[_Curve, ...]:
    parts = report.history.partition_by("currency", as_dict=True, maintain_order=True)
    return tuple(
        _curve(str(currency), rows.to_dicts()) for (currency,), rows in parts.items() if rows.height > 1
    )


def _curve(currency: str, rows: Sequence[Row]) -> _Curve:
    unit = unit_name(currency)
    lines = tuple((metric_name(name), tuple(_in_wan(row, name) for row in rows)) for name in _CURVE)
    finding, known = _finding(rows[-1])
    days = tuple(row["day"] for row in rows)
    cells = [[on, *values] for on, *values in zip(days, *(values for _, values in lines), strict=True)]
    heads = (t("charts.day"), *(name for name, _ in lines))
    data = Data(heads, cells, unit, partial(_asked, str(rows[0]["group"]), currency))
    return _Curve(currency, linked(finding, known), finding, charts.once(curve, days, lines, unit), data)


@narrowed
def _draw_quarters(report: ReturnsReport) -> None:
    """Every quarter's figures, the newest first."""
    at = page_of(report.history.height, "page_quarters")
    _draw_page(report, at.start, at.stop)


@drawn_once
def _draw_page(report: ReturnsReport, first: int, last: int) -> None:
    day = Col(t("returns.quarter_end"), lambda row: esc(row["day"]), "fix")
    sums = [
        money_col(metric_name(one), one, one, "day")
        for one in ("paid_in", "distributed", "net_cash", "nav", "net_value")
    ]
    columns = [day, currency_col(), count_col(t("returns.participations"), "participations", "participations", "day"), *sums,
               *[multiple_col(one, figure=one, day="day") for one in ("dpi", "rvpi", "tvpi")],
               irr_col(metric_name("irr"), figure=irr_figure, day="day"), share_col("known_share", figure="known_share", day="day")]  # fmt: skip
    table(report.history.reverse()[first:last], columns, t("returns.history"), tall=True)


def _titled(currency: str) -> str:
    return f"{t('returns.history')}{t('filters.colon')}{currency_word(currency)}"


def _asked(whose: str, currency: str, row: Sequence[Any], column: int) -> Asked:
    """Which figure a number of the curve is: of its quarter end."""
    return Asked(_CURVE[column - 1], "" if whose == "all" else whose, currency, row[0])


def _finding(row: Row) -> tuple[str, list[tuple[str, Asked]]]:
    """Where the curve stands at its end, in a sentence, and which figure each number of it is."""
    currency, whose = str(row["currency"]), "" if row["group"] == "all" else str(row["group"])
    words = {name: money(row[name], currency, lang()) for name in _CURVE}
    known = [(words[name], Asked(name, whose, currency, row["day"])) for name in _CURVE]
    told = t(
        "charts.curve_finding", currency=currency_word(currency), day=day_words(row["day"], lang()), **words
    )
    return told, known


def _in_wan(row: Row, name: str) -> float | None:
    """An amount for the curve; the sum of only the known NAVs would be no point of it."""
    unknown_nav = name == "nav" and row["nav_unknown"]
    return None if row[name] is None or unknown_nav else float(row[name]) / _WAN

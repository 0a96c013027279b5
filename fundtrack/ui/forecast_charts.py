"""Charts of what is to come: the past solid, the 80 % range hatched and labelled, the deadline marked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go

from fundtrack.text.numbers import plain
from fundtrack.ui.chart_data import Cell, Data
from fundtrack.ui.charts import INK, OKABE_ITO, SOFT, TEMPLATE
from fundtrack.ui.end_labels import label_ends
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked

_HEIGHT: Final = 310
_BELOW: Final = 62
"""Pixels under the plot: the days and the legend."""
_LEGEND: Final = 28
"""Pixels from the plot down to the legend."""
_INK_AHEAD: Final = "#B04300"


@dataclass(frozen=True)
class Fan:
    """A course and where it may go, in the chart's unit.

    Attributes:
        past: day and value until the day of the forecast.
        ahead: day, low, middle, high after it.
        unit: written behind values.
        words: names of the past, the forecast, its range and the mark of its day.
        places: decimals that numbers beside the chart have at most.
        sign: written before values, as English writes a currency.

    """

    past: Sequence[tuple[date, float]]
    ahead: Sequence[tuple[date, float, float, float]]
    unit: str
    words: tuple[str, str, str, str]
    places: int = 1
    sign: str = ""

    def written(self, value: str) -> str:
        """A value, or what the browser writes it by, as it stands in the chart."""
        return f"{self.sign}{value}{self.unit}"


def fan_chart(
    fan: Fan, goal: tuple[float, str] | None = None, due: tuple[date, str] | None = None, zero: str = ""
) -> go.Figure:
    """Draw a fan: goal as a dashed line, deadline as an upright one, both labelled; `zero` labels the line of nothing left."""
    past_name, ahead_name, range_name, made = fan.words
    figure = go.Figure(layout={"template": TEMPLATE, "height": _HEIGHT})
    if not fan.past:
        return figure
    day, value = fan.past[-1]
    days = [day, *(point[0] for point in fan.ahead)]
    low = [value, *(point[1] for point in fan.ahead)]
    middle = [value, *(point[2] for point in fan.ahead)]
    high = [value, *(point[3] for point in fan.ahead)]
    at, between = (
        fan.written(each) for each in ("%{y:,.2~f}", "%{customdata[0]:,.2~f}–%{customdata[1]:,.2~f}")
    )
    figure.add_scatter(
        x=[*days, *reversed(days)], y=[*high, *reversed(low)], fill="toself", mode="lines", line={"width": 0}, hoverinfo="skip",
        fillcolor="rgba(230,159,0,0.18)", fillpattern={"shape": "/", "fgcolor": OKABE_ITO[1], "size": 6, "solidity": 0.25, "fillmode": "overlay"},
        name=f"{ahead_name} · {range_name}",
    )  # fmt: skip
    figure.add_scatter(
        x=[point[0] for point in fan.past], y=[point[1] for point in fan.past], mode="lines+markers", name=past_name,
        line={"color": OKABE_ITO[0], "width": 2.5}, marker={"size": 5},
        hovertemplate=f"%{{x|%Y-%m-%d}}<br>{at}<extra></extra>",
    )  # fmt: skip
    spans: list[Any] = [[point[1], point[3]] for point in fan.ahead]
    figure.add_scatter(
        x=days, y=middle, customdata=[[value, value], *spans], mode="lines+markers", name=ahead_name,
        line={"color": OKABE_ITO[3], "width": 2, "dash": "dash"}, marker={"symbol": "diamond-open", "size": 7},
        hovertemplate=f"%{{x|%Y-%m-%d}}<br>{ahead_name} {at}<br>"
                      f"{range_name} {between}<br>{made}<extra></extra>",
    )  # fmt: skip
    span = _span([*low, *high, *(point[1] for point in fan.past)], goal[0] if goal else 0.0 if zero else None)
    if goal is not None:
        figure.add_hline(y=goal[0], line={"color": INK, "width": 2, "dash": "dash"})
        _at_left(figure, goal[0], goal[1], "bottom")
    if due is not None:
        figure.add_vline(x=due[0].isoformat(), line={"color": SOFT, "width": 1.5, "dash": "dot"})
        figure.add_annotation(x=due[0].isoformat(), y=1, yref="paper", yanchor="bottom", xanchor="right", text=due[1], showarrow=False,
                              font={"size": 12, "color": SOFT})  # fmt: skip
    if zero:
        figure.add_hline(y=0, line={"color": INK, "width": 1.5})
        _at_left(figure, 0, zero, "top")
    figure.update_yaxes(rangemode="normal", tickformat=",~f", range=list(span))
    figure.update_xaxes(tickformat="%Y-%m")
    top = 40 if due else 10
    figure.update_layout(
        showlegend=True,
        margin={"t": top, "b": _BELOW},
        legend={"orientation": "h", "y": -_LEGEND / (_HEIGHT - top - _BELOW), "yanchor": "top", "x": 0},
    )
    if fan.ahead:
        to = "–" if low[-1] >= 0 else " … "
        low_end, at_end, high_end = (plain(each[-1], lang(), fan.places) for each in (low, middle, high))
        span_text = low_end if low_end == high_end else f"{low_end}{to}{high_end}"
        ends = f"{fan.written(at_end)}<br>{range_name}<br>{span_text}"
        label_ends(figure, [(middle[-1], f"{ahead_name} {ends}", _INK_AHEAD)], span, _HEIGHT - top - _BELOW)
    return figure


def fan_data(fan: Fan, asked: Callable[[Sequence[Cell], int], Asked | None]) -> Data:
    """What a fan is drawn from, for the table under it: day, past, low, middle, high; `asked` as in `Data`."""
    past_name, _, range_name, _ = fan.words
    low, high = (f"{range_name} {t(f'charts.{end}')}" for end in ("low", "high"))
    heads = (t("charts.day"), past_name, low, t("charts.middle"), high)
    rows = [(on, value, None, None, None) for on, value in fan.past]
    ahead = [(on, None, *marks) for on, *marks in fan.ahead]
    return Data(heads, [*rows, *ahead], f"{fan.sign.strip()} {fan.unit.strip()}".strip(), asked)


def _span(values: Sequence[float], line: float | None) -> tuple[float, float]:
    """The values at the bottom and the top of the plot: everything, and room for the words at a line."""
    held = [*values, *([] if line is None else [line])]
    least, most = min(held), max(held)
    room = (most - least) * 0.12 or 1
    return least - room, most + room


def _at_left(figure: go.Figure, value: float, words: str, anchor: str) -> None:
    """Name a level line at its left end, over or under it."""
    figure.add_annotation(
        x=0, xref="paper", xanchor="left", y=value, yanchor=anchor, text=words, showarrow=False,
        bgcolor="rgba(255,255,255,0.8)", font={"size": 12, "color": INK},
    )  # fmt: skip

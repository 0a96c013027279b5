"""Charts of what is to come: the past solid, the 80 % range hatched and labelled, the deadline marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go

from fundtrack.ui.charts import INK, OKABE_ITO, SOFT, TEMPLATE


@dataclass(frozen=True)
class Fan:
    """A course and where it may go, in the chart's unit.

    Attributes:
        past: day and value until the day of the forecast.
        ahead: day, low, middle, high after it.
        unit: written behind values.
        words: names of the past, the forecast, its range and the mark of its day.

    """

    past: Sequence[tuple[date, float]]
    ahead: Sequence[tuple[date, float, float, float]]
    unit: str
    words: tuple[str, str, str, str]


def fan_chart(
    fan: Fan, *, goal: tuple[float, str] | None = None, due: tuple[date, str] | None = None, zero: str = ""
) -> go.Figure:
    """Draw a fan: goal as a dashed line, deadline as an upright one, both labelled; `zero` labels the line of nothing left."""
    past_name, ahead_name, range_name, made = fan.words
    figure = go.Figure(layout={"template": TEMPLATE, "height": 300})
    day, value = fan.past[-1]
    days = [day, *(point[0] for point in fan.ahead)]
    low = [value, *(point[1] for point in fan.ahead)]
    middle = [value, *(point[2] for point in fan.ahead)]
    high = [value, *(point[3] for point in fan.ahead)]
    figure.add_scatter(
        x=[*days, *reversed(days)], y=[*high, *reversed(low)], fill="toself", mode="lines", line={"width": 0}, hoverinfo="skip",
        fillcolor="rgba(230,159,0,0.18)", fillpattern={"shape": "/", "fgcolor": OKABE_ITO[1], "size": 6, "solidity": 0.25, "fillmode": "overlay"},
        name=f"{ahead_name} · {range_name}",
    )  # fmt: skip
    figure.add_scatter(
        x=[point[0] for point in fan.past], y=[point[1] for point in fan.past], mode="lines+markers", name=past_name,
        line={"color": OKABE_ITO[0], "width": 2.5}, marker={"size": 5},
        hovertemplate=f"%{{x|%Y-%m-%d}}<br>%{{y:,.2~f}}{fan.unit}<extra></extra>",
    )  # fmt: skip
    spans: list[Any] = [[point[1], point[3]] for point in fan.ahead]
    figure.add_scatter(
        x=days, y=middle, customdata=[[value, value], *spans], mode="lines+markers", name=ahead_name,
        line={"color": OKABE_ITO[3], "width": 2, "dash": "dash"}, marker={"symbol": "diamond-open", "size": 7},
        hovertemplate=f"%{{x|%Y-%m-%d}}<br>{ahead_name} %{{y:,.2~f}}{fan.unit}<br>"
                      f"{range_name} %{{customdata[0]:,.2~f}}–%{{customdata[1]:,.2~f}}{fan.unit}<br>{made}<extra></extra>",
    )  # fmt: skip
    figure.add_annotation(
        x=days[-1].isoformat(), y=low[-1], xanchor="right", yanchor="top", yshift=-28,
        showarrow=False, bgcolor="rgba(255,255,255,0.8)", font={"size": 12, "color": INK},
        text=f"{range_name} {low[-1]:,.10g}{'–' if low[-1] >= 0 else ' … '}{high[-1]:,.10g}{fan.unit}",
    )  # fmt: skip
    if goal is not None:
        _goal(figure, goal, [low, high, [point[1] for point in fan.past]])
    if due is not None:
        figure.add_vline(x=due[0].isoformat(), line={"color": SOFT, "width": 1.5, "dash": "dot"})
        figure.add_annotation(x=due[0].isoformat(), y=1, yref="paper", yanchor="bottom", xanchor="right", text=due[1], showarrow=False,
                              font={"size": 12, "color": SOFT})  # fmt: skip
    if zero:
        figure.add_hline(y=0, line={"color": INK, "width": 1.5})
        figure.add_annotation(
            x=0,
            xref="paper",
            xanchor="left",
            y=0,
            yanchor="top",
            text=zero,
            showarrow=False,
            font={"size": 12},
        )
    figure.update_yaxes(rangemode="normal", tickformat=",~f")
    figure.update_xaxes(tickformat="%Y-%m")
    figure.update_layout(
        showlegend=True,
        margin={"r": 16, "t": 40 if due else 10},
        legend={"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0},
    )
    return figure


def _goal(figure: go.Figure, goal: tuple[float, str], values: list[list[float]]) -> None:
    figure.add_hline(y=goal[0], line={"color": INK, "width": 2, "dash": "dash"})
    figure.add_annotation(
        x=0,
        xref="paper",
        xanchor="left",
        y=goal[0],
        yanchor="bottom",
        text=goal[1],
        showarrow=False,
        font={"size": 12},
    )
    least, most = min(map(min, values)), max([goal[0], *map(max, values)])
    room = (most - least) * 0.12 or 1
    figure.update_yaxes(range=[least - room, most + room])

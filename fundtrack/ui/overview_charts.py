"""The Overview's two charts: growth with plan line and forecast, and the money trail from the budget back to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from fundtrack.ui.charts import INK, OKABE_ITO, SOFT, TEMPLATE

_PAST: Final = "#A9C6DA"
_HATCH: Final = "#7FA9C6"
_SMALL: Final = 11
_WITHIN: Final = 0.12
"""A bar of at least this part of the tallest holds its figure within."""


@dataclass(frozen=True)
class Point:
    """A bar of a chart over the years: its label, its height, and what is written on it."""

    label: str
    value: float
    text: str


@dataclass(frozen=True)
class Ahead:
    """Where a line ends: the plan's target, and the forecast with its range where there is one.

    Attributes:
        label: of the end of the plan.
        goal: the target, and what is written at it.
        start: the value that the plan began with; None where it is unknown.
        low, middle, high: the forecast; None where there is none.
        text: written at the forecast.

    """

    label: str
    goal: tuple[float, str]
    start: float | None = None
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    text: str = ""


def growth(points: Sequence[Point], ahead: Ahead | None, *, height: int = 100) -> go.Figure:
    """Bars over the years, the newest solid; the plan a dashed line to the target, the forecast an open bar with its range."""
    figure = go.Figure(layout={"template": TEMPLATE, "height": height})
    newest = len(points) - 1
    figure.add_bar(
        x=[point.label for point in points], y=[point.value for point in points], text=[point.text for point in points],
        textposition="outside", textangle=0, constraintext="none", cliponaxis=False, textfont={"color": INK, "size": _SMALL},
        hovertemplate="%{x}<br>%{text}<extra></extra>",
        marker={
            "color": [OKABE_ITO[0] if n == newest else _PAST for n in range(len(points))],
            "pattern": {"shape": ["" if n == newest else "/" for n in range(len(points))], "fgcolor": _HATCH, "size": 5},
        },
    )  # fmt: skip
    tops = [point.value for point in points]
    if ahead is not None:
        tops += [ahead.goal[0], ahead.high or 0.0]
        _draw_ahead(figure, points, ahead)
    figure.update_yaxes(range=[0, max([*tops, 0.0]) * 1.34 or 1], showticklabels=False, showgrid=False)
    figure.update_xaxes(type="category", tickfont={"size": _SMALL}, tickangle=0)
    figure.update_layout(margin={"l": 4, "r": 14, "t": 4, "b": 4})
    return figure


def _draw_ahead(figure: go.Figure, points: Sequence[Point], ahead: Ahead) -> None:
    """The forecast as an open bar with whiskers, the plan as a dashed line ending in a diamond."""
    if ahead.middle is not None and ahead.low is not None and ahead.high is not None:
        figure.add_bar(
            x=[ahead.label], y=[ahead.middle], hovertemplate=f"%{{x}}<br>{ahead.text}<extra></extra>",
            marker={"color": "#FFFFFF", "line": {"color": OKABE_ITO[3], "width": 1.5}, "pattern": {"shape": ".", "fgcolor": OKABE_ITO[1], "size": 5}},
            error_y={"type": "data", "symmetric": False, "array": [ahead.high - ahead.middle], "arrayminus": [ahead.middle - ahead.low],
                     "color": OKABE_ITO[3], "thickness": 1.5, "width": 5},
        )  # fmt: skip
    goal, words = ahead.goal
    begin = points[-2].label if ahead.start is not None and len(points) > 1 else None
    line = (
        {"x": [begin, ahead.label], "y": [ahead.start, goal]} if begin else {"x": [ahead.label], "y": [goal]}
    )
    figure.add_scatter(
        **line, mode="lines+markers", line={"color": INK, "width": 1.5, "dash": "dash"}, hoverinfo="skip",
        marker={"symbol": "diamond", "size": [0, 9] if begin else [9], "color": INK},
    )  # fmt: skip
    figure.add_annotation(
        x=ahead.label, y=goal, text=words, showarrow=False, yshift=12,
        font={"size": _SMALL, "color": INK},
    )  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A station of the money: its label, what got there, what the station before it held, and the words for both."""

    label: str
    value: float | None
    text: str
    before: float | None = None
    gap_text: str = ""


def trail(steps: Sequence[Step], *, height: int = 190) -> go.Figure:
    """A waterfall of stations: what got there is solid, what did not is hatched above it, up to the station it came from."""
    figure = go.Figure(layout={"template": TEMPLATE, "height": height, "barmode": "stack"})
    places = list(range(len(steps)))
    solid = [step.value or 0.0 for step in steps]
    gaps = [
        max((step.before or 0.0) - (step.value or 0.0), 0.0) if step.value is not None else 0.0
        for step in steps
    ]
    colours = [OKABE_ITO[0]] * 4 + [OKABE_ITO[2]] * max(len(steps) - 4, 0)
    figure.add_bar(
        x=places, y=solid, marker={"color": colours[: len(steps)]}, customdata=[[step.label, step.text] for step in steps],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    )  # fmt: skip
    figure.add_bar(
        x=places, y=gaps, customdata=[[step.label, step.gap_text] for step in steps],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        marker={"color": "#FFFFFF", "line": {"color": "#C9D1DA", "width": 1}, "pattern": {"shape": "/", "fgcolor": "#C9D1DA", "size": 5}},
    )  # fmt: skip
    top = max([one + gap for one, gap in zip(solid, gaps, strict=True)] + [0.0])
    for place, step in enumerate(steps):
        tall = solid[place] > _WITHIN * top
        figure.add_annotation(
            x=place, y=solid[place], text=step.text, showarrow=False, yshift=-10 if tall else 9,
            font={"size": 11, "color": "#FFFFFF" if tall else INK}, bgcolor=None if tall else "#FFFFFF",
        )  # fmt: skip
        if gaps[place] > _WITHIN * top and step.gap_text:
            figure.add_annotation(x=place, y=solid[place] + gaps[place] / 2, text=step.gap_text, showarrow=False, yshift=0 if tall else 9,
                                  bgcolor="#FFFFFF", font={"size": 10, "color": SOFT})  # fmt: skip
    axis: dict[str, Any] = {
        "tickmode": "array",
        "tickvals": places,
        "ticktext": [step.label for step in steps],
    }
    figure.update_xaxes(**axis, tickfont={"size": _SMALL}, tickangle=0)
    figure.update_yaxes(range=[0, top * 1.05 or 1], showticklabels=False, showgrid=False)
    figure.update_layout(margin={"l": 4, "r": 4, "t": 6, "b": 4}, bargap=0.25)
    return figure

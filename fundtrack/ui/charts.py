"""Charts in one template: Okabe-Ito colours with shapes, direct labels, nothing fetched, nothing sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

OKABE_ITO: Final = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#000000")
FONT: Final = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
INK: Final = "#1B2733"
SOFT: Final = "#52606D"

TEMPLATE: Final = go.layout.Template(
    layout=go.Layout(
        colorway=OKABE_ITO,
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor="#FFFFFF",
        plot_bgcolor="#FFFFFF",
        margin={"l": 8, "r": 70, "t": 10, "b": 8},
        xaxis={
            "showgrid": False,
            "linecolor": "#C9D1DA",
            "ticks": "",
            "automargin": True,
            "fixedrange": True,
        },
        yaxis={
            "gridcolor": "#E6EAEF",
            "zeroline": False,
            "automargin": True,
            "rangemode": "tozero",
            "fixedrange": True,
        },
        showlegend=False,
        hovermode="closest",
        separators=".,",
        bargap=0.35,
    )
)
CONFIG: Final = {"displaylogo": False, "displayModeBar": False, "plotlyServerURL": "", "showLink": False}


@dataclass(frozen=True)
class Point:
    """A bar of a chart over the years: its label, its height, and what is written on it."""

    label: str
    value: float
    text: str


def growth(points: Sequence[Point], goal: float | None, goal_text: str) -> go.Figure:
    """Bars over the years with the target as a line; the newest bar is solid, the earlier ones hatched."""
    figure = go.Figure(layout={"template": TEMPLATE, "height": 250})
    newest = len(points) - 1
    figure.add_bar(
        x=[point.label for point in points],
        y=[point.value for point in points],
        text=[point.text for point in points],
        textposition=[
            "inside" if goal and 0.85 * goal < point.value < 1.02 * goal else "outside" for point in points
        ],
        insidetextanchor="end",
        textangle=0,
        constraintext="none",
        cliponaxis=False,
        textfont={"color": INK, "size": 12},
        insidetextfont={"color": "#FFFFFF", "size": 13},
        hovertemplate="%{x}<br>%{text}<extra></extra>",
        marker={
            "color": [OKABE_ITO[0] if n == newest else "#A9C6DA" for n in range(len(points))],
            "pattern": {
                "shape": ["" if n == newest else "/" for n in range(len(points))],
                "fgcolor": "#7FA9C6",
                "size": 5,
            },
        },
    )
    if goal is not None:
        figure.add_hline(y=goal, line={"color": INK, "width": 2, "dash": "dash"})
        figure.add_annotation(
            x=1.01,
            xref="paper",
            xanchor="left",
            y=goal,
            yanchor="middle",
            text=goal_text,
            showarrow=False,
            font={"size": 12},
        )
    highest = max([point.value for point in points] + [goal or 0.0, 0.0])
    figure.update_yaxes(range=[0, highest * 1.15 or 1], showticklabels=False, showgrid=False)
    figure.update_xaxes(type="category")
    return figure


def draw(figure: go.Figure, *, key: str, alt: str) -> None:
    """Draw a chart with its summary for those who cannot see it."""
    st.plotly_chart(figure, key=key, theme=None, config=dict[str, Any](CONFIG), alt=alt)

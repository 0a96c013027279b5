"""The J-curve: money in and out, net, and what is still there, quarter by quarter."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go

from fundtrack.ui.charts import OKABE_ITO, TEMPLATE

_DASHES: Final = ("solid", "dash", "dot")


def curve(days: Sequence[date], lines: Sequence[tuple[str, Sequence[float | None]]], words: str) -> go.Figure:
    """Lines over time, each with its name and its own dash; a marker stands on every known value, and nowhere else."""
    figure = go.Figure(layout={"template": TEMPLATE, "height": 300})
    for place, (name, values) in enumerate(lines):
        look: dict[str, Any] = {"color": OKABE_ITO[place], "width": 2, "dash": _DASHES[place]}
        figure.add_scatter(
            x=list(days), y=list(values), name=name, mode="lines+markers", line=look, marker={"size": 5}, connectgaps=True,
            hovertemplate=f"%{{x|%Y-%m-%d}}<br>{name} %{{y:,.0f}} {words}<extra></extra>",
        )  # fmt: skip
    figure.add_hline(y=0, line={"color": "#52606D", "width": 1})
    figure.update_yaxes(rangemode="normal", tickformat=",.0f")
    figure.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}, margin={"r": 16}
    )
    return figure

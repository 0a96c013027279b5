"""The J-curve: money in and out, net, and what is still there, quarter by quarter."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import plotly.graph_objects as go

from fundtrack.ui.charts import OKABE_ITO, TEMPLATE
from fundtrack.ui.end_labels import label_ends, width_of

_DASHES: Final = ("solid", "dash", "dot")
_SHAPES: Final = ("circle", "square", "diamond")
_COLOURS: Final = (OKABE_ITO[0], OKABE_ITO[3], OKABE_ITO[2])
_INKS: Final = ("#0067A0", "#B04300", "#00694A")
"""The same colours, dark enough for words."""
_HEIGHT: Final = 300
_BELOW: Final = 26
"""Pixels under the plot: the days."""
_BESIDE: Final = 14
"""Pixels to the left of the plot, beside the widest amount."""


def curve(days: Sequence[date], lines: Sequence[tuple[str, Sequence[float | None]]], words: str) -> go.Figure:
    """Lines over time, each named at its end, with its own dash and mark; a marker stands on every known value, and nowhere else."""
    figure = go.Figure(layout={"template": TEMPLATE, "height": _HEIGHT})
    for place, (name, values) in enumerate(lines):
        look: dict[str, Any] = {"color": _COLOURS[place], "width": 2, "dash": _DASHES[place]}
        figure.add_scatter(
            x=list(days), y=list(values), name=name, mode="lines+markers", line=look, connectgaps=True,
            marker={"size": 5, "symbol": _SHAPES[place]},
            hovertemplate=f"%{{x|%Y-%m-%d}}<br>{name} %{{y:,.0f}} {words}<extra></extra>",
        )  # fmt: skip
    figure.add_hline(y=0, line={"color": "#52606D", "width": 1})
    known = [value for _, values in lines for value in values if value is not None]
    least, most = min([0.0, *known]), max([0.0, *known])
    room = (most - least) * 0.06 or 1
    span = (least - room, most + room)
    # margins that are known need not be found by drawing twice
    widest = max((f"{end:,.0f}" for end in span), key=len)
    figure.update_yaxes(rangemode="normal", tickformat=",.0f", range=list(span), automargin=False)
    figure.update_xaxes(tickformat="%Y-%m", automargin=False)
    ends = []
    for place, (name, values) in enumerate(lines):
        last = next((value for value in reversed(values) if value is not None), None)
        if last is not None:
            ends.append((last, name, _INKS[place]))
    figure.update_layout(margin={"t": 8, "b": _BELOW, "l": _BESIDE + width_of(widest)})
    label_ends(figure, ends, span, _HEIGHT - 8 - _BELOW)
    return figure

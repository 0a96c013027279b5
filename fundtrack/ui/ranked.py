"""Ranked bars: what is largest stands on top, its figure beside it."""

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

from fundtrack.ui.charts import INK, OKABE_ITO, TEMPLATE

_ROW: Final = 26
_MARGINS: Final = 30
_LABEL: Final = 14
_WIDE: Final = 0.6
"""A bar longer than this part of the longest holds its figure within, so that none is cut on a narrow screen."""


def short(label: str) -> str:
    """A label that leaves room for its bar on a narrow screen; the table below has it in full.

    >>> short("杭州示例科技有限公司"), short("滨江区杭州高新技术产业开发区委员会")
    ('杭州示例科技有限公司', '滨江区杭州高新技术产业开发…')
    """
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"


def ranked(labels: Sequence[str], values: Sequence[float], texts: Sequence[str]) -> go.Figure:
    """Horizontal bars in the order given, the first on top."""
    figure = go.Figure(layout={"template": TEMPLATE, "height": _ROW * len(labels) + _MARGINS})
    places = list(range(len(labels)))
    most = max([*values, 0.0])
    within = ["inside" if value > _WIDE * most else "outside" for value in values]
    figure.add_bar(
        y=places, x=list(values), orientation="h", text=list(texts), textposition=within, cliponaxis=False,
        textfont={"color": INK, "size": 12}, insidetextfont={"color": "#FFFFFF", "size": 12}, insidetextanchor="end",
        textangle=0, constraintext="none", marker={"color": OKABE_ITO[0]}, customdata=list(labels),
        hovertemplate="%{customdata}<br>%{text}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(
        autorange="reversed",
        showgrid=False,
        tickmode="array",
        tickvals=places,
        ticktext=[short(label) for label in labels],
    )
    figure.update_xaxes(showticklabels=False, showgrid=False, range=[0, most * 1.3 or 1])
    return figure

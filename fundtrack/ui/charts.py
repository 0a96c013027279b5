"""Charts in one template: Okabe-Ito colours with shapes, direct labels, nothing fetched, nothing sent."""

import re
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

from fundtrack.ui.chart_data import Data, draw_below, known, of_figure
from fundtrack.ui.html import empty, must_be_live, show
from fundtrack.ui.language import t
from fundtrack.ui.painted import paint_first

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
CONFIG: Final = {"displaylogo": False, "plotlyServerURL": "", "showLink": False}
_NAME: Final = 60


@lru_cache(maxsize=128)
def once(make: Callable[..., go.Figure], *shown: Hashable) -> go.Figure:
    """A chart, made once for what it shows and drawn for everybody: nobody changes it afterwards.

    Args:
        make: makes it of what it shows, and of nothing else.
        shown: what it shows, words included.
    """
    return make(*shown)


def draw(
    figure: go.Figure, *, key: str, alt: str, title: str = "", data: Data | None = None, below: bool = True
) -> None:
    """Draw a chart: the one way for every page.

    Args:
        figure: the chart; without any number, a sentence stands in its place.
        key: of the chart.
        alt: the chart in words, for those who cannot see it.
        title: names the files to take away; by default `alt`.
        data: its numbers; by default read off it.
        below: whether summary, table and downloads stand right under it; a page that turns this off draws them
            elsewhere with `chart_data.draw_below`.

    """
    must_be_live()
    held = of_figure(figure) if data is None else data
    points = known(held)
    if points == 0:
        show(empty(t("charts.none")))
        return
    name = _file_name(title or alt)
    config = {**CONFIG, **_picture(name)}
    paint_first()
    st.plotly_chart(figure, key=key, theme=None, config=config, alt=alt)
    if below:
        draw_below(held, key=key, title=name, says=alt if points > 1 else f"{alt} {t('charts.one')}")


def _file_name(text: str) -> str:
    """A text as the name of a file: short, without what paths and shells read otherwise.

    >>> _file_name("规模增至82.2亿元，目标90亿元/年")
    '规模增至82.2亿元，目标90亿元 年'
    """
    return re.sub(r"[^\w.,，、：。（）()%\- ]+", " ", text).strip(" .")[:_NAME]


def _picture(name: str) -> dict[str, Any]:
    """The one button of a chart: its picture, with its tip in the language to speak; numbers and months too."""
    tip = {"Download plot as a PNG": t("charts.picture"), "Download plot as a png": t("charts.picture")}
    return {
        "displayModeBar": "hover",
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2},
        "locale": "spoken",
        "locales": {"spoken": {"dictionary": tip, "format": {}}},
    }

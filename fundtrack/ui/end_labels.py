"""Names at the ends of lines, beside the plot, so that no legend is hunted and no word lies over a line."""

import textwrap
from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go

_LINE: Final = 15
"""Pixels that a line of words takes."""
_WIDE: Final = 16
_LETTER: Final = 7.2
_SIGN: Final = 12.5


def broken(words: str) -> str:
    """Words over several short lines, as plotly breaks them; Chinese is broken where it says so itself.

    >>> broken("Cumulative net cash flow"), broken("引导基金应占净资产")
    ('Cumulative net<br>cash flow', '引导基金应占净资产')
    """
    return "<br>".join("<br>".join(textwrap.wrap(line, _WIDE) or [""]) for line in words.split("<br>"))


def width_of(words: str) -> int:
    """How many pixels the longest line of broken words takes.

    >>> width_of("合计") < width_of("引导基金应占净资产")
    True
    """
    lines = words.split("<br>")
    return round(max(sum(_SIGN if ord(letter) > 0x2E7F else _LETTER for letter in line) for line in lines))


def spread(wanted: Sequence[float], sizes: Sequence[float], room: float) -> list[float]:
    """Places for labels, as near as can be to where they belong, none over another, all within the room.

    Args:
        wanted: the middle of each, from the bottom, in pixels.
        sizes: their heights.
        room: pixels there are.

    >>> spread([10, 12, 90], [20, 20, 20], 100)
    [10.0, 30.0, 90.0]
    >>> spread([99, 98], [20, 20], 100)
    [90.0, 70.0]
    """
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n], n))
    placed: dict[int, float] = {}
    floor = 0.0
    for n in order:
        placed[n] = max(float(wanted[n]), floor + sizes[n] / 2)
        floor = placed[n] + sizes[n] / 2
    ceiling = float(room)
    for n in reversed(order):
        placed[n] = min(placed[n], ceiling - sizes[n] / 2)
        ceiling = placed[n] - sizes[n] / 2
    return [placed[n] for n in range(len(wanted))]


def label_ends(
    figure: go.Figure, ends: Sequence[tuple[float, str, str]], span: tuple[float, float], height: int
) -> None:
    """Write each line's name to the right of the plot, at the height where the line ends.

    Args:
        figure: gets the labels and a margin that holds them.
        ends: last value, words and colour of each line.
        span: the values at the bottom and the top of the plot.
        height: of the plot itself, in pixels.

    """
    low, high = span
    words = [broken(text) for _, text, _ in ends]
    at = [(value - low) / ((high - low) or 1) * height for value, _, _ in ends]
    places = spread(at, [_LINE * (1 + text.count("<br>")) for text in words], height)
    for (_, _, colour), text, place in zip(ends, words, places, strict=True):
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=6, y=place / height, yref="paper", yanchor="middle", text=text,
            align="left", showarrow=False, font={"size": 12, "color": colour},
        )  # fmt: skip
    if words:
        figure.update_layout(margin={"r": 14 + max(map(width_of, words))})

"""What stands under a chart: its summary in words, its numbers as a table, and both to take away."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from fundtrack.reports.sheets import Page, comma_separated
from fundtrack.text.numbers import plain
from fundtrack.ui.handing import hand_out
from fundtrack.ui.html import Col, esc, framed, line, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked, traced

Cell = str | int | float | Decimal | date | None


@dataclass(frozen=True)
class Data:
    """A chart's numbers.

    Attributes:
        heads: the columns' titles; the first is what the chart has along its axis.
        rows: a cell for each head; numbers as numbers, so that what is taken away can be computed with.
        unit: of the numbers.
        asked: which figure a row's cell of a column is, so that it leads to its trace; None where nothing does.
    """

    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    unit: str = ""
    asked: Callable[[Sequence[Cell], int], Asked | None] | None = None

    def html(self, row: Sequence[Cell], column: int) -> str:
        """A cell as a page shows it, linked to its trace where there is one."""
        text = _shown(row[column])
        figure = self.asked(row, column) if self.asked and column else None
        return traced(text, figure.figure, figure.of, figure.currency, figure.as_of) if figure else esc(text)

    @property
    def columns(self) -> list[Col]:
        """The columns of its table: what stands along the axis, then the numbers."""
        return [
            Col(head, lambda row, n=n: self.html(row["cells"], n), "num" if n else "fix")  # type: ignore[misc]
            for n, head in enumerate(self.heads)
        ]

    @cached_property
    def lines(self) -> list[str]:
        """The lines of its table, written once: in the language and for the address that it is first asked for in."""
        return [line({"cells": row}, self.columns) for row in self.rows]


def of_figure(figure: go.Figure) -> Data:
    """Read a chart's numbers off it: a column for each named line or row of bars, a row for each place along the axis.

    >>> made = of_figure(go.Figure([go.Scatter(x=["a", "b"], y=[1, None], name="n")]))
    >>> made.heads[1:], made.rows
    (('n',), [['a', 1], ['b', None]])
    """
    columns: dict[str, dict[Any, Any]] = {}
    for place, trace in enumerate(figure.data):
        if getattr(trace, "hoverinfo", None) == "skip" or trace.y is None or trace.x is None:
            continue
        lying = getattr(trace, "orientation", None) == "h"
        names = trace.customdata if lying and trace.customdata is not None else trace.y if lying else trace.x
        values = trace.x if lying else trace.y
        columns[trace.name or t("charts.value", n=place + 1)] = dict(zip(names, values, strict=True))
    places = list(dict.fromkeys(place for column in columns.values() for place in column))
    rows = [[place, *(column.get(place) for column in columns.values())] for place in places]
    return Data((t("charts.place"), *columns), rows)


def known(data: Data) -> int:
    """How many places along the axis have any number."""
    return sum(any(cell is not None for cell in row[1:]) for row in data.rows)


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int | float | Decimal):
        return plain(cell, lang(), 2)
    return cell.isoformat() if isinstance(cell, date) else cell


def _kept(row: Iterable[Cell]) -> list[Any]:
    """Cells as a file takes them: a float as the decimal that a person would write."""
    return [Decimal(str(cell)) if isinstance(cell, float) else cell for cell in row]


def draw_below(data: Data, *, key: str, title: str, says: str) -> None:
    """Draw what stands under a chart, folded: words, table, a CSV in which no text becomes a formula.

    Args:
        data: the numbers.
        key: of the chart.
        title: names the file.
        says: the chart in words.

    """
    with st.expander(t("charts.below", title=title)):
        say_soft(says)
        if data.unit:
            say_soft(t("charts.unit", unit=data.unit))
        show(framed(data.lines, data.columns, label=title, tall=True))
        notes = (says, t("charts.unit", unit=data.unit)) if data.unit else (says,)

        def file() -> str | bytes:
            return comma_separated([Page(title, data.heads, [_kept(row) for row in data.rows], notes)])

        hand_out(
            t("charts.csv"), file, f"{title}.csv", "text/csv", key=f"csv_{key}", help=t("charts.csv_help")
        )

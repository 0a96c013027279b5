"""Native charts: told apart without colour, every point a cell of a table."""

from typing import Any, Final

from fundtrack.reports.book.table import Chart, Table

COLOURS: Final = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9")
"""Okabe-Ito: told apart by people who see few colours."""
PATTERNS: Final = (None, "wide_upward_diagonal", "dotted_grid")


def chart_of(book: Any, chart: Chart, table: Table, heads: int) -> Any:
    """A native chart whose every point is a cell of the table."""
    stacked = {"type": "bar", "subtype": "stacked"}
    made = book.add_chart(stacked if chart.form == "stacked" else {"type": chart.form})
    fields = [column.field for column in table.columns]
    count = len(table.rows) if chart.rows is None else chart.rows
    first = heads + 1 + chart.start
    last = first + count - 1
    shares = {column.field for column in table.columns if column.kind == "share"}
    shown = [
        row.get(field) for row in table.rows[chart.start : chart.start + count] for field in chart.values
    ]
    digits = "0.0%" if set(chart.values) & shares else "#,##0" if all(value == int(value) for value in shown if value is not None) else "#,##0.00"  # fmt: skip
    for at, field in enumerate(chart.values):
        place = fields.index(field)
        series: dict[str, Any] = {
            "name": [table.name, heads, place],
            "categories": [table.name, first, fields.index(chart.labels), last, fields.index(chart.labels)],
            "values": [table.name, first, place, last, place],
        }
        if chart.form == "line":
            dash = ("solid", "dash", "round_dot")[at % 3]
            series["line"] = {"color": COLOURS[at], "width": 2.25, "dash_type": dash}
        else:
            pattern = PATTERNS[at % len(PATTERNS)]
            series["gap"] = 60
            if pattern:
                series["pattern"] = {"pattern": pattern, "fg_color": COLOURS[at], "bg_color": "#FFFFFF"}
            else:
                series["fill"] = {"color": COLOURS[at]}
            series["border"] = {"color": COLOURS[at]}
            if len(chart.values) == 1 or field in shares:
                series["data_labels"] = {"value": True, "num_format": digits, "font": {"size": 8}}
        made.add_series(series)
    made.set_title({"name": chart.title, "name_font": {"size": 12, "bold": True}, "overlay": False})
    made.set_legend({"none": True} if len(chart.values) == 1 else {"position": "bottom"})
    across = {
        "major_gridlines": {"visible": True, "line": {"color": "#E1E5EA"}},
        "num_format": "0%" if set(chart.values) & shares else "#,##0",
    }
    if chart.unit and chart.unit != "%":
        across["name"] = chart.unit
        across["name_font"] = {"bold": False, "size": 9}
    if chart.form in {"bar", "stacked"}:
        made.set_x_axis(across | {"label_position": "high"})  # the first category on top, the scale below
        made.set_y_axis({"reverse": True, "num_font": {"size": 8}, "interval_unit": 1})
    else:
        made.set_y_axis(across)
        made.set_x_axis({"num_font": {"size": 9}, "label_position": "low"})
    return made

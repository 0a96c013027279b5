"""How the workbook looks: formats by kind of value, widths and heights that Chinese letters need."""

from typing import Any, Final

from fundtrack.reports.book.table import Col, Kind, Table
from fundtrack.reports.paper.sheet import tidy

FORMS: Final[dict[Kind, str]] = {
    "text": "@", "long": "@", "wan": "#,##0.00;[Red]-#,##0.00", "amount": "#,##0.00", "count": "#,##0", "share": "0.0%",
    "times": "0.00", "number": "#,##0.00", "day": "yyyy-mm-dd",
}  # fmt: skip
LONG: Final = 44
"""Width of a column of sentences."""
LINE: Final = 15
"""Height of a line, points."""
_WIDEST: Final = 34


class Look:
    """The formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self.title = book.add_format({"bold": True, "font_size": 13, "font_color": "#1F4E79"})
        self.soft = book.add_format({"font_color": "#52606D"})
        self.wrapped = book.add_format({"text_wrap": True})
        self.strong = book.add_format({"bold": True})
        head = {"bold": True, "bg_color": "#F3F5F8", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        self.head = book.add_format(head)
        self.head_number = book.add_format(head | {"align": "right"})
        self.none = book.add_format({"font_color": "#52606D", "align": "right"})
        more: dict[str, dict[str, Any]] = {"long": {"text_wrap": True}, "day": {"align": "center"}}
        self.kinds = {
            kind: book.add_format({"num_format": form} | more.get(kind, {})) for kind, form in FORMS.items()
        }


def wide(column: Col, table: Table) -> float:
    """The width that a column's words need, Chinese letters twice as wide."""
    if column.kind == "long":
        return LONG
    if column.kind != "text":
        return max(11.0, min(16.0, _letters(column.title) + 2.0))
    longest = max(
        [_letters(column.title), *(_letters(tidy(row.get(column.field), _WIDEST)) for row in table.rows)]
    )
    return max(8.0, min(_WIDEST * 1.5, longest * 1.05 + 2))


def tall(text: str, wide: int) -> float:
    """Points that a text takes in a column of a width, wrapped."""
    return LINE * max(1, -(-_letters(text) * 105 // 100 // wide))


def _letters(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)

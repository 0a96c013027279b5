"""A workbook being written: its formats, its words, and cells put in as a person would type them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from fundtrack.model.fields import Column, ColumnKind
from fundtrack.text.say import Lang, say, sentences

FONT: Final = "Microsoft YaHei"
FORMATS: Final[Mapping[ColumnKind, str]] = {
    "text": "@",
    "code": "@",
    "period": "@",
    "choice": "General",
    "flag": "General",
    "currency": "General",
    "money": "#,##0.00",
    "number": "#,##0.00",
    "share": "0.00%",
    "rate": "General",
    "day": "yyyy-mm-dd",
    "whole": "0",
}
LAST_ROW: Final = 1_048_576
_LONGEST_LIST: Final = 255
_MADE: Final = datetime(2017, 1, 1)  # noqa: DTZ001 - a fixed moment, so that the same rows give the same bytes


class Book:
    """A workbook being written in one language.

    Attributes:
        lang: language of its words.
        totals: of each sheet its name, the formula and value of its row count, and of its amount total.

    """

    def __init__(self, out: Path, lang: Lang) -> None:
        self.lang: Lang = lang
        self.totals: list[tuple[str, str, int, str, Decimal | None]] = []
        self._base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
        asis = ("strings_to_numbers", "strings_to_formulas", "strings_to_urls")
        self._book = xlsxwriter.Workbook(
            str(out), {"default_format_properties": self._base} | dict.fromkeys(asis, False)
        )
        about = {"title": say("template.title", lang), "author": "fundtrack", "created": _MADE}
        self._book.set_properties(about)
        self._forms: dict[tuple[tuple[str, object], ...], Any] = {}

    def form(self, **looks: object) -> Any:
        """Make the format with these looks once."""
        key = tuple(sorted(looks.items()))
        if key not in self._forms:
            self._forms[key] = self._book.add_format(self._base | looks)
        return self._forms[key]

    def say(self, key: str, **words: object) -> str:
        """Say a sentence of the template."""
        return say(f"template.{key}", self.lang, **words)

    def word(self, thing: Any) -> str:
        """Give the Chinese or English word of a column, a sheet or a choice."""
        return str(getattr(thing, self.lang))

    def page(self, name: str, title: str | None = None) -> "Page":
        """Add a sheet, set up for A4 paper."""
        sheet = self._book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&C{title or name}")
        sheet.set_footer("&C&P / &N")
        return Page(self, sheet)

    def as_typed(self, column: Column, value: object) -> object:
        """Put a stored value as a person would type it: choices, flags and currencies by their words."""
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if column.kind == "choice":
            return next((self.word(choice) for choice in column.choices if choice.value == value), value)
        if column.kind == "currency" and value is not None:
            codes = sentences("en")["template.currencies"].split(",")
            words = self.say("currencies").split(",")
            return dict(zip(codes, words, strict=True)).get(str(value), value)
        return value

    def close(self) -> None:
        """Write the file."""
        self._book.close()


class Page:
    """A sheet being written.

    Attributes:
        sheet: xlsxwriter's worksheet.
        factor: what money is divided by on its way into a cell.

    """

    def __init__(self, book: Book, sheet: Any, factor: Decimal = Decimal(1)) -> None:
        self.book = book
        self.sheet = sheet
        self.factor = factor

    def put(self, line: int, at: int, column: Column, value: object, /, **looks: object) -> None:
        """Write a value by its column's kind; what does not fit becomes text, a blank nothing."""
        if value is None or value == "":
            return
        form = self.book.form(num_format=FORMATS[column.kind], **looks)
        typed = self.book.as_typed(column, value)
        if isinstance(typed, (date, datetime)):
            self.sheet.write_datetime(line, at, typed, form)
        elif isinstance(typed, (int, float, Decimal)) and column.kind not in {"text", "code"}:
            exact = Decimal(str(typed))
            number = exact / self.factor if column.kind == "money" else exact
            self.sheet.write_number(line, at, float(number), form)
        else:
            self.sheet.write_string(line, at, str(typed), form)

    def offer(self, area: tuple[int, int, int, int], column: Column) -> None:
        """Offer a dropdown where a column has few values; another currency may be typed all the same."""
        book = self.book
        if column.kind == "choice":
            self.dropdown(area, [book.word(choice) for choice in column.choices])
        elif column.kind == "flag":
            self.dropdown(area, [book.say("yes"), book.say("no")])
        elif column.kind == "currency":
            self.dropdown(area, book.say("currencies").split(","), error_type="information")

    def dropdown(
        self, area: tuple[int, int, int, int], words: Sequence[str], *, error_type: str = "stop"
    ) -> None:
        """Offer these words in an area: first row, first column, last row, last column."""
        if len(",".join(words)) > _LONGEST_LIST or any("," in word for word in words):
            raise ValueError(f"no spreadsheet takes this as a dropdown: {words}")
        rule = {"validate": "list", "source": list(words), "error_type": error_type}
        self.sheet.data_validation(*area, rule)

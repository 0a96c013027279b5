"""A marked xlsx copy of a workbook whose own format cannot be edited; whatever it holds is written as what it was read as."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from fundtrack.errors import Problem
from fundtrack.load.annotated_list import (
    COLOURS,
    COMMENTS,
    MOST,
    WIDTHS,
    Listed,
    Marks,
    link_of,
    marks_of,
    words_on,
    worst,
)
from fundtrack.load.cells import Book, Kind, Sheet
from fundtrack.text.say import Lang

AUTHOR: Final = "fundtrack"


def write_copy(
    source: Book, out: Path, problems: Sequence[Problem], lang: Lang, name: str, against: str
) -> None:
    """Write the cells as they were read into a new xlsx, marked."""
    marks = marks_of(problems)
    listed = Listed(problems, lang, name, against, copied=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        names = _names([listed.sheet, *(sheet.name for sheet in source.sheets)])
        renamed = dict(zip((sheet.name for sheet in source.sheets), names[1:], strict=True))
        _list_copy(book, listed, names[0], renamed)
        for sheet, title in zip(source.sheets, names[1:], strict=True):
            page = book.add_worksheet(title)
            if sheet.visibility != "visible":
                page.hide()
            _copy_sheet(book, page, sheet, marks, lang)


def _names(wanted: Sequence[str]) -> list[str]:
    """Names that a workbook takes: 31 letters at most, no odd signs, none twice."""
    out: list[str] = []
    for name in wanted:
        bare = "".join("_" if sign in "[]:*?/\\" else sign for sign in name).strip("'")[:31] or "Sheet"
        given, at = bare, 1
        while given.lower() in {one.lower() for one in out}:
            at += 1
            given = f"{bare[:28]} {at}"
        out.append(given)
    return out


def _list_copy(book: Any, listed: Listed, title: str, renamed: dict[str, str]) -> None:
    page = book.add_worksheet(title)
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    fills = {
        key: book.add_format({"bg_color": f"#{colour}", "valign": "top"}) for key, colour in COLOURS.items()
    }
    for row, text in enumerate(listed.head):
        page.write_string(row, 0, text, bold)
    top = len(listed.head)
    for column, (text, width) in enumerate(zip(listed.titles, WIDTHS, strict=True)):
        page.write_string(top, column, text, bold)
        page.set_column(column, column, width)
    for row, (cells, problem, severity) in enumerate(listed.lines, start=top + 1):
        for column, value in enumerate(cells):
            if isinstance(value, int):
                page.write_number(row, column, value, wrap)
            elif value:
                page.write_string(row, column, value[:MOST], fills[severity] if column == 1 else wrap)
        if link := link_of(problem, renamed):
            page.write_url(row, 2, f"internal:{link}", string=str(cells[2]))
    page.freeze_panes(top + 1, 0)


def _copy_sheet(book: Any, page: Any, sheet: Sheet, marks: Marks, lang: Lang) -> None:
    put = _Writer(book, page)
    own = {(row, column): problems for (name, row, column), problems in marks.items() if name == sheet.name}
    for row, (cells, kinds) in enumerate(zip(sheet.text.iter_rows(), sheet.kind.iter_rows(), strict=True)):
        for column, (text, kind) in enumerate(zip(cells, kinds, strict=True)):
            if text is not None and (row, column) not in own:
                put.cell((row, column), text, Kind(kind))
    for n, ((row, column), problems) in enumerate(own.items()):
        inside = row < sheet.text.height and column < sheet.text.width
        text = sheet.text.item(row, column) if inside else None
        kind = Kind(sheet.kind.item(row, column)) if inside else Kind.EMPTY
        put.cell((row, column), text or "", kind, COLOURS[worst(problems)])
        if n < COMMENTS:
            page.write_comment(
                row, column, words_on(problems, lang), {"author": AUTHOR, "x_scale": 2.5, "y_scale": 1.6}
            )
    for row in sheet.hidden_rows:
        page.set_row(row, None, None, {"hidden": True})


class _Writer:
    """Writes cells by their kinds; what is no plain number or date stays text."""

    def __init__(self, book: Any, page: Any) -> None:
        self.page = page
        self.forms = {
            (colour, kind): book.add_format(
                ({"bg_color": f"#{colour}"} if colour else {}) | ({"num_format": form} if form else {})
            )
            for colour in ("", *COLOURS.values())
            for kind, form in (
                (Kind.TEXT, ""),
                (Kind.DATE, "yyyy-mm-dd"),
                (Kind.DATETIME, "yyyy-mm-dd hh:mm:ss"),
            )
        }

    def cell(self, at: tuple[int, int], text: str, kind: Kind, colour: str = "") -> None:
        """Write one cell."""
        form = self.forms[colour, kind if kind in {Kind.DATE, Kind.DATETIME} else Kind.TEXT]
        try:
            if kind == Kind.NUMBER and len(text.lstrip("-0.")) <= 16:
                self.page.write_number(*at, float(text), form)
            elif kind == Kind.DATE:
                self.page.write_datetime(*at, date.fromisoformat(text), form)
            elif kind == Kind.DATETIME:
                self.page.write_datetime(*at, datetime.fromisoformat(text), form)
            elif text:
                self.page.write_string(*at, text[:MOST], form)
            else:
                self.page.write_blank(*at, None, form)
        except ValueError:
            self.page.write_string(*at, text[:MOST], self.forms[colour, Kind.TEXT])

"""Tables written as Excel or CSV; whatever a text begins with, it stays text and never becomes a formula."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from fundtrack.errors import BusyError

Cell = str | int | Decimal | date | None
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST: Final = 32_000
_WIDEST: Final = 60


@dataclass(frozen=True)
class Page:
    """One table.

    Attributes:
        title: the sheet's name.
        heads: the columns' titles.
        rows: cells; amounts as Decimal, days as date.
        notes: lines above the table.
    """

    title: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    notes: tuple[str, ...] = ()


def excel(pages: Sequence[Page]) -> bytes:
    """A workbook with a sheet for each table."""
    held = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(held, options) as book:
        bold = book.add_format({"bold": True})
        forms = {
            Decimal: book.add_format({"num_format": "#,##0.00"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for page in pages:
            sheet = book.add_worksheet(page.title)
            for row, note in enumerate(page.notes):
                sheet.write_string(row, 0, note)
            top = len(page.notes)
            for column, head in enumerate(page.heads):
                sheet.write_string(top, column, head, bold)
                seen = [head, *(str(row[column] or "") for row in page.rows)]
                sheet.set_column(column, column, min(_WIDEST, max(map(_width, seen)) + 2))
            for row, cells in enumerate(page.rows, start=top + 1):
                for column, cell in enumerate(cells):
                    _write(sheet, (row, column), cell, forms)
            sheet.freeze_panes(top + 1, 0)
    return held.getvalue()


def _write(sheet: Any, at: tuple[int, int], cell: Cell, forms: dict[type, Any]) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(*at, cell, forms[date])
    elif isinstance(cell, Decimal):
        sheet.write_number(*at, cell, forms[Decimal])
    elif isinstance(cell, int):
        sheet.write_number(*at, cell)
    elif cell:
        sheet.write_string(*at, cell[:_LONGEST])


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def comma_separated(pages: Sequence[Page]) -> bytes:
    """The tables one after another in a CSV that Excel reads as UTF-8."""
    held = io.StringIO(newline="")
    lines = csv.writer(held)
    for n, page in enumerate(pages):
        lines.writerows([[]] if n else [])
        lines.writerow([safe(page.title)])
        lines.writerows([safe(note)] for note in page.notes)
        lines.writerow([safe(head) for head in page.heads])
        lines.writerows(
            [safe(cell) if isinstance(cell, str) else "" if cell is None else str(cell) for cell in row]
            for row in page.rows
        )
    return held.getvalue().encode("utf-8-sig")


def safe(text: str) -> str:
    """A text that a spreadsheet reading the CSV takes for text: what looks like a formula gets an apostrophe in front.

    >>> safe("=1+1"), safe(" @x"), safe("示例-1")
    ("'=1+1", "' @x", '示例-1')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS) else text


def write(out: Path, pages: Sequence[Page]) -> None:
    """Write the tables: as CSV where the name says so, else as a workbook.

    Raises:
        BusyError: `out` cannot be written.
    """
    content = comma_separated(pages) if out.suffix.lower() == ".csv" else excel(pages)
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BusyError("not_writable_file", file=out) from error

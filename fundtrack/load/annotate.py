"""The sender's own workbook given back: cells coloured, sentences on them, and a first sheet that lists everything."""

import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException

from fundtrack.errors import InputError, Problem
from fundtrack.load.annotated_copy import AUTHOR, write_copy
from fundtrack.load.annotated_list import (
    COLOURS,
    COMMENTS,
    WIDTHS,
    Listed,
    link_of,
    marks_of,
    words_on,
    worst,
)
from fundtrack.load.reader import read_book
from fundtrack.text.say import LANGS, Lang, say

_MARK: Final = "\n【fundtrack】"
_EDITED: Final = frozenset({"xlsx", "xlsm"})
_CANNOT: Final = (
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    zipfile.BadZipFile,
)
"""What openpyxl raises on workbooks that it does not understand."""
_EDITED_BYTES: Final = 8 << 20
"""Larger workbooks are copied: editing one takes a minute and a gigabyte."""


def annotate(
    source: Path,
    out: Path,
    problems: Iterable[Problem],
    lang: Lang,
    *,
    name: str | None = None,
    against: str = "",
) -> Path:
    """Write the sender's workbook with what is wrong marked in it.

    An xlsx is edited, so that all else stays as its sender made it; any other format, and what cannot be edited, becomes an
    xlsx copy of its cells. Whatever comes from the file is written as text: nothing becomes a formula that was none.

    Args:
        source: the sender's file.
        out: where to write; its folder exists.
        problems: what was found in it.
        lang: of sentences.
        name: what the file is called by its sender.
        against: what it was checked against, in words (`reports.imprint.checked_against`); empty where nothing was ever loaded.

    Raises:
        InputError: the file cannot be read at all, or `out` cannot be written.
    """
    own = list(problems)
    shown = name or source.name
    book = read_book(source)
    try:
        if book.format in _EDITED and source.stat().st_size <= _EDITED_BYTES:
            with suppress(*_CANNOT):
                if _edit(source, out, own, lang, shown, against):
                    return out
        write_copy(book, out, own, lang, shown, against)
    except OSError as error:
        raise InputError("not_annotated", file=str(out)) from error
    return out


def _edit(source: Path, out: Path, problems: Sequence[Problem], lang: Lang, name: str, against: str) -> bool:
    """Mark an xlsx itself; False where it does not hold the sheets that were read."""
    book = openpyxl.load_workbook(source)
    marks = marks_of(problems)
    if not book.sheetnames or any(sheet not in book.sheetnames for sheet, _, _ in marks):
        return False
    _take_back(book)
    for n, ((sheet, row, column), own) in enumerate(marks.items()):
        if sheet not in book.sheetnames or not hasattr(book[sheet], "cell"):
            continue
        cell = _head_of(book[sheet], row + 1, column + 1)
        cell.fill = PatternFill("solid", fgColor=COLOURS[worst(own)])
        if n < COMMENTS:
            theirs = cell.comment
            text = f"{theirs.text}{_MARK}{words_on(own, lang)}" if theirs else words_on(own, lang)
            cell.comment = Comment(text, theirs.author if theirs else AUTHOR, height=120, width=360)
    _write_list(book, Listed(problems, lang, name, against, copied=False))
    book.save(out)
    return True


def _take_back(book: Any) -> None:
    """Remove what an earlier annotation put there."""
    for lang in LANGS:
        own = say("annotate.sheet", lang)
        if own in book.sheetnames and str(book[own]["A1"].value or "").startswith(AUTHOR):
            del book[own]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                comment = getattr(cell, "comment", None)
                if comment is None or (comment.author != AUTHOR and _MARK not in comment.text):
                    continue
                theirs = comment.text.split(_MARK)[0] if comment.author != AUTHOR else ""
                cell.comment = Comment(theirs, comment.author) if theirs else None
                cell.fill = PatternFill()


def _head_of(sheet: Any, row: int, column: int) -> Any:
    """A cell, or the first of the merged range that hides it."""
    cell = sheet.cell(row, column)
    if type(cell).__name__ == "MergedCell":
        for merged in sheet.merged_cells.ranges:
            if cell.coordinate in merged:
                return sheet.cell(merged.min_row, merged.min_col)
    return cell


def _write_list(book: Any, listed: Listed) -> None:
    title, at = listed.sheet, 1
    while title in book.sheetnames:
        at += 1
        title = f"{listed.sheet} {at}"
    sheet = book.create_sheet(title, 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    lines: list[tuple[list[str | int], Problem | None, str]] = [
        ([text], None, "head") for text in listed.head
    ]
    lines += [(list(listed.titles), None, "head"), *listed.lines]
    for row, (cells, problem, severity) in enumerate(lines, start=1):
        for column, value in enumerate(cells, start=1):
            cell = sheet.cell(row, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # whatever it begins with, it is text
            cell.alignment = Alignment(vertical="top", wrap_text=column in {5, 6} and severity != "head")
            cell.font = Font(bold=severity == "head")
        if problem is not None and severity in COLOURS:
            sheet.cell(row, 2).fill = PatternFill("solid", fgColor=COLOURS[severity])
            if link := link_of(problem):
                sheet.cell(row, 3).hyperlink = f"#{link}"
                sheet.cell(row, 3).font = Font(color="0563C1", underline="single")
    for letter, width in zip("ABCDEFG", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = sheet.cell(len(listed.head) + 2, 1)

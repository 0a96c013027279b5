"""The briefing as a Word document, to be edited and signed: the typefaces of official papers, lines of exact height, one page."""

from math import ceil
from typing import Any, Final

from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from fundtrack.reports.pack.fixed import blank, saved
from fundtrack.reports.paper.sheet import Line, Sheet

_WIDE: Final = 16.4
"""Centimetres between the margins."""
_TALL: Final = 25.6
_POINT: Final = 2.54 / 72
_LEADING: Final = 1.42
_SLACK: Final = 0.94
"""Of the page's height is planned to be used: typefaces differ from machine to machine."""
_FACES: Final = {"title": "方正小标宋简体", "head": "黑体", "item": "楷体", "text": "仿宋", "table": "宋体"}
_RED: Final = RGBColor(0xB3, 0x16, 0x0C)
_COLUMNS: Final = (4.9, 2.3, 2.4, 2.5, 1.7, 2.6)
_SIZES: Final = tuple(number / 2 for number in range(26, 13, -1))
_FULL_WIDTH: Final = 0x2000


def briefing_docx(sheet: Sheet) -> bytes:
    """Write a briefing as a Word document; the same sheet gives the same bytes."""
    size = next((size for size in _SIZES if _height(sheet, size) <= _TALL * _SLACK), _SIZES[-1])
    made = blank()
    page = made.sections[0]
    page.left_margin = page.right_margin = Cm((21 - _WIDE) / 2)
    page.top_margin, page.bottom_margin = Cm(2.2), Cm((29.7 - _TALL) - 2.2)
    page.header_distance = Cm(1.0)
    core = made.core_properties
    core.title, core.language = sheet.title, "zh-CN" if sheet.lang == "zh" else "en-GB"
    if sheet.banner:
        top = page.header.paragraphs[0]
        top.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(top, sheet.banner, size * 0.8, "head")
    _masthead(made, sheet, size)
    _run(_paragraph(made, size, indent=sheet.lang == "zh"), sheet.opening, size, "text", bold=True)
    if sheet.lines:
        _table(made, sheet, size)
    for place, section in enumerate(sheet.paragraphs):
        line = _paragraph(made, size, indent=sheet.lang == "zh")
        if place == 0:
            line.paragraph_format.space_before = Pt(size * 0.5)  # below the table
        for run in section:
            _run(line, run.words, size, run.kind, bold=run.kind == "head")
    for place, note in enumerate(sheet.notes):
        line = _paragraph(made, size * 0.8)
        if place == 0:
            _line_above(line)
            _run(line, sheet.notes_head, size * 0.8, "head")
        _run(line, note, size * 0.8, "text")
    return saved(made, sheet.at)


def _masthead(made: Any, sheet: Sheet, size: float) -> None:
    line = _paragraph(made, size * 2)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(line, sheet.title, size * 2, "title", bold=sheet.lang == "en").font.color.rgb = _RED
    line = _paragraph(made, size)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(line, sheet.issue, size, "text")
    line = _paragraph(made, size)
    line.paragraph_format.tab_stops.add_tab_stop(Cm(_WIDE), WD_TAB_ALIGNMENT.RIGHT)
    _run(line, f"{sheet.by}\t{sheet.day}", size, "item")
    _border(line, "bottom", 12, "B3160C")
    line.paragraph_format.space_after = Pt(size * 0.5)


def _table(made: Any, sheet: Sheet, size: float) -> None:
    """The targets, without the bars, which Word does not draw."""
    table = made.add_table(rows=0, cols=len(_COLUMNS), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _COLUMNS, strict=True):
        column.width = Cm(width)
    for place, cells in enumerate([sheet.heads, *(line.cells for line in sheet.lines)]):
        row = table.add_row()
        row.height, row.height_rule = Pt(size * 1.5), WD_ROW_HEIGHT_RULE.AT_LEAST
        for at, (cell, words, width) in enumerate(zip(row.cells, cells, _COLUMNS, strict=True)):
            cell.width = Cm(width)
            line = cell.paragraphs[0]
            _exact(line, size * 0.83)
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if at else WD_ALIGN_PARAGRAPH.LEFT
            _run(line, words, size * 0.83, "table", bold=place == 0 or at in {2, len(_COLUMNS) - 1})
        if place == 0:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - python-docx has no other way


def _paragraph(made: Any, size: float, *, indent: bool = False) -> Any:
    line = made.add_paragraph()
    _exact(line, size)
    if indent:
        line.paragraph_format.first_line_indent = Pt(size * 2)
    return line


def _exact(line: Any, size: float) -> None:
    form = line.paragraph_format
    form.space_before, form.space_after = Pt(0), Pt(size * 0.2)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size * _LEADING)


def _run(line: Any, words: str, size: float, face: str, *, bold: bool = False) -> Any:
    run = line.add_run(words)
    run.font.size, run.font.name, run.bold = Pt(round(size * 2) / 2), "Times New Roman", bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FACES[face])  # noqa: SLF001 - as above
    return run


def _line_above(line: Any) -> None:
    line.paragraph_format.space_before = Pt(4)
    _border(line, "top", 4, "666666")


def _border(line: Any, side: str, eighths: int, colour: str) -> None:
    """A rule above or below a paragraph, in eighths of a point."""
    borders = OxmlElement("w:pBdr")
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "2"), ("color", colour)):
        edge.set(qn(f"w:{name}"), value)
    borders.append(edge)
    line._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - as above


def _height(sheet: Sheet, size: float) -> float:
    """Centimetres that the sheet takes in letters of a size, from the width of its letters."""
    small = size * 0.8
    words = [sheet.opening, *("".join(run.words for run in section) for section in sheet.paragraphs)]
    tall = _block(size * 2, [sheet.title]) + _block(size, [sheet.issue, sheet.by]) + _block(size, words, 2)
    tall += _block(small, sheet.notes) + size * 2
    for line in (Line(sheet.heads, sheet.lines[0].bar, ""), *sheet.lines) if sheet.lines else ():
        tall += max(
            _block(size * 0.83, [cell], width=width - 0.4) + size * 0.2
            for cell, width in zip(line.cells, _COLUMNS, strict=True)
        )
    return tall * _POINT


def _block(size: float, paragraphs: Any, indent: int = 0, width: float = _WIDE) -> float:
    """Points that paragraphs take."""
    letters = width / _POINT / size
    tall = 0.0
    for words in paragraphs:
        long = sum(map(_width, words)) + indent
        tall += ceil(long * 1.03 / letters) * size * _LEADING + size * 0.2
    return tall


def _width(letter: str) -> float:
    """Of a letter in Times New Roman beside Chinese, in ems; marks of Chinese papers are as wide as letters."""
    if ord(letter) > _FULL_WIDTH:
        return 1.0
    if letter == " ":
        return 0.25
    return 0.68 if letter.isupper() else 0.44 if letter.isalpha() else 0.5

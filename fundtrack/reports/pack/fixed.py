"""The same document, the same bytes: a zip file whose members all bear one time."""

import io
import zipfile
from datetime import datetime
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt


def saved(document: Any, at: datetime) -> bytes:
    """A Word document as bytes that depend on nothing but its content and the time given."""
    core = document.core_properties
    core.author, core.last_modified_by, core.comments = "fundtrack", "fundtrack", ""
    core.created = core.modified = core.last_printed = at
    core.revision = 1
    held = io.BytesIO()
    document.save(held)
    return timeless(held.getvalue())


def timeless(content: bytes) -> bytes:
    """A zip file with its members in order, all of the first day that a zip file can bear."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for info in given.infolist():
            member = zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0))
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 3
            member.external_attr = 0o644 << 16
            made.writestr(member, given.read(info.filename))
    return out.getvalue()


def blank() -> Any:
    """An empty A4 document in the type faces of official papers: 仿宋 for text, 黑体 for headings."""
    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = (
        Cm(2.6),
        Cm(2.4),
        Cm(2.8),
        Cm(2.4),
    )
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    style.paragraph_format.space_after = Pt(4)
    return document


def heading(document: Any, text: str, points: float = 18) -> None:
    """A title in the middle."""
    line = document.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.space_after = Pt(10)
    run = line.add_run(text)
    run.font.size, run.bold = Pt(points), True
    run.font.name = "Times New Roman"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "黑体")  # noqa: SLF001 - python-docx has no other way


def footer(document: Any, text: str) -> None:
    """A line at the foot of every page, with the page's number."""
    line = document.sections[0].footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = line.add_run(f"{text}  ·  ")
    run.font.size = Pt(8)
    number = line.add_run()
    number.font.size = Pt(8)
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = code
        number._element.append(mark)  # noqa: SLF001 - python-docx has no fields


def grid(
    document: Any, widths: list[float], rows: list[list[str]], *, head: bool = True, points: float = 9
) -> Any:
    """A table with lines; the first row repeats on every page where it is a head.

    Args:
        document: to write in.
        widths: of the columns, centimetres.
        rows: of texts.
        head: whether the first row is one.
        points: size of the letters.
    """
    table = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)  # LibreOffice reads the columns, Word the cells
    for place, texts in enumerate(rows):
        line = table.add_row()
        for cell, text, width in zip(line.cells, texts, widths, strict=True):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(points / 4)
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(points), head and place == 0
        if head and place == 0:
            line._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001
    return table

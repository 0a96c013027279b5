"""The briefing as a file: PDF or Word."""

from dataclasses import asdict
from typing import Final

from fundtrack.reports.paper.sheet import Sheet
from fundtrack.reports.paper.typeset import pdf
from fundtrack.reports.paper.word import briefing_docx

_SIZES: Final = tuple(number / 4 for number in range(50, 27, -1))
"""Letter sizes in points, largest first: 12.5 to 7."""
_LEADING: Final = {"zh": (0.72, 0.8), "en": (0.6, 0.95)}
"""Between lines and between paragraphs, in letters."""


def written(sheet: Sheet, kind: str) -> bytes:
    """Write a briefing as `.pdf` or `.docx`; the same sheet gives the same bytes.

    Raises:
        BusyError: `no_cjk_font`, of a PDF.
    """
    return briefing_docx(sheet) if kind == ".docx" else briefing_pdf(sheet)


def briefing_pdf(sheet: Sheet) -> bytes:
    """Set a briefing on one A4 page.

    Raises:
        BusyError: `no_cjk_font`.
    """
    words = asdict(sheet)
    words["at"] = [sheet.at.year, sheet.at.month, sheet.at.day]
    words["paragraphs"] = [
        [[run.kind, run.words] for run in section if run.words] for section in sheet.paragraphs
    ]
    leading, gap = _LEADING[sheet.lang]
    words |= {"sizes": _SIZES, "leading": leading, "gap": gap}
    return pdf("briefing.typ", words, sheet.at)

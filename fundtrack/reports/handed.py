"""Papers as bytes, by name: what the pages offer and the commands write."""

from collections.abc import Callable
from datetime import date
from typing import Final

from fundtrack.reports.book.workbook import reports, workbook
from fundtrack.reports.paper.briefing import briefing
from fundtrack.reports.paper.facts import facts
from fundtrack.reports.paper.report import report_pdf
from fundtrack.reports.paper.write import written
from fundtrack.settings import Settings
from fundtrack.store.ledger import Ledger
from fundtrack.text.say import Lang, say

Make = Callable[[Ledger, date | None, Settings, Lang], bytes]


def _briefing(kind: str) -> Make:
    return lambda ledger, as_of, settings, lang: written(briefing(facts(ledger, as_of, settings), lang), kind)


def _excel(ledger: Ledger, as_of: date | None, settings: Settings, lang: Lang) -> bytes:
    return workbook(reports(ledger, as_of, settings), lang)


MAKERS: Final[dict[str, tuple[str, Make]]] = {
    "briefing": (".pdf", _briefing(".pdf")),
    "briefing_word": (".docx", _briefing(".docx")),
    "report": (".pdf", report_pdf),
    "excel": (".xlsx", _excel),
}
"""Each paper's ending, and what makes it."""
MIMES: Final = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def make(name: str, ledger: Ledger, as_of: date | None, settings: Settings, lang: Lang) -> bytes:
    """Make a paper of a day, in a language.

    Raises:
        InputError: `no_edition`.
        BusyError: `no_cjk_font`, of a PDF.
    """
    with ledger.held():
        return MAKERS[name][1](ledger, as_of, settings, lang)


def file_name(name: str, edition: int, as_of: date, lang: Lang) -> str:
    """What the file is called: paper, day, edition."""
    title = say(f"papers.file_{name.removesuffix('_word')}", lang)
    return f"{title}-{as_of.isoformat()}-{say('papers.file_edition', lang, edition=edition)}{MAKERS[name][0]}"

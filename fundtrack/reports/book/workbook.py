"""`fundtrack export excel`: a workbook of values with native charts, which recomputes nothing and says so."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import xlsxwriter

from fundtrack.reports.book.charts import chart_of
from fundtrack.reports.book.look import LINE, LONG, Look, tall, wide
from fundtrack.reports.book.money import (
    companies_sheet,
    funds_sheet,
    history_sheet,
    returns_sheet,
    stakes_sheet,
)
from fundtrack.reports.book.rules import board_sheet, definitions_sheet, findings_sheet
from fundtrack.reports.book.table import WAN, Col, Table, scaled
from fundtrack.reports.book.targets import growth_sheet, pipeline_sheet, progress_sheet
from fundtrack.reports.companies import CompaniesReport, companies_report
from fundtrack.reports.findings import FindingsReport, findings_report
from fundtrack.reports.funds import FundsReport, funds_report
from fundtrack.reports.growth import GrowthReport, growth_report
from fundtrack.reports.imprint import Imprint, imprint
from fundtrack.reports.pack.fixed import timeless
from fundtrack.reports.paper.sheet import tidy
from fundtrack.reports.progress import ProgressReport, progress_report
from fundtrack.reports.returns import ReturnsReport, returns_report
from fundtrack.settings import Settings
from fundtrack.store.ledger import Ledger
from fundtrack.text.say import Lang, say

_FACES: Final = {"zh": "Microsoft YaHei", "en": "Calibri"}
_LONGEST: Final = 2_000
_ABSENT: Final = "—"
_CHART: Final = (750, 380)
"""Width and height in pixels: eleven columns, nineteen rows."""


@dataclass(frozen=True, slots=True)
class Reports:
    """What the workbook shows, all of one edition and day."""

    imprint: Imprint
    progress: ProgressReport
    growth: GrowthReport
    funds: FundsReport
    returns: ReturnsReport
    companies: CompaniesReport
    findings: FindingsReport


def reports(ledger: Ledger, as_of: date | None, settings: Settings) -> Reports:
    """Gather the reports of a day.

    Raises:
        InputError: `no_edition`.
    """
    source = imprint(ledger, as_of)
    day = source.as_of
    return Reports(
        source, progress_report(ledger, day, settings.band_early, settings.band_late), growth_report(ledger, day),
        funds_report(ledger, day), returns_report(ledger, day), companies_report(ledger, day), findings_report(ledger, day),
    )  # fmt: skip


def sheets(about: Reports, lang: Lang) -> list[Table]:
    """All tables, in order."""
    return [
        progress_sheet(about.progress, lang), growth_sheet(about.growth, lang), pipeline_sheet(about.progress, lang),
        funds_sheet(about.funds, lang), stakes_sheet(about.funds, lang), returns_sheet(about.returns, lang),
        history_sheet(about.returns, lang), companies_sheet(about.companies, lang), board_sheet(about.findings, lang),
        findings_sheet(about.findings, lang), definitions_sheet(lang),
    ]  # fmt: skip


def workbook(about: Reports, lang: Lang) -> bytes:
    """Write the workbook; the same edition and day give the same bytes.

    Amounts are numbers in 万 of the currency beside them, or in the unit beside them; no cell holds a formula.
    """
    held = io.BytesIO()
    face = {"font_name": _FACES[lang], "font_size": 10, "valign": "top"}
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
               "default_format_properties": face}  # fmt: skip
    with xlsxwriter.Workbook(held, options) as book:
        book.set_properties({"title": say("book.title", lang), "author": "fundtrack", "comments": about.imprint.line(lang, whole=True),
                             "created": about.imprint.published_at})  # fmt: skip
        book.set_size(2400, 1400)
        look = Look(book)
        tables = sheets(about, lang)
        _front(book, look, about.imprint, tables, lang)
        _charts(book, look, tables, about.imprint, lang)
        for table in tables:
            _sheet(book, look, table, about.imprint, lang)
    return timeless(held.getvalue())


def _front(book: Any, look: Look, source: Imprint, tables: Sequence[Table], lang: Lang) -> None:
    """The first sheet: what this is, from which edition, that nothing is computed in it, and what is on the others."""
    sheet = book.add_worksheet(say("book.front", lang))
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 92, look.wrapped)
    sheet.write_string(0, 0, say("book.title", lang), look.title)
    line = 2
    facts = [
        ("example", say("ui.demo", lang)) if source.example else None, ("edition", str(source.edition)), ("hash", source.head_hash),
        ("dates", source.dates(lang)), ("values", say("book.values_only", lang)), ("units", say("book.units", lang)),
        ("unknown", say("book.unknown_words", lang, unknown=_ABSENT)),
    ]  # fmt: skip
    for fact in filter(None, facts):
        sheet.write_string(line, 0, say(f"book.front_{fact[0]}", lang), look.strong)
        sheet.write_string(line, 1, fact[1], look.wrapped)
        sheet.set_row(line, tall(fact[1], 92))
        line += 1
    line += 1
    sheet.write_string(line, 0, say("book.front_sheets", lang), look.strong)
    for table in tables:
        line += 1
        sheet.write_url(line, 0, f"internal:'{table.name}'!A1", string=table.name)
        sheet.write_string(line, 1, tidy(table.title, _LONGEST), look.wrapped)
        sheet.set_row(line, tall(table.title, 92))
    _printed(sheet, source, lang)


def _sheet(book: Any, look: Look, table: Table, source: Imprint, lang: Lang) -> None:
    sheet = book.add_worksheet(table.name)
    sheet.write_string(0, 0, tidy(table.title, _LONGEST), look.title)
    notes = (*table.notes, source.line(lang) + say("briefing.join", lang) + source.dates(lang))
    for at, note in enumerate(notes, 1):
        sheet.write_string(at, 0, tidy(note, _LONGEST), look.soft)
    top = _top(table)
    for at, column in enumerate(table.columns):
        right = column.kind not in {"text", "long", "day"}
        sheet.write_string(top, at, column.title, look.head_number if right else look.head)
        sheet.set_column(at, at, wide(column, table))
        for place, row in enumerate(table.rows, top + 1):
            _cell(sheet, (place, at), column, row.get(column.field), look)
    sheet.set_row(top, 2 * LINE)
    long = [column.field for column in table.columns if column.kind == "long"]
    for place, row in enumerate(table.rows, top + 1):
        if long:
            sheet.set_row(place, max(tall(tidy(row.get(field), _LONGEST), LONG) for field in long))
    last = top + max(len(table.rows), 1)
    sheet.freeze_panes(top + 1, min(2, len(table.columns) - 1))
    sheet.autofilter(top, 0, last, len(table.columns) - 1)
    sheet.repeat_rows(top)
    _printed(sheet, source, lang)


def _cell(sheet: Any, at: tuple[int, int], column: Col, value: Any, look: Look) -> None:
    """One value: a text is a text whatever it begins with; what is absent is no zero."""
    form = look.kinds[column.kind]
    if column.kind in {"text", "long"}:
        sheet.write_string(*at, tidy(value, _LONGEST), form)
    elif value is None:
        sheet.write_string(*at, _ABSENT, look.none)
    elif column.kind == "day":
        sheet.write_datetime(*at, value, form)
    else:
        number = float(scaled(value, WAN) or 0) if column.kind == "wan" else float(value)
        whole = column.kind == "number" and number == int(number)
        sheet.write_number(*at, number, look.kinds["count"] if whole else form)


def _top(table: Table) -> int:
    """The row of a table's heads: below its title, its notes, and where it comes from."""
    return len(table.notes) + 2


def _charts(book: Any, look: Look, tables: Sequence[Table], source: Imprint, lang: Lang) -> None:
    """All charts on a sheet of their own, two beside one another; every point is a cell of another sheet."""
    sheet = book.add_worksheet(say("book.charts", lang))
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, say("book.charts_title", lang), look.title)
    sheet.write_string(1, 0, source.line(lang) + say("briefing.join", lang) + source.dates(lang), look.soft)
    drawn = [(chart, table) for table in tables for chart in table.charts if table.rows]
    for at, (chart, table) in enumerate(drawn):
        made = chart_of(book, chart, table, _top(table))
        made.set_size({"width": _CHART[0], "height": _CHART[1]})
        sheet.insert_chart(3 + at // 2 * 20, at % 2 * 12, made, {"description": chart.title})
    _printed(sheet, source, lang)
    sheet.fit_to_pages(1, 1)


def _printed(sheet: Any, source: Imprint, lang: Lang) -> None:
    """A4 across, as wide as a page, with where it comes from and the page's number at its foot."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(
        f"&L&8{source.line(lang)}&C&8{say('ui.demo', lang) if source.example else ''}&R&8&P / &N"
    )

"""The sheets of the rules and the definitions."""

from typing import Any

import polars as pl

from fundtrack.metrics.catalog import CATALOG
from fundtrack.reports.book.table import Chart, Table, cols
from fundtrack.reports.finding_words import review_word, status_word
from fundtrack.reports.findings import FindingsReport
from fundtrack.text.say import Lang, say


def board_sheet(report: FindingsReport, lang: Lang) -> Table:
    """The rules, and how many findings of each kind."""
    statuses = ("suspected", "hint", "incomplete", "clear")
    rows = [row | {"name": report.name(row["rule_id"], lang)} for row in report.board()]
    given: list[tuple[str, Any, str]] = [("lines.rule", "text", "name"), ("book.id", "text", "rule_id")]
    given += [(f"finding.status_{status}", "count", status) for status in statuses]
    columns = cols(lang, *given, ("findings.open", "count", "open"))
    charts = (Chart("stacked", say("book.chart_board", lang), "name", statuses[:2]),)
    return Table(say("book.board", lang), report.summary(lang), columns, rows, (), charts)


def findings_sheet(report: FindingsReport, lang: Lang) -> Table:
    """Every finding that is not clear, suspected first."""
    frame = report.rows.filter(pl.col("status") != "clear")
    order = {"suspected": 0, "hint": 1, "incomplete": 2}
    found = sorted(
        frame.to_dicts(), key=lambda one: (order[one["status"]], one["rule_id"], one["finding_id"])
    )
    rows = [
        row | {
            "rule": report.name(row["rule_id"], lang), "status": status_word(row["status"], lang), "review": review_word(row["review"], lang),
            "says": report.says(row, lang),
        }
        for row in found
    ]  # fmt: skip
    columns = cols(
        lang, ("lines.finding_status", "text", "status"), ("lines.rule", "text", "rule"), ("lines.entity", "text", "entity"),
        ("book.name", "text", "name"), ("funds.name", "text", "fund"), ("lines.finding_says", "long", "says"),
        ("book.amount", "wan", "amount"), ("funds.currency", "text", "currency"), ("book.review", "text", "review"),
        ("book.force", "text", "force"), ("book.source", "long", "source"), ("lines.finding_id", "text", "finding_id"),
    )  # fmt: skip
    return Table(say("book.findings", lang), say("book.findings_title", lang, count=len(rows)), columns, rows,
                 (say("briefing.to_check", lang), say("ui.unit_line", lang)))  # fmt: skip


def definitions_sheet(lang: Lang) -> Table:
    """Every metric: name, formula, source."""
    rows = [
        {"name": one.name(lang), "formula": one.formula(lang), "source": one.source(lang), "id": one.id}
        for one in CATALOG.values()
    ]
    columns = cols(
        lang,
        ("book.name", "text", "name"),
        ("book.formula", "long", "formula"),
        ("book.source", "long", "source"),
        ("book.id", "text", "id"),
    )
    return Table(say("book.definitions", lang), say("book.definitions_title", lang), columns, rows)

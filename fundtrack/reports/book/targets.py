"""The sheets of the targets: where they stand, how they grew, what is coming."""

from typing import Any, Final

from fundtrack.metrics.progress import LEDGER
from fundtrack.reports.book.table import Chart, Table, cols, in_unit
from fundtrack.reports.growth import GrowthReport
from fundtrack.reports.progress import ProgressReport
from fundtrack.text.say import Lang, say

HOME: Final = "CNY"


def progress_sheet(report: ProgressReport, lang: Lang) -> Table:
    """The targets, and how their year's task stands to the year."""
    cards = {card.code: card for card in report.cards(lang)}
    rows = []
    for row in report.targets.to_dicts():
        shown = cards[row["code"]]
        actual, unit = in_unit(row["actual"], row["currency"], lang)
        rows.append(row | {
            "title": shown.title, "unit": unit or row["unit"], "actual": actual, "target": in_unit(row["target"], row["currency"], lang)[0],
            "start_value": in_unit(row["start_value"], row["currency"], lang)[0],
            "remaining": in_unit(row["remaining"], row["currency"], lang)[0], "status": f"{shown.mark} {shown.status}",
            "says": shown.conclusion, "definition": shown.footnote,
        })  # fmt: skip
    own = [row for row in rows if row["code"] in LEDGER]
    behind = sum(row["lead"] is not None and row["lead"] < 0 for row in own)
    title = say("book.chart_progress", lang, all=len(own), behind=behind)
    columns = cols(
        lang, ("lines.target", "text", "title"), ("book.unit", "text", "unit"), ("book.target", "number", "target"),
        ("lines.actual", "number", "actual"), ("book.start_value", "number", "start_value"), ("book.remaining", "number", "remaining"),
        ("book.completion", "share", "completion"), ("book.year_completion", "share", "year_completion"),
        ("book.elapsed", "share", "elapsed"), ("lines.status", "text", "status"), ("book.due_on", "day", "due_on"),
        ("book.says", "long", "says"), ("book.definition", "long", "definition"), ("book.source", "long", "source"),
    )  # fmt: skip
    charts = (Chart("bar", title, "title", ("year_completion", "elapsed"), "%", len(own)),) if own else ()
    return Table(say("book.progress", lang), report.headline(lang), columns, rows, (say("book.progress_help", lang),), charts)  # fmt: skip


def growth_sheet(report: GrowthReport, lang: Lang) -> Table:
    """Funds and scale at the end of each year."""
    by_day: dict[Any, dict[str, Any]] = {}
    for row in report.years.to_dicts():
        value = in_unit(row["value"], row["currency"], lang)[0]
        added = in_unit(row["added"], row["currency"], lang)[0]
        by_day.setdefault(row["day"], {"day": row["day"], "year": str(row["day"].year)}).update(
            {row["code"]: value, f"{row['code']}_added": added}
        )
    rows = [by_day[day] for day in sorted(by_day)]
    units = {"fund_scale": in_unit(None, HOME, lang)[1], "cross_border": in_unit(None, "USD", lang)[1]}
    given: list[tuple[str, Any, str]] = [("book.year", "text", "year"), ("book.day", "day", "day")]
    for code in LEDGER:
        given += [(f"book.grown_{code}", "number", code), (f"book.added_{code}", "number", f"{code}_added")]
    charts = tuple(
        Chart("column", say(f"book.chart_{code}", lang), "year", (code,), units.get(code, ""))
        for code in ("partner_funds", "fund_scale")
    )
    return Table(say("book.growth", lang), say("book.growth_title", lang), cols(lang, *given), rows,
                 (say("book.growth_help", lang),), charts if rows else ())  # fmt: skip


def pipeline_sheet(report: ProgressReport, lang: Lang) -> Table:
    """Funds approved and not yet established."""
    rows = [
        row | {"status": say(f"stage.{row['status']}", lang) if row["status"] else None}
        for row in report.pipeline.to_dicts()
    ]
    columns = cols(
        lang, ("funds.name", "text", "name"), ("funds.manager", "text", "manager"), ("funds.status", "text", "status"),
        ("book.stage_now", "text", "stage_now"), ("book.approved_on", "day", "approved_on"), ("book.expected_on", "day", "expected_on"),
        ("book.approval_no", "text", "approval_no"), ("funds.currency", "text", "currency"),
        ("book.size_planned", "wan", "size_planned"), ("book.guidance_planned", "wan", "guidance_planned"),
    )  # fmt: skip
    return Table(
        say("book.pipeline", lang),
        say("book.pipeline_title", lang, count=len(rows)),
        columns,
        rows,
        (say("ui.unit_line", lang),),
    )

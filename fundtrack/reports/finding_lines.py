"""Findings as lines of a terminal: the board by rule, then each finding."""

import polars as pl

from fundtrack.metrics.rules.finding import STATUSES
from fundtrack.reports.finding_words import review_word, status_word
from fundtrack.reports.findings import FindingsReport
from fundtrack.reports.lines import Lines
from fundtrack.text.say import Lang, say


def board_lines(report: FindingsReport, lang: Lang) -> Lines:
    """A line a rule: how many are suspected, hints, incomplete, clear, and open."""
    heads = [
        say("lines.rule", lang),
        *[status_word(status, lang) for status in STATUSES],
        say("findings.open", lang),
    ]
    rows = [
        [
            f"{row['rule_id']} {report.name(row['rule_id'], lang)}",
            *[str(row[name]) for name in (*STATUSES, "open")],
        ]
        for row in report.board()
    ]
    return heads, rows, [1, 2, 3, 4, 5]


def finding_lines(report: FindingsReport, lang: Lang, *, clear: bool = False) -> Lines:
    """A line a finding, suspected first."""
    names = ("finding_status", "rule", "entity", "finding_says", "finding_id")
    order = pl.col("status").replace_strict(STATUSES, range(len(STATUSES)), return_dtype=pl.Int64)
    shown = report.rows if clear else report.rows.filter(pl.col("status") != "clear")
    rows = []
    for row in shown.sort(order, "rule_id", "entity", "occurrence").iter_rows(named=True):
        word = status_word(row["status"], lang)
        reviewed = f"{word} ({review_word(row['review'], lang)})" if row["review"] else word
        entity = (
            row["entity"]
            if row["entity"] == row["partner_fund_id"]
            else f"{row['entity']} {row['partner_fund_id'] or ''}"
        )
        rows.append([reviewed, row["rule_id"], entity.strip(), report.says(row, lang), row["finding_id"]])
    return [say(f"lines.{name}", lang) for name in names], rows, []

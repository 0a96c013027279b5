"""The full report: contents, targets, guidance funds, definitions, and a page for each partner fund."""

from datetime import date
from typing import Any, Final

import polars as pl

from fundtrack.metrics.catalog import CATALOG
from fundtrack.metrics.history import history
from fundtrack.metrics.once import Once
from fundtrack.reports.findings import findings_report
from fundtrack.reports.funds import FundsReport, funds_report
from fundtrack.reports.imprint import imprint
from fundtrack.reports.paper.fund_page import (
    FACTS,
    TERMS,
    curve,
    finding_lines,
    flow_lines,
    known,
    sizes,
    stake_lines,
)
from fundtrack.reports.paper.sheet import tidy
from fundtrack.reports.paper.typeset import pdf
from fundtrack.reports.progress import ProgressReport, progress_report
from fundtrack.reports.returns import ReturnsReport, returns_report
from fundtrack.settings import Settings
from fundtrack.store.ledger import Ledger
from fundtrack.text.numbers import day as in_full
from fundtrack.text.say import Lang, say

DEFINED: Final = (
    "new_managers", "partner_funds", "fund_scale", "cross_border", "completion", "year_completion", "elapsed", "committed_size", "paid_in_fund",
    "paid_in_rate", "guidance_share", "paid_in", "distributed", "nav", "unfunded", "dpi", "rvpi", "tvpi", "irr",
)  # fmt: skip
"""The metrics that the report shows, and so defines."""


def report_pdf(ledger: Ledger, as_of: date | None, settings: Settings, lang: Lang) -> bytes:
    """Set the full report of a day; the same edition and day give the same bytes.

    Raises:
        InputError: `no_edition`.
        BusyError: `no_cjk_font`.
    """
    source = imprint(ledger, as_of)
    progress = progress_report(ledger, source.as_of, settings.band_early, settings.band_late)
    words: dict[str, Any] = {
        "lang": lang, "title": say("report.title", lang), "day": in_full(source.as_of, lang), "lines": source.lines(lang),
        "foot": source.line(lang), "banner": say("ui.demo", lang) if source.example else "",
        "at": [source.published_at.year, source.published_at.month, source.published_at.day],
        "unit": say("ui.unit_line", lang), "absent": say("book.unknown_words", lang, unknown="—"),
        "ratios": say("funds.stakes_help", lang), "names": {name: say(f"report.{name}", lang) for name in _NAMES},
        "opening": progress.headline(lang), "targets": _targets(progress, lang),
        "guidance": _guidance(returns_report(ledger, source.as_of), lang),
        "definitions": [[CATALOG[name].name(lang), CATALOG[name].formula(lang)] for name in DEFINED],
        "funds": _funds(ledger, funds_report(ledger, source.as_of), source.as_of, lang),
    }  # fmt: skip
    return pdf("report.typ", words, source.published_at)


_NAMES: Final = (
    "contents", "targets", "guidance", "definitions", "funds", "sizes", "about", "terms", "stakes", "flows", "findings",
)  # fmt: skip


def _targets(report: ProgressReport, lang: Lang) -> dict[str, Any]:
    heads = [
        say(key, lang) for key in ("lines.target", "lines.goal", "lines.actual", "lines.status", "book.says")
    ]
    rows = [[tidy(card.title), card.goal, card.figure, f"{card.mark} {card.status}", card.conclusion] for card in report.cards(lang)]  # fmt: skip
    return {"heads": heads, "rows": rows}


def _guidance(report: ReturnsReport, lang: Lang) -> dict[str, Any]:
    pooled = [row | {"guidance_fund_id": say("book.all", lang)} for row in report.pooled.to_dicts()]
    own = [row | {"guidance_fund_id": row["name"] or row["group"]} for row in report.guidance.to_dicts()]
    return stake_lines([row | {"nav_on": row["oldest_nav_on"]} for row in [*own, *pooled]], {}, lang)


def _funds(ledger: Ledger, report: FundsReport, as_of: date, lang: Lang) -> list[dict[str, Any]]:
    """A page for each partner fund, by id."""
    held: Any = ledger
    tables: Any = Once(held)
    points = history(tables, as_of)
    found = findings_report(ledger, as_of)
    guidance = dict(ledger["guidance_fund"].select("guidance_fund_id", "name").iter_rows())
    places = dict(ledger["district"].select("code", "name").iter_rows())
    facts = {row["partner_fund_id"]: row for row in ledger["partner_fund"].to_dicts()}
    terms = ledger["participation"].sort("participation_id")
    out = []
    for summary in report.funds.to_dicts():
        fund = summary["partner_fund_id"]
        stakes = report.participations.filter(pl.col("partner_fund_id") == fund).to_dicts()
        ids = [row["participation_id"] for row in stakes]
        own = points.filter(pl.col("participation_id").is_in(ids))
        curves = [
            curve(own.filter(pl.col("currency") == money), lang) for money in sorted(own["currency"].unique())
        ]
        out.append({
            "name": tidy(summary["name"] or fund, 70), "line": _line(summary, lang), "sizes": sizes(summary, lang),
            "about": known("partner_fund", FACTS, facts[fund], lang, places),
            "terms": [
                [f"{row['participation_id']}  {tidy(guidance.get(row['guidance_fund_id'], ''), 30)}", known("participation", TERMS, row, lang)]
                for row in terms.filter(pl.col("partner_fund_id") == fund).to_dicts()
            ],
            "stakes": stake_lines([row for row in stakes if row["paid_in"] is not None or row["commitment"] is not None], guidance, lang),
            "flows": flow_lines(ledger["cash_flow"].filter(pl.col("participation_id").is_in(ids)), as_of, lang),
            "curves": [one for one in curves if one], "findings": finding_lines(found, fund, lang),
        })  # fmt: skip
    return out


def _line(summary: dict[str, Any], lang: Lang) -> str:
    """A fund's id, manager, stage, and whether it counts."""
    counted = say("funds.counts_from", lang, day=summary["counted_from"]) if summary["counted"] else say("funds.not_counted", lang)  # fmt: skip
    stage = say(f"stage.{summary['status']}", lang) if summary["status"] else ""
    parts = (summary["partner_fund_id"], tidy(summary["manager"]), stage, summary["currency"], counted)
    return " · ".join(str(part) for part in parts if part)

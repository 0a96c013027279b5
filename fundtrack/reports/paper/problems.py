"""Section three of the briefing: what is behind, what the rules suspect, who has not reported."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from fundtrack.metrics.exact import added
from fundtrack.reports.findings import FindingsReport
from fundtrack.reports.paper.facts import Facts, Row
from fundtrack.reports.paper.sheet import Run, tidy
from fundtrack.text.numbers import money, plain, unknown
from fundtrack.text.say import Lang, say

LATE: Final = "LATE_REPORT"
IDLE: Final = "IDLE_1Y"
BEHIND: Final = ("behind", "far_behind")
_KINDS: Final = 4


def problems(about: Facts, lang: Lang) -> tuple[Run, ...]:
    """Write the section."""
    said = [*_behind(about, lang), *_found(about.findings, lang), *_late(about, lang)]
    head = Run("head", say("briefing.problems_head", lang))
    tail = ""
    incomplete = about.findings.rows.filter(pl.col("status") == "incomplete").height
    if incomplete:
        tail += say("briefing.incomplete", lang, count=plain(incomplete, lang))
    if suspects(about.findings).height:
        tail += say("briefing.to_check", lang)
    return (head, Run("text", numbered(said, lang) or say("briefing.no_problem", lang)), Run("text", tail))


def numbered(said: Sequence[str], lang: Lang) -> str:
    """Sentences one after another: 一是……。二是……。."""
    stop = say("briefing.stop", lang) + (" " if lang == "en" else "")
    if len(said) == 1:
        return _capital(said[0]) + stop
    return "".join(
        say(f"briefing.first_{n}", lang) + _capital(words) + stop for n, words in enumerate(said[:4], 1)
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def suspects(report: FindingsReport) -> pl.DataFrame:
    """What is suspected and not settled, reports apart."""
    return report.rows.filter(
        pl.col("open") & (pl.col("status") == "suspected") & (pl.col("rule_id") != LATE)
    )


def idle(report: FindingsReport) -> pl.DataFrame:
    """Funds without an investment a year after guidance money, suspected or hinted at."""
    return report.rows.filter(pl.col("open") & (pl.col("rule_id") == IDLE))


def not_in(about: Facts) -> int:
    """Reports of the newest quarter that have not come."""
    received = about.imprint.received
    return received.due - received.received if received else 0


def _behind(about: Facts, lang: Lang) -> list[str]:
    said = []
    for key, states in (("missed", ("missed",)), ("behind", BEHIND)):
        codes = [row["code"] for row in about.targets if row["status"] in states]
        if not codes:
            continue
        names = say("briefing.and", lang).join(say(f"briefing.behind_{code}", lang) for code in codes)
        coming = ""
        if {"partner_funds", "fund_scale"} & set(codes):
            coming = pipeline_words(about.progress.pipeline, lang)
        said.append(say(f"briefing.{key}", lang, names=names, pipeline=coming))
    return said


def pipeline_words(pipeline: pl.DataFrame, lang: Lang) -> str:
    """How many approved funds wait, and their size by currency."""
    if pipeline.is_empty():
        return ""
    return say("briefing.pipeline", lang, count=plain(pipeline.height, lang), size=sizes(pipeline, lang))


def sizes(pipeline: pl.DataFrame, lang: Lang) -> str:
    """The planned sizes of pipeline funds, each currency for itself."""
    sums = pipeline.group_by("currency").agg(size=added(pl.col("size_planned"))).sort("currency")
    words = [money(size, currency, lang) for currency, size in sums.iter_rows() if size is not None]
    return say("briefing.and", lang).join(words) or unknown(lang)


def _found(report: FindingsReport, lang: Lang) -> list[str]:
    said = []
    rows = suspects(report)
    if rows.height:
        kinds = rows.group_by("rule_id").len().sort("len", "rule_id", descending=[True, False])
        listed = say("briefing.and", lang).join(
            say("briefing.kind", lang, name=tidy(report.name(rule, lang), 70), n=n)
            for rule, n in kinds.head(_KINDS).iter_rows()
        )
        if kinds.height > _KINDS:
            listed = say("briefing.kinds_more", lang, kinds=listed)
        paid = guidance_money(report, rows, lang)
        words = {"count": plain(rows.height, lang), "funds": plain(rows["partner_fund_id"].drop_nulls().n_unique(), lang), "kinds": listed}  # fmt: skip
        said.append(
            say("briefing.suspected", lang, money=paid, **words)
            if paid
            else say("briefing.suspected_unpaid", lang, **words)
        )
    hints = idle(report).filter(pl.col("status") == "hint")
    if hints.height:
        words = {"count": plain(hints["partner_fund_id"].n_unique(), lang), "money": guidance_money(report, hints, lang) or unknown(lang)}  # fmt: skip
        said.append(say("briefing.idle_hint", lang, **words))
    return said


def guidance_money(report: FindingsReport, rows: pl.DataFrame, lang: Lang) -> str:
    """Guidance money in the funds of findings, each currency for itself."""
    funds = rows["partner_fund_id"].drop_nulls().unique()
    paid = report.guidance.filter(pl.col("partner_fund_id").is_in(funds.implode()))
    sums = paid.group_by("currency").agg(paid=added(pl.col("paid"))).sort("currency").iter_rows()
    return say("briefing.and", lang).join(money(total, currency, lang, places=2) for currency, total in sums if total)  # fmt: skip


def _late(about: Facts, lang: Lang) -> list[str]:
    received: Row | None = None
    if about.imprint.received and not_in(about):
        own = about.imprint.received
        quarter = say(f"overview.quarter_{own.period[5:]}", lang)
        received = {"count": not_in(about), "quarter": quarter, "due": own.due, "received": own.received}
    return [say("briefing.late", lang, **received)] if received else []

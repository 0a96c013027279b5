"""The sentence above the cards: days left, targets met, what is missing, what the pipeline would bring."""

from decimal import Decimal
from typing import Any

import polars as pl

from fundtrack.metrics.progress import LEDGER
from fundtrack.reports.words import Row, sentences_joined
from fundtrack.text.numbers import day, money
from fundtrack.text.say import Lang, say


def overall(targets: pl.DataFrame, pipeline: pl.DataFrame, lang: Lang) -> str:
    """Write the one sentence above the cards: days left, targets met, what is missing, what is coming."""
    rows = [row for row in targets.iter_rows(named=True) if row["code"] in LEDGER]
    if not rows:
        return say("progress.waiting", lang)
    open_rows = [row for row in rows if row["status"] not in {"done", "unknown"}]
    parts = [_time_left(rows[0], lang) + _capital(_score(rows, len(open_rows), lang))]
    if open_rows:
        gaps = [_gap(row, lang) for row in open_rows]
        alone = len(open_rows) == 1 and (open_rows[0]["currency"] or open_rows[0]["remaining"] == 1)
        joined = say("progress.gap.last", lang).join(
            [say("progress.gap.join", lang).join(gaps[:-1]), gaps[-1]] if len(gaps) > 1 else gaps
        )
        parts.append(_capital(say("progress.gap.one" if alone else "progress.gap.all", lang, gaps=joined)))
        parts.append(_coming(open_rows, pipeline, lang))
    return sentences_joined(parts, lang)


def _time_left(row: Row, lang: Lang) -> str:
    left = (row["due_on"] - row["as_of"]).days
    if left < 0:
        return say("progress.overall.over", lang, day=day(row["due_on"], lang))
    if left == 0:
        return say("progress.overall.last_day", lang)
    at_year_end = (row["due_on"].month, row["due_on"].day) == (12, 31)
    return say("progress.overall.year_end" if at_year_end else "progress.overall.due", lang, days=left)


def _score(rows: list[dict[str, Any]], still_open: int, lang: Lang) -> str:
    met = sum(row["status"] == "done" for row in rows)
    waiting = len(rows) - met - still_open
    everything = _digit(len(rows), lang)
    if met == len(rows):
        return say("progress.overall.all_done", lang, all=everything)
    words = {"all": everything, "done": _number(met, lang), "open": _number(still_open, lang)}
    if waiting:
        return say("progress.overall.counts_unknown", lang, unknown=_number(waiting, lang), **words)
    return say("progress.overall.counts" if met else "progress.overall.counts_none", lang, **words)


def _gap(row: Row, lang: Lang) -> str:
    if row["currency"]:
        return say(f"progress.gap.{row['code']}", lang, number=money(row["remaining"], row["currency"], lang))
    key = f"progress.gap.{row['code']}" + ("_one" if row["remaining"] == 1 else "")
    return say(key, lang, number=_number(int(row["remaining"]), lang))


def _coming(open_rows: list[dict[str, Any]], pipeline: pl.DataFrame, lang: Lang) -> str:
    """Say what the pipeline would do for the fund gaps: how many of its funds, of what size together."""
    codes = [row["code"] for row in open_rows]
    gaps = {row["code"]: row for row in open_rows if row["code"] in {"partner_funds", "fund_scale"}}
    if not gaps or pipeline.is_empty() or open_rows[0]["status"] == "missed":
        return ""
    currency = gaps["fund_scale"]["currency"] if "fund_scale" in gaps else "CNY"
    sizes = sorted(
        (
            size
            for size in pipeline.filter(pl.col("currency") == currency)["size_planned"]
            if size is not None
        ),
        reverse=True,
    )
    key = "progress.overall.pipeline" + ("_one" if pipeline.height == 1 else "")
    total = money(sum(sizes, Decimal(0)) if sizes else None, currency, lang)
    text = _capital(say(key, lang, count=_number(pipeline.height, lang), size=total))
    missing = int(gaps["partner_funds"]["remaining"]) if "partner_funds" in gaps else 1
    short = gaps["fund_scale"]["remaining"] if "fund_scale" in gaps else Decimal(0)
    which = "which_one" if len(gaps) == 1 else "which_two" if set(codes[:2]) == set(gaps) else "which_funds"
    words = {"which": say(f"progress.overall.{which}", lang)}
    need = next((n for n in range(missing, pipeline.height + 1) if sum(sizes[:n], Decimal(0)) >= short), None)
    if need is None:
        return text + say("progress.overall.not_enough", lang, **words)
    words["need"] = _number(need, lang)
    if short:
        return text + say("progress.overall.closes_sized", lang, gap=money(short, currency, lang), **words)
    return text + say("progress.overall.closes", lang, **words)


def _digit(number: int, lang: Lang) -> str:
    return say(f"progress.digit.{number}", lang) if number <= 10 else str(number)


def _number(number: int, lang: Lang) -> str:
    """Write a small number in words in English, in digits in Chinese."""
    return _digit(number, lang) if lang == "en" else str(number)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

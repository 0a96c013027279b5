"""The sentences of the target cards and the one above them, in Chinese and in English."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from fundtrack.metrics.progress import ANNUAL
from fundtrack.reports.own_sources import source_name
from fundtrack.text.numbers import currency_name, day, money, month, percent, plain, rounded, unknown
from fundtrack.text.say import Lang, say, sentences

Row = Mapping[str, Any]
"""A row of `metrics.progress`."""


@dataclass(frozen=True, slots=True)
class Card:
    """A target's card in words.

    Attributes:
        code: of the target.
        title: its name, as the target sheet has it.
        figure: the actual with its unit.
        goal: the target with its unit.
        mark: shape of the status.
        status: the status in a word.
        conclusion: where the target stands, in one sentence.
        ratios: the card's third line.
        footnote: what is counted, and what beside it.

    """

    code: str
    title: str
    figure: str
    goal: str
    mark: str
    status: str
    conclusion: str
    ratios: str
    footnote: str


def card(row: Row, beside: pl.DataFrame, lang: Lang) -> Card:
    """Write a target's card from its row of `progress` and the frame of `beside`."""
    code = row["code"]
    title_key = f"target.{code}"
    named = lang == "en" and title_key in sentences(lang)
    return Card(
        code=code,
        title=say(title_key, lang) if named else row["name"],
        figure=amount(row["actual"], row, lang),
        goal=_goal(row, lang),
        mark=say(f"status_mark.{row['status']}", lang),
        status=say(f"status.{row['status']}", lang),
        conclusion=_conclusion(row, beside, lang),
        ratios=ratios(row, lang),
        footnote=_footnote(row, beside, lang),
    )


def amount(value: Decimal | None, row: Row, lang: Lang, *, fixed: bool = True) -> str:
    """Write a value of a target: money by its currency, a count with its unit."""
    if value is None:
        return unknown(lang)
    if row["currency"]:
        return money(value, row["currency"], lang, fixed=fixed)
    noun = f"progress.noun.{row['code']}" + ("_one" if value == 1 else "")
    unit = say(noun, lang) if lang == "en" and noun in sentences(lang) else row["unit"]
    return say("progress.count", lang, number=plain(value, lang, 2), unit=unit)


def ratios(row: Row, lang: Lang) -> str:
    """Write the card's third line, of whose ratios only the last two may be subtracted."""
    words = {name: percent(row[name], lang) for name in ("completion", "year_completion", "elapsed")}
    return say("progress.ratios", lang, **words)


def pace(row: Row, lang: Lang) -> str:
    """Say how far from pace a target is: the difference of the two ratios as they are shown."""
    shown = rounded(row["year_completion"] * 100, 1) - rounded(row["elapsed"] * 100, 1)
    if shown == 0:
        return say("progress.level", lang)
    return say(
        "progress.ahead" if shown > 0 else "progress.short",
        lang,
        points=plain(abs(shown), lang, 1, fixed=True),
    )


def status_help(status: str, band: Decimal, lang: Lang) -> str:
    """Explain a status, with the band in points."""
    return say(f"status_help.{status}", lang, band=plain(band * 100, lang))


def _goal(row: Row, lang: Lang) -> str:
    goal = amount(row["target"], row, lang, fixed=False)
    if row["code"] == "cross_border":
        return say("progress.goal_planned", lang, goal=goal)
    return say("progress.goal_money" if row["currency"] else "progress.goal_count", lang, goal=goal)


def _conclusion(row: Row, beside: pl.DataFrame, lang: Lang) -> str:
    if row["code"] == "cross_border":
        return _cross_border(row, beside, lang)
    if row["actual"] is None:
        return say("progress.waiting", lang)
    if row["status"] == "done":
        return _met(row, "progress.done", lang)
    return _unmet(row, lang)


def _met(row: Row, key: str, lang: Lang) -> str:
    over = row["actual"] - row["target"]
    return say(f"{key}_over", lang, over=amount(over, row, lang)) if over > 0 else say(key, lang)


def _unmet(row: Row, lang: Lang) -> str:
    remaining = amount(row["remaining"], row, lang)
    if row["status"] == "missed":
        return say("progress.missed", lang, remaining=remaining)
    if row["year_completion"] is None:
        key = "progress.not_paced" if row["start_value"] is None else "progress.fell"
        return say(key, lang, completion=percent(row["completion"], lang), remaining=remaining)
    words = {"share": percent(row["year_completion"], lang), "pace": pace(row, lang), "remaining": remaining}
    if row["code"] in ANNUAL:
        return say("progress.gained_annual", lang, **words)
    gained = amount(row["actual"] - row["start_value"], row, lang)
    key = "progress.gained_firms" if row["code"] == "new_managers" else "progress.gained"
    return say(key, lang, gained=gained, **words)


def _cross_border(row: Row, beside: pl.DataFrame, lang: Lang) -> str:
    """Say first whether the fund is set up, then how much is committed."""
    if row["actual"] is None and found(beside, "cross_border", "set_up") is None:
        return say("progress.waiting", lang)
    since = found_day(beside, "cross_border", "set_up")
    begins = (
        say("progress.set_up", lang, month=month(since, lang)) if since else say("progress.not_set_up", lang)
    )
    if row["actual"] is None:
        return begins + say("progress.committed_unknown", lang)
    if row["status"] == "done":
        return begins + _met(row, "progress.committed_done", lang)
    words = {"completion": percent(row["completion"], lang), "remaining": amount(row["remaining"], row, lang)}
    if row["status"] == "missed":
        return begins + say("progress.committed_missed", lang, **words)
    if row["year_completion"] is None:
        return begins + say("progress.not_paced", lang, **words)
    return begins + say("progress.committed", lang, pace=pace(row, lang), **words)


def _footnote(row: Row, beside: pl.DataFrame, lang: Lang) -> str:
    writers = {
        "new_managers": _firms_note,
        "partner_funds": _funds_note,
        "fund_scale": _scale_note,
        "cross_border": _border_note,
    }
    if row["code"] in writers:
        return writers[row["code"]](row, beside, lang)
    if row["measured_on"] is None:
        return say("progress.note.reported_none", lang)
    return say(
        "progress.note.reported",
        lang,
        day=day(row["measured_on"], lang),
        source=source_name(row["measured_source"], lang),
    )


def _firms_note(row: Row, beside: pl.DataFrame, lang: Lang) -> str:
    note = say("progress.note.new_managers", lang)
    missing = found(beside, row["code"], "manager_unknown")
    return sentences_joined(
        [note, say("progress.note.manager_unknown", lang, count=plain(missing, lang)) if missing else ""],
        lang,
    )


def _funds_note(row: Row, beside: pl.DataFrame, lang: Lang) -> str:
    parts = [
        say(f"progress.note.{item}", lang, count=plain(value, lang))
        for item in ("liquidated", "exited", "in_being")
        if (value := found(beside, row["code"], item)) or (value is not None and item == "in_being")
    ]
    joined = say("progress.note.join", lang).join(parts) or unknown(lang)
    coming = plain(found(beside, row["code"], "pipeline"), lang)
    return say("progress.note.partner_funds", lang, parts=joined, pipeline=coming)


def _scale_note(row: Row, beside: pl.DataFrame, lang: Lang) -> str:
    apart = beside.filter((pl.col("code") == row["code"]) & (pl.col("item") == "other_currency"))
    names = say("progress.note.others_join", lang).join(
        currency_name(name, lang) for name in apart["currency"]
    )
    paid_in = found(beside, row["code"], "paid_in")
    rate = paid_in / row["actual"] if paid_in is not None and row["actual"] else None
    notes = [
        say(
            "progress.note.fund_scale",
            lang,
            others=names or say("progress.note.foreign", lang),
            paid_in=money(paid_in, row["currency"] or "CNY", lang),
            rate=percent(rate, lang),
        )
    ]
    for currency, size in apart.select("currency", "value").iter_rows():
        count = found(beside, row["code"], "other_currency_funds", currency)
        words = {
            "currency": currency_name(currency, lang),
            "count": plain(count, lang),
            "size": money(size, currency, lang),
        }
        notes.append(say("progress.note.other_currency", lang, **words))
    unsized = found(beside, row["code"], "size_unknown")
    notes.append(say("progress.note.size_unknown", lang, count=plain(unsized, lang)) if unsized else "")
    return sentences_joined(notes, lang)


def _border_note(row: Row, beside: pl.DataFrame, lang: Lang) -> str:
    currency = row["currency"] or "USD"
    words = {
        "currency": currency_name(currency, lang),
        "paid_in": money(found(beside, row["code"], "paid_in"), currency, lang),
    }
    placed = found(beside, row["code"], "placed")
    if placed:
        return say("progress.note.placed", lang, placed=money(placed, currency, lang), **words)
    return say("progress.note.cross_border", lang, **words)


def found(beside: pl.DataFrame, code: str, item: str, currency: str | None = None) -> Decimal | None:
    """Look up a value beside a target; None where it is unknown or not there."""
    rows = beside.filter((pl.col("code") == code) & (pl.col("item") == item))
    if currency:
        rows = rows.filter(pl.col("currency") == currency)
    value: Decimal | None = rows["value"][0] if rows.height else None
    return value


def found_day(beside: pl.DataFrame, code: str, item: str) -> Any:
    """Look up the day of a fact beside a target."""
    rows = beside.filter((pl.col("code") == code) & (pl.col("item") == item))
    return rows["day"][0] if rows.height else None


def sentences_joined(parts: Iterable[str], lang: Lang) -> str:
    """Join sentences as the language does; empty ones leave no trace."""
    return (" " if lang == "en" else "").join(part for part in parts if part)

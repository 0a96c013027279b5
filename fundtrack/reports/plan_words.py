"""A plan in words: what is missing, what closes it, by which parameters money is projected."""

from datetime import date
from decimal import Decimal

from fundtrack.metrics.calibration import Pace
from fundtrack.metrics.plan import Plan
from fundtrack.text.numbers import WAN, currency_name, day, percent, plain, unknown
from fundtrack.text.numbers import money as rounded_money
from fundtrack.text.say import Lang, say


def money(value: Decimal | float | None, currency: str, lang: Lang) -> str:
    """Write an amount of a plan: in Chinese to the 万元, since 0.1 亿元 is too coarse for guidance money.

    >>> money(Decimal("49800000"), "CNY", "zh"), money(Decimal("49800000"), "CNY", "en")
    ('4,980万元', '¥49.8 m')
    """
    exact = Decimal(0) if value is None else Decimal(str(value))
    if value is None or lang == "en" or (currency == "CNY" and abs(exact) >= 10**9):
        return rounded_money(value, currency, lang)
    return say("progress.wan", lang, number=rough(exact, lang), currency=currency_name(currency, lang))


def rough(value: Decimal | float | None, lang: Lang) -> str:
    """Write an amount in 万元 as whole as a forecast deserves: without decimals from 100 on, else with one.

    >>> rough(Decimal("19443300"), "zh"), rough(Decimal("596800"), "zh")
    ('1,944', '59.7')
    """
    if value is None:
        return unknown(lang)
    scaled = Decimal(str(value)).scaleb(-WAN)
    return plain(scaled, lang, 0 if abs(scaled) >= 100 else 1)


def gap_words(found: Plan, lang: Lang) -> str:
    """Say what is missing, in one sentence."""
    if not found.gap:
        return say("plan.no_gap", lang)
    parts = []
    if found.gap.funds:
        parts.append(say("plan.gap_funds", lang, count=plain(found.gap.funds, lang)))
    if found.gap.scale:
        parts.append(say("plan.gap_scale", lang, size=money(found.gap.scale, "CNY", lang)))
    if found.gap.houses:
        parts.append(say("plan.gap_houses", lang, count=plain(found.gap.houses, lang)))
    return say("plan.gap", lang, due=day(found.due_on, lang), parts=say("plan.join", lang).join(parts))


def constraints(found: Plan, lang: Lang) -> str:
    """Say what the choice must fulfil, and what comes first."""
    words = {
        "funds": plain(found.gap.funds, lang),
        "size": money(found.gap.scale, "CNY", lang),
        "houses": plain(found.gap.houses, lang),
    }
    return say("plan.constraints", lang, **words)


def alone_words(found: Plan, lang: Lang) -> str:
    """Say what it would take without the pipeline."""
    if not found.gap or found.alone is None:
        return ""
    usual = found.usual
    return say(
        "plan.alone", lang, count=plain(found.alone, lang), usual_size=money(usual.size, "CNY", lang), share=percent(usual.share, lang),
        cap=percent(usual.cap, lang), usual=money(found.guidance_of(found.alone, usual.share), "CNY", lang),
        capped=money(found.guidance_of(found.alone, usual.cap), "CNY", lang), rests=plain(usual.funds, lang), houses=plain(found.gap.houses, lang),
    )  # fmt: skip


def quarter(end: date | None, lang: Lang) -> str:
    """Name a quarter by its last day.

    >>> quarter(date(2018, 6, 30), "zh"), quarter(date(2018, 6, 30), "en")
    ('2018年二季度', 'Q2 2018')
    """
    if end is None:
        return unknown(lang)
    number = (end.month + 2) // 3
    return say("plan.quarter", lang, year=end.year, number="一二三四"[number - 1] if lang == "zh" else number)


def pace_words(currency: str, pace: Pace, lang: Lang) -> str:
    """Say by which parameters calls and distributions are projected, and whose they are."""
    rates = (
        "、".join(percent(rate, lang, 0) for rate in pace.rates[:4])
        if lang == "zh"
        else ", ".join(percent(rate, lang, 0) for rate in pace.rates[:4])
    )
    words = {"rates": rates, "life": plain(pace.life, lang), "bow": plain(pace.bow, lang, 1), "growth": percent(pace.growth, lang),
             "count": plain(pace.stakes, lang), "currency": say("plan.cny", lang) if currency == "CNY" else currency_name(currency, lang)}  # fmt: skip
    return say("plan.pace_own" if pace.own else "plan.pace_classic", lang, **words)

"""Section four of the briefing: what would close the gaps, whom to talk to, what the next budget takes."""

from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.metrics.exact import added
from fundtrack.reports.paper.facts import HOME, Facts
from fundtrack.reports.paper.problems import BEHIND, idle, not_in, numbered, sizes, suspects
from fundtrack.reports.paper.sheet import Run, tidy
from fundtrack.text.numbers import day, money, plain
from fundtrack.text.say import Lang, say

_NAMED: Final = 2
"""So many funds are named; the rest are counted."""


def advice(about: Facts, lang: Lang) -> tuple[Run, ...]:
    """Write the section."""
    said = [*_closing(about, lang), *_talks(about, lang), *_budget(about, lang)]
    head = Run("head", say("briefing.advice_head", lang))
    return (head, Run("text", numbered(said, lang) or say("briefing.no_advice", lang)))


def _closing(about: Facts, lang: Lang) -> list[str]:
    """What closes the gaps in number and scale: approved funds expected in time, and what then is missing."""
    late = {row["code"]: row for row in about.targets if row["status"] in BEHIND}
    said = []
    gaps = {code: late[code] for code in ("partner_funds", "fund_scale") if code in late}
    coming = about.progress.pipeline
    if gaps and coming.height:
        due = min(row["due_on"] for row in gaps.values())
        soon = coming.filter((pl.col("expected_on") <= due).fill_null(value=False))
        if soon.is_empty():
            said.append(
                say("briefing.unscheduled", lang, count=plain(coming.height, lang), due=day(due, lang))
            )
        else:
            said.append(_set_up(soon, gaps, lang))
    if "cross_border" in late:
        row = late["cross_border"]
        said.append(say("briefing.cross", lang, amount=money(row["remaining"], row["currency"], lang)))
    elif "new_managers" in late:
        count = plain(late["new_managers"]["remaining"], lang)
        said.append(say("briefing.new_houses", lang, count=count))
    return said


def _set_up(soon: pl.DataFrame, gaps: dict[str, Any], lang: Lang) -> str:
    names = say("briefing.and", lang).join(tidy(name, 30) for name in soon["name"].head(_NAMED))
    if soon.height > _NAMED:
        names = say("briefing.names_more", lang, names=names, count=plain(soon.height, lang))
    rest = []
    if "partner_funds" in gaps and (short := int(gaps["partner_funds"]["remaining"]) - soon.height) > 0:
        rest.append(say("briefing.rest_funds", lang, count=plain(short, lang)))
    if "fund_scale" in gaps:
        currency = gaps["fund_scale"]["currency"]
        own = soon.filter(pl.col("currency") == currency)["size_planned"].drop_nulls()
        missing = gaps["fund_scale"]["remaining"] - (sum(own, Decimal(0)))
        if missing > 0:
            rest.append(say("briefing.rest_scale", lang, amount=money(missing, currency, lang)))
    parts = say("briefing.and", lang).join(rest)
    return say(
        "briefing.set_up", lang, day=day(soon["expected_on"].max(), lang), names=names, size=sizes(soon, lang),  # type: ignore[arg-type]
        rest=say("briefing.rest", lang, parts=parts) if rest else say("briefing.rest_none", lang),
    )  # fmt: skip


def _talks(about: Facts, lang: Lang) -> list[str]:
    parts = []
    count = idle(about.findings)["partner_fund_id"].n_unique()
    if count:
        parts.append(say("briefing.idle", lang, count=plain(count, lang)))
    if suspected := suspects(about.findings).height:
        parts.append(say("briefing.check", lang, count=plain(suspected, lang)))
    if missing := not_in(about):
        own = about.imprint.received
        quarter = say(f"overview.quarter_{own.period[5:]}", lang) if own else ""
        parts.append(say("briefing.remind", lang, count=plain(missing, lang), quarter=quarter))
    return [say("briefing.join", lang).join(parts)] if parts else []


def _budget(about: Facts, lang: Lang) -> list[str]:
    """The next year's budget of each guidance fund in CNY whose money will not do, beside what is owed and held."""
    found, plan = about.plan.liquidity, about.plan.plan
    if found is None or plan is None or plan.due_on is None:
        return []
    held = found.short.filter(pl.col("currency") == HOME)
    if held.is_empty():
        return []
    sums = held.select(added(pl.col("unfunded")).alias("unfunded"), added(pl.col("cash")).alias("cash")).row(0, named=True)  # fmt: skip
    year = plan.due_on.year + 1
    asked = found.requests.filter(
        (pl.col("currency") == HOME) & (pl.col("year") == year) & (pl.col("expected") > 0)
    )
    words = {name: money(value, HOME, lang, places=2) for name, value in sums.items()}
    if asked.is_empty():
        return [say("briefing.budget_none", lang, year=year, **words)]
    requests = [
        say("briefing.request", lang, name=tidy(about.plan.guidance.get(fund, fund), 30), amount=money(value, HOME, lang, places=2))
        for fund, value in asked.select("guidance_fund_id", "expected").iter_rows()
    ]  # fmt: skip
    return [say("briefing.budget", lang, year=year, requests=say("briefing.and", lang).join(requests), **words)]  # fmt: skip

"""What closes the gap, what it costs and when money runs short, as people and programs read it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.metrics.calibration import CLASSIC, Pace
from fundtrack.metrics.funds_at import funds_at
from fundtrack.metrics.liquidity import Liquidity, liquidity
from fundtrack.metrics.pacing import takahashi_alexander
from fundtrack.metrics.plan import Plan, plan
from fundtrack.metrics.projection import yearly
from fundtrack.metrics.scenario import Scenario, compare
from fundtrack.money import to_money
from fundtrack.reports.forecast import between
from fundtrack.reports.plan_words import alone_words, constraints, gap_words, money, pace_words, quarter
from fundtrack.reports.progress import Ledger, json_rows
from fundtrack.text.numbers import day, percent, plain, unknown
from fundtrack.text.say import Lang, say

YEARS: Final = 4


@dataclass(frozen=True, slots=True)
class Request:
    """What the plan's funds would call in a year, in CNY: at the guidance money on record, and further funds at usual and capped share.

    Attributes:
        year: calendar year.
        chosen: calls of the chosen pipeline funds.
        further: calls of the further funds at the usual share; None where it is not known.
        further_capped: the same at the capped share.

    """

    year: int
    chosen: Decimal
    further: Decimal | None
    further_capped: Decimal | None


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What closes the gap, and the money.

    Attributes:
        as_of: the day; None where nothing has been loaded.
        edition: what was known.
        plan: the gap and what closes it.
        names: partner_fund_id and name of its pipeline funds.
        requests: what the plan's funds would call, by year.
        liquidity: the guidance funds' cash, projected.
        guidance: guidance_fund_id and name.

    """

    as_of: date | None
    edition: int | None
    plan: Plan | None
    names: dict[str, str]
    requests: tuple[Request, ...]
    liquidity: Liquidity | None
    guidance: dict[str, str]

    def only(self, guidance: str, currency: str) -> "PlanReport":
        """Keep the money of one guidance fund, of one currency, or of both; an empty text keeps all.

        Projections are of a whole currency, and the plan of the whole programme: a guidance fund narrows neither.
        """
        if self.liquidity is None:
            return self
        held = self.liquidity
        kept = {"guidance_fund_id": guidance, "currency": currency}
        kept = {name: value for name, value in kept.items() if value}
        projected = {
            code: made for code, made in held.projections.items() if not currency or code == currency
        }
        own = replace(
            held,
            requests=held.requests.filter(**kept),
            short=held.short.filter(**kept),
            projections=projected,
        )
        return replace(self, liquidity=own)

    def as_json(self) -> dict[str, Any]:
        """Show the report as JSON: money as text, days in ISO 8601."""
        out: dict[str, Any] = {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "edition": self.edition,
            "forecast": True,
        }
        if self.plan is None or self.liquidity is None:
            return out
        found, choice, usual = self.plan, self.plan.choice, self.plan.usual
        chosen = {each.name for each in choice.chosen} if choice else set()
        pipeline = [
            {"participation_id": each.name, "partner_fund_id": each.fund, "name": self.names.get(each.fund), "size": _text(each.size),
             "guidance": _text(each.guidance), "guidance_assumed": each.assumed, "new_house": each.house is not None,
             "expected_on": each.expected_on.isoformat() if each.expected_on else None, "chosen": each.name in chosen}
            for each in found.options
        ]  # fmt: skip
        further = choice.further if choice else None
        return out | {
            "due_on": found.due_on.isoformat() if found.due_on else None,
            "gap": {"funds": found.gap.funds, "scale": _text(found.gap.scale), "houses": found.gap.houses},
            "usual": {"size": _text(usual.size), "share": _number(usual.share), "cap": _number(usual.cap), "funds": usual.funds},
            "without_pipeline": {
                "funds": found.alone, "size": _text(None if found.alone is None or usual.size is None else found.alone * usual.size),
                "guidance_usual": _text(found.guidance_of(found.alone, usual.share)),
                "guidance_capped": _text(found.guidance_of(found.alone, usual.cap)), "houses": found.gap.houses,
            },
            "pipeline": pipeline,
            "choice": None if choice is None else {
                "participation_ids": [each.name for each in choice.chosen], "guidance": _text(choice.guidance), "size": _text(choice.size),
                "further_funds": further, "further_houses": choice.further_houses,
                "further_size": _text(None if usual.size is None else choice.further * usual.size),
                "further_guidance_usual": _text(found.guidance_of(further, usual.share)),
                "further_guidance_capped": _text(found.guidance_of(further, usual.cap)),
            },
            "constraints": {"zh": constraints(found, "zh"), "en": constraints(found, "en")},
            "plan_calls": [{"year": each.year, "chosen": _text(each.chosen), "further_usual": _text(each.further),
                            "further_capped": _text(each.further_capped)} for each in self.requests],
            "budget_requests": json_rows(self.liquidity.requests),
            "liquidity": json_rows(self.liquidity.short),
            "cash": json_rows(self.liquidity.past),
            "ahead": json_rows(self.liquidity.ahead),
            "pacing": {currency: _pace(made.pace) for currency, made in self.liquidity.projections.items()},
        }  # fmt: skip


def plan_report(ledger: Ledger, as_of: date | None = None) -> PlanReport:
    """Find what closes the gap on a day, by default the newest date of any cover, and what it takes."""
    made_on = as_of or ledger.default_as_of
    if made_on is None:
        return PlanReport(None, ledger.edition, None, {}, (), None, {})
    tables: Any = ledger
    found, cash = plan(tables, made_on), liquidity(tables, made_on)
    names = dict(funds_at(tables, made_on).select("partner_fund_id", "name").iter_rows())
    guidance = dict(ledger["guidance_fund"].select("guidance_fund_id", "name").iter_rows())
    own = cash.projections.get("CNY")
    return PlanReport(
        made_on,
        ledger.edition,
        found,
        names,
        tuple(_requests(found, own.pace if own else CLASSIC)),
        cash,
        guidance,
    )


def _requests(found: Plan, pace: Pace) -> list[Request]:
    """Spread the guidance money of the plan over the years after the deadline, by the portfolio's own pace of calls."""
    if found.due_on is None or found.choice is None:
        return []
    course = takahashi_alexander(
        1.0, pace.rates or CLASSIC.rates, max(pace.life, YEARS), pace.bow, pace.growth, 0.0
    )
    usual, further = found.usual, found.choice.further
    sums = [
        found.choice.guidance,
        found.guidance_of(further, usual.share),
        found.guidance_of(further, usual.cap),
    ]
    out = []
    for at, part in enumerate(course["contribution"][:YEARS]):
        parts = [None if amount is None else to_money(amount * Decimal(str(part))) for amount in sums]
        out.append(Request(found.due_on.year + 1 + at, parts[0] or Decimal(0), parts[1], parts[2]))
    return out


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _pace(pace: Pace) -> dict[str, Any]:
    return {"rates": [round(rate, 4) for rate in pace.rates], "life": pace.life, "bow": round(pace.bow, 3), "growth": round(pace.growth, 4),
            "own": pace.own, "participations": pace.stakes}  # fmt: skip


def scenario_report(ledger: Ledger, as_of: date, scenarios: Iterable[Scenario]) -> pl.DataFrame:
    """Compare scenarios on a day, see `metrics.scenario.COMPARED`."""
    tables: Any = ledger
    return compare(tables, as_of, scenarios)


def choice_words(report: PlanReport, lang: Lang) -> str:
    """Say what closes the gap at the least guidance money."""
    found = report.plan
    if found is None or not found.gap:
        return ""
    choice = found.choice
    if choice is None:
        return say("plan.unknown_size", lang)
    parts = []
    if choice.chosen:
        late = sum(
            1
            for each in choice.chosen
            if found.due_on and each.expected_on and each.expected_on > found.due_on
        )
        listed = say("plan.list", lang).join(report.names.get(each.fund, each.name) for each in choice.chosen)
        parts.append(say("plan.chosen", lang, count=plain(len(choice.chosen), lang), names=listed, size=money(choice.size, "CNY", lang),
                         guidance=money(choice.guidance, "CNY", lang)))  # fmt: skip
        if late:
            parts.append(say("plan.late", lang, count=plain(late, lang), due=day(found.due_on, lang)))
    if choice.further:
        usual = found.usual
        parts.append(say(
            "plan.further", lang, count=plain(choice.further, lang), houses=plain(choice.further_houses, lang),
            size=money(None if usual.size is None else choice.further * usual.size, "CNY", lang),
            usual=money(found.guidance_of(choice.further, usual.share), "CNY", lang),
            capped=money(found.guidance_of(choice.further, usual.cap), "CNY", lang),
        ))  # fmt: skip
    return ("" if lang == "zh" else " ").join(parts)


def short_words(report: PlanReport, row: dict[str, Any], lang: Lang) -> str:
    """Say when a guidance fund's money runs short, with the range."""
    name = report.guidance.get(row["guidance_fund_id"], row["guidance_fund_id"])
    words = {"name": name, "cash": money(row["cash"], row["currency"], lang), "unfunded": money(row["unfunded"], row["currency"], lang),
             "made": day(report.as_of, lang), "until": quarter(row["until"], lang)}  # fmt: skip
    if row["earliest"] is None:
        return say("plan.enough", lang, **words)
    ends = {
        "low": quarter(row["earliest"], lang),
        "high": quarter(row["latest"], lang)
        if row["latest"]
        else say("plan.later", lang, until=words["until"]),
    }
    if row["expected"] is None:
        return say(
            "plan.perhaps_short", lang, chance=percent(row["chance"], lang, 0), low=ends["low"], **words
        )
    return say("plan.short", lang, quarter=quarter(row["expected"], lang), **ends, **words)


def year_rows(found: Liquidity, currency: str, lang: Lang) -> list[dict[str, str]]:
    """Show calls, returns and NAV of a currency by calendar year, each with its range."""
    rows = []
    for year, items in yearly(found.projections[currency]).items():
        shown = {"year": str(year)}
        for name, marks in items.items():
            low, middle, high = (money(round(mark, 2), currency, lang) for mark in marks)
            shown[name] = say("plan.with_range", lang, expected=middle, span=between(low, high, lang))
        rows.append(shown)
    return rows


def plan_lines(report: PlanReport, lang: Lang) -> list[str]:
    """Write the report as sentences for a terminal."""
    if report.plan is None or report.liquidity is None:
        return [unknown(lang)]
    found = report.plan
    lines = [
        gap_words(found, lang),
        constraints(found, lang) if found.gap else "",
        choice_words(report, lang),
        alone_words(found, lang),
    ]
    lines += [short_words(report, row, lang) for row in report.liquidity.short.iter_rows(named=True)]
    lines += [
        pace_words(currency, made.pace, lang) for currency, made in report.liquidity.projections.items()
    ]
    return [line for line in lines if line]

"""The forecast as people and programs read it: rows, sentences, and how it would have done before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from fundtrack.metrics.forecast.cases import NEVER, cases
from fundtrack.metrics.forecast.cases import number as days_since
from fundtrack.metrics.forecast.simulate import PATHS
from fundtrack.metrics.forecast.targets import Forecast, forecast
from fundtrack.metrics.once import Once
from fundtrack.metrics.progress import history
from fundtrack.periods import day_before
from fundtrack.reports.progress import Ledger, number
from fundtrack.reports.words import amount
from fundtrack.text.numbers import day, percent, plain, rounded
from fundtrack.text.say import Lang, say


@dataclass(frozen=True, slots=True)
class ForecastReport:
    """Where the targets will stand at their deadlines, made on a day from what an edition knows.

    Attributes:
        as_of: the day of the forecast; None where nothing has been loaded.
        edition: what was known.
        targets: one forecast or refusal per target counted from the ledger.
        courses: by target's code, how it stood until that day, see `course`; none where nothing is forecast.

    """

    as_of: date | None
    edition: int | None
    targets: tuple[Forecast, ...]
    courses: Mapping[str, tuple[tuple[date, Decimal], ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Show the report as JSON: money as text, counts as numbers."""
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "edition": self.edition,
            "forecast": True,
            "range": 0.8,
            "targets": [_json(found) for found in self.targets],
        }

    def of(self, code: str) -> Forecast | None:
        """Find the forecast of a target."""
        return next((found for found in self.targets if found.code == code), None)


def forecast_report(ledger: Ledger, as_of: date | None = None) -> ForecastReport:
    """Forecast the targets on a day, by default the newest date of any cover."""
    made_on = as_of or ledger.default_as_of
    if made_on is None:
        return ForecastReport(None, ledger.edition, ())
    held: Any = ledger
    tables: Any = Once(held)
    targets = tuple(forecast(tables, made_on))
    courses = {found.code: course(tables, found) for found in targets if found.refusal is None}
    return ForecastReport(made_on, ledger.edition, targets, courses)


def _json(found: Forecast) -> dict[str, Any]:
    money = bool(found.plan["currency"])

    def shown(value: Decimal | None) -> Any:
        return (None if value is None else f"{value:.2f}") if money else number(value)

    refusal = found.refusal
    values = {name: shown(getattr(found, name)) for name in ("low", "expected", "high", "naive", "actual")}
    inputs = {name: value for name, value in found.inputs.items() if name != "chances"}
    return {
        "code": found.code, **values, "target": shown(found.plan["value"]), "probability": found.probability,
        "inside": found.inside, "unit": found.plan["unit"], "currency": found.plan["currency"],
        "due_on": found.due_on.isoformat(), "as_of": found.as_of.isoformat(),
        "refusal": None if refusal is None else {"code": refusal.code, "have": refusal.have, "need": refusal.need,
                                                 "zh": refused(found, "zh"), "en": refused(found, "en")},
        "method": {"zh": method(found, "zh"), "en": method(found, "en")},
        "inputs": {name: value.isoformat() if isinstance(value, date) else value for name, value in inputs.items()},
        "pipeline": [{"participation_id": name, "chance": chance} for name, chance in found.inputs.get("chances", {}).items()],
    }  # fmt: skip


def card_line(found: Forecast, lang: Lang) -> str:
    """Write the forecast under a target's card: day, expected, range, and that it does not count."""
    if found.refusal is not None:
        return say("forecast.card_refused", lang, why=refused(found, lang))
    words = {"made": _made(found, lang), "due": _due(found, lang), "span": span(found, lang)}
    return say("forecast.card", lang, expected=amount(found.expected, found.plan, lang), **words)


def span(found: Forecast, lang: Lang) -> str:
    """Write a range with its unit once, where both ends have the same.

    Both ends are rounded to what is shown; a range so narrow that both read alike is one figure.
    """
    low, high = (amount(value, found.plan, lang) for value in (found.low, found.high))
    return between(low, high, lang)


def between(low: str, high: str, lang: Lang) -> str:
    """Join the ends of a range, the unit once: after the last in Chinese, around both in English; ends that read alike are one.

    >>> between("88只", "91只", "zh"), between("¥8.39 bn", "¥8.5 bn", "en"), between("¥0.9 bn", "9", "en"), between("8只", "8只", "zh")
    ('88—91只', '¥8.39–8.50 bn', '¥0.9 bn–9', '8只')
    """
    if low == high:
        return low
    head, tail = _digits(low), _digits(high)
    decimals = max(len(number.partition(".")[2]) for number in (head[1], tail[1]))
    if head[0] == tail[0] and head[2] == tail[2]:
        first, last = (_padded(number, decimals) for number in (head[1], tail[1]))
        return say("forecast.span", lang, low=head[0] + first, high=last + tail[2])
    return say("forecast.span", lang, low=low, high=high)


def _padded(number: str, decimals: int) -> str:
    """A number with so many decimals as its neighbour has."""
    whole, _, rest = number.partition(".")
    return f"{whole}.{rest.ljust(decimals, '0')}" if decimals else whole


def _digits(text: str) -> tuple[str, str, str]:
    places = [place for place, letter in enumerate(text) if letter.isdigit() or letter == "-"]
    if not places:
        return text, "", ""
    return text[: places[0]], text[places[0] : places[-1] + 1], text[places[-1] + 1 :]


def _made(found: Forecast, lang: Lang) -> str:
    if lang == "zh" and found.as_of.year == found.due_on.year:
        return say("forecast.month_day", lang, month=found.as_of.month, day=found.as_of.day)
    return day(found.as_of, lang)


def _due(found: Forecast, lang: Lang) -> str:
    due = found.due_on
    if (due.month, due.day) == (12, 31) and due.year == found.as_of.year:
        return say("forecast.year_end", lang)
    return say("forecast.by", lang, day=day(due, lang))


def refused(found: Forecast, lang: Lang) -> str:
    """Say why nothing is forecast; empty where it is."""
    refusal = found.refusal
    if refusal is None:
        return ""
    words = {
        "have": plain(refusal.have, lang),
        "need": plain(refusal.need, lang),
        "due": day(found.due_on, lang),
    }
    return say(f"forecast.refusal_{refusal.code}", lang, **words)


def method(found: Forecast, lang: Lang) -> str:
    """Say in plain words how a target is forecast."""
    key = found.code if found.code in {"new_managers", "fund_scale", "cross_border"} else "partner_funds"
    return say(f"forecast.method_{key}", lang, paths=plain(found.inputs.get("paths", PATHS), lang))


def resting_on(found: Forecast, lang: Lang) -> str:
    """Say what a forecast rests on: history, pipeline, those held back; empty where refused."""
    if found.refusal is not None:
        return ""
    inputs = found.inputs
    key = "forecast.inputs_border" if found.code == "cross_border" else "forecast.inputs"
    words = {
        name: plain(inputs.get(name, 0), lang)
        for name in ("entered", "counted", "dropped", "waiting", "held_back")
    }
    return say(key, lang, since=day(inputs["since"], lang), **words)


def forecast_lines(report: ForecastReport, lang: Lang) -> tuple[list[str], list[list[str]], list[int]]:
    """Write the report as a table for a terminal: heads, rows, columns set to the right."""
    heads = [
        say(f"forecast.head_{name}", lang)
        for name in ("target", "actual", "expected", "range", "probability", "naive", "goal")
    ]
    rows = []
    for found in report.targets:
        title = say(f"target.{found.code}", lang) if lang == "en" else str(found.plan["name"])
        now, goal = (
            amount(value, found.plan, lang, fixed=False) for value in (found.actual, found.plan["value"])
        )
        if found.refusal is not None:
            rows.append([title, now, refused(found, lang), "", "", "", goal])
            continue
        naive = straight(found, lang)
        rows.append([title, now, amount(found.expected, found.plan, lang), span(found, lang),
                     chance(found.probability, lang), naive, goal])  # fmt: skip
    return heads, rows, [1, 3, 4, 5, 6]


def straight(found: Forecast, lang: Lang) -> str:
    """Write the naive pace beside a forecast: a count with one decimal, since it is no whole number."""
    if found.naive is None:
        return ""
    return amount(found.naive if found.plan["currency"] else rounded(found.naive, 1), found.plan, lang)


def chance(probability: float | None, lang: Lang) -> str:
    """Write a probability as whole per cent; never as certain what is only very likely.

    >>> chance(0.9996, "zh"), chance(0.0004, "en"), chance(0.381, "zh"), chance(1.0, "en")
    ('>99%', '<1%', '38%', '>99%')
    """
    if probability is None:
        return ""
    if probability > 0.99:
        return ">99%"
    return "<1%" if probability < 0.01 else percent(probability, lang, 0)


def course(ledger: Any, found: Forecast, quarters: int = 6) -> tuple[tuple[date, Decimal], ...]:
    """Show how a target stood at the last quarter ends and on the day of the forecast; houses since the start of their plan."""
    days = [found.as_of]
    while len(days) < quarters + 1:
        first = date(days[-1].year, (days[-1].month - 1) // 3 * 3 + 1, 1)
        days.append(day_before(first))
    begun = day_before(found.plan["starts_on"])
    yearly = found.code == "new_managers"
    rows = history(ledger, [found.code], sorted({*days, begun})).select("day", "value").rows()
    known = {on: value for on, value in rows if value is not None}
    base = known.get(begun, Decimal(0)) if yearly else Decimal(0)
    return tuple((on, known[on] - base) for on in sorted(days) if on in known and (not yearly or on >= begun))


def explained(
    ledger: Any, code: str, as_of: date, lang: Lang, made: Forecast | None = None
) -> dict[str, Any]:
    """Tell what a target's forecast is made of, for whoever traces it: its method, its figures, and every row it read.

    Args:
        ledger: as known at an edition.
        code: the target's.
        as_of: the day on which it is made.
        lang: of the words.
        made: the forecast, where it has been made already.

    Returns:
        method, refusal and inputs in words; forecast as in JSON; rows: table, key, and as what it was used (`counted`,
        `dropped` or `waiting`, of `commitment` for the cross-border fund). Empty where the target is not forecast at all.

    """
    found = made or next((each for each in forecast(ledger, as_of) if each.code == code), None)
    if found is None:
        return {}
    rows: list[dict[str, Any]] = []
    if code == "cross_border":
        flows = ledger["guidance_flow"].filter(
            (pl.col("kind") == "committed") & (pl.col("occurred_on") <= as_of)
        )
        rows = [{"table": "guidance_flow", "key": key, "used_as": "commitment"} for key in flows["row_key"]]
    else:
        seen = cases(ledger).by(days_since(as_of))
        for name, counted, dropped in zip(seen.name, seen.counted, seen.dropped, strict=True):
            used_as = "counted" if counted < NEVER else "dropped" if dropped < NEVER else "waiting"
            rows.append({"table": "participation", "key": str(name), "used_as": used_as})
    return {"method": method(found, lang), "refusal": refused(found, lang), "inputs": resting_on(found, lang),
            "forecast": _json(found), "rows": rows}  # fmt: skip


def chances(found: Iterable[Forecast]) -> Mapping[str, float]:
    """Gather participation_id: chance to count by the deadline, of the first forecast that has them."""
    return next((each.inputs["chances"] for each in found if each.inputs.get("chances")), {})

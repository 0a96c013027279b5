"""A backtest taken apart: one forecast of a past day beside what came true, and the counts and means over all of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from fundtrack.errors import InputError
from fundtrack.metrics.counting import counted
from fundtrack.metrics.forecast.backtest import Trial, trials
from fundtrack.metrics.lineage.counted import PARTS
from fundtrack.metrics.lineage.figure import Figure, How, Value, checked, money
from fundtrack.metrics.once import Once
from fundtrack.metrics.progress import plans, value_on
from fundtrack.periods import day_before
from fundtrack.reports.backtest import PREFIX, Editions, backtest_report, knowing
from fundtrack.reports.forecast import explained, method, resting_on
from fundtrack.reports.forecast_trace import parts_read
from fundtrack.store.ledger import Ledger
from fundtrack.text.numbers import day as day_text
from fundtrack.text.numbers import plain
from fundtrack.text.say import LANGS, Lang, say

__all__ = ["PREFIX", "backtest_figure", "leads"]
Told = tuple[Figure, Mapping[Lang, str], Ledger]
_MARKS: Final = {"low": "backtest_low", "expected": "backtest", "high": "backtest_high"}
_ONE: Final = (*_MARKS, "naive", "actual", "error", "naive_error")
_ALL: Final = ("coverage", "forecasts", "covered", "inside", "error", "naive_error", "error_ratio")


def backtest_figure(ledger: Ledger, asked: str, as_of: date, editions: Editions | None) -> Told:
    """Take a figure of the backtest apart.

    Args:
        ledger: as known now: it tells what came true.
        asked: the figure without its prefix: `CODE:DAY:WHAT` of one forecast, WHAT one of low, expected (where none is given), high,
            naive, actual, error, naive_error; `CODE:WHAT` over all forecasts of a target, WHAT one of coverage (where none is
            given), forecasts, covered, inside, error, naive_error, error_ratio.
        as_of: the last day that has come true.
        editions: the store, for what was known at each past day.

    Returns:
        The figure; how it was made, in words; and the ledger in which its parts stand, which is that of an earlier edition
        where the forecast was made from one.

    Raises:
        InputError: `figure_unknown`, where the backtest of that day has no such figure.

    """
    code, *more = asked.split(":")
    found = _one(ledger, code, more, as_of, editions) or _over_all(ledger, code, more, as_of, editions)
    if found is None:
        raise InputError("figure_unknown", figure=f"{PREFIX}{asked}")
    return checked(found[0]), found[1], found[2]


def leads(word: str, side: Figure) -> str | None:
    """The address of the trace of a forecast that stands as a side of a figure over all of them; None for any other side."""
    which = {name: what for what, name in _MARKS.items()}
    which |= {"backtest_error": "error", "backtest_naive_error": "naive_error"}
    which |= dict.fromkeys(("backtest_within", "backtest_promised"), "expected")
    dated = _day(word) is not None and side.metric in which
    return f"{PREFIX}{side.entity}:{word}:{which[side.metric]}" if dated else None


def _one(ledger: Ledger, code: str, more: list[str], as_of: date, editions: Editions | None) -> Told | None:
    """A figure of the forecast of one past day."""
    quarter = _day(more[0]) if more else None
    which = more[1] if len(more) > 1 else "expected"
    if quarter is None or len(more) > 2 or which not in _ONE:
        return None
    now: Any = Once(ledger)
    made = trials(now, as_of, known=knowing(ledger, editions), quarter=quarter)
    trial = next((each for each in made if each.made.code == code), None)
    if trial is None:
        return None
    plan = trial.made.plan
    actual = _stood(now, plan, plan["due_on"])
    if which == "actual":
        return actual, {lang: _words("actual", lang, trial) for lang in LANGS}, ledger
    then: Any = trial.then.tables if trial.then else ledger
    seen = Once(then) if trial.then else now
    figure = _forecast(trial, seen, which.removesuffix("error").rstrip("_") or "expected", actual)
    if which.endswith("error") and figure is not None:
        sides = (("forecast", figure), ("came_true", _apart(trial, actual)))
        value = abs(money(figure.value) - trial.actual)
        figure = _named(f"backtest_{which}", code, value, "apart", plan["currency"], sides)
    words = {lang: _words("naive" if "naive" in which else "one", lang, trial) for lang in LANGS}
    return None if figure is None else (figure, words, then)


def _forecast(trial: Trial, seen: Once, which: str, actual: Figure) -> Figure | None:
    """What was forecast, out of what was read of the ledger; the straight line out of where the target stood."""
    made, plan, currency = trial.made, trial.made.plan, trial.made.plan["currency"]
    stood = _stood(seen, plan, made.as_of)
    if which == "naive":
        sides = (("reached_then", stood), ("start", _stood(seen, plan, day_before(plan["starts_on"]))))
        if made.naive is None:
            return None
        return _named("backtest_naive", made.code, money(made.naive), "projected", currency, sides)
    marks = {
        each: _named(name, made.code, money(getattr(made, each)), "simulated", currency)
        for each, name in _MARKS.items()
    }
    beside = tuple((f"forecast_{each}", marks[each]) for each in _MARKS if each != which)
    parts = parts_read(seen, explained(seen, made.code, made.as_of, "zh", made)["rows"], made.as_of)
    inside = _named("backtest_promised", made.code, made.inside, "simulated")
    ends = (("reached_then", stood), *beside, ("inside_share", inside), ("came_true", _apart(trial, actual)))
    return replace(marks[which], parts=tuple(parts), sides=ends)


def _stood(tables: Any, plan: Mapping[str, Any], on: date) -> Figure:
    """Where a target stood on a day, by the events that it is counted from."""
    code, currency = plan["code"], plan["currency"]
    value = value_on(tables, counted(tables), dict(plan), on).amount
    if value is None:
        return _named(code, code, None, "given", currency)
    return replace(
        _named(code, code, money(value), "sum", currency), parts=tuple(PARTS[code](tables, dict(plan), on))
    )


def _apart(trial: Trial, actual: Figure) -> Figure:
    """What came true, beside a forecast from an earlier edition without its cells: those stand in another edition than the forecast's."""
    return replace(actual, parts=(), how="traced") if trial.then else actual


def _named(
    metric: str, code: str, value: Value, how: How, currency: str | None = None,
    sides: Iterable[tuple[str, Figure]] = (),
) -> Figure:  # fmt: skip
    return Figure(metric, "target", code, value, how, currency, sides=tuple(sides))


def _over_all(
    ledger: Ledger, code: str, more: list[str], as_of: date, editions: Editions | None
) -> Told | None:
    """A count or a mean over all forecasts of a target."""
    which = more[0] if more else "coverage"
    if len(more) > 1 or which not in _ALL:
        return None
    report = backtest_report(ledger, as_of, editions)
    rows = report.rows.filter(code=code).to_dicts()
    if not rows:
        return None
    short = report.summary.filter(code=code).row(0, named=True)
    target = ledger["target"]
    currency = next(plan["currency"] for plan in plans(target, as_of) if plan["code"] == code)
    dated = sum(row["basis"] == "event_date" for row in rows)
    words = {
        lang: say(f"trace.backtest.{which}", lang)
        + say("trace.backtest.all", lang, first=day_text(short["first_on"], lang), last=day_text(short["last_on"], lang),
              forecasts=plain(len(rows), lang), dated=plain(dated, lang), known=plain(len(rows) - dated, lang),
              own=f"{PREFIX}{code}:{rows[-1]['as_of']}")
        for lang in LANGS
    }  # fmt: skip
    return _counted(rows, short, which, currency), words, ledger


def _counted(
    rows: list[dict[str, Any]], short: Mapping[str, Any], which: str, currency: str | None
) -> Figure:
    """A count or a mean, its forecasts beside it by their days."""
    code = short["code"]

    def amounts(row: Mapping[str, Any], *names: str) -> list[tuple[str, Figure]]:
        return [(word, _named(metric, code, row[name], "traced", currency))
                for word, metric, name in _AMOUNTS if name in names]  # fmt: skip

    def error(name: str) -> Figure:
        made = "naive" if name == "naive_error" else "expected"
        sides = [
            (str(row["as_of"]), _named(f"backtest_{name}", code, row[name], "apart", currency, amounts(row, made, "actual")))
            for row in rows if row["naive_error"] is not None
        ]  # fmt: skip
        return _named(f"backtest_mean_{name}", code, short[name], "mean", currency, sides)

    def forecasts() -> Figure:
        sides = [
            (str(row["as_of"]), _named("backtest", code, row["expected"], "traced", currency)) for row in rows
        ]
        return _named("backtest_forecasts", code, Decimal(len(rows)), "number", None, sides)

    def covered() -> Figure:
        sides = [
            (str(row["as_of"]), _named("backtest_within", code, Decimal(int(row["covered"])), "within", None,
                                       amounts(row, "low", "high", "actual")))
            for row in rows
        ]  # fmt: skip
        return _named("backtest_covered", code, Decimal(short["covered"]), "plus", None, sides)

    if which in {"error", "naive_error"}:
        return error(which)
    if which == "error_ratio":
        both = (("forecast", error("error")), ("forecast_naive", error("naive_error")))
        return _named("backtest_error_ratio", code, short["error_ratio"], "ratio", None, both)
    if which == "inside":
        sides = [
            (str(row["as_of"]), _named("backtest_promised", code, row["inside"], "traced")) for row in rows
        ]
        return _named("backtest_inside", code, short["inside"], "mean", None, sides)
    if which == "coverage":
        both = (("covered", covered()), ("forecasts", forecasts()))
        return _named("backtest_coverage", code, short["coverage"], "ratio", None, both)
    return forecasts() if which == "forecasts" else covered()


_AMOUNTS: Final = (
    ("forecast_low", "backtest_low", "low"), ("forecast_expected", "backtest", "expected"), ("forecast_high", "backtest_high", "high"),
    ("forecast_naive", "backtest_naive", "naive"), ("came_true", "backtest_actual", "actual"),
)  # fmt: skip
"""The amounts of a row of the backtest: the word for a side, the figure, the column."""


def _words(key: str, lang: Lang, trial: Trial) -> str:
    """How one forecast was made: as of which day, from what was known when, of which target, by which method and inputs."""
    made, plan = trial.made, trial.made.plan
    knew = (
        say("trace.backtest.known_at", lang, edition=trial.then.edition)
        if trial.then
        else say("trace.backtest.event_date", lang)
    )
    return say(
        f"trace.backtest.{key}", lang, target=say(f"target.{made.code}", lang), day=day_text(made.as_of, lang), due=day_text(made.due_on, lang),
        begun=day_text(plan["starts_on"], lang), knew=knew, method=method(made, lang), inputs=resting_on(made, lang),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2017-09-30") else None
    except ValueError:
        return None

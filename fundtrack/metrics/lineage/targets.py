"""Where the targets come from: counted entities by the cell that decides, money by the cells that add up to it."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from fundtrack.errors import InputError
from fundtrack.metrics.lineage.counted import PARTS, reported
from fundtrack.metrics.lineage.figure import Ask, Figure, Part, money
from fundtrack.metrics.members import Tables
from fundtrack.metrics.once import once
from fundtrack.metrics.progress import plans, progress
from fundtrack.periods import day_before

RATIOS: Final = (
    "completion",
    "year_completion",
    "elapsed",
    "lead",
    "remaining",
    "start_value",
    "target",
    "status",
)
"""What is asked of a target besides its value."""


@once
def _shown(tables: Tables, as_of: date) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in progress(tables, as_of).iter_rows(named=True)}


def row_of(ask: Ask, code: str) -> dict[str, Any]:
    """The target's row on the day.

    Raises:
        InputError: `figure_unknown`, where no plan has the code.

    """
    found = _shown(ask.tables, ask.as_of).get(code)
    if found is None:
        raise InputError("figure_unknown", figure=code)
    return found


def target(ask: Ask) -> Figure:
    """A target's actual value."""
    row = row_of(ask, ask.metric)
    return _valued(ask, row, row["actual"], ask.as_of)


def target_ratio(ask: Ask) -> Figure:
    """What is said of the target that `ask.entity` names: completion and the like, each with its sides."""
    row = row_of(ask, ask.entity)
    own = Ask(ask.tables, ask.as_of, row["code"], "target", row["code"], row["currency"])
    plan, value = _plan(ask, row["code"]), row.get(ask.metric)
    actual, start = _valued(own, row, row["actual"], ask.as_of), _start(own, row)
    goal = own.of("target").figure(
        money(row["target"]),
        "sum",
        parts=(Part("target", plan["row_key"], "value", money(row["target"]), "target"),),
    )
    dates = tuple(
        Part("target", plan["row_key"], name, role="plan", day=plan[name]) for name in ("starts_on", "due_on")
    )
    passed = ask.of("elapsed").figure(row["elapsed"], "given", parts=dates)
    gained = own.of("gained").figure(
        _less(actual, start), "minus", sides=(("actual", actual), ("start", start))
    )
    needed = own.of("needed").figure(_less(goal, start), "minus", sides=(("target", goal), ("start", start)))
    of_year = ask.of("year_completion").figure(
        row["year_completion"], "ratio", sides=(("gained", gained), ("needed", needed))
    )
    pace, both = (("year_completion", of_year), ("elapsed", passed)), (("target", goal), ("actual", actual))
    reached = value is None or actual.value is None or row["actual"] >= row["target"]
    return {
        "start_value": start,
        "target": goal,
        "elapsed": passed,
        "year_completion": of_year,
        "completion": ask.figure(value, "ratio", sides=(both[1], both[0])),
        "lead": ask.figure(value, "minus", sides=pace),
        "remaining": own.of("remaining").figure(value, "given" if reached else "minus", sides=both),
        "status": ask.figure(value, "given", sides=(*pace, *both)),
    }[ask.metric]


def added(ask: Ask) -> Figure:
    """What a calendar year has added to a target until the day: its value less that on the last day of the year before."""
    row = row_of(ask, ask.entity)
    before = date(ask.as_of.year - 1, 12, 31)
    own = Ask(ask.tables, ask.as_of, row["code"], "target", row["code"], row["currency"])
    then = row_of(Ask(ask.tables, before, row["code"], "target", row["code"]), row["code"])
    sides = (
        ("actual", _valued(own, row, row["actual"], ask.as_of)),
        ("before_year", _valued(own, then, then["actual"], before)),
    )
    return own.of("added").figure(_less(sides[0][1], sides[1][1]), "minus", sides=sides)


def _less(one: Figure, other: Figure) -> Decimal | None:
    if not isinstance(one.value, Decimal) or not isinstance(other.value, Decimal):
        return None
    return one.value - other.value


def _start(own: Ask, row: dict[str, Any]) -> Figure:
    before = day_before(row["starts_on"])
    ask = own.of("start_value")
    if row["start_value"] is not None and not row["computed"] and row["start_value"] == 0:
        return ask.figure(money(0), "sum", currency=row["currency"])
    return _valued(ask, row, row["start_value"], before)


def _valued(ask: Ask, row: dict[str, Any], value: Decimal | None, day: date) -> Figure:
    """A target's value on a day, from the events that the target is counted from."""
    if value is None:
        return ask.figure(None, "given", currency=row["currency"])
    code = row["code"]
    found = PARTS.get(code, reported)(ask.tables, row, day)
    return ask.figure(money(value), "sum", currency=row["currency"], parts=tuple(found))


def _plan(ask: Ask, code: str) -> dict[str, Any]:
    return next(plan for plan in plans(ask.tables["target"], ask.as_of) if plan["code"] == code)


def met(ask: Ask) -> Figure:
    """How many of the targets counted from the ledger are done, still open, or without data: by the status of each."""
    rows = [row for row in _shown(ask.tables, ask.as_of).values() if row["computed"]]
    done = {"targets_done": {"done"}, "targets_unknown": {"unknown"}}.get(ask.metric)
    chosen = [
        row for row in rows if (row["status"] in done if done else row["status"] not in {"done", "unknown"})
    ]
    sides = tuple(
        (row["code"], target_ratio(Ask(ask.tables, ask.as_of, "status", "target", row["code"])))
        for row in rows
    )
    return ask.figure(money(len(chosen)), "given", currency=None, sides=sides)

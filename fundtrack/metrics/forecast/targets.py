"""The four targets at their deadline: low, expected, high and the chance to be met, or why nothing is forecast."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np
import polars as pl

from fundtrack.metrics.counting import Counted, counted
from fundtrack.metrics.forecast.cases import EPOCH, NEVER, Cases, Floats, cases, number
from fundtrack.metrics.forecast.simulate import DRAWS, FAN, PATHS, Assumed, Movements, Paths, draw, prepare
from fundtrack.metrics.members import Tables
from fundtrack.metrics.progress import LEDGER, plans, start_value, value_on
from fundtrack.money import to_money

Course = list[tuple[int, Floats]]
"""Day numbers, and the gain of each path until then."""
LOW: Final = 0.1
HIGH: Final = 0.9
SEED: Final = 20171231
NEED_FUNDS: Final = 15
"""Funds that counted, with known days, before a forecast of funds or scale."""
NEED_HOUSES: Final = 10
"""Houses with a first agreement before a forecast of houses."""
NEED_DAYS: Final = 2 * 365
"""Days of history before any forecast of funds, scale or houses."""
NEED_COMMITMENTS: Final = 10
"""Dated commitments to the cross-border fund before a forecast of it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is forecast.

    Attributes:
        code: `over` (the deadline has passed), `unknown` (where it stands is not known), `not_begun` (the plan has
            not), `few_funds`, `few_houses`, `few_days`, `few_commitments` (too little history).
        have: how much history there is.
        need: how much there must be.

    """

    code: str
    have: int = 0
    need: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where a target will stand at its deadline; amounts in its currency, counts as decimals.

    Attributes:
        plan: the row of the target.
        as_of: the day of the forecast: nothing later was used.
        actual: where it stands.
        low, expected, high: P10, P50, P90; None where refused.
        probability: chance to reach the target by the deadline.
        inside: share of paths within the range, ends included: more than 80 % where only whole numbers are possible.
        naive: the straight line through this plan's start and now; None where refused.
        refusal: why nothing is forecast.
        fan: day, low, expected, high on the way to the deadline.
        inputs: what it rests on: entered, counted, waiting, held_back, since, coming.

    """

    plan: Mapping[str, Any]
    as_of: date
    actual: Decimal | None
    low: Decimal | None = None
    expected: Decimal | None = None
    high: Decimal | None = None
    probability: float | None = None
    inside: float | None = None
    naive: Decimal | None = None
    refusal: Refusal | None = None
    fan: tuple[tuple[date, Decimal, Decimal, Decimal], ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The target's code."""
        return str(self.plan["code"])

    @property
    def due_on(self) -> date:
        """The deadline."""
        due: date = self.plan["due_on"]
        return due


@dataclass(frozen=True, slots=True)
class World:
    """What a forecast reads of the ledger, for any day.

    Attributes:
        tables: the ledger.
        events: what counts, see `metrics.counting`.
        cases: every case.
        movements: of counted funds.

    """

    tables: Tables
    events: Counted
    cases: Cases
    movements: Movements

    @classmethod
    def of(cls, tables: Tables) -> "World":
        """Read what every forecast needs."""
        events = counted(tables)
        return cls(tables, events, cases(tables), _movements(events.funds))


def forecast(
    tables: Tables, as_of: date, *, assumed: Assumed | None = None, paths: int = PATHS
) -> list[Forecast]:
    """Forecast every target counted from the ledger that is in force on a day, in their order.

    Same ledger, same day: same figures (the seed is fixed). Nothing dated later than the day is used; what has no
    date (when a fund is expected) only where the day is not before the newest date of any cover.
    """
    world = World.of(tables)
    chosen = [plan for plan in plans(tables["target"], as_of) if plan["code"] in LEDGER]
    newest: Any = tables["cover"]["as_of"].max()
    undated = newest is None or as_of >= newest
    return forecasts(world, chosen, as_of, assumed=assumed, paths=paths, undated=undated)


def forecasts(
    world: World, chosen: list[dict[str, Any]], as_of: date, *, assumed: Assumed | None = None,
    paths: int = PATHS, undated: bool = True, fan: bool = True,
) -> list[Forecast]:  # fmt: skip
    """Forecast some targets; those with one deadline share their paths."""
    day = number(as_of)
    seen = world.cases.by(day, undated=undated)
    drawn: dict[date, tuple[Paths, Paths]] = {}
    out = []
    for plan in chosen:
        actual = value_on(world.tables, world.events, plan, as_of).amount
        refusal = _refusal(world, plan, as_of, actual, seen)
        if refusal is not None:
            out.append(Forecast(plan, as_of, actual, refusal=refusal))
            continue
        if plan["code"] == "cross_border":
            course, inputs = _committed(world, plan, as_of, paths)
        else:
            due = plan["due_on"]
            if due not in drawn:
                drawn[due] = _draw(world, seen, day, number(due), assumed, paths, fan=fan)
            course, inputs = _of_code(drawn[due], plan["code"], seen, due)
        out.append(_stated(world, plan, as_of, actual or Decimal(0), course, inputs))
    return out


def _draw(
    world: World, seen: Cases, day: int, due: int, assumed: Assumed | None, paths: int, *, fan: bool
) -> tuple[Paths, Paths]:
    """Draw the deadline, and the way there."""
    moved = world.movements
    past = moved.day <= day
    known = world.events.firms.filter(pl.col("day") <= EPOCH + timedelta(days=day))["house"]
    prospects = prepare(seen, day, due, seed=SEED, assumed=assumed)
    moves = Movements(moved.day[past], moved.step[past], moved.amount[past])
    houses = frozenset(map(str, known))
    final = draw(prospects.last(), moves, seed=SEED, paths=paths, known_houses=houses)
    way = draw(prospects, moves, seed=SEED, paths=FAN, known_houses=houses) if fan else final
    return final, way


def _of_code(drawn: tuple[Paths, Paths], code: str, seen: Cases, due: date) -> tuple[Course, dict[str, Any]]:
    """Pick a target's gains: on the way, and at the deadline."""
    name = {"partner_funds": "funds", "fund_scale": "scale", "new_managers": "houses"}[code]
    final, way = drawn
    course = [(int(day), getattr(way, name)[:, place]) for place, day in enumerate(way.at[:-1])]
    course.append((int(final.at[-1]), getattr(final, name)[:, -1]))
    late = (seen.expected > number(due)) & (seen.expected < NEVER)
    waiting = (seen.counted == NEVER) & (seen.dropped == NEVER)
    inputs = {
        "entered": len(seen), "counted": int((seen.counted < NEVER).sum()), "dropped": int((seen.dropped < NEVER).sum()),
        "waiting": int(waiting.sum()), "held_back": int((waiting & late).sum()),
        "since": EPOCH + timedelta(days=int(seen.entered.min())),
        "chances": dict(zip(final.waiting, final.chance.tolist(), strict=True)), "coming": final.coming,
    }  # fmt: skip
    return course, inputs


def _refusal(
    world: World, plan: Mapping[str, Any], as_of: date, actual: Decimal | None, seen: Cases
) -> Refusal | None:
    """Tell why a target is not forecast, None where it is."""
    if as_of >= plan["due_on"]:
        return Refusal("over")
    if actual is None:
        return Refusal("unknown")
    if plan["code"] == "new_managers" and as_of < plan["starts_on"] - timedelta(days=1):
        return Refusal("not_begun")
    needs = [
        ("few_funds", int((seen.counted < NEVER).sum()), NEED_FUNDS),
        ("few_days", number(as_of) - int(seen.entered.min(initial=number(as_of))), NEED_DAYS),
    ]
    if plan["code"] == "cross_border":
        needs = [("few_commitments", _commitments(world, plan, as_of).height, NEED_COMMITMENTS)]
    if plan["code"] == "new_managers":
        needs.insert(0, ("few_houses", world.events.firms.filter(pl.col("day") <= as_of).height, NEED_HOUSES))
    return next((Refusal(code, have, need) for code, have, need in needs if have < need), None)


def _stated(
    world: World,
    plan: Mapping[str, Any],
    as_of: date,
    actual: Decimal,
    course: Course,
    inputs: dict[str, Any],
) -> Forecast:
    money = bool(plan["currency"])

    def exact(value: float) -> Decimal:
        return to_money(actual + Decimal(str(round(float(value), 2)))) if money else actual + int(value)

    fan: list[tuple[date, Decimal, Decimal, Decimal]] = []
    for day, gains in course:
        marks = quantiles(gains, (LOW, 0.5, HIGH))
        fan.append((EPOCH + timedelta(days=day), exact(marks[0]), exact(marks[1]), exact(marks[2])))
    last = course[-1][1]
    low, high = quantiles(last, (LOW, HIGH))
    needed = float(plan["value"] - actual)
    _, lower, middle, upper = fan[-1]
    return Forecast(
        plan, as_of, actual, lower, middle, upper,
        probability=float((last >= needed - (0.005 if money else 0.0)).mean()),
        inside=float(((last >= low) & (last <= high)).mean()),
        naive=straight_line(world, plan, as_of, actual),
        fan=tuple(fan), inputs=inputs | {"paths": len(last)},
    )  # fmt: skip


def quantiles(values: Floats, shares: tuple[float, ...]) -> list[float]:
    """Find the smallest values that at least these shares of all do not exceed.

    >>> quantiles(np.arange(10), (0.1, 0.5, 0.9))
    [0.0, 4.0, 8.0]
    """
    places = [int(np.ceil(share * len(values) - 1e-9)) - 1 for share in shares]
    ordered = np.partition(values, places)
    return [float(ordered[place]) for place in places]


def straight_line(world: World, plan: Mapping[str, Any], as_of: date, actual: Decimal) -> Decimal | None:
    """Continue this plan's own pace to its end: start + (actual - start) / days gone * days in the plan."""
    start = start_value(world.tables, world.events, dict(plan))
    gone, whole = (as_of - plan["starts_on"]).days + 1, (plan["due_on"] - plan["starts_on"]).days + 1
    if start is None or gone <= 0:
        return None
    return to_money(start + (actual - start) * whole / gone)


def _movements(funds: pl.DataFrame) -> Movements:
    """List what moved counted funds after they first counted: their end, changes of their size."""
    began = funds.filter(pl.col("step") > 0).group_by("entity").agg(began=pl.col("day").min())
    later = funds.join(began, on="entity").filter(
        (pl.col("day") > pl.col("began")) & ((pl.col("step") != 0) | (pl.col("amount") != 0))
    )
    own = pl.when(pl.col("currency") == "CNY").then(pl.col("amount").cast(pl.Float64)).otherwise(0.0)
    later = later.with_columns(own=own).sort("day", "entity")
    return Movements(
        later["day"].cast(pl.Int32).cast(pl.Int64).to_numpy(),
        later["step"].cast(pl.Float64).to_numpy(),
        later["own"].to_numpy(),
    )


def _commitments(world: World, plan: Mapping[str, Any], as_of: date) -> pl.DataFrame:
    rows = world.events.committed.filter(pl.col("currency") == (plan["currency"] or "USD"))
    return rows.filter(pl.col("day") <= as_of)


def _committed(
    world: World, plan: Mapping[str, Any], as_of: date, paths: int
) -> tuple[Course, dict[str, Any]]:
    """Draw further commitments to the cross-border fund: as often, and as large, as those until now."""
    rng = np.random.default_rng(SEED)
    rows = _commitments(world, plan, as_of)
    amounts = rows["amount"].cast(pl.Float64).to_numpy()
    first: Any = rows["day"].min()
    day, due = number(as_of), number(plan["due_on"])
    rate = rng.standard_gamma(len(amounts) + 0.5, DRAWS) / max(day - number(first), 1)
    counts = rng.poisson(np.repeat(rate * (due - day), paths // DRAWS))
    path = np.repeat(np.arange(paths), counts)
    gain = np.bincount(path, weights=amounts[rng.integers(len(amounts), size=len(path))], minlength=paths)
    inputs = {"entered": len(amounts), "counted": len(amounts), "waiting": 0, "held_back": 0, "since": first}
    return [(due, gain)], inputs

"""The cheapest funds of the pipeline that close a gap: a small integer program, checked in exact money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from fundtrack.errors import InputError


def whole(value: Decimal) -> int:
    """Round up to a whole number."""
    return int(value.to_integral_value(ROUND_CEILING))


_CENTS: Final = 100


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing until the targets: funds, committed size in CNY, houses; 0 where a target is met or there is none."""

    funds: int = 0
    scale: Decimal = Decimal(0)
    houses: int = 0

    def __bool__(self) -> bool:
        return self.funds > 0 or self.scale > 0 or self.houses > 0


@dataclass(frozen=True, slots=True)
class Option:
    """A fund of the pipeline that might be established by the deadline; money in CNY.

    Attributes:
        name: participation_id.
        size: size planned; 0 where unknown or in another currency.
        guidance: guidance money it takes.
        house: the house it would newly bring in; None where it brings none.
        expected_on: when it is expected; None where nobody said.
        fund: its partner_fund_id.
        guidance_fund: who takes part.
        assumed: whether the guidance money is not on record but the usual share of its size.

    """

    name: str
    size: Decimal
    guidance: Decimal
    house: str | None = None
    expected_on: date | None = None
    fund: str = ""
    guidance_fund: str = ""
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The cheapest way to close a gap.

    Attributes:
        chosen: the pipeline funds, in the order of their options.
        further: further funds of the usual size, not yet in the pipeline.
        further_houses: how many of those must be of new houses.
        guidance: guidance money of the chosen ones.
        size: committed size of the chosen ones.

    """

    chosen: tuple[Option, ...]
    further: int
    further_houses: int
    guidance: Decimal
    size: Decimal


def further(found: Sequence[Option], gap: Gap, usual_size: Decimal) -> int:
    """Count the further funds of the usual size that are needed beside all of these."""
    size = gap.scale - sum((each.size for each in found), Decimal(0))
    by_size = whole(size / usual_size) if size > 0 else 0
    houses = len({each.house for each in found if each.house})
    return max(gap.funds - len(found), by_size, gap.houses - houses, 0)


def cheapest(found: Sequence[Option], gap: Gap, usual_size: Decimal | None) -> Choice:
    """Choose the funds that close a gap: fewest further ones first, then least guidance money, then fewest funds.

    The constraints: chosen funds and further funds are at least as many as are missing; their sizes add up to
    at least the missing size; they bring at least the missing number of new houses, each house counted once.
    Solved as an integer program and checked in exact money: where rounding let a choice through that does not
    suffice, that choice and all its parts are forbidden and the program is solved again.

    Args:
        found: the pipeline.
        gap: what is missing.
        usual_size: size of a further fund; may be None where the pipeline suffices.

    Raises:
        InputError: `plan_unsolved`, where the solver finds no answer to a program that has one.

    """
    extra = further(found, gap, usual_size or Decimal(10**12))
    left = Gap(gap.funds - extra, gap.scale - extra * (usual_size or Decimal(0)), gap.houses - extra)
    banned: list[frozenset[int]] = []
    picked = _solved(found, left, banned, None)
    least = _cents(found, picked)
    fewer = _solved(found, left, banned, least)
    picked = fewer if _cents(found, fewer) <= least else picked
    chosen = tuple(each for at, each in enumerate(found) if at in picked)
    houses = len({each.house for each in chosen if each.house})
    return Choice(
        chosen, extra, max(gap.houses - houses, 0), sum((each.guidance for each in chosen), Decimal(0)),
        sum((each.size for each in chosen), Decimal(0)),
    )  # fmt: skip


def _solved(
    found: Sequence[Option], gap: Gap, banned: list[frozenset[int]], least: int | None
) -> frozenset[int]:
    picked = _solve(found, gap, banned, least)
    while not _suffices([found[at] for at in picked], gap):
        banned.append(picked)
        picked = _solve(found, gap, banned, least)
    return picked


def _cents(found: Sequence[Option], picked: frozenset[int]) -> int:
    return sum(int(found[at].guidance * _CENTS) for at in picked)


def _suffices(chosen: Sequence[Option], gap: Gap) -> bool:
    houses = len({each.house for each in chosen if each.house})
    size = sum((each.size for each in chosen), Decimal(0))
    return len(chosen) >= gap.funds and size >= gap.scale and houses >= gap.houses


def _solve(
    found: Sequence[Option], gap: Gap, banned: Sequence[frozenset[int]], least: int | None
) -> frozenset[int]:
    """Solve for the least guidance money, or, where that is known, for the fewest funds that cost no more."""
    count = len(found)
    if not count:
        return frozenset()
    names = sorted({each.house for each in found if each.house})
    width = count + len(names)
    rows: list[tuple[list[float], float, float]] = []

    def row(low: float, high: float, **parts: Any) -> None:
        line = np.zeros(width)
        for at, value in parts["of"]:
            line[at] = value
        rows.append((line.tolist(), low, high))

    unit = float(gap.scale) if gap.scale > 0 else 1.0
    row(gap.funds, np.inf, of=[(at, 1.0) for at in range(count)])
    row(
        max(float(gap.scale), 0.0) / unit,
        np.inf,
        of=[(at, float(each.size) / unit) for at, each in enumerate(found)],
    )
    row(gap.houses, np.inf, of=[(count + at, 1.0) for at in range(len(names))])
    for at, name in enumerate(names):
        mine = [(place, 1.0) for place, each in enumerate(found) if each.house == name]
        row(0.0, np.inf, of=[*mine, (count + at, -1.0)])
    for ban in banned:
        row(1.0, np.inf, of=[(at, 1.0) for at in range(count) if at not in ban])
    cost = np.array([float(each.guidance) for each in found])
    scale = float(cost.max()) or 1.0
    goal = cost / scale
    if least is not None:
        row(-np.inf, least / _CENTS / scale * (1 + 1e-12) + 1e-9, of=[(at, goal[at]) for at in range(count)])
        goal = 1 + np.arange(count) / (count * count + 1.0)  # of equally many the ones expected first
    lines, low, high = zip(*rows, strict=True)
    answer: Any = milp(
        np.concatenate([goal, np.zeros(len(names))]),
        constraints=LinearConstraint(np.array(lines), np.array(low), np.array(high)),
        integrality=np.ones(width), bounds=Bounds(0, 1), options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    if answer.x is None:
        raise InputError("plan_unsolved", reason=str(answer.message))
    return frozenset(int(at) for at in np.flatnonzero(answer.x[:count] > 0.5))

"""Paths: many futures of the counted funds and houses, drawn from what the history leaves open."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fundtrack.metrics.forecast.arrivals import arrivals, sizes
from fundtrack.metrics.forecast.cases import NEVER, Cases, Floats, Ints
from fundtrack.metrics.forecast.chain import chain, standing

PATHS: Final = 10_000
DRAWS: Final = 100
"""Laws drawn; each stands behind the same number of paths."""
FAN: Final = 2_000
"""Paths of the way to the deadline."""
LOOK_BACK: Final = 3 * 365


@dataclass(frozen=True, slots=True)
class Movements:
    """What moved counted funds later: days, steps of the number, changes of size."""

    day: Ints
    step: Floats
    amount: Floats


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a scenario changes: speed of all stages from now on, and how many new cases come, both as factors."""

    speed: float = 1.0
    arrivals: float = 1.0


@dataclass(frozen=True, slots=True)
class Paths:
    """Gains from the day to the end of each step asked for: (paths, steps).

    Attributes:
        at: day numbers of the steps; the last is the deadline.
        funds: further funds that count.
        scale: further committed size, in units of the currency.
        houses: further houses with a first agreement.
        chance: per case of `waiting`, the chance to count by the deadline.
        waiting: names of the cases in the pipeline.
        coming: new funds expected to come and count by the deadline.

    """

    at: Ints
    funds: Floats
    scale: Floats
    houses: Floats
    chance: Floats
    waiting: tuple[str, ...]
    coming: float


@dataclass(frozen=True, slots=True)
class Prospects:
    """What the history says of the time until the deadline, law by law, before any path is drawn.

    Attributes:
        seen: cases as seen by the day.
        queue: those of them that wait.
        day: the last day seen.
        at: day numbers looked at.
        counting, signing: per law, waiting case and day the chance to count, to have signed.
        coming, fresh: per law and day the new cases expected to count, to have signed.

    """

    seen: Cases
    queue: Cases
    day: int
    at: Ints
    counting: Floats
    signing: Floats
    coming: Floats
    fresh: Floats

    def last(self) -> "Prospects":
        """Look at the deadline only."""
        cut = {
            name: getattr(self, name)[..., -1:] for name in ("at", "counting", "signing", "coming", "fresh")
        }
        return replace(self, **cut)


def simulate(
    seen: Cases,
    movements: Movements,
    day: int,
    due: int,
    *,
    seed: int,
    paths: int = PATHS,
    steps: int = 4,
    assumed: Assumed | None = None,
    known_houses: frozenset[str] | None = None,
) -> Paths:
    """Draw the futures of funds, scale and houses.

    Args:
        seen: cases as seen by the day.
        movements: of counted funds, by the day.
        day: the last day seen.
        due: the deadline, later.
        seed: of chance; the same gives the same.
        paths: how many, a multiple of 100.
        steps: how many days until the deadline to show, the deadline included.
        assumed: what a scenario changes.
        known_houses: houses that have an agreement by the day; read from the cases where not given.

    """
    prospects = prepare(seen, day, due, seed=seed, steps=steps, assumed=assumed)
    return draw(prospects, movements, seed=seed, paths=paths, known_houses=known_houses)


def prepare(
    seen: Cases, day: int, due: int, *, seed: int, steps: int = 4, assumed: Assumed | None = None
) -> Prospects:
    """Estimate the laws and what they give each waiting case and new ones; see `simulate`.

    A case of the pipeline comes through by a day with the chance that the laws of its stages give it; one whose own
    expected date lies after the deadline does not count by it.
    """
    rng = np.random.default_rng(seed)
    change = assumed or Assumed()
    law = chain(seen, day, due, DRAWS, rng, speed=change.speed)
    entering = arrivals(seen, day, due, DRAWS, rng).by_step(law.edges) * change.arrivals
    at = np.unique(np.linspace(0, len(law.edges) - 1, steps + 1).round().astype(np.int64))[1:]
    queue = seen.take(np.flatnonzero(np.logical_or.reduce(standing(seen))))
    late = (queue.expected > due) & (queue.expected < NEVER)
    counted, signed = law.passed(2, at), law.passed(1, at)
    return Prospects(
        seen, queue, day, law.edges[at], law.of_cases(queue, 2, at, counted) * ~late[None, :, None],
        law.of_cases(queue, 1, at, signed), _fresh(entering, counted), _fresh(entering, signed),
    )  # fmt: skip


def draw(
    found: Prospects,
    movements: Movements,
    *,
    seed: int,
    paths: int = PATHS,
    known_houses: frozenset[str] | None = None,
) -> Paths:
    """Draw paths from prospects; see `simulate`.

    New cases come by Poisson's law, and their sizes are drawn from those of recent funds; later movements of counted
    funds come as often as in the last three years.
    """
    rng = np.random.default_rng([seed, 1])
    seen, queue = found.seen, found.queue
    funds, scale = _funds(seen, queue, found.counting, found.coming, found.day, paths, rng)
    moved, amounts = _moved(movements, found.day, found.at, paths, rng)
    known = known_houses if known_houses is not None else frozenset(seen.house[seen.signed <= found.day])
    houses = _houses(seen, queue, found.signing, found.fresh, known, paths, rng)
    return Paths(found.at, funds + moved, scale + amounts, houses, found.counting[:, :, -1].mean(axis=0),
                 tuple(queue.name), float(found.coming[:, -1].mean()))  # fmt: skip


def _fresh(entering: Floats, passed: list[Floats]) -> Floats:
    """Expect per draw so many new cases to have passed a stage by each step."""
    return sum((entering[:, None, stage, :] @ onward)[:, 0, :] for stage, onward in enumerate(passed))  # type: ignore[return-value]


def _through(chances: Floats, worth: Floats, paths: int, rng: np.random.Generator) -> Floats:
    """Draw for each path which cases have come through, and add up what they are worth: (paths, measures, steps).

    Args:
        chances: (laws, cases, steps).
        worth: (laws, cases, measures), as one and a size.
        paths: how many.
        rng: the source of chance.

    """
    draws, cases, steps = chances.shape
    lots = rng.random((draws, paths // draws, cases), dtype=np.float32)
    sums = [
        (lots < chances[:, None, :, step].astype(np.float32)).astype(np.float64) @ worth
        for step in range(steps)
    ]
    return np.stack([each.reshape(paths, worth.shape[2]) for each in sums], axis=2)


def _counts(expected: Floats, paths: int, rng: np.random.Generator) -> Floats:
    """Draw for each path and step how many have come since the step before."""
    new = np.diff(expected, axis=1, prepend=0.0)
    found: Floats = rng.poisson(np.maximum(np.repeat(new, paths // len(expected), axis=0), 0.0))
    return found


def _funds(
    seen: Cases, queue: Cases, chances: Floats, fresh: Floats, day: int, paths: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draw the funds that count by each step, and their size."""
    counts = _counts(fresh, paths, rng)
    pool, shares = sizes(seen, day)
    pool = pool if len(pool) else np.zeros(1)
    usual = pool[pool > 0].mean() if (pool > 0).any() else 0.0
    planned = np.where(queue.own, np.where(np.isnan(queue.planned), usual, queue.planned), 0.0)
    draws = len(chances)
    size = shares[rng.integers(len(shares), size=(draws, len(queue)))] * planned
    done = _through(chances, np.stack([np.ones_like(size), size], axis=2), paths, rng)
    again = pool[rng.integers(len(pool), size=(draws, len(pool)))]
    new = np.stack([_sums(counts[:, step], again, rng) for step in range(counts.shape[1])]).cumsum(axis=0)
    return done[:, 0] + counts.cumsum(axis=1), done[:, 1] + new.T


def _sums(counts: Floats, pools: Floats, rng: np.random.Generator) -> Floats:
    """Draw as many sizes for each path as new funds came, from the pool of its law, and add them up."""
    many = counts.astype(np.int64)
    path = np.repeat(np.arange(len(many)), many)
    law = path // (len(many) // len(pools))
    drawn = pools[law, rng.integers(pools.shape[1], size=len(path))]
    return np.bincount(path, weights=drawn, minlength=len(many))


def _moved(
    movements: Movements, day: int, at: Ints, paths: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draw later movements of counted funds: none where there never were any."""
    recent = movements.day > day - LOOK_BACK
    none = np.zeros((paths, len(at)))
    if not recent.any():
        return none, none
    rate = rng.standard_gamma(recent.sum() + 0.5, DRAWS) / LOOK_BACK
    counts = _counts(rate[:, None] * (at - day)[None, :], paths, rng)
    steps, amounts = movements.step[recent], movements.amount[recent]
    number, size = none.copy(), none.copy()
    for place in range(len(at)):
        path = np.repeat(np.arange(paths), counts[:, place])
        lot = rng.integers(len(steps), size=len(path))
        number[:, place] = np.bincount(path, weights=steps[lot], minlength=paths)
        size[:, place] = np.bincount(path, weights=amounts[lot], minlength=paths)
    return number.cumsum(axis=1), size.cumsum(axis=1)


def _houses(
    seen: Cases,
    queue: Cases,
    signing: Floats,
    coming: Floats,
    known: frozenset[str],
    paths: int,
    rng: np.random.Generator,
) -> Floats:
    """Draw the houses that get a first agreement by each step; a house with several cases counts once."""
    fresh = np.flatnonzero(
        (queue.signed == NEVER)
        & np.array([bool(house) and house not in known for house in queue.house], dtype=bool)
    )
    names, place = np.unique(queue.house[fresh].astype(str), return_inverse=True)
    missing = np.ones((len(signing), len(names), signing.shape[2]))
    for case, house in zip(fresh, place, strict=True):
        missing[:, house] *= 1 - signing[:, case]
    done = _through(1 - missing, np.ones((len(signing), len(names), 1)), paths, rng)
    firsts, others = _brought(seen)
    share = rng.beta(firsts + 0.5, others + 0.5, len(signing))
    counts = _counts(coming * share[:, None], paths, rng)
    found: Floats = done[:, 0] + counts.cumsum(axis=1)
    return found


def _brought(seen: Cases) -> tuple[int, int]:
    """Count recent agreements that were their house's first, and those that were not."""
    signed = np.flatnonzero((seen.signed < NEVER) & (seen.house != ""))
    order = signed[np.lexsort((seen.name[signed].astype(str), seen.signed[signed]))]
    _, first = np.unique(seen.house[order].astype(str), return_index=True)
    new = np.zeros(len(order), dtype=bool)
    new[first] = True
    recent = seen.signed[order] > (seen.signed[order].max() if len(order) else 0) - LOOK_BACK
    return int((new & recent).sum()), int((~new & recent).sum())

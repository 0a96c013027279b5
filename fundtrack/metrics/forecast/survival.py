"""How long cases take from one milestone to the next, and how many are dropped: hazards under censoring."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fundtrack.metrics.forecast.cases import NEVER, Cases, Floats, Ints
from fundtrack.metrics.forecast.clock import MONTHS, Clock, factors, months

STAGES: Final = ("applied", "approved", "signed")
"""Where a case waits: for its approval, for its agreement, for its establishment."""
PASSES: Final = 12
"""Looks at the season: the hazards it is seen with hold a part of it themselves, so that each look brings it nearer."""
CLASSES: Final = 12
"""Durations are put into so many classes, up to what nine in ten took, to look for a season."""
TAIL_AT_RISK: Final = 5
"""Beyond the duration that fewer cases than this outlasted, one constant hazard speaks for all."""
TAIL_DAYS: Final = 180.0
"""So many days of waiting at least stand behind that constant hazard."""


@dataclass(frozen=True, slots=True)
class Spells:
    """Times waited in one stage: from, until, and how each ended (1 next milestone, 2 dropped, 0 still waiting)."""

    start: Ints
    end: Ints
    cause: Ints


def spells(seen: Cases, stage: int, day: int) -> Spells:
    """List the times that cases waited in a stage until a day; a case that came in later has not waited there."""
    start = getattr(seen, STAGES[stage])
    done = (seen.approved, seen.signed, seen.counted)[stage]
    came = start < NEVER
    start, done, dropped = start[came], done[came], seen.dropped[came]
    cause = np.where(done < NEVER, 1, np.where(dropped < NEVER, 2, 0))
    end = np.where(cause == 1, done, np.where(cause == 2, dropped, day))
    return Spells(start, np.maximum(end, start), cause)


def season(waited: Spells) -> Floats:
    """Estimate how much faster a stage runs in each month of the year.

    Events by month against the events that hazards by duration alone would give for the same waiting; several
    times, since every look measures durations by the clock of the one before. Shrunk towards no season at the end.
    """
    found = np.ones(MONTHS)
    events = np.bincount(months(waited.end[waited.cause == 1]), minlength=MONTHS).astype(float)
    if not events.sum():
        return found
    first, last = int(waited.start.min()), int(waited.end.max())
    length = (waited.end - waited.start) // 3 + 1
    place = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    days = (
        np.repeat(waited.start, length) + 3 * place + 1
    )  # every third day speaks for itself and its neighbours
    of_days, of_span = months(days), months(np.arange(first + 1, last + 1))
    for _ in range(PASSES):
        clock = Clock(first, np.concatenate([[0.0], np.cumsum(found[of_span])]))
        ends = clock.read(waited.end) - clock.read(waited.start)
        width = max(float(np.quantile(ends[waited.cause == 1], 0.9)) / CLASSES, 1.0)
        waiting = ((clock.read(days) - np.repeat(clock.read(waited.start), length)) / width).astype(np.int64)
        ends = (ends / width).astype(np.int64)
        size = int(max(waiting.max(), ends.max())) + 1
        pace = found[of_days]
        at_risk = np.bincount(waiting, weights=pace, minlength=size)
        happened = np.bincount(ends[waited.cause == 1], minlength=size)
        hazard = happened / np.maximum(at_risk, 1e-9)
        expected = np.bincount(of_days, weights=hazard[waiting] * pace, minlength=MONTHS)
        found = found * factors(events, expected, shrink=1.0)
        found = found / found.mean()
    return factors(events, events / found)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage's law, one row per draw of what is not known exactly, one column per seasonal day.

    Attributes:
        waiting: share still waiting after so many days, from 1.
        through: share that has come through within so many days, from 0.
        tail: the duration beyond which the hazard is constant.

    """

    waiting: Floats
    through: Floats
    tail: int

    def reached(self, days: Floats) -> Floats:
        """Read `through` at days of each draw: (draws, ...)."""
        draws, width = self.through.shape
        rows = (np.arange(draws) * width).reshape(-1, *[1] * (days.ndim - 1))
        found: Floats = self.through.ravel()[np.minimum(days.astype(np.int64), width - 1) + rows]
        return found


def stage_law(waited: Spells, clock: Clock, horizon: int, draws: int, rng: np.random.Generator) -> Stage:
    """Estimate a stage's law with its uncertainty.

    In each draw every case has a random weight (Rubin's Bayesian bootstrap), and the hazards of coming through
    and of being dropped at each duration are the weighted shares of those still waiting (Aalen-Johansen). Beyond
    the duration that fewer than five cases outlasted, both hazards are constant: events by days waited there,
    drawn from their gamma law (half an event added).

    Args:
        waited: the stage's history.
        clock: the stage's seasonal clock.
        horizon: seasonal days to look ahead.
        draws: how many laws to draw.
        rng: the source of chance.

    """
    spent = (clock.read(waited.end) - clock.read(waited.start)).astype(np.int64)
    tail = int(np.sort(spent)[-TAIL_AT_RISK]) + 1 if len(spent) >= TAIL_AT_RISK else 0
    weights = rng.standard_exponential((draws, len(spent)))
    exits = np.minimum(spent, tail)
    at_risk = _summed(weights, exits, tail + 1)[:, ::-1].cumsum(axis=1)[:, ::-1][:, :tail]
    within = spent < tail
    hazards = []
    for cause in (1, 2):
        chosen = within & (waited.cause == cause)
        body = _summed(weights[:, chosen], spent[chosen], tail) / np.maximum(at_risk, 1e-12)
        late = np.count_nonzero(~within & (waited.cause == cause))
        days = max(float((spent[~within] - tail).sum()), TAIL_DAYS)
        rate = rng.standard_gamma(late + 0.5, (draws, 1)) / days
        hazards.append(np.concatenate([body, np.repeat(np.minimum(rate, 0.5), horizon + 1, axis=1)], axis=1))
    staying = np.clip(1 - hazards[0] - hazards[1], 0, 1).cumprod(axis=1)
    waiting = np.concatenate([np.ones((draws, 1)), staying], axis=1)
    through = np.concatenate([np.zeros((draws, 1)), (waiting[:, :-1] * hazards[0]).cumsum(axis=1)], axis=1)
    return Stage(waiting, through, tail)


def _summed(weights: Floats, places: NDArray[np.int64], size: int) -> Floats:
    """Add up the columns of weights that belong to one place."""
    if not len(places):
        return np.zeros((len(weights), size))
    order = np.argsort(places, kind="stable")
    first = np.flatnonzero(np.r_[True, np.diff(places[order]) > 0])
    out = np.zeros((len(weights), size))
    out[:, places[order][first]] = np.add.reduceat(weights[:, order], first, axis=1)
    return out

"""From one stage to the last: how likely a case, or one that enters on a later day, has come through by each day."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fundtrack.metrics.forecast.cases import NEVER, Cases, Floats, Ints
from fundtrack.metrics.forecast.clock import MONTHS, Clock, wobble
from fundtrack.metrics.forecast.survival import STAGES, Stage, season, spells, stage_law

STEPS: Final = 32
"""The time until the deadline is looked at in at most so many steps."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The laws of the stages over the steps from a day to the deadline.

    Attributes:
        day: the last day seen.
        edges: the days at which steps end; the first is `day`.
        clocks: of each stage.
        stages: the law of each stage.
        sureness: per stage and draw, a factor around 1 of the clock: the season ahead is not known exactly.
        onward: per stage and draw, step of entry and step of arrival: chance to pass the stage in just that step.

    """

    day: int
    edges: Ints
    clocks: tuple[Clock, ...]
    stages: tuple[Stage, ...]
    onward: tuple[Floats, ...]
    sureness: tuple[Floats, ...]

    def passed(self, goal: int, at: Ints) -> list[Floats]:
        """Tell per stage the chance (draw, step of entry, step of `at`) that who enters it has left stage `goal` by then.

        Who enters within a step has the mean of the chances at its beginning and at its end.
        """
        known: list[Floats] = [np.zeros(0)] * (goal + 1)
        draws, steps = self.onward[0].shape[0], len(self.edges)
        after = np.broadcast_to(np.triu(np.ones((steps, steps)))[:, at], (draws, steps, len(at)))
        for stage in range(goal, -1, -1):
            after = self.onward[stage] @ _middle(after)
            known[stage] = after
        return [_middle(each) for each in known]

    def of_cases(self, seen: Cases, goal: int, at: Ints, rest: list[Floats]) -> Floats:
        """Tell per draw and case the chance to have passed stage `goal` by each of the steps `at`.

        Those that have passed it, or were dropped, have no chance any more. `rest` is what `passed` says.
        """
        draws = self.onward[0].shape[0]
        out = np.zeros((draws, len(seen), len(at)))
        for stage, mine in enumerate(standing(seen)[: goal + 1]):
            for case in np.flatnonzero(mine):
                through = self._next(seen, stage, int(case))
                done = stage == goal or (stage == 1 and goal == 2 and seen.established[case] < NEVER)
                if done:
                    out[:, case, :] = through.cumsum(axis=1)[:, at]
                else:
                    out[:, case, :] = (through[:, None, :] @ rest[stage + 1])[:, 0, :]
        return np.clip(out, 0.0, 1.0)

    def _next(self, seen: Cases, stage: int, case: int) -> Floats:
        """Tell per draw and step the chance that a waiting case passes its stage in just that step."""
        law, clock = self.stages[stage], self.clocks[stage]
        begun = getattr(seen, STAGES[stage])[case : case + 1]
        spent = min(int((clock.read(np.array([self.day])) - clock.read(begun))[0]), law.tail - 1)
        ahead = (clock.read(self.edges) - clock.read(self.edges[:1])) * self.sureness[stage][:, None]
        reached = law.reached(spent + 1 + ahead) - law.through[:, spent + 1 : spent + 2]
        return np.diff(reached, axis=1, prepend=0.0) / np.maximum(law.waiting[:, spent + 1 : spent + 2], 1e-9)


def _middle(after: Floats) -> Floats:
    """Chances of who enters within a step: the mean of entering at its beginning and at its end."""
    before = np.concatenate([after[:, :1], after[:, :-1]], axis=1)
    return (before + after) / 2


def standing(seen: Cases) -> list[np.ndarray]:
    """Tell which cases wait in which stage.

    One that is established without an agreement waits for that, as one that is approved does.
    """
    alive = (seen.dropped == NEVER) & (seen.counted == NEVER)
    signed, approved = seen.signed < NEVER, seen.approved < NEVER
    return [alive & ~signed & ~approved, alive & ~signed & approved, alive & signed]


def chain(
    seen: Cases, day: int, due: int, draws: int, rng: np.random.Generator, *, speed: float = 1.0
) -> Chain:
    """Estimate the laws of all stages from what was seen by a day, and lay them over the time until the deadline.

    Args:
        seen: cases as seen by the day.
        day: the last day seen.
        due: the deadline.
        draws: how many laws to draw.
        rng: the source of chance.
        speed: how much faster than ever everything runs from now on (a scenario's).

    """
    edges = np.unique(np.linspace(day, due, min(due - day, STEPS) + 1).round().astype(np.int64))
    clocks, stages, onward, sureness = [], [], [], []
    for place in range(len(STAGES)):
        waited = spells(seen, place, day)
        first = int(waited.start.min()) if len(waited.start) else day
        clock = Clock.of(first, due, season(waited) if len(waited.start) else np.ones(MONTHS), speed, day)
        ahead = clock.read(edges)
        sure = wobble(waited.end[waited.cause == 1], day, due, draws, rng)
        law = stage_law(waited, clock, int((ahead[-1] - ahead[0]) * sure.max()) + 2, draws, rng)
        gap = np.maximum(ahead[None, :] - ahead[:, None], 0)
        reached = law.reached(gap[None] * sure[:, None, None] + 1) * np.triu(np.ones_like(gap))
        sureness.append(sure)
        clocks.append(clock)
        stages.append(law)
        onward.append(np.diff(reached, axis=2, prepend=0.0))
    return Chain(day, edges, tuple(clocks), tuple(stages), tuple(onward), tuple(sureness))

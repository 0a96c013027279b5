"""New cases: how many enter a day, by season of the year, and how large their funds are."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fundtrack.metrics.forecast.cases import NEVER, Cases, Floats, Ints
from fundtrack.metrics.forecast.clock import MONTHS, factors, months, wobble
from fundtrack.metrics.forecast.survival import STAGES

WINDOW_DAYS: Final = 3 * 365
"""The rate of new cases is that of the last three years."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Cases to come.

    Attributes:
        rate: per draw, stage of entry: cases a day on a day of ordinary season.
        season: factor of each month.

    """

    rate: Floats
    season: Floats

    def by_step(self, edges: Ints) -> Floats:
        """Expect per draw, stage of entry and step so many cases to enter; before the first edge none."""
        days = np.arange(edges[0] + 1, edges[-1] + 1)
        weight = np.concatenate([[0.0], np.cumsum(self.season[months(days)])])
        steps = np.diff(weight[edges - edges[0]], prepend=0.0)
        found: Floats = self.rate[:, :, None] * steps
        return found


def stage_of_entry(seen: Cases) -> Ints:
    """Tell with which milestone each case came in: the first that is known."""
    found: Ints = np.argmin([seen.applied, seen.approved, seen.signed], axis=0)
    return found


def arrivals(seen: Cases, day: int, due: int, draws: int, rng: np.random.Generator) -> Arrivals:
    """Estimate the rate of new cases from those of the last years, and its uncertainty (gamma, half a case added)."""
    stages = stage_of_entry(seen)
    came = seen.entered
    begun = int(came.min()) if len(came) else day
    since = max(begun, day - WINDOW_DAYS)
    days = np.arange(begun, day + 1)
    by_month = np.bincount(months(came[came < NEVER]), minlength=MONTHS).astype(float)
    season = (
        factors(by_month, np.bincount(months(days), minlength=MONTHS).astype(float))
        if len(came)
        else np.ones(MONTHS)
    )
    weight = float(season[months(days[days > since])].sum()) or 1.0
    recent = stages[came > since]
    counts = np.bincount(recent, minlength=len(STAGES)).astype(float)
    rate = np.where(counts > 0, rng.standard_gamma(counts + 0.5, (draws, len(STAGES))), 0.0) / weight
    return Arrivals(rate * wobble(came, day, due, draws, rng)[:, None], season)


def sizes(seen: Cases, day: int) -> tuple[Floats, Floats]:
    """Read sizes of recently counted funds (0 where in another currency), and size committed / size planned.

    Of the last three years, or of the last fifteen funds where those were fewer. Sizes that are not known are
    left out.
    """
    counted = np.flatnonzero((seen.counted <= day) & (~np.isnan(seen.size) | ~seen.own))
    newest = counted[np.argsort(seen.counted[counted], kind="stable")]
    many = max(int((seen.counted[newest] > day - WINDOW_DAYS).sum()), 15)
    size = np.where(seen.own, seen.size, 0.0)[newest[-many:]]
    both = newest[-many:][seen.own[newest[-many:]] & ~np.isnan(seen.planned[newest[-many:]])]
    kept = both[seen.planned[both] > 0]
    shares = seen.size[kept] / seen.planned[kept]
    return size, shares if len(shares) else np.ones(1)

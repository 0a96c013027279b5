"""Seasonal clocks: time that runs faster in the months in which more happens, as towards the end of a year."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from fundtrack.metrics.forecast.cases import Floats, Ints

SHRINK: Final = 4.0
"""So many events as expected are added to every month, so that few events make no season."""
MONTHS: Final = 12


def months(days: Ints) -> Ints:
    """Tell the month of the year, from 0, of day numbers.

    >>> months(np.array([0, 90, 364]))
    array([ 0,  3, 11])
    """
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12


def factors(events: Floats, expected: Floats, shrink: float = SHRINK) -> Floats:
    """Compare events by month with what an even course would give: (events + k) / (expected + k).

    >>> factors(np.array([2.0, 2, 2, 10]), np.full(4, 4.0)).round(2).tolist()
    [0.75, 0.75, 0.75, 1.75]
    """
    scaled = expected * (events.sum() / expected.sum()) if expected.sum() else expected
    return (events + shrink) / (scaled + shrink)


def wobble(events: Ints, day: int, due: int, draws: int, rng: np.random.Generator) -> Floats:
    """Draw factors around 1 for the season ahead: it was estimated from so many events of its months.

    Args:
        events: day numbers of the events.
        day: the last day seen.
        due: the deadline.
        draws: how many factors.
        rng: the source of chance.

    """
    ahead = np.unique(months(np.arange(day + 1, due + 1)))
    known = float(np.isin(months(events), ahead).sum()) + SHRINK
    return rng.standard_gamma(known, draws) / known


@dataclass(frozen=True, slots=True)
class Clock:
    """Seasonal days since a first day: `at[n]` is the clock's time after n ordinary days."""

    first: int
    at: Floats

    @classmethod
    def of(
        cls, first: int, last: int, season: Floats, speed: float = 1.0, since: int | None = None
    ) -> "Clock":
        """Make a clock for the days from first to last, by the factors of months.

        Args:
            first: its first day.
            last: its last day.
            season: a factor per month.
            speed: how much faster it runs after the day `since` (a scenario's).
            since: see speed.

        """
        days = np.arange(first + 1, last + 1)
        rate = season[months(days)]
        if since is not None and speed != 1.0:
            rate = np.where(days > since, rate * speed, rate)
        return cls(first, np.concatenate([[0.0], np.cumsum(rate)]))

    def read(self, days: Ints) -> Floats:
        """Read the clock on day numbers; outside its days it stands still."""
        found: Floats = self.at[np.clip(days - self.first, 0, len(self.at) - 1)]
        return found

"""Calls, distributions and NAV of every participation to come, quarter by quarter, with the range they leave open."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fundtrack.metrics.calibration import Pace, Stakes, calibrate
from fundtrack.periods import quarter_end

Array = NDArray[Any]
PATHS: Final = 400
DRAWS: Final = 20
SEED: Final = 20171231
NEED_DONORS: Final = 5
_SPREAD: Final = (0.0, 3.0)
ASSUMED_SPREAD: Final = 0.4
"""With classic parameters nothing here tells how far they are off: calls and returns then run faster or slower by a
log-normal factor of this spread, which is an assumption and said to be one."""


@dataclass(frozen=True, slots=True)
class Stress:
    """What a scenario changes: how fast distributions come, what the NAVs of today are worth, both as factors."""

    exits: float = 1.0
    nav: float = 1.0


@dataclass(frozen=True, slots=True)
class Projection:
    """What is to come: (paths, stakes' groups, quarters), in units of the currency.

    Attributes:
        quarters: last days of the quarters; the first is what is left of the present one, where anything is.
        groups: guidance funds, in the order of the second axis.
        calls, returns, nav: per path, group and quarter; nav at the quarter's end.
        pace: the parameters.
        unvalued: participations that have paid in and no NAV: nothing comes back from them here.

    """

    quarters: tuple[date, ...]
    groups: tuple[str, ...]
    calls: Array
    returns: Array
    nav: Array
    pace: Pace
    unvalued: int


def quarters_after(as_of: date, many: int) -> tuple[date, ...]:
    """List so many quarter ends after a day.

    >>> [str(day) for day in quarters_after(date(2017, 9, 30), 2)], str(quarters_after(date(2017, 10, 1), 1)[0])
    (['2017-12-31', '2018-03-31'], '2017-12-31')
    """
    out = [quarter_end(as_of + timedelta(days=1))]
    while len(out) < many:
        out.append(quarter_end(out[-1] + timedelta(days=1)))
    return tuple(out[:many])


def project(stakes: Stakes, as_of: date, many: int = 24, stress: Stress | None = None) -> Projection:
    """Project every participation after Takahashi and Alexander, by quarters.

    A year's share s of a pool is taken as 1 - (1 - s)^(1/4) of it each quarter. Ranges: the parameters are estimated
    anew from participations drawn with replacement; each participation of each path follows, in each year of age, the call
    rate of one drawn from those that have that year behind them (the pooled rate where fewer than five have), and returns
    faster or slower by the factor by which a participation drawn from the older ones did.

    Args:
        stakes: as they stood on the day.
        as_of: the day.
        many: quarters to look ahead.
        stress: what a scenario changes.

    """
    rng = np.random.default_rng(SEED)
    change = stress or Stress()
    days = quarters_after(as_of, many)
    count, pace = len(stakes.age), calibrate(stakes)
    paces = (
        [
            calibrate(stakes, rng.multinomial(count, np.full(count, 1 / count)).astype(float))
            for _ in range(DRAWS)
        ]
        if pace.own
        else [pace]
    )
    whose = np.arange(PATHS) % len(paces)
    life = np.array([each.life for each in paces])[whose][:, None]
    bow, growth = (
        np.array([getattr(each, name) for each in paces])[whose][:, None] for name in ("bow", "growth")
    )
    rates, factor = _call_rates(stakes, pace, rng, many), _factors(stakes, pace, rng)
    left = np.broadcast_to(stakes.remaining, (PATHS, count)).copy()
    nav = np.broadcast_to(stakes.nav * change.nav, (PATHS, count)).copy()
    groups = tuple(sorted(set(stakes.guidance_fund.tolist())))
    member = np.array(
        [[owner == group for owner in stakes.guidance_fund] for group in groups], dtype=float
    ).reshape(len(groups), count)
    out = [np.zeros((PATHS, len(groups), many)) for _ in range(3)]
    before = as_of
    for place, day in enumerate(days):
        part = (day - before).days / 365.0
        age = stakes.age + ((before - as_of).days + (day - before).days / 2) / 365.0
        year = age.astype(np.int64)
        called = left * (1 - (1 - rates[:, np.arange(count), np.minimum(year, rates.shape[2] - 1)]) ** part)
        grown = nav * np.maximum(1 + growth, 0.01) ** part
        share = np.minimum(((year[None, :] + 1) / life) ** bow, 1.0) * factor * change.exits
        over = share >= 1.0
        back = grown * np.where(over, _last(age, year, part), 1 - (1 - np.minimum(share, 0.999)) ** part)
        left = left - called
        nav = grown + called - back
        for at, flow in enumerate((called, back, nav)):
            out[at][:, :, place] = flow @ member.T
        before = day
    return Projection(days, groups, out[0], out[1], out[2], pace, stakes.unvalued)


def _last(age: Array, year: Array, part: float) -> Array:
    """Take a pool that goes out within the year in equal parts: a quarter's part of what is left of the year."""
    share: Array = np.minimum(part / np.maximum(1 - (age - year) + part / 2, part), 1.0)
    return share


def _call_rates(stakes: Stakes, pace: Pace, rng: np.random.Generator, many: int) -> Array:
    """Draw a call rate per path, participation and year of age."""
    count, years = len(stakes.age), int(np.ceil(stakes.age.max(initial=0.0) + many / 4)) + 1
    out = np.empty((PATHS, count, years))
    whole, before = stakes.whole(), stakes.before()
    hurry = 1.0 if pace.own else np.exp(ASSUMED_SPREAD * rng.standard_normal((PATHS, count)))
    for year in range(years):
        pooled = pace.rates[min(year, len(pace.rates) - 1)] if pace.rates else 0.0
        donors = (
            np.flatnonzero(whole[:, year] & (before[:, year] > 0))
            if pace.own and year < whole.shape[1]
            else np.zeros(0, int)
        )
        if len(donors) < NEED_DONORS:
            out[:, :, year] = 1 - (1 - pooled) ** hurry
        else:
            own = np.clip(stakes.called[donors, year] / before[donors, year], 0.0, 1.0)
            out[:, :, year] = own[rng.integers(len(own), size=(PATHS, count))]
    return out


def _factors(stakes: Stakes, pace: Pace, rng: np.random.Generator) -> Array:
    """Draw how much faster or slower each participation returns money than the model: around 1 on the whole."""
    old = np.flatnonzero(stakes.age >= pace.life / 2)
    if not pace.own or len(old) < NEED_DONORS:
        return np.exp(ASSUMED_SPREAD * rng.standard_normal((PATHS, len(stakes.age))))
    nav, back = np.zeros(len(old)), np.zeros(len(old))
    for year in range(stakes.called.shape[1]):
        part = np.clip(stakes.age[old] - year, 0.0, 1.0)
        grown = nav * (1 + pace.growth) ** part
        gone = min(((year + 1) / pace.life) ** pace.bow, 1.0) * part * grown
        back += gone
        nav = grown + stakes.called[old, year] - gone
    ratio = np.clip(stakes.returned[old].sum(axis=1) / np.maximum(back, 1.0), *_SPREAD)
    drawn: Array = ratio[rng.integers(len(ratio), size=(PATHS, len(stakes.age)))]
    return drawn / max(float(ratio.mean()), 0.1)


def yearly(made: Projection) -> dict[int, dict[str, tuple[float, float, float]]]:
    """Add all groups up by calendar year: per year and item (calls, returns, nav at its end) P10, P50 and P90."""
    out: dict[int, dict[str, tuple[float, float, float]]] = {}
    whole = {"calls": made.calls.sum(axis=1), "returns": made.returns.sum(axis=1)}
    nav = made.nav.sum(axis=1)
    for year in sorted({day.year for day in made.quarters}):
        at = [place for place, day in enumerate(made.quarters) if day.year == year]
        sums = {item: flows[:, at].sum(axis=1) for item, flows in whole.items()} | {"nav": nav[:, at[-1]]}
        out[year] = {item: marks(values) for item, values in sums.items()}
    return out


def marks(values: Array) -> tuple[float, float, float]:
    """Find P10, P50 and P90."""
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return float(low), float(middle), float(high)

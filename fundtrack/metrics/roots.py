"""All real roots of discounted cash flows: every rate above -100 % at which a stream is worth nothing.

A stream has flows aᵢ at tᵢ years. With the continuous rate x = ln(1 + r) its value is

    f(x) = Σ aᵢ·exp(-x·tᵢ) = P(x) - N(x)        P: inflows, N: outflows, both positive

and φ(x) = ln P(x) - ln N(x) has the same roots, ignores the scale of the amounts, is nearly a straight line
for ordinary streams, and never overflows. Its slope is D_N(x) - D_P(x), where D is the *duration*: the mean
time of the outflows or inflows weighted by their discounted amounts. A duration can only fall as x grows,
because its slope is minus a variance. So the durations at both ends of an interval bound the slope of φ
everywhere inside, and a bounded slope proves that an interval has no root, or exactly one: no root is
missed, none is guessed.

Streams lie end to end in flat arrays; `offsets`, one longer than their number, says where each begins.

The interval test is our own; a slope that is minus a variance is the convexity of bond arithmetic.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]

BLOCK = 16_384
"""Flows worked on at once, so that they stay in the processor's cache."""

COARSE, FINE = 1e-4, 1e-10
"""Widths of x at which double, then extended precision stop halving an interval that proves nothing."""

CROWD = 4096
"""Intervals of one stream at which the search gives up: only a root of high multiplicity needs so many."""

NOISE = 64
"""Multiple of the last digit below which φ has no sign."""

BUNDLE = 1e-6
"""Distance of x below which three roots or more drown in rounding: φ is then as flat as 1e-18."""


def ranges(starts: Ints, lengths: Ints) -> Ints:
    """List the whole numbers start … start + length - 1 of each range, end to end.

    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    ends = np.cumsum(lengths)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)


@dataclass(frozen=True, slots=True)
class Ends:
    """What is known of φ at one point x of each of several streams: its value and both durations."""

    x: Floats
    phi: Floats
    inflow: Floats
    outflow: Floats

    def __getitem__(self, which: Any) -> Self:
        return type(self)(self.x[which], self.phi[which], self.inflow[which], self.outflow[which])

    def joined(self, other: Self) -> Self:
        """Put the other points after these."""
        return type(self)(
            np.concatenate([self.x, other.x]),
            np.concatenate([self.phi, other.phi]),
            np.concatenate([self.inflow, other.inflow]),
            np.concatenate([self.outflow, other.outflow]),
        )


@dataclass(frozen=True, slots=True)
class Intervals:
    """Stretches of x, each of one stream, that may still hold roots."""

    stream: Ints
    low: Ends
    high: Ends

    def __getitem__(self, which: Any) -> Self:
        return type(self)(self.stream[which], self.low[which], self.high[which])

    def joined(self, other: Self) -> Self:
        """Put the other intervals after these."""
        return type(self)(
            np.concatenate([self.stream, other.stream]),
            self.low.joined(other.low),
            self.high.joined(other.high),
        )


class Streams:
    """Netted streams with flows of both signs, the outflows of each before its inflows."""

    def __init__(self, years: Floats, amounts: Floats, offsets: Ints, dtype: type = np.float64) -> None:
        self.count = len(offsets) - 1
        stream = np.repeat(np.arange(self.count), np.diff(offsets))
        side = 2 * stream + (amounts > 0)
        order = np.argsort(side, kind="stable")
        self.years: Floats = years[order].astype(dtype)
        self.sizes: Floats = np.abs(amounts[order]).astype(dtype)
        self.lengths = np.bincount(side, minlength=2 * self.count)
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.first = self.years[self.starts]
        self.last = self.years[self.starts + self.lengths - 1]

    def at(self, stream: Ints, x: Floats) -> Ends:
        """Value φ and the durations of each given stream at its x, in portions that stay in the cache."""
        flows = np.cumsum(self.lengths[0::2][stream] + self.lengths[1::2][stream])
        cuts = np.searchsorted(flows, np.arange(BLOCK, flows[-1] if len(flows) else 0, BLOCK))
        edges = np.unique(np.concatenate([[0], cuts, [len(stream)]]))
        parts = [self._at(stream[a:b], x[a:b]) for a, b in pairwise(edges)]
        phi, inflow, outflow = np.concatenate(parts, axis=1) if parts else np.empty((3, 0))
        return Ends(x, phi, inflow, outflow)

    def _at(self, stream: Ints, x: Floats) -> Floats:
        side = np.stack([2 * stream, 2 * stream + 1], axis=1).ravel()
        lengths, rate = self.lengths[side], np.repeat(x.astype(self.years.dtype), 2)
        # Counted from the heaviest end, every exponent is at most 0: nothing overflows, nothing vanishes.
        origin = np.where(rate >= 0, self.first[side], self.last[side])
        flat = ranges(self.starts[side], lengths)
        begin = np.cumsum(lengths) - lengths
        since = self.years[flat] - np.repeat(origin, lengths)
        worth = self.sizes[flat] * np.exp(-np.repeat(rate, lengths) * since)
        total = np.add.reduceat(worth, begin)
        duration = origin + np.add.reduceat(worth * since, begin) / total
        shift = rate[0::2] * (origin[1::2] - origin[0::2])
        return np.stack([np.log(total[1::2] / total[0::2]) - shift, duration[1::2], duration[0::2]])

    def whole_line(self) -> Intervals:
        """One interval from -∞ to +∞ for each stream, with the limits of φ and of the durations there."""
        stream = np.arange(self.count)
        inf = np.full(self.count, np.inf)
        out_first, in_first, out_last, in_last = (
            self.first[0::2],
            self.first[1::2],
            self.last[0::2],
            self.last[1::2],
        )
        return Intervals(
            stream,
            Ends(-inf, np.where(in_last > out_last, inf, -inf), in_last, out_last),
            Ends(inf, np.where(in_first < out_first, inf, -inf), in_first, out_first),
        )


def _verdicts(cells: Intervals) -> tuple[Flags, Flags]:
    """Which intervals surely hold no root, and which surely hold exactly one (and are bounded)."""
    low, high = cells.low, cells.high
    steepest_up, steepest_down = low.outflow - high.inflow, high.outflow - low.inflow
    monotone = (steepest_up <= 0) | (steepest_down >= 0)
    crosses = (low.phi >= 0) != (high.phi >= 0)
    bounded = np.isfinite(low.x) & np.isfinite(high.x)
    # Where φ keeps its sign, mirror it above zero; its slope lies between `down` and `up`.
    above = low.phi >= 0
    up, down = np.where(above, steepest_up, -steepest_down), np.where(above, steepest_down, -steepest_up)
    with np.errstate(invalid="ignore", divide="ignore"):
        a, b, width = np.abs(low.phi), np.abs(high.phi), high.x - low.x
        deepest = a + down * (a - b + up * width) / (up - down)
    empty = ~crosses & (monotone | (bounded & (deepest > 0)))
    return empty, crosses & monotone & bounded


def _middle(low: Floats, high: Floats) -> Floats:
    """Choose a point inside each interval; an unbounded one is cut ever further out."""
    with np.errstate(invalid="ignore"):
        middle = (low + high) / 2
    middle = np.where(np.isinf(high), np.maximum(2 * low, low + 1), middle)
    middle = np.where(np.isinf(low), np.minimum(2 * high, high - 1), middle)
    return np.where(np.isinf(low) & np.isinf(high), 0.0, middle)


def _isolate(streams: Streams, cells: Intervals, narrowest: float) -> tuple[Intervals, Intervals]:
    """Halve intervals until each holds one root, none, or is too narrow to tell: (single, unresolved)."""
    single, unresolved = cells[:0], cells[:0]
    while len(cells.stream):
        x = _middle(cells.low.x, cells.high.x)
        width = (cells.high.x - cells.low.x) / np.maximum(1, np.abs(x))
        drowned = np.maximum(np.abs(cells.low.phi), np.abs(cells.high.phi)) <= NOISE * np.finfo(x.dtype).eps
        drowned &= width <= COARSE
        drowned |= np.bincount(cells.stream)[cells.stream] > CROWD
        empty, one = (verdict & ~drowned for verdict in _verdicts(cells))
        narrow = drowned | ((width <= narrowest) & ~empty & ~one)
        single, unresolved = single.joined(cells[one]), unresolved.joined(cells[narrow])
        going_on = ~(empty | one | narrow)
        cells, x = cells[going_on], x[going_on]
        middle = streams.at(cells.stream, x)
        cells = Intervals(cells.stream, cells.low, middle).joined(Intervals(cells.stream, middle, cells.high))
    return single, unresolved


def _refine(streams: Streams, cells: Intervals) -> Floats:
    """Close in on the one root of each interval: Newton's step on φ where it stays inside, else half."""
    a, b, rising = cells.low.x.copy(), cells.high.x.copy(), cells.low.phi < 0
    x = _middle(a, b)
    todo = np.arange(len(x))
    for _ in range(100):
        if not len(todo):
            break
        here = streams.at(cells.stream[todo], x[todo])
        right = (here.phi < 0) == rising[todo]  # the root lies to the right of x
        a[todo], b[todo] = np.where(right, here.x, a[todo]), np.where(right, b[todo], here.x)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = here.x - here.phi / (here.outflow - here.inflow)
        inside = (newton >= a[todo]) & (newton <= b[todo])
        x[todo] = np.where(inside, newton, (a[todo] + b[todo]) / 2)
        todo = todo[np.abs(x[todo] - here.x) > 4 * np.finfo(x.dtype).eps * np.maximum(1, np.abs(here.x))]
    return x


def _touching(cells: Intervals) -> tuple[Ints, Floats]:
    """Take adjoining intervals too narrow to tell for a threefold root where φ crosses, else a double one."""
    order = np.lexsort((cells.low.x, cells.stream))
    cells = cells[order]
    fresh = np.r_[True, (np.diff(cells.stream) != 0) | (cells.low.x[1:] > cells.high.x[:-1])]
    begin = np.flatnonzero(fresh)
    end = np.r_[begin[1:], len(fresh)] - 1
    crosses = (cells.low.phi[begin] >= 0) != (cells.high.phi[end] >= 0)
    times = np.where(crosses, 3, 2)
    return np.repeat(cells.stream[begin], times), np.repeat(
        (cells.low.x[begin] + cells.high.x[end]) / 2, times
    )


def _bundled(stream: Ints, x: Floats) -> tuple[Ints, Floats]:
    """Take three or more roots closer than any digits can tell for one: listed thrice, or twice if even."""
    fresh = np.r_[True, (np.diff(stream) != 0) | (np.diff(x) > BUNDLE)][: len(x)]
    begin = np.flatnonzero(fresh)
    count = np.diff(np.append(begin, len(x)))
    bundle = np.cumsum(fresh) - 1
    rank = np.arange(len(x)) - begin[bundle]
    many = count[bundle] > 2
    centre = x[begin + (count - 1) // 2][bundle]
    kept = ~many | (rank < 3 - (count[bundle] % 2 == 0))
    return stream[kept], np.where(many, centre, x)[kept]


def all_roots(years: Floats, amounts: Floats, offsets: Ints) -> tuple[Ints, Floats]:
    """Every x = ln(1 + r) at which f(x) = 0, as (stream, x) in ascending order; a double root comes twice.

    Each stream's flows must be in order of time, one a day, none zero, with both signs present.

    >>> stream, x = all_roots(np.arange(3.0), np.array([-2.3, 9.2, -7.3]), np.array([0, 3]))
    >>> np.expm1(x).round(4).tolist()
    [0.0911, 1.9089]
    """
    streams = Streams(years, amounts, offsets)
    single, narrow = _isolate(streams, streams.whole_line(), COARSE)
    stream, x = single.stream, _refine(streams, single)
    if len(narrow.stream):
        # Roots this close together need more digits than a double has.
        precise = Streams(years, amounts, offsets, np.longdouble)
        low = precise.at(narrow.stream, narrow.low.x.astype(np.longdouble))
        high = precise.at(narrow.stream, narrow.high.x.astype(np.longdouble))
        single, narrow = _isolate(precise, Intervals(narrow.stream, low, high), FINE)
        touching = _touching(narrow) if len(narrow.stream) else (narrow.stream, narrow.low.x)
        stream = np.concatenate([stream, single.stream, touching[0]])
        x = np.concatenate([x, _refine(precise, single), touching[1]]).astype(np.float64)
    order = np.lexsort((x, stream))
    return _bundled(stream[order], x[order])

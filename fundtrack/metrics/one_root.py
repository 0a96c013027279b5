"""The rate of streams that are proven, cheaply, to have only one; the others go to the search of `roots`.

Sources: C. J. Norstrom, "A sufficient condition for a unique nonnegative internal rate of return", JFQA 7(3)
1972 (sign changes of cumulative flows); D. Teichroew, A. Robichek, M. Montalbano, "An analysis of criteria
for investment and financing decisions under certainty", Management Science 12(3) 1965 (the balance
outstanding at the rate found).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fundtrack.metrics.roots import BLOCK, Flags, Floats, Ints

BALANCE_MARGIN = 1e-9
"""Share of the stream's inflows below which a balance is not trusted to have a sign."""

RESIDUAL = 1e-12
"""Largest value left over at a root, as a share of the stream's discounted flows."""


def proven_roots(time: NDArray[Any], amounts: Floats, offsets: Ints, per_year: float) -> Floats:
    """Find the root x of each stream that is proven to have exactly one; NaN for all others.

    Streams are in order of time (`per_year` units to a year) and not empty; flows may share a day.

    Newton's method on φ finds a root. There the outstanding balance, the discounted running sum of flows,
    ends at zero; where it never changes its sign before, the root is the only one above -100 % (cumulative-
    sign test: roots above a rate are at most as many as the sign changes of the balances discounted at it,
    roots below it at most as many as the changes of what is still to come, which is the same sum mirrored).
    """
    x = np.full(len(offsets) - 1, np.nan)
    first = 0
    while first < len(x):
        last = max(first + 1, int(np.searchsorted(offsets, offsets[first] + BLOCK, side="right")) - 1)
        part = slice(offsets[first], offsets[last])
        with np.errstate(all="ignore"):
            x[first:last] = _proven_block(
                time[part], amounts[part], offsets[first : last + 1] - offsets[first], per_year
            )
        first = last
    return x


def _proven_block(time: NDArray[Any], amounts: Floats, offsets: Ints, per_year: float) -> Floats:
    begin, lengths = offsets[:-1], np.diff(offsets)
    years = (time - np.repeat(time[begin], lengths)) / per_year
    x = np.zeros(len(begin))
    worth, settled = amounts, np.zeros(len(begin), dtype=bool)
    for _ in range(8):
        size = np.abs(worth)
        net, gross = np.add.reduceat(worth, begin), np.add.reduceat(size, begin)
        net_time = np.add.reduceat(worth * years, begin)
        gross_time = np.add.reduceat(size * years, begin)
        inflows, outflows = gross + net, gross - net
        step = np.log(inflows / outflows) / (
            (gross_time + net_time) / inflows - (gross_time - net_time) / outflows
        )
        x += step
        settled = np.abs(step) <= 1e-8 * np.maximum(1, np.abs(x))
        worth = amounts * np.exp(np.repeat(-x, lengths) * years)
        if settled.sum() >= 0.98 * len(x):
            break
    return np.where(settled & _only_root(worth, begin, lengths), x, np.nan)


def _only_root(worth: Floats, begin: Ints, lengths: Ints) -> Flags:
    """Where nothing is left over at the rate found and the balance before the end never changes its sign."""
    gross = np.add.reduceat(np.abs(worth), begin)
    zero = np.abs(np.add.reduceat(worth, begin)) <= RESIDUAL * gross
    zero &= (gross > 0) & np.isfinite(gross)
    share = worth * np.repeat(1 / gross, lengths)
    if not zero.all():
        share[np.repeat(~zero, lengths)] = 0
    # Every stream now sums to nothing, so that one running sum serves all of them.
    balance = np.cumsum(share)
    end = begin + lengths - 1
    balance[end] = balance[np.maximum(end - 1, begin)]
    above = np.minimum.reduceat(balance, begin) > BALANCE_MARGIN
    below = np.maximum.reduceat(balance, begin) < -BALANCE_MARGIN
    return zero & (above | below)

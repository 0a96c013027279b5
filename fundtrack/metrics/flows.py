"""Dated flows as arrays, put in order and netted by day."""

from dataclasses import dataclass

import numpy as np

from fundtrack.metrics.given import Time
from fundtrack.metrics.roots import Floats, Ints, ranges

NETTING_NOISE = 8 * np.finfo(np.float64).eps
"""A day's flows cancel where less than this share of them is left: 0.1 + 0.2 - 0.3 is nothing."""


def in_order(time: Time, amounts: Floats, offsets: Ints) -> tuple[Time, Floats]:
    """Put the flows of each stream in order of time; those of one day keep their order."""
    back = time[1:] < time[:-1]
    back[offsets[(offsets > 0) & (offsets < len(time))] - 1] = False
    if not back.any():
        return time, amounts
    order = np.lexsort((time, np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))))
    return time[order], amounts[order]


@dataclass(frozen=True, slots=True)
class Netted:
    """Streams with at most one flow a day and no zero; a stream may end up empty."""

    time: Time
    amounts: Floats
    offsets: Ints


def netted(time: Time, amounts: Floats, offsets: Ints, streams: Ints) -> Netted:
    """Add up the flows of each day of the chosen streams, which are in order, and leave out what cancels."""
    lengths = np.diff(offsets)[streams]
    flat = ranges(offsets[streams], lengths)
    stream, day, amount = np.repeat(np.arange(len(streams)), lengths), time[flat], amounts[flat]
    fresh = np.flatnonzero(np.r_[True, (np.diff(stream) != 0) | (np.diff(day) != 0)][: len(flat)])
    if not len(fresh):
        return Netted(day, amount, np.zeros(len(streams) + 1, np.intp))
    net, gross = np.add.reduceat(amount, fresh), np.add.reduceat(np.abs(amount), fresh)
    alone = np.diff(np.append(fresh, len(flat))) == 1
    kept = np.where(alone, net != 0, np.abs(net) > NETTING_NOISE * gross)
    counts = np.bincount(stream[fresh[kept]], minlength=len(streams))
    return Netted(day[fresh[kept]], net[kept], np.concatenate([[0], np.cumsum(counts)]))

"""Dated flows as arrays: time and amounts read from whatever holds them, put in order, netted by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fundtrack.errors import InputError
from fundtrack.metrics.roots import Floats, Ints, ranges

DAYS_PER_YEAR = 365.0
"""Actual/365: leap years have a day more than a year."""

NETTING_NOISE = 8 * np.finfo(np.float64).eps
"""A day's flows cancel where less than this share of them is left: 0.1 + 0.2 - 0.3 is nothing."""

Time = NDArray[Any]
"""Day numbers or years."""

Dates = Sequence[Any] | NDArray[Any] | pl.Series
Amounts = Sequence[Any] | NDArray[Any] | pl.Series


def time_of(dates: Dates) -> tuple[Time, float]:
    """Turn dates into numbers and tell how many make a year: 365 for dates (days), 1 for numbers (years).

    >>> time_of(["1970-01-02", "1971-01-01"])
    (array([  1, 365]), 365.0)
    """
    values = dates.to_numpy() if isinstance(dates, pl.Series) else np.asarray(dates)
    if values.dtype.kind in "iuf" or not values.size:
        if not np.isfinite(values).all():
            raise InputError("flow_date_invalid", reason="a date is missing")
        return values, 1.0
    try:
        days = values.astype("datetime64[D]", copy=False)
    except (ValueError, TypeError) as reason:
        raise InputError("flow_date_invalid", reason=reason) from reason
    if np.isnat(days).any():
        raise InputError("flow_date_invalid", reason="a date is missing")
    return days.view(np.int64), DAYS_PER_YEAR


def amounts_of(amounts: Amounts, count: int) -> Floats:
    """Turn as many amounts as dates into doubles; refuse a missing one, which is never taken for 0."""
    try:
        given = amounts.cast(pl.Float64).to_numpy() if isinstance(amounts, pl.Series) else amounts
        values = np.asarray(given, dtype=np.float64)
    except (ValueError, TypeError, ArithmeticError, pl.exceptions.PolarsError) as reason:
        raise InputError("flow_amount_invalid", reason=reason) from reason
    if len(values) != count:
        raise InputError("flows_differ_in_length", dates=count, amounts=len(values))
    if not np.isfinite(values).all():
        raise InputError("flow_amount_invalid", reason="an amount is missing or infinite")
    return values


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

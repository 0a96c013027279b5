"""Dates, amounts and index levels as people hold them, read into arrays; what cannot be read is refused, never guessed.

    dates    dates, datetimes (their own day, whatever the zone), datetime64, ISO text (2017-09-30, 2017/9/30,
             20170930, 2017年9月30日, a time of day is cut off); plain numbers are years
    amounts  int, float, Decimal, numbers as text
    levels   as amounts, one a date; or by date: a mapping, or a frame of two columns (day, level)

Each in a list, tuple, any other iterable, a numpy array, a Polars or pandas Series. A missing date or amount is
refused, a missing level is unknown (NaN).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from numbers import Real
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fundtrack.errors import InputError
from fundtrack.metrics.roots import Floats

DAYS_PER_YEAR: Final = 365.0
"""Actual/365: leap years have a day more than a year."""

Time = NDArray[Any]
"""Day numbers or years."""

Dates = Iterable[Any] | NDArray[Any] | pl.Series
Amounts = Iterable[Any] | NDArray[Any] | pl.Series
Levels = Amounts | Mapping[Any, Any] | pl.DataFrame

_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def time_of(dates: Dates) -> tuple[Time, float]:
    """Turn dates into numbers and tell how many make a year: 365 for dates (days), 1 for numbers (years).

    >>> time_of(["1970-01-02", "1971-01-01"])
    (array([  1, 365]), 365.0)
    """
    if isinstance(dates, pl.Series) and dates.dtype.is_temporal():
        return _days(dates.cast(pl.Date).to_numpy()), DAYS_PER_YEAR
    values = dates if isinstance(dates, np.ndarray) else _listed(dates, "flow_date_invalid")
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        return _days(values), DAYS_PER_YEAR
    if isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
        return _years(values), 1.0
    if all(isinstance(value, Real | Decimal) and not isinstance(value, bool | np.bool_) for value in values):
        given: list[Any] = [float(value) if isinstance(value, Decimal) else value for value in values]
        return _years(np.asarray(given)), 1.0
    return _days(np.array([_day(value) for value in values], dtype="datetime64[D]")), DAYS_PER_YEAR


def amounts_of(amounts: Amounts, count: int) -> Floats:
    """Turn as many amounts as dates into doubles; refuse a missing one, which is never taken for 0."""
    values = _doubles(amounts)
    if len(values) != count:
        raise InputError("flows_differ_in_length", dates=count, amounts=len(values))
    if not np.isfinite(values).all():
        raise InputError("flow_amount_invalid", reason="an amount is missing or infinite")
    return values


def levels_of(levels: Levels, time: Time) -> Floats | None:
    """Turn levels into one double a date, NaN where unknown; None where they are not one a date.

    >>> levels_of({"2017-01-01": 100, "2017-12-31": 110}, time_of(["2017-12-31", "2017-06-30"])[0])
    array([110.,  nan])
    """
    if isinstance(levels, pl.DataFrame):
        levels = dict(zip(levels.to_series(0), levels.to_series(1), strict=True))
    if isinstance(levels, Mapping):
        of_day = dict(zip(time_of(list(levels))[0].tolist(), _doubles(levels.values()), strict=True))
        return np.array([of_day.get(day, np.nan) for day in time.tolist()], dtype=np.float64)
    values = _doubles(levels)
    return values if len(values) == len(time) else None


def _doubles(given: Amounts) -> Floats:
    """Read numbers; a missing one is NaN."""
    try:
        if isinstance(given, pl.Series):
            return given.cast(pl.Float64).to_numpy()
        held = given if isinstance(given, np.ndarray) else _listed(given, "flow_amount_invalid")
        values = np.asarray(held, dtype=np.float64)
    except (ValueError, TypeError, ArithmeticError, pl.exceptions.PolarsError) as reason:
        raise InputError("flow_amount_invalid", reason=reason) from reason
    if values.ndim != 1:
        raise InputError("flow_amount_invalid", reason="not one number each")
    return values


def _listed(given: Iterable[Any], code: str) -> list[Any]:
    try:
        return list(given)
    except TypeError as reason:
        raise InputError(code, reason=reason) from reason


def _years(values: NDArray[Any]) -> Time:
    if not np.isfinite(values).all():
        raise InputError("flow_date_invalid", reason="a date is missing")
    return values


def _days(values: NDArray[Any]) -> Time:
    days = values.astype("datetime64[D]", copy=False)
    if np.isnat(days).any():
        raise InputError("flow_date_invalid", reason="a date is missing")
    return days.view(np.int64)


def _day(value: object) -> date | np.datetime64:
    """Read one date; a datetime is its own day, not that of another time zone."""
    if isinstance(value, datetime):  # before date, of which it is one; pandas' NaT is one too
        return value.date() if value == value else np.datetime64("NaT")  # noqa: PLR0124
    if isinstance(value, date | np.datetime64):
        return value
    if isinstance(value, str):
        try:
            text = value.strip()
            if parts := _YEAR_FIRST.fullmatch(text):
                return date(int(parts[1]), int(parts[2]), int(parts[3]))
            return datetime.fromisoformat(text.replace("/", "-")).date()
        except ValueError as reason:
            raise InputError("flow_date_invalid", reason=reason) from reason
    raise InputError("flow_date_invalid", reason=f"{value!r} is no date")

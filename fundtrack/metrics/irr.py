"""The internal rate of return with a verdict: what it is, whether it is the only one, or why there is none.

The IRR is the rate r above -100 % at which dated flows are worth nothing, time counted actual/365:

    Σ amountᵢ · (1 + r)^(-(dateᵢ - date₀)/365) = 0

Conventions, one for all of fundtrack:

- Flows of one day are netted; a zero amount is no flow; order does not matter; flows are seen from the
  investor (paid negative, received positive), and turning all signs around changes nothing.
- Of several roots the one **closest to no growth** is shown (smallest |ln(1 + r)|, of two equally close the
  lower), all are listed, and the verdict says `multiple_roots`. A double root, where the value touches
  zero, is listed twice.
- Roots are counted from -99.9999999 % to the largest double (1.8e308): closer to -100 % lies what a cent of
  correction makes of millions. Where a stream under one year has its only root outside, `period_return` still
  stands if it is inside; a rate above the largest double is unknown.

Units: rates and returns are fractions (0.1 is 10 %). Sources: GIPS 2020 (since-inception money-weighted
returns are not annualised under one year); actual/365 fixed as in spreadsheets' XIRR.
"""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fundtrack.metrics.flows import in_order, netted
from fundtrack.metrics.given import DAYS_PER_YEAR, Amounts, Dates, Time, amounts_of, time_of
from fundtrack.metrics.one_root import proven_roots
from fundtrack.metrics.roots import Floats, Ints, all_roots, ranges

Verdict = Literal["ok", "not_annualised", "multiple_roots", "no_root", "no_sign_change", "too_short"]
"""What may be said of an IRR, and how sure it is.

ok: the only rate there is. not_annualised: the only one, under one year from the first flow to the last, so
that `period_return` is what is shown. multiple_roots: several rates are right (wins over not_annualised).
no_root: the signs change, yet no rate fits (or only one beyond 1.8e308). no_sign_change: money went one way
only, a total loss included. too_short: no flow, one flow, or all on one day.
"""

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
OK, NOT_ANNUALISED, MULTIPLE_ROOTS, NO_ROOT, NO_SIGN_CHANGE, TOO_SHORT = range(len(VERDICTS))


_DAYS = 1 << 24
"""More days than there are between the first and the last date."""
LOWEST, HIGHEST = np.log(1e-9), np.log(np.finfo(np.float64).max)
"""Continuous rates counted as roots: beyond, less than a billionth is left or no double holds the rate."""


@dataclass(frozen=True, slots=True)
class Irr:
    """One stream's internal rate of return.

    Attributes:
        rate: annual rate, always annualised; None where there is none or it is unknown.
        status: the verdict.
        roots: every rate above -100 % that fits, ascending.
        period_return: (1 + rate)^(days/365) - 1, the return from first flow to last; None from a year on.

    """

    rate: float | None
    status: Verdict
    roots: tuple[float, ...]
    period_return: float | None


@dataclass(frozen=True, slots=True)
class Irrs:
    """The internal rates of return of many streams, in their order; NaN stands for unknown.

    Attributes:
        rate: annual rate of each stream.
        status: index of each stream's verdict in VERDICTS.
        period_return: return over the whole time of each stream under one year.
        root_stream: the stream of each root, ascending.
        roots: all rates that fit, ascending within a stream.

    """

    rate: Floats
    status: NDArray[np.int8]
    period_return: Floats
    root_stream: Ints
    roots: Floats

    def one(self, stream: int) -> Irr:
        """Pick the result of one stream."""
        bounds = np.searchsorted(self.root_stream, [stream, stream + 1])
        return Irr(
            rate=_known(self.rate[stream]),
            status=VERDICTS[self.status[stream]],
            roots=tuple(self.roots[slice(*bounds)].tolist()),
            period_return=_known(self.period_return[stream]),
        )

    def frame(self) -> pl.DataFrame:
        """One row per stream: irr, irr_status, irr_roots, period_return; unknown is null."""
        roots = pl.DataFrame({"stream": self.root_stream, "irr_roots": self.roots})
        lists = roots.group_by("stream", maintain_order=True).agg("irr_roots")
        return (
            pl.DataFrame(
                {
                    "stream": np.arange(len(self.rate)),
                    "irr": self.rate,
                    "irr_status": pl.Series(VERDICTS, dtype=pl.Enum(VERDICTS)).gather(self.status),
                    "period_return": self.period_return,
                }
            )
            .join(lists, on="stream", how="left", maintain_order="left", validate="1:1")
            .select(
                pl.col("irr").fill_nan(None),
                "irr_status",
                pl.col("irr_roots").fill_null([]),
                pl.col("period_return").fill_nan(None),
            )
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """What a search among streams found: those with both signs and their spans in years, and all roots."""

    both_signs: Ints
    span: Floats
    stream: Ints
    x: Floats


def xirr(dates: Dates, amounts: Amounts) -> Irr:
    """IRR of one stream of dated flows, actual/365, in any order.

    Args:
        dates: whatever `given` reads: dates, datetimes, ISO text in any column; plain numbers are years.
        amounts: received positive, paid negative; as many as dates.

    Raises:
        InputError: a date or amount is missing or cannot be read, or their numbers differ.

    >>> xirr(["2019-06-12", "2020-06-11"], [-100, 110])
    Irr(rate=0.10000000000000009, status='ok', roots=(0.10000000000000009,), period_return=None)

    """
    time, per_year = time_of(dates)
    flows = amounts_of(amounts, len(time))
    return irr_many(time, flows, np.array([0, len(time)]), per_year).one(0)


def xnpv(rate: float, dates: Dates, amounts: Amounts) -> float:
    """Value dated flows on the first date: Σ amountᵢ·(1 + rate)^(-(dateᵢ - date₀)/365).

    >>> xnpv(0.1, ["2019-06-12", "2020-06-11"], [-100, 121])
    10.0
    """
    time, per_year = time_of(dates)
    flows = amounts_of(amounts, len(time))
    if not len(time):
        return 0.0
    return float(np.sum(flows * np.exp(-np.log1p(rate) * (time - time.min()) / per_year)))


def xirr_many(days: NDArray[Any], amounts: Floats, offsets: Ints) -> Irrs:
    """IRR of many streams that lie end to end, each in order of its days.

    Args:
        days: datetime64 dates or whole day numbers.
        amounts: received positive, paid negative.
        offsets: where each stream begins, and the end of the last: one longer than the number of streams.

    """
    time, _ = time_of(days)
    return irr_many(time, amounts_of(amounts, len(time)), np.asarray(offsets, np.intp), DAYS_PER_YEAR)


def irr_many(time: Time, amounts: Floats, offsets: Ints, per_year: float) -> Irrs:
    """IRR of many streams with time in any unit, `per_year` of them to a year; see `xirr_many`."""
    time, amounts = in_order(time, amounts, offsets)
    filled = np.flatnonzero(np.diff(offsets))
    begin, last = offsets[filled], offsets[filled + 1] - 1
    x, span, several_days = (
        np.full(len(offsets) - 1, np.nan),
        np.zeros(len(offsets) - 1),
        np.zeros(len(offsets) - 1, bool),
    )
    x[filled] = proven_roots(time, amounts, np.append(begin, len(time)), per_year)
    span[filled] = (time[last] - time[begin]) / per_year
    several_days[filled] = time[last] > time[begin]
    proven = np.flatnonzero(~np.isnan(x))
    found = _search(time, amounts, offsets, np.flatnonzero(np.isnan(x) & several_days), per_year)
    span[found.both_signs] = found.span
    status = np.where(several_days, NO_SIGN_CHANGE, TOO_SHORT)
    status[proven] = status[found.both_signs] = NO_ROOT
    stream = np.concatenate([proven, found.stream])
    order = np.argsort(stream, kind="stable")
    return _results(stream[order], np.concatenate([x[proven], found.x])[order], span, status)


def irr_by(flows: pl.DataFrame, key: str) -> pl.DataFrame:
    """IRR of each group of signed flows.

    Args:
        flows: `key`, occurred_on (Date), amount (any number; received positive, paid negative), in any order.
        key: the column that names the stream.

    Returns:
        One row per key, sorted: `key`, irr, irr_status, irr_roots, period_return.

    """
    ordered = flows.select(key, "occurred_on", pl.col("amount").cast(pl.Float64))
    if ordered.schema[key].is_integer():  # one number is sorted faster than two columns
        both = pl.col(key).cast(pl.Int64) * _DAYS + pl.col("occurred_on").to_physical()
        ordered = ordered.sort(both)
    else:
        ordered = ordered.sort(key, "occurred_on")
    runs = ordered.select(pl.col(key).rle().struct.unnest())
    offsets = np.concatenate([[0], np.cumsum(runs["len"].to_numpy(), dtype=np.intp)])
    days = ordered["occurred_on"].to_physical().to_numpy()
    result = xirr_many(days, ordered["amount"].to_numpy(), offsets).frame()
    return pl.concat([runs.select(pl.col("value").alias(key)), result], how="horizontal")


def _search(time: Time, amounts: Floats, offsets: Ints, streams: Ints, per_year: float) -> _Found:
    """Find all roots of the given streams, netted by day."""
    flows = netted(time, amounts, offsets, streams)
    begin, end = flows.offsets[:-1], flows.offsets[1:]
    positive = np.concatenate([[0], np.cumsum(flows.amounts > 0)])
    inflows = positive[end] - positive[begin]
    both = np.flatnonzero((inflows > 0) & (inflows < end - begin))
    kept = ranges(begin[both], (end - begin)[both])
    lengths = (end - begin)[both]
    years = (flows.time[kept] - np.repeat(flows.time[begin[both]], lengths)) / per_year
    root_stream, x = all_roots(years, flows.amounts[kept], np.concatenate([[0], np.cumsum(lengths)]))
    span = (flows.time[end[both] - 1] - flows.time[begin[both]]) / per_year
    return _Found(streams[both], span, streams[both][root_stream], x)


def _counted(x: Floats, span: Floats) -> NDArray[np.bool_]:
    """Tell roots that a rate can express, over a year or over the whole shorter time, from those none can."""
    shorter = np.where(span < 1, x * span, x)
    return np.asarray(((x >= LOWEST) & (x <= HIGHEST)) | ((shorter >= LOWEST) & (shorter <= HIGHEST)))


def _results(stream: Ints, x: Floats, span: Floats, status: NDArray[np.int8]) -> Irrs:
    """Give the verdicts and the shown rates, from all x = ln(1 + r) found, ascending within their streams."""
    counted = _counted(x, span[stream])
    stream, x = stream[counted], x[counted]
    count = np.bincount(stream, minlength=len(span))
    with np.errstate(over="ignore"):
        roots = np.maximum(np.expm1(x), np.nextafter(-1.0, 0.0))
    closest = np.lexsort((x, np.abs(x), stream))
    shown = closest[np.searchsorted(stream[closest], np.flatnonzero(count))]
    rate, period_return = np.full((2, len(span)), np.nan)
    where, short = stream[shown], span[stream[shown]] < 1
    rate[where] = np.where(np.isfinite(roots[shown]), roots[shown], np.nan)
    period_return[where[short]] = np.expm1(x[shown[short]] * span[where[short]])
    status = np.where(count == 1, np.where(span < 1, NOT_ANNUALISED, OK), status)
    status = np.where((status == OK) & np.isnan(rate), NO_ROOT, status)
    status = np.where(count > 1, MULTIPLE_ROOTS, status)
    listed = np.isfinite(roots)
    return Irrs(rate, status.astype(np.int8), period_return, stream[listed], roots[listed])


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)

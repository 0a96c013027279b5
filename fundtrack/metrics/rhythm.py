"""Which reports a partner fund owes, and by when: the statute's days, and what its own earlier reports say was agreed."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from statistics import median_low
from typing import Final, Literal

from fundtrack.periods import month_end, period_end, quarter_end

Rhythm = Literal["quarter", "half", "year"]
Told = tuple[date, date]
"""The end of a period, and the day by which its report was due."""
RHYTHMS: Final[Mapping[str, Rhythm]] = {
    "季报": "quarter",
    "半年报": "half",
    "年报": "year",
    "审计报告": "year",
}
KINDS: Final[Mapping[Rhythm, str]] = {"quarter": "季报", "half": "半年报", "year": "年报"}


def rhythm_of(period: str) -> Rhythm:
    """The rhythm of a period's code.

    >>> rhythm_of("2017Q3"), rhythm_of("2017H1"), rhythm_of("2017")
    ('quarter', 'half', 'year')
    """
    return "year" if len(period) == 4 else "quarter" if period[4] == "Q" else "half"


@lru_cache(maxsize=4096)
def period_of(period: str, kind: str) -> str:
    """The code of a report's period in the rhythm of its kind, whatever code its sender wrote for the same days.

    >>> period_of("2017Q2", "半年报"), period_of("2017Q4", "年报"), period_of("2017Q3", "季报"), period_of("2017Q3", "年报")
    ('2017H1', '2017', '2017Q3', '2017Q3')
    """
    rhythm, end = RHYTHMS.get(kind, "year"), period_end(period)
    if rhythm == "year":
        return str(end.year) if end.month == 12 else period
    if rhythm == "half":
        return f"{end.year}H{end.month // 6}" if end.month in {6, 12} else period
    return f"{end.year}Q{end.month // 3}"


def owes(rhythm: Rhythm, sent: frozenset[str], end: date) -> bool:
    """Whether a fund owes a report of a rhythm for the period that ends on a day.

    A fund that ever sent a quarterly report owes one for each quarter; another owes the half-year's. Each owes the year's
    (信披指引2号; the second half-year is the year's).

    Args:
        rhythm: of the report.
        sent: rhythms in which the fund ever reported.
        end: the period's last day.
    """
    if rhythm == "quarter":
        return "quarter" in sent
    return rhythm == "year" or ("quarter" not in sent and end.month == 6)


def due(rhythm: Rhythm, end: date, own: Sequence[Told], others: Sequence[Told]) -> tuple[date, str]:
    """The day by which a report is due where its row states none, and on what that rests.

    `statute`: half-year by 30 September, year by 30 June. `habit`: the fund's own quarterly reports say how long after the
    quarter; where it has none, those of all funds do; where there are none at all, a month (our own reading).

    >>> due("half", date(2017, 6, 30), [], []), due("year", date(2016, 12, 31), [], [])
    ((datetime.date(2017, 9, 30), 'statute'), (datetime.date(2017, 6, 30), 'statute'))
    >>> due("quarter", date(2017, 9, 30), [(date(2017, 6, 30), date(2017, 7, 15))], [])
    (datetime.date(2017, 10, 15), 'habit')
    """
    if rhythm == "half":
        return (date(end.year, 9, 30) if end.month == 6 else date(end.year + 1, 6, 30)), "statute"
    if rhythm == "year":
        return date(end.year + 1, 6, 30), "statute"
    return after(end, own or others), "habit"


def after(end: date, told: Sequence[Told]) -> date:
    """The usual time after a period's end: whole months where all due days are month ends, else the median of days.

    >>> after(date(2017, 9, 30), [(date(2017, 3, 31), date(2017, 4, 30)), (date(2017, 6, 30), date(2017, 7, 31))])
    datetime.date(2017, 10, 31)
    >>> after(date(2017, 9, 30), [])
    datetime.date(2017, 10, 31)
    """
    if all(day == month_end(day.year, day.month) for _, day in told):
        months = median_low(
            [(day.year - last.year) * 12 + day.month - last.month for last, day in told] or [1]
        )
        later = end.month - 1 + months
        return month_end(end.year + later // 12, later % 12 + 1)
    return end + timedelta(days=median_low([(day - last).days for last, day in told]))


def periods_between(first: date, last: date) -> list[str]:
    """All periods that end from one day to another, newest first; of one end the shorter first.

    >>> periods_between(date(2017, 5, 1), date(2017, 12, 31))
    ['2017Q4', '2017', '2017Q3', '2017Q2', '2017H1']
    """
    return list(_between(quarter_end(first), last))


@lru_cache(maxsize=4096)
def _between(first: date, last: date) -> tuple[str, ...]:
    """The same from a quarter's end: there are few of those, and many funds."""
    found, end = [], first
    while end <= last:
        own = {6: [f"{end.year}H1"], 12: [str(end.year)]}.get(end.month, [])
        found.append([f"{end.year}Q{end.month // 3}", *own])
        end = quarter_end(end + timedelta(days=1))
    return tuple(period for own in reversed(found) for period in own)

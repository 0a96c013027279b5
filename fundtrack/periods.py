"""Days and periods: quarter ends, elapsed share of a plan, dates known only to the month or year; light to import."""

import calendar
import re
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Literal

Precision = Literal["day", "month", "year"]


def month_end(year: int, month: int) -> date:
    """The last day of a month.

    >>> month_end(2016, 2)
    datetime.date(2016, 2, 29)
    """
    return date(year, month, calendar.monthrange(year, month)[1])


def quarter_end(day: date) -> date:
    """The last day of the quarter that holds a day.

    >>> quarter_end(date(2017, 8, 1))
    datetime.date(2017, 9, 30)
    """
    return month_end(day.year, (day.month + 2) // 3 * 3)


def day_before(day: date) -> date:
    """The previous day."""
    return day - timedelta(days=1)


def elapsed(starts_on: date, due_on: date, as_of: date) -> Fraction:
    """Share of a plan's days that have gone, both ends counted, held within 0 and 1.

    >>> elapsed(date(2017, 1, 1), date(2017, 12, 31), date(2017, 9, 30))
    Fraction(273, 365)
    """
    gone, all_days = (as_of - starts_on).days + 1, (due_on - starts_on).days + 1
    return max(Fraction(0), min(Fraction(1), Fraction(gone, all_days)))


_PERIOD = re.compile(
    r"^(?P<year>\d{4})\s*年?\s*[-/.]?\s*(?:(?P<quarter>(?:第?\s*[一二三四1-4]\s*季度?报?)|(?:Q[1-4]))|(?P<half>上半年|下半年|半年度?报?|中期|H[12])|年?度?报?)$",
    re.IGNORECASE,
)
_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4"}


def period_code(written: str) -> str | None:
    """A reporting period in one form: `2017Q3`, `2017H1` or `2017`; None where it is no period.

    >>> [period_code(text) for text in ("2017年三季度", "2017q3", "2017年上半年", "2017年度", "2017-09", "后年")]
    ['2017Q3', '2017Q3', '2017H1', '2017', '2017Q3', None]
    """
    text = written.strip()
    if dated := re.match(r"^(\d{4})[-/.年](0?[369]|12)(?:[-/.月](?:30|31)?日?)?$", text):
        return f"{dated[1]}Q{int(dated[2]) // 3}"
    found = _PERIOD.match(text)
    if not found:
        return None
    year = found["year"]
    if found["quarter"]:
        number = next(_DIGITS.get(letter, letter) for letter in found["quarter"] if letter in "一二三四1234")
        return f"{year}Q{number}"
    if found["half"]:
        return f"{year}H2" if found["half"].upper() in {"下半年", "H2"} else f"{year}H1"
    return year


@lru_cache(maxsize=4096)
def period_end(period: str) -> date:
    """The last day of a reporting period in the form of `period_code`.

    >>> period_end("2017Q3"), period_end("2017H1"), period_end("2017")
    (datetime.date(2017, 9, 30), datetime.date(2017, 6, 30), datetime.date(2017, 12, 31))
    """
    year, part = int(period[:4]), period[4:]
    month = 12 if not part else int(part[1]) * (3 if part[0] == "Q" else 6)
    return month_end(year, month)

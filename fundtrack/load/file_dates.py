"""The day that a file's or a sheet's name speaks of, for files that say it nowhere else."""

import re
from datetime import date
from typing import Final

from fundtrack.load.written import fold
from fundtrack.periods import month_end

_DAY: Final = re.compile(r"(?<!\d)(20\d\d)[-_.年/ ]?(0?[1-9]|1[0-2])[-_.月/ ]?([0-2]?\d|3[01])日?(?!\d)")
_QUARTER: Final = re.compile(
    r"(?<!\d)(20\d\d)\s*[-_ 年]?\s*(?:Q([1-4])|第?([1-4一二三四])季)|(?<![A-Za-z])Q([1-4])[-_ ]?(20\d\d)(?!\d)",
    re.IGNORECASE,
)
_MONTH: Final = re.compile(r"(?<!\d)(20\d\d)(?:[-_.年/ ](0?[1-9]|1[0-2])|(0[1-9]|1[0-2]))月?(?!\d)")
_QUARTERS: Final = {"一": 1, "二": 2, "三": 3, "四": 4}


def day_in(name: str) -> date | None:
    """The day that a name says; of a month or a quarter its last day; None where it says none.

    >>> day_in("政府引导基金_20170930.xlsx"), day_in("引导基金 2017年9月.xls"), day_in("holdings-2017Q2.csv")
    (datetime.date(2017, 9, 30), datetime.date(2017, 9, 30), datetime.date(2017, 6, 30))
    >>> day_in("2017年三季度"), day_in("Q4 2016"), day_in("2017-06-05.csv")
    (datetime.date(2017, 9, 30), datetime.date(2016, 12, 31), datetime.date(2017, 6, 5))
    >>> day_in("基金列表2017"), day_in("20171399"), day_in("Sheet1")
    (None, None, None)
    """
    text = fold(name)
    if found := _QUARTER.search(text):
        quarter = found[2] or found[3] or found[4]
        year, number = int(found[1] or found[5]), _QUARTERS.get(quarter) or int(quarter)
        return month_end(year, 3 * number)
    if found := _DAY.search(text):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return None
    if found := _MONTH.search(text):
        return month_end(int(found[1]), int(found[2] or found[3]))
    return None

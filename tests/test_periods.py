"""Quarters, periods and the share of a plan's days that have gone."""

from datetime import date
from fractions import Fraction

import pytest

from fundtrack.periods import day_before, elapsed, month_end, period_code, period_end, quarter_end


@pytest.mark.parametrize(
    ("as_of", "share"),
    [
        ((2017, 9, 30), Fraction(273, 365)), ((2017, 1, 1), Fraction(1, 365)), ((2017, 12, 31), 1), ((2016, 12, 31), 0), ((2016, 1, 1), 0),
        ((2018, 6, 30), 1), ((2017, 6, 30), Fraction(181, 365)),
    ],
)  # fmt: skip
def test_elapsed(as_of, share):
    assert elapsed(date(2017, 1, 1), date(2017, 12, 31), date(*as_of)) == share


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2017Q3", "2017Q3"), ("2017q3", "2017Q3"), ("2017年三季度", "2017Q3"), ("2017年第三季度", "2017Q3"), ("2017年3季度", "2017Q3"),
        ("2017三季报", "2017Q3"),
        ("2017-Q4", "2017Q4"), ("2017年第 一 季度", "2017Q1"), ("2017年上半年", "2017H1"), ("2017年下半年", "2017H2"), ("2017H1", "2017H1"),
        ("2017h2", "2017H2"),
        ("2017年半年度报", "2017H1"), ("2017年中期", "2017H1"), ("2017", "2017"), ("2017年", "2017"), ("2017年度", "2017"),
        ("2017年年报", "2017"), (" 2017 ", "2017"),
        ("2017-09", "2017Q3"), ("2017-09-30", "2017Q3"), ("2017/3/31", "2017Q1"), ("2017年12月", "2017Q4"), ("2017年6月30日", "2017Q2"),
    ],
)  # fmt: skip
def test_periods(written, code):
    assert period_code(written) == code


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2017Q5",
        "2017Q0",
        "2017H3",
        "2017-04",
        "2017-09-15",
        "17Q3",
        "三季度",
        "2017年五季度",
        "后年",
        "2017年1月",
    ],
)
def test_what_is_no_period(written):
    assert period_code(written) is None


@pytest.mark.parametrize(
    ("period", "last"),
    [
        ("2017Q1", (2017, 3, 31)),
        ("2017Q2", (2017, 6, 30)),
        ("2017Q4", (2017, 12, 31)),
        ("2016H1", (2016, 6, 30)),
        ("2016H2", (2016, 12, 31)),
        ("2017", (2017, 12, 31)),
    ],
)
def test_the_last_day_of_a_period(period, last):
    assert period_end(period) == date(*last)


def test_ends_of_months_and_quarters():
    assert [month_end(2016, month).day for month in (1, 2, 4)] == [31, 29, 30]
    assert [quarter_end(date(2017, month, 1)) for month in (1, 3, 4, 12)] == [
        date(2017, 3, 31), date(2017, 3, 31), date(2017, 6, 30), date(2017, 12, 31),
    ]  # fmt: skip
    assert day_before(date(2017, 1, 1)) == date(2016, 12, 31)

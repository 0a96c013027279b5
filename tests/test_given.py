"""Dates, amounts and levels in every form people hold them give the same figures; what is unclear is refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from math import nan

import numpy as np
import polars as pl
import pytest

from fundtrack.errors import InputError
from fundtrack.metrics.given import time_of
from fundtrack.metrics.irr import xirr, xnpv
from fundtrack.metrics.pacing import takahashi_alexander
from fundtrack.metrics.pme import direct_alpha, ks_pme, ln_pme, pme_plus

DAYS = [date(2016, 1, 1), date(2017, 1, 1)]  # a leap year: 366 days
RATE = 1.105 ** (365 / 366) - 1
BEIJING = timezone(timedelta(hours=8))
MIDNIGHTS = [datetime(2016, 1, 1), datetime(2017, 1, 1)]  # noqa: DTZ001


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(DAYS, id="dates"),
        pytest.param((DAYS[0], datetime(2017, 1, 1, 8)), id="a date and a time"),  # noqa: DTZ001
        pytest.param([datetime(2016, 1, 1, 0, 30, tzinfo=BEIJING), datetime(2017, 1, 1, 0, 30, tzinfo=BEIJING)],
                     id="half past midnight in Beijing is that day"),
        pytest.param([datetime(2016, 1, 1, tzinfo=UTC), DAYS[1]], id="utc"),
        pytest.param(["2016-01-01", "2017-01-01"], id="text"),
        pytest.param(["20160101", "20170101"], id="digits alone are dates, not years"),
        pytest.param(["2016/1/1", "2017.01.01"], id="slashes and dots"),
        pytest.param(["2016年1月1日", "2017年01月01日"], id="Chinese"),
        pytest.param(["2016-01-01T08:00:00", " 2017-01-01 16:30 "], id="text with a time"),
        pytest.param(np.array(DAYS, dtype="datetime64[ns]"), id="nanoseconds"),
        pytest.param(np.array(DAYS, dtype=object), id="objects"),
        pytest.param(pl.Series(["2016-01-01", "2017-01-01"]), id="series of text"),
        pytest.param(pl.Series(MIDNIGHTS), id="series of times"),
        pytest.param(pl.Series(MIDNIGHTS).dt.replace_time_zone("Asia/Shanghai"), id="series of zoned times"),
        pytest.param(dict.fromkeys(DAYS).keys(), id="keys"),
        pytest.param([0, 366 / 365], id="years"),
        pytest.param([Decimal(0), Decimal(366) / 365], id="years as decimals"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "amounts",
    [
        pytest.param([-100, 110.5], id="numbers"),
        pytest.param(["-100", "110.50"], id="text"),
        pytest.param((Decimal(-100), 110.5), id="mixed"),
        pytest.param({1: -100, 2: Decimal("110.5")}.values(), id="values"),
        pytest.param(pl.Series(["-100", "110.5"]), id="series of text"),
        pytest.param(np.array([-100, 110.5], dtype=np.float32), id="single precision"),
    ],
)
def test_all_forms_give_the_same_rate(days, amounts):
    assert xirr(days, amounts).rate == pytest.approx(RATE, abs=1e-14)
    assert xnpv(RATE, days, amounts) == pytest.approx(0, abs=1e-12)


def test_one_pass_is_enough():
    assert xirr(iter(DAYS), (amount for amount in (-100, 110.5))).rate == pytest.approx(RATE, abs=1e-14)


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(["2017"] * 2, id="a year alone"),
        pytest.param(["2017-01", "2017-02"], id="a month"),
        pytest.param(["01/02/2017", "02/02/2017"], id="day or month first"),
        pytest.param(["2017-02-30", "2017-03-01"], id="no such day"),
        pytest.param([date(2017, 1, 1), 2], id="a date and a number"),
        pytest.param([True, False], id="truth"),
        pytest.param([nan, 1.0], id="not a number"),
        pytest.param(pl.Series([None, date(2017, 1, 1)]), id="null"),
        pytest.param(np.array(["NaT", "2017-01-01"], dtype="datetime64[D]"), id="not a time"),
        pytest.param(5, id="nothing to go through"),
    ],
)
def test_dates_that_are_unclear_are_refused(days):
    with pytest.raises(InputError) as refused:
        xirr(days, [-100, 110])
    assert refused.value.code == "flow_date_invalid"


@pytest.mark.parametrize(
    "amounts",
    [
        pytest.param(["1,2OO", "5"], id="a letter"),
        pytest.param([-100, None], id="missing"),
        pytest.param([-100, float("inf")], id="infinite"),
        pytest.param(np.array([[-100], [110]]), id="a column of columns"),
        pytest.param(7, id="one number"),
    ],
)
def test_amounts_that_are_unclear_are_refused(amounts):
    with pytest.raises(InputError) as refused:
        xirr(DAYS, amounts)
    assert refused.value.code == "flow_amount_invalid"


def test_dates_before_1970_and_no_dates():
    assert time_of([date(1969, 12, 31)])[0].tolist() == [-1]
    assert xirr([], []).status == xirr(pl.Series([], dtype=pl.Date), pl.Series([])).status == "too_short"


INDEX = {"2014-12-31": 100, "2015-12-31": 115, "2016-12-31": 130, "2017-12-31": 999}
FLOWS = [date(2014, 12, 31), date(2015, 12, 31), date(2016, 12, 31)], [-25, 15, 0]


@pytest.mark.parametrize(
    "index",
    [
        pytest.param([100, 115, 130], id="one a date"),
        pytest.param(pl.Series([Decimal(100), Decimal(115), Decimal(130)]), id="decimals"),
        pytest.param(INDEX, id="by day as text, with more days than asked"),
        pytest.param({date.fromisoformat(day): Decimal(level) for day, level in INDEX.items()}, id="by day"),
        pytest.param(pl.DataFrame({"day": list(INDEX), "level": list(INDEX.values())}), id="a frame"),
    ],
)
@pytest.mark.parametrize("nav", [20, Decimal("20.00"), np.float64(20)], ids=["int", "decimal", "numpy"])
def test_levels_and_navs_in_every_form(index, nav):
    # (15·130/115 + 20) / (25·130/100)
    assert ks_pme(*FLOWS, nav, index) == pytest.approx((15 * 130 / 115 + 20) / 32.5, rel=1e-14)
    assert ln_pme(*FLOWS, nav, index).nav == pytest.approx(32.5 - 15 * 130 / 115, rel=1e-14)
    assert pme_plus(*FLOWS, nav, index).lambda_ == pytest.approx((32.5 - 20) / (15 * 130 / 115), rel=1e-14)
    assert direct_alpha(*FLOWS, nav, index) is not None


def test_what_is_unknown_stays_unknown():
    assert (
        ks_pme(*FLOWS, None, INDEX)
        is pme_plus(*FLOWS, None, INDEX)
        is direct_alpha(*FLOWS, None, INDEX)
        is None
    )
    assert ln_pme(*FLOWS, None, INDEX).nav == pytest.approx(32.5 - 15 * 130 / 115)  # has a NAV of its own
    lacking = {day: level for day, level in INDEX.items() if day != "2015-12-31"}
    assert ks_pme(*FLOWS, 20, lacking) is None
    with pytest.raises(InputError, match="flow_amount_invalid"):
        ks_pme(*FLOWS, "much", INDEX)
    with pytest.raises(InputError, match="flow_amount_invalid"):
        ks_pme(*FLOWS, 20, ["x", 1, 2])


@pytest.mark.parametrize(
    "rates", [(0.4, 0.5), np.array([0.4, 0.5]), pl.Series([0.4, 0.5]), [Decimal("0.4"), Decimal("0.5")]],
    ids=["tuple", "array", "series", "decimals"],
)  # fmt: skip
def test_pacing_takes_rates_in_every_form(rates):
    plan = takahashi_alexander(Decimal(100), rates, 3.0, Decimal(1), Decimal("0.1"), Decimal(0))
    # calls 40 % of 100, half of 60, half of 30; two thirds of 40 grown by a tenth, then all that is held
    assert plan["contribution"].to_list() == pytest.approx([40, 30, 15])
    assert plan["distribution"].to_list() == pytest.approx([0, 2 / 3 * 44, 1.1 * (44 / 3 + 30)])
    assert plan["nav"].to_list() == pytest.approx([40, 44 / 3 + 30, 15])

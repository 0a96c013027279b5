"""Internal rates of return: public cases, laws, and an independent solver."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from cases_irr import DATED, PERIODIC, REFUSED
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_irr import HIGHEST, LOWEST, padded, reference_roots, value
from streams_irr import streams

from fundtrack.errors import InputError
from fundtrack.metrics.irr import VERDICTS, irr_by, xirr, xirr_many, xnpv


def dated(text):
    pairs = [pair.split() for pair in text.split(";")] if text else []
    return [date.fromisoformat(day) for day, _ in pairs], [float(amount) for _, amount in pairs]


@pytest.mark.parametrize(
    ("source", "flows", "rate", "tolerance"), DATED, ids=[c[0].split(":")[0] for c in DATED]
)
def test_dated_cases(source, flows, rate, tolerance):
    days, amounts = dated(flows)
    irr = xirr(days, amounts)
    assert irr.rate == pytest.approx(rate, rel=tolerance, abs=tolerance)
    assert irr.roots == (irr.rate,)
    moved = [day for day, amount in zip(days, amounts, strict=True) if amount]
    short = (max(moved) - min(moved)).days < 365
    assert irr.status == ("not_annualised" if short else "ok")
    assert (irr.period_return is not None) == short


@pytest.mark.parametrize(
    ("source", "amounts", "roots", "rate", "tolerance"), PERIODIC, ids=[c[0].split(":")[0] for c in PERIODIC]
)
def test_periodic_cases(source, amounts, roots, rate, tolerance):
    irr = xirr(list(range(len(amounts))), amounts)
    assert irr.rate == pytest.approx(rate, abs=tolerance)
    assert irr.roots == pytest.approx(roots, abs=1e-9)
    assert irr.status == ("multiple_roots" if len(roots) > 1 else "ok")


@pytest.mark.parametrize(("source", "flows", "status"), REFUSED, ids=[c[0].split(":")[0] for c in REFUSED])
def test_refused_cases(source, flows, status):
    irr = xirr(*dated(flows))
    assert (irr.rate, irr.status, irr.roots, irr.period_return) == (None, status, (), None)


@pytest.mark.parametrize(
    ("days", "amounts", "code"),
    [
        pytest.param(["2015-01-04"], [4000, -46000], "flows_differ_in_length", id="lengths differ"),
        pytest.param(["2015-01-04", "2019X06-27"], [4000, -46000], "flow_date_invalid", id="no date"),
        pytest.param([date(2015, 1, 4), None], [4000, -46000], "flow_date_invalid", id="date missing"),
        pytest.param([0.0, float("nan")], [4000, -46000], "flow_date_invalid", id="year missing"),
        pytest.param([{}, {}], [4000, -46000], "flow_date_invalid", id="not a date at all"),
        pytest.param(["2015-01-04", "2019-06-27"], ["y", -46000], "flow_amount_invalid", id="no number"),
        pytest.param(["2015-01-04", "2019-06-27"], [None, -46000], "flow_amount_invalid", id="missing"),
        pytest.param([0, 1], pl.Series([1.0, None]), "flow_amount_invalid", id="null"),
    ],
)
def test_bad_input_is_refused(days, amounts, code):
    with pytest.raises(InputError) as refused:
        xirr(days, amounts)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("days", "amounts", "status", "roots", "period_return"),
    [
        # r² for 1 + r = 1.1 at day 182.5 of a year: 21 % a year
        pytest.param([0, 0.5], [-100, 110], "not_annualised", [0.21], 0.1, id="half a year"),
        pytest.param([0, 1], [-100, 110], "ok", [0.1], None, id="a full year"),
        pytest.param([1, 0], [110, -100], "ok", [0.1], None, id="unordered"),
        pytest.param([0, 1], [100, -110], "ok", [0.1], None, id="a loan"),
        pytest.param([0, 1], [-100, 0], "no_sign_change", [], None, id="total loss"),
        pytest.param([0, 1], [0, 0], "no_sign_change", [], None, id="nothing moved"),
        pytest.param([0, 0], [-100, 110], "too_short", [], None, id="one day"),
        pytest.param([0, 0, 1], [-100, 100, 50], "no_sign_change", [], None, id="a day cancels"),
        pytest.param(
            [0, 0, 0, 1, 2], [0.1, 0.2, -0.3, -10, 11], "ok", [0.1], None, id="cancels but for rounding"
        ),
        pytest.param([0, 1, 2, 3], [0, -100, 0, 121], "ok", [0.1], None, id="zeros are no flows"),
        pytest.param([0, 1, 2], [-100, 110, 0], "ok", [0.1], None, id="NAV of zero at the end"),
        pytest.param([0, 1, 2], [-100, 100, -100], "no_root", [], None, id="signs change, no rate fits"),
        pytest.param([0, 1], [-1e9, 1e-3], "no_root", [], None, id="less than a billionth left"),
        # ln 2 · 365 a year: e^253 - 1
        pytest.param([0, 1 / 365], [-1, 2], "not_annualised", [2.0**365 - 1], 1.0, id="doubled in a day"),
        pytest.param([0, 1 / 365], [-1, 1000], "not_annualised", [], 999.0, id="rate beyond any double"),
        pytest.param(
            [0, 1 / 365, 3], [-1, 1000, 0], "not_annualised", [], 999.0, id="zero does not lengthen"
        ),
        pytest.param([0, 1 / 365, 3], [-1, 1e9, 1], "no_root", [], None, id="only rate is beyond any double"),
        # 1 + r = 1.1 and 1.2: -1, 2.3, -1.32
        pytest.param([0, 1, 2], [-100, 230, -132], "multiple_roots", [0.1, 0.2], None, id="two"),
        # the same with half the time: squares
        pytest.param(
            [0, 0.25, 0.5], [-100, 230, -132], "multiple_roots", [0.4641, 1.0736], 0.21, id="two, short"
        ),
        # (v - 1)(v - 1/1.5): 1 + r = 1 and 1.5; the sum is zero at r = 0
        pytest.param([0, 1, 2], [-100, 250, -150], "multiple_roots", [0.0, 0.5], None, id="root at zero"),
        pytest.param([0, 1, 2], [-1, 2, -1], "multiple_roots", [0.0, 0.0], None, id="double root"),
        pytest.param([0, 1, 2, 3], [-1, 3, -3, 1], "multiple_roots", [0.0] * 3, None, id="triple root"),
        pytest.param(
            [0, 1, 2, 3, 4], [-1, 4, -6, 4, -1], "multiple_roots", [0.0] * 2, None, id="fourfold root"
        ),
    ],
)
def test_verdicts(days, amounts, status, roots, period_return):
    irr = xirr(days, amounts)
    assert irr.status == status
    blur = 1e-9 if len(set(roots)) == len(roots) else 2e-5  # what doubles tell of a multiple root
    assert irr.roots == pytest.approx(tuple(roots), rel=1e-9, abs=blur)
    assert irr.period_return == pytest.approx(period_return, abs=1e-9)
    assert irr.rate == (min(irr.roots, key=lambda r: abs(np.log1p(r))) if roots else None)


def test_a_root_of_any_multiplicity_comes_quickly_and_flagged():
    amounts = np.array([-1.0])
    for fold in range(1, 9):
        amounts = np.convolve(amounts, [1, -1])
        irr = xirr(list(range(fold + 1)), amounts)
        assert irr.status == ("ok" if fold == 1 else "multiple_roots")
        assert irr.rate == pytest.approx(0, abs=1e-6)


def test_roots_a_millionth_apart_are_told_apart():
    rates = [0.1, 0.100001]
    amounts = [-1e8, 1e8 * sum(1 + r for r in rates), -1e8 * np.prod([1 + r for r in rates])]
    assert xirr([0, 1, 2], amounts).roots == pytest.approx(rates, abs=1e-8)


@pytest.mark.parametrize(
    "days",
    [
        pytest.param([datetime(2016, 1, 1, 12), datetime(2017, 1, 1, 8)], id="datetime"),  # noqa: DTZ001
        pytest.param(["2016-01-01", "2017-01-01"], id="text"),
        pytest.param(np.array(["2016-01-01", "2017-01-01"], "datetime64[D]"), id="numpy"),
        pytest.param(np.array(["2016-01-01", "2017-01-01"], "datetime64[us]"), id="microseconds"),
        pytest.param(pl.Series([date(2016, 1, 1), date(2017, 1, 1)]), id="polars"),
    ],
)
@pytest.mark.parametrize(
    "amounts",
    [
        pytest.param([Decimal(-100), Decimal("110.5")], id="decimals"),
        pytest.param(pl.Series([Decimal(-100), Decimal("110.5")], dtype=pl.Decimal(18, 2)), id="polars"),
        pytest.param(np.array([-100, 110.5]), id="numpy"),
    ],
)
def test_whatever_holds_dates_and_amounts(days, amounts):
    # 2016 is a leap year: 366 days
    assert xirr(days, amounts).rate == pytest.approx(1.105 ** (365 / 366) - 1, abs=1e-14)


def test_npv_by_hand():
    assert xnpv(0.1, ["2019-06-12", "2020-06-11", "2021-06-11"], [-100, 55, 60.5]) == pytest.approx(
        0, abs=1e-12
    )
    assert xnpv(0.25, [1, 0], [125, -90]) == pytest.approx(10)
    assert xnpv(0.1, [], []) == 0


def test_many_streams_at_once_are_each_alone():
    batch = streams(3, 30, 20)
    offsets = np.cumsum([0] + [len(days) for days, _ in batch] + [0])
    days, amounts = (np.concatenate(parts) for parts in zip(*batch, strict=True))
    many = xirr_many(days, amounts, offsets)
    alone = [xirr(np.asarray(d) / 365, a) for d, a in batch]
    assert [many.one(k).status for k in range(len(batch))] == [irr.status for irr in alone]
    for k, irr in enumerate(alone):
        assert many.one(k).roots == pytest.approx(irr.roots, rel=1e-9)
        assert many.one(k).period_return == (irr.period_return and pytest.approx(irr.period_return, rel=1e-9))
    assert many.one(len(batch)).status == "too_short"
    frame = many.frame()
    assert frame["irr_status"].to_list() == [irr.status for irr in alone] + ["too_short"]
    assert frame["irr"].null_count() == sum(irr.rate is None for irr in alone) + 1
    assert frame["irr_roots"].list.len().to_list() == [len(irr.roots) for irr in alone] + [0]


def test_a_stream_without_a_rate_does_not_vouch_for_the_next():
    # What the first leaves over at any rate must not hide that the balance of the second changes its sign.
    days = [
        97,
        168,
        293,
        599,
        1374,
        1684,
        1809,
        1856,
        1920,
        1954,
        2294,
        2350,
        2641,
        2688,
        3175,
        3200,
        3303,
        3540,
        3553,
        3560,
        3564,
        3670,
        3797,
        3833,
        3885,
    ]
    none = [
        -19.16,
        17.65,
        -34.05,
        6.52,
        -18.74,
        20.42,
        -9.85,
        23.72,
        -14.5,
        30.91,
        -18.86,
        28.07,
        -36.94,
        24.32,
        -12.96,
        9.42,
        -48.26,
        19,
        -14.24,
        21.59,
        -18.25,
        30.76,
        -20.43,
        20.22,
        -14.05,
    ]
    days = np.append(days, 365 * np.arange(4))
    amounts = np.append(none, [-1e8, 620532972.77, -1259743988.9, 838083505.2])
    result = xirr_many(days, amounts, np.array([0, 25, 29]))
    assert [result.one(k).status for k in (0, 1)] == ["no_root", "multiple_roots"]
    assert result.one(1).roots == pytest.approx([0.64, 0.966, 1.5993], abs=1e-3)


def test_no_streams_at_all():
    assert xirr_many(np.array([], "datetime64[D]"), np.array([]), np.array([0])).frame().is_empty()


def test_by_group_from_an_unsorted_table():
    flows = pl.DataFrame(
        {
            "fund": ["b", "a", "b", "a"],
            "occurred_on": [date(2016, 12, 31), date(2015, 6, 1), date(2016, 1, 1), date(2015, 1, 1)],
            "amount": [Decimal(120), Decimal(105), Decimal(-100), Decimal(-100)],
        }
    )
    assert irr_by(flows, "fund").select("fund", "irr_status", pl.col("period_return").round(9)).rows() == [
        ("a", "not_annualised", 0.05),
        ("b", "ok", None),
    ]


flow = st.tuples(st.integers(0, 5000), st.integers(-(10**9), 10**9))


@given(st.lists(flow, min_size=2, max_size=12))
@settings(max_examples=150, deadline=None)
def test_laws(flows):
    days, amounts = np.array([day for day, _ in flows]), np.array([amount for _, amount in flows]) / 100
    first = np.datetime64("2001-01-01")
    irr = xirr(first + days, amounts)
    for rate in irr.roots:
        if -0.9999 <= rate <= 1e6:
            moved = xnpv(rate, first + days, np.abs(amounts))
            assert abs(xnpv(rate, first + days, amounts)) <= 1e-9 * moved
    for other in (
        xirr(first + days, amounts * 4096),
        xirr(first + days, -amounts),
        xirr(first + days + 1234, amounts),
        xirr(first + days[::-1], amounts[::-1]),
    ):
        assert other.status == irr.status
        assert other.roots == pytest.approx(irr.roots, rel=1e-6, abs=1e-6)


def check_against_reference(batch):
    """Find the same roots from -99.99 % to 10^6, flag several; roots beyond must be roots as well."""
    offsets = np.cumsum([0] + [len(days) for days, _ in batch])
    days, amounts = (np.concatenate(parts) for parts in zip(*batch, strict=True))
    result = xirr_many(days, amounts, offsets)
    ours, theirs = (result.root_stream, np.log1p(result.roots)), reference_roots(batch)
    years, flows = padded([batch[k] for k in ours[0]])
    near = np.longdouble(1e-8) * np.maximum(1, np.abs(ours[1]))
    sides = [np.sign(value(years, flows, ours[1] + shift)) for shift in (-near, near)]
    alone = np.ones(len(ours[1]), bool)
    close = (np.diff(ours[0]) == 0) & (np.diff(ours[1]) < 1e-7)
    alone[1:] &= ~close
    alone[:-1] &= ~close
    outside = (ours[1] < np.log(1e-6)) | (ours[1] > np.log(1e9))  # the doubles themselves are coarser there
    assert (sides[0] != sides[1])[alone & ~outside].all(), "not a root"
    count, expected = (np.bincount(stream, minlength=len(batch)) for stream in (ours[0], theirs[0]))
    kept = (theirs[1] > LOWEST + 1e-6) & (theirs[1] < HIGHEST - 1e-6)
    line = ours[0] * 1e6 + ours[1]  # streams side by side on one line, ascending
    wanted = (theirs[0] * 1e6 + theirs[1])[kept]
    place = np.searchsorted(line, wanted)
    around = np.stack([line[np.clip(place + step, 0, len(line) - 1)] for step in (-1, 0)])
    assert (np.abs(around - wanted).min(axis=0) <= 1e-6).all(), "missing roots"
    # Three roots in one step of the grid look like one to the reference: more are possible, always in pairs.
    inside = (ours[1] > LOWEST + 1e-6) & (ours[1] < HIGHEST - 1e-6)
    more = np.bincount(ours[0][inside], minlength=len(batch)) - np.bincount(
        theirs[0][kept], minlength=len(batch)
    )
    assert ((more >= 0) & (more % 2 == 0)).all(), "missing or invented roots"
    assert (more > 0).sum() <= len(batch) / 1000
    verdict = np.array(VERDICTS)[result.status]
    assert (verdict[count > 1] == "multiple_roots").all()
    assert np.isin(verdict[count == 1], ["ok", "not_annualised"]).all()
    assert np.isin(verdict[(count == 0) & (expected == 0)], ["no_root", "no_sign_change", "too_short"]).all()
    assert (count >= expected).all()


def test_against_an_independent_solver():
    check_against_reference(streams(20170930, 1000, 200))


@pytest.mark.full
def test_against_an_independent_solver_in_full():
    for part in range(20):
        check_against_reference(streams(part, 5000, 500))

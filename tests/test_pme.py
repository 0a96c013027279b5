"""Public market equivalents against published examples."""

from datetime import date
from math import isnan, log

import polars as pl
import pytest

from fundtrack.metrics.pme import direct_alpha, ks_pme, ln_pme, pme_plus

INSEAD = (
    [-25, 15, 0],
    [100, 115, 130],
    20,
)  # INSEAD GPEI 02/2019, as in private_equity.rs of Anexen/pyxirr@5f31a85
WIKIPEDIA = (
    [-100, -50, 60, 10, 0],
    [100, 105, 115, 117, 120],
    110,
)  # en.wikipedia.org/wiki/Public_Market_Equivalent
WIKIPEDIA_PLUS = ([-100, -50, 60, 100, 0], [100, 105, 115, 100, 120], 20)  # its PME+ example
EDDA = (  # https://blog.edda.co/advanced-fund-performance-methods-pme-direct-alpha/
    [-80, -140, 0, 70, 140, 85],
    [890.35, 1144.98, 1271.5, 1289.09, 1466.47, 1842.37],
    70,
)


def years(amounts):
    return list(range(len(amounts)))


@pytest.mark.parametrize(
    ("amounts", "index", "nav", "printed"),
    [
        pytest.param(*INSEAD, 1.14, id="insead"),
        pytest.param([-25, 15, 20], [100, 115, 130], 0, 1.14, id="insead, NAV as last flow"),
    ],
)
def test_ks_pme(amounts, index, nav, printed):
    ratio = ks_pme(years(amounts), amounts, nav, index)
    assert ratio == pytest.approx(printed, abs=0.005)
    # by hand: (15·130/115 + 20) / (25·130/100)
    assert ratio == pytest.approx((15 * 130 / 115 + 20) / 32.5, rel=1e-14)


@pytest.mark.parametrize(
    ("amounts", "index", "nav", "final", "rate"),
    [
        pytest.param(*INSEAD, (15.543478, 1e-5), (0.144, 1e-3), id="insead"),
        pytest.param(*WIKIPEDIA, (104.28, 0.01), (0.053, 1e-3), id="wikipedia"),
    ],
)
def test_ln_pme(amounts, index, nav, final, rate):
    result = ln_pme(years(amounts), amounts, nav, index)
    assert result.nav == pytest.approx(final[0], abs=final[1])
    assert result.irr == float(result) == pytest.approx(rate[0], abs=rate[1])


def test_ln_pme_account_may_end_below_zero_and_may_have_no_irr():
    # 100 in a flat index cannot pay 300: the account ends at -200
    assert ln_pme([0, 1, 2], [-100, 300, 0], 0, [100, 100, 100]).nav == -200
    all_on_one_day = ln_pme([0, 0], [-100, 50], 0, [100, 100])
    assert (all_on_one_day.irr, all_on_one_day.nav) == (None, 50)
    assert isnan(float(all_on_one_day))


def test_pme_plus():
    scaled = pme_plus(years(INSEAD[0]), INSEAD[0], INSEAD[2], INSEAD[1])
    assert scaled.lambda_ == pytest.approx(0.7371794871794872, rel=1e-14)  # printed 0.7
    amounts, index, nav = WIKIPEDIA_PLUS
    result = pme_plus(years(amounts), amounts, nav, index)
    assert float(result) == result.irr == pytest.approx(0.0205, abs=2e-4)
    assert result.nav == nav
    # by definition the index account ends at the NAV
    carried = [a * (result.lambda_ if a > 0 else 1) * 120 / i for a, i in zip(amounts, index, strict=True)]
    assert -sum(carried) == pytest.approx(nav, rel=1e-13)
    nothing_moves = pme_plus([0, 0], [-100, 50], 50, [100, 100])
    assert isnan(float(nothing_moves))


@pytest.mark.parametrize(
    ("amounts", "index", "nav", "printed", "tolerance"),
    [
        pytest.param(*INSEAD, 0.0875, 1e-4, id="insead"),
        pytest.param(*WIKIPEDIA, 0.0109, 1e-4, id="wikipedia"),
        pytest.param(*EDDA, 0.028, 1e-3, id="edda"),
    ],
)
def test_direct_alpha(amounts, index, nav, printed, tolerance):
    alpha = direct_alpha(years(amounts), amounts, nav, index)
    assert alpha == pytest.approx(printed, abs=tolerance)
    assert direct_alpha(years(amounts), amounts, nav, index, continuous=True) == pytest.approx(log(1 + alpha))


def test_a_fund_that_is_the_index_is_worth_exactly_the_index():
    days = [date(2014, 1, 1), date(2015, 3, 1), date(2016, 7, 9), date(2017, 9, 30)]
    index = [100.0, 130.0, 90.0, 150.0]
    amounts = [-100.0, -50.0, 60.0, 0.0]
    nav = sum(-a * 150 / i for a, i in zip(amounts, index, strict=True))
    assert ks_pme(days, amounts, nav, index) == pytest.approx(1, rel=1e-14)
    assert direct_alpha(days, amounts, nav, index) == pytest.approx(0, abs=1e-14)
    assert pme_plus(days, amounts, nav, index).lambda_ == pytest.approx(1, rel=1e-14)
    assert ln_pme(days, amounts, nav, index).nav == pytest.approx(nav, rel=1e-14)


def test_order_does_not_matter_and_series_are_welcome():
    days = pl.Series([date(2016, 1, 1), date(2014, 1, 1), date(2015, 1, 1)])
    amounts, index = pl.Series([0.0, -25.0, 15.0]), pl.Series([130.0, 100.0, 115.0])
    assert ks_pme(days, amounts, 20, index) == ks_pme([0, 1, 2], *INSEAD[:1], 20, INSEAD[1])
    assert direct_alpha(days, amounts, 20, index) == pytest.approx(0.08757238089018553, rel=1e-12)


@pytest.mark.parametrize(
    ("amounts", "index"),
    [
        pytest.param([25, 15, 0], [100, 115, 130], id="nothing paid in"),
        pytest.param([-25, 15, 0], [100, None, 130], id="level missing"),
        pytest.param([-25, 15, 0], [100, 0, 130], id="level of zero"),
        pytest.param([-25, 15, 0], [100, 115], id="too few levels"),
        pytest.param([], [], id="no flows"),
    ],
)
def test_unknown_is_none(amounts, index):
    dates = years(amounts)
    assert [measure(dates, amounts, 20, index) for measure in (ks_pme, ln_pme, pme_plus, direct_alpha)] == [
        None
    ] * 4


def test_nothing_distributed_leaves_nothing_to_scale():
    assert pme_plus([0, 1], [-100, 0], 110, [100, 105]) is None
    assert ks_pme([0, 1], [-100, 0], 110, [100, 105]) == pytest.approx(110 / 105)

"""The Takahashi-Alexander model against published tables."""

import pytest

from fundtrack.errors import InputError
from fundtrack.metrics.irr import xirr
from fundtrack.metrics.pacing import takahashi_alexander

# D. Takahashi, S. Alexander, "Illiquid Alternative Asset Fund Modeling", Yale 2001, parameter sets;
# second year of the venture sets 33.3 %. (rates, life, bow, growth, yield)
PARAMETERS = {
    "venture": ([0.25, 0.333, 0.5], 12, 2.5, 0.13, 0.0),
    "buyout": ([0.25, 0.5], 12, 2.5, 0.13, 0.0),
    "real estate": ([0.4], 12, 5, 0.08, 0.05),
    "oil and gas": ([0.3, 0.5], 15, 1, 0.08, 0.15),
    "venture, downside": ([0.25, 0.333, 0.5], 18, 2.2, 0.07, 0.0),
}
# First four years of contribution, distribution and NAV for a commitment of 100, to four decimals.
FIRST_YEARS = {
    "venture": [
        (25, 0, 25),
        (24.975, 0.3204, 52.9046),
        (25.0125, 1.8682, 82.9265),
        (12.5063, 6.0113, 100.2019),
    ],
    "buyout": [(25, 0, 25), (37.5, 0.3204, 65.4296), (18.75, 2.3105, 90.375), (9.375, 6.5512, 104.9475)],
    "real estate": [(40, 0, 40), (24, 2.16, 65.04), (14.4, 3.5122, 81.131), (8.64, 4.3811, 91.8804)],
    "oil and gas": [(30, 0, 30), (35, 4.86, 62.54), (17.5, 13.5086, 71.5346), (8.75, 20.602, 65.4054)],
    "venture, downside": [
        (25, 0, 25),
        (24.975, 0.2128, 51.5122),
        (25.0125, 1.0699, 79.0606),
        (12.5063, 3.0923, 94.0088),
    ],
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_published_parameter_sets(name):
    rates, life, bow, growth, yield_rate = PARAMETERS[name]
    plan = takahashi_alexander(100, rates, life, bow, growth, yield_rate)
    assert plan["year"].to_list() == list(range(1, life + 1))
    for row, expected in zip(
        plan.select("contribution", "distribution", "nav").rows(), FIRST_YEARS[name], strict=False
    ):
        assert row == pytest.approx(expected, abs=5.1e-5)
    # in the last year all that is held is distributed: only that year's own contribution is left
    assert plan["nav"][-1] == pytest.approx(plan["contribution"][-1], abs=1e-9)
    flows = (plan["distribution"] - plan["contribution"]).to_list()
    flows[-1] += plan["nav"][-1]
    irr = xirr(plan["year"].to_list(), flows)
    assert (irr.status, irr.rate) == ("ok", pytest.approx(growth, abs=1e-12))


def test_published_table():
    """jzhang1223/CBA@0e06e3e, Tests/FundModelTest.py, test_2_simple: printed to the cent."""
    plan = takahashi_alexander(
        3_500_000, [0.4, 0.66, 0.67, 0.4, 1.0], 8, 1.5, 0.13, 0.06, last_investment_year=4
    )
    assert plan["contribution"].to_list() == pytest.approx(
        [1400000, 1386000, 478380, 94248, 0, 0, 0, 0], abs=0.06
    )
    assert plan["distribution"].to_list() == pytest.approx(
        [0, 197750, 718859.98, 1154560.36, 1231293.86, 925276.76, 461779.55, 115719.74], abs=0.06
    )
    assert plan["nav"].to_list() == pytest.approx(
        [1400000, 2770250, 2889902.52, 2205277.49, 1260669.7, 499280.0, 102406.85, 0.0], abs=0.06
    )


def test_a_last_rate_of_one_calls_all_that_is_left_and_zero_nothing_more():
    assert takahashi_alexander(100, [0.5, 1], 4, 2, 0.1, 0)["contribution"].to_list() == [50, 50, 0, 0]
    assert takahashi_alexander(100, [0.5, 0], 4, 2, 0.1, 0)["contribution"].to_list() == [50, 0, 0, 0]


@pytest.mark.parametrize(
    ("rates", "life"),
    [
        pytest.param([0.5], 0, id="no life"),
        pytest.param([], 5, id="no rates"),
        pytest.param([1.5], 5, id="more than all"),
        pytest.param([-0.1], 5, id="less than nothing"),
    ],
)
def test_impossible_parameters_are_refused(rates, life):
    with pytest.raises(InputError, match="pacing_parameters"):
        takahashi_alexander(100, rates, life, 2, 0.1, 0)

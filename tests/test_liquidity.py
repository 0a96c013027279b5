"""Pacing of the portfolio's own vintages, projections, and the cash of guidance funds: hand-worked."""

from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from ledgers import ledger

from fundtrack.metrics.calibration import CLASSIC, Stakes, calibrate, stakes_at
from fundtrack.metrics.irr import xirr
from fundtrack.metrics.liquidity import liquidity, past
from fundtrack.metrics.pacing import takahashi_alexander
from fundtrack.metrics.projection import Projection, Stress, project, quarters_after, yearly

DAY = date(2017, 9, 30)


def by_the_model(rates, life, bow, growth, ages):
    """Participations of 100 each that have followed the model just so, one per age in whole years."""
    plan = takahashi_alexander(100, rates, life, bow, growth, 0.0)
    years = max(ages)
    called, returned = np.zeros((len(ages), years)), np.zeros((len(ages), years))
    nav = np.zeros(len(ages))
    for at, age in enumerate(ages):
        called[at, :age] = plan["contribution"][:age]
        returned[at, :age] = plan["distribution"][:age]
        nav[at] = plan["nav"][age - 1]
    owner = np.array(["G"] * len(ages))
    full = np.full(len(ages), 100.0)
    return Stakes(
        owner,
        owner,
        full,
        full - called.sum(axis=1),
        nav,
        np.array(ages, float),
        np.full(len(ages), float(life)),
        called,
        returned,
        0,
    )


AGES = [1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9] * 2


@pytest.mark.parametrize(("rates", "life", "bow", "growth"), [
    pytest.param([0.3, 0.4, 0.5], 10, 2.0, 0.08, id="venture-like"),
    pytest.param([0.25, 1 / 3, 0.5], 12, 2.5, 0.13, id="classic"),
    pytest.param([0.6, 0.2, 0.2], 10, 1.0, 0.02, id="early and flat"),
])  # fmt: skip
def test_who_followed_the_model_is_found_again(rates, life, bow, growth):
    pace = calibrate(by_the_model(rates, life, bow, growth, AGES))
    assert pace.own
    assert pace.rates[:3] == pytest.approx(rates, abs=1e-9)
    assert pace.rates[3] == pytest.approx(rates[-1], abs=1e-9)
    assert pace.life == life
    assert pace.growth == pytest.approx(growth, rel=0.1), (
        "payments are taken in the middle of a year, the model has them at its end"
    )
    assert pace.bow == pytest.approx(bow, rel=0.1)


def test_too_few_old_participations_give_the_classic_parameters():
    pace = calibrate(by_the_model([0.3, 0.4, 0.5], 10, 2.0, 0.08, [1, 2, 2, 1] * 5 + [3] * 9))
    assert (pace.own, pace.rates, pace.life, pace.bow, pace.growth) == (
        False,
        CLASSIC.rates,
        12,
        2.5,
        0.13,
    )
    assert pace.stakes == 9


def test_where_money_comes_back_later_than_terms_allow_the_life_is_longer():
    stakes = by_the_model([0.3, 0.4, 0.5], 14, 2.5, 0.08, [8, 9, 10, 11] * 5)
    short = Stakes(
        *[np.full(20, 6.0) if name == "life" else getattr(stakes, name) for name in Stakes.__slots__]
    )
    assert calibrate(short).life > 8


def test_a_projection_goes_on_where_the_model_does():
    """Of participations that all followed the model, the next four quarters call and return about what its next year does."""
    rates, life, bow, growth = [0.3, 0.4, 0.5], 10, 2.0, 0.08
    stakes = by_the_model(rates, life, bow, growth, AGES)
    found = project(stakes, date(2016, 12, 31), 8)
    plan = takahashi_alexander(100, rates, life, bow, growth, 0.0)
    next_calls = sum(plan["contribution"][age] for age in AGES)
    next_back = sum(plan["distribution"][age] for age in AGES)
    calls, back = (flow[:, 0, :4].sum(axis=1) for flow in (found.calls, found.returns))
    assert np.median(calls) == pytest.approx(next_calls, rel=0.03)
    assert np.median(back) == pytest.approx(next_back, rel=0.12)
    assert np.quantile(back, 0.1) < np.median(back) < np.quantile(back, 0.9)
    assert (found.calls.sum(axis=2) <= stakes.remaining.sum() + 1e-6).all(), "no more is called than was left"


def test_scenarios_shift_a_projection():
    stakes = by_the_model([0.3, 0.4, 0.5], 10, 2.0, 0.08, AGES)
    base, slow, down = (
        project(stakes, DAY, 8, stress) for stress in (None, Stress(exits=0.5), Stress(nav=0.7))
    )
    assert (slow.returns[:, 0, :4].sum(axis=1) < base.returns[:, 0, :4].sum(axis=1)).all()
    assert np.median(slow.nav[:, 0, 3]) > np.median(base.nav[:, 0, 3])
    first = np.median(down.returns[:, 0, 0]) / np.median(base.returns[:, 0, 0])
    assert first == pytest.approx(0.7, abs=0.01)
    assert (slow.calls == base.calls).all()


def test_classic_parameters_have_a_range_too():
    found = project(by_the_model([0.3, 0.4], 10, 2.0, 0.08, [1, 1]), DAY, 4)
    assert not found.pace.own
    low, high = np.quantile(found.calls[:, 0, :].sum(axis=1), [0.1, 0.9])
    assert low < high


def test_quarters_add_up_to_years():
    days = quarters_after(date(2017, 8, 1), 6)
    assert [day.isoformat() for day in days] == [
        "2017-09-30",
        "2017-12-31",
        "2018-03-31",
        "2018-06-30",
        "2018-09-30",
        "2018-12-31",
    ]
    flows = np.array([[[1.0, 2, 4, 8, 16, 32]]])
    found = yearly(Projection(days, ("G",), flows, 2 * flows, flows, CLASSIC, 0))
    assert found[2017] == {"calls": (3, 3, 3), "returns": (6, 6, 6), "nav": (2, 2, 2)}
    assert found[2018] == {"calls": (60, 60, 60), "returns": (120, 120, 120), "nav": (32, 32, 32)}


ROWS = {
    "guidance_fund": [{"guidance_fund_id": "G", "name": "g", "kind": "venture", "currency": "CNY"}],
    "guidance_flow": [
        {"guidance_fund_id": "G", "kind": kind, "occurred_on": day, "amount": amount, "currency": "CNY", "line_no": str(at)}
        for at, (kind, day, amount) in enumerate([
            ("budgeted", "2016-01-05", 1000), ("received", "2016-02-01", 600), ("interest", "2016-06-30", 5), ("fee", "2016-06-30", 20),
            ("principal_remitted", "2017-08-01", 30), ("income_remitted", "2017-08-01", 10), ("balance", "2017-09-30", 400), ("received", "2017-11-01", 99),
        ])
    ],
    "manager": [{"manager_id": "M", "name": "m"}],
    "partner_fund": [{"partner_fund_id": "P", "name": "p", "manager_id": "M", "currency": "CNY", "committed_size": 2000, "established_on": "2016-03-01", "term_end": "2023-03-01"}],
    "participation": [{"participation_id": "A", "guidance_fund_id": "G", "partner_fund_id": "P", "signed_on": "2016-02-20", "commitment": 900, "currency": "CNY"}],
    "cash_flow": [
        {"participation_id": "A", "kind": kind, "occurred_on": day, "amount": amount, "currency": "CNY", "line_no": str(at)}
        for at, (kind, day, amount) in enumerate([("call", "2016-04-01", 200), ("distribution", "2017-07-01", 50), ("call", "2017-12-01", 77)])
    ],
    "valuation": [{"participation_id": "A", "valued_on": "2017-06-30", "nav": 260, "currency": "CNY"}],
}  # fmt: skip


def test_the_past_adds_up_by_quarter():
    """600 received in the first quarter; + 5 - 20 - 200 = 385 in the second; + 50 - 40 = 395 in the third of 2017."""
    rows = past(ledger(ROWS), DAY)
    assert rows.select("quarter", "cash", "declared").rows() == [
        (date(2016, 3, 31), Decimal("600.00"), None),
        (date(2016, 6, 30), Decimal("385.00"), None),
        (date(2017, 9, 30), Decimal("395.00"), Decimal("400.00")),
    ]
    last = rows.row(-1, named=True)
    assert (last["back"], last["remitted"], last["calls"]) == (50, 40, 0)
    assert past(ledger(ROWS), date(2017, 8, 15))["quarter"][-1] == date(2017, 8, 15), (
        "the last quarter ends with the day"
    )


def test_when_money_runs_short():
    """395 in hand, 400 budgeted and still to come, 700 unfunded, nothing kept but a fifth of what comes back.

    With the classic rates a third of 700 falls due by next spring and half of the rest in each year after: by the
    end of 2019 more than 500 of it. Without the pending budget the cash is gone within these three years.
    """
    tables = ledger(ROWS)
    found = liquidity(tables, DAY)
    row = found.short.row(0, named=True)
    assert (row["cash"], row["unfunded"], row["pending"]) == (395, 700, 400)
    assert row["chance"] < 0.5
    cut = dict(ROWS) | {"guidance_flow": [row for row in ROWS["guidance_flow"] if row["kind"] != "budgeted"]}
    short = liquidity(ledger(cut), DAY).short.row(0, named=True)
    assert short["pending"] == 0
    assert short["expected"] is not None and short["earliest"] <= short["expected"]
    requests = liquidity(ledger(cut), DAY).requests
    assert requests["expected"].sum() > 0
    assert (requests["low"] <= requests["expected"]).all() and (
        requests["expected"] <= requests["high"]
    ).all()
    first = requests.row(0, named=True)
    assert (first["year"], first["available"]) == (2017, 395)


def test_every_figure_ahead_has_its_range_and_nothing_later_is_used():
    tables = ledger(ROWS)
    found = liquidity(tables, DAY)
    assert found.ahead.height == 4 * 12
    assert (found.ahead["low"] <= found.ahead["expected"]).all() and (
        found.ahead["expected"] <= found.ahead["high"]
    ).all()
    assert found.ahead.null_count().sum_horizontal()[0] == 0
    cut = dict(tables)
    cut["cash_flow"] = cut["cash_flow"].filter(pl.col("occurred_on") <= DAY)
    cut["guidance_flow"] = cut["guidance_flow"].filter(pl.col("occurred_on") <= DAY)
    assert liquidity(cut, DAY).ahead.equals(found.ahead)


def test_ended_and_unsigned_participations_are_not_projected():
    rows = dict(ROWS) | {"participation": [*ROWS["participation"],
        {"participation_id": "B", "guidance_fund_id": "G", "partner_fund_id": "P", "approved_on": "2017-01-01", "approved_amount": 5, "currency": "CNY"},
        {"participation_id": "C", "guidance_fund_id": "G", "partner_fund_id": "P", "signed_on": "2016-01-01", "commitment": 5, "currency": "CNY", "dropped_on": "2016-05-01"},
        {"participation_id": "D", "guidance_fund_id": "G", "partner_fund_id": "P", "signed_on": "2017-10-01", "commitment": 5, "currency": "CNY"},
    ]}  # fmt: skip
    assert stakes_at(ledger(rows), DAY, "CNY").name.tolist() == ["A"]
    assert liquidity(ledger({}), DAY).short.is_empty()


@pytest.mark.parametrize("pace", [
    pytest.param(CLASSIC, id="classic"),
    pytest.param(calibrate(by_the_model([0.3, 0.4, 0.5], 10, 2.0, 0.08, AGES)), id="the portfolio's own"),
])  # fmt: skip
def test_the_irr_of_a_pace_is_its_growth(pace):
    plan = takahashi_alexander(100, pace.rates, pace.life, pace.bow, pace.growth, 0.0)
    flows = (plan["distribution"] - plan["contribution"]).to_list()
    flows[-1] += plan["nav"][-1]
    assert xirr(plan["year"].to_list(), flows).rate == pytest.approx(pace.growth, abs=1e-9)

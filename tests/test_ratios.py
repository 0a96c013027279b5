"""Leverage by its three definitions, paid-in rate, progress, early stage, reinvestment: worked by hand."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from portfolio_rows import flows_of, stake, tables

from fundtrack.metrics.ratios import RATIOS, fund_ratios, total_ratios
from fundtrack.metrics.reinvest import agreed, agreed_totals, recognised

AS_OF = date(2017, 9, 30)


def committed(fund, kind, amount, day="2014-01-01", reason="initial", **others):
    return {"partner_fund_id": fund, "investor": kind, "kind": kind, "effective_on": day, "amount": amount,
            "reason": reason} | others  # fmt: skip


def paid(fund, investor, amount, day="2014-02-01"):
    return {"partner_fund_id": fund, "investor": investor, "call_no": "1", "paid_on": day, "amount": amount}


def made(name, fund, amount, stage="seed", **others):
    return {"investment_id": name, "partner_fund_id": fund, "company_id": "C1", "invested_on": "2015-01-01", "stage": stage,
            "amount": amount, "currency": "CNY"} | others  # fmt: skip


def world(stakes=None, **others):
    rows = {
        "investor_commitment": [
            committed("P1", "guidance", "200"), committed("P1", "public", "100"), committed("P1", "state_owned", "100"),
            committed("P1", "manager", "50"), committed("P1", "private", "450"), committed("P1", "natural_person", "100"),
            committed("P1", "private", "7", "2018-01-01", "increase"), committed("P1", "private", "9", currency="USD", reason="acquired"),
        ],
        "fund_paid_in": [paid("P1", "guidance", "160"), paid("P1", "public", "80"), paid("P1", "private", "560"), paid("P1", "private", "5", "2018-01-01")],
        "investment": [
            made("I1", "P1", "300", joint_amount="400"), made("I2", "P1", "100", "startup"), made("I3", "P1", "200", "growth", joint_amount="60"),
            made("I4", "P1", "999", invested_on="2017-10-01"),
        ],
    } | others  # fmt: skip
    book = tables(stakes or [stake("A1")], flows_of("A1", "call 160 2014-02-01; call 1 2018-01-01"), **rows)
    funds = book["partner_fund"].with_columns(
        established_on=pl.lit(date(2014, 1, 1)), committed_size=pl.lit(Decimal("1000.00"))
    )
    return book | {"partner_fund": funds}


def test_every_ratio_of_a_fund():
    row = fund_ratios(world(), AS_OF).row(0, named=True)
    expected = {
        "leverage_paid_in": 800 / 160,
        "leverage_social": 600 / 400,
        "leverage_project": (600 + 460) / (160 + 80),
        "paid_in_rate": 800 / 1000,
        "progress": 600 / 800,
        "joint_ratio": 460 / 600,
        "early_of_size": 400 / 1000,
        "early_of_invested": 400 / 600,
    }
    assert {name: row[name] for name in RATIOS} == pytest.approx(expected)
    assert row["counted"]


def test_an_undated_commitment_counts_from_the_set_up():
    rows = [committed("P1", "guidance", "100", None), committed("P1", "private", "300", None)]
    book = world(investor_commitment=rows)
    assert fund_ratios(book, AS_OF)["leverage_social"].to_list() == [3.0]
    assert fund_ratios(book, date(2013, 12, 31))["leverage_social"].to_list() == [None]


def test_an_investment_in_another_currency_makes_its_sums_unknown():
    book = world(investment=[made("I1", "P1", "300"), made("I2", "P1", "100", currency="USD")])
    row = fund_ratios(book, AS_OF).row(0, named=True)
    assert (row["invested"], row["progress"], row["leverage_project"], row["early_of_size"]) == (None,) * 4
    assert row["leverage_paid_in"] == 5.0


def test_nothing_known():
    book = tables([stake("A1")])
    row = fund_ratios(book, AS_OF).row(0, named=True)
    assert [row[name] for name in RATIOS] == [None] * len(RATIOS)
    assert total_ratios(book, AS_OF).is_empty()  # not established: it does not count


def test_totals_take_funds_that_know_both_sides_and_never_add_currencies():
    stakes = [stake("A1"), stake("A2"), stake("A3", currency="USD")]
    book = world(stakes)
    book["fund_paid_in"] = pl.concat(
        [book["fund_paid_in"], world(stakes, fund_paid_in=[paid("P2", "private", "500")])["fund_paid_in"]]
    )
    yuan, dollars = total_ratios(book, AS_OF).iter_rows(named=True)
    # P2 paid in 500 of 1000, but no guidance money is known of it: not in leverage, but in the paid-in rate
    assert (yuan["leverage_paid_in"], yuan["leverage_paid_in_funds"], yuan["leverage_paid_in_above"]) == (
        5.0,
        1,
        800,
    )
    assert (yuan["paid_in_rate"], yuan["paid_in_rate_funds"], yuan["funds"]) == (1300 / 2000, 2, 2)
    assert (dollars["currency"], dollars["leverage_paid_in"], dollars["leverage_paid_in_funds"]) == (
        "USD",
        None,
        0,
    )


def recognise(stake_id, amount, day, investment="I1", company="C1"):
    return {"participation_id": stake_id, "company_id": company, "investment_id": investment, "recognised": amount,
            "basis": "注册在杭", "recognised_on": day, "recognised_by": "示例"}  # fmt: skip


@pytest.mark.parametrize(
    ("terms", "required"),
    [
        # P1: 1000 committed, 600 invested; A1: 250 committed, 160 paid in
        pytest.param({"reinvest_kind": "倍数", "reinvest_required": "1.5", "reinvest_base": "认缴"}, "375.00", id="multiple of committed"),
        pytest.param({"reinvest_kind": "倍数", "reinvest_required": "1.5", "reinvest_base": "实缴"}, "240.00", id="multiple of paid-in"),
        pytest.param({"reinvest_kind": "占基金规模", "reinvest_required": "0.4"}, "400.00", id="share of size"),
        pytest.param({"reinvest_kind": "占已投金额", "reinvest_required": "0.33333333"}, "200.00", id="share of invested"),
        pytest.param({"reinvest_kind": "倍数", "reinvest_required": "1.5"}, None, id="multiple of what?"),
        pytest.param({"reinvest_kind": "倍数", "reinvest_base": "认缴"}, None, id="how much?"),
        pytest.param({}, None, id="nothing agreed"),
    ],
)  # fmt: skip
def test_reinvestment_required(terms, required):
    row = agreed(world([stake("A1", commitment="250", **terms)]), AS_OF).row(0, named=True)
    assert row["required"] == (required and Decimal(required))
    assert (row["recognised"], row["reinvest_ratio"]) == (0, required and 0.0)


def test_before_any_call_the_paid_in_base_is_nothing():
    terms = {"reinvest_kind": "倍数", "reinvest_required": "1.5", "reinvest_base": "实缴"}
    row = agreed(world([stake("A1"), stake("A9", **terms)]), AS_OF).filter(pl.col("participation_id") == "A9")
    assert (row["required"].item(), row["reinvest_ratio"].item()) == (0, None)


def test_what_is_not_agreed_yet_asks_nothing():
    book = world([stake("A1"), stake("A2", signed_on="2017-12-01"), stake("A3", signed_on=None)])
    assert agreed(book, AS_OF)["participation_id"].to_list() == ["A1"]


def test_each_yuan_counts_once():
    # I1 is 300: A1 is recognised 200, then A2 200 of which 100 is left, then A1 50 of which nothing is
    book = world(
        [stake("A1"), stake("A2", "G2", fund="P1"), stake("A3", currency="USD")],
        reinvestment=[
            recognise("A1", "200", "2016-01-01"), recognise("A2", "200", "2016-02-01"), recognise("A1", "50", "2016-03-01"),
            recognise("A1", "30", "2016-01-01", None), recognise("A3", "5", "2016-01-01"), recognise("A1", "9", "2017-12-31"),
        ],
    )  # fmt: skip
    rows = recognised(book, AS_OF).sort("participation_id")
    # without an investment nothing limits the 30; dollars are not measured against yuan
    assert rows.rows() == [("A1", 230, 50, 1), ("A2", 100, 100, 0), ("A3", 5, 0, 1)]


def test_totals_of_reinvestment():
    terms = {"reinvest_kind": "占基金规模", "reinvest_required": "0.2"}
    book = world(
        [stake("A1", **terms), stake("A2", "G2", fund="P1")],
        reinvestment=[recognise("A1", "150", "2016-01-01"), recognise("A2", "70", "2016-01-01", "I2")],
    )
    assert agreed(book, AS_OF)["reinvest_ratio"].to_list() == [0.75, None]
    # A2 has no requirement: what it did is in no ratio
    assert agreed_totals(book, AS_OF).rows() == [("all", "CNY", 200, 150, 1, 1, 0.75)]


@pytest.mark.parametrize(("base", "share"), [("基金规模", 0.4), ("已投金额", 400 / 600), (None, None)])
def test_early_stage_on_the_agreed_base(base, share):
    row = agreed(world([stake("A1", early_base=base, early_min="0.6")]), AS_OF).row(0, named=True)
    assert (row["early_share"], row["early_min"]) == (share and pytest.approx(share), Decimal("0.6"))

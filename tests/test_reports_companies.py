"""The companies report: totals, groups, the largest, the shared and the realised, counted by hand."""

import json
from datetime import date
from decimal import Decimal

import pytest
from ledgers import ledger
from portfolio_rows import flows_of, nav, stake, tables
from random_returns import DISTRICTS, INDUSTRIES
from test_reports_returns import Known

from fundtrack.reports.companies import SHOWN_BY, companies_report

AS_OF = date(2017, 9, 30)


def book():
    """F1: guidance paid 20 of 100; F2: 10 of 40. K1 is held by both; K2 half sold; K3 is not valued."""
    funds = [
        {"partner_fund_id": one, "name": f"示例{one}", "manager_id": "M1", "currency": "CNY"}
        for one in ("F1", "F2")
    ]
    paid = [
        {
            "partner_fund_id": fund,
            "investor": who,
            "call_no": "1",
            "line_no": "1",
            "paid_on": "2014-01-01",
            "amount": amount,
        }
        for fund, who, amount in (
            ("F1", "引导", "20"),
            ("F1", "其他", "80"),
            ("F2", "引导", "10"),
            ("F2", "其他", "30"),
        )
    ]
    made = [
        ("I1", "F1", "K1", "40", "seed"),
        ("I2", "F1", "K2", "20", "startup"),
        ("I3", "F2", "K1", "12", "growth"),
        ("I4", "F2", "K3", "8", "seed"),
    ]
    return Known(
        tables(
            [stake("A1") | {"partner_fund_id": "F1"}, stake("A2") | {"partner_fund_id": "F2"}],
            [*flows_of("A1", "call 20 2014-01-01"), *flows_of("A2", "call 10 2014-01-01")],
            [nav("A1", "30", "2017-06-30"), nav("A2", "10", "2017-06-30")],
            partner_fund=funds,
            fund_paid_in=paid,
            company=[
                {"company_id": "K1", "name": "甲", "district": "临安市", "industry": "I65"},
                {"company_id": "K2", "name": "乙", "district": "330106", "industry": "C27"},
                {"company_id": "K3", "name": "丙"},
            ],
            investment=[
                {"investment_id": one, "partner_fund_id": fund, "company_id": company, "invested_on": "2015-05-05", "stage": stage,
                 "amount": amount, "currency": "CNY"}
                for one, fund, company, amount, stage in made
            ],
            investment_exit=[{"investment_id": "I2", "exited_on": "2017-01-10", "line_no": "1", "cost": "10", "proceeds": "25", "currency": "CNY"}],
            holding_valuation=[
                {"investment_id": one, "valued_on": "2017-06-30", "cost": cost, "value": value, "currency": "CNY"}
                for one, cost, value in (("I1", "40", "60"), ("I2", "10", "15"), ("I3", "12", "6"))
            ],
            district=DISTRICTS,
            industry=INDUSTRIES,
            cover=[{"sender": "示例", "as_of": "2017-09-30", "unit": "元"}],
        )
    )  # fmt: skip


def test_totals_and_what_they_explain():
    [row] = companies_report(book()).totals.to_dicts()
    # a fifth of 60 in F1, a quarter of 20 in F2; cost left 50 and 20; value 75 and 6
    expected = {"companies": 3, "investments": 4, "unvalued": 1, "share_unknown": 0, "fund_invested": 80, "fund_cost": 70, "fund_value": 81,
                "guidance_invested": 17, "guidance_cost": 15, "guidance_value": Decimal("16.5"), "nav": 40, "explained": Decimal("16.5")}  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert row["coverage"] == pytest.approx(16.5 / 40)
    assert (row["oldest_nav_on"], row["rolled_share"], row["stale_share"]) == (date(2017, 6, 30), 0, 0)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        # 临安 is a city of county rank until 2017-10-30: K1 52 by the funds, 8 + 3 of guidance money
        pytest.param("district", [("330185", "临安市", 52, 11), ("330106", "西湖区", 20, 4), (None, None, 8, 2)], id="district of the day"),
        pytest.param("city", [("330100", "杭州市", 72, 15), (None, None, 8, 2)], id="city"),
        pytest.param("industry_division", [("65", "软件", 52, 11), ("27", "医药制造业", 20, 4), (None, None, 8, 2)], id="division"),
        pytest.param("stage", [("seed", "seed", 48, 10), ("startup", "startup", 20, 4), ("growth", "growth", 12, 3)], id="stage"),
        pytest.param("company", [("K1", "甲", 52, 11), ("K2", "乙", 20, 4), ("K3", "丙", 8, 2)], id="company"),
    ],
)  # fmt: skip
def test_groups(by, expected):
    rows = (
        companies_report(book())
        .groups.filter(by=by)
        .select("group", "name", "fund_invested", "guidance_invested")
    )
    assert rows.rows() == expected


def test_every_grouping_holds_all_the_money():
    report = companies_report(book())
    for by in SHOWN_BY:
        rows = report.groups.filter(by=by)
        assert (rows["fund_invested"].sum(), rows["guidance_value"].sum()) == (80, Decimal("16.5")), by
        assert rows["share"].sum() == pytest.approx(1)


def test_from_2017_10_31_the_same_company_is_in_a_district_of_the_city():
    rows = companies_report(book(), date(2017, 12, 31)).groups.filter(by="district")
    assert rows["group"].to_list() == ["330112", "330106", None]
    assert rows["name"].to_list() == ["临安区", "西湖区", None]


def test_the_largest_the_shared_and_the_realised():
    report = companies_report(book())
    assert report.top.select("place", "company_name", "funds", "guidance_cost").rows()[0] == (1, "甲", 2, 11)
    assert report.overlap.select("company_name", "funds", "fund_cost").rows() == [("甲", 2, 52)]
    assert report.pairs.select("one_name", "other_name", "companies").rows() == [("示例F1", "示例F2", 1)]
    whole = report.concentration.row(0, named=True)
    assert (whole["group"], whole["companies"], whole["top1"]) == ("all", 3, pytest.approx(52 / 70))
    assert whole["hhi"] == pytest.approx((52**2 + 10**2 + 8**2) / 70**2)
    done = report.realised.row(0, named=True)
    assert (done["exit_cost"], done["proceeds"], done["gain_realised"], done["unvalued"]) == (10, 25, 15, 1)
    assert done["multiple_unrealised"] == pytest.approx(
        81 / 62
    )  # K3 has no value: its cost does not count either


def test_json_and_nothing_loaded():
    told = companies_report(book()).as_json()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    none = companies_report(Known(ledger({}))).as_json()
    assert none["as_of"] is None
    assert all(none[name] == [] for name in none if name not in {"as_of", "edition"})

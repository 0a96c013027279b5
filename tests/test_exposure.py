"""Look-through: whose money is in which company, where, in which industry; nothing rescaled, nothing guessed."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from ledgers import ledger
from portfolio_rows import flows_of, nav, stake, tables

from fundtrack.metrics.concentration import (
    concentration,
    fund_coverage,
    nav_coverage,
    overlap,
    overlap_pairs,
    top_holdings,
)
from fundtrack.metrics.districts import districts_at
from fundtrack.metrics.exposure import BY, guidance_shares, look_through, placed
from fundtrack.metrics.industry import industries_at

SEEDS = Path(__file__).parents[1] / "seeds"
AS_OF = date(2017, 9, 30)
USCC = "91330100799655058B"


def seed(stem):
    with (SEEDS / f"{stem}.csv").open(encoding="utf-8") as file:
        return [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]


REFERENCE = ledger({"district": seed("districts"), "industry": seed("industries")})


@pytest.mark.parametrize(
    ("written", "day", "expected"),
    [
        pytest.param("330185", "2017-09-30", ("330185", "临安市", "330100"), id="code of its time"),
        pytest.param("临安区", "2017-09-30", ("330185", "临安市", "330100"), id="later name, earlier day"),
        pytest.param("330112", "2017-09-30", ("330185", "临安市", "330100"), id="later code, earlier day"),
        pytest.param("临安市", "2017-12-31", ("330112", "临安区", "330100"), id="earlier name, later day"),
        pytest.param("330185000000", "2017-10-31", ("330112", "临安区", "330100"), id="twelve digits"),
        pytest.param("３３０１０８", "2017-09-30", ("330108", "滨江区", "330100"), id="full width"),
        pytest.param("浙江省 杭州市滨江区", "2017-09-30", ("330108", "滨江区", "330100"), id="whole path"),
        pytest.param("杭州市滨江区", "2017-09-30", ("330108", "滨江区", "330100"), id="with its city"),
        pytest.param("北京市海淀区", "2017-09-30", ("110108", "海淀区", "110000"), id="municipality"),
        pytest.param("杭州市", "2017-09-30", ("330100", "杭州市", "330100"), id="a city is its own"),
        pytest.param("浙江省", "2017-09-30", ("330000", "浙江省", None), id="a province is no city"),
        pytest.param("下城区", "2021-12-31", (None, None, None), id="gone without heir"),
        pytest.param("330402", "2000-01-01", ("330402", "秀城区", "330400"), id="one code, names in turn"),
        pytest.param("999999", "2017-09-30", (None, None, None), id="no such code"),
        pytest.param("硅谷", "2017-09-30", (None, None, None), id="no such name"),
    ],
)
def test_districts(written, day, expected):
    row = districts_at(REFERENCE["district"], [written, None], date.fromisoformat(day)).row(0, named=True)
    assert (row["code"], row["name"], row["city"]) == expected


def test_a_name_of_two_districts_is_neither():
    table = ledger(
        {
            "district": [
                {
                    "code": code,
                    "name": "鼓楼区",
                    "parent": parent,
                    "valid_from": "1980-12-31",
                    "source": "测试",
                }
                for code, parent in (("320106", "320100"), ("350102", "350100"))
            ]
        }
    )["district"]
    assert districts_at(table, ["鼓楼区"], AS_OF)["code"].to_list() == [None]


@pytest.mark.parametrize(
    ("written", "day", "expected"),
    [
        pytest.param("6510", "2017-09-30", ("I", "65", "GB/T 4754-2011"), id="class"),
        pytest.param("I6510", "2017-10-01", ("I", "65", "GB/T 4754-2017"), id="edition of the day"),
        pytest.param("ｃ39", "2017-09-30", ("C", "39", "GB/T 4754-2011"), id="full width, small letter"),
        pytest.param("C", "2017-09-30", ("C", None, "GB/T 4754-2011"), id="section alone"),
        pytest.param("79", "2017-09-30", ("O", "79", "GB/T 4754-2011"), id="居民服务业"),
        pytest.param("79", "2018-09-30", ("N", "79", "GB/T 4754-2017"), id="土地管理业"),
        pytest.param("O79", "2018-09-30", ("O", "79", "GB/T 4754-2011"), id="the letter tells the edition"),
        pytest.param("97", "2017-09-30", ("T", "97", "GB/T 4754-2017"), id="only in the later edition"),
        pytest.param("65", "2009-01-01", ("I", "65", "GB/T 4754-2011"), id="before the first"),
        pytest.param("I39", "2017-09-30", (None, None, None), id="letter of another"),
        pytest.param("98", "2017-09-30", (None, None, None), id="no such division"),
        pytest.param("软件", "2017-09-30", (None, None, None), id="words"),
        pytest.param(" ", "2017-09-30", (None, None, None), id="blank"),
    ],
)
def test_industries(written, day, expected):
    row = industries_at(REFERENCE["industry"], [written, None], date.fromisoformat(day)).row(0, named=True)
    assert (row["section"], row["division"], row["edition"]) == expected


def test_seed_of_industries_is_whole():
    # GB/T 4754-2011: 20 sections, 96 divisions; -2017: 20 and 97
    counted = REFERENCE["industry"].group_by("edition", pl.col("parent").is_null().alias("section")).len()
    assert sorted(counted.rows()) == [
        ("GB/T 4754-2011", False, 96), ("GB/T 4754-2011", True, 20), ("GB/T 4754-2017", False, 97), ("GB/T 4754-2017", True, 20),
    ]  # fmt: skip


def paid(fund, amount, day="2015-01-01", investor="甲"):
    return {"partner_fund_id": fund, "investor": investor, "call_no": "1", "paid_on": day, "amount": amount}


def made(name, fund, company, amount, day="2015-06-01", *, stage="startup", currency="CNY"):
    return {"investment_id": name, "partner_fund_id": fund, "company_id": company, "invested_on": day, "stage": stage,
            "amount": amount, "currency": currency}  # fmt: skip


def worth(name, value, cost, day="2017-06-30"):
    return {"investment_id": name, "valued_on": day, "cost": cost, "value": value}


def world(**others):
    # P1 paid in 1000, of it guidance 200 (20 %); P2 300, of it 100 (a third); P3 in dollars
    rows = {
        "fund_paid_in": [paid("P1", "1000"), paid("P2", "300"), paid("P3", "50")],
        "company": [
            {"company_id": "C1", "name": "示例一", "district": "临安区", "operating_district": "滨江区", "industry": "I6510", "uscc": USCC},
            {"company_id": "C2", "name": "示例二", "district": "330108", "industry": "3960"},
            {"company_id": "C3", "name": "示例三"},
            {"company_id": "C9", "name": "示例一号", "uscc": USCC},
        ],
        "investment": [
            made("I1", "P1", "C1", "300"), made("I2", "P1", "C2", "100", "2016-06-01", stage="seed"), made("I3", "P2", "C9", "100"),
            made("I4", "P2", "C3", "100", "2017-08-01", stage="growth"), made("I5", "P3", "C2", "40", currency="USD"),
            made("I6", "P1", "C2", "999", "2017-10-01"),
        ],
        "investment_exit": [
            {"investment_id": "I1", "exited_on": "2017-07-31", "line_no": "1", "method": "transfer", "cost": "100", "proceeds": "250", "currency": "CNY"},
        ],
        "holding_valuation": [worth("I1", "600", "300"), worth("I2", "80", "100"), worth("I3", "130", "100")],
    } | others  # fmt: skip
    flows = [
        *flows_of("A1", "call 200 2015-01-01"), *flows_of("A2", "call 100 2015-01-01"), *flows_of("A3", "call 10 2015-01-01", "USD"),
    ]  # fmt: skip
    stakes = [stake("A1"), stake("A2", "G2"), stake("A3", "G2", currency="USD")]
    navs = [
        nav("A1", "150", "2017-09-30"),
        nav("A2", "100", "2017-09-30"),
        nav("A3", "9", "2017-09-30", "USD"),
    ]
    return tables(stakes, flows, navs, **rows) | {name: REFERENCE[name] for name in ("district", "industry")}


def test_guidance_share_of_each_fund():
    rows = guidance_shares(world(), AS_OF).select("part", "whole", "share", "share_source").rows()
    assert rows == [(200, 1000, 0.2, "ledger"), (100, 300, 1 / 3, "ledger"), (10, 50, 0.2, "ledger")]


REPORT = {
    "partner_fund_id": "P1",
    "period": "2016",
    "kind": "年报",
    "paid_in": "800",
    "guidance_paid_in": "160",
}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param({"fund_paid_in": []}, (None, None), id="paid-in of the fund unknown"),
        pytest.param({"fund_paid_in": [], "fund_report": [REPORT]}, (0.2, "fund_report"), id="as reported"),
        pytest.param({"fund_paid_in": [paid("P1", "150")]}, (None, None), id="more than the whole"),
        pytest.param({"fund_paid_in": [], "fund_report": [REPORT | {"guidance_paid_in": "900"}]}, (None, None), id="reported nonsense"),
        pytest.param({"fund_paid_in": [], "fund_report": [REPORT | {"currency": "USD"}]}, (None, None), id="reported in dollars"),
        pytest.param({"fund_paid_in": [], "fund_report": [REPORT | {"period": "2017"}]}, (None, None), id="report of a later day"),
    ],
)  # fmt: skip
def test_guidance_share_where_the_ledger_does_not_tell(rows, expected):
    row = guidance_shares(world(**rows), AS_OF).row(0, named=True)
    assert (row["share"], row["share_source"]) == expected


def test_a_participation_of_another_currency_has_no_share():
    made_up = world()
    made_up["partner_fund"] = made_up["partner_fund"].with_columns(currency=pl.lit("CNY"))
    assert guidance_shares(made_up, AS_OF)["share"].to_list()[2] is None
    # and so nobody knows whose money of that fund is in its company
    row = look_through(made_up, AS_OF, "all").filter(pl.col("currency") == "USD").row(0, named=True)
    assert (row["guidance_invested"], row["share_unknown"], row["fund_invested"]) == (None, 1, Decimal(40))


def test_by_district_on_the_day():
    rows = look_through(world(), AS_OF, "district").filter(pl.col("currency") == "CNY")
    assert rows.select("group", "name", "fund_invested", "guidance_invested", "companies").rows() == [
        # C1 and C9 are one company by their code, yet each row is where its own id says
        ("330185", "临安市", Decimal(300), Decimal(60), 1),
        (None, None, Decimal(200), Decimal("66.66"), 2),
        ("330108", "滨江区", Decimal(100), Decimal(20), 1),
    ]
    # 33.33 twice, not 66.67: cents are rounded investment by investment; 60 + 66.66 + 20 = 146.66
    assert rows["share"].to_list() == [
        pytest.approx(60 / 146.66),
        pytest.approx(66.66 / 146.66),
        pytest.approx(20 / 146.66),
    ]


def test_cost_left_and_value_after_a_partial_exit():
    row = (
        look_through(world(), AS_OF, "company")
        .filter(pl.col("group") == "C1", pl.col("currency") == "CNY")
        .row(0, named=True)
    )
    # I1: 300 - 100 sold = 200 left; of 600 for 300 two thirds: 400; I3: 100 and 130
    assert (row["fund_cost"], row["fund_value"], row["name"]) == (Decimal(300), Decimal(530), "示例一")
    # 20 % of 200 + a third of 100; 20 % of 400 + a third of 130
    assert (row["guidance_cost"], row["guidance_value"]) == (Decimal("73.33"), Decimal("123.33"))
    assert row["unvalued"] == 0


def test_other_labels():
    by = {name: look_through(world(), AS_OF, name).filter(pl.col("currency") == "CNY") for name in BY}
    assert by["industry_section"].select("group", "name").rows()[0] == ("I", "信息传输、软件和信息技术服务业")
    assert by["industry_division"].filter(pl.col("group") == "39")["fund_invested"].to_list() == [
        Decimal(100)
    ]
    assert by["stage"].select("group", "fund_invested").rows() == [
        ("startup", 400),
        ("growth", 100),
        ("seed", 100),
    ]
    assert by["year"].select("group", "fund_invested").rows() == [("2015", 400), ("2016", 100), ("2017", 100)]
    assert by["city"].select("group", "name", "fund_invested").rows() == [
        ("330100", "杭州市", 400),
        (None, None, 200),
    ]
    assert by["operating_district"].select("group", "name", "fund_invested").rows() == [
        ("330108", "滨江区", 300),
        (None, None, 300),
    ]
    assert by["partner_fund_id"].select("group", "name").rows() == [("P1", "示例P1"), ("P2", "示例P2")]
    assert by["stage"].filter(pl.col("group") == "growth")["unvalued"].to_list() == [1]


@pytest.mark.parametrize("by", BY)
def test_groups_sum_to_the_total(by):
    whole, parts = look_through(world(), AS_OF, "all"), look_through(world(), AS_OF, by)
    names = [
        name for name in whole.columns if name.startswith(("fund_", "guidance_")) and name != "fund_share"
    ]
    summed = parts.group_by("currency").agg(pl.col(names).sum()).sort("currency")
    assert summed.equals(whole.select("currency", pl.col(names).fill_null(0)).sort("currency"))
    assert parts.group_by("currency").agg(pl.col("share").sum())["share"].to_list() == [
        pytest.approx(1),
        pytest.approx(1),
    ]


def test_of_one_guidance_fund():
    rows = look_through(world(), AS_OF, "all", "G2").sort("currency")
    assert rows.select("currency", "fund_invested", "guidance_invested").rows() == [
        ("CNY", Decimal(200), Decimal("66.66")), ("USD", Decimal(40), Decimal(8)),
    ]  # fmt: skip


def test_two_guidance_funds_in_one_fund_add_up():
    made_up = tables(
        [stake("A1", fund="P1"), stake("A2", "G2", fund="P1")],
        [*flows_of("A1", "call 30 2015-01-01"), *flows_of("A2", "call 20 2015-01-01")],
        fund_paid_in=[paid("P1", "100")],
        company=[{"company_id": "C1", "name": "示例一"}],
        investment=[made("I1", "P1", "C1", "10")],
    )
    assert placed(made_up, AS_OF)["guidance_invested"].item() == Decimal(5)
    assert placed(made_up, AS_OF, "G2")["guidance_invested"].item() == Decimal(2)


def test_top_holdings():
    rows = top_holdings(world(), AS_OF, 2).filter(pl.col("currency") == "CNY")
    # guidance cost left: C1 73.33, C3 33.33, C2 20
    assert rows.select("place", "company", "guidance_cost", "funds").rows() == [
        (1, "C1", Decimal("73.33"), 2),
        (2, "C3", Decimal("33.33"), 1),
    ]
    assert rows["share"][0] == pytest.approx(73.33 / 126.66)


def test_concentration():
    rows = concentration(world(), AS_OF).filter(pl.col("group") == "P1").row(0, named=True)
    # cost left: 200 and 100: (2/3)² + (1/3)² = 5/9
    assert (rows["hhi"], rows["top1"], rows["top10"]) == (
        pytest.approx(5 / 9),
        pytest.approx(2 / 3),
        pytest.approx(1),
    )
    assert (rows["companies"], rows["largest"], rows["fund_cost"]) == (2, "C1", Decimal(300))
    # of all yuan funds: C1 300, C2 100, C3 100 of 500: 0.36 + 0.04 + 0.04
    whole = concentration(world(), AS_OF, "all").filter(pl.col("currency") == "CNY").row(0, named=True)
    assert whole["hhi"] == pytest.approx(0.44)


def test_overlap():
    rows = overlap(world(), AS_OF)
    # C1 by P1 and P2; C2 by P1 in yuan and P3 in dollars, which are not added
    assert rows.select("company", "currency", "partner_fund_ids", "fund_cost").rows() == [
        ("C1", "CNY", ["P1", "P2"], Decimal(300)), ("C2", "CNY", ["P1"], Decimal(100)), ("C2", "USD", ["P3"], Decimal(40)),
    ]  # fmt: skip
    assert overlap_pairs(world(), AS_OF).rows() == [("P1", "P2", 1), ("P1", "P3", 1)]


def test_coverage_is_never_rescaled():
    reports = [
        {"partner_fund_id": "P1", "period": "2017H1", "kind": "半年报", "net_assets": "800", "cash": "100"},
        {"partner_fund_id": "P2", "period": "2017Q3", "kind": "季报", "net_assets": "260"},
        {"partner_fund_id": "P2", "period": "2016", "kind": "年报", "net_assets": "1"},
        {"partner_fund_id": "P3", "period": "2017Q3", "kind": "季报", "net_assets": "45"},
    ]
    rows = fund_coverage(world(fund_report=reports), AS_OF)
    # P1 on 2017-06-30, before the exit: 600 + 80 of 800; P2 on 2017-09-30: 130 of 260, one without value; P3: none
    assert rows.select("partner_fund_id", "explained", "unvalued", "coverage").rows() == [
        ("P1", Decimal(680), 0, 0.85), ("P2", Decimal(130), 1, 0.5), ("P3", None, 1, None),
    ]  # fmt: skip
    assert rows["reported_on"].to_list()[:2] == [date(2017, 6, 30), AS_OF]
    yuan, dollars = nav_coverage(world(), AS_OF).iter_rows(named=True)
    # guidance value: 20 % of 400 and of 80, a third of 130: 80 + 16 + 43.33 of 250
    assert (yuan["explained"], yuan["nav"], yuan["unvalued"]) == (Decimal("139.33"), Decimal(250), 1)
    assert yuan["coverage"] == pytest.approx(139.33 / 250)
    assert (dollars["explained"], dollars["nav"], dollars["coverage"]) == (None, Decimal(9), None)


def test_nothing_placed_is_no_error():
    empty = tables([stake("A1")])
    assert look_through(empty, AS_OF, "district").is_empty()
    for work in (top_holdings, concentration, overlap, overlap_pairs, fund_coverage, nav_coverage):
        assert work(empty, AS_OF).is_empty()

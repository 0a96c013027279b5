"""A ledger for papers, small enough to work every figure of them out by hand; amounts in units of the currency."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import polars as pl
from ledgers import ledger

HASH = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9"
PUBLISHED = datetime(2017, 10, 9, 4, 0)  # noqa: DTZ001 - UTC, as the ledger keeps it
DAY = date(2017, 9, 30)


def plan(code: str, name: str, value: str, unit: str, currency: str | None = None) -> dict[str, Any]:
    return {"code": code, "due_on": "2017-12-31", "starts_on": "2017-01-01", "name": name, "value": value, "unit": unit,
            "currency": currency, "source": "计划"}  # fmt: skip


# As of 2017-09-30, 273 of 365 days, so 74.8 % of the year:
#   new_managers   1 of 2, 50.0 %: 乙, first agreement 2017-02-20; 24.8 points behind
#   partner_funds  2 of 3, 1 at the start: 66.7 %, of the year's task 1/2, 24.8 points behind
#   fund_scale     3 of 4 亿元, 1 at the start: 75.0 %, of the year's task 2/3, 8.1 points behind
#   cross_border   3,200 of 5,000 万美元, 64.0 %, 10.8 points behind
#   paid in 1.8 of 3 亿元: 60.0 %; guidance 1,600 + 2,000 万元; 1.8 / 0.36 = 5.0 times
#   invested 0.5 亿元 in 2, early 3/5, in Hangzhou 3/5; recognised 0.3 of 1.5 · 2,000 万元
#   back 600 = 400 + 200 万元, remitted 500; NAV 2,000 + 1,900 万元, the latter of 2017-05-31: 20/39 = 51.3 % since 2017-06-30
#   reports: 2 due, 1 in; coming: 丙, 6,000 万元, expected 2017-11-15: then 1 亿 - 0.6 亿 = 0.4 亿 is missing
TABLES: Mapping[str, list[dict[str, Any]]] = {
    "cover": [{"sender": "示例受托公司", "prepared_by": "张", "as_of": "2017-09-30", "unit": "元"}],
    "target": [
        plan("new_managers", "2017年新引进合作创投机构", "2", "家"), plan("partner_funds", "合作基金总数（累计）", "3", "只"),
        plan("fund_scale", "合作基金规模（累计认缴）", "400000000", "元", "CNY"),
        plan("cross_border", "跨境风险投资引导基金（一期）", "50000000", "美元", "USD"),
    ],
    "guidance_fund": [
        {"guidance_fund_id": "GF1", "name": "示例引导基金", "kind": "venture", "currency": "CNY", "operator": "示例受托公司",
         "established_on": "2008-04-01", "planned_size": "1000000000"},
        {"guidance_fund_id": "GF2", "name": "示例跨境引导基金", "kind": "cross_border", "currency": "USD", "operator": "示例受托公司",
         "established_on": "2017-06-15", "planned_size": "50000000"},
    ],
    "guidance_flow": [
        {"guidance_fund_id": "GF1", "kind": "received", "occurred_on": "2013-05-06", "amount": "60000000", "currency": "CNY", "line_no": 1},
        {"guidance_fund_id": "GF1", "kind": "principal_remitted", "occurred_on": "2016-05-06", "amount": "4000000", "currency": "CNY", "line_no": 1},
        {"guidance_fund_id": "GF1", "kind": "income_remitted", "occurred_on": "2016-05-06", "amount": "1000000", "currency": "CNY", "line_no": 1},
        {"guidance_fund_id": "GF2", "kind": "committed", "occurred_on": "2017-06-20", "amount": "32000000", "currency": "USD", "line_no": 1},
    ],
    "manager": [{"manager_id": f"VC{n}", "name": f"示例{name}资本"} for n, name in enumerate("甲乙丙", 1)],
    "partner_fund": [
        {"partner_fund_id": "PF1", "name": "示例甲基金", "manager_id": "VC1", "currency": "CNY", "committed_size": "100000000",
         "established_on": "2014-05-01", "term_end": "2024-04-30", "fee_rate": "0.02", "fee_base": "认缴", "district": "330106"},
        {"partner_fund_id": "PF2", "name": "示例乙基金", "manager_id": "VC2", "currency": "CNY", "committed_size": "200000000",
         "established_on": "2017-03-10", "term_end": "2027-03-09"},
        {"partner_fund_id": "PF3", "name": "示例丙基金", "manager_id": "VC1", "currency": "CNY", "target_size": "60000000"},
    ],
    "participation": [
        {"participation_id": "PA1", "guidance_fund_id": "GF1", "partner_fund_id": "PF1", "signed_on": "2014-05-01", "commitment": "20000000",
         "currency": "CNY", "cap_ratio": "0.25", "reinvest_kind": "倍数", "reinvest_required": "1.5", "reinvest_base": "认缴",
         "reinvest_due": "2019-05-01", "concession_kind": "原值"},
        {"participation_id": "PA2", "guidance_fund_id": "GF1", "partner_fund_id": "PF2", "signed_on": "2017-02-20", "commitment": "40000000",
         "currency": "CNY"},
        {"participation_id": "PA3", "guidance_fund_id": "GF1", "partner_fund_id": "PF3", "approved_on": "2017-05-20", "currency": "CNY",
         "approved_amount": "12000000", "expected_on": "2017-11-15", "stage_now": "工商登记中"},
    ],
    "cash_flow": [
        {"participation_id": "PA1", "kind": "call", "occurred_on": "2014-06-01", "amount": "16000000", "currency": "CNY", "line_no": 1},
        {"participation_id": "PA2", "kind": "call", "occurred_on": "2017-04-01", "amount": "20000000", "currency": "CNY", "line_no": 1},
        {"participation_id": "PA1", "kind": "distribution", "occurred_on": "2016-03-01", "amount": "6000000", "principal": "4000000",
         "income": "2000000", "currency": "CNY", "line_no": 1},
    ],
    "valuation": [
        {"participation_id": "PA1", "valued_on": "2017-09-30", "nav": "20000000", "currency": "CNY"},
        {"participation_id": "PA2", "valued_on": "2017-05-31", "nav": "19000000", "currency": "CNY"},
    ],
    "fund_paid_in": [
        {"partner_fund_id": "PF1", "investor": "示例投资人", "call_no": "1", "paid_on": "2014-06-01", "amount": "80000000", "line_no": 1},
        {"partner_fund_id": "PF2", "investor": "示例投资人", "call_no": "1", "paid_on": "2017-04-01", "amount": "100000000", "line_no": 1},
    ],
    "company": [
        {"company_id": "C1", "name": "示例甲科技", "district": "330106"}, {"company_id": "C2", "name": "示例乙科技", "district": "310115"},
    ],
    "investment": [
        {"investment_id": "IN1", "partner_fund_id": "PF1", "company_id": "C1", "invested_on": "2014-09-01", "stage": "startup",
         "amount": "30000000", "currency": "CNY"},
        {"investment_id": "IN2", "partner_fund_id": "PF1", "company_id": "C2", "invested_on": "2015-03-01", "stage": "growth",
         "amount": "20000000", "currency": "CNY"},
    ],
    "reinvestment": [
        {"participation_id": "PA1", "company_id": "C1", "investment_id": "IN1", "recognised": "30000000", "recognised_on": "2015-01-05",
         "basis": "注册在杭", "recognised_by": "示例单位"},
    ],
    "fund_report": [
        {"partner_fund_id": "PF1", "period": "2017Q3", "kind": "季报", "due_on": "2017-10-31", "filed_on": "2017-10-20", "net_assets": "95000000"},
    ],
    "district": [
        {"code": code, "name": name, "parent": parent, "valid_from": "1980-12-31", "source": "GB/T 2260"}
        for code, name, parent in (
            ("330000", "浙江省", None), ("330100", "杭州市", "330000"), ("330106", "西湖区", "330100"),
            ("310000", "上海市", None), ("310115", "浦东新区", "310000"),
        )
    ],
}  # fmt: skip


class Known(dict[str, pl.DataFrame]):
    """A ledger as reports ask it: tables, edition, head hash."""

    def __init__(self, rows: Mapping[str, list[dict[str, Any]]], edition: int | None = 42) -> None:
        super().__init__(ledger(rows))
        self.edition = edition
        newest = self["cover"]["as_of"].max()
        self.default_as_of = newest if isinstance(newest, date) else None

    def editions(self) -> pl.DataFrame:
        return pl.DataFrame(
            {"edition": [41, 42], "head_hash": ["f" * 64, HASH], "published_at": [PUBLISHED, PUBLISHED]}
        )

    def findings_seen(self) -> pl.DataFrame:
        return pl.DataFrame(schema={"finding_id": pl.String(), "first_seen_edition": pl.Int32()})


def with_names(name: str) -> dict[str, list[dict[str, Any]]]:
    """The same ledger, every name of a fund, house, company and operator replaced."""
    rows = {table: [dict(row) for row in given] for table, given in TABLES.items()}
    for table in ("partner_fund", "manager", "company", "guidance_fund"):
        for n, row in enumerate(rows[table]):
            row["name"] = f"{name}{n}"
    for row in rows["guidance_fund"]:
        row["operator"] = name
    return rows

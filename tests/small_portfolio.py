"""A portfolio small enough to count by hand: three partner funds that count, one in the pipeline, one new house."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from fundtrack.load.template import write_workbook
from fundtrack.model.frames import find_column

Tables = dict[str, list[dict[str, Any]]]

# Counted by hand as of 2017-09-30, amounts in 万元:
#   new_managers   1: 示例乙资本, first agreement 2017-02-20 (甲 2014, 丙 2015; the pipeline has no agreement)
#   partner_funds  3: 甲一号, 乙成长 (2017-03-10, new this year), 丙天使
#   fund_scale     10,000 + 20,000 + 5,000 = 35,000, that is 3.50 亿元
#   cross_border   3,200 USD, set up 2017-06-15
TABLES: Tables = {
    "guidance_fund": [
        {
            "guidance_fund_id": "GF000001",
            "name": "示例创投引导基金",
            "kind": "venture",
            "currency": "CNY",
            "planned_size": "100000",
            "established_on": "2008-04-01",
        },
        {
            "guidance_fund_id": "GF000002",
            "name": "示例天使引导基金",
            "kind": "angel",
            "currency": "CNY",
            "planned_size": "20000",
            "established_on": "2013-01-15",
        },
        {
            "guidance_fund_id": "GF000003",
            "name": "示例跨境引导基金",
            "kind": "cross_border",
            "currency": "USD",
            "planned_size": "5000",
            "established_on": "2017-06-15",
        },
    ],
    "guidance_flow": [
        {
            "guidance_fund_id": "GF000003",
            "kind": "committed",
            "occurred_on": "2017-06-20",
            "amount": "3200",
            "currency": "USD",
        },
    ],
    "manager": [
        {"manager_id": "VC000001", "name": "示例甲资本"},
        {"manager_id": "VC000002", "name": "示例乙资本"},
        {"manager_id": "VC000003", "name": "示例丙资本"},
    ],
    "partner_fund": [
        {
            "partner_fund_id": "PF000001",
            "name": "示例甲一号创投基金",
            "manager_id": "VC000001",
            "currency": "CNY",
            "target_size": "12000",
            "committed_size": "10000",
            "established_on": "2014-05-01",
            "term_end": "2021-04-30",
            "fee_rate": "0.02",
        },
        {
            "partner_fund_id": "PF000002",
            "name": "示例乙成长创投基金",
            "manager_id": "VC000002",
            "currency": "CNY",
            "committed_size": "20000",
            "established_on": "2017-03-10",
            "term_end": "2024-03-09",
        },
        {
            "partner_fund_id": "PF000003",
            "name": "示例丙天使基金",
            "manager_id": "VC000003",
            "currency": "CNY",
            "committed_size": "5000",
            "established_on": "2015-06-01",
            "term_end": "2022-05-31",
        },
        {
            "partner_fund_id": "PF000004",
            "name": "示例丁筹备基金",
            "manager_id": "VC000001",
            "currency": "CNY",
            "target_size": "8000",
        },
    ],
    "participation": [
        {
            "participation_id": "PA000001",
            "guidance_fund_id": "GF000001",
            "partner_fund_id": "PF000001",
            "signed_on": "2014-04-10",
            "commitment": "2000",
            "currency": "CNY",
            "cap_ratio": "0.25",
        },
        {
            "participation_id": "PA000002",
            "guidance_fund_id": "GF000001",
            "partner_fund_id": "PF000002",
            "approved_on": "2016-12-20",
            "signed_on": "2017-02-20",
            "commitment": "4000",
            "currency": "CNY",
        },
        {
            "participation_id": "PA000003",
            "guidance_fund_id": "GF000002",
            "partner_fund_id": "PF000003",
            "signed_on": "2015-05-20",
            "commitment": "1000",
            "currency": "CNY",
        },
        {
            "participation_id": "PA000004",
            "guidance_fund_id": "GF000001",
            "partner_fund_id": "PF000004",
            "approved_on": "2017-08-01",
            "approved_amount": "1600",
            "expected_on": "2017-12-20",
            "stage_now": "募集社会资本",
            "currency": "CNY",
        },
    ],
    "cash_flow": [
        {
            "participation_id": "PA000001",
            "kind": "call",
            "occurred_on": "2014-06-01",
            "amount": "2000",
            "currency": "CNY",
        },
        {
            "participation_id": "PA000001",
            "kind": "distribution",
            "occurred_on": "2017-05-10",
            "amount": "500",
            "currency": "CNY",
        },
        {
            "participation_id": "PA000002",
            "kind": "call",
            "occurred_on": "2017-04-01",
            "amount": "1500",
            "currency": "CNY",
        },
        {
            "participation_id": "PA000003",
            "kind": "call",
            "occurred_on": "2015-07-01",
            "amount": "1000",
            "currency": "CNY",
        },
    ],
    "valuation": [
        {"participation_id": "PA000001", "valued_on": "2017-06-30", "nav": "2600", "currency": "CNY"},
        {"participation_id": "PA000003", "valued_on": "2017-06-30", "nav": "1100", "currency": "CNY"},
    ],
    "investor_commitment": [
        {
            "partner_fund_id": "PF000001",
            "investor": "示例创投引导基金",
            "kind": "guidance",
            "guidance_fund_id": "GF000001",
            "effective_on": "2014-05-01",
            "reason": "initial",
            "amount": "2000",
            "currency": "CNY",
        },
        {
            "partner_fund_id": "PF000001",
            "investor": "示例民营集团",
            "kind": "private",
            "effective_on": "2014-05-01",
            "reason": "initial",
            "amount": "8000",
            "currency": "CNY",
        },
    ],
    "fund_paid_in": [
        {
            "partner_fund_id": "PF000001",
            "investor": "示例创投引导基金",
            "guidance_fund_id": "GF000001",
            "call_no": "1",
            "paid_on": "2014-06-01",
            "amount": "2000",
            "currency": "CNY",
        },
        {
            "partner_fund_id": "PF000001",
            "investor": "示例民营集团",
            "call_no": "1",
            "paid_on": "2014-06-05",
            "amount": "8000",
            "currency": "CNY",
        },
    ],
    "company": [{"company_id": "CO000001", "name": "示例芯片有限公司", "district": "滨江区"}],
    "investment": [
        {
            "investment_id": "IN000001",
            "partner_fund_id": "PF000001",
            "company_id": "CO000001",
            "invested_on": "2014-09-01",
            "round": "A轮",
            "stage": "startup",
            "amount": "900",
            "currency": "CNY",
        },
    ],
    "fund_change": [
        {
            "partner_fund_id": "PF000001",
            "kind": "renamed",
            "effective_on": "2016-01-20",
            "before": "示例甲壹号创投基金",
            "after": "示例甲一号创投基金",
        },
    ],
    "fund_report": [
        {
            "partner_fund_id": "PF000001",
            "period": "2017Q3",
            "kind": "季报",
            "due_on": "2017-10-31",
            "filed_on": "2017-10-20",
            "paid_in": "10000",
            "net_assets": "13000",
            "currency": "CNY",
        },
    ],
}

FIFTH_FUND: Tables = {
    "manager": [{"manager_id": "VC000004", "name": "示例戊资本"}],
    "partner_fund": [
        {
            "partner_fund_id": "PF000005",
            "name": "示例戊数字创投基金",
            "manager_id": "VC000004",
            "currency": "CNY",
            "committed_size": "15000",
            "established_on": "2017-10-12",
        },
    ],
    "participation": [
        {
            "participation_id": "PA000005",
            "guidance_fund_id": "GF000001",
            "partner_fund_id": "PF000005",
            "signed_on": "2017-09-25",
            "commitment": "3000",
            "currency": "CNY",
        },
    ],
}
"""Loaded after TABLES: a fourth fund that counts, a second new house, 3.50 → 5.00 亿元 as of 2017-11-30."""


def write_portfolio(
    out: Path, tables: Mapping[str, list[dict[str, Any]]] = TABLES, as_of: str = "2017-09-30"
) -> Path:
    """Write tables as a workbook of the operator, amounts in 万元."""
    cover = {
        "sender": "示例受托管理机构",
        "prepared_by": "示例经办人",
        "as_of": date.fromisoformat(as_of),
        "unit": "万元",
        "currency": "CNY",
    }
    typed = {
        table: [{name: _typed(table, name, value) for name, value in row.items()} for row in rows]
        for table, rows in tables.items()
    }
    write_workbook(out, cover, typed, only_given_columns=True)
    return out


def _typed(table: str, name: str, value: Any) -> Any:
    kind = find_column(table, name).kind
    if kind == "day":
        return date.fromisoformat(value)
    return Decimal(value) if kind in {"money", "number", "share", "rate"} else value

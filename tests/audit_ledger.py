"""A ledger made for an auditor's questions: two funds, one guidance fund, a correction and a late entry; amounts in yuan."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from storekit import batch, load

from fundtrack.model.fields import name_key
from fundtrack.model.frames import DTYPES, KEY_DATES, find_column
from fundtrack.store.batches import COLUMNS_SCHEMA
from fundtrack.store.editions import Store

AS_OF = date(2017, 12, 31)
FIRST: dict[str, list[dict[str, Any]]] = {
    "cover": [{"sender": "示例创投", "as_of": "2017-12-31", "unit": "元", "prepared_by": "钱六"}],
    "target": [
        {"code": code, "due_on": "2017-12-31", "starts_on": "2017-01-01", "name": name, "value": value, "unit": unit, "currency": currency, "source": "示例计划"}
        for code, name, value, unit, currency in [
            ("new_managers", "新引进机构", "1", "家", None), ("partner_funds", "合作基金", "3", "只", None), ("fund_scale", "基金规模", "3000", "元", "CNY"),
        ]
    ],
    "rule": [{"rule_id": "OVER_CAP", "name_zh": "超比例", "name_en": "Over cap", "parameter": "cap_ratio", "value": "0.25", "unit": "比例", "applies_to": "全部",
              "force": "参照", "source": "示例参照办法", "in_force_from": "2007-12-31"}],
    "market_rate": [{"kind": "lending", "code": "1Y", "quoted_on": "2015-10-24", "value": "0.0435", "source": "示例公告"}],
    "guidance_fund": [{"guidance_fund_id": "GF1", "name": "引导基金甲", "kind": "venture", "currency": "CNY"}],
    "guidance_flow": [
        {"guidance_fund_id": "GF1", "kind": kind, "occurred_on": day, "amount": amount, "currency": "CNY", "line_no": "1", "voucher_no": voucher}
        for kind, day, amount, voucher in [
            ("budgeted", "2015-01-10", "1000", "预-1"), ("received", "2015-02-01", "1000", "收-1"), ("interest", "2016-06-21", "12", "收-2"),
            ("fee", "2016-07-01", "20", None), ("principal_remitted", "2017-05-20", "60", "缴-1"), ("income_remitted", "2017-06-30", "10", "缴-2"),
            ("balance", "2017-12-31", "590", None),
        ]
    ],
    "manager": [{"manager_id": "VC1", "name": "示例创投"}],
    "partner_fund": [
        {"partner_fund_id": "PF1", "name": "示例一号", "manager_id": "VC1", "currency": "CNY", "committed_size": "1200", "established_on": "2015-01-15",
         "term_end": "2017-12-30", "contact": "赵五 0571"},
        {"partner_fund_id": "PF2", "name": "示例二号", "manager_id": "VC1", "currency": "CNY", "committed_size": "1000", "established_on": "2016-04-01",
         "term_end": "2022-12-31"},
    ],
    "participation": [
        {"participation_id": "PA1", "guidance_fund_id": "GF1", "partner_fund_id": "PF1", "signed_on": "2015-01-05", "commitment": "300", "currency": "CNY",
         "cap_ratio": "0.2"},
        {"participation_id": "PA2", "guidance_fund_id": "GF1", "partner_fund_id": "PF2", "signed_on": "2016-03-01", "commitment": "200", "currency": "CNY",
         "concession_kind": "原值加贷款基准利率", "concession_years": "1"},
    ],
    "cash_flow": [
        {"participation_id": "PA1", "kind": "call", "line_no": "1", "occurred_on": "2015-03-01", "amount": "300", "currency": "CNY", "voucher_no": "付-1"},
        {"participation_id": "PA2", "kind": "call", "line_no": "1", "occurred_on": "2016-05-01", "amount": "200", "currency": "CNY", "voucher_no": "付-2"},
        {"participation_id": "PA1", "kind": "distribution", "line_no": "1", "occurred_on": "2017-05-01", "amount": "70", "principal": "60", "income": "10",
         "currency": "CNY", "voucher_no": "收-3"},
        {"participation_id": "PA2", "kind": "exit_proceeds", "line_no": "1", "occurred_on": "2017-11-20", "amount": "102", "principal": "100", "income": "2",
         "cost_basis": "100", "exit_kind": "转让", "buyer": "示例控股", "currency": "CNY"},
    ],
    "investor_commitment": [
        {"partner_fund_id": "PF1", "investor": investor, "kind": kind, "effective_on": "2015-01-15", "reason": "initial", "amount": amount,
         "guidance_fund_id": "GF1" if kind == "guidance" else None}
        for investor, kind, amount in [("引导基金甲", "guidance", "300"), ("示例区财政", "public", "100"), ("示例控股", "private", "500"),
                                       ("张三", "natural_person", "300")]
    ],
    "fund_paid_in": [
        {"partner_fund_id": "PF1", "investor": investor, "guidance_fund_id": fund, "call_no": "1", "line_no": "1", "due_on": "2015-03-01", "due_amount": due,
         "paid_on": paid_on, "amount": amount, "voucher_no": "付-9"}
        for investor, fund, due, paid_on, amount in [
            ("引导基金甲", "GF1", "300", "2015-03-01", "300"), ("示例区财政", None, "100", "2015-03-01", "100"),
            ("示例控股", None, "500", "2015-03-20", "250"), ("张三", None, "300", "2015-02-20", "300"),
        ]
    ],
    "fund_change": [{"partner_fund_id": "PF1", "kind": "extended", "effective_on": "2016-12-20", "before": "2016-12-31", "after": "2017年12月30日"}],
    "company": [
        {"company_id": "CO1", "name": "示例科技", "uscc": "91330100EXAMPLE001", "industry": "6510"},
        {"company_id": "CO2", "name": "示例置业", "uscc": "91330100EXAMPLE002", "industry": "7010"},
    ],
    "investment": [
        {"investment_id": "IN1", "partner_fund_id": "PF1", "company_id": "CO1", "invested_on": "2015-04-01", "stage": "startup", "amount": "120",
         "currency": "CNY", "instrument": "equity", "related_party": False},
        {"investment_id": "IN2", "partner_fund_id": "PF1", "company_id": "CO2", "invested_on": "2016-03-01", "stage": "growth", "amount": "240",
         "currency": "CNY", "instrument": "debt"},
    ],
    "reinvestment": [
        {"participation_id": "PA1", "company_id": "CO1", "investment_id": "IN1", "claimed": "90", "recognised": "80", "basis": "注册在杭",
         "recognised_on": "2016-01-10", "recognised_by": "示例科委", "evidence": "认定单1号"},
        {"participation_id": "PA2", "company_id": "CO1", "investment_id": "IN1", "recognised": "60", "basis": "注册在杭",
         "recognised_on": "2016-02-10", "recognised_by": "示例科委"},
    ],
    "fund_report": [
        {"partner_fund_id": "PF1", "period": "2017Q3", "kind": "季报", "due_on": "2017-10-31", "filed_on": "2017-11-03", "paid_in": "1200",
         "net_assets": "1000", "cash": "100"},
        {"partner_fund_id": "PF2", "period": "2017Q3", "kind": "季报", "due_on": "2017-10-31", "paid_in": "1000", "cash": "900"},
    ],
}  # fmt: skip
LATE = {
    "partner_fund": [{"partner_fund_id": "PF3", "name": "示例三号", "manager_id": "VC1", "currency": "CNY", "committed_size": "700",
                      "established_on": "2017-12-18"}],
    "participation": [{"participation_id": "PA3", "guidance_fund_id": "GF1", "partner_fund_id": "PF3", "signed_on": "2017-12-20", "commitment": "100",
                       "currency": "CNY"}],
}  # fmt: skip
"""Loaded in January for December: a third fund."""


def typed(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row with dates and decimals, and what derives from them."""
    out = dict(row)
    for name, value in row.items():
        dtype = DTYPES[find_column(table, name).kind]
        if isinstance(dtype, pl.Date) and value:
            out[name] = date.fromisoformat(value)
        elif isinstance(dtype, pl.Decimal) and value:
            out[name] = Decimal(value)
    if table in {"guidance_fund", "manager", "partner_fund", "company"}:
        out["name_key"] = name_key(row["name"])
    if table in KEY_DATES:
        out["keyed_on"] = next(out[day] for day in KEY_DATES[table] if out.get(day))
    return out


def tables(given: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Rows of a batch by table."""
    return {table: [typed(table, row) for row in rows] for table, rows in given.items()}


def audit_store(folder: Path, check: Any = None, first: dict[str, list[dict[str, Any]]] = FIRST) -> Store:
    """Three editions: the ledger; a correction of PF1's size from 1,200 to 1,500 in January; PF3, entered in January for December."""
    store = Store(folder)
    load(store, batch(tables(first), cover={"as_of": "2017-12-31"}), check=check)
    corrected = tables({"partner_fund": [first["partner_fund"][0] | {"committed_size": "1500"}]})
    said = {
        "kind": "correction",
        "loaded_by": "li",
        "reviewer": "wang",
        "reason": "规模更正",
        "loaded_at": datetime(2018, 1, 5, 1, 2, 3, tzinfo=UTC),
    }
    load(store, batch(corrected, b"{}", file_name="correct.json", **said), check=check)
    late = batch(tables(LATE), b"late", file_name="补报.xlsx", loaded_at=datetime(2018, 1, 9, tzinfo=UTC))
    mapped = [
        {"table_name": "participation", "sheet": "参股", "field": "signed_on", "column_letter": "J", "header": "协议日期"},
        {"table_name": "partner_fund", "sheet": "合作基金", "field": "committed_size", "column_letter": "L", "header": "认缴规模", "unit_factor": Decimal(1)},
    ]  # fmt: skip
    load(store, replace(late, columns=pl.DataFrame(mapped, schema=COLUMNS_SCHEMA)), check=check)
    return store

"""The example row of each sheet of the blank workbook: invented, in the default unit, in either language."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from fundtrack.text.say import Lang


class Words(NamedTuple):
    """Text of an example in both languages."""

    zh: str
    en: str


_FUND: Final = Words("PF-001", "PF-001")
_OPERATOR: Final = Words("示例受托管理有限公司", "Example Operator Ltd")
_INVESTOR: Final = Words("杭州市创业投资引导基金（示例）", "Hangzhou Venture Guidance Fund (example)")

EXAMPLES: Final[dict[str, Mapping[str, object]]] = {
    "guidance_fund": {
        "guidance_fund_id": "GF-01", "name": _INVESTOR, "phase": Words("一期", "Phase I"),
        "kind": "venture", "currency": "CNY", "planned_size": 100000, "operator": _OPERATOR,
        "established_on": date(2008, 4, 28),
    },
    "guidance_flow": {
        "guidance_fund_id": "GF-01", "kind": "received",
        "counterparty": Words("示例财政局", "Example finance bureau"), "budget_year": 2017,
        "occurred_on": date(2017, 3, 31), "amount": 10000, "currency": "CNY", "line_no": "1",
    },
    "manager": {
        "manager_id": "VC-001",
        "name": Words("杭州示例创业投资管理有限公司", "Hangzhou Example Venture Management Ltd"),
        "group_name": Words("示例创投", "Example Ventures"), "uscc": "91330100MA27EXMP0Q",
        "amac_no": "P1000000", "location": Words("杭州市", "Hangzhou"),
    },
    "partner_fund": {
        "partner_fund_id": "PF-001",
        "name": Words("杭州示例一号创业投资合伙企业（有限合伙）", "Hangzhou Example I Venture Partners LP"),
        "manager_id": "VC-001", "legal_form": Words("有限合伙", "Limited partnership"),
        "district": "330108", "custodian": Words("示例银行", "Example Bank"), "currency": "CNY",
        "target_size": 20000, "committed_size": 15000, "established_on": date(2014, 6, 18),
        "filed_on": date(2014, 8, 1), "investment_end": date(2018, 6, 17), "term_end": date(2021, 6, 17),
        "fee_rate": Decimal("0.02"), "fee_base": "实缴",
    },
    "participation": {
        "participation_id": "PA-001", "guidance_fund_id": "GF-01", "partner_fund_id": _FUND,
        "applied_on": date(2013, 11, 4), "approved_on": date(2014, 2, 20),
        "approval_no": Words("示例〔2014〕1号", "Example [2014] 1"), "approved_amount": 3000,
        "stage_now": Words("投资期", "Investing"), "signed_on": date(2014, 5, 9), "commitment": 3000,
        "currency": "CNY", "cap_ratio": Decimal("0.25"), "reinvest_kind": "倍数", "reinvest_required": 2,
        "reinvest_base": "实缴", "reinvest_due": date(2019, 6, 17), "early_min": Decimal("0.6"),
        "early_base": "已投金额", "concession_kind": "原值加贷款基准利率", "concession_years": 5,
        "guaranteed_return": False, "remit_days": 30,
    },
    "cash_flow": {
        "participation_id": "PA-001", "kind": "call", "line_no": "1", "due_on": date(2014, 6, 20),
        "due_amount": 1500, "occurred_on": date(2014, 6, 20), "amount": 1500, "currency": "CNY",
    },
    "valuation": {
        "participation_id": "PA-001", "valued_on": date(2017, 6, 30), "nav": 1648,
        "method": Words("账面净资产", "Book net assets"), "currency": "CNY",
    },
    "reinvestment": {
        "participation_id": "PA-001", "company_id": "CO-0001", "investment_id": "IN-0001", "claimed": 800,
        "recognised": 800, "basis": "注册在杭", "recognised_on": date(2016, 12, 20),
        "recognised_by": _OPERATOR, "evidence": Words("营业执照、出资凭证", "Licence, payment slip"),
    },
    "fund_change": {
        "partner_fund_id": _FUND, "kind": "extended", "effective_on": date(2017, 6, 1),
        "before": "2021-06-17", "after": "2023-06-17",
        "approval_no": Words("示例〔2017〕8号", "Example [2017] 8"),
    },
    "investor_commitment": {
        "partner_fund_id": _FUND, "investor": _INVESTOR, "kind": "guidance",
        "effective_on": date(2014, 6, 18), "guidance_fund_id": "GF-01", "reason": "initial",
        "amount": 3000, "currency": "CNY",
    },
    "fund_paid_in": {
        "partner_fund_id": _FUND, "investor": _INVESTOR, "guidance_fund_id": "GF-01", "call_no": "1",
        "line_no": "1", "due_on": date(2014, 6, 20), "due_amount": 1500, "paid_on": date(2014, 6, 20),
        "amount": 1500, "currency": "CNY",
    },
    "company": {
        "company_id": "CO-0001",
        "name": Words("杭州示例信息技术有限公司", "Hangzhou Example Information Technology Ltd"),
        "founded_on": date(2013, 3, 12), "district": "330106", "operating_district": "330106",
        "industry": "6510", "hightech_on": date(2016, 11, 21),
    },
    "investment": {
        "investment_id": "IN-0001", "partner_fund_id": _FUND, "company_id": "CO-0001",
        "invested_on": date(2014, 9, 15), "round": Words("A轮", "Series A"), "stage": "startup",
        "amount": 800, "currency": "CNY", "joint_amount": 400, "stake": Decimal("0.1"),
        "instrument": "equity", "related_party": False, "staff": 35, "sales": 620, "net_assets": 310,
    },
    "investment_exit": {
        "investment_id": "IN-0001", "exited_on": date(2017, 5, 8), "line_no": "1", "method": "transfer",
        "cost": 400, "proceeds": 760, "currency": "CNY",
    },
    "holding_valuation": {
        "investment_id": "IN-0001", "valued_on": date(2017, 6, 30), "cost": 400, "value": 720,
        "method": "最近融资", "stake": Decimal("0.05"), "currency": "CNY",
    },
    "fund_report": {
        "partner_fund_id": _FUND, "period": "2017Q2", "kind": "季报", "due_on": date(2017, 7, 31),
        "filed_on": date(2017, 7, 24), "committed": 15000, "paid_in": 7500, "guidance_paid_in": 1500,
        "projects": 9, "invested": 6100, "net_assets": 8240, "guidance_share": 1648, "cash": 910,
        "currency": "CNY",
    },
    "indicator": {
        "code": "invention_patents", "measured_on": date(2017, 6, 30), "value": 33500,
        "source": Words("示例来源", "Example source"),
    },
    "target": {
        "code": "partner_funds", "due_on": date(2017, 12, 31), "starts_on": date(2017, 1, 1),
        "name": Words("合作基金总数（累计）", "Partner funds, cumulative"), "value": 90,
        "unit": Words("只", "funds"), "source": Words("示例计划", "Example plan"),
    },
    "market_rate": {
        "kind": "fx", "code": "USDCNY", "quoted_on": date(2017, 6, 30), "value": Decimal("6.78101998"),
        "currency": "CNY", "source": Words("示例来源", "Example source"),
    },
    "rule": {
        "rule_id": "OVER_CAP", "name_zh": "参股比例超上限", "name_en": "Share above the cap",
        "parameter": "cap", "value": Decimal("0.25"), "unit": "ratio", "base": "committed",
        "applies_to": "venture", "force": "参照", "source": "财企〔2007〕128号 第14条",
        "in_force_from": date(2007, 7, 6),
    },
    "finding_action": {
        "rule_id": "LATE_REPORT", "entity": "PF-001", "acted_on": date(2017, 9, 30),
        "action": "rectifying", "reason": Words("已函告管理人补报", "Manager reminded in writing"),
        "owner": _OPERATOR, "due_on": date(2017, 10, 31), "acted_by": Words("示例经办人", "Example clerk"),
    },
}  # fmt: skip
"""Amounts in the template's default unit, 万元."""


def example_row(table: str, lang: Lang) -> dict[str, object]:
    """Give the example of a sheet in one language.

    >>> example_row("manager", "en")["location"]
    'Hangzhou'
    """
    row = EXAMPLES[table]
    return {name: getattr(value, lang) if isinstance(value, Words) else value for name, value in row.items()}

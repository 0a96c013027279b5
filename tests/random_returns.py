"""Random ledgers with what returns and leverage need beside: exits, valuations, terms, recognitions, places."""

import random
from datetime import date, timedelta
from typing import Any

from random_ledgers import FIRST, random_rows

USCC = [
    None,
    None,
    "91330100799655058B",
    "９１３３０１００７９９６５５０５８ｂ",
    "91110000600037341L",
    "123456789012345678",
]
PLACES = [
    None, None, "330106", "330108", "330112", "330185", "临安区", "临安市", "浙江省杭州市西湖区", "杭州市 西湖区", "浙江省滨江区",
    "330106001", "北京市海淀区", "朝阳区", "330100", "杭州市", "南昌市西湖区", "西湖区", "３３０１０８", "110000", "外地", "",
]  # fmt: skip
LINES = [
    None,
    "I65",
    "C27",
    "65",
    "6510",
    "i6510",
    "Ｉ６５",
    "O79",
    "N79",
    "79",
    "I",
    "A65",
    "Z99",
    "6",
    "I6",
    "c",
    "互联网",
]


def _place(
    code: str, name: str, parent: str | None, begun: str = "1980-12-31", ended: str | None = None
) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "parent": parent,
        "valid_from": begun,
        "valid_to": ended,
        "source": "测试",
    }


DISTRICTS = [
    _place("330000", "浙江省", None), _place("330100", "杭州市", "330000"), _place("330106", "西湖区", "330100"),
    _place("330108", "滨江区", "330100", "1996-12-31"), _place("330185", "临安市", "330100", "1996-12-31", "2017-10-30"),
    _place("330112", "临安区", "330100", "2017-10-31"), _place("360000", "江西省", None), _place("360100", "南昌市", "360000"),
    _place("360103", "西湖区", "360100"), _place("110000", "北京市", None), _place("110108", "海淀区", "110000"),
    _place("110105", "朝阳区", "110000"), _place("220104", "朝阳区", "220100"),
]  # fmt: skip
INDUSTRIES = [
    {"code": code, "name": f"{name}", "parent": parent, "edition": edition, "valid_from": begun, "source": "测试"}
    for edition, begun, lines in (
        ("GB/T 4754-2011", "2011-11-01", [("C", "制造业", None), ("27", "医药制造业", "C"), ("I", "信息", None), ("65", "软件", "I"),
                                          ("O", "居民服务", None), ("79", "居民服务业", "O")]),
        ("GB/T 4754-2017", "2017-10-01", [("C", "制造业", None), ("27", "医药制造业", "C"), ("I", "信息", None), ("65", "软件", "I"),
                                          ("N", "公共设施", None), ("79", "土地管理业", "N")]),
    )
    for code, name, parent in lines
]  # fmt: skip
"""Places and lines of business in two states of the standards."""


def random_returns(seed: int) -> tuple[dict[str, list[dict[str, Any]]], date]:
    """A ledger's rows and a day to look at it."""
    rows, as_of = random_rows(seed)
    dice = random.Random(seed + 100_000)

    def day() -> date:
        return FIRST + timedelta(days=dice.choice([0, 30, 61, 90, 150, 300, 333, 400]))

    def money(most: int = 500) -> str:
        return f"{dice.randint(0, most)}.{dice.randint(0, 99):02d}"

    def currency() -> str:
        return dice.choice(["CNY"] * 8 + ["USD"])

    funds = [row["partner_fund_id"] for row in rows["partner_fund"]]
    if not funds:
        return rows, as_of
    kinds = ("guidance", "public", "state_owned", "manager", "private", "natural_person")
    rows["investor_commitment"] = [row | {"kind": dice.choice(kinds)} for row in rows["investor_commitment"]]
    rows["company"] = [
        {"company_id": f"C{n}", "name": f"示例公司{n}", "uscc": dice.choice(USCC), "district": dice.choice(PLACES),
         "operating_district": dice.choice(PLACES), "industry": dice.choice(LINES)}
        for n in range(4)
    ]  # fmt: skip
    rows["district"] = [place for place in DISTRICTS if dice.random() < 0.9]
    rows["industry"] = [line for line in INDUSTRIES if dice.random() < 0.9]
    rows["investment"] = [
        {"investment_id": f"I{n}", "partner_fund_id": dice.choice(funds), "company_id": f"C{dice.randint(0, 3)}",
         "invested_on": day(), "stage": dice.choice(["seed", "startup", "growth", "mature"]), "amount": money(),
         "joint_amount": dice.choice([None, money()]), "currency": currency()}
        for n in range(dice.randint(0, 8))
    ]  # fmt: skip
    made = [row["investment_id"] for row in rows["investment"]]
    rows["investment_exit"] = [
        {"investment_id": dice.choice(made), "exited_on": day(), "line_no": str(n), "cost": money(200), "proceeds": money(),
         "currency": currency()}
        for n in range(dice.randint(0, 5)) if made
    ]  # fmt: skip
    valued = {(dice.choice(made), day()) for _ in range(dice.randint(0, 8)) if made}
    rows["holding_valuation"] = [
        {"investment_id": one, "valued_on": on, "cost": money(), "value": dice.choice([None, money(), money()]),
         "currency": dice.choice([None, currency()])}
        for one, on in sorted(valued)
    ]  # fmt: skip
    rows["fund_report"] = [
        row | {"paid_in": dice.choice([None, money()]), "guidance_paid_in": dice.choice([None, money(200)])}
        for row in rows["fund_report"]
    ]
    terms = [(None, None), ("倍数", "认缴"), ("倍数", "实缴"), ("占基金规模", None), ("占已投金额", None)]
    stakes = []
    for row in rows["participation"]:
        kind, base = dice.choice(terms)
        stakes.append(
            row
            | {"reinvest_kind": kind, "reinvest_base": base, "reinvest_required": dice.choice([None, "1.5", "0.7", "0.3333"]),
               "early_base": dice.choice([None, "基金规模", "已投金额"]), "early_min": "0.3"}
        )  # fmt: skip
    rows["participation"] = stakes
    said = {
        (dice.choice(stakes)["participation_id"], f"C{dice.randint(0, 3)}", dice.choice([None, *made]), day())
        for _ in range(dice.randint(0, 8))
        if stakes
    }
    rows["reinvestment"] = [
        {"participation_id": stake, "company_id": company, "investment_id": one, "recognised_on": on, "recognised": money()}
        for stake, company, one, on in sorted(said, key=str)
    ]  # fmt: skip
    return rows, as_of


def generous(seed: int) -> tuple[dict[str, list[dict[str, Any]]], list[date]]:
    """A random ledger whose funds are large enough to know the guidance funds' share, with more valuations; two days a year apart."""
    rows, as_of = random_returns(seed)
    if seed % 2:  # in one currency, every share is known
        alike = {
            table: [row | {"currency": "CNY"} for row in rows[table]]
            for table in ("partner_fund", "participation", "cash_flow")
        }
        rows |= alike
        rows["cash_flow"] = rows["cash_flow"] + [
            {"participation_id": stake["participation_id"], "kind": "call", "occurred_on": FIRST.isoformat(), "amount": f"{1000 + 77 * place}.13",
             "currency": "CNY", "line_no": "99"}
            for place, stake in enumerate(rows["participation"])
        ]  # fmt: skip
    paid = [
        {"partner_fund_id": fund["partner_fund_id"], "investor": "社会", "call_no": "1", "line_no": "9", "paid_on": FIRST.isoformat(),
         "amount": 90000, "currency": fund["currency"]}
        for fund in rows["partner_fund"]
    ]  # fmt: skip
    late = FIRST + timedelta(days=310)
    valued = [
        {"investment_id": one["investment_id"], "valued_on": late.isoformat(), "cost": one["amount"], "value": f"{7 * place + 1}.37",
         "currency": one["currency"]}
        for place, one in enumerate(rows.get("investment", []))
        if place % 3
    ]  # fmt: skip
    navs = [
        {"participation_id": stake["participation_id"], "valued_on": FIRST.isoformat(), "nav": f"{place}3.21", "currency": stake["currency"]}
        for place, stake in enumerate(rows["participation"])
        if place % 2
    ]  # fmt: skip
    days = [as_of, FIRST + timedelta(days=365 + 30 * (seed % 5))]
    more = {"fund_paid_in": paid, "holding_valuation": valued, "valuation": navs}
    return rows | {table: _added(rows.get(table, []), new, _KEYS[table]) for table, new in more.items()}, days


_KEYS = {
    "fund_paid_in": ("partner_fund_id", "investor", "call_no", "line_no"),
    "holding_valuation": ("investment_id", "valued_on"),
    "valuation": ("participation_id", "valued_on"),
}


def _added(
    rows: list[dict[str, Any]], new: list[dict[str, Any]], key: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Rows with new ones whose key is not there yet."""
    known = {tuple(str(row.get(name)) for name in key) for row in rows}
    return rows + [row for row in new if tuple(str(row[name]) for name in key) not in known]

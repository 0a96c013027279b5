"""Seeded random ledgers, small and full of edge cases: unknowns, same-day events, shared codes, currencies."""

import random
from datetime import date, timedelta
from typing import Any

CODES = [
    "91330100799655058B",
    "91330106MA27WEGT1K",
    "123456789012345678",
    "SA1234",
    "S00001",
    "ＳＡ１２３４",
    None,
    None,
    None,
]
FIRST = date(2016, 11, 1)
TARGETS = [
    ("new_managers", 3, "家", None),
    ("partner_funds", 5, "只", None),
    ("fund_scale", 900, "元", "CNY"),
    ("cross_border", 500, "美元", "USD"),
    ("invention_patents", 100, "件", None),
    ("new_hightech_firms", 30, "家", None),
    ("local_target", 7, "项", None),
]


def random_rows(seed: int) -> tuple[dict[str, list[dict[str, Any]]], date]:
    """A ledger's rows and a day to look at it."""
    dice = random.Random(seed)
    loose = random.Random(f"{seed}: how well establishments are known")

    def day(unknown: float = 0.15) -> date | None:
        return (
            None
            if dice.random() < unknown
            else FIRST + timedelta(days=dice.choice([0, 30, 60, 61, 62, 90, 150, 300, 333, 334, 400, 425]))
        )

    def sure() -> date:
        return day(0) or FIRST

    def money(unknown: float = 0.1, *, signed: bool = False) -> str | None:
        if dice.random() < unknown:
            return None
        return f"{dice.randint(-200 if signed else 0, 500)}.{dice.randint(0, 99):02d}"

    def currency() -> str:
        return dice.choice(["CNY"] * 7 + ["USD"])

    firms = [f"M{n}" for n in range(dice.randint(1, 5))]
    funds = [f"P{n}" for n in range(dice.randint(0, 6))]
    guidance = [("G1", "venture"), ("G2", "angel"), ("G3", "cross_border")][: dice.randint(0, 3)]
    rows: dict[str, list[dict[str, Any]]] = {}
    rows["manager"] = [
        {"manager_id": m, "name": dice.choice([f"示例{m}（有限合伙）", "示例同名"]), "group_name": dice.choice([None, None, "甲系", "甲 系", "ＡＢ", "ab"]),
         "uscc": dice.choice(CODES), "amac_no": dice.choice([None, "P1000001", "p100000１", "无"])}
        for m in firms
    ]  # fmt: skip
    rows["partner_fund"] = [
        {"partner_fund_id": p, "name": f"示例基金{p}", "manager_id": dice.choice(firms), "uscc": dice.choice(CODES),
         "amac_code": dice.choice(CODES), "currency": currency(), "target_size": money(0.3), "committed_size": money(0.3),
         **_established(loose, day(0.2)), "filed_on": day(0.4), "investment_end": day(0.5), "term_end": day(0.5)}
        for p in funds
    ]  # fmt: skip
    rows["guidance_fund"] = [
        {"guidance_fund_id": g, "name": g, "kind": kind, "currency": currency(), "established_on": day(0.2)}
        for g, kind in guidance
    ]
    rows["guidance_flow"] = [
        {"guidance_fund_id": dice.choice(guidance)[0], "kind": dice.choice(["committed", "committed", "received"]), "occurred_on": sure(),
         "amount": money(0, signed=True), "currency": currency(), "line_no": str(n)}
        for n in range(dice.randint(0, 6)) if guidance
    ]  # fmt: skip
    rows["participation"] = [
        {"participation_id": f"A{n}", "guidance_fund_id": dice.choice(guidance)[0], "partner_fund_id": dice.choice(funds),
         "approved_on": day(0.5), "approved_amount": money(0.3), "signed_on": day(0.2), "commitment": money(0.1), "currency": currency(),
         "dropped_on": day(0.6)}
        for n in range(dice.randint(0, 9)) if guidance and funds
    ]  # fmt: skip
    stakes = [row["participation_id"] for row in rows["participation"]]
    kinds = [
        "call",
        "call",
        "call",
        "fee_outside",
        "distribution",
        "recallable",
        "exit_proceeds",
        "exit_proceeds",
    ]
    rows["cash_flow"] = [
        {"participation_id": dice.choice(stakes), "kind": dice.choice(kinds), "line_no": str(n), "due_on": day(0.8), "occurred_on": day(),
         "amount": money(), "principal": money(0.5), "cost_basis": money(0.5), "exit_kind": dice.choice([None, None, "转让"]),
         "unfunded_effect": money(0.8, signed=True), "currency": currency()}
        for n in range(dice.randint(0, 12)) if stakes
    ]  # fmt: skip
    rows["valuation"] = [
        {"participation_id": stake, "valued_on": on, "nav": money(0, signed=True), "currency": currency()}
        for stake, on in sorted({(dice.choice(stakes), sure()) for _ in range(dice.randint(0, 8)) if stakes})
    ]
    reports = {
        (
            dice.choice(funds),
            dice.choice(["2016", "2017", "2017H1", "2017Q1", "2017Q3"]),
            dice.choice(["季报", "年报", "审计报告"]),
        )
        for _ in range(dice.randint(0, 6))
        if funds
    }
    rows["fund_report"] = [
        {
            "partner_fund_id": fund,
            "period": period,
            "kind": kind,
            "guidance_share": money(0.2, signed=True),
            "currency": dice.choice([None, "CNY"]),
        }
        for fund, period, kind in sorted(reports)
    ]
    reasons = [None, "initial", "increase", "reduction", "acquired", "transferred", "withdrawn"]
    rows["investor_commitment"] = [
        {"partner_fund_id": dice.choice(funds), "investor": f"出资人{n}", "kind": "private", "effective_on": day(), "reason": dice.choice(reasons),
         "amount": money(0, signed=True), "currency": dice.choice([None, None, "CNY", "USD"])}
        for n in range(dice.randint(0, 12)) if funds
    ]  # fmt: skip
    rows["fund_paid_in"] = [
        {"partner_fund_id": dice.choice(funds), "investor": f"出资人{n}", "guidance_fund_id": dice.choice([None, *(g for g, _ in guidance)]),
         "call_no": "1", "line_no": str(n), "paid_on": day(), "amount": money(), "currency": dice.choice([None, "CNY", "USD"])}
        for n in range(dice.randint(0, 8)) if funds
    ]  # fmt: skip
    rows["fund_change"] = _changes(dice, funds, firms, sure)
    rows["investment"] = [
        {"investment_id": f"I{n}", "partner_fund_id": dice.choice(funds), "company_id": f"C{n}", "invested_on": sure(), "stage": "seed",
         "amount": money(0), "currency": currency()}
        for n in range(dice.randint(0, 4)) if funds
    ]  # fmt: skip
    rows["target"] = [
        {"code": code, "name": code, "starts_on": starts, "due_on": due, "value": dice.choice([value, value, 0]), "unit": unit,
         "currency": dice.choice([money_of, money_of, None]), "source": "计划"}
        for code, value, unit, money_of in TARGETS
        for starts, due in dice.sample(
            [(date(2017, 1, 1), date(2017, 12, 31)), (date(2016, 1, 1), date(2016, 12, 31)), (date(2017, 7, 1), date(2018, 6, 30)),
             (date(2018, 2, 1), date(2018, 1, 1))], dice.randint(0, 3))
    ]  # fmt: skip
    rows["indicator"] = [
        {
            "code": code,
            "measured_on": on,
            "value": dice.choice([None, "5", "31", "90.5", "120"]),
            "source": "统计",
        }
        for code, on in sorted(
            {(dice.choice(TARGETS)[0], dice.choice([sure(), date(2016, 12, 31)])) for _ in range(8)}
        )
    ]
    rows["cover"] = [{"sender": "示例", "as_of": sure(), "unit": "元"}]
    return rows, dice.choice(
        [FIRST + timedelta(days=dice.randint(-40, 500)), date(2017, 9, 30), date(2017, 12, 31), sure()]
    )


def _established(dice: random.Random, day: date | None) -> dict[str, Any]:
    """A fund's establishment, half of the time known only to the month or year, and then its last day."""
    precision = dice.choice(["day", "day", "month", "year"])
    if day is not None and precision != "day":
        month = day.month if precision == "month" else 12
        day = date(day.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return {"established_on": day, "established_on_precision": None if day is None else precision}


def _changes(dice: random.Random, funds: list[str], firms: list[str], sure: Any) -> list[dict[str, Any]]:
    """Changes of name, manager and term; a fund has at most one of a kind on a day."""
    kinds = ["manager", "manager", "renamed", "extended", "liquidating", "dissolved", "terminated"]
    words = {
        "manager": [None, *firms, "示例M0", "示例 M1(有限合伙)", "示例同名", "外地机构", "M0"],
        "renamed": [None, "示例旧名", "示例新名", "示例基金P0"],
        "extended": [None, "2017-03-01", "2018年6月30日", "两年", "2017-02-30"],
    }
    keys = {(dice.choice(funds), dice.choice(kinds), sure()) for _ in range(dice.randint(0, 10)) if funds}
    return [
        {"partner_fund_id": fund, "kind": kind, "effective_on": on, "before": dice.choice(words.get(kind, [None])),
         "after": dice.choice(words.get(kind, [None]))}
        for fund, kind, on in sorted(keys)
    ]  # fmt: skip

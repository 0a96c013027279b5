"""Random ledgers with what returns and leverage need beside: exits, valuations, terms, recognitions, places."""

import random
from datetime import date, timedelta
from typing import Any

from random_ledgers import FIRST, random_rows


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
        {"company_id": f"C{n}", "name": f"示例公司{n}", "district": dice.choice([None, "330106", "330108", "临安区"]),
         "industry": dice.choice([None, "I65", "C27"])}
        for n in range(4)
    ]  # fmt: skip
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

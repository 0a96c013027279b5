"""Rows of the 示例 managers' sheets: investors, money paid in, investments, exits, valuations, reports."""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Final

from fundtrack.periods import day_before, month_end
from seeds.demo_kinds import workday
from seeds.demo_life import END, Company, Deal, Life, quarter_ends

Row = dict[str, object]
_CENT: Final = Decimal("0.01")
_SIZES: Final = {
    # stage: staff, sales and net assets in ten thousands, stake in basis points
    "seed": ((5, 20), (0, 100), (30, 200), (800, 2000)),
    "startup": ((15, 80), (50, 1500), (100, 1200), (500, 1500)),
    "growth": ((60, 250), (2000, 12000), (1000, 8000), (200, 800)),
    "mature": ((200, 600), (10000, 50000), (6000, 30000), (100, 300)),
}
_ROUNDS: Final = {
    "seed": ("天使轮",),
    "startup": ("天使轮", "A轮", "A轮"),
    "growth": ("B轮", "C轮"),
    "mature": ("Pre-IPO",),
}


def investors(life: Life) -> list[Row]:
    """Rows of 出资人; a third of the funds leave the date of the first commitments to the date of establishment."""
    blank = int(life.fund.id[3:]) % 3 == 0
    return [
        {"partner_fund_id": life.fund.id, "investor": one.name, "kind": one.kind,
         "effective_on": None if blank and one.reason == "initial" else one.on, "guidance_fund_id": one.guidance, "reason": one.reason,
         "amount": one.amount, "currency": life.fund.currency}
        for one in life.fund.investors
    ]  # fmt: skip


def paid_in(life: Life) -> list[Row]:
    """Rows of 基金实缴."""
    return [
        {"partner_fund_id": life.fund.id, "investor": one.investor, "guidance_fund_id": one.guidance,
         "call_no": "增资" if one.no == 9 else str(one.no), "due_on": one.due, "due_amount": one.amount, "paid_on": one.paid,
         "amount": one.amount, "currency": life.fund.currency}
        for one in life.payments
    ]  # fmt: skip


def company_row(company: Company, *, with_id: bool = True) -> Row:
    """A row of 被投企业."""
    return {
        "company_id": company.id if with_id else None, "name": company.name, "uscc": company.uscc, "founded_on": company.founded,
        "district": company.district, "operating_district": company.district, "industry": company.industry,
        "hightech_on": company.hightech, "tech_sme_on": company.sme,
    }  # fmt: skip


def deal_row(life: Life, deal: Deal, *, with_id: bool = True) -> Row:
    """A row of 投资项目; one names a related party, one does not say."""
    assert deal.company is not None
    rng = random.Random(f"row {deal.id}")
    staff, sales, assets, stake = _SIZES[deal.stage]
    at = life.deals.index(deal)
    related: bool | None = {0: True, 1: None}.get(at, False) if "related" in life.fund.tags else False
    joint = (deal.amount * rng.randrange(5, 18) / 100_000).quantize(Decimal(1), ROUND_DOWN) * 10_000
    return {
        "investment_id": deal.id, "partner_fund_id": life.fund.id, "company_id": deal.company.id if with_id else deal.company.name,
        "invested_on": deal.on, "round": rng.choice(_ROUNDS[deal.stage]), "stage": deal.stage, "amount": deal.amount,
        "currency": life.fund.currency, "joint_amount": joint if rng.random() < 0.55 else None,
        "stake": Decimal(rng.randrange(*stake)) / 10_000, "instrument": "convertible" if rng.random() < 0.05 else "equity",
        "related_party": related, "staff": rng.randrange(*staff), "sales": Decimal(rng.randrange(*sales)) * 10_000,
        "net_assets": Decimal(rng.randrange(*assets)) * 10_000,
    }  # fmt: skip


def exits(life: Life) -> list[Row]:
    """Rows of 项目退出."""
    return [
        {"investment_id": deal.id, "exited_on": one.on, "line_no": "1", "method": one.method, "cost": one.cost, "proceeds": one.proceeds,
         "currency": life.fund.currency}
        for deal, one in life.exits()
    ]  # fmt: skip


def holdings(life: Life) -> list[Row]:
    """Rows of 项目估值 at the last year end and the two last quarter ends."""
    days = (date(2016, 12, 31), date(2017, 6, 30), END)
    if "stale_nav" in life.fund.tags:
        days = (date(2015, 12, 31), date(2016, 6, 30), date(2016, 6, 30))
    out: list[Row] = []
    for day in dict.fromkeys(days):
        for deal in life.deals:
            cost = deal.cost_at(day)
            if cost:
                method = "成本" if (day - deal.on).days <= 365 else "最近融资"
                out.append({"investment_id": deal.id, "valued_on": day, "cost": cost, "value": deal.value_at(day), "method": method,
                            "currency": life.fund.currency})  # fmt: skip
    return out


def _periods(life: Life) -> Iterator[tuple[str, str, date, date]]:
    """Yield the reports a fund owes: period, kind, end, due day; quarterly since the end of 2015."""
    signed = min(stake.signed for stake in life.fund.stakes if stake.signed)
    last = date(2016, 6, 30) if "stale_nav" in life.fund.tags else END
    for end in quarter_ends(max(life.born, signed), last):
        if (life.ends and end >= life.ends) or ("ended" in life.fund.tags and end == END):
            continue
        if end >= date(2015, 12, 31):
            due = month_end(end.year + end.month // 12, end.month % 12 + 1)
            yield f"{end.year}Q{end.month // 3}", "季报", end, due
        if end.month == 12:
            yield str(end.year), "年报", end, date(end.year + 1, 6, 30)


def reports(life: Life) -> list[Row]:
    """Rows of 基金定期报告: positions at each period's end, all from the same life."""
    out: list[Row] = []
    for period, kind, end, due in _periods(life):
        rng = random.Random(f"report {life.fund.id} {period} {kind}")
        filed = workday(due - timedelta(days=rng.randrange(3, 20 if kind == "季报" else 90)))
        if "late_report" in life.fund.tags and period == "2017Q2":
            filed = date(2017, 9, 15)
        since = (
            date(end.year, 1, 1)
            if kind == "年报"
            else month_end(end.year - (end.month == 3), (end.month - 4) % 12 + 1)
        )
        cash = life.cash(end)
        paid, net = life.paid_in(end), life.net_assets(end)
        gone = sum((one.total for one in life.distributions if one.on <= end), Decimal(0))
        share = life.share(end, "*")
        done = [one for _, one in life.exits() if one.on <= end]
        made = [deal for deal in life.deals if deal.on <= end]
        out.append({
            "partner_fund_id": life.fund.id, "period": period, "kind": kind, "due_on": due, "filed_on": filed,
            "committed": life.committed(end), "paid_in": paid, "guidance_paid_in": life.paid_in(end, "*"), "projects": len(made),
            "invested": sum((deal.amount for deal in made), Decimal(0)), "exit_cost": sum((one.cost for one in done), Decimal(0)),
            "exit_proceeds": sum((one.proceeds for one in done), Decimal(0)), "distributed": gone, "net_assets": net,
            "guidance_share": (net * share).quantize(_CENT), "cash": cash,
            "wealth_products": (cash * 4 / 100_000).quantize(Decimal(1), ROUND_DOWN) * 10_000 if cash > 5_000_000 else Decimal(0),
            "fee": sum((fee for on, fee in life.fees.items() if day_before(since) < on <= end and on > since), Decimal(0)),
            "multiple_reported": ((net + gone) / paid).quantize(Decimal("0.0001")) if paid else None,
            "opinion": "标准无保留意见（示例）" if kind == "年报" else None, "currency": life.fund.currency,
        })  # fmt: skip
    return out


def silent_funds(lives: Iterable[Life]) -> tuple[str, ...]:
    """Choose the five funds that sent nothing for the third quarter, each the only one of its manager and idle in it."""
    lives = list(lives)
    alone = [life for life in lives if sum(other.fund.manager is life.fund.manager for other in lives) == 1]

    def quiet(life: Life) -> bool:
        days = (
            [deal.on for deal in life.deals]
            + [one.on for _, one in life.exits()]
            + [one.paid for one in life.payments]
        )
        days += [one.on for one in life.distributions]
        return all(day <= date(2017, 6, 30) for day in days) and not life.ends

    plain = [life.fund.id for life in alone if not life.fund.tags and quiet(life)]
    stale = [life.fund.id for life in alone if "stale_nav" in life.fund.tags]
    return (*stale, *plain[:: max(1, len(plain) // 4)])[:5]

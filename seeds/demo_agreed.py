"""Rows of the 示例 operator's standing sheets: what is known of funds and participations at the end of a round."""

from datetime import date, timedelta
from decimal import Decimal

from seeds.demo_cast import Cast
from seeds.demo_kinds import OPERATOR, Fund, Manager, Stake
from seeds.demo_life import END, Life, stake_paid
from seeds.demo_money import recognised
from seeds.demo_world import World

Row = dict[str, object]
FIRST = date(2017, 6, 30)
GUIDANCE_FUNDS: tuple[Row, ...] = (
    {"guidance_fund_id": "GF-01", "name": "杭州示例创业投资引导基金", "phase": "一期", "kind": "venture", "currency": "CNY",
     "planned_size": 1_000_000_000, "operator": OPERATOR, "established_on": date(2008, 4, 28)},
    {"guidance_fund_id": "GF-02", "name": "杭州示例天使投资引导基金", "phase": "一期", "kind": "angel", "currency": "CNY",
     "planned_size": 200_000_000, "operator": OPERATOR, "established_on": date(2010, 6, 18)},
    {"guidance_fund_id": "GF-03", "name": "杭州示例跨境风险投资引导基金", "phase": "一期", "kind": "cross_border", "currency": "USD",
     "planned_size": 50_000_000, "operator": OPERATOR, "established_on": date(2017, 6, 12)},
)  # fmt: skip


def _until(day: date | None, cut: date) -> date | None:
    return day if day and day <= cut else None


def manager_row(manager: Manager) -> Row:
    """A manager as the operator lists it."""
    return {"manager_id": manager.id, "name": manager.name, "group_name": manager.house, "uscc": manager.uscc, "amac_no": manager.amac_no,
            "location": manager.location}  # fmt: skip


def fund_row(fund: Fund, cut: date) -> Row:
    """A partner fund as known at a cut: no fact of a later day."""
    on = _until(fund.established, cut)
    filed = (
        _until(max(on + timedelta(days=55), date(2014, 4, 21) + timedelta(days=int(fund.id[3:]))), cut)
        if on
        else None
    )
    return {
        "partner_fund_id": fund.id, "name": fund.name, "manager_id": fund.manager.id, "gp_name": fund.manager.name,
        "uscc": fund.uscc if on else None, "amac_code": f"SDM{int(fund.id[3:]):03d}" if filed else None,
        "legal_form": "有限合伙（外商投资）" if "usd" in fund.tags else "有限合伙", "district": fund.district,
        "custodian": fund.custodian if on else None, "currency": fund.currency,
        "target_size": fund.size * (12 if on and int(fund.id[3:]) % 4 == 0 else 10) // 10, "committed_size": fund.size if on else None,
        "established_on": on, "filed_on": filed,
        "investment_end": on.replace(year=on.year + 5, day=min(on.day, 28)) if on else None, "term_end": fund.term_end if on else None,
        "fee_rate": Decimal("0.02"), "fee_base": "实缴", "contact": f"示例联系人{fund.id[3:]}",
    }  # fmt: skip


def _stage(fund: Fund, stake: Stake, cut: date) -> str:
    if stake.dropped and stake.dropped <= cut:
        return "已终止"
    if _until(fund.established, cut):
        return "已设立"
    if _until(stake.signed, cut):
        return (
            "工商登记中"
            if "expected" not in fund.tags or fund.tags["expected"][0] < "2017-12"
            else "合伙协议签署"
        )
    return {4: "合伙协议谈判", 5: "尽职调查", 6: "社会资本募集"}[(int(fund.id[3:]) % 3) + 4]


def _reinvest(life: Life | None, fund: Fund, stake: Stake) -> Row:
    """Terms of reinvestment: twice what was paid, or less where that is what was agreed."""
    if stake.guidance == "GF-03" or fund.established is None or life is None:
        return {}
    due = fund.established.replace(year=fund.established.year + 5, day=min(fund.established.day, 28))
    multiple = Decimal(2)
    if "return_gap" in fund.tags:
        due = date(2016, 12, 31)
    elif due <= END:
        base = sum((one.amount for one in stake_paid(life, stake)), Decimal(0))
        done = sum(
            (one.amount for one in recognised(life) if one.stake is stake and one.on <= due), Decimal(0)
        )
        multiple = min(multiple, done * 2 // max(base, Decimal(1)) / 2)
        if multiple < 1:
            due, multiple = due.replace(year=max(due.year + 2, 2018)), Decimal(1)
    return {
        "reinvest_kind": "倍数",
        "reinvest_required": multiple,
        "reinvest_base": "实缴",
        "reinvest_due": due,
    }


def stake_row(life: Life | None, fund: Fund, stake: Stake, cut: date) -> Row:
    """A participation as known at a cut."""
    signed = _until(stake.signed, cut)
    dropped = _until(stake.dropped, cut)
    terms = _reinvest(life, fund, stake) if signed else {}
    row: Row = {
        "participation_id": stake.id, "guidance_fund_id": stake.guidance, "partner_fund_id": fund.id, "applied_on": stake.applied,
        "approved_on": _until(stake.approved, cut),
        "approval_no": f"示例〔{stake.approved.year}〕{int(stake.id[3:])}号" if stake.approved <= cut else None,
        "approved_amount": stake.commitment, "expected_on": stake.expected, "stage_now": _stage(fund, stake, cut), "signed_on": signed,
        "commitment": stake.commitment if signed else None, "currency": fund.currency, "dropped_on": dropped,
        "dropped_why": stake.why if dropped else None,
    }  # fmt: skip
    names = ("cap_ratio", "reinvest_kind", "reinvest_required", "reinvest_base", "reinvest_due", "early_min", "early_base",
             "concession_kind", "concession_years", "guaranteed_return", "remit_days")  # fmt: skip
    row |= dict.fromkeys(names)
    if signed:
        early = fund.angel
        row |= terms | {
            "cap_ratio": Decimal("0.25"), "early_min": Decimal("0.6") if early else None, "early_base": "已投金额" if early else None,
            "concession_kind": "原值加贷款基准利率", "concession_years": 5, "guaranteed_return": False, "remit_days": 60,
        }  # fmt: skip
    return row


def standing(cast: Cast, world: World, cut: date) -> dict[str, list[Row]]:
    """All standing rows known at a cut; who applied later is not there yet."""
    lives = {life.fund.id: life for life in world.lives}
    funds = [fund for fund in cast.funds if fund.stakes[0].applied <= cut]
    known = {fund.manager.id for fund in funds} | {cast.successor.id}
    stakes = [
        stake_row(lives.get(fund.id), fund, stake, cut)
        for fund in funds
        for stake in fund.stakes
        if stake.applied <= cut
    ]
    return {
        "guidance_fund": [dict(row) for row in GUIDANCE_FUNDS],
        "manager": [manager_row(manager) for manager in cast.managers if manager.id in known],
        "partner_fund": [fund_row(fund, cut) for fund in funds],
        "participation": sorted(stakes, key=lambda row: str(row["participation_id"])),
    }


def changes(cast: Cast) -> list[Row]:
    """What changed in the funds, each on its day."""
    out: list[Row] = []
    for fund in cast.funds:
        for tag, given in fund.tags.items():
            if tag == "extended" and fund.term_end:
                after = fund.term_end.replace(year=fund.term_end.year + 2)
                out.append({"kind": "extended", "effective_on": date(2016, 11, 10), "before": f"{fund.term_end}", "after": f"{after}",
                            "approval_no": "示例〔2016〕展1号"})  # fmt: skip
            elif tag == "manager_replaced":
                out.append({"kind": "manager", "effective_on": date(2017, 5, 16), "before": fund.manager.name, "after": cast.successor.name,
                            "approval_no": "示例〔2017〕管1号"})  # fmt: skip
            elif tag == "renamed":
                out.append({"kind": "renamed", "effective_on": date(2017, 8, 3), "before": fund.name,
                            "after": fund.name.replace("创业投资", "股权投资")})  # fmt: skip
            elif tag == "dissolved":
                end = date.fromisoformat(given[0])
                out.append({"kind": "liquidating", "effective_on": end - timedelta(days=120)})
                out.append({"kind": "dissolved", "effective_on": end})
            else:
                continue
            for row in out:
                row.setdefault("partner_fund_id", fund.id)
    return out

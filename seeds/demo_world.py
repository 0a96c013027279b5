"""All lives of the 示例 portfolio together: four hundred investments, and the companies that funds share."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from seeds.demo_kinds import Fund, workday
from seeds.demo_life import Company, Deal, Life
from seeds.demo_names import ELSEWHERE, FUYANG, HANGZHOU, sector, uscc, words

DEALS: Final = 400
_CITIES: Final = {
    "310": "上海", "110": "北京", "440": "深圳", "3205": "苏州", "3302": "宁波", "3304": "嘉兴", "3306": "绍兴", "3201": "南京",
}  # fmt: skip


class World:
    """All lives, with the companies they share."""

    def __init__(self, funds: list[Fund]) -> None:
        self.lives = [Life(fund) for fund in funds if fund.established]
        drafts = [(spare, life, deal) for life in self.lives for spare, deal in life.draft_deals()]
        spare = [at for at, draft in enumerate(drafts) if draft[0]]
        left_out = set(random.Random("four hundred").sample(spare, len(drafts) - DEALS))
        kept = [(life, deal) for at, (_, life, deal) in enumerate(drafts) if at not in left_out]
        kept.sort(key=lambda pair: (pair[1].on, pair[0].fund.id))
        self.companies: list[Company] = []
        self._names = words("companies")
        last: dict[str, Company] = {}
        for number, (life, deal) in enumerate(kept, start=1):
            deal.id = f"IN-{number:04d}"
            own = [one.company for one in life.deals if one.company and (deal.on - one.on).days > 200]
            recent = [one for key, one in last.items() if key != life.fund.id]
            dice = deal.rng.random()
            if own and dice < 0.09 and "over_cap" not in life.fund.tags:
                deal.company = deal.rng.choice(own)
                held = sum((one.amount for one in life.deals if one.company == deal.company), Decimal(0))
                deal.amount = min(deal.amount, max(Decimal(500_000), deal.fund.size * Decimal("0.18") - held))
            elif recent and dice > 0.91 and "return_gap" not in life.fund.tags:
                deal.company = deal.rng.choice(recent[-6:])
            else:
                deal.company = self._company(deal, local=0.1 if "return_gap" in life.fund.tags else 0.68)
                last.pop(life.fund.id, None)
                last[life.fund.id] = deal.company
            deal.stage = stage_of(deal)
            life.deals.append(deal)
        for life in self.lives:
            life.live()

    def _company(self, deal: Deal, local: float) -> Company:
        rng, number = deal.rng, len(self.companies) + 1
        district = rng.choice(HANGZHOU if rng.random() < local else ELSEWHERE)
        if district == FUYANG and deal.on < date(2015, 2, 1):
            district = "330106"
        city = (
            "杭州"
            if district.startswith("3301")
            else next(name for code, name in _CITIES.items() if district.startswith(code))
        )
        word, industry = sector(rng)
        age = (
            rng.randrange(120, 900)
            if deal.fund.angel
            else rng.choice((rng.randrange(300, 1500), rng.randrange(1500, 4200)))
        )
        founded = workday(deal.on - timedelta(days=age))
        later = workday(founded + timedelta(days=rng.randrange(900, 1800)))
        sme = workday(founded + timedelta(days=rng.randrange(500, 900)))
        made = Company(
            f"CO-{number:04d}", f"{city}示例{next(self._names)}{word}有限公司", uscc(district, 2000 + number), founded, district, industry,
            later if rng.random() < 0.5 and later <= date(2017, 6, 30) else None,
            sme if rng.random() < 0.5 and date(2014, 1, 1) < sme <= date(2017, 6, 30) else None,
        )  # fmt: skip
        self.companies.append(made)
        return made


def stage_of(deal: Deal) -> str:
    """Name a company's stage at an investment by its age."""
    assert deal.company is not None
    years = (deal.on - deal.company.founded).days / 365
    if years < 1.2:
        return "seed"
    return "startup" if years < 4.8 else "growth" if years < 9 else "mature"

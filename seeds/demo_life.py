"""The life of a 示例 fund: calls, investments, exits, distributions, and the net assets that follow from them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Final

from fundtrack.periods import month_end
from seeds.demo_cast import GUIDANCE, Fund, Stake, workday
from seeds.demo_names import ELSEWHERE, FUYANG, HANGZHOU, sector, uscc, words

END: Final = date(2017, 9, 30)
DEALS: Final = 400
_CENT: Final = Decimal("0.01")
_HUNDRED: Final = Decimal(100)
_PLANS: Final = ((40, 30, 30), (50, 50), (30, 30, 40), (60, 40))
_CITIES: Final = {
    "310": "上海", "110": "北京", "440": "深圳", "3205": "苏州", "3302": "宁波", "3304": "嘉兴", "3306": "绍兴", "3201": "南京",
}  # fmt: skip


@dataclass(frozen=True)
class Payment:
    """What one investor was due to pay, and paid, in one call."""

    no: int
    investor: str
    guidance: str | None
    due: date
    paid: date
    amount: Decimal


@dataclass(frozen=True)
class Company:
    """A company invested in."""

    id: str
    name: str
    uscc: str
    founded: date
    district: str
    industry: str
    hightech: date | None
    sme: date | None


@dataclass(frozen=True)
class Exit:
    """Money back from an investment."""

    on: date
    method: str
    cost: Decimal
    proceeds: Decimal


@dataclass
class Deal:
    """An investment: what was paid, what it grows by a year, how it ended."""

    fund: Fund
    on: date
    amount: Decimal
    growth: float
    rng: random.Random
    id: str = ""
    company: Company | None = None
    stage: str = ""
    exits: list[Exit] = field(default_factory=list)

    def cost_at(self, day: date) -> Decimal:
        """Cost still held."""
        return (
            (self.amount - sum((exit_.cost for exit_ in self.exits if exit_.on <= day), Decimal(0)))
            if self.on <= day
            else Decimal(0)
        )

    def value_at(self, day: date) -> Decimal:
        """Fair value of what is still held: at cost for a year, then growing, to the hundred yuan."""
        years = max(0.0, ((day - self.on).days - 365) / 365)
        grown = self.cost_at(day) * Decimal(str(round((1 + self.growth) ** years, 6)))
        return (grown / 100).quantize(Decimal(1), ROUND_DOWN) * 100


@dataclass(frozen=True)
class Distribution:
    """Money paid out to all investors, and what of it went to each participation: amount, principal, income."""

    on: date
    total: Decimal
    to: dict[str, tuple[Decimal, Decimal, Decimal]]


def quarter_ends(first: date, last: date = END) -> Iterator[date]:
    """Yield every quarter end from a day on."""
    for year in range(first.year, last.year + 1):
        for month in (3, 6, 9, 12):
            if first <= month_end(year, month) <= last:
                yield month_end(year, month)


class Life:
    """A fund from its first call to the end of the story."""

    def __init__(self, fund: Fund) -> None:
        assert fund.established is not None
        self.fund = fund
        self.born = fund.established
        self.rng = random.Random(f"life {fund.id}")
        self.payments = sorted(self._payments(), key=lambda item: (item.paid, item.no))
        self.deals: list[Deal] = []
        self.distributions: list[Distribution] = []
        self.fees: dict[date, Decimal] = {}
        ends = fund.tags.get("dissolved")
        self.ends = date.fromisoformat(ends[0]) if ends else None

    def exited_on(self) -> date | None:
        """When the guidance fund sold its stake."""
        sold = self.fund.tags.get("exited")
        return date.fromisoformat(sold[0]) if sold else None

    def plan(self) -> list[tuple[date, int]]:
        """Lay out the calls: day due and percent of the commitments."""
        tags, rng = self.fund.tags, self.rng
        percents: tuple[int, ...] = rng.choice(_PLANS)
        for tag, own in (
            ("idle", (50,)),
            ("reduced", (40, 40)),
            ("usd", (30,)),
            ("ended", (40,)),
            ("due_later", (50,)),
        ):
            percents = own if tag in tags else percents
        day, out = workday(self.born + timedelta(days=rng.randrange(12, 26))), []
        for percent in percents:
            if day <= END:
                out.append((day, percent))
            day = workday(day + timedelta(days=rng.randrange(430, 620)))
        if "due_later" in tags:
            out.append((date(2017, 6, 26), 50))
        return out

    def _payments(self) -> Iterator[Payment]:
        tags = self.fund.tags
        plan = self.plan()
        for investor in self.fund.investors:
            amount = Decimal(investor.amount)
            if investor.reason == "initial" and not ("ended" in tags and investor.guidance):
                for no, (due, percent) in enumerate(plan, start=1):
                    late = "due_later" in tags and no == len(plan) and investor.guidance
                    paid = date(2017, 7, 5) if late else due
                    yield Payment(no, investor.name, investor.guidance, due, paid, amount * percent / 100)
            elif investor.reason == "increase":
                due = workday(investor.on + timedelta(days=20))
                yield Payment(9, investor.name, investor.guidance, due, due, amount)

    def committed(self, day: date) -> Decimal:
        """Committed size at a day."""
        return Decimal(sum(one.amount for one in self.fund.investors if one.on <= day))

    def paid_in(self, day: date, guidance: str | None = None) -> Decimal:
        """Paid in at a day, by all or by one guidance fund (`*`: by both)."""
        return sum(
            (
                one.amount
                for one in self.payments
                if one.paid <= day
                and (guidance is None or (one.guidance and guidance in {"*", one.guidance}))
            ),
            Decimal(0),
        )

    def share(self, day: date, guidance: str) -> Decimal:
        """Share of a guidance fund in what the fund owns, by paid-in; none after it sold."""
        sold = self.exited_on()
        paid = self.paid_in(day)
        return Decimal(0) if not paid or (sold and sold <= day) else self.paid_in(day, guidance) / paid

    def exits(self) -> list[tuple[Deal, Exit]]:
        """All exits by day."""
        return sorted(
            ((deal, one) for deal in self.deals for one in deal.exits),
            key=lambda pair: (pair[1].on, pair[0].id),
        )

    def cash(self, day: date) -> Decimal:
        """Cash at the end of a day."""
        out = sum((deal.amount for deal in self.deals if deal.on <= day), Decimal(0))
        out += sum((fee for on, fee in self.fees.items() if on <= day), Decimal(0))
        out += sum((one.total for one in self.distributions if one.on <= day), Decimal(0))
        return (
            self.paid_in(day)
            + sum((one.proceeds for _, one in self.exits() if one.on <= day), Decimal(0))
            - out
        )

    def net_assets(self, day: date) -> Decimal:
        """Cash and holdings."""
        return self.cash(day) + sum((deal.value_at(day) for deal in self.deals), Decimal(0))

    def draft_deals(self) -> Iterator[tuple[bool, Deal]]:
        """Yield investments to be, and whether one may be left out: each call's first may not."""
        plan = [] if {"idle", "usd", "ended"} & set(self.fund.tags) else self.plan_again()
        cap = Decimal(self.fund.size) * 18 / 100
        for at, (day, percent) in enumerate(plan):
            until = plan[at + 1][0] if at + 1 < len(plan) else day + timedelta(days=560)
            number = self.rng.choice((2, 3, 3, 4) if self.fund.angel else (2, 2, 3, 4))
            span = max(40, (until - day).days - 60)
            weights = [self.rng.choice((2, 3, 4)) for _ in range(number)]
            for k in range(number):
                on = workday(day + timedelta(days=25 + int(span * (k + self.rng.random() * 0.7) / number)))
                budget = Decimal(self.fund.size) * percent / 100 * 76 / 100 * weights[k] / sum(weights)
                amount = (min(budget, cap) / 10_000).quantize(Decimal(1), ROUND_DOWN) * 10_000
                if on <= date(2017, 9, 25):
                    rng = random.Random(f"deal {self.fund.id} {at} {k}")
                    growth = rng.choice((-0.45, -0.3, 0.0, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.35, 0.5))
                    yield k > 0, Deal(self.fund, on, amount, growth, rng)

    def plan_again(self) -> list[tuple[date, int]]:
        """Give the calls as they were made, from the payments."""
        whole = Decimal(self.fund.size)
        first: dict[int, tuple[date, Decimal]] = {}
        for one in self.payments:
            if one.no != 9:
                first[one.no] = (one.due, first.get(one.no, (one.due, Decimal(0)))[1] + one.amount)
        return [(due, round(amount * 100 / whole)) for due, amount in first.values()]

    def live(self) -> None:
        """Let exits, distributions and fees happen, in order."""
        for deal in self.deals:
            self._exit(deal)
        for deal, one in self.exits():
            day = workday(one.on + timedelta(days=deal.rng.randrange(25, 60)))
            total = (one.proceeds * 9 / 1000).quantize(Decimal(1), ROUND_DOWN) * 100
            if day <= END and total >= 50_000:
                self._distribute(day, total, one.cost)
        self.distributions.sort(key=lambda item: item.on)
        first = min((one.paid for one in self.payments), default=END)
        for day in quarter_ends(first):
            if not self.ends or day < self.ends - timedelta(days=60):
                due = (self.paid_in(day) / 200).quantize(_CENT, ROUND_DOWN)
                self.fees[day] = max(Decimal(0), min(due, self.cash(day)))
        if self.ends:
            last = self.ends - timedelta(days=40)
            self._distribute(last, self.cash(last), Decimal(0))

    def _exit(self, deal: Deal) -> None:
        rng, tags = deal.rng, self.fund.tags
        chance = 0.85 if {"extended", "overdue_exit"} & set(tags) else 0.36
        day = workday(deal.on + timedelta(days=rng.randrange(900, 2100)))
        must = "remit_late" in tags and deal is self.deals[0]
        if must:
            day, deal.growth = date(2016, 6, 15), 0.2
        if self.ends and day > self.ends - timedelta(days=130):
            day = workday(self.ends - timedelta(days=rng.randrange(130, 300)))
        if day > date(2017, 9, 22) or not (must or self.ends or rng.random() < chance):
            return
        method = rng.choice(
            ("ipo", "acquisition", "transfer")
            if deal.growth > 0.2
            else ("transfer", "buyback", "acquisition")
        )
        method = rng.choice(("liquidation", "buyback")) if deal.growth < 0 else method
        half = not self.ends and rng.random() < 0.2
        days = (day, workday(day + timedelta(days=240))) if half else (day,)
        for on in days:
            if on <= date(2017, 9, 22):
                cost = deal.amount / 2 if half else deal.amount
                gain = deal.value_at(on) / deal.cost_at(on) * Decimal(str(round(rng.uniform(0.92, 1.1), 4)))
                deal.exits.append(Exit(on, method, cost, (cost * gain).quantize(_CENT)))

    def _distribute(self, day: date, total: Decimal, cost: Decimal) -> None:
        to = {}
        for stake in self.fund.stakes:
            part = (total * self.share(day, stake.guidance)).quantize(_CENT)
            if part:
                principal = (
                    min(part, (cost * self.share(day, stake.guidance)).quantize(_CENT)) if cost else part
                )
                to[stake.id] = (part, principal, part - principal)
        self.distributions.append(Distribution(day, total, to))


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
                deal.amount = (deal.amount / 30_000).quantize(Decimal(1), ROUND_DOWN) * 10_000
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


def stake_paid(life: Life, stake: Stake) -> list[Payment]:
    """List what a guidance fund paid under a participation."""
    return [
        one
        for one in life.payments
        if one.guidance == stake.guidance and one.investor == GUIDANCE[stake.guidance]
    ]

"""The life of a 示例 fund: calls, investments, exits, distributions, and the net assets that follow from them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Final

from fundtrack.periods import month_end
from seeds.demo_kinds import GUIDANCE, Fund, Stake, workday

END: Final = date(2017, 9, 30)
_CENT: Final = Decimal("0.01")
_HUNDRED: Final = Decimal(100)
_PLANS: Final = ((30, 25, 20), (40, 30), (30, 30, 20), (40, 20, 20))
_OLD_PLANS: Final = ((40, 30, 30), (50, 50), (30, 30, 40))


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
        percents: tuple[int, ...] = rng.choice(_OLD_PLANS if self.born.year < 2012 else _PLANS)
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
        cap = Decimal(self.fund.size) * 16 / 100
        for at, (day, percent) in enumerate(plan):
            until = plan[at + 1][0] if at + 1 < len(plan) else day + timedelta(days=560)
            number = self.rng.choice((2, 3, 3, 4) if self.fund.angel else (2, 2, 2, 3))
            span = min(300, max(40, (until - day).days - 60))
            weights = [self.rng.choice((2, 3, 4)) for _ in range(number)]
            for k in range(number):
                on = workday(day + timedelta(days=25 + int(span * (k + self.rng.random() * 0.7) / number)))
                budget = Decimal(self.fund.size) * percent / 100 * 80 / 100 * weights[k] / sum(weights)
                amount = (min(budget, cap) / 10_000).quantize(Decimal(1), ROUND_DOWN) * 10_000
                if on <= (date(2016, 6, 1) if "stale_nav" in self.fund.tags else date(2017, 9, 25)):
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
        if self.ends and day > self.ends - timedelta(days=130):
            day = workday(self.ends - timedelta(days=rng.randrange(130, 300)))
        if day > date(2017, 9, 22) or not (self.ends or rng.random() < chance):
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


def stake_paid(life: Life, stake: Stake) -> list[Payment]:
    """List what a guidance fund paid under a participation."""
    return [
        one
        for one in life.payments
        if one.guidance == stake.guidance and one.investor == GUIDANCE[stake.guidance]
    ]

"""The cast of the 示例 portfolio: guidance funds, managers, partner funds and what was agreed between them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from seeds.demo_names import BANKS, HANGZHOU, NUMERALS, PERSONS, PRIVATE, uscc, words

OPERATOR: Final = "示例创业投资引导基金受托管理有限公司"
GUIDANCE: Final = {
    "GF-01": "杭州示例创业投资引导基金",
    "GF-02": "杭州示例天使投资引导基金",
    "GF-03": "杭州示例跨境风险投资引导基金",
}
_OLD: Final = ((2008, 3, 0), (2009, 5, 0), (2010, 7, 0), (2011, 8, 1), (2012, 8, 2), (2013, 9, 3), (2014, 11, 4), (2015, 12, 5), (2016, 12, 6))  # fmt: skip
"""Year of establishment, number of funds, how many of them with the angel guidance fund."""
_TAGS: Final = {
    (2008, 0): "exited 2014-11-18",
    (2008, 1): "dissolved 2016-03-29",
    (2008, 2): "extended",
    (2009, 1): "dissolved 2016-11-24",
    (2009, 2): "overdue_exit",
    (2009, 3): "exited 2015-09-16",
    (2010, 2): "exited 2016-05-12",
    (2011, 2): "manager_replaced",
    (2012, 3): "increase 2014-06-18 30",
    (2012, 4): "return_gap",
    (2012, 5): "reduced 2016-09-13",
    (2012, 6): "remit_late",
    (2013, 3): "over_cap",
    (2013, 4): "increase 2016-03-22 40",
    (2013, 5): "renamed",
    (2014, 5): "increase 2017-08-09 60",
    (2014, 6): "both 2015-10-20",
    (2015, 5): "idle",
    (2015, 6): "stale_nav",
    (2015, 7): "increase 2017-05-16 50",
    (2015, 8): "late_report",
    (2015, 9): "transfer 2017-07-12",
    (2015, 10): "due_later",
    (2016, 7): "no_evidence",
    (2016, 8): "related",
}
_LATE: Final = (
    # name, guidance, new house?, signed, established, size in millions, tags
    ("signed_2016", "GF-01", "2016", "2016-11-22", "2017-03-08", 150, ""),
    ("joined", "GF-01", "new", "2017-04-20", "2014-09-10", 100, "joined"),
    ("new2", "GF-01", "new", "2017-01-18", "2017-02-24", 100, ""),
    ("new3", "GF-02", "new", "2017-03-02", "2017-05-10", 40, ""),
    ("ended", "GF-01", "old 12", "2017-02-10", "2017-03-20", 80, "ended 2017-08-15"),
    ("shell", "GF-01", "shell 20", "2017-04-12", "2017-06-05", 120, ""),
    ("new4", "GF-01", "new", "2017-06-16", "2017-07-20", 150, ""),
    ("new5", "GF-01", "new", "2017-07-06", "2017-08-18", 200, ""),
    ("new5b", "GF-02", "same", "2017-08-01", "2017-09-06", 30, ""),
    ("new6", "GF-01", "new", "2017-08-10", "2017-09-22", 80, ""),
    ("usd1", "GF-03", "old 30", "2017-07-14", "2017-07-25", 40, "usd"),
    ("usd2", "GF-03", "new", "2017-08-22", "2017-09-12", 25, "usd"),
    # in the pipeline: signed, then approved only; then dropped
    ("pipe1", "GF-01", "new", "2017-09-05", "", 130, "expected 2017-11-15 2017-05-23"),
    ("pipe2", "GF-01", "new", "2017-09-20", "", 110, "expected 2017-12-10 2017-06-14"),
    ("pipe3", "GF-01", "old 41", "", "", 80, "expected 2018-03-20 2017-07-18"),
    ("pipe4", "GF-02", "new", "", "", 30, "expected 2018-04-25 2017-04-26"),
    ("pipe5", "GF-01", "new", "", "", 60, "expected 2018-06-30 2016-07-20"),
    ("never1", "GF-01", "new", "", "", 100, "dropped 2013-04-16 2012-03-20"),
    ("never2", "GF-01", "new", "", "", 60, "dropped 2015-06-10 2014-08-05"),
    ("never3", "GF-02", "old 8", "", "", 25, "dropped 2016-12-21 2016-02-02"),
)
_SIZES: Final = (60, 80, 80, 100, 100, 100, 120, 140, 150, 180, 240)
_ANGEL_SIZES: Final = (20, 20, 25, 30, 30, 40, 50)
_SINGLE: Final = 61
"""So many houses run the funds of before 2017; the first of them run a second one."""


@dataclass(frozen=True)
class Manager:
    """A cooperating venture firm."""

    id: str
    name: str
    house: str
    uscc: str
    amac_no: str
    location: str


@dataclass(frozen=True)
class Stake:
    """A guidance fund's participation in a partner fund; amounts in currency units."""

    id: str
    guidance: str
    applied: date
    approved: date
    signed: date | None
    commitment: int
    from_: date | None
    expected: date | None
    dropped: date | None
    why: str | None


@dataclass(frozen=True)
class Investor:
    """Who committed what at the fund's establishment, or later."""

    name: str
    kind: str
    amount: int
    on: date
    reason: str = "initial"
    guidance: str | None = None


@dataclass(frozen=True)
class Fund:
    """A partner fund as agreed."""

    id: str
    name: str
    manager: Manager
    currency: str
    size: int
    established: date | None
    stakes: tuple[Stake, ...]
    investors: tuple[Investor, ...]
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    term_end: date | None = None
    district: str = "330108"
    custodian: str = ""
    uscc: str = ""
    angel: bool = False


def workday(day: date) -> date:
    """Shift a weekend to the Monday after it.

    >>> workday(date(2017, 9, 30))
    datetime.date(2017, 10, 2)
    """
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def _managers() -> Iterator[Manager]:
    """Yield ever new managers, each a house of its own."""
    names = words("managers")
    cities = (("杭州市", "330106"), ("上海市", "310115"), ("北京市", "110108"), ("深圳市", "440305"))
    for number, word in enumerate(names, start=1):
        city, code = cities[0 if number % 5 else number // 5 % 3 + 1]
        name = f"示例{word}创业投资管理有限公司"
        yield Manager(f"VC-{number:03d}", name, f"示例{word}", uscc(code, number), f"P19{number:05d}", city)


def _tags(text: str) -> dict[str, tuple[str, ...]]:
    parts = text.split()
    return {parts[0]: tuple(parts[1:])} if parts else {}


class Cast:
    """Everybody, in the order in which they come.

    Attributes:
        managers: every manager ever named.
        funds: every partner fund ever applied for.
        successor: who took over from a replaced manager.

    """

    def __init__(self) -> None:
        self.managers: list[Manager] = []
        self.funds: list[Fund] = []
        self._new = _managers()
        self._names = words("funds")
        self._stakes = 0
        for year, number, angels in _OLD:
            for at in range(number):
                self._old_fund(year, at, number, angel=at < angels)
        for late in _LATE:
            self._late_fund(*late)
        self.successor = self._manager()

    def _manager(self, house: str | None = None) -> Manager:
        made = next(self._new)
        if house:
            made = Manager(made.id, made.name, house, made.uscc, made.amac_no, made.location)
        self.managers.append(made)
        return made

    def _old_fund(self, year: int, at: int, number: int, *, angel: bool) -> None:
        rng = random.Random(f"fund {year} {at}")
        tags = _tags(_TAGS.get((year, at), ""))
        first = date(year, 9, 25) if year == 2008 else date(year, 1, 15)
        span = (date(year, 12, 10) - first).days
        established = workday(first + timedelta(days=span * at // number + rng.randrange(12)))
        signed = workday(established - timedelta(days=rng.randrange(20, 30 if year == 2008 else 70)))
        again = len(self.managers) >= _SINGLE
        manager = self.managers[(len(self.funds) - _SINGLE) * 3 % _SINGLE] if again else self._manager()
        size = rng.choice(_ANGEL_SIZES if angel else _SIZES)
        guidance = "GF-02" if angel else "GF-01"
        self._add(rng, manager, guidance, size, established, signed, tags)

    def _late_fund(
        self, word: str, guidance: str, house: str, signed: str, established: str, size: int, tags: str
    ) -> None:  # fmt: skip
        rng = random.Random(f"fund {word}")
        kind, _, number = house.partition(" ")
        if kind == "old":
            manager = self.managers[int(number)]
        elif kind == "shell":
            manager = self._manager(self.managers[int(number)].house)
        elif kind == "same":
            manager = self._manager(self.managers[-1].house)
        else:
            manager = self._manager()
        on = date.fromisoformat(established) if established else None
        agreed = date.fromisoformat(signed) if signed else None
        self._add(rng, manager, guidance, size, on, agreed, _tags(tags))

    def _stake(
        self, rng: random.Random, guidance: str, signed: date | None, amount: int, tags: dict[str, tuple[str, ...]]
    ) -> Stake:  # fmt: skip
        self._stakes += 1
        given = tags.get("expected") or tags.get("dropped")
        if given:
            approved = date.fromisoformat(given[1])
        else:
            assert signed is not None
            least, most = (8, 16) if guidance == "GF-03" else (35, 60 if signed.year == 2008 else 110)
            approved = workday(signed - timedelta(days=rng.randrange(least, most)))
        applied = approved - timedelta(days=14 if guidance == "GF-03" else rng.randrange(50, 130))
        applied = workday(max(applied, date(2008, 5, 5)))
        expected = date.fromisoformat(tags["expected"][0]) if "expected" in tags else None
        ends = tags.get("dropped") or tags.get("ended")
        dropped = date.fromisoformat(ends[0]) if ends else None
        why = "示例：社会资本募集未达约定，协商终止" if "ended" in tags else "示例：超过批复有效期未完成募集"
        return Stake(
            f"PA-{self._stakes:03d}", guidance, applied, approved, signed, amount, signed, expected, dropped,
            why if dropped else None,
        )  # fmt: skip

    def _add(
        self, rng: random.Random, manager: Manager, guidance: str, millions: int, established: date | None,
        signed: date | None, tags: dict[str, tuple[str, ...]],
    ) -> None:  # fmt: skip
        size, angel = millions * 1_000_000, guidance == "GF-02"
        percent = rng.choice((18, 20, 20, 24)) if angel else rng.choice((8, 10, 10, 12, 12, 15))
        if "over_cap" in tags:
            percent = 30
        if "joined" in tags:
            percent = 20
        amount = {40: 6_000_000, 25: 4_000_000}[millions] if "usd" in tags else size * percent // 100
        stake = self._stake(rng, guidance, signed, amount, tags)
        stakes = [stake]
        if "both" in tags:
            later = date.fromisoformat(tags["both"][0])
            stakes.append(self._stake(rng, "GF-02", workday(later - timedelta(days=12)), 5_000_000, {}))
        number = sum(fund.manager is manager for fund in self.funds)
        kind = "天使投资" if angel else "创业投资"
        name = f"杭州示例{next(self._names)}{kind}{NUMERALS[number]}号合伙企业（有限合伙）"
        serial = len(self.funds) + 1
        district = rng.choice(HANGZHOU[:10])
        self.funds.append(
            Fund(
                f"PF-{serial:03d}", name, manager, "USD" if "usd" in tags else "CNY", size, established, tuple(stakes),
                _investors(rng, serial, manager, size, stakes, established, tags) if established else (), tags,
                _term_end(established, tags), district, rng.choice(BANKS), uscc(district, 1000 + serial), angel,
            )
        )  # fmt: skip


def _term_end(established: date | None, tags: dict[str, tuple[str, ...]]) -> date | None:
    if established is None:
        return None
    if "extended" in tags:
        years = 8
    elif "dissolved" in tags or "overdue_exit" in tags:
        years = 7
    else:
        years = 10 if established.year < 2011 else 8
    return established.replace(year=established.year + years, day=min(established.day, 28)) - timedelta(
        days=1
    )


def _investors(
    rng: random.Random, serial: int, manager: Manager, size: int, stakes: list[Stake], on: date, tags: dict[str, tuple[str, ...]]
) -> tuple[Investor, ...]:  # fmt: skip
    """Share a fund out among its investors, the largest of them private; then what changes later."""
    out = []
    first = stakes[0]
    joined = "joined" in tags
    if not joined:
        out.append(
            Investor(GUIDANCE[first.guidance], "guidance", first.commitment, on, guidance=first.guidance)
        )
    own = size * (1 if rng.random() < 0.7 else 2) // 100
    out.append(Investor(manager.name, "manager", own, on))
    rest = size - own - (0 if joined else first.commitment)
    names = [
        f"示例{word}{kind}有限公司" for word, kind in zip(words(f"investors {serial}"), PRIVATE, strict=False)
    ]
    rng.shuffle(names)
    kinds = ["private"] * rng.choice((2, 3, 3, 4))
    if rng.random() < 0.35:
        kinds.append("state_owned")
    if rng.random() < 0.2:
        kinds.append("public")
    if rng.random() < 0.3:
        kinds.append("natural_person")
    weights = [5] + [rng.choice((1, 2, 2)) for _ in kinds[1:]]
    parts = [rest * weight // sum(weights) // 100_000 * 100_000 for weight in weights]
    parts[0] += rest - sum(parts)
    for kind, part in zip(kinds, parts, strict=True):
        name = names.pop()
        if kind == "state_owned":
            name = name.replace("有限公司", "国有资本运营有限公司")
        if kind == "public":
            name = f"示例区{serial}号产业引导基金"
        if kind == "natural_person":
            name = f"示例自然人{rng.choice(PERSONS)}{serial}"
        out.append(Investor(name, kind, part, on))
    return tuple(out + list(_later(out, stakes, tags, names)))


def _later(
    out: list[Investor], stakes: list[Stake], tags: dict[str, tuple[str, ...]], names: list[str]
) -> Iterator[Investor]:
    """Yield dated changes of commitments after the establishment."""
    lead = next(investor for investor in out if investor.kind == "private")
    if "increase" in tags:
        day, millions = tags["increase"]
        yield Investor(lead.name, "private", int(millions) * 1_000_000, date.fromisoformat(day), "increase")
    if "reduced" in tags:
        for investor in out:
            if investor.kind != "guidance":
                yield Investor(
                    investor.name,
                    investor.kind,
                    -investor.amount // 10,
                    date.fromisoformat(tags["reduced"][0]),
                    "reduction",
                )
    if "transfer" in tags:
        day_of = date.fromisoformat(tags["transfer"][0])
        yield Investor(lead.name, "private", -lead.amount // 4, day_of, "transferred")
        yield Investor(names.pop(), "private", lead.amount // 4, day_of, "acquired")
    first = stakes[0]
    if "joined" in tags and first.signed:
        yield Investor(
            GUIDANCE[first.guidance], "guidance", 20_000_000, first.signed, "increase", first.guidance
        )
    if "both" in tags:
        second = stakes[1]
        day_of = date.fromisoformat(tags["both"][0])
        yield Investor(GUIDANCE["GF-02"], "guidance", second.commitment, day_of, "increase", "GF-02")
    if "ended" in tags:
        day_of = date.fromisoformat(tags["ended"][0])
        yield Investor(
            GUIDANCE[first.guidance], "guidance", -first.commitment, day_of, "withdrawn", first.guidance
        )
    if "exited" in tags:
        day_of = date.fromisoformat(tags["exited"][0])
        yield Investor(
            GUIDANCE[first.guidance], "guidance", -first.commitment, day_of, "transferred", first.guidance
        )
        yield Investor(lead.name, "private", first.commitment, day_of, "acquired")

"""The cast of the 示例 portfolio: managers and partner funds, old ones by the dozen and 2017's one by one."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from seeds.demo_investors import investors
from seeds.demo_kinds import Fund, Manager, Stake, workday
from seeds.demo_names import BANKS, HANGZHOU, NUMERALS, uscc, words

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
    (2012, 1): "remit_late",
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
                investors(rng, serial, manager, size, stakes, established, tags) if established else (), tags,
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

"""What the 示例 portfolio is made of: managers, partner funds, their investors and the agreements between them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

OPERATOR: Final = "示例创业投资引导基金受托管理有限公司"
GUIDANCE: Final = {
    "GF-01": "杭州示例创业投资引导基金",
    "GF-02": "杭州示例天使投资引导基金",
    "GF-03": "杭州示例跨境风险投资引导基金",
}


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

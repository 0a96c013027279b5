"""The one-year return and the value bridge, once more from the workbooks: nothing of ours reads, sums or discounts here.

The definitions: a NAV is the newest reading, a valuation before a report of
the same day, a report's guidance share split by paid-in where several participations hold the fund; rolled forward by
calls and what came back. Leaving the split shares out would open GF-01 at 93,497.56 less, and return 6.61 % over the year.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from portfolio_rows import flows_of, nav, stake, tables

from fundtrack.metrics.bridge import bridge
from fundtrack.metrics.horizon import horizons
from fundtrack.reports.returns import returns_report
from fundtrack.store.editions import Store

SEEDS = Path(__file__).parent.parent / "seeds" / "demo"
UNITS = {
    "元": 1,
    "万元": 10**4,
    "百万元": 10**6,
    "亿元": 10**8,
    "美元": 1,
    "万美元": 10**4,
    "百万美元": 10**6,
}
PAID = {"缴款", "管理费"}
BACK = {"分配", "可召回分配", "退出回款"}
START, END = date(2016, 9, 30), date(2017, 9, 30)
CENT = Decimal("0.01")


def lines() -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Sheet, unit and cells of every line of the four sheets that matter; later files come later."""
    for path in sorted(SEEDS.glob("*.xlsx")):
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        cover = {row[0]: row[1] for row in book["封面"].iter_rows(values_only=True) if row and row[0]}
        for sheet in {"参股", "资金往来", "估值", "基金定期报告"} & set(book.sheetnames):
            head, *rest = book[sheet].iter_rows(values_only=True)
            for row in rest:
                if any(value is not None for value in row):
                    yield sheet, UNITS[cover["金额单位"]], dict(zip(head, row, strict=True))


def money(value: Any, unit: int) -> Decimal:
    return (Decimal(str(value)) * unit).quantize(CENT)


def day(value: datetime) -> date:
    return value.date()


def period_end(period: str) -> date:
    year, part = int(period[:4]), period[4:]
    month, last = {"": (12, 31), "Q1": (3, 31), "Q2": (6, 30), "H1": (6, 30), "Q3": (9, 30), "Q4": (12, 31)}[
        part
    ]
    return date(year, month, last)


class Book:
    """What the workbooks say: who holds what, what moved, what it was worth."""

    def __init__(self) -> None:
        self.guide: dict[str, str] = {}
        fund_of: dict[str, str] = {}
        self.flows: dict[str, list[tuple[str, date, Decimal]]] = defaultdict(list)
        self.read: dict[str, dict[date, Decimal]] = defaultdict(dict)
        valued: dict[tuple[str, date], Decimal] = {}
        shares: dict[tuple[str, date], Decimal] = {}
        for sheet, unit, row in lines():
            if sheet == "参股":
                self.guide[row["参股编号"]], fund_of[row["参股编号"]] = row["引导基金编码"], row["基金编码"]
            elif sheet == "资金往来" and row["发生日期"]:
                self.flows[row["参股编号"]].append(
                    (row["类别"], day(row["发生日期"]), money(row["金额"], unit))
                )
            elif sheet == "估值":
                valued[row["参股编号"], day(row["估值日期"])] = money(row["引导基金应占净资产"], unit)
            elif sheet == "基金定期报告" and row["引导基金应占净资产"] is not None:
                shares[row["基金编码"], period_end(str(row["期间"]))] = money(row["引导基金应占净资产"], unit)
        for (fund, on), share in shares.items():
            holders = [held for held, own in fund_of.items() if own == fund]
            paid = {held: self.sum(held, PAID, date.min, on) for held in holders}
            for held in holders:
                if len(holders) == 1:
                    self.read[held][on] = share
                elif sum(paid.values()):
                    self.read[held][on] = (share * paid[held] / sum(paid.values())).quantize(CENT)
        for (held, on), worth in valued.items():
            self.read[held][on] = worth

    def sum(self, held: str, kinds: set[str], after: date, until: date) -> Decimal:
        return sum(
            (much for kind, on, much in self.flows[held] if kind in kinds and after < on <= until),
            Decimal(0),
        )

    def nav(self, held: str, on: date) -> Decimal | None:
        known = [at for at in self.read[held] if at <= on]
        if not known:
            return None if self.sum(held, PAID, date.min, on) else Decimal(0)
        last = max(known)
        return self.read[held][last] + self.sum(held, {"缴款"}, last, on) - self.sum(held, BACK, last, on)

    def year(self, guides: set[str]) -> tuple[Decimal, Decimal, Decimal, Decimal, float]:
        """Opening NAV, paid in, returned, closing NAV and the rate between them."""
        stakes = [held for held, guide in self.guide.items() if guide in guides]
        begin, end = (
            sum((self.nav(held, on) or Decimal(0) for held in stakes), Decimal(0)) for on in (START, END)
        )
        paid, back = (
            sum((self.sum(held, kinds, START, END) for held in stakes), Decimal(0)) for kinds in (PAID, BACK)
        )
        moved = [
            (on, much if kind in BACK else -much)
            for held in stakes
            for kind, on, much in self.flows[held]
            if START < on <= END
        ]
        return begin, paid, back, end, bisected([(START, -begin), *moved, (END, end)])


def bisected(flows: list[tuple[date, Decimal]]) -> float:
    low, high = -0.9, 9.0
    for _ in range(200):
        middle = (low + high) / 2
        worth = sum(float(much) * (1 + middle) ** (-(on - START).days / 365) for on, much in flows)
        low, high = (middle, high) if worth > 0 else (low, middle)
    return low


def test_the_demo_once_more_from_its_workbooks(demo_folder):
    book = Book()
    with Store(demo_folder).ledger().held() as known:
        report = returns_report(known, END)
    steps = {row["group"]: row for row in report.bridge.iter_rows(named=True)}
    for guide in ("GF-01", "GF-02"):
        begin, _, back, end, _ = book.year({guide})
        row = steps[guide]
        assert (row["nav_start"], row["distributions"], row["nav_end"]) == (begin, back, end), guide
    begin, paid, back, end, found = book.year({"GF-01", "GF-02"})
    row = report.horizons.filter(currency="CNY", years=1).row(0, named=True)
    assert (row["nav_start"], row["paid_in"], row["distributed"], row["nav_end"]) == (begin, paid, back, end)
    assert row["irr"] == pytest.approx(found, abs=1e-9)


def test_a_report_that_two_participations_share():
    # 90 at 2016-09-30 belong to A1 and A2, which had paid 200 and 100: 60 and 30, not the 70 and 35 of a year before.
    # A year on A1 is worth 66, and A2, whose 6 came back half-way, 27: 90 -> 93 with 6 on 2017-04-01
    made = tables(
        [stake("A1", fund="P1"), stake("A2", "G2", fund="P1")],
        [*flows_of("A1", "call 200 2014-01-01"), *flows_of("A2", "call 100 2014-01-01; distribution 6 2017-04-01")],
        [nav("A1", "70", "2015-09-30"), nav("A2", "35", "2015-09-30"), nav("A1", "66", "2017-09-30"), nav("A2", "27", "2017-09-30")],
        fund_report=[{"partner_fund_id": "P1", "period": "2016Q3", "kind": "季报", "guidance_share": "90", "currency": "CNY"}],
    )  # fmt: skip
    groups = bridge(made, START, END).groups
    assert [(row["group"], row["nav_start"], row["distributions"], row["valuation_change"], row["nav_end"]) for row in groups.iter_rows(named=True)] == [
        ("G1", Decimal(60), Decimal(0), Decimal(6), Decimal(66)), ("G2", Decimal(30), Decimal(6), Decimal(3), Decimal(27)),
    ]  # fmt: skip
    row = horizons(made, END, "all", [1]).row(0, named=True)
    assert (row["nav_start"], row["distributed"], row["nav_end"]) == (Decimal(90), Decimal(6), Decimal(93))
    # -90 (1 + r) + 6 (1 + r)^(182/365) + 93 = 0
    assert -90 * (1 + row["irr"]) + 6 * (1 + row["irr"]) ** (182 / 365) + 93 == pytest.approx(0, abs=1e-9)

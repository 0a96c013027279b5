"""Make the 示例 workbooks of seeds/demo: invented, the same bytes every time.

    python -m seeds.make_demo [FOLDER]

Two rounds: what was known as of 2017-06-30, ten years of history included, and what the third quarter added.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from fundtrack.load.template import write_workbook
from seeds import demo_agreed, demo_money, demo_reported
from seeds.demo_agreed import FIRST
from seeds.demo_cast import Cast
from seeds.demo_kinds import OPERATOR, Manager
from seeds.demo_life import END, Deal, Life
from seeds.demo_world import World

Row = dict[str, object]
Tables = dict[str, list[Row]]
FOLDER: Final = Path(__file__).parent / "demo"
ROUNDS: Final = (("2017Q2", FIRST), ("2017Q3", END))
COMMISSION: Final = "示例科学技术委员会"
_UNITS: Final = {"元": 1, "万元": 10_000, "百万元": 1_000_000, "万美元": 10_000}
_DATED: Final = (
    "occurred_on",
    "effective_on",
    "valued_on",
    "recognised_on",
    "invested_on",
    "exited_on",
    "quoted_on",
    "measured_on",
)
_NAMELESS: Final = 3
"""So many managers give no id to the companies new to them in the third quarter."""
_CONTEXT: Final = (
    ("hightech_value_added", (126_500_000_000, 62_480_000_000, 98_170_000_000)),
    ("new_hightech_firms", (420, 96, 214)),
    ("new_tech_smes", (1_510, 803, 1_126)),
    ("major_projects", (38, 24, 36)),
    ("invention_patents", (32_940, 34_110, 35_260)),
)


def day_of(row: Mapping[str, object]) -> date | None:
    """The day on which a row of flows or events happened."""
    return next((day for name in _DATED if isinstance(day := row.get(name), date)), None)


def of_round(rows: Iterable[Row], start: date | None, cut: date) -> list[Row]:
    """Keep what happened within a round."""
    kept = ((row, day_of(row)) for row in rows)
    return [row for row, day in kept if day and day <= cut and (start is None or day > start)]


def dues(rows: Iterable[Row], paid: str, start: date | None, cut: date) -> list[Row]:
    """Keep the calls of a round: due and paid, due and still unpaid, or paid now though due before."""
    out = []
    for row in rows:
        on, due = row.get(paid), row.get("due_on") or row.get(paid)
        assert isinstance(on, date)
        assert isinstance(due, date)
        if on <= cut and (start is None or on > start):
            out.append(row)
        elif start is None and due <= cut < on:
            out.append(row | {paid: None, "amount": None})
    return out


def operator_tables(cast: Cast, world: World, start: date | None, cut: date) -> Tables:
    """The operator's sheets of a round: in the first everything, then only what is new or changed."""
    known = demo_agreed.standing(cast, world, cut)
    if start:
        before = demo_agreed.standing(cast, world, start)
        known = {table: [row for row in rows if row not in before[table]] for table, rows in known.items()}
    silent = demo_reported.silent_funds(world.lives)
    flows = [row for life in world.lives for row in demo_money.cash_flows(life)]
    values = [row for life in world.lives for row in demo_money.valuations(life, silent)]
    return known | {
        "guidance_flow": of_round(demo_money.guidance_flows(world.lives, (FIRST, END)), start, cut),
        "cash_flow": dues(flows, "occurred_on", start, cut),
        "valuation": of_round(values, start, cut),
        "fund_change": of_round(demo_agreed.changes(cast), start, cut),
        "market_rate": of_round(demo_money.market_rates(), start, cut),
    }


def commission_tables(start: date | None, cut: date) -> Tables:
    """The commission's five context figures, invented."""
    days = (date(2016, 12, 31), FIRST, END)
    rows: list[Row] = [
        {"code": code, "measured_on": day, "value": value, "source": "示例数据（非真实统计）"}
        for code, values in _CONTEXT
        for day, value in zip(days, values, strict=True)
    ]
    return {"indicator": of_round(rows, start, cut)}


def reinvestment_tables(world: World, start: date | None, cut: date) -> Tables:
    """What was recognised as invested in the city."""
    rows = [row for life in world.lives for row in demo_money.reinvestments(life)]
    return {"reinvestment": of_round(rows, start, cut)}


def _reports(life: Life, start: date | None, cut: date) -> list[Row]:
    """Reports of a round: those of its periods filed in time, and those of earlier ones that came late."""
    late = date(2017, 8, 31)
    out = []
    for row in demo_reported.reports(life):
        filed, third = row["filed_on"], row["period"] == "2017Q3"
        assert isinstance(filed, date)
        if (start is None) == (not third and filed <= late):
            out.append(row)
    return out if cut in {FIRST, END} else []


def manager_tables(lives: list[Life], start: date | None, cut: date, *, nameless: bool) -> Tables:
    """A manager's sheets of a round, covering all its funds."""
    out: Tables = defaultdict(list)
    for life in lives:
        dated = demo_reported.investors(life)
        out["investor_commitment"] += [
            row
            for row, one in zip(dated, life.fund.investors, strict=True)
            if one.on <= cut and (start is None or one.on > start)
        ]
        out["fund_paid_in"] += dues(demo_reported.paid_in(life), "paid_on", start, cut)
        new = {deal.company.id for deal in _fresh(lives, start, cut) if deal.company}
        blank = nameless and start is not None
        for deal in life.deals:
            if deal.on <= cut and (start is None or deal.on > start) and deal.company:
                out["investment"].append(
                    demo_reported.deal_row(life, deal, with_id=not (blank and deal.company.id in new))
                )
        out["investment_exit"] += of_round(demo_reported.exits(life), start, cut)
        out["holding_valuation"] += of_round(demo_reported.holdings(life), start, cut)
        out["fund_report"] += _reports(life, start, cut)
    companies = {deal.company.id: deal.company for deal in _fresh(lives, start, cut) if deal.company}
    out["company"] = [
        demo_reported.company_row(one, with_id=not (nameless and start is not None))
        for one in companies.values()
    ]
    return {table: rows for table, rows in out.items() if rows}


def _fresh(lives: list[Life], start: date | None, cut: date) -> list[Deal]:
    """A manager's first investments in companies that it had not listed before the round."""
    before = {
        deal.company.id
        for life in lives
        for deal in life.deals
        if start and deal.on <= start and deal.company
    }
    deals = [
        deal
        for life in lives
        for deal in life.deals
        if deal.on <= cut and deal.company and deal.company.id not in before
    ]
    return sorted(deals, key=lambda deal: deal.id)


def unit_of(manager: Manager, lives: list[Life]) -> str:
    """The unit a manager reports in: most ten thousands, some yuan, a few millions."""
    if all(life.fund.currency == "USD" for life in lives):
        return "万美元"
    return {7: "元", 8: "元", 9: "百万元"}.get(int(manager.id[3:]) % 10, "万元")


def _nameless(world: World, senders: Mapping[Manager, list[Life]]) -> set[str]:
    """The managers that leave the ids of new companies blank: all they newly list in the quarter is theirs alone."""
    uses: dict[str, set[str]] = defaultdict(set)
    for life in world.lives:
        for deal in life.deals:
            if deal.company:
                uses[deal.company.id].add(life.fund.manager.id)
    out = []
    for manager, lives in senders.items():
        new = {deal.company.id for deal in _fresh(lives, FIRST, END) if deal.company}
        if new and all(len(uses[company]) == 1 for company in new):
            out.append(manager.id)
    return set(sorted(out)[:_NAMELESS])


def write(out: Path, name: str, sender: str, cut: date, unit: str, tables: Tables) -> None:
    """Write one sender's workbook of a round, where it has anything to send."""
    given: Mapping[str, list[Row]] = {table: rows for table, rows in tables.items() if rows}
    if given:
        currency = {"万美元": "USD"}.get(unit, "CNY")
        cover: Row = {
            "sender": sender,
            "prepared_by": "示例填报人",
            "as_of": cut,
            "unit": unit,
            "currency": currency,
        }
        write_workbook(out / name, cover, given, unit_factor=Decimal(_UNITS[unit]), only_given_columns=True)


def make(out: Path) -> None:
    """Write all workbooks of both rounds, in the place of those that were there."""
    for old in out.glob("20??Q?-*-demo-*.xlsx"):
        old.unlink()
    cast = Cast()
    world = World(cast.funds)
    silent = demo_reported.silent_funds(world.lives)
    senders: dict[Manager, list[Life]] = defaultdict(list)
    for life in world.lives:
        senders[cast.successor if "manager_replaced" in life.fund.tags else life.fund.manager].append(life)
    nameless = _nameless(world, senders)
    start: date | None = None
    for quarter, cut in ROUNDS:
        write(
            out,
            f"{quarter}-00-demo-operator.xlsx",
            OPERATOR,
            cut,
            "万元",
            operator_tables(cast, world, start, cut),
        )
        write(out, f"{quarter}-01-demo-commission.xlsx", COMMISSION, cut, "元", commission_tables(start, cut))
        for manager, lives in senders.items():
            born = [life for life in lives if life.born <= cut and not (start and life.fund.id in silent)]
            tables = manager_tables(born, start, cut, nameless=manager.id in nameless)
            write(
                out,
                f"{quarter}-10-demo-{manager.id}.xlsx",
                manager.name,
                cut,
                unit_of(manager, lives),
                tables,
            )
        write(
            out,
            f"{quarter}-99-demo-reinvestment.xlsx",
            demo_money.CENTRE,
            cut,
            "万元",
            reinvestment_tables(world, start, cut),
        )
        start = cut


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)

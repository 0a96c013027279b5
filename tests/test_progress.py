"""The targets, counted by hand in small ledgers: one case for each rule of counting, and for what must not count."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from ledgers import ledger

from fundtrack.metrics.beside import beside, pipeline
from fundtrack.metrics.catalog import CATALOG
from fundtrack.metrics.entities import houses
from fundtrack.metrics.funds_at import funds_at
from fundtrack.metrics.progress import PROGRESS, history, progress

GOOD = "91330100799655058B"
YEAR = {"starts_on": "2017-01-01", "due_on": "2017-12-31", "source": "计划"}
TARGETS = [
    YEAR | {"code": "new_managers", "name": "新引进", "value": 10, "unit": "家"},
    YEAR | {"code": "partner_funds", "name": "基金数", "value": 90, "unit": "只"},
    YEAR | {"code": "fund_scale", "name": "规模", "value": 9_000_000_000, "unit": "元", "currency": "CNY"},
    YEAR | {"code": "cross_border", "name": "跨境", "value": 50_000_000, "unit": "美元", "currency": "USD"},
    YEAR | {"code": "new_hightech_firms", "name": "高企", "value": 344, "unit": "家"},
    YEAR | {"code": "invention_patents", "name": "专利", "value": 36000, "unit": "件"},
    YEAR | {"code": "local_target", "name": "自定", "value": 10, "unit": "项"},
]
GUIDANCE = [
    {"guidance_fund_id": "V", "name": "示例创投引导", "kind": "venture", "currency": "CNY"},
    {"guidance_fund_id": "A", "name": "示例天使引导", "kind": "angel", "currency": "CNY"},
    {"guidance_fund_id": "X", "name": "示例跨境引导", "kind": "cross_border", "currency": "USD"},
]
Row = dict[str, Any]


def fund(
    name: str = "P1",
    established: str | None = "2016-05-01",
    size: Any = 100,
    manager: str = "M1",
    **more: Any,
) -> Row:
    row = {"partner_fund_id": name, "name": f"示例{name}", "manager_id": manager, "currency": "CNY"}
    return row | {"established_on": established, "committed_size": size} | more


def stake(
    name: str = "A1", fund_id: str = "P1", signed: str | None = "2017-02-01", guidance: str = "V", **more: Any
) -> Row:
    row = {
        "participation_id": name,
        "guidance_fund_id": guidance,
        "partner_fund_id": fund_id,
        "currency": "CNY",
    }
    return row | {"signed_on": signed, "commitment": 20} | more


def about(day: str, precision: str, size: Any = 100, name: str = "P1", **more: Any) -> Row:
    """A fund whose establishment is known only to the month or year, stored as the last day of that."""
    return fund(name, day, size, established_on_precision=precision, **more)


def call(
    stake_id: str = "A1", on: str = "2017-03-01", amount: Any = 5, kind: str = "call", **more: Any
) -> Row:
    return {
        "participation_id": stake_id,
        "kind": kind,
        "occurred_on": on,
        "amount": amount,
        "currency": "CNY",
    } | more


def investor(
    on: str | None, amount: Any, reason: str | None = "increase", fund_id: str = "P1", **more: Any
) -> Row:
    row = {"partner_fund_id": fund_id, "investor": f"甲{on}{amount}", "kind": "private", "effective_on": on}
    return row | {"reason": reason, "amount": amount} | more


def change(
    kind: str, on: str, before: str | None = None, after: str | None = None, fund_id: str = "P1"
) -> Row:
    return {"partner_fund_id": fund_id, "kind": kind, "effective_on": on, "before": before, "after": after}


def firm(name: str = "M1", **more: Any) -> Row:
    return {"manager_id": name, "name": f"示例{name}"} | more


def tables(**rows: list[Row]) -> dict[str, pl.DataFrame]:
    usual: dict[str, list[Row]] = {
        "target": TARGETS,
        "guidance_fund": GUIDANCE,
        "manager": [firm("M1"), firm("M2")],
    }
    return ledger(usual | rows)


YEAR_ONLY, MONTH_ONLY = about("2017-12-31", "year"), about("2017-06-30", "month")
IN_THE_PERIOD = [
    pytest.param("2018-06-30", "130", {"partner_fund": [YEAR_ONLY], "investor_commitment": [investor("2017-06-15", 30)]}, id="within the year of establishment"),
    pytest.param("2017-12-31", "130", {"partner_fund": [YEAR_ONLY], "investor_commitment": [investor("2017-06-15", 30)]}, id="in force once the year counts"),
    pytest.param("2017-12-30", "0", {"partner_fund": [YEAR_ONLY], "investor_commitment": [investor("2017-06-15", 30)]}, id="not before the year counts"),
    pytest.param("2017-12-31", "130", {"partner_fund": [YEAR_ONLY], "investor_commitment": [investor("2017-01-01", 30)]}, id="the year's first day"),
    pytest.param("2017-12-31", "130", {"partner_fund": [YEAR_ONLY], "investor_commitment": [investor("2017-12-31", 30)]}, id="the year's last day"),
    pytest.param("2017-12-31", "100", {"partner_fund": [YEAR_ONLY], "investor_commitment": [investor("2016-12-31", 30)]}, id="the day before the year"),
    pytest.param("2018-01-01", "130", {"partner_fund": [YEAR_ONLY], "investor_commitment": [investor("2018-01-01", 30)]}, id="the day after the year"),
    pytest.param("2017-12-31", "100", {"partner_fund": [YEAR_ONLY], "investor_commitment": [investor("2017-06-15", 30, "initial")]}, id="initial, within the year"),
    pytest.param("2017-12-31", "60", {"partner_fund": [YEAR_ONLY], "investor_commitment": [investor("2017-06-15", -40, "reduction")]}, id="reduced within the year"),
    pytest.param("2017-06-30", "130", {"partner_fund": [MONTH_ONLY], "investor_commitment": [investor("2017-06-15", 30)]}, id="within the month of establishment"),
    pytest.param("2017-06-30", "130", {"partner_fund": [MONTH_ONLY], "investor_commitment": [investor("2017-06-01", 30)]}, id="the month's first day"),
    pytest.param("2017-06-30", "100", {"partner_fund": [MONTH_ONLY], "investor_commitment": [investor("2017-05-31", 30)]}, id="the day before the month"),
    pytest.param(
        "2017-12-31", "130",
        {"partner_fund": [MONTH_ONLY], "investor_commitment": [investor("2017-12-31", 30, effective_on_precision="year")]},
        id="a change known to the year counts from its last day",
    ),
    pytest.param(
        "2017-12-30", "100",
        {"partner_fund": [MONTH_ONLY], "investor_commitment": [investor("2017-12-31", 30, effective_on_precision="year")]},
        id="and not before",
    ),
    pytest.param("2017-12-31", "100", {"partner_fund": [about("2017-06-30", "day")], "investor_commitment": [investor("2017-06-15", 30)]}, id="before a day that is known"),
    pytest.param("2017-12-31", "100", {"partner_fund": [about("2017-12-31", "day")], "investor_commitment": [investor("2017-12-31", 30)]}, id="on a last day that is known"),
    pytest.param(
        "2017-12-31", "75",
        {"partner_fund": [about("2017-12-31", "year", None)],
         "investor_commitment": [investor("2017-12-31", 70, "initial", effective_on_precision="year"), investor("2017-06-15", 5)]},
        id="the first investors and an increase within the year",
    ),
    pytest.param(
        "2017-12-31", None, {"partner_fund": [about("2017-12-31", "year", None)], "investor_commitment": [investor("2017-06-15", 5)]},
        id="an increase of what is not known",
    ),
    pytest.param(
        "2017-12-31", "100",
        {"partner_fund": [about("2017-12-31", "year", uscc=GOOD), fund("P2", "2017-12-31", None, uscc=GOOD)],
         "investor_commitment": [investor("2017-06-15", 30)]},
        id="another row knows that it was the last day",
    ),
    pytest.param(
        "2017-12-31", "130",
        {"partner_fund": [about("2017-12-31", "year", uscc=GOOD), fund("P2", "2018-02-01", None, uscc=GOOD)],
         "investor_commitment": [investor("2017-06-15", 30)]},
        id="another row names a later day",
    ),
]  # fmt: skip


def actual(code: str, as_of: str, **rows: list[Row]) -> Decimal | None:
    found = progress(tables(**rows), date.fromisoformat(as_of))
    value: Decimal | None = found.filter(pl.col("code") == code)["actual"][0]
    return value


@pytest.mark.parametrize(
    ("as_of", "expected", "rows"),
    [
        pytest.param("2017-01-31", 0, {}, id="the day before the agreement"),
        pytest.param("2017-02-01", 1, {}, id="the later of establishment and agreement"),
        pytest.param("2017-05-31", 0, {"partner_fund": [fund(established="2017-06-01")]}, id="agreed, not yet established"),
        pytest.param("2017-06-01", 1, {"partner_fund": [fund(established="2017-06-01")]}, id="established later"),
        pytest.param("2017-12-31", 0, {"partner_fund": [fund(established=None)]}, id="never established"),
        pytest.param("2017-12-31", 0, {"participation": [stake(signed=None, approved_on="2016-01-01")]}, id="approved only"),
        pytest.param("2017-12-31", None, {"participation": [stake(guidance="X")]}, id="cross-border only: nothing known of the programme"),
        pytest.param("2017-12-31", 1, {"participation": [stake(), stake("A2", guidance="A")]}, id="two guidance funds"),
        pytest.param("2017-08-31", 1, {"participation": [stake(dropped_on="2017-09-01")]}, id="before an unpaid end"),
        pytest.param("2017-09-01", 0, {"participation": [stake(dropped_on="2017-09-01")]}, id="from an unpaid end"),
        pytest.param("2017-12-31", 1, {"participation": [stake(dropped_on="2017-09-01")], "cash_flow": [call()]}, id="ended, but paid"),
        pytest.param("2017-12-31", 1, {"participation": [stake(dropped_on="2017-03-01")], "cash_flow": [call()]}, id="paid on the last day"),
        pytest.param("2017-12-31", 0, {"participation": [stake(dropped_on="2017-02-28")], "cash_flow": [call()]}, id="paid after the end"),
        pytest.param("2017-12-31", 0, {"participation": [stake(dropped_on="2017-09-01")], "cash_flow": [call(amount=0)]}, id="paid nothing"),
        pytest.param("2017-12-31", 0, {"participation": [stake(dropped_on="2017-09-01")], "cash_flow": [call(kind="distribution")]}, id="money back only"),
        pytest.param(
            "2017-12-31", 1,
            {"participation": [stake(dropped_on="2017-09-01")],
             "fund_paid_in": [{"partner_fund_id": "P1", "investor": "引导", "guidance_fund_id": "V", "paid_on": "2017-04-01", "amount": 5}]},
            id="paid by the fund's books",
        ),
        pytest.param("2017-12-31", 1, {"participation": [stake(dropped_on="2017-09-01"), stake("A2", guidance="A")]}, id="the other goes on"),
        pytest.param("2017-12-31", 0, {"participation": [stake(dropped_on="2017-01-15")]}, id="ended before it began"),
        pytest.param("2017-12-31", 1, {"fund_change": [change("dissolved", "2017-03-01")]}, id="dissolved stays"),
        pytest.param(
            "2017-12-31", 1,
            {"partner_fund": [fund(uscc=GOOD), fund("P2", uscc=GOOD.lower())], "participation": [stake(), stake("A2", "P2")]},
            id="same valid USCC",
        ),
        pytest.param(
            "2017-12-31", 1,
            {"partner_fund": [fund(amac_code="SX1234"), fund("P2", amac_code="ＳＸ１２３４", uscc=GOOD), fund("P3", uscc=GOOD)],
             "participation": [stake(), stake("A2", "P2"), stake("A3", "P3")]},
            id="same through a third",
        ),
        pytest.param(
            "2017-12-31", 2,
            {"partner_fund": [fund(uscc="913301007996550580"), fund("P2", uscc="913301007996550580")],
             "participation": [stake(), stake("A2", "P2")]},
            id="same invalid USCC",
        ),
        pytest.param(
            "2017-12-31", 2,
            {"partner_fund": [fund(name="P1"), fund("P2") | {"name": "示例P1"}], "participation": [stake(), stake("A2", "P2")]},
            id="same name without a code",
        ),
    ],
)  # fmt: skip
def test_partner_funds(as_of: str, expected: int | None, rows: dict[str, list[Row]]) -> None:
    assert (
        actual("partner_funds", as_of, **({"partner_fund": [fund()], "participation": [stake()]} | rows))
        == expected
    )


@pytest.mark.parametrize(
    ("as_of", "expected", "rows"),
    [
        pytest.param("2017-12-31", "100", {}, id="at establishment"),
        pytest.param("2017-01-31", "0", {}, id="not yet counted"),
        pytest.param("2017-06-30", "130", {"investor_commitment": [investor("2017-06-30", 30)]}, id="increased that day"),
        pytest.param("2017-06-29", "100", {"investor_commitment": [investor("2017-06-30", 30)]}, id="a present value never rewrites the past"),
        pytest.param("2017-12-31", "90.5", {"investor_commitment": [investor("2017-06-30", "-9.50", "reduction")]}, id="reduced"),
        pytest.param(
            "2017-12-31", "100",
            {"investor_commitment": [investor("2017-06-30", -40, "transferred"), investor("2017-06-30", 40, "acquired")]}, id="transferred",
        ),
        pytest.param("2017-12-31", "100", {"investor_commitment": [investor("2017-06-30", 30, "initial")]}, id="initial is part of the size"),
        pytest.param("2017-12-31", "100", {"investor_commitment": [investor("2016-05-01", 30)]}, id="on the day of establishment"),
        *IN_THE_PERIOD,
        pytest.param("2017-12-31", "100", {"investor_commitment": [investor(None, 30, None)]}, id="undated is initial"),
        pytest.param("2017-12-31", "130", {"investor_commitment": [investor("2016-06-01", 30, None)]}, id="before it counted"),
        pytest.param("2017-12-31", "100", {"investor_commitment": [investor("2017-06-01", 30, currency="USD")]}, id="other currency is not added"),
        pytest.param(
            "2017-12-31", "75",
            {"partner_fund": [fund(size=None)],
             "investor_commitment": [investor(None, 20, "initial"), investor("2016-05-01", 50, None), investor("2017-05-01", 5)]},
            id="from the first investors",
        ),
        pytest.param("2017-12-31", None, {"partner_fund": [fund(size=None)]}, id="size unknown"),
        pytest.param("2017-12-31", "0", {"partner_fund": [fund(currency="USD")]}, id="dollars are not added"),
        pytest.param("2017-12-31", "100", {"participation": [stake(), stake("A2", guidance="A")]}, id="two guidance funds, once"),
        pytest.param("2017-12-31", "0", {"participation": [stake(dropped_on="2017-09-01")]}, id="ended unpaid"),
        pytest.param(
            "2017-12-31", "70",
            {"partner_fund": [fund(size=None, uscc=GOOD), fund("P2", size=70, uscc=GOOD)], "participation": [stake()]},
            id="the row that knows the size speaks",
        ),
        pytest.param(
            "2017-12-31", "0.30",
            {"partner_fund": [fund(size="0.10"), fund("P2", size="0.20")], "participation": [stake(), stake("A2", "P2")]}, id="exact cents",
        ),
    ],
)  # fmt: skip
def test_fund_scale(as_of: str, expected: str | None, rows: dict[str, list[Row]]) -> None:
    value = actual("fund_scale", as_of, **({"partner_fund": [fund()], "participation": [stake()]} | rows))
    assert value == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("as_of", "expected", "rows"),
    [
        pytest.param("2017-02-01", 1, {}, id="signed in the plan"),
        pytest.param("2017-01-31", 0, {}, id="not yet signed"),
        pytest.param("2017-12-31", 0, {"participation": [stake(signed="2016-12-31")]}, id="signed before the plan"),
        pytest.param("2018-06-30", 0, {"participation": [stake(signed="2018-01-01")]}, id="signed after the plan"),
        pytest.param("2017-12-31", 1, {"partner_fund": [fund(established=None)]}, id="needs no establishment"),
        pytest.param("2017-12-31", None, {"participation": [stake(guidance="X")]}, id="cross-border only: nothing known of the programme"),
        pytest.param(
            "2017-12-31", 0,
            {"participation": [stake(), stake("A2", "P2", "2014-01-01", "A")], "partner_fund": [fund(), fund("P2")]},
            id="first signed with the angel fund years ago",
        ),
        pytest.param(
            "2017-12-31", 1,
            {"participation": [stake(), stake("A2", "P2", "2017-05-01")], "partner_fund": [fund(), fund("P2", manager="M2")],
             "manager": [firm("M1", group_name="示例系"), firm("M2", group_name=" 示例系 ")]},
            id="two firms of one house",
        ),
        pytest.param(
            "2017-12-31", 0,
            {"participation": [stake(), stake("A2", "P2", "2015-05-01")], "partner_fund": [fund(), fund("P2", manager="M2")],
             "manager": [firm("M1", group_name="ＡＢ资本"), firm("M2", group_name="ab 资本")]},
            id="new shell of a known house",
        ),
        pytest.param(
            "2017-12-31", 1,
            {"participation": [stake(), stake("A2", "P2", "2017-05-01")], "partner_fund": [fund(), fund("P2", manager="M2")],
             "manager": [firm("M1", uscc=GOOD), firm("M2", uscc=GOOD)]},
            id="one firm listed twice",
        ),
        pytest.param(
            "2017-12-31", 0,
            {"participation": [stake(), stake("A2", "P2", "2015-05-01")], "partner_fund": [fund(manager="M2"), fund("P2")],
             "fund_change": [change("manager", "2017-06-01", "M1", "M2")]},
            id="the known firm signed, the new one came later",
        ),
        pytest.param(
            "2017-12-31", 1,
            {"participation": [stake(signed="2017-06-01"), stake("A2", "P2", "2015-05-01")], "partner_fund": [fund(), fund("P2")],
             "fund_change": [change("manager", "2017-06-01", "示例M1", "示例 Ｍ2")]},
            id="the new firm as from its first day, by name",
        ),
        pytest.param(
            "2017-12-31", 0, {"partner_fund": [fund(manager="M2")], "fund_change": [change("manager", "2017-06-01", None, "M2")]},
            id="who signed is not known",
        ),
    ],
)  # fmt: skip
def test_new_managers(as_of: str, expected: int | None, rows: dict[str, list[Row]]) -> None:
    assert (
        actual("new_managers", as_of, **({"partner_fund": [fund()], "participation": [stake()]} | rows))
        == expected
    )


def committed(on: str, amount: Any, kind: str = "committed", **more: Any) -> Row:
    row = {
        "guidance_fund_id": "X",
        "kind": kind,
        "occurred_on": on,
        "amount": amount,
        "line_no": f"{on}{amount}",
    }
    return row | {"currency": "USD"} | more


SET_UP = [GUIDANCE[2] | {"established_on": "2017-06-15"}]


@pytest.mark.parametrize(
    ("as_of", "expected", "rows"),
    [
        pytest.param("2017-06-14", 0, {"guidance_flow": [committed("2017-06-01", 10)]}, id="not yet set up"),
        pytest.param("2017-06-15", 10, {"guidance_flow": [committed("2017-06-01", 10)]}, id="set up"),
        pytest.param("2017-07-31", 10, {"guidance_flow": [committed("2017-06-20", 10), committed("2017-08-01", 5)]}, id="until the day"),
        pytest.param("2017-12-31", 10, {"guidance_flow": [committed("2017-07-01", 10), committed("2017-07-01", 7, "received")]}, id="not what was paid in"),
        pytest.param("2017-12-31", 10, {"guidance_flow": [committed("2017-07-01", 10), committed("2017-07-01", 7, currency="CNY")]}, id="dollars only"),
        pytest.param("2017-12-31", None, {"guidance_flow": []}, id="set up, no commitment known"),
        pytest.param("2017-05-31", 0, {"guidance_flow": []}, id="not set up, none needed"),
        pytest.param("2017-12-31", None, {"guidance_fund": GUIDANCE[:2], "guidance_flow": []}, id="no such fund"),
        pytest.param("2017-12-31", 0, {"guidance_fund": GUIDANCE[2:], "guidance_flow": [committed("2017-07-01", 10)]}, id="day of set-up unknown"),
    ],
)  # fmt: skip
def test_cross_border(as_of: str, expected: int | None, rows: dict[str, list[Row]]) -> None:
    assert actual("cross_border", as_of, **({"guidance_fund": SET_UP} | rows)) == expected


@pytest.mark.parametrize(
    ("code", "measured", "as_of", "expected", "start", "status"),
    [
        ("new_hightech_firms", {"2017-06-30": 200, "2017-09-30": None}, "2017-09-30", 200, 0, "behind"),
        ("new_hightech_firms", {"2016-12-31": 300}, "2017-03-31", None, 0, "unknown"),
        ("new_hightech_firms", {"2017-12-31": 344}, "2018-05-01", 344, 0, "done"),
        ("new_hightech_firms", {"2017-12-31": 343}, "2018-05-01", 343, 0, "missed"),
        (
            "invention_patents",
            {"2016-12-31": 30000, "2017-06-30": 33000},
            "2017-06-30",
            33000,
            30000,
            "on_pace",
        ),
        ("invention_patents", {"2016-06-30": 29000}, "2017-06-30", 29000, None, "unknown"),
        ("local_target", {"2017-06-30": 5}, "2017-06-30", 5, None, "unknown"),
    ],
)
def test_reported(
    code: str,
    measured: dict[str, int | None],
    as_of: str,
    expected: int | None,
    start: int | None,
    status: str,
) -> None:
    rows = [
        {"code": code, "measured_on": on, "value": value, "source": "统计局"}
        for on, value in measured.items()
    ]
    row = (
        progress(tables(indicator=rows), date.fromisoformat(as_of))
        .filter(pl.col("code") == code)
        .row(0, named=True)
    )
    assert (row["actual"], row["start_value"], row["status"], row["computed"]) == (
        expected,
        start,
        status,
        False,
    )
    assert row["measured_source"] == ("统计局" if expected else None)


def plan(value: int, count: int, as_of: str, before: int = 0, **bands: Any) -> Row:
    """A target of so many funds, of which so many count in the plan and so many before it."""
    signed = ["2016-06-01"] * before + ["2017-02-01"] * (count - before)
    rows = {
        "target": [YEAR | {"code": "partner_funds", "name": "基金数", "value": value, "unit": "只"}],
        "partner_fund": [fund(f"P{n}") for n in range(count)],
        "participation": [stake(f"A{n}", f"P{n}", on) for n, on in enumerate(signed)],
    }
    return progress(tables(**rows), date.fromisoformat(as_of), **bands).row(0, named=True)


@pytest.mark.parametrize(
    ("row", "status"),
    [
        pytest.param(plan(10, 10, "2017-03-01"), "done", id="reached"),
        pytest.param(plan(10, 11, "2018-01-01"), "done", id="reached, after the due date"),
        pytest.param(plan(10, 9, "2017-12-31"), "behind", id="the last day is not after it, just the band of 10"),
        pytest.param(plan(10, 9, "2018-01-01"), "missed", id="after the due date"),
        pytest.param(plan(365, 273, "2017-09-30"), "on_pace", id="just on pace"),
        pytest.param(plan(365, 272, "2017-09-30"), "behind", id="one short of pace"),
        pytest.param(plan(3650, 1635, "2017-09-30"), "behind", id="just the band of 30 points"),
        pytest.param(plan(3650, 1634, "2017-09-30"), "far_behind", id="below the band of 30 points"),
        pytest.param(plan(10, 6, "2017-09-30"), "behind", id="15 points, third quarter"),
        pytest.param(plan(10, 6, "2017-10-01"), "far_behind", id="15 points, fourth quarter"),
        pytest.param(plan(10, 6, "2017-10-01", band_late=0.2), "behind", id="another band"),
        pytest.param(plan(10, 0, "2017-06-30"), "unknown", id="no participation at all"),
        pytest.param(plan(5, 7, "2017-06-30", before=6), "done", id="reached before the plan"),
    ],
)  # fmt: skip
def test_status(row: Row, status: str) -> None:
    assert row["status"] == status


def test_ratios_by_hand() -> None:
    row = plan(90, 84, "2017-09-30", before=75)
    assert (row["actual"], row["start_value"]) == (84, 75)
    assert row["completion"] == 84 / 90
    assert row["year_completion"] == 9 / 15
    assert row["elapsed"] == 273 / 365
    assert row["lead"] == 9 / 15 - 273 / 365
    assert row["remaining"] == 6
    assert row["band"] == Decimal("0.30")


def test_nothing_left_to_add_gives_no_year_completion() -> None:
    row = plan(5, 7, "2017-06-30", before=5)
    assert (row["year_completion"], row["lead"], row["completion"], row["remaining"]) == (
        None,
        None,
        7 / 5,
        0,
    )


@pytest.mark.parametrize(
    ("as_of", "chosen"),
    [
        pytest.param("2015-06-30", date(2016, 12, 31), id="before all: the first to start"),
        pytest.param("2016-06-30", date(2016, 12, 31), id="the plan that holds the day"),
        pytest.param("2017-06-30", date(2017, 12, 31), id="its successor"),
        pytest.param("2018-06-30", date(2017, 12, 31), id="after all: the latest started"),
    ],
)
def test_plan_in_force(as_of: str, chosen: date) -> None:
    rows = [
        {"code": "partner_funds", "name": "基金数", "value": 1, "unit": "只", "source": "计划", "starts_on": f"{year}-01-01", "due_on": f"{year}-12-31"}
        for year in (2016, 2017)
    ]  # fmt: skip
    wrong = rows[0] | {"due_on": "2015-01-01"}
    found = progress(ledger({"target": [*rows, wrong]}), date.fromisoformat(as_of))
    assert found["due_on"].to_list() == [chosen]


def test_empty_ledger_knows_nothing() -> None:
    found = progress(ledger({"target": TARGETS}), date(2017, 6, 30))
    assert set(found["status"]) == {"unknown"}
    assert found["actual"].null_count() == found["remaining"].null_count() == len(TARGETS)
    assert found.schema == PROGRESS
    assert progress(ledger({}), date(2017, 6, 30)).schema == PROGRESS


def test_order_is_that_of_the_plan() -> None:
    found = progress(ledger({"target": list(reversed(TARGETS))}), date(2017, 6, 30))
    assert found["code"].to_list() == [row["code"] for row in TARGETS]


def test_history_equals_progress_on_each_day() -> None:
    rows = tables(
        partner_fund=[fund(), fund("P2", "2017-03-01", 50, "M2")],
        participation=[stake(signed="2016-06-01", dropped_on="2017-05-01"), stake("A2", "P2")],
        investor_commitment=[investor("2017-04-01", 7, fund_id="P2"), investor("2016-08-01", 3)],
        guidance_fund=[*GUIDANCE[:2], *SET_UP],
        guidance_flow=[committed("2017-07-01", 10)],
    )
    days = [
        date(2016, 1, 1),
        date(2016, 6, 1),
        date(2016, 8, 1),
        date(2017, 3, 1),
        date(2017, 5, 1),
        date(2017, 7, 1),
    ]
    found = history(rows, ("partner_funds", "fund_scale", "cross_border", "new_managers"), days)
    for code in ("partner_funds", "fund_scale", "cross_border"):
        ours = found.filter(pl.col("code") == code)["value"].to_list()
        theirs = [progress(rows, day).filter(pl.col("code") == code)["actual"][0] for day in days]
        assert ours == theirs
    assert found.filter(pl.col("code") == "new_managers")["value"].to_list() == [0, 1, 1, 2, 2, 2]
    assert history(rows, (), days).is_empty()
    assert history(ledger({}), ("partner_funds",), days)["value"].to_list() == [None] * len(days)


def items(frame: pl.DataFrame, code: str) -> dict[str, Any]:
    return {row["item"]: row["value"] for row in frame.filter(pl.col("code") == code).iter_rows(named=True)}


def test_beside_the_targets() -> None:
    rows = tables(
        partner_fund=[
            fund(), fund("P2", uscc=GOOD), fund("P2b", uscc=GOOD, size=None), fund("P3"), fund("P4", size=30, currency="USD"),
            fund("P5", None, None, target_size=400), fund("P6", size=None),
        ],
        participation=[
            stake(), stake("A1a", guidance="A"), stake("A2", "P2"), stake("A3", "P3"), stake("A4", "P4"),
            stake("A5", "P5", None, approved_on="2017-03-01", approved_amount=80, expected_on="2017-11-30"),
            stake("A6", "P6"), stake("A7", "P5", "2017-07-01", "X", currency="USD"),
        ],
        fund_change=[change("liquidating", "2017-05-01", fund_id="P2b")],
        cash_flow=[call("A3", amount=20), call("A3", "2017-08-01", 30, "exit_proceeds", cost_basis=20)],
        fund_paid_in=[{"partner_fund_id": "P1", "investor": "甲", "paid_on": "2017-04-01", "amount": "60.50"}],
        guidance_fund=[*GUIDANCE[:2], SET_UP[0] | {"planned_size": 50}],
        guidance_flow=[committed("2017-07-01", 10, "received")],
        company=[{"company_id": "C1", "name": "示例科技", "uscc": GOOD, "hightech_on": "2017-05-01"},
                 {"company_id": "C2", "name": "示例科技二", "uscc": GOOD, "hightech_on": "2015-05-01"},
                 {"company_id": "C3", "name": "示例未投", "hightech_on": "2017-05-01"}],
        investment=[{"investment_id": f"I{n}", "partner_fund_id": "P1", "company_id": f"C{n}", "invested_on": "2017-02-01",
                     "stage": "seed", "amount": 1, "currency": "CNY"} for n in (1, 2)],
    )  # fmt: skip
    found = beside(rows, date(2017, 9, 30))
    assert items(found, "partner_funds") == {
        "in_being": 3, "liquidated": 1, "exited": 1, "double_counted": 1, "merged": 1, "pipeline": 1,
        "pipeline_size_planned": 400, "pipeline_guidance_planned": 80,
    }  # fmt: skip
    assert items(found, "fund_scale") == {
        "paid_in": Decimal("60.50"), "paid_in_unknown": 3, "size_unknown": 1, "other_currency": 30, "other_currency_funds": 1,
    }  # fmt: skip
    assert items(found, "cross_border") == {
        "set_up": 1, "planned_size": 50, "paid_in": 10, "committed_before_set_up": None, "placed": 20, "placed_paid": None,
    }  # fmt: skip
    money = found.filter(pl.col("currency").is_not_null(), pl.col("item") != "other_currency_funds")
    assert set(money.select("code", "unit", "currency").iter_rows()) == {
        ("partner_funds", "元", "CNY"), ("fund_scale", "元", "CNY"), ("fund_scale", "美元", "USD"), ("cross_border", "美元", "USD"),
    }  # fmt: skip
    assert items(found, "new_managers") == {"manager_unknown": 0}
    assert items(found, "new_hightech_firms") == {"portfolio_new": 1, "portfolio": 1}
    assert items(beside(tables(guidance_fund=GUIDANCE[:2]), date(2017, 9, 30)), "cross_border") == {}
    coming = pipeline(rows, date(2017, 9, 30)).row(0, named=True)
    assert (coming["partner_fund_id"], coming["status"], coming["expected_on"]) == (
        "P5",
        "已签约",
        date(2017, 11, 30),
    )
    assert pipeline(rows, date(2017, 2, 1)).is_empty()


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ("2014-12-31", None), ("2015-01-10", "已批复"), ("2015-03-01", "已签约"), ("2015-04-01", "已设立"), ("2015-05-01", "已备案"),
        ("2015-06-01", "投资期"), ("2016-06-01", "退出期"), ("2017-06-02", "延长期"), ("2017-09-01", "清算"), ("2017-10-01", "已注销"),
    ],
)  # fmt: skip
def test_stage_of_a_fund(as_of: str, status: str | None) -> None:
    rows = tables(
        partner_fund=[fund(established="2015-04-01", filed_on="2015-05-01", investment_end="2016-05-31", term_end="2018-06-01")],
        participation=[stake(signed="2015-03-01", approved_on="2015-01-10")],
        investment=[{"investment_id": "I", "partner_fund_id": "P1", "company_id": "C", "invested_on": "2015-06-01", "stage": "seed", "amount": 1, "currency": "CNY"}],
        fund_change=[change("extended", "2017-05-20", "2017年6月1日", "2018-06-01"), change("terminated", "2017-09-01"), change("dissolved", "2017-10-01")],
    )  # fmt: skip
    assert funds_at(rows, date.fromisoformat(as_of))["status"].to_list() == [status]


def test_fund_as_it_was_on_a_day() -> None:
    rows = tables(
        partner_fund=[fund(manager="M2") | {"name": "示例新名"}],
        participation=[stake(), stake("A2", guidance="X", currency="USD")],
        fund_change=[
            change("renamed", "2017-06-01", "示例旧名", "示例新名"),
            change("manager", "2017-06-01", "示例M1", "外地机构"),
        ],
        cash_flow=[call(amount=8), call("A2", amount=9, currency="USD")],
        investor_commitment=[investor("2017-06-01", 100)],
        fund_paid_in=[{"partner_fund_id": "P1", "investor": "甲", "paid_on": "2017-05-01", "amount": 50}],
    )
    before, after = (funds_at(rows, day).row(0, named=True) for day in (date(2017, 5, 31), date(2017, 6, 1)))
    shown = (
        "name",
        "manager",
        "manager_id",
        "committed_size",
        "paid_in_rate",
        "guidance_share",
        "guidance_paid_in",
    )
    assert [before[name] for name in shown] == ["示例旧名", "示例M1", "M1", 100, 0.5, 0.2, 8]
    assert [after[name] for name in shown] == ["示例新名", "外地机构", None, 200, 0.25, 0.1, 8]


def test_size_at_the_day_from_which_a_year_counts() -> None:
    rows = tables(
        partner_fund=[about("2017-12-31", "year", 1000)], investor_commitment=[investor("2017-06-15", 500)]
    )
    days = (date(2017, 6, 15), date(2017, 12, 30), date(2017, 12, 31), date(2018, 6, 30))
    assert [funds_at(rows, day)["committed_size"][0] for day in days] == [None, None, 1500, 1500]


def test_houses_of_firms_with_codes() -> None:
    rows = ledger(
        {
            "manager": [
                firm("M1", amac_no="P1234567"),
                firm("M2", amac_no="p1234567"),
                firm("M3", amac_no="P123"),
                firm("M4", amac_no="P123"),
            ]
        }
    )
    assert dict(houses(rows).iter_rows()) == {"M1": "M1", "M2": "M1", "M3": "M3", "M4": "M4"}


def test_catalogue_names_every_metric_in_both_languages() -> None:
    for one in CATALOG.values():
        assert one.name("zh") != one.name("en") or one.id in {"tvpi", "pme_plus"}
        assert one.formula("zh")
        assert one.formula("en")
    assert {row["code"] for row in TARGETS} - {"local_target"} <= CATALOG.keys()

"""Cells that can be read and yet leave a doubt: a lone 1 among percentages, half a cent."""

import pytest
from wayin import PORTFOLIO, Workbook, check, found


def investments(stakes):
    rows = [row | {"stake": stake} for row, stake in zip(PORTFOLIO["investment"], stakes, strict=True)]
    return {**PORTFOLIO, "investment": rows}


@pytest.mark.parametrize(
    ("stakes", "header", "doubted"),
    [
        pytest.param((1, 20, 15), "持股比例", [1], id="1 beside percentages"),
        pytest.param(("1.00", "20", 15), "持股比例", [1], id="typed as texts"),
        pytest.param((1, 1, 15), "持股比例", [1, 2], id="twice"),
        pytest.param((1, 0.2, 0.15), "持股比例", [], id="1 beside shares"),
        pytest.param(("1%", 20, 15), "持股比例", [], id="it says what it is"),
        pytest.param((1, "20%", "15%"), "持股比例", [], id="the others say what they are"),
        pytest.param((1, 20, 15), "持股比例（%）", [], id="the header says it"),
        pytest.param((1, 1, 1), "持股比例", [], id="all of all"),
        pytest.param((10, 20, 15), "持股比例", [], id="no 1"),
    ],
)
def test_a_lone_1_among_percentages(stakes, header, doubted):
    book = Workbook(investments(stakes), headers={"stake": header})
    places = [f"投资项目!{book.at('investment', 'stake', row)}" for row in doubted]
    assert found(book) == [("warning", "share_ambiguous", place) for place in places]


@pytest.mark.parametrize(
    ("navs", "unit", "count"),
    [
        pytest.param((0.005, 12, 13), "元", "1", id="half a cent"),
        pytest.param(("1,200.125", "¥0.0050", 13), "元", "2", id="typed as texts"),
        pytest.param((0.004, 0.0051, 12.3456789), "元", None, id="less than half a cent is lost"),
        pytest.param((12.34, 12.5, 13), "元", None, id="cents"),
        pytest.param((0.0000005, 12, 1234.5678905), "万元", "2", id="in ten thousands"),
        pytest.param((0.000005, 12.345, 0.00000049), "万元", None, id="cents in ten thousands"),
        pytest.param(("12.345元", 12, 13), "万元", "1", id="a cell's own unit"),
        pytest.param((0.12345678905, 1, 2), "亿元", "1", id="in hundred millions"),
        pytest.param((10000 / 7, 0.1 + 0.2, 1e-9), "万元", None, id="quotients"),
    ],
)
def test_half_a_cent(navs, unit, count):
    rows = [row | {"nav": nav} for row, nav in zip(PORTFOLIO["valuation"], navs, strict=True)]
    book = Workbook({**PORTFOLIO, "valuation": rows}, headers={"nav": f"引导基金应占净资产（{unit}）"})
    problems = check(book)[0][0].problems
    assert [(p.severity, p.code, p.field, p.about) for p in problems] == (
        [("warning", "amount_rounded", "nav", {"count": count})] if count else []
    )
    assert bool(found(book)) == bool(count)


def test_a_doubt_hides_nothing_else():
    book = Workbook(headers={"amount": "金额（元）"})
    book.set("cash_flow", "amount", 1, 1000.125)
    place = book.set("cash_flow", "occurred_on", 1, None)
    assert ("error", "together_or_not", place) in found(book)

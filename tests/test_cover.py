"""The cover as people fill it in: labels beside or before their values, dates known to the month, totals below."""

from datetime import date
from decimal import Decimal

import pytest
from wayin import sheet

from fundtrack.load.cells import Book
from fundtrack.load.columns import CellError
from fundtrack.load.cover import read_cover
from fundtrack.load.values import UNCACHED

RIGHT = [["报送单位", "示例甲资本"], ["截至日期", date(2017, 9, 30)], ["金额单位", "万元"]]


def cover(*rows):
    return read_cover(Book("xlsx", (sheet("封面", [list(row) for row in rows]),)), "a.xlsx")


def problems(read):
    return [(problem.code, problem.cell or problem.field) for problem in read.problems]


@pytest.mark.parametrize(
    ("rows", "sender", "as_of", "factor", "currency"),
    [
        pytest.param(RIGHT, "示例甲资本", date(2017, 9, 30), 10_000, None, id="label and value side by side"),
        pytest.param([["报送单位：示例甲资本"], ["截至日期：2017年9月30日"], ["金额单位:亿元"]],
                     "示例甲资本", date(2017, 9, 30), 10**8, None, id="in one cell"),
        pytest.param([["报送单位：", "示例甲资本"], ["数据截至", "2017-09"], ["单位", "USD million"]],
                     "示例甲资本", date(2017, 9, 30), 10**6, "USD", id="aliases"),
        pytest.param([["Sender", "Example Ventures"], ["As of", "2017-09-30"], ["Unit of amounts", "CNY 10k"], ["Currency", "CNY"]],
                     "Example Ventures", date(2017, 9, 30), 10_000, "CNY", id="English"),
        pytest.param([["", "填报说明"], [None, "报送单位＊", " 示例甲资本 "], [None, "截至日期", 20170930], [None, "金额单位", "元"]],
                     "示例甲资本", date(2017, 9, 30), 1, None, id="anywhere on the sheet"),
        pytest.param([["报送单位", "报送单位"], *RIGHT[1:]], "报送单位", date(2017, 9, 30), 10_000, None, id="a value like its label"),
        pytest.param([*RIGHT, ["报送单位", "另一家"]], "示例甲资本", date(2017, 9, 30), 10_000, None, id="the first counts"),
    ],
)  # fmt: skip
def test_what_a_cover_says(rows, sender, as_of, factor, currency):
    read = cover(*rows)
    assert problems(read) == []
    assert (read.sender, read.as_of, read.factor, read.currency, read.sure) == (
        sender,
        as_of,
        factor,
        currency,
        True,
    )


def test_a_date_known_to_the_month_says_so():
    assert cover(RIGHT[0], ["截至日期", "2017年9月"], RIGHT[2]).values["as_of_precision"] == "month"


@pytest.mark.parametrize(
    ("rows", "found", "sure"),
    [
        pytest.param([["报送单位", "甲"], ["截至日期", "2017-09-30"]], [("cover_label_missing", "unit")], False, id="no unit"),
        pytest.param([["报送单位"], RIGHT[1], RIGHT[2]], [("missing_value", "B1")], True, id="a label and nothing more"),
        pytest.param([["报送单位", "甲"], ["截至日期"], ["金额单位"]], [("missing_value", "B2"), ("missing_value", "B3")], False, id="beyond the last column"),
        pytest.param([RIGHT[0], ["截至日期", "秋天"], ["金额单位", "箱"], ["币种", "贝壳"]],
                     [("not_a_date", "B2"), ("not_a_currency", "B4"), ("not_a_unit", "B3")], False, id="all wrong"),
        pytest.param([RIGHT[0], RIGHT[1], ["金额单位", CellError("#NAME?")]], [("error_cell", "B3")], False, id="an error"),
    ],
)  # fmt: skip
def test_what_a_cover_lacks(rows, found, sure):
    read = cover(*rows)
    assert problems(read) == found
    assert read.sure is sure
    assert read.factor is not None


def test_totals_are_read_as_written_with_their_places():
    read = cover(
        *RIGHT,
        [],
        ["表名", "行数", "金额合计"],
        ["参股", 3, "1.5亿"],
        ["资金往来", None, 7450.5],
        ["没有的表", 1, 1],
        ["备注", "x", "y"],
    )
    first, second = read.totals
    assert (first.table, first.rows, first.amount, first.power, first.rows_at, first.amount_at) == (
        "participation",
        3,
        Decimal("1.5"),
        8,
        (5, 1),
        (5, 2),
    )
    assert (second.table, second.rows, second.amount, second.power) == (
        "cash_flow",
        None,
        Decimal("7450.5"),
        None,
    )
    assert read.problems == ()


def test_totals_without_all_their_columns_or_values():
    assert [(one.rows, one.amount) for one in cover(*RIGHT, ["表名", "行数"], ["参股", 3]).totals] == [
        (3, None)
    ]
    assert cover(*RIGHT, ["表名"], ["参股"]).totals == ()
    uncached = cover(*RIGHT, ["表名", "行数", "金额合计"], ["参股", CellError(UNCACHED), CellError(UNCACHED)])
    assert [(one.rows, one.amount) for one in uncached.totals] == [(None, None)]
    assert uncached.problems == ()


@pytest.mark.parametrize(
    ("rows", "amount", "found"),
    [
        ("三", 1, ("not_a_number", "B5")),
        (2.5, 1, ("not_a_whole_number", "B5")),
        (3, CellError("#REF!"), ("error_cell", "C5")),
    ],
)
def test_totals_that_cannot_be_read(rows, amount, found):
    assert problems(cover(*RIGHT, ["表名", "行数", "金额合计"], ["参股", rows, amount])) == [found]

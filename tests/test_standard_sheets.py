"""Sheets of the standard workbook: which row is the header, which column is which field, which rows are data."""

from decimal import Decimal

import pytest
from wayin import sheet

from fundtrack.load.cells import Book
from fundtrack.load.layout import find_tables
from fundtrack.load.match import match_header, match_sheet, read_header
from fundtrack.model.rows import COLUMNS, TABLES

HEADS = ["估值日期", "参股编号", "引导基金应占净资产", "币种"]


def find(name, rows, factor=Decimal(10_000)):
    return find_tables(Book("xlsx", (sheet(name, rows),)), "a.xlsx", factor)


def mapped(raw):
    return {one.field: (one.letter, one.factor, one.percent) for one in raw.columns}


@pytest.mark.parametrize("table", [table for table in TABLES if table != "cover"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_header_of_the_template_is_known_exactly(table, lang):
    info = TABLES[table].info
    found = find(
        getattr(info, lang),
        [[getattr(column, lang) for column in COLUMNS[table]], ["甲"] * len(COLUMNS[table])],
    )
    assert [problem.code for problem in found.problems if problem.severity == "error"] == []
    assert [one.field for one in found.tables[0].columns] == [column.name for column in COLUMNS[table]]


def test_columns_in_any_order_with_stars_blanks_and_units():
    found = find(
        "估值",
        [
            ["估值日期 *", "参 股 编 号", "引导基金应占净资产\n（亿元）", "币种"],
            ["2017-06-30", "PA-1", 1, "CNY"],
        ],
    )
    assert mapped(found.tables[0]) == {
        "valued_on": ("A", 1, False), "participation_id": ("B", 1, False), "nav": ("C", 10**8, False), "currency": ("D", 1, False),
    }  # fmt: skip


def test_a_percent_header_is_a_percentage():
    found = find("投资项目", [["投资编号", "持股比例（%）"], ["IN-1", 12.5]])
    assert mapped(found.tables[0])["stake"] == ("B", 1, True)


def test_the_header_may_stand_below_a_title_and_rows_know_where_they_stood():
    found = find(
        "估值",
        [
            ["2017年估值情况表"],
            [],
            HEADS,
            ["2017-06-30", "PA-1", 1, "CNY"],
            [],
            ["2017-06-30", "PA-2", 2, "CNY"],
        ],
    )
    assert found.tables[0].header_row == 3
    assert found.tables[0].row_numbers.to_list() == [4, 6]


def test_the_example_row_is_no_data():
    found = find(
        "估值", [HEADS, ["例：2017-06-30", "PA-001", 1648, "人民币"], ["2017-06-30", "PA-2", 2, "CNY"]]
    )
    assert found.tables[0].row_numbers.to_list() == [3]


@pytest.mark.parametrize(
    ("name", "rows", "code", "severity", "place"),
    [
        pytest.param(
            "估值",
            [[*HEADS, "天气"], ["2017-06-30", "PA-1", 1, "CNY", "晴"]],
            "column_unknown",
            "warning",
            "E1",
            id="unknown column",
        ),
        pytest.param(
            "估值",
            [[*HEADS, "参股编号"], ["2017-06-30", "PA-1", 1, "CNY", "PA-2"]],
            "column_twice",
            "error",
            "E1",
            id="twice",
        ),
        pytest.param("估值", [["今天天气好"], ["晴"]], "header_not_found", "error", None, id="no header"),
    ],
)
def test_what_is_said_of_a_sheet(name, rows, code, severity, place):
    found = find(name, rows)
    assert [(problem.code, problem.severity, problem.cell) for problem in found.problems] == [
        (code, severity, place)
    ]


def test_amounts_without_any_unit_are_a_problem():
    found = find("估值", [HEADS, ["2017-06-30", "PA-1", 1, "CNY"]], factor=None)
    assert [(problem.code, problem.cell) for problem in found.problems if problem.severity == "error"] == [
        ("unit_missing", "C1")
    ]


@pytest.mark.parametrize(
    ("written", "table"),
    [
        ("合作基金", "partner_fund"),
        ("Partner funds", "partner_fund"),
        ("partner_fund", "partner_fund"),
        (" 合作 基金 ", "partner_fund"),
        ("天气", None),
    ],
)
def test_names_of_sheets(written, table):
    assert match_sheet(written) == table


def test_header_words_and_units():
    assert read_header("让利期限（年）").words == "让利期限(年)"
    assert read_header("计划规模（万美元）").currency == "USD"
    assert read_header("金额（1）").factor is None
    assert match_header("participation", "天气") is None

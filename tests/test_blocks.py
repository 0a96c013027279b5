"""Several tables on one sheet, sheets whose names say nothing, and cells that stand for several rows."""

from pathlib import Path

import pytest
from workbooks import book_of, sheet_of

from fundtrack.load.blocks import guess, named_in
from fundtrack.load.checked import ReadFile
from fundtrack.load.cover import CoverRead
from fundtrack.load.intake import check_file
from fundtrack.load.layout import find_tables
from fundtrack.load.parse import parse_table
from fundtrack.load.state import State

FUNDS = [
    ["基金编码", "名称", "机构编码", "币种"],
    ["PF-1", "甲", "VC-1", "CNY"],
    ["PF-2", "乙", "VC-1", "CNY"],
]
INVESTORS = [
    ["基金编码", "出资人名称", "性质", "认缴变动（元）"],
    ["PF-1", "张三", "自然人", 5],
    ["PF-1", "李四", "自然人", 6],
]


def read(rows, name="Sheet1", **about):
    found = find_tables(book_of(sheet_of(rows, name=name, **about)), "f.xlsx", None)
    return [(raw.table, raw.row_numbers.to_list()) for raw in found.tables], found


@pytest.mark.parametrize(
    ("rows", "tables"),
    [
        pytest.param([*FUNDS, [], [], *INVESTORS], [("partner_fund", [2, 3]), ("investor_commitment", [7, 8])], id="blank rows between"),
        pytest.param([["一、基金"], *FUNDS, ["二、出资人"], *INVESTORS], [("partner_fund", [3, 4]), ("investor_commitment", [7, 8])], id="titles"),
        pytest.param([*FUNDS, [], ["二、出资人", "单位：万元"], *INVESTORS], [("partner_fund", [2, 3]), ("investor_commitment", [7, 8])], id="a corner line"),
        pytest.param([*FUNDS, [], *FUNDS[:1], ["PF-3", "丙", "VC-1", "CNY"]], [("partner_fund", [2, 3, 6])], id="the same header again"),
        pytest.param([*FUNDS, [], ["名称", "基金编码", "机构编码", "币种"], ["丙", "PF-3", "VC-1", "CNY"]],
                     [("partner_fund", [2, 3]), ("partner_fund", [6])], id="the same table in another order"),
        pytest.param([*FUNDS, [], ["PF-3", "丙", "VC-1", "CNY"]], [("partner_fund", [2, 3, 5])], id="only a gap"),
    ],
)  # fmt: skip
def test_stacked_tables(rows, tables):
    assert read(rows)[0] == tables


def test_a_stacked_header_that_nobody_can_tell():
    tables, found = read(
        [*FUNDS, [], ["基金编码", "名称", "名称", "电话", "期间", "备注"], ["x", "y", "z", "1", "2", "3"]]
    )
    assert [name for name, _ in tables] == ["partner_fund"] * len(tables)
    assert len(tables) == 1 or found.problems


def test_tables_side_by_side():
    left = [[*row, None] for row in FUNDS]
    rows = [a + b for a, b in zip(left, INVESTORS, strict=True)]
    tables, found = read(rows)
    assert tables == [("partner_fund", [2, 3]), ("investor_commitment", [2, 3])]
    assert found.problems == []
    assert [mapped.letter for mapped in found.tables[1].columns] == ["F", "G", "H", "I"]
    assert parse_table(found.tables[1]).frame["investor"].to_list() == ["张三", "李四"]


def test_an_empty_column_within_one_table_parts_nothing():
    tables, _ = read([["基金编码", "名称", None, "机构编码", "币种"], ["PF-1", "甲", None, "VC-1", "CNY"]])
    assert tables == [("partner_fund", [2])]


def test_a_sheet_is_guessed_by_its_headers():
    assert guess(sheet_of(FUNDS), None).table == "partner_fund"
    assert guess(sheet_of([["甲", "乙"]]), None).candidates == ()
    likely = guess(sheet_of([["参股编号", "流水号", "应付金额", "其中本金"]]), None)
    assert likely.table is None
    assert "cash_flow" in likely.candidates
    assert named_in(["2017年引导基金收支表"]) == "guidance_flow"
    assert named_in(["Cash flows Q3"]) == "cash_flow"


def test_alike_tables_are_asked_and_a_name_decides():
    rows = [
        ["基金编码", "事项", "生效日期", "引导基金编码", "类别", "日期", "金额（元）"],
        ["a", "b", "c", "d", "e", "f", "1"],
    ]
    _, found = read(rows)
    assert [(item.code, item.row) for item in found.problems] == [("which_table", 1)]
    assert set(found.problems[0].about["candidates"].split(",")) >= {"fund_change", "guidance_flow"}
    clear = [
        ["类别", "代码", "日期", "数值", "来源", "编码"],
        ["汇率", "USD/CNY", "2017-06-30", "6.77", "x", "1"],
    ]
    assert [name for name, _ in read(clear)[0]] == ["market_rate"]


BLOCK = [["基金编码", "出资人名称", "性质", "认缴变动（元）"], ["PF-1", "张三", "自然人", 5], [None, "李四", "自然人", 6],
         [None, "王五", "自然人", 7], ["PF-2", "张三", "自然人", 8]]  # fmt: skip


def funds_of(rows, **about):
    found = find_tables(book_of(sheet_of(rows, name="出资人", **about)), "f.xlsx", None)
    parsed = parse_table(found.tables[0])
    problems = [
        (item.code, item.cell, item.about.get("count")) for item in (*found.problems, *parsed.problems)
    ]
    return parsed.frame["partner_fund_id"].to_list(), problems


def test_blank_references_continue_the_block_and_say_so():
    assert funds_of(BLOCK) == (["PF-1", "PF-1", "PF-1", "PF-2"], [("cells_continued", "A3", "2")])


def test_merged_cells_are_filled_without_a_word():
    assert funds_of(BLOCK, merged=((1, 0, 3, 0),)) == (["PF-1", "PF-1", "PF-1", "PF-2"], [])


def test_merged_amounts_are_not_filled():
    rows = [[*row] for row in BLOCK]
    rows[2][3] = rows[3][3] = None
    found = find_tables(
        book_of(sheet_of(rows, name="出资人", merged=((1, 0, 3, 0), (1, 3, 3, 3)))), "f.xlsx", None
    )
    assert [item.cell for item in parse_table(found.tables[0]).problems] == ["D3", "D4"]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([BLOCK[0], [None, "张三", "自然人", 5], ["PF-1", "李四", "自然人", 6]], id="the first row is blank"),
        pytest.param([*BLOCK[:2], ["PF-1", "李四", "自然人", 6], [None, "王五", "自然人", 7]], id="a value is repeated"),
        pytest.param([*BLOCK[:2], *[[f"PF-{n}", "李四", "自然人", 6] for n in range(2, 9)], [None, "王五", "自然人", 7]], id="one blank among many"),
        pytest.param([*BLOCK[:3], [None, None, "自然人", 7], *BLOCK[3:]], id="a row without another key"),
    ],
)  # fmt: skip
def test_a_blank_is_missing_where_the_sheet_is_not_plainly_in_blocks(rows):
    _, problems = funds_of(rows)
    assert "cells_continued" not in {code for code, *_ in problems}
    assert "missing_value" in {code for code, *_ in problems}


def test_ids_of_entities_are_never_continued():
    found = find_tables(
        book_of(
            sheet_of(
                [
                    ["基金编码", "名称", "机构编码", "币种"],
                    ["PF-1", "甲", "VC-1", "CNY"],
                    [None, "乙", "VC-1", "CNY"],
                ],
                name="合作基金",
            )
        ),
        "f",
        None,
    )
    assert found.problems == []
    assert found.tables[0].text["c0"].to_list() == ["PF-1", None]


def test_keys_that_refer_to_nothing_are_continued_too():
    rows = [
        ["规则编码", "中文名称", "英文名称", "适用对象", "效力"],
        ["R1", "a", "b", "c", "依据"],
        [None, "a", "b", "d", "依据"],
        [None, "a", "b", "e", "依据"],
    ]
    found = find_tables(book_of(sheet_of(rows, name="规则")), "f", None)
    assert [item.code for item in found.problems] == ["cells_continued"]


def test_a_hundred_thousand_rows_take_no_time():
    import time

    head = ["参股编号", "类别", "发生日期", "金额（元）", "币种", "备注"]
    sheet = sheet_of(
        [head, *([f"PA-{n % 900}", "缴款", "2017-01-01", n, "CNY", "备注"] for n in range(100_000))],
        name="资金往来",
    )
    began = time.perf_counter()
    found = find_tables(book_of(sheet), "f", None)
    assert found.tables[0].text.height == 100_000
    assert time.perf_counter() - began < 2.0  # 0.03 s on a quiet machine


def test_a_problem_in_a_stacked_table_stands_in_its_own_column():
    first = [["机构编码", "名称", "登记编号"], ["VC-1", "甲", "P1"]]
    second = [["名称", "所在地", "机构编码", "备注"], ["乙", "杭州", "VC-1", "x"]]
    found = find_tables(book_of(sheet_of([*first, [], *second], name="合作创投机构")), "f", None)
    assert [raw.row_numbers.to_list() for raw in found.tables] == [[2], [5]]
    file = ReadFile(Path("f"), "f", "", CoverRead(None, {}, {}, None, None, (), ()), found)
    assert [(item.code, item.cell) for item in check_file(file, State()).problems] == [("key_twice", "C5")]


@pytest.mark.parametrize("name", ["合作基金", "Sheet1"])
def test_a_small_table_above_another_is_asked_never_lost(name):
    rows = [["机构编码", "名称"], ["VC-1", "某机构"], [], *FUNDS]
    tables, found = read(rows, name=name)
    assert tables == [("partner_fund", [5, 6])]
    (problem,) = found.problems
    assert (problem.code, problem.row) == ("which_table", 1)
    assert "manager" in problem.about["candidates"].split(",")


def test_a_whole_table_above_the_one_a_sheet_is_named_for_is_loaded():
    rows = [
        ["一、机构"],
        ["机构编码", "名称", "登记编号"],
        ["VC-1", "某机构", "P1"],
        [],
        ["二、基金"],
        *FUNDS,
    ]
    tables, found = read(rows, name="合作基金")
    assert tables == [("manager", [3]), ("partner_fund", [7, 8])]
    assert found.problems == []


def test_rows_of_data_above_the_header_are_named():
    rows = [["甲", "乙", "丙"], ["x", 1, 2], ["y", 3, 4], *FUNDS]
    _, found = read(rows, name="合作基金")
    assert [(item.code, item.row, item.about["count"]) for item in found.problems] == [
        ("rows_passed_over", 2, "2")
    ]

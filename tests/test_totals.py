"""Totals and footnotes told from data, and totals compared with what they cover."""

from decimal import Decimal

import pytest
from workbooks import book_of, sheet_of

from fundtrack.load.datarows import note
from fundtrack.load.layout import find_tables
from fundtrack.load.parse import parse_table
from fundtrack.load.totals import label

HEAD = ["基金编码", "出资人名称", "性质", "认缴变动"]


def read(*rows, unit="万元", head=HEAD, name="出资人"):
    book = book_of(sheet_of([[f"单位：{unit}"], head, *rows], name=name))
    found = find_tables(book, "f.xlsx", None)
    parsed = parse_table(found.tables[0])
    return parsed, [
        (item.code, item.cell, item.value, item.about.get("counted"))
        for item in (*found.problems, *parsed.problems)
    ]


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("合计", "grand"), ("合　计：", "grand"), ("总 计", "grand"), ("小计", "part"), ("【小计】", "part"), ("Total", "grand"), ("Sub-total:", "part"),
        ("Grand Total", "grand"), ("示例一号小计", "loose"), ("合计（3家）", "loose"), ("合计3家", "loose"), ("Total commitments", "loose"),
        ("本页小计", "part"), ("累计", "grand"), ("示例设计院", None), ("会计师事务所", None), ("Total Capital Partners LP", None), ("Totalis", None), ("计", None),
    ],
)  # fmt: skip
def test_labels(written, what):
    assert label(written) == what


@pytest.mark.parametrize(
    ("rows", "kept", "told"),
    [
        pytest.param([["合计", None, None, 30]], [3, 4], [], id="right"),
        pytest.param([["合计", None, None, 31]], [3, 4], [("total_differs", "D5", "31", "30")], id="wrong"),
        pytest.param([[None, "合计", None, "30"]], [3, 4], [], id="in the second column, as text"),
        pytest.param([["合计", "—", "/", 30]], [3, 4], [], id="marks between"),
        pytest.param([["合计", None, None, "30.4万"]], [3, 4], [("total_differs", "D5", "30.4万", "30")], id="a scale of its own"),
        pytest.param([["合计", None, None, None]], [3, 4], [], id="nothing stated"),
        pytest.param([["合计", None, None, "见附件"]], [3, 4], [], id="no number stated"),
        pytest.param([["PF-1小计", None, None, 30], ["总计", None, None, 30]], [3, 4], [], id="subtotal, then total"),
        pytest.param([["小计", None, None, 30], ["PF-2", "丙", "自然人", 5], ["小计", None, None, 5], ["总计", None, None, 35]], [3, 4, 6], [], id="two blocks"),
        pytest.param([["小计", None, None, 30], ["PF-2", "丙", "自然人", 5], ["小计", None, None, 6], ["总计", None, None, 35]], [3, 4, 6],
                     [("total_differs", "D7", "6", "5")], id="the second subtotal wrong"),
        pytest.param([["合计公司", "丙", "自然人", 5]], [3, 4, 5], [], id="a name that begins so"),
        pytest.param([["注：未经审计", None, None, None], ["制表人：张三", "审核：李四"]], [3, 4], [], id="footnotes"),
        pytest.param([[], ["单位负责人：", "甲", "财务负责人：", "乙", "制表人：丙"]], [3, 4], [], id="signatures"),
        pytest.param([[], ["以上各项认缴出资均以合伙协议载明的金额为准。"]], [3, 4], [], id="a sentence"),
        pytest.param([[" ", None, "\u3000"]], [3, 4], [], id="blanks"),
        pytest.param([["例：PF-9", "示例", "自然人", 9]], [3, 4], [], id="an example"),
        pytest.param([HEAD, ["PF-2", "丙", "自然人", 5]], [3, 4, 6], [], id="the header again"),
    ],
)  # fmt: skip
def test_rows_that_are_not_data(rows, kept, told):
    parsed, problems = read(["PF-1", "甲", "自然人", 10], ["PF-1", "乙", "自然人", 20], *rows)
    assert parsed.raw.row_numbers.to_list() == kept
    assert problems == told


def test_a_total_above_its_rows_and_subtotals_above_theirs():
    rows = [["合计", None, None, 35], ["小计", None, None, 30], ["PF-1", "甲", "自然人", 10], ["PF-1", "乙", "自然人", 20],
            ["小计", None, None, 5], ["PF-2", "丙", "自然人", 5]]  # fmt: skip
    parsed, problems = read(*rows)
    assert parsed.frame.height == 3
    assert problems == []


@pytest.mark.parametrize(
    ("amounts", "total", "fine"),
    [
        (["33.33", "33.33", "33.33"], "100", True), (["33.33", "33.33", "33.33"], "100.00", True), (["33.33", "33.33", "33.33"], "100.10", False),
        (["10.04", "20.04"], "30.1", True), (["10.04", "20.04"], "30.2", False), ([0.1, 0.2], 0.30000000000000004, True), (["1", "2"], "4", False),
    ],
)  # fmt: skip
def test_totals_within_rounding_of_the_written_digits(amounts, total, fine):
    _, problems = read(
        *[["PF-1", f"出资人{n}", "自然人", amount] for n, amount in enumerate(amounts)],
        ["合计", None, None, total],
    )
    assert (problems == []) is fine


def test_a_column_with_a_wrong_cell_is_not_compared():
    _, problems = read(
        ["PF-1", "甲", "自然人", "1,2OO"], ["PF-1", "乙", "自然人", 20], ["合计", None, None, 99]
    )
    assert [code for code, *_ in problems] == ["not_a_number"]


def test_the_difference_is_told_in_the_unit_of_the_sheet():
    _, problems = read(["PF-1", "甲", "自然人", "1.5"], ["合计", None, None, 2.5], unit="亿元")
    assert problems == [("total_differs", "D4", "2.5", "1.5")]


def test_tables_without_amounts_have_totals_too():
    head = ["机构编码", "名称"]
    parsed, problems = read(["VC-1", "甲"], ["合计", "1家"], head=head, name="合作创投机构")
    assert parsed.frame.height == 1
    assert problems == []


def test_notes():
    assert note(("备注：" + "长" * 100,), (1,))
    assert note(("长" * 61,), (1,))
    assert not note((None, None), (0, 0))
    assert not note(("12", None), (2, 0))
    assert not note(("来源", "5", "6"), (1, 2, 2))


def test_every_money_column_is_compared():
    head = ["名称", "币种", "目标规模", "认缴规模", "设立日期"]
    _, problems = read(
        ["甲", "CNY", 10, 8, "2017"],
        ["乙", "CNY", 5, None, "2017"],
        ["合计", None, 15, 9, None],
        head=head,
        name="合作基金",
    )
    assert problems == [("total_differs", "D5", "9", "8")]
    assert Decimal(problems[0][3]) == 8

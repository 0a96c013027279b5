"""Headers under titles, of several levels, with units; what a header's words mean."""

from datetime import date
from decimal import Decimal

import pytest
from workbooks import book_of, sheet_of

from fundtrack.load import layout
from fundtrack.load.cells import Kind
from fundtrack.load.choices import _SAME
from fundtrack.load.columns import CellError
from fundtrack.load.cover import read_cover
from fundtrack.load.headers import find_head, table_matcher
from fundtrack.load.layout import find_tables
from fundtrack.load.lines import read_lines
from fundtrack.load.match import look_up, look_up_levels, match_header, match_sheet, plain, read_header
from fundtrack.load.parse import parse_table
from fundtrack.load.units import corner, currency_line, read_unit, unit_line
from fundtrack.load.values import Context, parse_value
from fundtrack.model.frames import find_column
from fundtrack.model.rows import COLUMNS
from fundtrack.text.problems import problem_sentence

WAN, YI = Decimal(10_000), Decimal(100_000_000)


def head_of(rows, table="partner_fund", merged=()):
    return find_head(sheet_of(rows, merged=tuple(merged)), table_matcher(table))


def columns_of(rows, table="partner_fund", merged=(), factor=None):
    found = find_tables(book_of(sheet_of(rows, name=table, merged=tuple(merged))), "f.xlsx", factor)
    return {item.field: (item.index, item.factor, item.currency) for item in found.tables[0].columns}, found


@pytest.mark.parametrize(
    ("rows", "merged", "first", "last", "below", "fields"),
    [
        pytest.param([["名称", "币种", "认缴规模"]], (), 0, 0, 1, "name currency committed_size", id="first row"),
        pytest.param([["合作基金表"], [], ["单位：万元"], ["名称", "币种"]], (), 3, 3, 4, "name currency", id="under titles"),
        pytest.param(
            [["名称", "规模", None, "币种"], [None, "目标规模", "认缴规模", None], ["x", 1, 2, "CNY"]],
            [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 1, 3)], 0, 1, 2, "name target_size committed_size currency", id="two levels merged",
        ),
        pytest.param(
            [["名称", "规模", None, "币种"], [None, "目标规模", "认缴规模", None], ["x", 1, 2, "CNY"]], (), 0, 1, 2,
            "name target_size committed_size currency", id="two levels, merges lost",
        ),
        pytest.param(
            [["名称", "目标规模", "认缴规模"], [None, "（万元）", "亿元"], ["x", 1, 2]], (), 0, 0, 2,
            "name target_size committed_size", id="a row of units",
        ),
        pytest.param(
            [["名称", "目标规模", "认缴规模"], ["1", "2", "3"], ["x", 1, 2]], (), 0, 0, 2,
            "name target_size committed_size", id="a row of numbers",
        ),
        pytest.param(
            [["名称", "目标规模", "认缴规模"], ["甲", "1", "2", "3"], ["x", 1, 2]], (), 0, 0, 2,
            "name target_size committed_size", id="numbers after 甲",
        ),
    ],
)  # fmt: skip
def test_the_header_is_found_and_flattened(rows, merged, first, last, below, fields):
    head = head_of(rows, merged=merged)
    assert (head.first, head.last, head.below) == (first, last, below)
    assert head.fields == frozenset(fields.split())
    assert head.share == 1


def test_no_header_where_nothing_is_known():
    assert head_of([["甲", "乙"], [1, 2]]) is None


def test_data_that_look_like_a_unit_row_but_are_not():
    rows = [["名称", "目标规模", "单位"], ["示例", "万元", "家"], ["y", 2, "z"]]
    assert head_of(rows).below == 1


@pytest.mark.parametrize(
    ("rows", "merged", "expected"),
    [
        pytest.param([["单位：亿元"], ["名称", "认缴规模（万元）", "目标规模"]], (),
                     {"committed_size": WAN, "target_size": YI}, id="header beats corner"),
        pytest.param([["单位：亿元"], [], ["单位：万元"], ["名称", "认缴规模"]], (), {"committed_size": WAN}, id="the nearest line"),
        pytest.param([["名称", "认缴规模"]], (), {"committed_size": Decimal(1)}, id="the cover's"),
        pytest.param([["名称", "规模（万元）", None], [None, "目标规模", "认缴规模（亿元）"]], [(0, 1, 0, 2)],
                     {"target_size": WAN, "committed_size": YI}, id="a group's title names the unit"),
        pytest.param([["单位", "万元"], ["名称", "认缴规模"]], (), {"committed_size": WAN}, id="label and value side by side"),
        pytest.param([["名称", "认缴规模"], [None, "万元"]], (), {"committed_size": WAN}, id="a row of units"),
    ],
)  # fmt: skip
def test_units_by_precedence(rows, merged, expected):
    columns, _ = columns_of([*rows, ["x", 1, 2]], merged=merged, factor=Decimal(1))
    assert {name: columns[name][1] for name in expected} == expected


def test_the_currency_of_a_corner_line_and_a_missing_unit():
    columns, _ = columns_of([["单位：万元  币种：美元"], ["名称", "认缴规模"], ["x", 1]])
    assert columns["committed_size"] == (1, WAN, "USD")
    columns, found = columns_of([["名称", "认缴规模"], ["x", 1]])
    assert "committed_size" not in columns
    assert [(item.code, item.cell, item.field) for item in found.problems] == [
        ("unit_missing", "B1", "committed_size")
    ]


@pytest.mark.parametrize(
    ("written", "factor", "currency"),
    [
        ("万元", WAN, None), ("人民币万元", WAN, "CNY"), ("万元人民币", WAN, "CNY"), ("人民币/百万", Decimal(10**6), "CNY"), ("万美元", WAN, "USD"),
        ("RMB'000", Decimal(1000), "CNY"), ("US$ m", Decimal(10**6), "USD"), ("USD bn", Decimal(10**9), "USD"),
        ("millions of USD", Decimal(10**6), "USD"), ("thousands", Decimal(1000), None), ("人民币：万元", WAN, "CNY"), ("美元", Decimal(1), "USD"),
    ],
)  # fmt: skip
def test_units_however_written(written, factor, currency):
    assert read_unit(written) == (factor, currency)


@pytest.mark.parametrize(
    "written", ["家", "只", "", "元/股", "杭州示例投资有限公司", "美元债券基金", "百万家"]
)
def test_what_is_no_unit(written):
    assert read_unit(written) is None


@pytest.mark.parametrize(
    ("line", "factor"),
    [
        ("单位：万元", WAN), ("（金额单位：人民币万元）", WAN), ("单位:亿元", YI), ("【单位：元】", Decimal(1)), ("编制单位：甲；单位：万元", WAN),
        ("(in RMB millions)", Decimal(10**6)), ("Amounts are in USD thousands", Decimal(1000)), ("Unit: RMB million", Decimal(10**6)),
        ("单位：杭州示例有限公司", None), ("报送单位：万元户", None), ("invested in millions of ways", None), ("x" * 80, None),
    ],
)  # fmt: skip
def test_unit_lines(line, factor):
    found = unit_line(line)
    assert (found.factor if found else None) == factor


def test_corner_takes_the_nearest_and_currencies_apart():
    assert corner([["单位：万元"], ["单位：亿元", "币种：美元"]]) == (WAN, "USD")
    assert corner([["货币：", "欧元"]]) == (None, "EUR")
    assert corner([["标题"]]) == (None, None)
    assert currency_line("Currency: HKD") == "HKD"


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("认缴规模", "committed_size"), ("3、认缴规模（亿元）", "committed_size"), ("＊认缴\n规模", "committed_size"), ("（2）认缴规模万元", "committed_size"),
        ("认缴规模/万元", "committed_size"), ("Committed size at establishment", "committed_size"), ("committed_size", "committed_size"),
        ("管理费率%", "fee_rate"), ("管理费率（％）", "fee_rate"), ("认 缴 规 模", "committed_size"), ("让利期限", None), ("认缴规模（含增资）", None), ("x" * 90, None),
    ],
)  # fmt: skip
def test_headers_to_fields(written, field):
    found = match_header("partner_fund", written)
    assert (found[0] if found else None) == field


def test_percent_and_tails_of_headers():
    assert read_header("持股比例%").percent
    assert read_header("认缴金额:万元").factor == WAN
    assert (
        read_header("Commitment (USD m)") == ("commitment", Decimal(10**6), "USD", False)
        or read_header("Commitment (USD m)").currency == "USD"
    )
    assert read_header("单元").factor is None
    assert plain("①备案日期") == "备案日期"
    assert match_sheet(" 合作基金 ") == "partner_fund"
    assert match_sheet("没有") is None


def test_levels_joined_before_the_lowest():
    assert look_up_levels("fund_paid_in", ("实缴", "金额")).fields == ("amount",)
    assert look_up_levels("fund_paid_in", ("应缴", "日期")).fields == ("due_on",)
    assert look_up_levels("partner_fund", ("基本情况", "基金", "名称")).fields == ("name",)
    assert look_up_levels("partner_fund", ("无关", "万元")) is None
    assert look_up_levels("partner_fund", ("管理费率", "%")).header.percent
    assert look_up("partner_fund", "无关") is None


def test_a_cover_of_lines():
    sheet = sheet_of(
        [
            ["合作基金情况表"],
            ["编制单位：示例创投（盖章）", None, "截至2017年6月30日"],
            ["币种：美元", "单位：万元"],
            ["名称"],
        ]
    )
    cover = read_cover(book_of(sheet), "f.xlsx")
    assert (cover.sender, cover.as_of, cover.factor, cover.currency) == (
        "示例创投",
        date(2017, 6, 30),
        WAN,
        "USD",
    )
    assert cover.cells["as_of"][:2] == (1, 2)
    assert cover.problems == ()


@pytest.mark.parametrize(
    ("line", "as_of", "precision"),
    [
        ("截止日期：2017-9-30", date(2017, 9, 30), "day"), ("As of 30 September 2017", date(2017, 9, 30), "day"),
        ("As at Sep 30, 2017", date(2017, 9, 30), "day"), ("As of 2017-09-30", date(2017, 9, 30), "day"), ("Q3 2017", date(2017, 9, 30), "day"),
        ("Third quarter of 2017", date(2017, 9, 30), "day"), ("2017年上半年情况", date(2017, 6, 30), "day"), ("2017年度汇总表", date(2017, 12, 31), "day"),
        ("2017年9月情况表", date(2017, 9, 30), "month"), ("（2017年9月30日）", date(2017, 9, 30), "day"), ("截至2017年13月", None, None),
        ("As of 31 June 2017", None, None), ("示例2017", None, None), ("2017年9月填报", None, None),
    ],
)  # fmt: skip
def test_as_of_lines(line, as_of, precision):
    values = read_lines(book_of(sheet_of([[line], ["甲", "乙", "丙"]]))).values
    assert (values.get("as_of"), values.get("as_of_precision")) == (as_of, precision)


@pytest.mark.parametrize(
    ("cells", "sender"),
    [
        (["报送单位：甲公司"], "甲公司"), (["填报单位（盖章）：", "乙公司"], "乙公司"), (["基金管理人：丙创投"], "丙创投"), (["Fund manager: Example LP"], "Example LP"),
        (["单位：丁投资管理有限公司"], "丁投资管理有限公司"), (["编制：示例受托管理机构"], "示例受托管理机构"), (["编制：王五"], None), (["单位：万元"], None), (["报送单位：____"], None),
    ],
)  # fmt: skip
def test_sender_lines(cells, sender):
    assert read_lines(book_of(sheet_of([cells, ["甲", "乙", "丙"]]))).values.get("sender") == sender


def test_nothing_said_is_a_missing_cover():
    cover = read_cover(book_of(sheet_of([["名称"], ["x"]])), "f.xlsx")
    assert [item.code for item in cover.problems] == ["cover_missing"]


def test_hidden_sheets_and_rows_are_named_and_loaded_when_asked():
    rows = [["名称", "币种"], ["甲", "CNY"], ["乙", "CNY"]]
    book = book_of(
        sheet_of(rows, name="合作基金", hidden_rows=frozenset({2})),
        sheet_of(rows, name="引导基金", visibility="hidden"),
    )
    found = find_tables(book, "f.xlsx", None)
    assert [(item.code, item.sheet, item.row) for item in found.problems] == [
        ("rows_hidden", "合作基金", 3),
        ("sheet_hidden", "引导基金", None),
    ]
    assert [raw.row_numbers.to_list() for raw in found.tables] == [[2]]
    found = find_tables(book, "f.xlsx", None, include_hidden=True)
    assert [raw.row_numbers.to_list() for raw in found.tables] == [[2, 3], [2, 3]]
    assert found.problems == []
    assert [raw.table for raw in find_tables(book, "f.xlsx", None, frozenset({"引导基金"})).tables] == [
        "partner_fund",
        "guidance_fund",
    ]


def test_unknown_sheets_say_their_errors_and_own_sheets_nothing():

    book = book_of(
        sheet_of([[CellError("#REF!"), 1]], name="x", hidden_rows=frozenset({0})),
        sheet_of([["fundtrack"]], name="问题清单"),
        sheet_of([], name="空"),
    )
    found = find_tables(book, "f.xlsx", None)
    assert [(item.code, item.cell) for item in found.problems] == [
        ("sheet_unknown", None),
        ("error_cell", "A1"),
        ("rows_hidden", None),
    ]
    assert layout.no_table(book, "f.xlsx").about["sheets"] == "x、问题清单"


def test_a_named_sheet_without_its_header():
    assert [
        item.code
        for item in find_tables(book_of(sheet_of([["甲"], ["乙"]], name="参股")), "f", None).problems
    ] == ["header_not_found"]
    assert find_tables(book_of(sheet_of([[" "]], name="参股")), "f", None).problems == []
    down = [["基金编码：", "PF-1", "甲"], ["认缴金额", 5, 1], ["协议日期", "2017", 2], ["币种", "CNY", 3]]
    found = find_tables(book_of(sheet_of(down, name="参股")), "f", None)
    assert [item.code for item in found.problems] == ["table_transposed"]
    astray = [["甲", "乙", "丙"], ["一", "币种", "三"], ["四", "五", "六"]]
    assert [
        item.code for item in find_tables(book_of(sheet_of(astray, name="参股")), "f", None).problems
    ] == ["header_not_found"]


@pytest.mark.parametrize(
    ("shares", "doubted"),
    [
        (["2", "1.5", "0.8"], ["0.8"]), (["2", "1"], []), (["0.2", "20", "20%"], []), (["0.5", "0.3", "1"], []), (["2%", "0.02"], []), (["25", "x"], []),
    ],
)  # fmt: skip
def test_shares_that_may_be_percentages(shares, doubted):
    rows = [["参股编号", "参股比例上限"], *([f"PA-{n}", share] for n, share in enumerate(shares))]
    parsed = parse_table(find_tables(book_of(sheet_of(rows, name="参股")), "f", None).tables[0])
    told = [item for item in parsed.problems if item.code == "share_doubtful"]
    assert [item.value for item in told] == doubted
    assert all("%" in problem_sentence(item, lang) for item in told for lang in ("zh", "en"))


@pytest.mark.parametrize(
    ("table", "field", "written", "value"),
    [
        ("investment", "stage", "初创期", "startup"), ("investment", "stage", "种子 阶段", "seed"), ("investment", "instrument", "股权投资", "equity"),
        ("fund_report", "kind", "季度报告", "季报"), ("guidance_fund", "kind", "创业投资", "venture"), ("investor_commitment", "kind", "国企", "state_owned"),
        ("investor_commitment", "kind", "引导基金", None), ("investor_commitment", "kind", "政府资金", None), ("investment", "stage", "期", None),
        ("cash_flow", "kind", "Capital call", "call"), ("investment", "stage", "growth stage", "growth"), ("investment", "stage", "后期", None),
    ],
)  # fmt: skip
def test_choices_in_other_words(table, field, written, value):
    read = parse_value(written, Kind.TEXT, find_column(table, field), Context())
    assert (read if isinstance(read, str) else None) == value


def test_every_other_word_is_that_of_a_choice_and_of_one_only():
    labels = {option.zh for columns in COLUMNS.values() for column in columns for option in column.choices}
    assert set(_SAME) <= labels
    for columns in COLUMNS.values():
        for column in columns:
            own = {
                option.zh: {"".join(word.lower().split()) for word in (option.value, option.zh, option.en)}
                for option in column.choices
            }
            for zh, words in _SAME.items():
                taken = (
                    set().union(*(names for label, names in own.items() if label != zh))
                    if zh in own
                    else set()
                )
                assert not taken & set(words), (column.name, zh)

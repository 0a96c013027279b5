"""What back offices send: marks of footnotes, triangles, two languages, group titles, ditto marks, periods across, forms."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from workbooks import book_of, sheet_of

from fundtrack.load import match
from fundtrack.load.cells import Kind
from fundtrack.load.match import look_up, match_sheet, read_header
from fundtrack.load.reading import understood
from fundtrack.load.senders import check_senders
from fundtrack.load.state import State
from fundtrack.load.values import Context, Dated, Wrong, parse_value
from fundtrack.model.frames import find_column

NAME, MANAGER, SIZE, DAY = "合作基金名称", "基金管理人", "认缴总规模（万元）", "成立日期"
HEADER = [NAME, MANAGER, SIZE, DAY]
COVER = [["报送单位", "示例创投管理有限公司"], ["截至日期", "2017年9月30日"], ["币种", "人民币"]]
ONE, TWO = ["示例一号", "示例创投", 50000, "2016-03-01"], ["示例二号", "示例创投", 30000, "2016-05-01"]


@pytest.fixture(autouse=True)
def _aliases():
    match.refresh()


def read(rows, cover=COVER, name="合作基金", **more):
    book = book_of(sheet_of(cover, name="封面"), sheet_of(rows, name=name, **more))
    return understood(book, Path("a.xlsx"), "a.xlsx")


def codes(file):
    problems = [
        *file.cover.problems,
        *file.found.problems,
        *(each for one in file.parsed for each in one.problems),
    ]
    return [(problem.code, problem.cell) for problem in problems]


def amounts(file):
    (parsed,) = file.parsed
    return dict(parsed.frame.select("name", "committed_size").rows())


@pytest.mark.parametrize(
    ("field", "written", "wanted"),
    [
        pytest.param("committed_size", "50000①", "note_mark", id="a circled digit is no digit of the amount"),
        pytest.param("committed_size", "50000²", "note_mark", id="nor is a raised one"),
        pytest.param("committed_size", "⑴50000", "note_mark", id="nor one in brackets before it"),
        pytest.param("established_on", "2016-03-01①", "note_mark", id="nor in a date"),
        pytest.param("committed_size", "△200", "sign_unclear", id="triangle"),
        pytest.param("committed_size", " ▲ 300", "sign_unclear", id="black triangle"),
        pytest.param(
            "committed_size", "５０，０００．５", Decimal(500005000), id="full width is a number still"
        ),
        pytest.param("established_on", "2016年05月03日 星期二", date(2016, 5, 3), id="weekday"),
        pytest.param("established_on", "2016/5/3（周二）", date(2016, 5, 3), id="weekday in brackets"),
        pytest.param("established_on", "周二", "not_a_date", id="a weekday alone"),
    ],
)
def test_values(field, written, wanted):
    column = find_column("partner_fund", field)
    found = parse_value(written, Kind.TEXT, column, Context(Decimal(10000)))
    assert (
        found.code if isinstance(found, Wrong) else found.day if isinstance(found, Dated) else found
    ) == wanted


def test_a_mark_in_a_name_stays_and_a_formula_without_a_result_says_so():
    column = find_column("partner_fund", "name")
    assert parse_value("示例①号", Kind.TEXT, column, Context()) == "示例①号"
    size = find_column("partner_fund", "committed_size")
    assert parse_value("#UNCACHED!", Kind.ERROR, size, Context()) == Wrong("formula_uncached")
    assert parse_value("#REF!", Kind.ERROR, size, Context()) == Wrong("error_cell")


@pytest.mark.parametrize(
    ("table", "header", "wanted", "factor"),
    [
        pytest.param("partner_fund", "基金名称\nFund name", ("name",), None, id="line break"),
        pytest.param("partner_fund", "成立日期 Established on", ("established_on",), None, id="blank"),
        pytest.param("partner_fund", "Established on / 成立日期", ("established_on",), None, id="English first"),
        pytest.param("partner_fund", "认缴规模（万元）\nCommitted size", ("committed_size",), 10000, id="unit in one half"),
        pytest.param("partner_fund", "认缴规模（万元）/Committed size (RMB mn)", None, None, id="two units"),
        pytest.param("partner_fund", "成立日期 Liquidated on", None, None, id="two meanings"),
        pytest.param("partner_fund", "基金名称 DPI", None, None, id="a word that is not known"),
        pytest.param("partner_fund", "认缴规模【万元】", ("committed_size",), 10000, id="lenticular brackets"),
        pytest.param("partner_fund", "认缴规模〔亿元〕", ("committed_size",), 10**8, id="tortoise-shell brackets"),
    ],
)  # fmt: skip
def test_headers(table, header, wanted, factor):
    found = look_up(table, header)
    assert (found.fields if found else None) == wanted
    if factor:
        assert found.header.factor == factor
    assert read_header("认缴规模【万元】").factor == 10000


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        pytest.param([HEADER, ["Name", "Manager", "Committed size", "Established on"], ONE, TWO], ["示例一号", "示例二号"], id="English below"),
        pytest.param([HEADER, ["一、创业投资类"], ONE, ["（二）产业类"], TWO], ["示例一号", "示例二号"], id="group titles"),
        pytest.param([HEADER, ONE, ["本页小计", None, 50000], ["合作基金情况表（续）"], HEADER, TWO, ["累计", None, 80000]],
                     ["示例一号", "示例二号"], id="pages"),
        pytest.param([HEADER, ONE, ["示例二号", "同上", "〃", "″"]], ["示例一号", "示例二号"], id="ditto"),
    ],
)  # fmt: skip
def test_rows(rows, wanted):
    file = read(rows)
    assert codes(file) == []
    assert list(amounts(file)) == wanted


def test_ditto_means_what_stands_above():
    file = read(
        [
            HEADER,
            ONE,
            ["示例二号", "同上", "〃", "″"],
            ["示例三号", "示例乙创投", 10, ""],
            ["示例四号", "同上", 20, "〃"],
        ]
    )
    rows = file.parsed[0].frame.select("manager_id", "committed_size", "established_on").rows()
    half = Decimal(500000000)
    assert rows == [
        ("示例创投", half, date(2016, 3, 1)),
        ("示例创投", half, date(2016, 3, 1)),
        ("示例乙创投", Decimal(100000), None),
        ("示例乙创投", Decimal(200000), None),
    ]
    first = read([HEADER, ["示例一号", "示例创投", "〃", "2016-03-01"]])
    assert ("not_a_number", "C2") in codes(first)


def test_a_name_that_begins_like_a_group_stays_where_it_has_values():
    file = read([HEADER, ["一、示例基金", "示例创投", 1, "2016-03-01"], [NAME, None, None, None], ONE])
    assert list(amounts(file)) == ["一、示例基金", NAME, "示例一号"]


@pytest.mark.parametrize(
    ("unit", "rows", "wanted"),
    [
        pytest.param(None, [HEADER, ONE], [], id="every header has its unit"),
        pytest.param(
            "", [[NAME, MANAGER, "认缴总规模", DAY], ONE], [("cover_label_missing", None)], id="one has none"
        ),
        pytest.param(
            None, [["单位：万元"], [NAME, MANAGER, "认缴总规模", DAY], ONE], [], id="the corner has it"
        ),
    ],
)
def test_a_cover_needs_no_unit_where_all_amounts_have_theirs(unit, rows, wanted):
    file = read(rows)
    assert codes(file) == wanted
    if not wanted:
        assert amounts(file) == {"示例一号": Decimal(500000000)}


@pytest.mark.parametrize(
    ("units", "wanted"),
    [
        pytest.param(("万元", "元"), ["unit_by_row"], id="two units"),
        pytest.param(("元", "元"), ["unit_by_row"], id="another than the header's"),
        pytest.param(("万元", "万元"), [], id="the same"),
        pytest.param(("只", "只"), [], id="no unit of money"),
    ],
)
def test_a_column_of_units(units, wanted):
    file = read(
        [
            [NAME, MANAGER, SIZE, "单位", DAY],
            *([*row[:3], unit, row[3]] for row, unit in zip((ONE, TWO), units, strict=True)),
        ]
    )
    assert [code for code, _ in codes(file) if code != "column_unknown"] == wanted


@pytest.mark.parametrize(
    ("name", "rows", "wanted"),
    [
        pytest.param("资金往来", [["参股编码", "2016年", None, None, "2017年"], [None, "一季度", "二季度", "四季度", "一季度"], ["PA-01", 1, 2, 3, 4]],
                     "table_crosstab", id="quarters across"),
        pytest.param("基金情况", [[NAME, "示例一号", DAY, "2016-03-01"], [MANAGER, "示例创投", SIZE, 50000], ["备案编码", "SX1", "注册地", "西湖区"]],
                     "table_transposed", id="a form of two columns of words"),
    ],
)  # fmt: skip
def test_layouts_that_cannot_be_read_row_by_row_say_why(name, rows, wanted):
    assert wanted in [code for code, _ in codes(read(rows, name=name))]


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        pytest.param("2017年第三季度末", date(2017, 9, 30), id="quarter"),
        pytest.param("2017年上半年", date(2017, 6, 30), id="half"),
        pytest.param("2017年5月上旬", None, id="a third of a month"),
    ],
)
def test_a_cover_as_of_a_period(written, wanted):
    file = read([HEADER, ONE], [COVER[0], ["截至日期", written], COVER[2]])
    assert file.cover.as_of == wanted
    assert (("not_a_date", "B2") in codes(file)) is (wanted is None)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("管理机构", "manager"),
        ("被投资企业", "company"),
        ("出资人情况", "investor_commitment"),
        ("备忘", None),
    ],
)
def test_sheets_by_what_senders_call_them(name, table):
    assert match_sheet(name) == table


@pytest.mark.parametrize("gone", ["partner_fund_id", "investor", "amount"])
def test_a_list_of_investors_without_a_column_is_told_so(gone):
    fields = ["partner_fund_id", "investor", "effective_on", "amount"]
    rows = [
        [find_column("investor_commitment", field).zh for field in fields],
        ["PF-01", "示例投资者", "2016-03-01", 100],
    ]
    kept = [place for place, field in enumerate(fields) if field != gone]
    file = read(
        [[row[place] for place in kept] for row in rows],
        [*COVER, ["金额单位", "元"]],
        name="出资人",
    )
    senders, _ = check_senders([file], State())
    told = {(problem.code, problem.field) for sender in senders for problem in sender.problems}
    assert ("column_missing", gone) in told


@pytest.mark.parametrize(
    "cover",
    [
        pytest.param(
            [["报送单位", "截至日期", "币种", "金额单位"], ["示例创投管理有限公司", "2017年9月30日", "人民币", "万元"]],
            id="labels across",
        ),
        pytest.param(
            [["基本情况"], [None, "金额单位：", "报送单位：", "截至日期："], [None, "万元", "示例创投管理有限公司", "2017-09-30"], ["币种", "CNY"]],
            id="most of them across, under a title",
        ),
        pytest.param(
            [["报送单位", "示例创投管理有限公司", "截至日期", "2017-09-30"], ["币种", "人民币", "金额单位", "万元"]], id="two pairs a line"
        ),
    ],
)  # fmt: skip
def test_covers_whose_labels_stand_side_by_side(cover):
    file = read([[NAME, MANAGER, "认缴总规模", DAY], ONE], cover)
    assert codes(file) == []
    assert (file.cover.sender, file.cover.as_of) == ("示例创投管理有限公司", date(2017, 9, 30))
    assert amounts(file) == {"示例一号": Decimal(500000000)}

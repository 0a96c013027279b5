"""What a new layout is seen to be, and what a person is still asked of it."""

from datetime import date

import pytest
from foreign import HOLDINGS, VENDOR_FUNDS
from workbooks import book_of, sheet_of

from fundtrack.errors import Problem
from fundtrack.load.asked import as_it_stands, need, needed, open_points, planned, proposed_name
from fundtrack.load.file_dates import day_in
from fundtrack.load.fingerprints import find_profile
from fundtrack.load.layout import find_tables
from fundtrack.load.profiles import Plan, Profile, Split, save_profile
from fundtrack.load.proposals import companions, proposals
from fundtrack.load.state import State
from fundtrack.load.survey import currency_named, look, nearest_profile, survey
from fundtrack.load.words_asked import words_asked


def of(rows, table):
    seen = look(sheet_of(rows))
    return {header: item.field for header, item in proposals(table, seen.columns).items() if item.field}


@pytest.fixture(autouse=True)
def _aliases():
    survey(book_of(sheet_of(HOLDINGS)))


def test_a_vendors_export_is_seen_for_what_it_is():
    seen = look(sheet_of(VENDOR_FUNDS))
    assert (seen.rows, seen.tables[0]) == ((2, 2), "guidance_fund")
    columns = {column.header: column for column in seen.columns}
    assert columns["所在地区"].parts == ("中国", "浙江省", "杭州市", "西湖区")
    assert str(columns["目标规模(人民币/百万)"].factor) == "1000000"
    assert columns["目标规模(人民币/百万)"].currency == "CNY"
    assert columns["状态"].samples == ("首期募完，正在募集", "已募完")
    assert of(VENDOR_FUNDS, "guidance_fund") == {
        "基金名称": "name",
        "成立时间": "established_on",
        "目标规模(人民币/百万)": "planned_size",
        "管理机构": "operator",
    }


def test_a_pension_plans_list_is_reports_of_funds_that_its_rows_name():
    seen = look(sheet_of(HOLDINGS))
    assert (seen.rows, seen.tables[0]) == ((3, 3), "fund_report")
    assert (str(seen.corner.factor), seen.corner.currency) == ("1000000", "USD")
    headers = of(HOLDINGS, "fund_report")
    assert headers == {
        "Fund Name": "partner_fund_id",
        "Capital Committed": "committed",
        "Contributed": "paid_in",
        "Distributed": "distributed",
        "Market Value": "net_assets",
    }
    whole = {column.header: headers.get(column.header, "") for column in seen.columns}
    assert companions("fund_report", whole) == [
        ("partner_fund", {"Fund Name": "name", "Manager": "manager_id"}),
        ("manager", {"Manager": "name"}),
    ]
    book = book_of(sheet_of(HOLDINGS))
    assert currency_named(book, survey(book)) == "USD"


def test_a_likeness_is_said_and_a_header_of_two_meanings_is_left_to_a_person():
    seen = look(sheet_of([["名称", "所属地区", "机构名称"], ["甲", "杭州", "乙"], ["丙", "宁波", "丁"]]))
    found = proposals("manager", seen.columns)
    assert found["名称"].score == 100
    assert [item.field for item in found.values()].count("name") == 1, "a field is proposed once"
    sizes = look(sheet_of([["基金名称", "基金规模"], ["甲", 5], ["乙", 6]]))
    size = proposals("partner_fund", sizes.columns)["基金规模"]
    assert (size.field, size.undecided, size.others[:2]) == ("", True, (("target_size", 100.0), ("committed_size", 100.0)))  # fmt: skip


def test_what_a_saved_profile_says_is_believed():
    plan = Plan(sheet="S", table="manager", fields={"甲列": "name", "乙列": ""}, splits={"location": Split(header="丙列", separator="|", part=2)})  # fmt: skip
    seen = look(sheet_of([["甲列", "乙列", "丙列", "所在地"], ["a", "b", "c|d|e", "f"]]))
    found = proposals("manager", seen.columns, plan)
    assert {header: (item.field, item.score) for header, item in found.items()} == {
        "甲列": ("name", 100.0),
        "乙列": ("", 100.0),
        "丙列": ("location", 100.0),
        "所在地": ("", 0.0),
    }


def test_a_header_of_two_rows_is_seen_whole_and_may_be_set():
    rows = [["一览"], ["名称", "规模（万元）", None], [None, "目标", "认缴"], ["甲", 5, 6], ["乙", 7, 8]]
    seen = look(sheet_of(rows, merged=((1, 0, 2, 0), (1, 1, 1, 2))))
    assert seen.rows == (2, 3)
    assert [column.header for column in seen.columns] == [
        "名称",
        "规模（万元） / 目标",
        "规模（万元） / 认缴",
    ]
    assert [str(column.factor) for column in seen.columns] == ["None", "10000", "10000"]
    assert [column.header for column in look(sheet_of(rows), (3, 3)).columns] == ["目标", "认缴"]
    assert look(sheet_of(rows), (9, 9)).columns == ()
    assert look(sheet_of([[1, 2], [3, 4]])).rows is None


@pytest.mark.parametrize(
    ("codes", "wanted"),
    [
        pytest.param([("no_table_found", "error")], "must", id="nothing known"),
        pytest.param([("column_unknown", "warning")], "may", id="a column more"),
        pytest.param([("not_a_choice", "error"), ("which_table", "error")], "must", id="which table"),
        pytest.param([("not_a_choice", "error")], "may", id="a word"),
        pytest.param([("not_a_number", "error")], "", id="a slip of the pen"),
        pytest.param([], "", id="nothing"),
    ],
)
def test_when_to_ask(codes, wanted):
    assert need([Problem(code, severity) for code, severity in codes]) == wanted


def profile_of(rows, table, **more):
    seen = look(sheet_of(rows, name="Sheet1"))
    fields = {column.header: of(rows, table).get(column.header, "") for column in seen.columns}
    file = {name: more.pop(name) for name in ("sender", "as_of", "currency") if name in more}
    return Profile(name="p", sheets=[planned(seen, table, fields | more.pop("fields", {}), **more)], **file)


def points(rows, profile, undecided=()):
    book = book_of(sheet_of(rows, name="Sheet1"))
    return [
        (each.code, each.field or each.value)
        for each in open_points(book, "f.xlsx", profile, State(), undecided)
        if each.severity == "error"
    ]


def test_what_is_open_is_said_until_nothing_is():
    open_ = profile_of(VENDOR_FUNDS, "guidance_fund")
    assert points(VENDOR_FUNDS, open_) == [
        ("answer_field_missing", "kind"),
        ("answer_line_missing", "sender"),
        ("answer_line_missing", "as_of"),
    ]
    done = profile_of(VENDOR_FUNDS, "guidance_fund", sender="示例", as_of=date(2017, 9, 30), constants={"kind": "创投"})  # fmt: skip
    assert points(VENDOR_FUNDS, done) == []
    assert points(VENDOR_FUNDS, done, [("Sheet1", "状态")]) == [("answer_undecided", "状态")]
    twice = profile_of(VENDOR_FUNDS, "guidance_fund", sender="示例", as_of=date(2017, 9, 30), constants={"kind": "创投"}, fields={"状态": "name"})  # fmt: skip
    assert ("answer_field_twice", "name") in points(VENDOR_FUNDS, twice)
    nothing = Profile(name="p", sheets=[Plan(sheet="Sheet1")])
    assert points(VENDOR_FUNDS, nothing) == [("answer_nothing", None)]
    plain = [["名称", "类型", "计划规模"], ["甲", "创投", 5]]
    silent = profile_of(plain, "guidance_fund", sender="示例", as_of=date(2017, 9, 30))
    assert points(plain, silent) == [
        ("answer_unit_missing", "planned_size"),
        ("answer_currency_missing", None),
    ]
    unit = profile_of(plain, "guidance_fund", sender="示例", as_of=date(2017, 9, 30), units={"planned_size": "亿元"})  # fmt: skip
    assert points(plain, unit) == [("answer_currency_missing", None)]


def test_words_that_are_not_known_are_listed_and_mapped():
    rows = [["名称", "类型", "期数"], *([f"基金{n}", kind, phase] for n, kind, phase in
            [(1, "省级母基金", "一"), (2, "创投", "二"), (3, "天使类", "一"), (4, "省级母基金", "二")])]  # fmt: skip
    asked = profile_of(rows, "guidance_fund")
    book = book_of(sheet_of(rows, name="Sheet1"))
    assert [(each.field, each.words, each.known) for each in words_asked(book, asked)] == [
        ("kind", ("省级母基金",), False),  # 天使类 is 天使 in other words
        ("phase", ("一", "二"), True),
    ]
    told = profile_of(rows, "guidance_fund", sender="示例", as_of=date(2017, 9, 30), currency="CNY", values={"kind": {"省级母基金": "创投"}})  # fmt: skip
    assert points(rows, told) == []
    assert [each.field for each in words_asked(book, told)] == ["kind", "phase"], "asked again when changed"


def test_required_fields_that_only_a_person_can_give():
    assert [column.name for column in needed("fund_report", ["partner_fund_id"])] == ["period", "kind"]
    assert needed("manager", ["name"]) == []


def test_names_of_profiles_and_days_in_names():
    assert proposed_name("示例：数据/库", "x2017.xlsx", []) == "示例 数据 库-x"
    assert proposed_name("", "2017.xlsx", []) == "profile"
    assert proposed_name("甲", "甲.xls", ["甲-甲", "甲-甲-2"]) == "甲-甲-3"
    assert Profile(name=proposed_name("a" * 80, "b" * 80, []))
    assert day_in("2017-02-30.xlsx") is None


def test_a_sheet_that_needs_no_answer_is_read_as_it_stands_and_known_again(tmp_path):
    rows = [["机构编码", "名称"], ["VC-1", "甲"], [None, None], ["机构编码", "名称"], ["VC-2", "乙"]]
    book = book_of(sheet_of(rows, name="合作创投机构"))
    (seen,) = survey(book)
    assert (seen.state, seen.tables) == ("known", ("manager",))
    profile = Profile(name="p", sender="示例", as_of=date(2017, 9, 30), sheets=[as_it_stands(seen)])
    assert open_points(book, "f.xlsx", profile, State()) == []
    (raw,) = find_tables(book, "f.xlsx", None, profile=profile).tables
    assert raw.text.height == 2, "the header said again is passed over, as without a profile"
    save_profile(profile, tmp_path)
    assert find_profile(tmp_path, book) == profile
    (again,) = survey(book, profile)
    assert again.state == "known"


def test_words_too_long_for_a_profile_are_not_asked():
    rows = [["名称", "期数"], *([f"基金{n}", word * 301] for n, word in enumerate("一二一二"))]
    assert words_asked(book_of(sheet_of(rows, name="Sheet1")), profile_of(rows, "guidance_fund")) == []


def test_a_layout_that_changed_a_little_is_answered_as_before(tmp_path):
    told = profile_of(VENDOR_FUNDS, "guidance_fund", sender="示例", constants={"kind": "创投"}, fields={"状态": "phase"})  # fmt: skip
    save_profile(told, tmp_path)
    wider = [row[:] for row in VENDOR_FUNDS]
    for row, more in zip(wider[1:], ["官网", "a.example", "b.example"], strict=True):
        row.append(more)
    book = book_of(sheet_of(wider, name="引导基金名录"))
    assert find_profile(tmp_path, book) is None
    near = nearest_profile(tmp_path, book)
    (plan,) = near.plans("引导基金名录")
    (seen,) = survey(book, near)
    found = {header: item.field for header, item in proposals("guidance_fund", seen.columns, plan).items()}
    assert (found["状态"], found["官网"], plan.constants) == ("phase", "", {"kind": "创投"})
    other = [["甲", "乙", "丙"], ["1", "2", "3"]]
    assert nearest_profile(tmp_path, book_of(sheet_of(other))) is None
    (tmp_path / "broken.toml").write_text("name = ", encoding="utf-8")
    assert nearest_profile(tmp_path, book).name == "p"

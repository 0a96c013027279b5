"""Saved answers about layouts: read strictly, found by fingerprint, put to foreign files."""

from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from workbooks import book_of, read_here, sheet_of

from fundtrack.errors import InputError
from fundtrack.load import reading
from fundtrack.load.applied import Said
from fundtrack.load.fingerprints import find_profile, fingerprint, plan_for
from fundtrack.load.intake import check_file
from fundtrack.load.layout import find_tables
from fundtrack.load.parse import parse_table
from fundtrack.load.profiles import (
    Plan,
    Profile,
    Split,
    check_profile,
    load_profile,
    loose,
    read_profile,
    save_profile,
)
from fundtrack.load.propose import propose
from fundtrack.load.state import State
from fundtrack.text.problems import error_sentence

VENDOR = [
    ["政府引导基金列表"],
    ["序号", "基金名称", "所在地区", "基金级别", "成立时间", "目标规模(人民币/百万)", "管理机构", "状态"],
    [
        1,
        "示例省引导基金",
        "中国|浙江省|杭州市|西湖区",
        "省级",
        "2015-06-01",
        5000,
        "示例资本",
        "首期募完，正在募集",
    ],
    [2, "示例市引导基金", "中国|浙江省|杭州市", "市级", "2016", "--", "示例资本", "已募完"],
]
VENDOR_PROFILE = Profile(
    name="vendor", sender="示例数据库", as_of=date(2017, 9, 30), currency="CNY",
    sheets=[
        Plan(
            sheet="Sheet1", table="guidance_fund", fingerprint=fingerprint(sheet_of(VENDOR)),
            fields={"序号": "", "基金名称": "name", "成立时间": "established_on", "目标规模(人民币/百万)": "planned_size", "管理机构": "operator", "状态": "phase"},
            constants={"kind": "venture", "currency": "CNY"}, values={"phase": {"首期募完，正在募集": "一期", "已募完": ""}},
            splits={"note": Split(header="所在地区", separator="|", part=4)},
        )
    ],
)  # fmt: skip
PENSION = [
    ["Example Pension Plan: private equity holdings"],
    ["As of June 30, 2017", None, None, None, None, "Amounts in USD millions"],
    ["Vintage", "Fund Name", "Manager", "Capital Committed", "Contributed", "Distributed", "Market Value"],
    [2010, "Example Partners I", "Example GP", 100, 90.5, 40, 75.25],
    [2012, "Example Partners II", "Example GP", 50, 30, 0, 31],
    [2015, "Other Fund", "Other GP", 20, 5, None, 4.5],
    ["Total", None, None, 170, 125.5, 40, 110.75],
]
PENSION_PROFILE = Profile(
    name="pension", sender="Example Pension Plan", currency="USD",
    sheets=[
        Plan(sheet="Holdings 2017", table="manager", fields={"Manager": "name"}, distinct=True),
        Plan(sheet="Holdings 2017", table="partner_fund", fields={"Fund Name": "name", "Manager": "manager_id", "Capital Committed": "committed_size"}),
        Plan(
            sheet="Holdings 2017", table="fund_report", constants={"period": "@period", "kind": "季报", "filed_on": "@as_of", "note": "@sender"},
            fields={"Fund Name": "partner_fund_id", "Capital Committed": "committed", "Contributed": "paid_in", "Distributed": "distributed",
                    "Market Value": "net_assets", "Vintage": ""},
        ),
    ],
)  # fmt: skip


@pytest.fixture(autouse=True)
def _in_process(monkeypatch):
    monkeypatch.setattr(reading, "read_book", read_here)


def written(path, rows, name="Sheet1"):
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    page.write(at, column, value)
    return path


def frames_of(found):
    return {raw.table: parse_table(raw).frame for raw in found.tables}


def test_a_vendors_export_of_guidance_funds(tmp_path):
    file = reading.read_file(written(tmp_path / "v.xlsx", VENDOR), profile=VENDOR_PROFILE)
    frame = parse_table(file.found.tables[0]).frame
    assert frame["name"].to_list() == ["示例省引导基金", "示例市引导基金"]
    assert frame["planned_size"].to_list() == [Decimal("5000000000.00"), None]
    assert frame["kind"].to_list() == ["venture", "venture"]
    assert frame["phase"].to_list() == ["一期", None]
    assert frame["note"].to_list() == ["西湖区", None]
    assert frame["established_on_precision"].to_list() == ["day", "year"]
    assert [(item.code, item.value) for item in file.found.problems] == [("column_unknown", "基金级别")]
    checked = check_file(file, State())
    assert not checked.blocked
    assert (file.cover.sender, file.cover.as_of) == ("示例数据库", date(2017, 9, 30))
    letters = {mapped.field: mapped.letter for mapped in file.found.tables[0].columns}
    assert letters == {
        "name": "B",
        "established_on": "E",
        "planned_size": "F",
        "operator": "G",
        "phase": "H",
        "note": "C",
        "kind": "",
        "currency": "",
    }


def test_a_pension_plans_list_becomes_reports_never_flows(tmp_path):
    file = reading.read_file(written(tmp_path / "p.xlsx", PENSION, "Holdings 2017"), profile=PENSION_PROFILE)
    checked = check_file(file, State())
    assert [item.code for item in checked.problems] == []
    counts = checked.counts()
    assert {table: each["new"] for table, each in counts.items()} == {
        "manager": 2,
        "partner_fund": 3,
        "fund_report": 3,
    }
    report = next(each.new for each in checked.diffs if each.table == "fund_report")
    assert report["net_assets"].to_list() == [
        Decimal("75250000.00"),
        Decimal("31000000.00"),
        Decimal("4500000.00"),
    ]
    assert report["period"].to_list() == ["2017Q2"] * 3
    assert report["currency"].to_list() == ["USD"] * 3
    assert report["note"].to_list() == ["Example Pension Plan"] * 3


def test_the_next_periods_file_is_known_by_its_headers(tmp_path):
    folder = tmp_path / "profiles"
    saved = PENSION_PROFILE.model_copy(
        update={
            "sheets": [
                plan.model_copy(update={"fingerprint": fingerprint(sheet_of(PENSION))})
                for plan in PENSION_PROFILE.sheets
            ]
        }
    )
    save_profile(saved, folder)
    later = [[*row] for row in PENSION]
    later[1][0] = "As of September 30, 2018"
    later[2:] = [[row[0], *reversed(row[1:])] for row in later[2:]]
    file = reading.read_file(written(tmp_path / "q.xlsx", later, "Holdings 2018"), profiles=folder)
    assert file.profile is not None
    assert frames_of(file.found)["fund_report"]["period"].to_list() == ["2018Q3"] * 3
    renamed = reading.read_file(written(tmp_path / "r.xlsx", PENSION, "Anything"), profiles=folder)
    assert renamed.profile is not None
    other = [[*row] for row in PENSION]
    other[2][6] = "Fair Value"
    assert (
        reading.read_file(written(tmp_path / "s.xlsx", other, "Holdings 2018"), profiles=folder).profile
        is None
    )


def test_fingerprints_do_not_care_for_order_period_or_blanks():
    one = sheet_of([["标题"], ["基金名称", "2017年净值", "认缴 规模"], ["甲", 1, 2]])
    other = sheet_of([["别的标题"], [], ["认缴规模", "基金名称＊", "2018年净值"], [3, "乙", 4]])
    assert fingerprint(one) == fingerprint(other) != ""
    assert fingerprint(sheet_of([[1, 2], [3, 4]])) == ""
    assert fingerprint(sheet_of([])) == ""
    assert loose("表2017Q3") == loose("表2018Q1")


def test_find_profile_prefers_the_one_that_knows_most_and_passes_over_broken_ones(tmp_path):
    one, two = sheet_of([["甲", "乙"]], name="A"), sheet_of([["丙", "丁"]], name="B")
    few = Profile(name="a-few", sheets=[Plan(sheet="A", fingerprint=fingerprint(one))])
    more = Profile(
        name="b-more",
        sheets=[Plan(sheet="A", fingerprint=fingerprint(one)), Plan(sheet="B", fingerprint=fingerprint(two))],
    )
    assert find_profile(tmp_path / "none", book_of(one)) is None
    for profile in (few, more, Profile(name="c-empty")):
        save_profile(profile, tmp_path)
    (tmp_path / "broken.toml").write_text("name = ", encoding="utf-8")
    assert find_profile(tmp_path, book_of(one, two)).name == "b-more"
    assert find_profile(tmp_path, book_of(one)).name == "a-few"
    assert find_profile(tmp_path, book_of(two)) is None


def test_header_rows_units_and_sheets_passed_over():
    rows = [["x", "y", "z"], ["规模", None, "名称"], ["目标规模", "认缴规模", None], [5, 6, "甲"]]
    profile = Profile(
        name="p",
        sheets=[
            Plan(sheet="S", table="partner_fund", header_rows=[2, 3], units={"target_size": "亿元", "committed_size": "USD million"}),
            Plan(sheet="T"), Plan(sheet="U", table="manager", header_rows=[9, 9]),
        ],
    )  # fmt: skip
    found = find_tables(
        book_of(sheet_of(rows, name="S"), sheet_of([["名称"]], name="T"), sheet_of(rows, name="U")),
        "f",
        None,
        profile=profile,
    )
    (raw,) = found.tables
    assert {item.field: (str(item.factor), item.currency) for item in raw.columns} == {
        "target_size": ("1E+8", None) if str(raw.columns[0].factor) == "1E+8" else ("100000000", None), "committed_size": ("1000000", "USD"), "name": ("1", None),
    }  # fmt: skip
    assert [(item.code, item.sheet) for item in found.problems] == [("header_not_found", "U")]


def test_what_a_profile_names_and_the_sheet_lacks_is_a_problem():
    profile = Profile(
        name="p",
        sheets=[
            Plan(
                sheet="S",
                table="manager",
                fields={"机构": "name", "城市": "location"},
                splits={"note": Split(header="无", separator="|", part=-1)},
            )
        ],
    )
    found = find_tables(book_of(sheet_of([["机构", "x"], ["甲", 1]], name="S")), "f", None, profile=profile)
    assert [(item.code, item.value) for item in found.problems] == [
        ("profile_header_missing", "城市"), ("profile_header_missing", "无"), ("column_unknown", "x"),
    ]  # fmt: skip


def test_constants_fill_what_is_blank_and_last_parts_are_taken():
    profile = Profile(
        name="p", include_hidden=True,
        sheets=[Plan(sheet="S", table="manager", fields={"机构": "name", "城市": "location"}, constants={"location": "杭州", "note": "@as_of"},
                     splits={"group_name": Split(header="集团", separator="/", part=-1)})],
    )  # fmt: skip
    sheet = sheet_of(
        [["机构", "城市", "集团"], ["甲", "宁波", "a/b"], ["乙", None, "c"]], name="S", visibility="hidden"
    )
    frame = frames_of(
        find_tables(book_of(sheet), "f", None, profile=profile, said=Said("我", date(2017, 9, 30)))
    )["manager"]
    assert frame["location"].to_list() == ["宁波", "杭州"]
    assert frame["group_name"].to_list() == ["b", "c"]
    assert frame["note"].to_list() == ["2017-09-30"] * 2
    nothing = frames_of(find_tables(book_of(sheet), "f", None, profile=profile))["manager"]
    assert nothing["note"].to_list() == [None, None]


def test_a_profile_says_what_the_file_does_not(tmp_path):
    rows = [["基金编码", "名称", "机构编码", "认缴规模"], ["PF-1", "甲", "VC-1", 5]]
    profile = Profile(
        name="p", sender="示例创投", as_of=date(2017, 9, 30), unit="万元", currency="CNY", sheets=[]
    )
    file = reading.read_file(written(tmp_path / "a.xlsx", rows, "合作基金"), profile=profile)
    assert (file.cover.sender, file.cover.as_of, file.cover.currency) == (
        "示例创投",
        date(2017, 9, 30),
        "CNY",
    )
    assert frames_of(file.found)["partner_fund"]["committed_size"].to_list() == [Decimal("50000.00")]
    silent = reading.read_file(written(tmp_path / "b.xlsx", rows, "合作基金"), profile=Profile(name="q"))
    assert [(item.code, item.field) for item in silent.cover.problems] == [
        ("line_missing", "sender"),
        ("line_missing", "as_of"),
    ]


def test_saved_and_read_again_the_same(tmp_path):
    odd = Plan(
        sheet='a "b"\n\\', table="partner_fund", header_rows=[1, 3], fields={"x\ty\x7f": "name", "空": ""}, values={"legal_form": {"首期": "", "二": "有限合伙"}},
        units={"target_size": "百万元"}, splits={"district": Split(header="d", separator="|", part=4)}, constants={"currency": "CNY"}, distinct=True,
    )  # fmt: skip
    profile = Profile(
        name="养老金 2017",
        note="给 人 看",
        as_of=date(2017, 9, 30),
        unit="USD million",
        complete=["partner_fund"],
        include_hidden=True,
        sheets=[odd],
    )
    path = save_profile(profile, tmp_path / "new" / "folder")
    assert read_profile(path) == profile == load_profile(path.parent, "养老金 2017")
    assert [item.name for item in path.parent.iterdir()] == ["养老金 2017.toml"]
    assert save_profile(profile.model_copy(update={"note": ""}), path.parent) == path
    assert read_profile(path).note == ""


def test_a_profile_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda handle: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        save_profile(Profile(name="x"), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("tree", "code", "where"),
    [
        ({"name": "x", "colour": 1}, "profile_key_unknown", "colour"), ({"name": "../x"}, "profile_value_wrong", "name"),
        ({"name": "x", "version": 2}, "profile_value_wrong", "version"), ({"name": "x", "unit": "斤"}, "profile_value_wrong", "unit"),
        ({"name": "x", "currency": "人民币/美元"}, "profile_value_wrong", "currency"), ({"name": "x", "complete": ["nix"]}, "profile_value_wrong", "complete"),
        ({"name": "x", "as_of": "2017"}, "profile_value_wrong", "as_of"), ({"name": "x", "sheets": [{"sheet": "a", "table": "nix"}]}, "profile_value_wrong", "sheets.0"),
        ({"name": "x", "sheets": [{"sheet": "a", "table": "cover"}]}, "profile_value_wrong", "sheets.0"),
        ({"name": "x", "sheets": [{"sheet": "a", "table": "manager", "fields": {"h": "nix"}}]}, "profile_value_wrong", "sheets.0"),
        ({"name": "x", "sheets": [{"sheet": "a", "table": "manager", "eval": "x"}]}, "profile_key_unknown", "sheets.0.eval"),
        ({"name": "x", "sheets": [{"sheet": "a", "table": "partner_fund", "units": {"target_size": "斤"}}]}, "profile_value_wrong", "sheets.0.units"),
        ({"name": "x", "sheets": [{"sheet": "a", "table": "manager", "header_rows": [5, 1]}]}, "profile_value_wrong", "sheets.0"),
        ({"name": "x", "sheets": [{"sheet": "a", "table": "manager", "splits": {"note": {"header": "h", "separator": "", "part": 1}}}]},
         "profile_value_wrong", "sheets.0.splits.note.separator"),
        ({"name": "x", "include_hidden": "yes"}, "profile_value_wrong", "include_hidden"), ({}, "profile_value_wrong", "name"),
    ],
)  # fmt: skip
def test_hostile_and_wrong_profiles_are_refused_with_their_place(tree, code, where):
    with pytest.raises(InputError) as refused:
        check_profile(tree, "f.toml")
    assert (refused.value.code, refused.value.about["where"]) == (code, where)
    for lang in ("zh", "en"):
        assert where in error_sentence(refused.value, lang)


@pytest.mark.parametrize("text", ["name = ", "name = 'x'\nname = 'y'", "a = " + "[" * 3000 + "]" * 3000])
def test_files_that_are_no_toml(tmp_path, text):
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="profile_not_toml"):
        load_profile(tmp_path, "p")


def test_large_files_and_unknown_names(tmp_path):
    (tmp_path / "p.toml").write_bytes(b"#" * 300_000)
    with pytest.raises(InputError, match="300000 bytes"):
        load_profile(tmp_path, "p")
    (tmp_path / "p.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="profile_not_toml"):
        load_profile(tmp_path, "p")
    for name in ("q", "../p", "a/b"):
        with pytest.raises(InputError) as refused:
            load_profile(tmp_path, name)
        assert (refused.value.code, refused.value.about["known"]) == ("profile_unknown", "p")
    with pytest.raises(InputError, match="known=—"):
        load_profile(tmp_path / "none", "q")


def test_from_proposals_to_a_profile_to_rows(tmp_path):
    rows = [
        ["某机构自己的表"],
        ["投资组合", "谁管", "规模", None, "何时"],
        [None, None, "定的（亿元）", "认的（亿元）", None],
        ["甲基金", "VC-1", 2, 1.5, "2016年5月"],
    ]
    sheet = sheet_of(rows, name="2017", merged=((1, 2, 1, 3), (1, 0, 2, 0), (1, 1, 2, 1), (1, 4, 2, 4)))
    assert [item.header for item in propose(sheet, "partner_fund")][:2] == ["投资组合", "谁管"]
    chosen = {
        "投资组合": "name",
        "谁管": "manager_id",
        "规模 / 定的（亿元）": "target_size",
        "规模 / 认的（亿元）": "committed_size",
        "何时": "established_on",
    }
    plan = plan_for(sheet, "partner_fund", chosen, header_rows=[2, 3], constants={"currency": "CNY"})
    save_profile(Profile(name="own", sheets=[plan]), tmp_path)
    profile = find_profile(tmp_path, book_of(sheet))
    assert profile is not None
    found = find_tables(book_of(sheet), "f", None, profile=profile)
    frame = frames_of(found)["partner_fund"]
    assert found.problems == []
    assert frame["committed_size"].to_list() == [Decimal("150000000.00")]
    assert frame["target_size"].to_list() == [Decimal("200000000.00")]
    assert frame.select("name", "manager_id", "established_on_precision", "currency").rows() == [
        ("甲基金", "VC-1", "month", "CNY")
    ]

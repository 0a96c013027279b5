"""A file of a new layout on the load page: asked once, published, and the next one not asked."""

from datetime import date

import pytest
import xlsxwriter
from foreign import FUND_LIST, HOLDINGS, VENDOR_FUNDS, written
from ui_pages import html, open_page, text, upload

from fundtrack.load.profiles import read_profile
from fundtrack.reports.funds import funds_report
from fundtrack.store.editions import Store


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("FUNDTRACK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def widget(widgets, ending):
    """The one widget whose key ends so."""
    (found,) = [each for each in widgets if each.key and each.key.endswith(ending)]
    return found


def press(at, key):
    widget(at.button, key).click().run()
    assert not at.exception, at.exception
    return at


def publish(at, label):
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception, at.exception
    return at


def test_a_vendors_list_is_asked_once_in_chinese(data, tmp_path):
    at = upload(
        open_page("load", lang="zh"), [written(tmp_path / "政府引导基金_20170930.xlsx", VENDOR_FUNDS)]
    )
    assert "<h2>新版式：请说明每张表、每一列是什么</h2>" in html(at)
    assert "请先回答上面的问题并保存，再发布。" in text(at)
    assert widget(at.button, "_save").disabled
    assert "“类型”必填" in text(at), text(at)
    assert "请填写报送单位" in text(at)
    widget(at.text_input, "_sender").set_value("示例数据库").run()
    widget(at.selectbox, "_constant_kind").set_value("创投").run()
    widget(at.selectbox, "_7_field").set_value("phase").run()
    widget(at.selectbox, "_2_field").set_value("note").run()
    assert widget(at.selectbox, "_2_part").value == 4  # the district of 中国|省|市|区
    assert not widget(at.button, "_save").disabled, text(at)
    press(at, "_save")
    assert "按版式档案“示例数据库-政府引导基金”读入" in text(at)
    assert "引导基金 2 0 0" in text(at)
    assert Store(data).newest() is None
    publish(at, "发布")
    rows = Store(data).ledger()["guidance_fund"].sort("name")
    assert rows.select("name", "kind", "planned_size", "note", "phase").rows() == [
        ("示例市引导基金", "venture", None, None, "已募完"),
        ("示例省引导基金", "venture", 5_000_000_000, "西湖区", "首期募完，正在募集"),
    ]
    profile = read_profile(data / "profiles" / "示例数据库-政府引导基金.toml")
    assert (profile.sender, profile.as_of, profile.as_of_in_name) == ("示例数据库", None, True)

    later = [row[:] for row in VENDOR_FUNDS]
    later[-1][1] = "示例新设引导基金"
    at = upload(open_page("load", lang="zh"), [written(tmp_path / "政府引导基金_20171231.xlsx", later)])
    assert "新版式" not in text(at)
    assert "引导基金 1 0 1" in text(at)
    publish(at, "发布")
    assert Store(data).ledger()["guidance_fund"].height == 3
    assert str(Store(data).ledger().default_as_of) == "2017-12-31"


def test_a_pension_plans_list_is_asked_once_in_english(data, tmp_path):
    at = upload(
        open_page("load", lang="en"), [written(tmp_path / "holdings.xlsx", HOLDINGS, "Holdings 2017")]
    )
    assert "<h2>A new layout: say what each sheet and column is</h2>" in html(at)
    assert widget(at.multiselect, "_tables").value == ["fund_report", "partner_fund", "manager"]
    widget(at.text_input, "_sender").set_value("Example Pension Plan").run()
    widget(at.selectbox, "_fund_report_constant_kind").set_value("季报").run()
    assert not widget(at.button, "_save").disabled, text(at)
    press(at, "_save")
    publish(at, "Publish")
    ledger = Store(data).ledger()
    report = ledger["fund_report"].join(
        ledger["partner_fund"].select("partner_fund_id", "name"), on="partner_fund_id"
    )
    assert report.sort("name").select("name", "period", "committed", "paid_in", "distributed", "net_assets", "currency").rows() == [
        ("Example Partners I", "2017Q2", 100_000_000, 90_500_000, 40_000_000, 75_250_000, "USD"),
        ("Example Partners II", "2017Q2", 50_000_000, 30_000_000, 0, 31_000_000, "USD"),
        ("Other Fund", "2017Q2", 20_000_000, 5_000_000, None, 4_500_000, "USD"),
    ]  # fmt: skip
    assert ledger["cash_flow"].is_empty()
    assert ledger["fund_paid_in"].is_empty()
    first = (
        ledger["partner_fund"]
        .filter(ledger["partner_fund"]["name"] == "Example Partners I")
        .row(0, named=True)
    )
    said = text(open_page("funds", lang="en", fund=first["partner_fund_id"]))
    assert "They are not dated flows and enter no call, distribution, DPI or IRR." in said
    assert "2017Q2 Quarterly 10,000 9,050 4,000 7,525 USD" in said, "ten thousands of dollars, as reported"
    summary = funds_report(ledger).funds.filter(partner_fund_id=first["partner_fund_id"]).row(0, named=True)
    assert (summary["paid_in"], summary["committed_size"]) == (None, None), (
        "what was reported is no flow and no size"
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("a/b", "版式档案 a/b 中“name”的值", id="no name for a file"),
        pytest.param("../x", "“name”的值", id="elsewhere"),
    ],
)
def test_a_name_that_cannot_be_is_one_sentence(data, tmp_path, name, words):
    at = upload(open_page("load", lang="zh"), [written(tmp_path / "基金_20170930.xlsx", VENDOR_FUNDS)])
    widget(at.text_input, "_sender").set_value("示例数据库").run()
    widget(at.selectbox, "_constant_kind").set_value("创投").run()
    widget(at.text_input, "_name").set_value(name).run()
    press(at, "_save")
    assert words in at.error[0].value
    assert not (data / "profiles").exists()


def test_a_file_that_only_lacks_its_sender_is_asked_only_that(data, tmp_path):
    rows = [["机构编码", "名称"], ["VC-1", "示例甲资本"], ["VC-2", "示例乙资本"]]
    at = upload(open_page("load", lang="zh"), [written(tmp_path / "a.xlsx", rows, "合作创投机构")])
    assert not [each for each in at.selectbox if each.key and each.key.endswith("_field")]
    widget(at.text_input, "_sender").set_value("示例公司").run()
    at.date_input[0].set_value(date(2017, 9, 30)).run()
    press(at, "_save")
    publish(at, "发布")
    assert Store(data).ledger()["manager"]["name"].to_list() == ["示例甲资本", "示例乙资本"]
    saved = read_profile(next((data / "profiles").glob("*.toml")))
    assert (saved.sender, saved.as_of) == ("示例公司", None), "a date holds for its own file only"
    rows[2][1] = "示例丙资本"
    at = upload(open_page("load", lang="zh"), [written(tmp_path / "b.xlsx", rows, "合作创投机构")])
    assert "请填写截至日期" in text(at)
    assert "请填写报送单位" not in text(at)


def test_a_header_of_two_meanings_waits_and_a_likeness_is_looked_over(data, tmp_path):
    at = upload(open_page("load", lang="zh"), [written(tmp_path / "一览_20170930.xlsx", FUND_LIST)])
    assert widget(at.multiselect, "_tables").value == ["partner_fund", "manager"]
    size = widget(at.selectbox, "_partner_fund_(2, 2)_1_field")
    assert size.value is None, "基金规模 may be 目标规模 or 认缴规模"
    assert "表头“基金规模”可能指几个字段，请选定一个，或选“不导入”。" in text(at)
    size.set_value("committed_size").run()
    widget(at.text_input, "_sender").set_value("示例公司").run()
    legal = widget(at.selectbox, "_partner_fund_(2, 2)_4_field")
    assert legal.value == "legal_form"
    assert "组织形式（相似度 " in legal.options[1]
    assert widget(at.button, "_save").disabled, "a likeness is not taken by itself"
    widget(at.selectbox, "_partner_fund_(2, 2)_3_field").set_value("district").run()
    assert widget(at.selectbox, "_partner_fund_(2, 2)_3_part").value == 4
    (sure,) = [each for each in at.checkbox if "_sure_" in (each.key or "")]
    assert "组织形式类别" in sure.label
    sure.check().run()
    press(at, "_save")
    publish(at, "发布")
    rows = Store(data).ledger()["partner_fund"].sort("name")
    assert rows.select("name", "committed_size", "district", "legal_form", "currency").rows() == [
        ("示例乙基金", 20_000_000, "滨江区", "公司", "CNY"),
        ("示例甲基金", 10_000_000, "西湖区", "有限合伙", "CNY"),
    ]
    assert Store(data).ledger()["manager"]["name"].to_list() == ["示例资本"]


LIST = [["基金编码", "出资人名称", "性质", "认缴变动（万元）"], ["PF-1", "示例甲", "社会资本", 100]]


def with_hidden_column(path, rows, name):
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
        page.set_column(2, 2, None, None, {"hidden": True})
    return path


@pytest.mark.parametrize(
    ("make", "rows", "asked"),
    [
        pytest.param(written, LIST, {"_snapshot"}, id="a list without dates"),
        pytest.param(
            with_hidden_column,
            [[*LIST[0], "生效日期"], [*LIST[1], "2017-06-30"]],
            {"_hidden"},
            id="dated, a column hidden",
        ),
        pytest.param(with_hidden_column, LIST, {"_snapshot", "_hidden"}, id="both"),
    ],
)
def test_what_holds_for_every_file_of_a_layout_is_asked_where_there_is_cause(
    data, tmp_path, make, rows, asked
):
    at = upload(open_page("load", lang="zh"), [make(tmp_path / "a_20170930.xlsx", rows, "出资人")])
    boxes = {
        ending: box
        for box in at.checkbox
        for ending in ("_snapshot", "_hidden")
        if (box.key or "").endswith(ending)
    }
    assert boxes.keys() == asked
    assert not any(box.value for box in boxes.values())
    for box in boxes.values():
        box.check()
    widget(at.text_input, "_sender").set_value("示例公司").run()
    press(at, "_save")
    saved = read_profile(next((data / "profiles").glob("*.toml")))
    assert (saved.snapshot, saved.include_hidden) == ("_snapshot" in asked, "_hidden" in asked)

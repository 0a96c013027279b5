"""A file of a new layout, as a new user meets it: upload, the mapping page, publish; the next file of it goes straight through."""

import re

import pytest
from foreign import HOLDINGS, VENDOR_FUNDS, written
from playwright.sync_api import Error, expect

from browser.serving import opened, serving
from fundtrack.store.editions import Store

pytestmark = pytest.mark.browser


def idle(page):
    """Until the page has run."""
    page.wait_for_timeout(500)
    expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0)


def choose(page, key, option, tries=4):
    """Choose an option of the one selectbox whose key ends so; as a person does, again where the page was drawn anew under the hand."""
    for left in reversed(range(tries)):
        idle(page)
        box = page.locator(f'[class*="st-key-map_"][class*="{key}"] .react-aria-ComboBox').first
        try:
            box.scroll_into_view_if_needed(timeout=15_000)
            box.locator("button").last.click(timeout=15_000)
            page.get_by_role("option", name=option, exact=True).click(timeout=15_000)
            break
        except Error:
            if not left:
                raise
    idle(page)


def send(page, path):
    page.locator('input[type="file"]').set_input_files(str(path))


def test_a_vendors_list_in_chinese_and_then_in_english_without_a_question(browser, tmp_path):
    with serving(tmp_path) as (data, address):
        page = opened(browser, address + "/load", "zh")
        send(page, written(tmp_path / "政府引导基金_20171130.xlsx", VENDOR_FUNDS))
        expect(page.get_by_role("heading", name="新版式：请说明每张表、每一列是什么")).to_be_visible()
        save = page.get_by_role("button", name="保存并重新检查")
        expect(save).to_be_disabled()
        expect(page.get_by_text("“类型”必填")).to_be_visible()
        page.get_by_label("报送单位（文件里没有写）").fill("示例数据库")
        page.get_by_label("报送单位（文件里没有写）").press("Enter")
        choose(page, "_constant_kind", "创投")
        choose(page, "_2_field", "备注")
        expect(page.get_by_label("按“|”分段，取")).to_have_value("第 4 段，如“西湖区”")
        expect(page.get_by_text("需要回答的都已回答")).to_be_visible()
        save.click()
        expect(page.get_by_text("按版式档案“示例数据库-政府引导基金”读入")).to_be_visible()
        expect(page.get_by_role("heading", name=re.compile("新版式"))).to_have_count(0)
        page.get_by_role("button", name="发布", exact=True).click()
        expect(page.get_by_text("已发布：数据版本第2版").first).to_be_visible()
        rows = (
            Store(data)
            .ledger()["guidance_fund"]
            .filter(Store(data).ledger()["guidance_fund"]["note"] == "西湖区")
        )
        assert rows.select("name", "planned_size", "kind").rows() == [
            ("示例省引导基金", 5_000_000_000, "venture")
        ]

        later = [row[:] for row in VENDOR_FUNDS]
        later[-1][1] = "示例新设引导基金"
        page = opened(browser, address + "/load", "en")
        send(page, written(tmp_path / "政府引导基金_20171231.xlsx", later))
        expect(page.get_by_text("read by the profile “示例数据库-政府引导基金”")).to_be_visible()
        expect(page.get_by_role("heading", name=re.compile("A new layout"))).to_have_count(0)
        page.get_by_role("button", name="Publish", exact=True).click()
        expect(page.get_by_text(re.compile("edition 3", re.IGNORECASE)).first).to_be_visible()
        assert "示例新设引导基金" in Store(data).ledger()["guidance_fund"]["name"].to_list()


def reported(data):
    """What was reported in dollars."""
    reports = Store(data).ledger()["fund_report"]
    return reports.filter(reports["currency"] == "USD")


def test_a_pension_plans_list_in_english(browser, tmp_path):
    with serving(tmp_path) as (data, address):
        page = opened(browser, address + "/load", "en")
        send(page, written(tmp_path / "holdings.xlsx", HOLDINGS, "Holdings 2017"))
        expect(
            page.get_by_role("heading", name="A new layout: say what each sheet and column is")
        ).to_be_visible()
        page.get_by_label("Sender (the file does not say)").fill("Example Pension Plan")
        page.get_by_label("Sender (the file does not say)").press("Enter")
        choose(page, "_fund_report_constant_kind", "Quarterly")
        expect(page.get_by_text("Everything needed is answered")).to_be_visible()
        page.get_by_role("button", name="Save and check again").click()
        expect(page.get_by_text("read by the profile “Example Pension Plan-holdings”")).to_be_visible()
        page.get_by_role("button", name="Publish", exact=True).click()
        expect(page.get_by_text(re.compile("edition 2", re.IGNORECASE)).first).to_be_visible()
        assert sorted(reported(data)["net_assets"].to_list()) == [4_500_000, 31_000_000, 75_250_000]
        later = [row[:] for row in HOLDINGS]
        later[1][0] = "As of September 30, 2017"
        later[3][6], later[6][6] = 80, 115.5
        page.reload()
        send(page, written(tmp_path / "holdings-2.xlsx", later, "Holdings 2017"))
        expect(page.get_by_role("heading", name=re.compile("A new layout"))).to_have_count(0)
        page.get_by_role("button", name="Publish", exact=True).click()
        expect(page.get_by_text(re.compile("edition 3", re.IGNORECASE)).first).to_be_visible()
        assert sorted(reported(data)["period"].unique()) == ["2017Q2", "2017Q3"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_nothing_is_cut(browser, tmp_path, lang):
    with serving(tmp_path) as (_, address):
        page = opened(browser, address + "/load", lang, 390, 844)
        send(page, written(tmp_path / "政府引导基金_20171130.xlsx", VENDOR_FUNDS))
        expect(page.locator("h2").first).to_be_visible()
        expect(page.locator('[class*="_save"] button')).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

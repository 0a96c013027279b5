"""What was chosen stays: a page's own filters over the menu, and everything when the server goes away and comes back."""

import re

import pytest
from playwright.sync_api import expect
from small_portfolio import write_portfolio
from ui_pages import publish

from browser.serving import chosen, dashboard, free_port, opened, settled

pytestmark = pytest.mark.browser


def test_a_pages_own_filters_stand_again_after_the_menu(shared, browser):
    _, address = shared
    page = opened(browser, f"{address}/funds?lang=zh&q=甲&order=paid_in", "zh")
    settled(page)
    rows = page.locator(".grid tbody tr").all_inner_texts()
    assert rows and all("甲" in row for row in rows)
    chosen(page, "基金与收益", "参股")
    expect(page).to_have_url(re.compile("/participations"))
    settled(page)
    assert "q=" not in page.url, "a filter of one page is none of another"
    chosen(page, "基金与收益", "合作基金")
    expect(page).to_have_url(re.compile("/funds"))
    settled(page)
    assert "q=" in page.url and "order=paid_in" in page.url
    assert page.locator(".grid tbody tr").all_inner_texts() == rows
    expect(page.locator(".st-key-w_q input")).to_have_value("甲")
    page.locator(".grid td a[href*='fund=']").first.click()  # one fund, in an address of its own
    settled(page)
    chosen(page, "基金与收益", "参股")
    expect(page).to_have_url(re.compile("/participations"))
    settled(page)
    chosen(page, "基金与收益", "合作基金")
    expect(page).to_have_url(re.compile("/funds"))
    settled(page)
    assert "fund=" not in page.url, "the menu leads to the list"
    page.context.close()


def test_a_number_takes_the_filters_along_by_key_and_by_pointer(shared, browser):
    _, address = shared
    page = opened(browser, f"{address}/returns?lang=zh&guidance=GF000001&unit=CNY", "zh")
    settled(page)
    first, second = page.locator("a.tr").nth(0), page.locator("a.tr").nth(1)
    first.focus()
    expect(first).to_have_attribute("href", re.compile(r"trace\?.*guidance=GF000001&unit=CNY$"))
    assert "guidance" not in second.get_attribute("href"), "nobody is about to follow it"
    second.click()
    expect(page).to_have_url(re.compile(r"/trace\?.*guidance=GF000001"))
    settled(page)
    chosen(page, "基金与收益", "收益")
    expect(page).to_have_url(re.compile(r"/returns\?.*guidance=GF000001"))
    page.context.close()


def test_a_part_that_runs_alone_tells_the_link_at_the_foot_what_was_chosen(shared, browser):
    _, address = shared
    page = opened(browser, f"{address}/funds?lang=zh", "zh")
    settled(page)
    fixed = page.locator("a", has_text="本页固定链接")
    assert "order=" not in fixed.get_attribute("href")
    page.locator(".st-key-w_order button").last.click()
    page.get_by_role("option").last.click()
    expect(fixed).to_have_attribute("href", re.compile(r"order=guidance_committed.*edition=1"))
    assert page.locator(".stException, [data-testid=stAlertContentError]").count() == 0
    page.context.close()


@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_browser_is_told_the_language(shared, browser, lang, tag):
    _, address = shared
    page = opened(browser, f"{address}/guide?lang={lang}", "zh")
    settled(page)
    expect(page.locator("html")).to_have_attribute("lang", tag)
    other = {"zh": "English", "en": "中文"}[lang]
    page.get_by_text(other, exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", {"zh": "en", "en": "zh-CN"}[lang])
    page.context.close()


def test_a_page_comes_back_with_all_that_was_chosen_when_the_server_does(browser, tmp_path):
    data, port = tmp_path / "data", free_port()
    publish(data, write_portfolio(tmp_path / "first.xlsx"))
    with dashboard(data, tmp_path, port=port) as address:
        page = opened(browser, f"{address}/returns?lang=zh&unit=CNY&as_of=2017-06-30&edition=1", "zh")
        settled(page)
        said, url = page.locator(".facts dd").all_inner_texts(), page.url
        page.evaluate("() => { window.stayed = true; }")
    held = page.locator("[data-testid=stApp]")
    expect(held).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    with dashboard(data, tmp_path, port=port):
        expect(held).to_have_attribute("data-test-connection-state", "CONNECTED")
        settled(page)
        assert page.evaluate("window.stayed"), "the page was not loaded anew: its connection came back"
        assert page.url == url
        assert page.locator(".facts dd").all_inner_texts() == said
        page.locator("a", has_text="本页固定链接").wait_for()
        page.get_by_text("English", exact=True).click()  # the first click begins a session, and is heeded
        expect(page.locator("h1")).to_have_text("Returns")
        assert "as_of=2017-06-30" in page.url and "unit=CNY" in page.url
    page.context.close()

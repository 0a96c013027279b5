"""The dashboard in Chromium: both languages, true numbers, a workbook uploaded and published, a number that moves."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from small_portfolio import FIFTH_FUND, write_portfolio

from browser.serving import chosen, opened, serving
from fundtrack.reports.progress import progress_report
from fundtrack.store.editions import Store

pytestmark = pytest.mark.browser

FOUR = ("new_managers", "partner_funds", "fund_scale", "cross_border")


def figure(page: Page, code: str):
    return page.locator(f'[data-code="{code}"] .main')


def cards(data: Path, lang):
    report = progress_report(Store(data).ledger())
    return {card.code: card for card in report.cards(lang) if card.code in FOUR}


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        pytest.param("zh", "杭州市创投类引导基金 · 2017年目标推进情况", id="zh"),
        pytest.param("en", "Hangzhou guidance funds · 2017 targets", id="en"),
    ],
)
def test_the_locale_decides_and_the_cards_are_true_and_fit_the_screen(browser, shared, lang, title):
    data, address = shared
    asked = []
    page = opened(browser, address, lang)
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(page.locator("h1")).to_have_text(title)
    for code, card in cards(data, lang).items():
        expect(figure(page, code)).to_have_text(card.figure)
        expect(page.locator(f'[data-code="{code}"] .status')).to_have_text(f"{card.mark}{card.status}")
    bottom = max(
        page.locator(".card").nth(n).bounding_box()["y"]
        + page.locator(".card").nth(n).bounding_box()["height"]
        for n in range(4)
    )
    assert bottom <= 900, "the four cards are seen without scrolling"
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    panels = page.locator(".st-key-panels").bounding_box()
    assert panels["y"] + panels["height"] <= 900, "nor is anything else of the first screen below it"
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_needs_no_sideways_scrolling(browser, shared, lang):
    _, address = shared
    for path in ("", "/funds", "/funds?fund=PF000001", "/returns", "/companies", "/load", "/about"):
        page = opened(browser, address + path, lang, 390, 844)
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("[data-testid=stStatusWidget]")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        expect(page.locator(".stException, .stAlert")).to_have_count(0)
        page.context.close()


def test_the_language_switch_and_what_goes_along(browser, shared):
    _, address = shared
    page = opened(browser, address, "en")
    expect(page.locator("h1")).to_have_text("Hangzhou guidance funds · 2017 targets")
    page.get_by_text("中文", exact=True).click()
    expect(page.locator("h1")).to_have_text("杭州市创投类引导基金 · 2017年目标推进情况")
    expect(page).to_have_url(re.compile("lang=zh"))
    chosen(page, "基金与收益", "合作基金")
    expect(page.locator("h1")).to_have_text("合作基金")
    expect(page).to_have_url(re.compile("lang=zh"))


def test_a_workbook_uploaded_and_published_moves_a_number(browser, tmp_path):
    with serving(tmp_path) as (data, address):
        page = opened(browser, address, "en")
        expect(figure(page, "fund_scale")).to_have_text("¥350 m")
        chosen(page, "Data", "Load")
        workbook = write_portfolio(tmp_path / "fifth.xlsx", FIFTH_FUND, "2017-11-30")
        page.locator('input[type="file"]').set_input_files(str(workbook))
        expect(page.get_by_text("No problems found.")).to_be_visible()
        row = page.locator("tr", has_text="Committed scale of partner funds")
        expect(row).to_contain_text("¥350 m")
        expect(row).to_contain_text("¥500 m")
        assert Store(data).newest() == 1
        page.get_by_role("button", name="Publish", exact=True).click()
        expect(page.get_by_text(re.compile("edition 2", re.IGNORECASE)).first).to_be_visible()
        page.get_by_role("link", name="Overview", exact=True).click()
        expect(figure(page, "fund_scale")).to_have_text("¥500 m")
        expect(figure(page, "partner_funds")).to_have_text("4 funds")
        expect(figure(page, "new_managers")).to_have_text("2 managers")
        assert Store(data).newest() == 2

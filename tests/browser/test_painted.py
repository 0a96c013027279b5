"""A visit's first chart waits for the numbers above it: the browser says once that it has painted them, before any chart is there."""

import pytest
from playwright.sync_api import expect

from browser.serving import LOCALES, PATIENCE, dashboard, settled

pytestmark = pytest.mark.browser

NOTE = """
window.said = [];
const plain = window.fetch;
window.fetch = (address, ...more) => {
  if (String(address).startsWith('painted'))
    window.said.push([document.querySelectorAll('.card .main').length, document.querySelectorAll('.js-plotly-plot').length]);
  return plain(address, ...more);
};
"""


def test_the_cards_are_painted_before_any_chart_is_sent(browser, shared, tmp_path):
    data, _ = shared
    answers = []
    with dashboard(data, tmp_path, script="serve.py") as address:
        page = browser.new_page(locale=LOCALES["zh"])
        page.set_default_timeout(PATIENCE)
        page.add_init_script(NOTE)
        page.on("response", lambda one: answers.append(one.status) if "/painted" in one.url else None)
        page.goto(f"{address}/?lang=zh")
        settled(page)
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
        assert page.evaluate("window.said") == [[4, 0]]
        page.get_by_text("English", exact=True).click()  # another run of the same visit waits no more
        expect(page.locator("h1")).to_have_text("Hangzhou guidance funds · 2017 targets")
        settled(page)
        assert page.evaluate("window.said.length") == 1
        assert answers == [204]
        page.close()

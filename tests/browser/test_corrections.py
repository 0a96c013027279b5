"""One value put right in Chromium: found, typed over in the editor, its change seen, published with a reason, listed."""

import pytest
from playwright.sync_api import expect

from browser.serving import opened, serving
from fundtrack.store.editions import Store

pytestmark = pytest.mark.browser

RIGHTS = 11
"""Steps from a fund's code to its committed size in the editor."""


def test_a_value_is_corrected_on_the_page(browser, tmp_path):
    with serving(tmp_path) as (data, address):
        page = opened(browser, f"{address}/corrections?q=PF000001", "zh")
        editor = page.locator('[data-testid="stDataFrame"]')
        expect(editor).to_be_visible()
        page.wait_for_timeout(1_000)  # the grid draws itself on a canvas
        editor.click(position={"x": 20, "y": 52})  # the first row's code
        for _ in range(RIGHTS):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        cell = page.locator(".gdg-input")
        expect(cell).to_have_value("100,000,000.00")
        cell.fill("1.2亿")
        page.keyboard.press("Enter")
        changes = page.locator('[aria-label="将作的更正"]')
        expect(changes).to_contain_text("认缴规模")
        expect(changes).to_contain_text("100,000,000.00")
        expect(changes).to_contain_text("120,000,000.00")
        expect(page.get_by_text("会改动以往各期的数字")).to_be_visible()
        page.get_by_label("更正原因（必填）").fill("合伙协议为1.2亿元")
        page.get_by_role("button", name="发布更正").click()
        expect(page.get_by_text("更正已入库")).to_be_visible()
        expect(page.locator('[aria-label="更正与冲销记录"]')).to_contain_text("合伙协议为1.2亿元")
        ledger = Store(data).ledger()
        sizes = dict(ledger["partner_fund"].select("partner_fund_id", "committed_size").iter_rows())
        assert sizes["PF000001"] == 120_000_000
        assert ledger.batches()["kind"].to_list()[-1] == "correction"

"""Every page in both languages, wide and on a phone: no error, nothing cut, nothing foreign, nothing out of reach; one browser, one server."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from browser.looking import CUT, DRAWN, NOT_OURS, WORDS, own_words, untranslated, violations
from browser.serving import LOCALES, chosen, settled, still
from fundtrack.ui.frame import NAMES

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def addresses(store):
    """Every page, and one of each kind of thing that a page shows alone."""
    ledger = store.ledger()
    fund = ledger["partner_fund"]["partner_fund_id"].sort()[0]
    alone = [("funds", {"fund": fund}), ("findings", {"fund": fund}), ("trace", {"figure": "fund_scale"}), ("overview", {"as_of": "2016-12-31"})]  # fmt: skip
    return [*((name, {}) for name in NAMES), *alone]


def walk(browser, address, lang, places, data):
    """What is wrong with each page; pages without fault are not in it."""
    context = browser.new_context(locale=LOCALES[lang], viewport=WIDE)
    page = context.new_page()
    said = []
    page.on("console", lambda told: said.append(told.text) if told.type == "error" and not NOT_OURS.search(told.location.get("url", "")) else None)  # fmt: skip
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", lambda got: said.append(f"{got.status} {got.url}") if got.status >= 400 and not NOT_OURS.search(got.url) else None)  # fmt: skip
    own, wrong = own_words(), {}
    for name, query in places:
        said.clear()
        page.set_viewport_size(WIDE)
        page.goto(f"{address}/{name}?{urlencode({'lang': lang, **query})}")
        settled(page)
        found = [f"wide {each}" for each in page.evaluate(CUT)]
        found += [f"error shown: {text[:120]}" for text in page.locator(".stException, [data-testid=stAlertContentError]").all_inner_texts()]  # fmt: skip
        found += [
            f"untranslated: {text[:120]}" for text in untranslated(page.evaluate(WORDS), lang, own, data)
        ]
        found += [f"axe: {each}" for each in violations(page)]
        for summary in page.locator("summary").all():  # what is folded is looked at too
            summary.evaluate("one => one.parentElement.open = true")
        page.set_viewport_size(NARROW)
        page.wait_for_function(DRAWN, timeout=30_000)
        still(page)
        found += [f"narrow {each}" for each in page.evaluate(CUT)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"narrow: scrolls sideways, {wide} px"] if wide > NARROW["width"] else []
        found += [f"narrow axe: {each}" for each in violations(page)]
        found += said
        if found:
            wrong[f"{name} {query or ''}".strip()] = found
    context.close()
    return wrong


def texts_of(store):
    """Whatever text the ledger holds, and what senders call their sheets: shown as it came, in any language."""
    ledger = store.ledger()
    with store.connect() as con:
        found = {sheet for [sheet] in con.sql("SELECT DISTINCT sheet FROM batch_column").fetchall() if sheet}
    for table in ledger:
        frame = ledger[table]
        for column, kind in frame.schema.items():
            if str(kind) == "String":
                found.update(text for text in frame[column].unique().to_list() if text)
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_wrong_with_any_page(served, browser, lang):
    store, address = served
    assert walk(browser, address, lang, addresses(store), texts_of(store)) == {}


def test_what_is_chosen_survives_the_menu_and_a_shared_link_shows_the_same(served, browser):
    store, address = served
    page = browser.new_page(viewport=WIDE, locale=LOCALES["zh"])
    page.set_default_timeout(90_000)
    guide = store.ledger()["guidance_fund"]["guidance_fund_id"].sort()[1]
    page.goto(f"{address}/returns?lang=zh&guidance={guide}&unit=CNY&as_of=2016-12-31")
    settled(page)
    first = page.locator(".facts dd").all_inner_texts()
    fixed = page.locator("a", has_text="本页固定链接").get_attribute("href")
    assert re.search(r"edition=\d+", fixed) and f"guidance={guide}" in fixed and "as_of=2016-12-31" in fixed
    chosen(page, "基金与收益", "合作基金")
    expect(page).to_have_url(re.compile(rf"funds\?.*guidance={guide}"))
    expect(page).to_have_url(re.compile(r"as_of=2016-12-31"))
    other = browser.new_page(
        viewport=WIDE, locale=LOCALES["en"]
    )  # another reader, another browser's language
    other.goto(f"{address}/returns{fixed}")
    settled(other)
    assert other.locator(".facts dd").all_inner_texts() == first
    page.close()
    other.close()


def test_questions_are_answered_in_three_clicks(served, browser):
    """Which funds breach a rule? What is a fund's TVPI, and which cells does it come from? What makes the scale target green?"""
    store, address = served
    page = browser.new_page(viewport=WIDE, locale=LOCALES["zh"])
    page.set_default_timeout(90_000)

    def begin():
        page.goto(f"{address}/?lang=zh")
        settled(page)

    begin()
    page.locator("a[href^='findings']").first.click()  # 1
    settled(page)
    fund = page.locator("td a[href*='fund=']").first.inner_text()
    assert fund in set(store.ledger()["partner_fund"]["name"])

    begin()
    page.locator("h3 a[href^='funds']").first.click()  # 1
    settled(page)
    page.locator("td a[href*='fund=']").first.click()  # 2
    settled(page)
    tvpi = page.locator("td a[data-trace^='tvpi|']").first
    shown = tvpi.inner_text()
    tvpi.click()  # 3
    page.wait_for_selector(".grid td a")
    numbers = re.findall(r"\d+\.\d+", page.inner_text(".facts"))
    assert f"{float(shown.rstrip('×')):.2f}" in {f"{float(number):.2f}" for number in numbers}
    assert re.search(r"\.xlsx", page.inner_text(".stMain")) and re.search(
        r"\b[A-Z]{1,2}\d+\b", page.inner_text(".stMain")
    )

    begin()
    page.locator("a[href^='forecast']").first.click()  # 1
    settled(page)
    said = page.inner_text(".stMain")
    assert "补上缺口需要什么" in said
    assert re.search(r"缺.*亿元|缺.*万元|尚缺|还差", said)
    page.close()

"""Papers from the dashboard: the buttons give the files, a printed page is whole and has nothing on it that only a screen can use."""

import io
import re
import unicodedata

import docx
import openpyxl
import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from browser.serving import LOCALES, PATIENCE, settled, still
from fundtrack.reports.imprint import imprint
from fundtrack.store.editions import Store
from fundtrack.text.say import LANGS, say

pytestmark = pytest.mark.browser
CHARTED = (("overview", 1), ("returns", 0))
"""Pages, and how many charts at least stand on each with the small portfolio."""
OVER = """() => [...document.querySelectorAll('table.grid, .js-plotly-plot, .cards, .context')]
    .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(one => one.innerText.slice(0, 40))"""


def bare(text):
    """Letters without spaces, and without the forms that a browser's PDF gives them (⽬ for 目, ﬀ for ff)."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def at(browser, address, lang, width=1440):
    page = browser.new_page(
        viewport={"width": width, "height": 900}, locale=LOCALES[lang], accept_downloads=True
    )
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    settled(page)  # a button that moves under the click is another
    return page


@pytest.mark.parametrize("lang", LANGS)
def test_the_buttons_give_the_papers(shared, browser, lang):
    data, address = shared
    page = at(browser, f"{address}/papers?lang={lang}", lang)
    expect(page.locator(".ft h1").first).to_have_text(say("page.papers", lang))
    got = {}
    for kind in ("PDF", "DOCX", "XLSX"):
        with page.expect_download() as download:
            page.get_by_role("button", name=say("papers.download", lang, kind=kind)).first.click()
        got[kind] = download.value
    names = [got[kind].suggested_filename for kind in ("PDF", "DOCX", "XLSX")]
    assert [name.rsplit(".", 1)[1] for name in names] == ["pdf", "docx", "xlsx"]
    assert all(say("papers.file_edition", lang, edition=1) in name for name in names)
    content = {kind: one.path().read_bytes() for kind, one in got.items()}
    source = imprint(Store(data).ledger())
    pdf = PdfReader(io.BytesIO(content["PDF"]))
    assert len(pdf.pages) == 1
    assert source.head_hash[:8] in pdf.pages[0].extract_text()
    assert say("briefing.title", lang) in docx.Document(io.BytesIO(content["DOCX"])).paragraphs[0].text
    assert say("book.front", lang) in openpyxl.load_workbook(io.BytesIO(content["XLSX"])).sheetnames
    page.close()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("name", "charts"), CHARTED)
def test_a_printed_page_is_whole_and_bare(shared, browser, lang, name, charts):
    data, address = shared
    page = at(browser, f"{address}/{name}?lang={lang}", lang)
    drawn = page.locator(".js-plotly-plot .main-svg")
    if charts:
        expect(drawn.first).to_be_visible()
    page.emulate_media(media="print")
    for gone in ("header", ".st-key-bar", ".stDownloadButton", ".stSelectbox"):
        for one in page.locator(gone).all():
            expect(one).to_be_hidden()
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    width, height = (float(side) for side in paper.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (842, 595)  # A4 across
    text = bare("".join(sheet.extract_text() for sheet in paper.pages))
    source = imprint(Store(data).ledger())
    assert source.head_hash in text
    assert bare(source.dates(lang)) in text
    assert bare(page.locator(".ft h1").first.inner_text()) in text
    for word in ("papers.download", "page.corrections", "ui.fixed_help"):
        assert bare(say(word, lang, kind="PDF")) not in text
    # laid out as wide as the paper, nothing stands beyond its edge
    page.set_viewport_size({"width": round((297 - 16) / 25.4 * 96), "height": 900})
    still(page)
    assert page.evaluate(OVER) == []
    page.close()

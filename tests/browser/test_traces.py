"""Every number on every page leads to its trace, and the trace to the number: all pages walked in Chromium."""

import functools
from datetime import date

import pytest
from shown_number import shown_as

from browser.serving import LOCALES, serving
from fundtrack.metrics.lineage.figure import recomputed, same
from fundtrack.reports import plan_trace
from fundtrack.reports.findings import findings_report
from fundtrack.reports.plan import plan_report
from fundtrack.reports.trace import trace_report
from fundtrack.store.editions import Store
from fundtrack.ui.frame import NAMES

pytestmark = pytest.mark.browser

WITHOUT_FIGURES = {
    "load": "counts of rows and problems of files, not of the ledger",
    "corrections": "single values beside the cells they replace, with their batches",
    "inbox": "counts of reports, each listed below with its file and batch",
    "about": "lists of editions, batches and policies",
    "dictionary": "definitions, and the data dictionary",
    "guide": "first steps, definitions, rules and problem codes",
    "review": "proposals with rows and problems of their files, not of the ledger",
    "access": "who looked, loaded and exported: lines of the access log",
    "trace": "is itself the trace",
    "changes": "differences of two editions, each with its batch, file and cell",
    "province": "figures of other cities' editions, not of this ledger: each leads to its cities' parts, in tests of its own",
}
"""Pages that show no figure of the ledger, each with why; every other page of the dashboard is walked."""

NUMBERS = """
() => {
  const spots = '.grid td.num, .facts dd, .main, .lead, .says, .foot, .ratios, .card .target, .foretold, .bullet, .ft h3';
  const words = / *(\\d{4}-\\d{2}(-\\d{2})?|\\d{4}年(\\d{1,2}月)?(\\d{1,2}日)?|\\d{1,2} [A-Z][a-z]{2,8} \\d{4}|\\b(19|20)\\d{2}\\b|[A-Z]{1,6}-?\\d[\\w-]*|\\d[0-9A-HJ-Z]{14,17})/g;
  const found = [];
  for (const spot of document.querySelectorAll(spots)) {
    const walker = document.createTreeWalker(spot, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const bare = node.textContent.replace(words, ' ');
      if (!/\\d/.test(bare)) continue;
      if (node.parentElement.closest('.name')) continue;
      const traced = node.parentElement.closest('[data-trace]');
      if (!traced && (node.parentElement.closest('a[href]') || bare.trim() === '0')) continue; // leads to the list it counts, or counts none
      found.push({text: node.textContent.trim(), trace: traced && traced.dataset.trace,
                  about: !!traced && (traced.classList.contains('about') || traced.classList.contains('bullet')),
                  href: traced && traced.getAttribute('href')});
    }
  }
  return found;
}
"""
"""Where pages show figures: cells of number columns, facts, cards, sentences, headings. Not numbers: dates, years, ids, codes, and
what pages mark as a name (of a rule's source, an edition). Labels drawn in a chart are the numbers of the table folded under it, which
is walked. This ledger is too young for a backtest, whose numbers `tests/test_backtest_trace.py` walks."""


def walked(browser, url, lang, page_names):
    """Every number of each page."""
    context = browser.new_context(locale=LOCALES[lang], viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    found = {}
    for name, query in page_names:
        page.goto(f"{url}/{'' if name == 'overview' else name}?lang={lang}{query}")
        page.wait_for_selector(".ft h1", timeout=60_000)
        page.wait_for_selector(".soft a[href^='?']", timeout=60_000)  # the foot is drawn last
        found[name + query] = page.evaluate(NUMBERS)
    context.close()
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_number_stands_without_its_trace_and_every_trace_leads_to_it(shared, browser, lang, monkeypatch):
    data, url = shared
    store = Store(data)
    ledger = store.ledger()
    funds = [("funds", f"&fund={fund}") for fund in ledger["partner_fund"]["partner_fund_id"]]
    names = [(name, "") for name in NAMES if name not in WITHOUT_FIGURES]
    with ledger.held() as known:
        board = findings_report(known).rows.unique("rule_id", keep="first", maintain_order=True)
    one_a_rule = [("findings", f"&finding={name}") for name in board["finding_id"]]
    pages = walked(browser, url, lang, [*names, *funds, *one_a_rule])
    alone = {name: [each["text"] for each in found if not each["trace"]] for name, found in pages.items()}
    assert {name: texts for name, texts in alone.items() if texts} == {}
    distinct = {
        (each["trace"], each["text"], each["about"])
        for found in pages.values()
        for each in found
        if each["trace"]
    }
    assert len(distinct) > 100
    with ledger.held() as known:
        planned = functools.cache(functools.partial(plan_report, known))
        monkeypatch.setattr(
            plan_trace, "plan_report", lambda _, day: planned(day)
        )  # one plan serves its two hundred figures
        for mark, text, about in sorted(distinct):
            figure, of, currency, day = mark.rsplit("|", 3)
            made = trace_report(
                known,
                figure,
                of or None,
                date.fromisoformat(day) if day else None,
                currency or None,
                editions=store,
            ).figure
            assert made.value is None or same(recomputed(made), made.value), mark
            if not about and not isinstance(made.value, (str, bool)) and made.value is not None:
                assert shown_as(text, made.value, share="%" in text or figure == "lead"), (
                    mark,
                    text,
                    made.value,
                )


def test_a_number_opens_its_trace_and_the_trace_its_file(shared, browser):
    _, url = shared
    page = browser.new_page(locale="zh-CN", viewport={"width": 1440, "height": 1000})
    page.goto(f"{url}/?lang=zh")
    page.click('.main a[data-trace="fund_scale|||"]', timeout=60_000)
    page.wait_for_selector(".grid td a", timeout=60_000)
    assert "350,000,000.00 CNY" in page.inner_text(".stMain")
    assert "lang=zh" in page.url
    page.click(".grid td a >> nth=0")
    page.wait_for_selector("table.picture td.at", timeout=60_000)
    assert page.inner_text("table.picture td.at") in {"10000", "20000", "5000"}
    page.close()


def test_what_a_file_holds_is_shown_as_text(tmp_path, browser):
    """Markup in a cell stays text."""
    from small_portfolio import TABLES, write_portfolio

    evil = {
        **TABLES,
        "manager": [
            {**TABLES["manager"][0], "name": "<img src=x onerror=alert(1)>甲"},
            *TABLES["manager"][1:],
        ],
    }
    with serving(tmp_path) as (data, url):
        from ui_pages import publish

        publish(data, write_portfolio(tmp_path / "evil.xlsx", evil))
        page = browser.new_page()
        page.on("dialog", lambda _: pytest.fail("markup ran"))
        page.goto(f"{url}/trace?figure=manager.VC000001.name&open=manager.VC000001.name&lang=en")
        page.wait_for_selector("table.picture td.at", timeout=60_000)
        assert page.inner_text("table.picture td.at") == "<img src=x onerror=alert(1)>甲"
        assert page.query_selector("table.picture img") is None
        page.close()

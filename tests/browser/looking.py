"""What a person would find wrong with a page, asked of the browser: scrolled sideways, cut, overlapping, untranslated, unreachable."""

import re
from importlib.resources import files

from fundtrack.model.rows import COLUMNS
from fundtrack.text.say import pattern, sentences

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")

NOT_OURS = re.compile(r"/_stcore/(health|host-config)$")
"""On a page's own address Streamlit asks these under that address first, gets 404, then asks at the root: streamlit/streamlit#7074."""

CHROME = {
    "Skip to main content", "Upload", "Browse files", "Drag and drop files here", "Press Enter to apply", "Choose options",
    "Select an option", "Choose an option", "No results", "Press Enter to submit form",
}  # fmt: skip
"""Words of Streamlit's own widgets, which it cannot translate: streamlit/streamlit#1353 and #13500."""

SETTLED = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return app && app.dataset.testScriptState !== 'running' && !document.querySelector('[data-stale=true], .stProgress, [data-testid=stSkeleton]');
}"""

DRAWN = """() => [...document.querySelectorAll('.js-plotly-plot')].every(plot =>
  [...plot.querySelectorAll('svg.main-svg')].every(svg => svg.getBoundingClientRect().width <= plot.getBoundingClientRect().width + 2
    && svg.getBoundingClientRect().right <= document.documentElement.clientWidth + 2))"""
"""True once every chart has taken the width that the screen has now."""

STILL = """() => {
  const plots = [...document.querySelectorAll('.js-plotly-plot')].map(one => one.getBoundingClientRect().width + '/' + one.querySelectorAll('svg text').length);
  const root = document.documentElement, now = [root.clientWidth, document.querySelectorAll('*').length, ...plots,
    ...[...document.querySelectorAll('.ft, .stElementContainer')].map(one => Math.round(one.getBoundingClientRect().height))].join();
  const seen = window.lastSeen;
  window.lastSeen = seen && seen.now === now ? {now, times: seen.times + 1} : {now, times: 0};
  return window.lastSeen.times >= 3;
}"""
"""True once a page has looked the same four times in a row: asked every 60 ms, so after a fifth of a second without any move."""

CUT = """() => {
  const name = one => (one.innerText || one.textContent || '').trim().slice(0, 60);
  const wrong = [];
  const width = document.documentElement.clientWidth;
  for (const one of document.querySelectorAll('.ft h1, .ft h2, .ft h3, .ft .main, .ft .status, .ft th, label, .stButton button, .ft .bullet span, summary, [data-testid=stTopNav] p')) {
    if (!one.offsetParent) continue;
    if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflow !== 'visible') wrong.push('cut: ' + name(one));
    const box = one.getBoundingClientRect();
    if (!one.closest('.scroll') && (box.left < -1 || box.right > width + 1)) wrong.push('outside the screen: ' + name(one));
  }
  for (const plot of document.querySelectorAll('.js-plotly-plot')) {
    const frame = plot.getBoundingClientRect();
    const texts = [...plot.querySelectorAll('svg text')].filter(one => one.textContent.trim() && one.getBoundingClientRect().width);
    const boxes = texts.map(one => [one.textContent.trim(), one.getBoundingClientRect()]);
    for (const [text, box] of boxes)
      if (box.left < frame.left - 2 || box.right > frame.right + 2 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2) wrong.push('cut in a chart: ' + text);
    boxes.forEach(([one, a], n) => boxes.slice(n + 1).forEach(([other, b]) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 3 && high > 4) wrong.push(`one over the other in a chart: ${one} / ${other}`);
    }));
  }
  return wrong;
}"""
"""Titles and labels that are cut or leave the screen; words of charts that are cut or lie over each other."""

WORDS = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector('.stApp'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || ['STYLE', 'SCRIPT'].includes(parent.tagName) || parent.closest('code, .empty, span[lang], [data-testid=stIconMaterial], [aria-hidden=true]')) continue;
    found.push(node.textContent.trim());
  }
  for (const one of document.querySelectorAll('.stApp [placeholder], .stApp [aria-label], .stApp [title]'))
    for (const name of ['placeholder', 'title']) if (one.getAttribute(name)) found.push(one.getAttribute(name));
  return [...new Set(found)];
}"""
"""Every text that a page shows, and its tips; not what says of itself in which language it was written."""

_CHINESE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff，、：；（）]{3,}")
_ENGLISH = re.compile(r"[A-Za-z][a-z]+(?: [a-z]{2,}){2,}")
_FILE = re.compile(r"[\w./-]+\.(?:xlsx?|xlsb|csv|ods|jsonl?|toml|zip|pdf|docx|duckdb|sql|py)\b")
_KEY = re.compile(r"\b[a-z_]{3,}\.[a-z_]{3,}(?:\.[a-z_]+)?\b|\{[a-z_]+\}")


def own_words() -> set[str]:
    """The Chinese of our own sentences and titles, in pieces between placeholders; what the data say is theirs."""
    said = {
        piece
        for text in sentences("zh").values()
        for piece in _CHINESE.findall(re.sub(r"\{[^}]*\}", " ", text))
    }
    said |= {column.zh for columns in COLUMNS.values() for column in columns if len(column.zh) > 3}
    english = set(_CHINESE.findall(" ".join(sentences("en").values())))
    return said - english


def untranslated(texts, lang, own, data):
    """Texts of a page that speak the other language, or no language at all.

    Args:
        texts: of the page.
        lang: to be spoken.
        own: our own Chinese.
        data: what the ledger holds, which is shown as it came.
    """
    known = {pattern(text) for text in sentences(lang).values()}
    wrong = [text for text in texts if _KEY.search(_FILE.sub("", text)) and text not in data | known]
    if lang == "en":
        return wrong + [
            text
            for text in texts
            if text not in data and any(piece in own for piece in _CHINESE.findall(text))
        ]
    return wrong + [
        text for text in texts if text not in CHROME and text not in data and _ENGLISH.search(text)
    ]


STREAMLIT = {
    "list": '<ul data-testid="stSidebarNavItems"',
    "listitem": '<li class="st-emotion-cache-',
}
"""What Streamlit's own menu of a narrow screen does: its sections are no list items of its list (streamlit/streamlit#8399); nothing else."""


def violations(page):
    """Serious and critical violations that axe-core finds in what is ours, with where."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    ours = []
    for each in found:
        nodes = [
            node["html"]
            for node in each["nodes"]
            if not node["html"].startswith(STREAMLIT.get(each["id"], "\0"))
        ]
        if each["impact"] in {"serious", "critical"} and nodes:
            ours.append((each["impact"], each["id"], [node[:200] for node in nodes[:3]]))
    return ours

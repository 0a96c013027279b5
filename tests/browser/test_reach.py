"""Reached by everybody: twice as large, by the keyboard alone, and printed without colour."""

import io
from collections import defaultdict

import pytest
from PIL import Image, ImageStat

from browser.looking import CUT
from browser.serving import opened, settled, still

pytestmark = pytest.mark.browser

PAGES = ("overview", "returns", "funds", "findings", "load")

# --- 200 %: a screen of 1440 px enlarged twice is one of 720 CSS px with two dots for each ---


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_twice_as_large_nothing_is_cut_and_nothing_scrolls_sideways(shared, browser, lang):
    _, address = shared
    context = browser.new_context(
        locale={"zh": "zh-CN", "en": "en-GB"}[lang],
        viewport={"width": 720, "height": 450},
        device_scale_factor=2,
    )
    page, wrong = context.new_page(), {}
    for name in PAGES:
        page.goto(f"{address}/{name}?lang={lang}")
        settled(page)
        found = page.evaluate(CUT)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if found or wide > 720:
            wrong[name] = (wide, found)
    context.close()
    assert wrong == {}


# --- by the keyboard ---

FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const ring = [one, ...[0, 1, 2, 3].reduce((up, _) => [...up, up.at(-1)?.parentElement], [one]).filter(Boolean)].some(each => {
    const own = getComputedStyle(each);
    return (own.outlineStyle !== 'none' && parseFloat(own.outlineWidth) > 0) || own.boxShadow !== 'none' || own.borderColor !== window.plain.get(each);
  });
  return {
    tag: one.tagName, text: (one.innerText || one.getAttribute('aria-label') || '').trim().slice(0, 40), trace: one.dataset?.trace || '',
    under: one.closest('[class*=st-key-]')?.className.match(/st-key-(\\S+)/)?.[1] || (one.closest('[data-testid=stTopNav], header') ? 'menu' : ''),
    ring, top: box.top, left: box.left, seen: box.width > 0 && box.height > 0 && style.visibility !== 'hidden',
  };
}"""
"""What has the focus: what it is, where it stands, and whether it can be seen that it has it."""
PLAIN = "() => { window.plain = new Map([...document.querySelectorAll('*')].map(one => [one, getComputedStyle(one).borderColor])); }"


def test_the_keyboard_reaches_menu_bar_and_numbers_in_the_order_of_reading(shared, browser):
    _, address = shared
    page = opened(browser, f"{address}/returns?lang=en", "en")
    settled(page)
    page.evaluate(PLAIN)
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
        if stops[-1]["trace"]:
            break
    places = [stop["under"] for stop in stops]
    order = [
        places.index(name) for name in ("menu", "w_guidance", "w_unit", "w_as_of", "w_edition", "w_lang")
    ]
    assert order == sorted(order), places
    assert stops[-1]["trace"], "the first number comes within sixty steps"
    assert [stop for stop in stops if stop["seen"] and not stop["ring"]] == [], "the focus shows"
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/trace?" in url)
    settled(page)
    assert "figure=" in page.url and "lang=en" in page.url
    page.context.close()


def test_a_choice_is_made_by_the_keyboard_alone(shared, browser):
    _, address = shared
    page = opened(browser, f"{address}/returns?lang=zh", "zh")
    settled(page)
    page.locator(".st-key-w_unit input").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "unit=" in url)
    page.context.close()


# --- without colour ---

STATUSES = """() => [...document.querySelectorAll('.status')].map(one => ({
  kind: [...one.classList].find(name => name !== 'status'), shape: one.querySelector('i').textContent.trim(), word: one.innerText.replace(one.querySelector('i').innerText, '').trim()}))"""
HUES = """() => [...document.querySelectorAll('.js-plotly-plot')].map(plot => plot._fullData.map(one => ({
  type: one.type, fill: [].concat(one.marker?.color ?? []), hatch: [].concat(one.marker?.pattern?.shape ?? ''), dash: one.line?.dash ?? '',
  width: one.line?.width ?? 0, symbol: [].concat(one.marker?.symbol ?? ''), mode: one.mode ?? ''})))"""


def grey(colour):
    """The lightness of #RRGGBB as a grey printer gives it, from 0 to 255."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_without_colour_each_status_has_its_word_and_shape_and_each_series_its_own_look(served, browser):
    _, address = served
    page = opened(browser, f"{address}/overview?lang=zh", "zh")
    shapes, words = defaultdict(set), defaultdict(set)
    for name, query in (
        ("overview", ""),
        ("overview", "&as_of=2016-12-31"),
        ("targets", "&as_of=2017-12-31"),
    ):
        page.goto(f"{address}/{name}?lang=zh{query}")
        settled(page)
        for one in page.evaluate(STATUSES):
            shapes[one["shape"]].add(one["kind"])
            words[one["word"]].add(one["kind"])
    assert len(shapes) >= 2 and all(shapes) and all(words)
    assert [kinds for kinds in (*shapes.values(), *words.values()) if len(kinds) > 1] == [], (
        "one look, one status"
    )
    for name in ("overview", "returns"):
        page.goto(f"{address}/{name}?lang=zh")
        settled(page)
        page.wait_for_selector(".js-plotly-plot .cartesianlayer path", state="attached")
        for series in page.evaluate(HUES):
            looks = [
                (
                    one["type"],
                    tuple(one["hatch"]),
                    one["dash"],
                    tuple(one["symbol"]),
                    one["mode"],
                    round(one["width"], 1),
                )
                if one["type"] != "bar"
                else (
                    "bar",
                    tuple(sorted({*one["hatch"]})),
                    tuple(sorted({round(grey(each) / 40) for each in one["fill"]})),
                )
                for one in series
            ]
            assert len(looks) == len(set(looks)), (name, looks)
    page.context.close()


def test_on_grey_paper_marks_still_stand_off_from_what_is_behind_them(served, browser):
    """The cards' bars, as a grey printer gives them: what stands, what was added, and the track differ by a fifth of the scale."""
    _, address = served
    page = opened(browser, f"{address}/?lang=zh", "zh")
    settled(page)
    page.emulate_media(media="print")
    still(page)
    bullet = page.locator(".card[data-code=fund_scale] .bullet")
    picture = Image.open(io.BytesIO(bullet.screenshot())).convert("L")
    box = bullet.bounding_box()

    def lightness(part):
        spot = bullet.locator(part).bounding_box()
        left, top = spot["x"] - box["x"], spot["y"] - box["y"]
        inside = (left + 2, top + 2, left + spot["width"] - 2, top + spot["height"] - 2)
        return ImageStat.Stat(picture.crop(tuple(int(edge) for edge in inside))).mean[0]

    added = lightness(".bar:not(.old)")
    assert abs(added - lightness(".bar.old")) > 25
    page.context.close()

"""Pages in Chromium beside a bare Streamlit page with as much on it, measured in turns in the same run.

Run as a script: `python tests/bench/bench_page.py [--times 1 100]`. Bounds (issue 7, part 7): the four cards' numbers within 1.5 times, all
charts within 3 times, a rerun after a filter change within 3 times, on the demo and on a portfolio a hundred times its size. Beside them what
the very first reader of a new edition waits, whose reports are not yet computed: no bound, since nothing bare computes anything.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from browser.serving import LOCALES, chromium, dashboard
from playwright.sync_api import Browser, Page
from portfolio import demo, portfolio, write

from fundtrack.store.editions import Store

BARE: Final = Path(__file__).with_name("bare_page.py")
OURS: Final = (
    "() => [...document.querySelectorAll('.card .main')].filter(one => /\\d/.test(one.innerText)).length >= 4"
)
THEIRS: Final = "() => document.querySelectorAll('[data-testid=stMetricValue]').length >= 4"
CHARTS: Final = "n => [...document.querySelectorAll('.js-plotly-plot .cartesianlayer .subplot')].filter(one => one.querySelector('path')).length >= n"
IDLE: Final = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
BOUNDS: Final = {"numbers": 1.5, "charts": 3.0, "rerun": 3.0}


@dataclass(frozen=True)
class Filter:
    """A change of a filter: the page, the option to choose of which box, what changes then, how many charts stand there."""

    page: str
    box: str
    option: str
    changes: str
    charts: int


FILTERS: Final = (
    Filter("returns", "guidance", "杭州示例天使投资引导基金", ".facts", 1),
    Filter("companies", "by", "行业门类", ".ft h3", 1),
    Filter("funds", "status", "投资期", ".scroll", 0),
)


def clock(page: Page, condition: str, argument: object = None) -> float:
    """Milliseconds from the beginning of navigation until a condition holds."""
    page.wait_for_function(condition, arg=argument, timeout=300_000, polling="raf")
    return float(page.evaluate("performance.now()"))


def visit(browser: Browser, address: str, numbers: str, charts: int) -> dict[str, float]:
    """One visit in a window of its own: when the numbers stand there, when the charts do."""
    page = browser.new_page(locale=LOCALES["zh"], viewport={"width": 1440, "height": 900})
    page.goto(address, wait_until="commit")
    found = {"numbers": clock(page, numbers), "charts": clock(page, CHARTS, charts)}
    page.close()
    return found


CHANGED: Final = f"""before => window.clicked && {IDLE} && [...document.querySelectorAll(before.where)].map(one => one.textContent).join() !== before.text
    && performance.now()"""


def rerun(page: Page, choose: Callable[[], None], where: str) -> float:
    """Milliseconds from the click on an option until what it changes has changed and the script has ended."""
    text = page.evaluate(
        "where => [...document.querySelectorAll(where)].map(one => one.textContent).join()", where
    )
    page.evaluate(
        "() => { window.clicked = 0; document.addEventListener('click', () => { window.clicked = performance.now(); }, {capture: true}); }"
    )
    choose()
    ended = page.wait_for_function(
        CHANGED, arg={"where": where, "text": text}, timeout=300_000, polling="raf"
    ).json_value()
    return float(ended) - float(page.evaluate("window.clicked"))


def option(page: Page, box: str, name: str | None) -> Callable[[], None]:
    """Choose an option of a box; by default the other of two."""

    def choose() -> None:
        held = page.locator(f".st-key-w_{box}")
        held.scroll_into_view_if_needed()
        held.locator("button").last.click()
        wanted = page.get_by_role("option")
        (wanted.filter(has_text=name).first if name else wanted.nth(1)).click()

    return choose


def reruns(browser: Browser, address: str, bare: str, each: Filter) -> tuple[float, float]:
    """Milliseconds of a rerun of ours, and of a bare page with as many charts."""
    found = []
    for url, box, name, where, charts in (
        (f"{address}/{each.page}?lang=zh", each.box, each.option, each.changes, each.charts),
        (f"{bare}/?charts={each.charts}", "filter", None, "[data-testid=stMetricValue]", each.charts),
    ):
        page = browser.new_page(locale=LOCALES["zh"], viewport={"width": 1440, "height": 900})
        page.set_default_timeout(300_000)
        page.goto(url)
        page.wait_for_function(f"() => {IDLE}", timeout=300_000)
        page.wait_for_function(CHARTS, arg=charts, timeout=300_000)
        page.wait_for_timeout(500)
        found.append(rerun(page, option(page, box, name), where))
        page.close()
    return found[0], found[1]


def measure(browser: Browser, data: Path, bare: str, rounds: int) -> dict[str, tuple[float, float]]:
    """Medians of ours and of the bare page, by what is measured; the first visit of all counts apart."""
    found: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as log, dashboard(data, Path(log), script="serve.py") as address:
        home = f"{address}/?lang=zh"
        first = visit(browser, home, OURS, 3)
        print(
            f"  first reader of an edition: numbers {first['numbers'] / 1e3:.1f} s, all charts {first['charts'] / 1e3:.1f} s",
            flush=True,
        )
        for _ in range(rounds):
            ours, theirs = visit(browser, home, OURS, 3), visit(browser, f"{bare}/?charts=3", THEIRS, 3)
            for name in ours:
                found.setdefault(name, []).append((ours[name], theirs[name]))
        for each in FILTERS:
            reruns(browser, address, bare, each)  # what the filter asks for is computed once
            for _ in range(rounds):
                found.setdefault(f"rerun {each.page}", []).append(reruns(browser, address, bare, each))
    return {
        name: tuple(statistics.median(side) for side in zip(*pairs, strict=True))
        for name, pairs in found.items()
    }  # type: ignore[misc]


def multiple(source: Store, folder: Path, times: int) -> Store:
    """The demo so many times over, made where it does not stand yet."""
    return Store(folder) if folder.exists() else write(folder, portfolio(source.ledger(), times))


def main() -> int:
    """Measure the demo and its multiples; 1 where a bound is not kept."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--times", type=int, nargs="+", default=[1, 100])
    given.add_argument("--rounds", type=int, default=5)
    given.add_argument("--demo", type=Path, help="a data folder with the demo; default: loaded for this")
    given.add_argument(
        "--keep",
        type=Path,
        help="a folder where the multiples stay, x100 and so on; those that stand there are not made again",
    )
    asked = given.parse_args()
    over = 0
    with contextlib.ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        source = Store(asked.demo.resolve()) if asked.demo else demo(folder / "demo")
        bare = held.enter_context(dashboard(folder, folder, script=BARE))
        browser = held.enter_context(chromium())
        visit(browser, f"{bare}/?charts=3", THEIRS, 3)
        for times in asked.times:
            store = source if times == 1 else multiple(source, (asked.keep or folder) / f"x{times}", times)
            print(f"{times} x the demo: {store.ledger()['partner_fund'].height:,} partner funds", flush=True)
            for name, (ours, theirs) in measure(
                browser, store.folders.data.resolve(), bare, asked.rounds
            ).items():
                bound = BOUNDS[name.split()[0]]
                over += ours > bound * theirs
                print(
                    f"  {name:<16} ours {ours:7.0f} ms   bare {theirs:7.0f} ms   {ours / theirs:5.2f} x (bound {bound})",
                    flush=True,
                )
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())

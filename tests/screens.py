"""Screenshots of every page over the demo, in both languages, for the README: `make screens`."""

import argparse
import contextlib
import io
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parent))

from browser.serving import LOCALES, chromium, dashboard, settled, still
from browser.test_walk import addresses
from running import ROOT, json_of

from fundtrack.store.editions import Store

WIDTH, SCREEN, TALLEST = 1440, 900, 1800
COLOURS = 48
MOST = 6_000_000
"""Bytes that all pictures together may have."""


def name_of(page: str, query: dict[str, str]) -> str:
    """What a picture is called: the page, and what it shows alone."""
    return "-".join([page, *query])


def picture(page: Page, name: str) -> bytes:
    """A page as a small picture: the overview as a screen shows it, others down to a limit."""
    page.set_viewport_size({"width": WIDTH, "height": SCREEN})
    tall = page.evaluate(
        "document.querySelector('[data-testid=stMainBlockContainer]').getBoundingClientRect().height + 20"
    )
    height = SCREEN if name == "overview" else int(min(max(tall, 500), TALLEST))
    page.set_viewport_size({"width": WIDTH, "height": height})
    still(page)
    out = io.BytesIO()
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def take(out: Path, data: Path, only: list[str]) -> int:
    """Take all pictures; gives how many bytes they have."""
    out.mkdir(parents=True, exist_ok=True)
    total = 0
    with (
        tempfile.TemporaryDirectory() as log,
        dashboard(data, Path(log)) as address,
        chromium() as browser,
    ):
        for lang, locale in LOCALES.items():
            page = browser.new_context(locale=locale, viewport={"width": WIDTH, "height": SCREEN}).new_page()
            for place, query in addresses(Store(data)):
                name = name_of(place, query)
                if only and name not in only:
                    continue
                page.goto(f"{address}/{place}?{urlencode({'lang': lang, **query})}")
                settled(page)
                content = picture(page, name)
                (out / f"{name}-{lang}.png").write_bytes(content)
                total += len(content)
                print(f"{name}-{lang}.png {len(content):,}", flush=True)
            page.context.close()
    return total


def main() -> int:
    """Take the pictures over a data folder, by default the demo loaded afresh."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--out", type=Path, default=ROOT / "docs" / "screens")
    given.add_argument("--data", type=Path, help="a data folder with the demo; default: loaded for this")
    given.add_argument("only", nargs="*", help="names of pictures; default: all")
    asked = given.parse_args()
    with contextlib.ExitStack() as held:
        data = asked.data
        if data is None:
            data = Path(held.enter_context(tempfile.TemporaryDirectory())) / "data"
            json_of("demo", "--no-serve", "--data", data)
        total = take(asked.out, data.resolve(), asked.only)
    print(f"{total:,} bytes")
    return 0 if total <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())

"""The dashboard served and opened in Chromium: what the browser tests, the pictures and the bench of pages share."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright
from small_portfolio import write_portfolio
from ui_pages import ROOT, publish

from browser.looking import SETTLED, STILL

CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PATIENCE = 90_000
"""Milliseconds; a busy machine takes its time to publish."""

expect.set_options(timeout=PATIENCE)


def free_port() -> int:
    """A port that nobody listens at."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, patience: float = 60) -> None:
    """Until an address answers."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(url)


@contextlib.contextmanager
def dashboard(
    data: Path, folder: Path, *options: str, port: int = 0, script: Path | str = "app.py", **environment: str
) -> Iterator[str]:
    """The dashboard, or another script, over a data folder; what it writes to its log stands in another.

    Gives its address: by number, or where a port is named as `localhost`, which signing in needs.
    """
    host = f"http://localhost:{port}" if port else f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.headless", "true", *options]  # fmt: skip
    known = {**os.environ, "FUNDTRACK_DATA": str(data), **environment}
    with (folder / "server.log").open("ab") as log:
        served = subprocess.Popen(
            command, cwd=ROOT, env=known, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(f"{host}/_stcore/health")
            yield host
        finally:
            os.killpg(served.pid, signal.SIGTERM)
            served.wait(timeout=20)


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[tuple[Path, str]]:
    """A folder with the small portfolio, and the dashboard over it."""
    data = folder / "data"
    publish(data, write_portfolio(folder / "first.xlsx"))
    with dashboard(data, folder) as address:
        yield data, address


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser."""
    with sync_playwright() as play:
        opened_one = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield opened_one
        opened_one.close()


def opened(browser: Browser, address: str, lang: str, width: int = 1440, height: int = 900) -> Page:
    """An address in a window of its own."""
    context = browser.new_context(
        locale=LOCALES[lang], viewport={"width": width, "height": height}, accept_downloads=True
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    return page


def settled(page: Page) -> None:
    """Until a page is drawn to its foot, and stands still."""
    page.wait_for_selector(".ft h1", timeout=PATIENCE)
    page.wait_for_function(SETTLED, timeout=PATIENCE)
    still(page)


def still(page: Page) -> None:
    """Until nothing moves any more."""
    page.wait_for_function(STILL, timeout=PATIENCE, polling=60)


def chosen(page: Page, section: str, title: str) -> None:
    """A page of the menu, through its section."""
    page.get_by_role("button", name=section, exact=True).click()
    page.get_by_role("menuitem", name=title, exact=True).click()

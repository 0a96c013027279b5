"""What the browser tests share: one browser, and one server for all that only look at the small portfolio or at the demo."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from browser.serving import chromium, dashboard, serving
from fundtrack.store.editions import Store

# Per package, not per session: while Playwright runs, no other event loop can run in the process.


@pytest.fixture(scope="package")
def browser():
    """Chromium."""
    with chromium() as made:
        yield made


@pytest.fixture(scope="package")
def shared(tmp_path_factory):
    """The small portfolio and the address of its dashboard, for tests that only look."""
    with serving(tmp_path_factory.mktemp("dashboard")) as made:
        yield made


@pytest.fixture(scope="package")
def served(demo_folder, tmp_path_factory):
    """The demo's store and the address of its dashboard, for tests that only look."""
    with dashboard(demo_folder, tmp_path_factory.mktemp("served")) as address:
        yield Store(demo_folder), address

"""What several tests stand on: the demo, loaded once by the command a person would run."""

import shutil
import stat

import pytest
from running import json_of
from small_portfolio import write_portfolio
from ui_pages import publish


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    """A data folder with the demo in it; read only: tests that write take `demo_copy`."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    assert json_of("demo", "--no-serve", "--data", folder)["edition"] == 2
    return folder


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory):
    """A data folder with the small portfolio in it, which tests only look at."""
    folder = tmp_path_factory.mktemp("portfolio")
    publish(folder / "data", write_portfolio(folder / "first.xlsx"))
    return folder / "data"


@pytest.fixture
def small_data(small_folder, monkeypatch):
    """The small portfolio as the data folder of pages that are opened here."""
    monkeypatch.setenv("FUNDTRACK_DATA", str(small_folder))
    return small_folder


@pytest.fixture
def demo_copy(demo_folder, tmp_path):
    """A copy of the demo's data folder that a test may change."""
    copy = tmp_path / "data"
    shutil.copytree(demo_folder, copy, copy_function=shutil.copy2)
    for folder in (copy, *copy.iterdir()):
        if folder.is_dir():
            folder.chmod(folder.stat().st_mode | stat.S_IWUSR)
    return copy

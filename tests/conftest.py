"""What several tests stand on: the demo, loaded once by the command a person would run."""

import shutil
import stat

import pytest
from running import json_of


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory):
    """A data folder with the demo in it; read only: tests that write take `demo_copy`."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    assert json_of("demo", "--no-serve", "--data", folder)["edition"] == 2
    return folder


@pytest.fixture
def demo_copy(demo_folder, tmp_path):
    """A copy of the demo's data folder that a test may change."""
    copy = tmp_path / "data"
    shutil.copytree(demo_folder, copy, copy_function=shutil.copy2)
    for folder in (copy, *copy.iterdir()):
        if folder.is_dir():
            folder.chmod(folder.stat().st_mode | stat.S_IWUSR)
    return copy

"""What several tests stand on: the demo, loaded once by the command a person would run."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run_fundtrack(*arguments, check=None, **environment):
    """Run a command as a person would; gives the finished process."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FUNDTRACK_DATA")}
    done = subprocess.run(
        [sys.executable, "-m", "fundtrack", *map(str, arguments)],
        capture_output=True, text=True, cwd=ROOT, env=clean | {"LANG": "C.UTF-8"} | environment, check=False,
    )  # fmt: skip
    if check is not None:
        assert done.returncode == check, done.stderr
    return done


def json_of(*arguments, check=0, **environment):
    """The one JSON object that a command prints."""
    return json.loads(run_fundtrack(*arguments, "--json", check=check, **environment).stdout)


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

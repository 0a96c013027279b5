"""Commands run as a person runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

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

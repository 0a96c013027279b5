"""What a command loads: by name, not by time, so that a slow machine says the same."""

import json
import subprocess
import sys

import pytest
from running import ROOT
from test_lake import ENV

HEAVY = {
    "streamlit", "plotly", "pandas", "scipy", "openpyxl", "xlsxwriter", "fastexcel", "python_calamine", "xlrd", "docx", "typst", "cryptography",
    "deltalake", "pyspark", "starlette", "uvicorn", "PIL",
}  # fmt: skip
"""Libraries that the command does without."""
ELSEWHERE = {
    "fundtrack.load", "fundtrack.lake", "fundtrack.ui", "fundtrack.metrics.irr", "fundtrack.metrics.navs", "fundtrack.metrics.pme",
    "fundtrack.metrics.rules", "fundtrack.metrics.forecast", "fundtrack.reports.funds", "fundtrack.reports.findings",
}  # fmt: skip
"""Parts of ours that belong to other commands."""
SCRIPT = """
import json, os, sys
from fundtrack.__main__ import main
code = main(sys.argv[1:])
print(json.dumps({"code": code, "modules": sorted(sys.modules)}), file=sys.stderr, flush=True)
os._exit(0)  # as the command itself does
"""


def loaded(*arguments):
    """The modules that a command has loaded when it is done."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, *map(str, arguments)], cwd=ROOT, env=ENV, capture_output=True, text=True, check=True)  # fmt: skip
    told = json.loads(done.stderr.strip().splitlines()[-1])
    assert told["code"] == 0, done.stderr
    return set(told["modules"])


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    from cities import funded, grow

    folder = tmp_path_factory.mktemp("startup")
    grow(folder / "data", funded("甲", "100"))
    return folder / "data"


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["as lines", "as JSON"])
def test_progress_loads_what_it_needs_and_no_more(data, more):
    found = loaded("progress", "--data", data, *more)
    assert {"duckdb", "polars", "fundtrack.reports.progress", "fundtrack.store.ledger"} <= found
    assert {name.partition(".")[0] for name in found} & HEAVY == set()
    assert {name for name in found if name in ELSEWHERE or name.rpartition(".")[0] in ELSEWHERE} == set()


def test_the_list_of_what_is_left_out_names_what_there_is(data):
    """A name that nothing bears would let anything pass."""
    found = loaded("funds", "--data", data)
    assert {"fundtrack.reports.funds", "fundtrack.metrics.irr", "fundtrack.metrics.navs"} <= found

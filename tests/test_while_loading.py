"""Dashboard, auditor and loader at once: nobody waits, nobody sees half of anything."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import duckdb
from running import ROOT, json_of

from fundtrack.load.template import write_workbook

CLIENT = """
import json, sys, time, duckdb
path, until = sys.argv[1], time.monotonic() + float(sys.argv[2])
seen = []
while time.monotonic() < until:
    with duckdb.connect(path, read_only=True) as con:
        rows = con.execute("SELECT code, actual, completion, status FROM progress ORDER BY code").fetchall()
    told = json.dumps(rows, default=str)
    if not seen or seen[-1] != told:
        seen.append(told)
        print(told, flush=True)
    time.sleep(0.05)
"""


@contextmanager
def served(data):
    """The dashboard over a data folder, as `fundtrack serve` runs it; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "fundtrack", "serve", "--port", str(port), "--data", str(data)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                    if answer.status == 200:
                        break
            except OSError:
                time.sleep(0.25)
        else:
            raise AssertionError("the dashboard does not answer")
        yield address
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)


def one_more_fund(path):
    tables = {
        "partner_fund": [
            {"partner_fund_id": "PF-NEW", "name": "杭州示例新来创业投资合伙企业（有限合伙）", "manager_id": "VC-001", "currency": "CNY",
             "committed_size": Decimal("100000000"), "established_on": date(2017, 9, 20)}
        ],
        "participation": [
            {"participation_id": "PA-NEW", "guidance_fund_id": "GF-01", "partner_fund_id": "PF-NEW", "signed_on": date(2017, 9, 10),
             "commitment": Decimal("20000000"), "currency": "CNY"}
        ],
    }  # fmt: skip
    write_workbook(
        path,
        {"sender": "示例新报送单位", "as_of": date(2017, 9, 30), "unit": "元"},
        tables,
        only_given_columns=True,
    )


def test_a_client_sees_the_old_numbers_then_the_new_ones_while_all_run(demo_copy, tmp_path):
    published = demo_copy / "fundtrack.duckdb"
    before = {row["code"]: row for row in json_of("progress", "--data", demo_copy)["targets"]}
    one_more_fund(tmp_path / "new.xlsx")
    held = duckdb.connect(str(published), read_only=True)  # an auditor who never lets go
    with served(demo_copy):
        client = subprocess.Popen(
            [sys.executable, "-c", CLIENT, str(published), "25"], stdout=subprocess.PIPE, text=True
        )
        time.sleep(1)
        assert json_of("load", tmp_path / "new.xlsx", "--data", demo_copy)["outcome"] == "published"
        told, _ = client.communicate(timeout=90)
        assert client.returncode == 0
    states = [{row[0]: row[1:] for row in json.loads(line)} for line in told.splitlines()]
    assert len(states) == 2, "only the edition before and the edition after were ever seen"
    after = {row["code"]: row for row in json_of("progress", "--data", demo_copy)["targets"]}
    for seen, told_by_us in zip(states, (before, after), strict=True):
        for code, (actual, completion, status) in seen.items():
            mine = told_by_us[code]["actual"]
            assert (None if actual is None else Decimal(actual)) == (
                None if mine is None else Decimal(str(mine))
            )
            assert (completion, status) == (told_by_us[code]["completion"], told_by_us[code]["status"])
    assert after["partner_funds"]["actual"] == before["partner_funds"]["actual"] + 1
    assert Decimal(after["fund_scale"]["actual"]) - Decimal(before["fund_scale"]["actual"]) == 100_000_000
    old = dict(held.execute("SELECT code, actual FROM progress").fetchall())
    held.close()
    assert old["partner_funds"] == before["partner_funds"]["actual"]

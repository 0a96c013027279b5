"""A plain DuckDB client holds the published file through many loads: it blocks none, and never sees a changing answer."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from storekit import FUND, MANAGER, batch, load

from fundtrack.store.editions import Store

HOLDER = """
import json, sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as con:
    ask = lambda: con.execute("SELECT (SELECT count(*) FROM partner_fund), (SELECT sum(committed_size) FROM partner_fund), "
                              "(SELECT max(batch_id) FROM batch), (SELECT count(*) FROM progress)").fetchall()
    print(json.dumps(ask(), default=str), flush=True)
    for line in sys.stdin:
        print(json.dumps(ask(), default=str), flush=True)
"""
"""An auditor's client that never lets go: asks again whenever it is told to."""
NEWCOMER = """
import json, sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as con:
    print(json.dumps(con.execute("SELECT count(*), max((SELECT max(batch_id) FROM batch)) FROM partner_fund").fetchall()))
"""


def one_more(place):
    fund = FUND | {"partner_fund_id": f"PF{place}", "name": f"示例{place}号", "name_key": f"示例{place}号",
                   "committed_size": Decimal(place), "established_on": date(2017, 1, 1)}  # fmt: skip
    return batch({"partner_fund": [fund]}, f"file {place}".encode())


def ask(client):
    client.stdin.write("\n")
    client.stdin.flush()
    return json.loads(client.stdout.readline())


@pytest.mark.parametrize(("loads", "look_every"), [(4, 2), pytest.param(100, 10, marks=pytest.mark.full)])
def test_a_client_that_never_lets_go_sees_one_answer_and_a_new_one_the_newest(tmp_path, loads, look_every):
    store = Store(tmp_path / "data")
    load(store, batch({"manager": [MANAGER]}), one_more(0))
    published = str(store.folders.published)
    client = subprocess.Popen(
        [sys.executable, "-c", HOLDER, published], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        first = json.loads(client.stdout.readline())
        assert first[0][:3] == [1, "0.00", "B000002"]
        for place in range(1, loads + 1):
            load(store, one_more(place))
            assert ask(client) == first, "what is held open never changes"
            if place % look_every == 0:
                new = subprocess.run(
                    [sys.executable, "-c", NEWCOMER, published], capture_output=True, text=True, check=True
                )
                assert json.loads(new.stdout) == [[place + 1, f"B{place + 2:06d}"]]
        assert store.newest() == loads + 1
    finally:
        client.stdin.close()
        assert client.wait(30) == 0

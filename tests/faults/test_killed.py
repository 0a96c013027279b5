"""A loader is killed at any moment: nothing is torn, no edition that was acknowledged is lost, and the next loader goes on."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from small_portfolio import write_portfolio
from storekit import MANAGER, batch, load, two_editions

from fundtrack.load import pipeline
from fundtrack.load.agree import recheck
from fundtrack.store import definitions
from fundtrack.store.editions import Store
from fundtrack.store.verify import verify

pytestmark = pytest.mark.fault
SEEDS = Path(__file__).resolve().parents[2] / "seeds"


class Loaders:
    """Forks loaders, and kills them."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("work.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, after: float | None, **asked: Any) -> tuple[int, float]:
        """Let a loader work, killed after so many seconds; gives how it ended, and after how long."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        child, begun = int(self.process.stdout.readline()), time.monotonic()
        if after is not None:
            time.sleep(after)
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
        return int(self.process.stdout.readline()), time.monotonic() - begun


@pytest.fixture(scope="module")
def loaders() -> Iterator[Loaders]:
    """One process that forks them all."""
    found = Loaders()
    yield found
    assert found.process.stdin is not None
    found.process.stdin.close()
    found.process.wait(30)


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one real edition."""
    folder = tmp_path_factory.mktemp("portfolio")
    pipeline.load(Store(folder / "data"), [write_portfolio(folder / "a.xlsx")], by="王", seeds=SEEDS)
    return folder / "data"


def told(acks: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in acks.read_text().splitlines()] if acks.exists() else []


def stands(store: Store, acks: Path, known: int) -> int:
    """Check what a killed loader left, before anybody has cleared up; gives the newest edition."""
    newest = store.newest()
    assert newest is not None
    assert newest >= max([known, *(one["edition"] for one in told(acks))])
    with store.connect(newest) as con:
        assert con.sql("SELECT max(edition) FROM edition").fetchall() == [(newest,)]
    with duckdb.connect(str(store.folders.published), read_only=True) as con:
        [[shown]] = con.sql("SELECT max(edition) FROM edition").fetchall()
    assert shown in {newest, newest - 1}
    for one in told(acks):
        if one["name"]:
            assert store.ledger(one["edition"])["manager"]["name"].to_list() == [one["name"]]
    return newest


def after_one(whole: float, ended: int, took: float) -> float:
    """Within how many seconds to kill the next: as long as a whole run took last, and a little longer after each that was killed.

    A machine that was busy when the first was timed would else let most of the others end unharmed.
    """
    return took if ended == 0 else whole * 1.03


COUNTS = [12, pytest.param(450, marks=pytest.mark.full)]
REAL = [1, pytest.param(50, marks=pytest.mark.full)]


@pytest.mark.parametrize("count", COUNTS)
def test_kills_while_batches_are_published_and_undone(tmp_path, loaders, count, monkeypatch):
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    dice, store, ends = random.Random(20171231 + count), two_editions(tmp_path), Counter()
    given = {"data": str(store.folders.data), "work": "hand"}
    first, acks = tmp_path / "whole", tmp_path / "acks"
    ended, whole = loaders.run(None, **given, acks=str(first), seed=1)
    assert (ended, len(told(first))) == (0, 3)
    known = store.newest()
    for place in range(count):
        if place % 50 == 49:  # a long history makes each verify long, and no kill any other
            shutil.rmtree(tmp_path / "data")
            store = two_editions(tmp_path)
            known = store.newest()
        acks.unlink(missing_ok=True)
        ended, took = loaders.run(dice.uniform(0, whole), **given, acks=str(acks), seed=place)
        assert ended in {0, -signal.SIGKILL}
        whole = after_one(whole, ended, took)
        ends[ended, len(told(acks))] += 1
        known = stands(store, acks, known)
        if place % 10 == 9 or place == count - 1:
            known = load(store, batch({"manager": [MANAGER | {"name": f"其后{place}"}]}, f"{place}".encode()))
            assert verify(store) == []
            assert store.folders.published.read_bytes() == store.edition_path(known).read_bytes()
            assert list(store.folders.leftovers()) == []
    assert ends[-signal.SIGKILL, 0]
    assert sum(times for (ended, _), times in ends.items() if ended) > count / 2


@pytest.mark.parametrize("count", REAL)
def test_kills_while_workbooks_are_loaded_and_undone(tmp_path, loaders, portfolio, count):
    dice, data = random.Random(20170930 + count), tmp_path / "data"
    given = {"data": str(data), "work": "real"}
    shutil.copytree(portfolio, data)
    ended, whole = loaders.run(None, **given, acks=str(tmp_path / "whole"), seed=1)
    assert (ended, [one["edition"] for one in told(tmp_path / "whole")]) == (0, [2, 3])
    for place in range(count):
        shutil.rmtree(data)
        shutil.copytree(portfolio, data)
        store, acks = Store(data), tmp_path / f"acks{place}"
        ended, took = loaders.run(dice.uniform(0, whole), **given, acks=str(acks), seed=place)
        assert ended in {0, -signal.SIGKILL}
        whole = after_one(whole, ended, took)
        newest = stands(store, acks, 1)
        with store.lock("李"):
            assert list(store.folders.leftovers()) == []
        assert verify(store, recheck) == []
        assert store.folders.published.read_bytes() == store.edition_path(newest).read_bytes()

"""A bit of the newest edition flips on the disk, or its end is lost: reading says so, or answers as before; never another number."""

import json
import random
import shutil
import sys
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from small_portfolio import write_portfolio

from fundtrack.errors import FundtrackError
from fundtrack.load import pipeline
from fundtrack.reports.progress import progress_report
from fundtrack.store.editions import Store

pytestmark = pytest.mark.fault
SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one real edition."""
    folder = tmp_path_factory.mktemp("whole")
    pipeline.load(Store(folder / "data"), [write_portfolio(folder / "a.xlsx")], by="王", seeds=SEEDS)
    return folder / "data"


def answers(store: Store) -> str:
    """What officials see, and every row of every table as an auditor reads it."""
    with store.ledger().held() as known:
        ours = json.dumps(progress_report(known).as_json(), default=str)
    newest = store.newest()
    assert newest is not None
    with store.connect(newest) as con:
        tables = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1"
        ).fetchall()
        theirs = [con.execute(f'SELECT count(*), bit_xor(hash(one)) FROM "{name}" AS one').fetchall() for [name] in tables]  # fmt: skip
    return ours + repr(theirs)


def flip(content: bytearray, dice: random.Random) -> None:
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)


def cut(content: bytearray, dice: random.Random) -> None:
    del content[dice.randrange(len(content)) :]


def blank(content: bytearray, dice: random.Random) -> None:
    """A page of the disk comes back as zeros."""
    start = dice.randrange(len(content) // 4096) * 4096
    content[start : start + 4096] = bytes(4096)


@pytest.mark.parametrize("count", [12, pytest.param(200, marks=pytest.mark.full)])
def test_an_error_or_the_same_answer(original, tmp_path, count):
    dice, told = random.Random(20171231 + count), 0
    true = answers(Store(original))
    shutil.copytree(original, tmp_path / "data")
    store = Store(tmp_path / "data")
    path = store.edition_path(1)
    path.chmod(0o644)
    whole = path.read_bytes()
    for place in range(count):
        content = bytearray(whole)
        (flip, flip, cut, blank)[place % 4](content, dice)
        path.write_bytes(bytes(content))
        try:
            assert answers(store) == true, place
        except (FundtrackError, duckdb.Error):
            told += 1
    assert told > count / 2, told

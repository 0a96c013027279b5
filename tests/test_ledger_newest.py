"""What a ledger reads, by key or in no order, is what the macro of each table gives, however often keys were put and deleted."""

import polars as pl
import pytest
from storekit import batch, load

from fundtrack.store import newest
from fundtrack.store.editions import Store

A, B, C, D = (
    {"manager_id": f"VC-{letter}", "name": f"{letter}创投", "name_key": f"{letter}创投"} for letter in "abcd"
)
EDITIONS = (
    ("first", [C, A, B]),
    ("nothing again", [D]),
    ("one renamed", [B | {"name": "乙创投"}]),
    ("one deleted, one put again", [A | {"op": "delete"}, C | {"name": "丙创投"}]),
    ("the deleted one is back", [A | {"name": "甲创投"}]),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = Store(tmp_path_factory.mktemp("newest") / "data")
    for name, rows in EDITIONS:
        load(made, batch({"manager": rows}, name.encode()))
    return made


NAMES = {
    1: {"VC-a": "a创投", "VC-b": "b创投", "VC-c": "c创投"},
    2: {"VC-a": "a创投", "VC-b": "b创投", "VC-c": "c创投", "VC-d": "d创投"},
    3: {"VC-a": "a创投", "VC-b": "乙创投", "VC-c": "c创投", "VC-d": "d创投"},
    4: {"VC-b": "乙创投", "VC-c": "丙创投", "VC-d": "d创投"},
    5: {"VC-a": "甲创投", "VC-b": "乙创投", "VC-c": "丙创投", "VC-d": "d创投"},
}


@pytest.mark.parametrize("edition", NAMES)
@pytest.mark.parametrize("listed", [pytest.param(0, id="all compared"), pytest.param(10, id="some compared")])
def test_newest_versions(store, monkeypatch, edition, listed):
    monkeypatch.setattr(newest, "_LISTED", listed)
    names = ("manager_id", "name")
    by_key = store.ledger(edition).ordered("manager", names)
    assert list(by_key.iter_rows()) == list(NAMES[edition].items())
    assert store.ledger(edition)["manager"].select(names).equals(by_key)
    assert dict(store.ledger(edition).only({"manager": names})["manager"].iter_rows()) == NAMES[edition]


@pytest.mark.parametrize("edition", NAMES)
def test_a_part_is_read_as_the_whole_is(store, edition):
    names, some = ("manager_id", "name"), pl.Series("manager_id", ["VC-a", "VC-b", "VC-none", "VC-b"])
    own = [(key, name) for key, name in NAMES[edition].items() if key in {"VC-a", "VC-b"}]
    unread, read = store.ledger(edition), store.ledger(edition)
    assert read["manager"].height == len(NAMES[edition])
    assert list(unread.part("manager", names, some).iter_rows()) == own
    assert list(read.part("manager", names, some).iter_rows()) == own


def test_the_macro_says_the_same(store):
    for edition, names in NAMES.items():
        held = store.ledger(edition)
        said = held.query("SELECT manager_id, name FROM manager_at($1) ORDER BY row_key", [held.batch_id])
        assert dict(said.iter_rows()) == names

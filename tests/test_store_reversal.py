"""Reversal: every touched row goes back to what it was, or the reason why it cannot is said."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from storekit import FUND, MANAGER, NOON, Memory, batch, memory

from fundtrack.errors import InputError
from fundtrack.store.reversal import REFERENCES, reversal, reversed_batches


def put(store: Memory, table: str, *rows: dict[str, Any]) -> str:
    return store.append(batch({table: rows}))


def undo(store: Memory, name: str) -> str:
    return store.append(reversal(store.ledger, name, by="li", reason="wrong file", now=NOON, version="0.1.0"))


def names(store: Memory) -> dict[str, str]:
    return dict(store.ledger["manager"].select("manager_id", "name").iter_rows())


def test_a_row_goes_back_to_its_prior_version_and_place():
    with memory() as store:
        put(store, "manager", MANAGER | {"name": "旧名"})
        second = put(store, "manager", {"manager_id": "VC0", "name": "another"}, MANAGER | {"name": "新名"})
        before = store.ledger.placed("manager")
        draft = reversal(store.ledger, second, by="li", reason="wrong file", now=NOON, version="0.1.0")
        assert draft.meta.counts == {"manager": {"new": 0, "changed": 1, "unchanged": 0, "deleted": 1}}
        assert (draft.meta.kind, draft.meta.reverses, draft.meta.sender) == ("reversal", second, None)
        assert b'"undo":"B000002"' in draft.source
        store.append(draft)
        after = store.ledger.placed("manager")
        assert after.select("manager_id", "name", "batch_id", "row_number").rows() == [
            ("VC1", "旧名", "B000003", 3)
        ]
        assert before.filter(manager_id="VC1")["row_number"].item() == 4
        assert store.ledger.log("manager")["op"].to_list() == ["put", "put", "put", "delete", "put"]


def test_an_undone_undo_restores():
    with memory() as store:
        first = put(store, "manager", MANAGER)
        loaded = store.ledger["manager"]
        back = undo(store, first)
        assert names(store) == {}
        again = undo(store, back)
        assert_frame_equal(store.ledger["manager"], loaded)
        assert reversed_batches(store.ledger.batches()) == {back: again}
        undo(store, first)
        assert names(store) == {}


@pytest.mark.parametrize(
    ("steps", "undone", "code", "about"),
    [
        pytest.param(["put a"], "B000007", "batch_unknown", {"batch": "B000007"}, id="unknown"),
        pytest.param(
            ["put a", "undo 1"], "B000001", "batch_already_reversed", {"batch": "B000001", "by": "B000002"}, id="twice"
        ),
        pytest.param(
            ["put a", "put a"],
            "B000001",
            "undo_touched_later",
            {"batch": "B000002", "table": "manager", "key": "a", "reverses": ""},
            id="a later batch changed the row",
        ),
        pytest.param(
            ["put a", "put b", "put a", "put a", "undo 4"],
            "B000001",
            "undo_touched_later",
            {"batch": "B000003", "table": "manager", "key": "a", "reverses": ""},
            id="the first that stands in the way is named",
        ),
        pytest.param(
            ["put a", "put a", "undo 2", "undo 1", ],
            "B000003",
            "undo_touched_later",
            {"batch": "B000004", "table": "manager", "key": "a", "reverses": "B000001"},
            id="a reversal of something earlier stands in the way",
        ),
        pytest.param(
            ["put a", "put a", "undo 2", "undo 3"],
            "B000001",
            "undo_touched_later",
            {"batch": "B000002", "table": "manager", "key": "a", "reverses": ""},
            id="a batch that counts again",
        ),
    ],
)  # fmt: skip
def test_refused(steps, undone, code, about):
    with memory() as store:
        for place, step in enumerate(steps):
            what, of = step.split()
            if what == "put":
                put(store, "manager", {"manager_id": of, "name": f"{of}{place}"})
            else:
                undo(store, f"B00000{of}")
        with pytest.raises(InputError) as error:
            undo(store, undone)
        assert (error.value.code, error.value.about) == (code, about)


def test_a_later_batch_that_was_reversed_does_not_stand_in_the_way():
    with memory() as store:
        first = put(store, "manager", {"manager_id": "a", "name": "one"})
        undo(store, put(store, "manager", {"manager_id": "a", "name": "two"}))
        undo(store, first)
        assert names(store) == {}


def test_refused_where_a_vanishing_row_is_still_named():
    with memory() as store:
        first = put(store, "manager", MANAGER | {"manager_id": "V|C"})
        fund = put(store, "partner_fund", FUND | {"manager_id": "V|C"})
        with pytest.raises(InputError) as error:
            undo(store, first)
        assert error.value.code == "undo_still_referred"
        assert error.value.about == {
            "batch": fund, "table": "partner_fund", "key": "PF1", "gone": "V|C", "undo": first,
        }  # fmt: skip
        undo(store, fund)
        undo(store, first)
        assert names(store) == {}


def test_a_batch_that_brought_both_sides_goes_as_a_whole():
    with memory() as store:
        both = store.append(batch({"manager": [MANAGER], "partner_fund": [FUND]}))
        undo(store, both)
        assert store.ledger["partner_fund"].is_empty()


def test_refused_where_a_returning_row_names_what_is_gone():
    with memory() as store:
        first = put(store, "manager", MANAGER)
        fund = put(store, "partner_fund", FUND)
        back = undo(store, fund)
        undo(store, first)
        with pytest.raises(InputError) as error:
            undo(store, back)
        assert error.value.code == "undo_refers_gone"
        assert error.value.about == {
            "batch": back, "table": "partner_fund", "key": "PF1", "other": "manager", "gone": "VC1",
        }  # fmt: skip


def test_what_never_existed_is_no_reason_to_refuse():
    with memory() as store:
        fund = put(store, "partner_fund", FUND | {"manager_id": "by name"})
        undo(store, put(store, "partner_fund", FUND | {"manager_id": "by another name"}))
        assert store.ledger["partner_fund"]["manager_id"].to_list() == ["by name"]
        undo(store, fund)


def test_references_are_those_of_the_dictionary():
    assert ("partner_fund", "manager_id", "manager") in REFERENCES


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["put", "undo"]), st.integers(1, 9), st.sets(st.sampled_from("abc"), min_size=1)
        )
    )
)
def test_undo_either_refuses_or_brings_back_exactly_what_was(steps):
    """The law: after a reversal each touched row stands as before the batch, and every other row as it stood."""
    with memory() as store:
        for place, (what, of, keys) in enumerate(steps):
            if what == "put":
                put(store, "manager", *({"manager_id": key, "name": f"{key}{place}"} for key in sorted(keys)))
                continue
            name, now = f"B00000{of}", names(store)
            try:
                undo(store, name)
            except InputError:
                continue
            log = store.ledger.log("manager")
            touched = set(log.filter(batch_id=name)["row_key"])
            earlier = log.filter(pl.col("batch_id") < name).sort("batch_id").unique("row_key", keep="last")
            was = dict(earlier.filter(op="put").select("row_key", "name").iter_rows())
            after = names(store)
            assert after == {key: text for key, text in now.items() if key not in touched} | {
                key: text for key, text in was.items() if key in touched
            }


def _cover(day: str = "2017-09-30", **more: Any) -> dict[str, Any]:
    return {
        "sender": "示例创投",
        "as_of": date.fromisoformat(day),
        "as_of_precision": "day",
        "unit": "元",
    } | more


def _sent(store: Memory, number: int, **cover: Any) -> str:
    """A file of one manager with a cover, which is put where it says anything new."""
    row = _cover(**cover)
    known = store.ledger["cover"].select("as_of", "unit").rows()
    puts: dict[str, Any] = {"manager": [MANAGER | {"manager_id": f"VC{number}"}]}
    if (row["as_of"], row["unit"]) not in known:
        puts["cover"] = [row]
    said = {"sender": row["sender"], "as_of": row["as_of"].isoformat()}
    return store.append(batch(puts, cover=said))


def _covers(store: Memory) -> list[tuple[str, str]]:
    return [(str(day), unit) for day, unit in store.ledger["cover"].select("as_of", "unit").rows()]


@pytest.mark.parametrize(
    ("undone", "left"),
    [
        pytest.param([], [("2017-06-30", "元"), ("2017-09-30", "元")], id="three files, two of one day"),
        pytest.param([1], [("2017-06-30", "元"), ("2017-09-30", "元")], id="the one that brought the cover"),
        pytest.param([2], [("2017-06-30", "元"), ("2017-09-30", "元")], id="the one that shares it"),
        pytest.param([1, 2], [("2017-06-30", "元")], id="both, the first first"),
        pytest.param([2, 1], [("2017-06-30", "元")], id="both, the last first"),
    ],
)
def test_a_cover_of_several_files_stays_for_as_long_as_one_of_them_counts(
    undone: list[int], left: list[tuple[str, str]]
):
    with memory() as store:
        sent = [_sent(store, 0, day="2017-06-30"), _sent(store, 1), _sent(store, 2)]
        for number in undone:
            undo(store, sent[number])
        assert sorted(_covers(store)) == left
        assert set(names(store)) == {f"VC{n}" for n in range(3) if n not in undone}


def test_a_cover_that_a_later_file_changed_does_not_keep_the_first_from_being_undone():
    with memory() as store:
        first = _sent(store, 1)
        _sent(store, 2, unit="万元")
        back = undo(store, first)
        assert (_covers(store), set(names(store))) == ([("2017-09-30", "万元")], {"VC2"})
        undo(store, back)
        assert (_covers(store), set(names(store))) == ([("2017-09-30", "万元")], {"VC1", "VC2"})

"""The archive: canonical JSON that any library reads, hashes that make a chain."""

import hashlib
import json
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from storekit import MANAGER, batch, load, rows, two_editions

from fundtrack.store import chain, definitions
from fundtrack.store.editions import Store

HOSTILE = [
    "".join(map(chr, range(0xA1))),
    "中文😀\u2028\u2029\ufeff\ufffe\x7f/\\\"'",
    ',"note":null',
    '","note":null,"',
    ",",
    "",
    "null",
]


def canonical(line: str) -> dict[str, str]:
    """The row of a line, where the line is what the standard library writes of it."""
    row = json.loads(line)
    assert json.dumps(row, ensure_ascii=False, separators=(",", ":")) == line
    assert all(isinstance(value, str) for value in row.values())
    return row


@given(
    st.lists(st.tuples(st.none() | st.text() | st.sampled_from(HOSTILE), st.none() | st.text()), max_size=6)
)
def test_lines_are_what_json_dumps_writes(texts):
    given = [
        MANAGER | {"manager_id": f"VC{n}", "note": note, "location": at} for n, (note, at) in enumerate(texts)
    ]
    frame = rows("manager", *given)
    for row, line in zip(given, chain.lines("manager", frame), strict=True):
        read = canonical(line)
        assert (read.get("note"), read.get("location")) == (row["note"], row["location"])
        assert list(read)[:4] == ["table", "op", "sheet", "row_number"]
        assert list(read)[4:] == sorted(list(read)[4:])


def test_every_kind_of_value_has_one_form():
    given = {
        "participation_id": "PA1", "guidance_fund_id": "GF1", "partner_fund_id": "PF1", "currency": "CNY", "commitment": 1200.5,
        "signed_on": date(2017, 6, 30), "signed_on_precision": "month", "cap_ratio": 0.2, "guaranteed_return": False,
        "remit_days": 30, "op": "delete",
    }  # fmt: skip
    [line] = chain.lines("participation", rows("participation", given))
    assert canonical(line) == {
        "table": "participation", "op": "delete", "sheet": "参股", "row_number": "3", "cap_ratio": "0.20000000",
        "commitment": "1200.50", "currency": "CNY", "guaranteed_return": "false", "guidance_fund_id": "GF1",
        "participation_id": "PA1", "partner_fund_id": "PF1", "remit_days": "30", "row_key": "PA1", "signed_on": "2017-06-30",
        "signed_on_precision": "month",
    }  # fmt: skip


def test_a_line_does_not_depend_on_its_neighbours_or_the_order_of_columns():
    frame = rows("manager", MANAGER, MANAGER | {"manager_id": "VC2", "note": "x"})
    whole = chain.lines("manager", frame)
    apart = [chain.lines("manager", frame[n].select(reversed(frame.columns))).item() for n in (0, 1)]
    assert whole.to_list() == apart
    log = frame.with_columns(
        pl.lit("B000001").alias("batch_id"), pl.lit(None, dtype=pl.String).alias("later_column")
    )
    assert chain.lines("manager", log).to_list() == apart


def test_the_chain_can_be_checked_with_the_standard_library_alone(tmp_path: Path):
    store = two_editions(tmp_path)
    listed = store.ledger().batches()
    previous = ""
    for path, row in zip(sorted(store.folders.batches.iterdir()), listed.iter_rows(named=True), strict=True):
        content = path.read_bytes()
        head, *lines = content.decode().splitlines()
        header = json.loads(head)
        assert json.dumps(header, ensure_ascii=False, separators=(",", ":")) == head
        assert header["batch_id"] == path.stem == row["batch_id"]
        assert header["previous_hash"] == previous == row["previous_hash"]
        previous = hashlib.sha256(content).hexdigest()
        assert previous == row["hash"]
        assert [canonical(line)["table"] for line in lines]
        source = (store.folders.sources / header["file_sha256"]).read_bytes()
        assert hashlib.sha256(source).hexdigest() == row["file_sha256"]
    assert store.ledger().editions()["head_hash"].to_list()[-1] == previous


def test_the_header_says_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    store = Store(tmp_path / "data")
    said = {
        "kind": "correction", "reviewer": "li", "reason": "wrong unit", "profile": "a=b", "complete": ("manager",),
        "cover": {"sender": "示例", "as_of": "2017-09-30"}, "counts": {"manager": {"new": 1, "changed": 0, "unchanged": 0}},
    }  # fmt: skip
    load(store, batch({"manager": [MANAGER]}, **said))
    head = chain.read_head(store.folders.archive("B000001"))
    published_at, views, version = head.pop("published_at"), head.pop("views"), head.pop("duckdb")
    assert (len(published_at), len(views), version) == (20, 64, duckdb.__version__)
    assert (len(head.pop("comments")), head["results"].keys()) == (64, {"schema_version"})
    assert head == said | {
        "batch_id": "B000001", "edition": 1, "file_name": "示例.xlsx", "file_sha256": hashlib.sha256(b"workbook").hexdigest(),
        "sender": "示例创投", "as_of": "2017-09-30", "loaded_by": "zhang", "loaded_at": "2017-10-09T04:00:00Z", "reverses": None,
        "program_version": "0.1.0", "complete": ["manager"], "published_by": "zhang", "results": head["results"], "previous_hash": "",
        "columns": [{"table_name": "manager", "sheet": "合作创投机构", "field": "note", "column_letter": "A", "header": "note",
                     "unit_factor": None}],
    }  # fmt: skip


def test_a_header_that_is_none(tmp_path: Path):
    path = tmp_path / "B000001.jsonl"
    path.write_text("[]\n")
    with pytest.raises(ValueError, match="B000001"):
        chain.read_head(path)

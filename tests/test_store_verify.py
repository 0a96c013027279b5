"""Verification names the row, the batch, the view or the file that is not as it was published."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from storekit import MANAGER, batch, load, two_editions, undo

from fundtrack.errors import IntegrityError, Problem
from fundtrack.store import altered, definitions
from fundtrack.store.editions import Store
from fundtrack.store.verify import verify


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    return two_editions(tmp_path)


def sql(*statements: str, edition: int = 2) -> Callable[[Store], None]:
    """Alter an edition as a clever hand would: the auditor's copy along with it."""

    def act(store: Store) -> None:
        path = store.edition_path(edition)
        path.chmod(0o644)
        with duckdb.connect(str(path)) as con:
            for statement in statements:
                con.execute(statement)
        if edition == store.newest():
            store.folders.published.unlink()
            store.folders.published.write_bytes(path.read_bytes())

    return act


def file(path: str, change: Callable[[bytes], bytes | None]) -> Callable[[Store], None]:
    """Alter, or remove, a file."""

    def act(store: Store) -> None:
        [found] = store.folders.data.glob(path)
        content = change(found.read_bytes())
        found.unlink()
        if content is not None:
            found.write_bytes(content)

    return act


def swapped(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    return change


def gone(_: bytes) -> None:
    return None


def found(store: Store) -> set[tuple[str, ...]]:
    """Each problem's code and where it is."""
    about = ("batch", "table", "key", "view", "edition")
    return {
        tuple(filter(None, [one.code, one.file, one.field, *(one.about.get(name) for name in about)]))
        for one in verify(store)
    }


def test_nothing_is_wrong_with_what_was_published(loaded: Store):
    assert verify(loaded) == []
    undo(loaded, "B000003")
    load(loaded, batch({"manager": [MANAGER | {"note": "，\n"}]}, b"more"))
    assert verify(loaded) == []
    loaded.edition_path(1).unlink()
    assert verify(loaded) == []


def test_nothing_yet(tmp_path: Path):
    assert verify(Store(tmp_path / "data")) == []


@pytest.mark.parametrize(
    ("act", "problems"),
    [
        pytest.param(
            sql("UPDATE manager_log SET name = '改' WHERE batch_id = 'B000002'"),
            {("row_altered", "B000002.jsonl", "B000002", "manager", "VC1")},
            id="a row altered",
        ),
        pytest.param(
            sql("DELETE FROM manager_log WHERE batch_id = 'B000001'"),
            {("row_missing", "B000001.jsonl", "B000001", "manager", "VC1")},
            id="a row removed",
        ),
        pytest.param(
            sql("INSERT INTO manager_log BY NAME SELECT 'VC9' AS row_key, 'put' AS op, 'B000001' AS batch_id"),
            {("row_added", "B000001.jsonl", "B000001", "manager", "VC9")},
            id="a row added",
        ),
        pytest.param(
            sql("INSERT INTO manager_log SELECT * FROM manager_log WHERE batch_id = 'B000002'"),
            {("row_altered", "B000002.jsonl", "B000002", "manager", "VC1")},
            id="a row doubled",
        ),
        pytest.param(
            sql("INSERT INTO manager_log BY NAME SELECT 'VC9' AS row_key, 'put' AS op, 'B000009' AS batch_id"),
            {("row_without_batch", "B000009")},
            id="a row of no batch",
        ),
        pytest.param(
            sql("UPDATE batch SET loaded_by = 'li' WHERE batch_id = 'B000001'"),
            {("batch_altered", "B000001.jsonl", "loaded_by", "B000001"), ("edition_differs", "edition-000001.duckdb")},
            id="who loaded",
        ),
        pytest.param(
            sql("UPDATE batch SET cover = '{}', loaded_at = '2016-01-01' WHERE batch_id = 'B000002'"),
            {("batch_altered", "B000002.jsonl", "loaded_at", "B000002")},
            id="when it was loaded",
        ),
        pytest.param(
            sql("UPDATE batch_column SET column_letter = 'Z' WHERE batch_id = 'B000003'"),
            {("columns_altered", "B000003")},
            id="where a field stood",
        ),
        pytest.param(
            sql("UPDATE edition SET published_by = 'li' WHERE edition = 2"),
            {("edition_row_altered", "2")},
            id="who published",
        ),
        pytest.param(
            sql("UPDATE edition SET head_hash = repeat('0', 64) WHERE edition = 2"),
            {("edition_row_altered", "2")},
            id="the head hash that reports print",
        ),
        pytest.param(
            sql("DELETE FROM edition WHERE edition = 1"),
            {("edition_row_altered", "2"), ("edition_differs", "edition-000001.duckdb")},
            id="an edition removed",
        ),
        pytest.param(
            sql("CREATE OR REPLACE VIEW manager AS SELECT * FROM manager_log"), {("view_altered", "manager")}, id="a view"
        ),
        pytest.param(
            sql("CREATE OR REPLACE MACRO cover_at(batch) AS TABLE SELECT * FROM cover_log"),
            {("view_altered", "cover_at")},
            id="a macro",
        ),
        pytest.param(sql("CREATE VIEW mine AS SELECT 1 AS a"), {("view_altered", "mine")}, id="a view added"),
        pytest.param(sql("CREATE MACRO mine(a) AS a + 1"), {("view_altered", "mine")}, id="a macro added"),
        pytest.param(
            sql(
                "CREATE OR REPLACE VIEW rule AS SELECT 1 AS a",
                "UPDATE view_text SET sql_text = 'CREATE OR REPLACE VIEW rule AS SELECT 1 AS a' WHERE name = 'rule'",
            ),
            # and its Chinese twin, which names columns that the view no longer has
            {("view_altered", "rule"), ("view_altered", 'zh."规则"'), ("views_differ",)},
            id="a view with its text",
        ),
        pytest.param(
            sql("UPDATE view_text SET sql_text = 'CREATE OR REPLACE VIEW' WHERE name = 'rule'"),
            {("view_altered", "rule"), ("views_differ",)},
            id="a text that makes no view",
        ),
        pytest.param(
            sql("UPDATE fund_metric SET irr = 0.2 WHERE irr IS NOT NULL"), {("result_altered", "fund_metric")}, id="a result"
        ),
        pytest.param(
            sql("UPDATE schema_version SET ran_at = TIMESTAMP '2016-01-01 00:00:00'"),
            {("result_altered", "schema_version")},
            id="when a migration ran",
        ),
        pytest.param(sql("COMMENT ON COLUMN manager.name IS '别的口径'"), {("comments_differ",)}, id="a comment"),
        pytest.param(sql("COMMENT ON MACRO TABLE manager_at IS NULL"), {("comments_differ",)}, id="a macro's comment"),
        pytest.param(sql("CREATE TABLE mine (a INT)"), {("result_altered", "mine")}, id="a table added"),
        pytest.param(
            sql("UPDATE batch SET file_name = 'x'", edition=1),
            {("edition_differs", "edition-000001.duckdb")},
            id="an earlier edition",
        ),
        pytest.param(
            file("editions/edition-000001.duckdb", lambda _: b"no database" * 999),
            {("edition_unreadable", "edition-000001.duckdb")},
            id="an earlier edition destroyed",
        ),
        pytest.param(
            file("editions/edition-000002.duckdb", lambda _: b"no database" * 999),
            {
                ("edition_unreadable", "edition-000002.duckdb"),
                ("published_differs", "fundtrack.duckdb", "edition-000002.duckdb"),
            },
            id="the newest edition destroyed",
        ),
        pytest.param(
            sql("DROP TABLE batch_column"), {("edition_unreadable", "edition-000002.duckdb")}, id="a table dropped"
        ),
        pytest.param(
            file("fundtrack.duckdb", lambda content: content + b" "),
            {("published_differs", "fundtrack.duckdb", "edition-000002.duckdb")},
            id="the auditor's file",
        ),
        pytest.param(
            file("fundtrack.duckdb", gone),
            {("published_differs", "fundtrack.duckdb", "edition-000002.duckdb")},
            id="the auditor's file removed",
        ),
        pytest.param(
            file("batches/B000001.jsonl", swapped("旧名", "新名")),
            {
                ("archive_altered", "B000001.jsonl", "B000001"),
                ("row_altered", "B000001.jsonl", "B000001", "manager", "VC1"),
            },
            id="an archive's row",
        ),
        pytest.param(
            file("batches/B000001.jsonl", lambda content: content + b"\xff\n"),
            {("archive_altered", "B000001.jsonl", "B000001"), ("row_missing", "B000001.jsonl", "B000001", "?", "\ufffd")},
            id="an archive with something more",
        ),
        pytest.param(
            file("batches/B000001.jsonl", lambda _: b"[]\n"),
            {("archive_altered", "B000001.jsonl", "B000001")},
            id="an archive without a header",
        ),
        pytest.param(
            file("batches/B000002.jsonl", gone), {("archive_missing", "B000002.jsonl", "B000002")}, id="an archive removed"
        ),
        pytest.param(
            file("batches/B000003.jsonl", gone),
            {("archive_missing", "B000003.jsonl", "B000003"), ("views_differ",), ("result_altered", "fund_metric")},
            id="the last archive removed",
        ),
        pytest.param(
            lambda store: store.folders.archive("B000009").write_text("{}\n"),
            {("archive_unknown", "B000009.jsonl")},
            id="an archive of no batch",
        ),
        pytest.param(
            sql("UPDATE batch SET previous_hash = 'x' WHERE batch_id = 'B000002'"),
            {("chain_broken", "B000002.jsonl", "B000002"), ("batch_altered", "B000002.jsonl", "previous_hash", "B000002")},
            id="the chain",
        ),
        pytest.param(
            lambda store: [path.unlink() for path in store.folders.editions.iterdir()],
            {("edition_missing", "editions")},
            id="every edition removed",
        ),
    ],
)  # fmt: skip
def test_what_was_altered_is_named(loaded: Store, act, problems):
    act(loaded)
    assert found(loaded) == problems


def test_sources_are_compared_with_their_hash(loaded: Store):
    first, second, _ = loaded.ledger().batches()["file_sha256"]
    file(f"sources/{first}", swapped("work", "play"))(loaded)
    file(f"sources/{second}", gone)(loaded)
    assert found(loaded) == {("source_altered", first, "B000001"), ("source_missing", second, "B000002")}


def test_an_alteration_made_good_in_the_archive_breaks_the_chain(loaded: Store):
    """One who alters a row, its archive and the batch's hash still leaves the next batch's previous hash, and the earlier edition."""
    sql("UPDATE manager_log SET name = '改名' WHERE batch_id = 'B000001'")(loaded)
    file("batches/B000001.jsonl", swapped("旧名", "改名"))(loaded)
    hash_now = __import__("hashlib").sha256(loaded.folders.archive("B000001").read_bytes()).hexdigest()
    sql(f"UPDATE batch SET hash = '{hash_now}' WHERE batch_id = 'B000001'")(loaded)
    assert found(loaded) == {
        ("chain_broken", "B000002.jsonl", "B000002"),
        ("edition_row_altered", "1"),
        ("edition_differs", "edition-000001.duckdb"),
        ("row_altered", "edition-000001.duckdb", "B000001", "manager", "VC1"),
    }


def test_long_histories_are_compared_piece_by_piece(loaded: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(altered, "CHUNK", 1)
    sql("UPDATE manager_log SET name = '改'")(loaded)
    assert {problem.about["batch"] for problem in verify(loaded)} == {"B000001", "B000002"}


def test_the_engines_are_compared_once_more(loaded: Store):
    seen = []

    def recheck(ledger, con):
        seen.append((ledger.edition, con.sql("SELECT count(*) FROM manager").fetchall()))
        return [Problem("engines_differ")]

    assert [problem.code for problem in verify(loaded, recheck)] == ["engines_differ"]
    assert seen == [(2, [(1,)])]

    def refuses(*_):
        raise IntegrityError("engines_differ", target="partner_funds")

    assert [problem.about for problem in verify(loaded, refuses)] == [{"target": "partner_funds"}]
    assert json.dumps([problem.as_dict() for problem in verify(loaded, refuses)])

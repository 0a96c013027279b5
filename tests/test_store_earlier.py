"""Verification names what was altered in an earlier edition: every edition that stands is proof."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from storekit import FUND, MANAGER, batch, load, two_editions, undo
from test_store_verify import file, found, gone, sql, swapped

from fundtrack.model import frames
from fundtrack.store import changes, definitions, migrate
from fundtrack.store.editions import Store
from fundtrack.store.verify import verify

EARLIER = "edition-000002.duckdb"


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Three editions; the second has three batches and a table of results."""
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    store = two_editions(tmp_path)
    metric = pl.DataFrame({"participation_id": ["PA1", "PA2"], "irr": [0.3, 0.4]})
    load(
        store,
        batch({"manager": [MANAGER | {"note": "三"}]}, b"more"),
        check=lambda *_: [{"fund_metric": metric}],
    )
    return store


def earlier(*statements: str) -> Callable[[Store], None]:
    return sql(*statements, edition=2)


def trade(store: Store) -> None:
    """The first and the second edition change their places."""
    one, other = store.edition_path(1), store.edition_path(2)
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)


def replaced(number: int, by: int) -> Callable[[Store], None]:
    """An edition, and the auditor's copy where it is the newest, that is another's file."""

    def act(store: Store) -> None:
        path, content = store.edition_path(number), store.edition_path(by).read_bytes()
        for one in (path, *([store.folders.published] if number == store.newest() else [])):
            one.unlink()
            one.write_bytes(content)

    return act


@pytest.mark.parametrize(
    ("act", "problems"),
    [
        pytest.param(
            earlier("UPDATE partner_fund_log SET committed_size = coalesce(committed_size, 0) + 1"),
            {("row_altered", EARLIER, "B000003", "partner_fund", "PF1")},
            id="a value",
        ),
        pytest.param(
            earlier("UPDATE manager_log SET note = '' WHERE batch_id = 'B000001'"),
            {("row_altered", EARLIER, "B000001", "manager", "VC1")},
            id="an empty text for an unknown one",
        ),
        pytest.param(
            earlier("INSERT INTO manager_log BY NAME SELECT 'VC9' AS row_key, 'put' AS op, 'B000001' AS batch_id"),
            {("row_added", EARLIER, "B000001", "manager", "VC9")},
            id="a row added",
        ),
        pytest.param(
            earlier("INSERT INTO manager_log SELECT * FROM manager_log WHERE batch_id = 'B000002'"),
            {("row_altered", EARLIER, "B000002", "manager", "VC1")},
            id="a row doubled",
        ),
        pytest.param(
            earlier("INSERT INTO manager_log BY NAME SELECT 'VC1' AS row_key, 'put' AS op, 'B000004' AS batch_id"),
            {("row_without_batch", EARLIER, "B000004")},
            id="a row of a later batch",
        ),
        pytest.param(
            earlier("INSERT INTO manager_log BY NAME SELECT 'VC1' AS row_key, 'put' AS op"),
            {("row_without_batch", EARLIER, "?")},
            id="a row of no batch",
        ),
        pytest.param(
            earlier("DELETE FROM manager_log WHERE batch_id = 'B000002'"),
            {("row_missing", EARLIER, "B000002", "manager", "VC1")},
            id="a row deleted",
        ),
        pytest.param(
            earlier("ALTER TABLE manager_log ADD COLUMN mine VARCHAR", "UPDATE manager_log SET mine = 'x' WHERE batch_id = 'B000002'"),
            {("row_altered", EARLIER, "B000002", "manager", "VC1")},
            id="a column added",
        ),
        pytest.param(
            earlier("UPDATE fund_metric SET irr = 0.2 WHERE irr IS NOT NULL"),
            {("result_altered", EARLIER, "fund_metric")},
            id="a metric",
        ),
        pytest.param(earlier("DROP TABLE fund_metric"), {("result_altered", EARLIER, "fund_metric")}, id="results dropped"),
        pytest.param(
            earlier("CREATE OR REPLACE VIEW manager AS SELECT * FROM manager_log"),
            {("view_altered", EARLIER, "manager")},
            id="a view",
        ),
        pytest.param(
            earlier("UPDATE view_text SET sql_text = 'COPY rule_log TO ''taken.csv''' WHERE name = 'rule'"),
            {("view_altered", EARLIER, "rule"), ("views_differ", EARLIER)},
            id="a view's text",
        ),
        pytest.param(
            earlier("UPDATE batch_column SET column_letter = 'Z' WHERE batch_id = 'B000003'"),
            {("columns_altered", EARLIER, "B000003")},
            id="where a field stood",
        ),
        pytest.param(
            earlier("DELETE FROM batch_column WHERE batch_id = 'B000001'"),
            {("columns_altered", EARLIER, "B000001")},
            id="a map removed",
        ),
        pytest.param(
            earlier("INSERT INTO batch_column BY NAME SELECT 'B000009' AS batch_id, 'rule' AS table_name, 'x' AS field"),
            {("row_without_batch", EARLIER, "B000009")},
            id="a map of no batch",
        ),
        pytest.param(
            earlier("UPDATE batch SET file_name = 'x' WHERE batch_id = 'B000001'"), {("edition_differs", EARLIER)}, id="a batch"
        ),
        pytest.param(
            earlier("UPDATE edition SET published_by = 'li'"), {("edition_differs", EARLIER)}, id="who published"
        ),
        pytest.param(
            earlier("DELETE FROM edition"), {("edition_misplaced", EARLIER)}, id="no edition at all"
        ),
        pytest.param(earlier("DROP TABLE edition"), {("edition_unreadable", EARLIER)}, id="a table dropped"),
        pytest.param(
            file(f"editions/{EARLIER}", lambda content: content[: len(content) // 2]),
            {("edition_unreadable", EARLIER)},
            id="half a file",
        ),
        pytest.param(file(f"editions/{EARLIER}", lambda _: b""), {("edition_unreadable", EARLIER)}, id="an empty file"),
        pytest.param(
            trade,
            {("edition_misplaced", "edition-000001.duckdb"), ("edition_misplaced", EARLIER)},
            id="editions that changed places",
        ),
        pytest.param(replaced(1, 3), {("edition_misplaced", "edition-000001.duckdb")}, id="the newest for the first"),
        pytest.param(
            replaced(3, 2),
            {("edition_misplaced", "edition-000003.duckdb"), ("archive_unknown", "B000004.jsonl")},
            id="an earlier one for the newest",
        ),
    ],
)  # fmt: skip
def test_what_was_altered_is_named(loaded: Store, act, problems, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(loaded.folders.data)
    act(loaded)
    assert found(loaded) == problems
    assert not Path("taken.csv").exists()


def test_the_newest_is_wrong_where_it_differs_and_the_earlier_are_what_the_archives_say(loaded: Store):
    sql(
        "UPDATE manager_log SET name = '改' WHERE batch_id = 'B000002'",
        "UPDATE batch_column SET column_letter = 'Z' WHERE batch_id = 'B000003'",
        edition=3,
    )(loaded)
    assert found(loaded) == {
        ("row_altered", "B000002.jsonl", "B000002", "manager", "VC1"),
        ("columns_altered", "B000003"),
    }


def test_without_an_archive_a_difference_is_still_told(loaded: Store):
    earlier("UPDATE manager_log SET name = '改' WHERE batch_id = 'B000001'")(loaded)
    file("batches/B000001.jsonl", gone)(loaded)
    assert found(loaded) == {("archive_missing", "B000001.jsonl", "B000001"), ("edition_differs", EARLIER)}


def test_an_archive_altered_with_the_newest_is_given_away_by_the_earlier(loaded: Store):
    sql("UPDATE manager_log SET name = '新名' WHERE batch_id = 'B000001'", edition=3)(loaded)
    file("batches/B000001.jsonl", swapped("旧名", "新名"))(loaded)
    assert found(loaded) == {
        ("archive_altered", "B000001.jsonl", "B000001"),
        ("row_altered", "edition-000001.duckdb", "B000001", "manager", "VC1"),
        ("row_altered", EARLIER, "B000001", "manager", "VC1"),
    }


def forget() -> None:
    """Let everything that derives from the data dictionary be derived anew."""
    definitions.of_model.cache_clear()
    migrate.table_words.cache_clear()


@pytest.fixture
def derived_anew() -> Iterator[None]:
    """Whatever a test does to the data dictionary, the next one derives from the true one."""
    yield
    forget()


@pytest.mark.usefixtures("derived_anew")
def test_editions_of_an_older_program_are_what_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """One column and one log fewer in the oldest edition, and results under a name that a view has now."""
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    store = Store(tmp_path / "data")
    columns = [column for column in frames.COLUMNS["manager"] if column.name != "amac_no"]
    results = {"rule_now": pl.DataFrame({"a": [1.5]})}
    with monkeypatch.context() as older:
        older.setattr(frames, "COLUMNS", frames.COLUMNS | {"manager": columns})
        for module in (changes, definitions, migrate):
            older.setattr(
                module, "TABLES", {name: row for name, row in module.TABLES.items() if name != "policy"}
            )
        forget()
        load(store, batch({"manager": [MANAGER]}), check=lambda *_: [results])
        with store.connect() as con:
            assert "amac_no" not in con.sql("SELECT * FROM manager_log").columns
    forget()
    load(store, batch({"manager": [MANAGER | {"amac_no": "P1"}], "partner_fund": [FUND]}, b"fund"))
    undo(store, "B000002")
    named = definitions.Definition("rule_now", "view", "", "", {})
    monkeypatch.setattr(definitions, "of_files", lambda: (named,))
    assert verify(store) == []
    sql("UPDATE manager_log SET name = '改'", edition=1)(store)
    assert found(store) == {("row_altered", "edition-000001.duckdb", "B000001", "manager", "VC1")}


@pytest.mark.parametrize(
    "seed", [1, 2, 3, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(4, 20))]
)
def test_damage_is_a_problem_and_never_a_traceback(loaded: Store, seed: int):
    """A file cut somewhere, or with bytes turned somewhere: whatever is told, it is told of that file."""
    chance = random.Random(seed)

    def damaged(content: bytes) -> bytes:
        if seed % 2:
            return content[: chance.randrange(len(content))]
        turned = bytearray(content)
        for place in range(0, len(content), 4096):
            turned[place + chance.randrange(4096) if place + 4096 <= len(content) else place] ^= 0xFF
        return bytes(turned)

    number = chance.choice([1, 2])
    file(f"editions/edition-{number:06d}.duckdb", damaged)(loaded)
    told = verify(loaded)
    assert {problem.file for problem in told} == {f"edition-{number:06d}.duckdb"}

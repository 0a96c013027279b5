"""Views, macros, comments and migrations: rebuilt always, run once, described in both languages."""

import re
from pathlib import Path

import duckdb
import polars as pl
import pytest
from storekit import MANAGER, NOON, batch, load, memory, two_editions

from fundtrack.errors import IntegrityError
from fundtrack.model import frames
from fundtrack.model.rows import TABLES
from fundtrack.store import definitions, migrate
from fundtrack.store.batches import batch_number
from fundtrack.store.editions import Store
from fundtrack.store.ledger import Ledger, borrowed

NOW = NOON.replace(tzinfo=None)
SYSTEM = {"batch", "edition", "batch_column", "view_text", "schema_version"}


def view(name: str, body: str = "SELECT 1 AS a", kind: str = "view") -> definitions.Definition:
    create = "MACRO" if kind == "macro" else "VIEW"
    arguments, shown = ("(batch) AS TABLE", "(batch)") if kind == "macro" else (" AS", "")
    words = f"-- {kind} {name}{shown}: 甲 / A\n-- {name}.a: 乙 / B\n-- read by: nobody"
    text = f"{words}\nCREATE OR REPLACE {create} {name}{arguments} {body};\n"
    [one] = definitions.parse(text)
    return one


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """An edition with every view of the program."""
    store = Store(tmp_path_factory.mktemp("published") / "data")
    load(store, batch({"manager": [MANAGER]}))
    return store


def test_every_table_view_macro_and_column_is_described(published: Store):
    with published.connect() as con:
        things = con.sql(
            "SELECT schema_name || '.' || table_name AS name, comment FROM duckdb_tables() WHERE NOT internal "
            "UNION ALL SELECT schema_name || '.' || view_name, comment FROM duckdb_views() WHERE NOT internal "
            "UNION ALL SELECT schema_name || '.' || function_name, comment FROM duckdb_functions() WHERE NOT internal "
            "UNION ALL SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    formula = re.compile(r"[A-Z +−×÷]+")
    chinese_first = re.compile(r".*[\u4e00-\u9fff].* / .+")
    wrong = [
        name
        for name, words in things
        if not chinese_first.match(words or "") and not formula.fullmatch(words or "")
    ]
    assert not wrong
    assert {f"main.{table}" for table in TABLES} | {f"main.{table}_at" for table in TABLES} <= {
        name for name, _ in things
    }


def test_descriptions_speak_of_columns_that_are_there(published: Store):
    with published.connect() as con:
        standing: dict[str, set[str]] = {}
        for table, column in con.sql("SELECT table_name, column_name FROM duckdb_columns()").fetchall():
            standing.setdefault(table, set()).add(column)
        for one in definitions.all_definitions():
            if one.kind == "macro":
                arguments = [name for [names] in con.sql(
                    "SELECT parameters FROM duckdb_functions() WHERE function_name = $1", params=[one.name]
                ).fetchall() for name in names]  # fmt: skip
                values = {
                    "as_of": "DATE '2017-09-30'",
                    "batch": "'B000001'",
                    "n": "2",
                    "seed": "7",
                    "number": "1",
                    "moment": "TIMESTAMP '2017-09-30'",
                }
                given = ", ".join(values[name] for name in arguments if name in values)
                columns = set(con.sql(f"SELECT * FROM {one.name}({given}) LIMIT 0").columns)
            elif one.kind == "scalar":
                columns = set()
            else:
                columns = standing[one.name.split(".")[-1].replace('"', "")]
            assert set(one.columns) == columns, one.name
    for one in migrate.table_words():
        assert set(one.columns) == standing[one.name], one.name


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        pytest.param("rule_found(true, false, NULL, false, true)", False, id="clear whatever binds"),
        pytest.param("rule_found(false, false, NULL, false, true)", None, id="nothing binds"),
        pytest.param("rule_found(false, true, NULL, false, true)", True, id="the agreement binds"),
        pytest.param("rule_found(false, false, 'reference', true, false)", None, id="a rule without its value, the reference not passed"),
        pytest.param("rule_found(false, false, 'reference', true, true)", True, id="a rule without its value, the reference passed"),
        pytest.param("rule_found(false, false, 'rule', true, false)", False, id="another rule has its value"),
        pytest.param("rule_status(NULL, 'rule')", "incomplete", id="nobody can tell"),
        pytest.param("rule_status(false, 'rule')", "clear", id="not found"),
        pytest.param("rule_status(true, 'agreement')", "suspected", id="against the agreement"),
        pytest.param("rule_status(true, 'rule')", "suspected", id="against a rule"),
        pytest.param("rule_status(true, 'reference')", "hint", id="against a reference"),
    ],
)  # fmt: skip
def test_macros_of_a_value(published: Store, asked: str, answer: object):
    with published.connect() as con:
        assert con.sql(f"SELECT {asked}").fetchall() == [(answer,)]


def test_no_name_needs_quotes(published: Store):
    with published.connect() as con:
        reserved = {
            word for (word,) in con.sql(
                "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'"
            ).fetchall()
        }  # fmt: skip
        names = {
            name
            for (name,) in con.sql("SELECT column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
        }
    assert not names & reserved


# --- the mechanism -----------------------------------------------------------------------------------------------


def test_what_is_needed_comes_first():
    listed = [
        view("c", "SELECT a FROM b_at('x')"),
        view("b_at", "SELECT * FROM a_at(batch)", "macro"),
        view("a_at", kind="macro"),
    ]
    assert [one.name for one in definitions.ordered(listed)] == ["a_at", "b_at", "c"]
    apart = [view("b", "SELECT 1 AS x -- not of a"), view("a", "SELECT 1 AS ab")]
    assert [one.name for one in definitions.ordered(apart)] == ["b", "a"]
    with pytest.raises(IntegrityError, match="view_circular"):
        definitions.ordered([view("b", "SELECT * FROM a"), view("a", "SELECT * FROM b")])


def test_a_file_defines_one_thing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "deeper").mkdir()
    (tmp_path / "b.sql").write_text("-- view b: 甲 / B\nCREATE OR REPLACE VIEW b AS SELECT * FROM c")
    (tmp_path / "deeper" / "c.sql").write_text("-- view c: 甲 / C\nCREATE OR REPLACE VIEW c AS SELECT 1 AS a")
    (tmp_path / "read.me").write_text("nothing")
    monkeypatch.setattr(definitions, "files", lambda _: tmp_path.parent)
    files = definitions.sql_files(tmp_path.name)
    assert [file.name for file in files] == ["b.sql", "c.sql"]
    monkeypatch.setattr(definitions, "sql_files", lambda _: files)
    definitions.of_files.cache_clear()
    assert [one.name for one in definitions.of_files()] == ["c", "b"]
    (tmp_path / "b.sql").write_text("SELECT 1")
    definitions.of_files.cache_clear()
    with pytest.raises(IntegrityError, match="view_unreadable"):
        definitions.of_files()
    definitions.of_files.cache_clear()


def test_rebuilding_drops_what_is_no_longer_defined():
    with memory() as store:
        model = list(definitions.of_model())
        first = definitions.rebuild(store.con, [*model, view("a"), view("b", kind="macro"), view('zh."甲"')])
        definitions.comment(store.con, [view('zh."甲"')])
        words = store.con.sql("SELECT comment FROM duckdb_columns() WHERE schema_name = 'zh'").fetchall()
        assert words == [("乙 / B",)]
        assert definitions.rebuild(store.con, [*model, view("b")]) != first
        views = store.con.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        assert {name for (name,) in views} == {*TABLES, "b"}


def test_a_view_that_fails_is_named():
    with memory() as store, pytest.raises(IntegrityError, match="view_failed") as error:
        definitions.rebuild(store.con, [view("a", "SELECT * FROM nothing")])
    assert error.value.about["view"] == "a"
    assert "nothing" in error.value.about["detail"]


# --- migrations --------------------------------------------------------------------------------------------------


def test_migrations_run_once(tmp_path: Path):
    more = tmp_path / "0002_more.sql"
    more.write_text("CREATE TABLE setting (name VARCHAR)")
    known = [*migrate.migrations(), more]
    with duckdb.connect() as con:
        assert migrate.migrate(con, NOW) == ["0001_start.sql"]
        assert migrate.migrate(con, NOW) == []
        assert migrate.migrate(con, NOW, known) == ["0002_more.sql"]
        ran = con.sql("SELECT name, ran_at FROM schema_version ORDER BY name").fetchall()
        assert ran == [("0001_start.sql", NOW), ("0002_more.sql", NOW)]
        with pytest.raises(IntegrityError, match="newer_data") as error:
            migrate.migrate(con, NOW)
    assert error.value.about == {"migration": "0002_more.sql"}


def test_a_migration_that_fails_leaves_no_trace(tmp_path: Path):
    wrong = tmp_path / "0002_wrong.sql"
    wrong.write_text("CREATE TABLE half (a INT); SELECT * FROM nothing")
    with duckdb.connect() as con:
        migrate.migrate(con, NOW)
        con.execute("BEGIN")
        with pytest.raises(duckdb.Error):
            migrate.migrate(con, NOW, [*migrate.migrations(), wrong])
        con.execute("ROLLBACK")
        assert con.sql("SELECT count(*) FROM schema_version").fetchall() == [(1,)]
        assert con.sql("SELECT * FROM duckdb_tables() WHERE table_name = 'half'").fetchall() == []


def test_a_newer_data_dictionary_adds_tables_and_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An edition of an older program is read with the new columns unknown; the next publish brings them in."""
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    store = two_editions(tmp_path)
    path = store.edition_path(2)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as con:
        con.execute("DROP TABLE policy_log; ALTER TABLE manager_log DROP COLUMN amac_no")
        con.execute(
            "CREATE OR REPLACE MACRO manager_at(batch) AS TABLE SELECT * FROM manager_log WHERE batch_id <= batch"
        )
    manager = store.ledger()["manager"]
    assert dict(manager.schema) == frames.schema("manager")
    assert manager["amac_no"].null_count() == manager.height
    assert store.ledger()["policy"].is_empty()
    load(store, batch({"manager": [MANAGER | {"amac_no": "P1"}]}, b"more"))
    assert store.ledger()["manager"]["amac_no"].to_list() == ["P1"]
    assert store.ledger()["policy"].is_empty()


def test_an_edition_without_logs_holds_nothing():
    with duckdb.connect() as con:
        ledger = Ledger(lambda: borrowed(con), 1, "B000001")
        assert ledger["manager"].is_empty()


def test_system_tables_are_described_where_they_are_made():
    words = {one.name: one for one in migrate.table_words()}
    assert words.keys() == SYSTEM | {f"{table}_log" for table in TABLES}
    assert batch_number("B000010") == 10


def test_digest_tells_rows_apart():
    from fundtrack.store.results import digest

    one = pl.DataFrame({"a": [0.1, None], "b": ["x", "y"]})
    assert digest(one) == digest(one.reverse())
    assert digest(one) != digest(one.with_columns(a=pl.lit(0.1)))
    assert digest(one) != digest(one.rename({"a": "c"}))

"""The store: what is published can be read, at every edition, by anyone; what fails leaves nothing."""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from storekit import FUND, MANAGER, NOON, batch, load, rows, tree, two_editions, undo

from fundtrack.errors import BusyError, FundtrackError, InputError, IntegrityError
from fundtrack.model import frames
from fundtrack.model.rows import TABLES
from fundtrack.store import computing, definitions, migrate, publish
from fundtrack.store.editions import Store
from fundtrack.store.verify import verify

SCRIPT = """
import sys
from pathlib import Path
sys.path[:0] = [{tests!r}]
from storekit import *
from fundtrack.store import computing, definitions, publish
from fundtrack.store.editions import Store
store = Store(Path(sys.argv[1]))
definitions.of_files = lambda: ()
"""


@pytest.fixture(autouse=True)
def _without_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the views of the data dictionary: what the reports' views say is tested elsewhere."""
    monkeypatch.setattr(definitions, "of_files", lambda: ())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Nothing yet."""
    return Store(tmp_path / "data")


@pytest.fixture
def loaded(tmp_path: Path) -> Store:
    """Two editions, three batches."""
    return two_editions(tmp_path)


def run(data: Path, code: str, **options: object) -> "subprocess.Popen[str]":
    script = SCRIPT.format(tests=str(Path(__file__).parent)) + code
    return subprocess.Popen(
        [sys.executable, "-c", script, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )  # type: ignore[call-overload]


def test_nothing_yet(store: Store):
    ledger = store.ledger()
    assert (store.newest(), ledger.edition, ledger.batch_id, ledger.default_as_of) == (None, None, "", None)
    assert {table: dict(ledger[table].schema) for table in ledger} == {
        table: frames.schema(table) for table in TABLES
    }
    assert ledger.batches().is_empty()
    assert ledger.editions().is_empty()
    assert ledger.batch_columns().is_empty()
    assert ledger.log("manager").is_empty()
    assert ledger.history("manager", "B000001").is_empty()
    assert ledger.keys_ever("manager") == set()
    assert len(ledger) == len(TABLES)
    for ask in (lambda: store.connect().__enter__(), lambda: store.ledger(1)):
        with pytest.raises(InputError, match="no_edition"):
            ask()
    with pytest.raises(InputError, match="batch_unknown"):
        store.undo("B000001", by="li", reason=None, now=NOON, version="0.1.0")


def test_what_is_published_is_read_back(store: Store):
    cover = {"sender": "示例创投", "as_of": date(2017, 9, 30), "unit": "万元"}
    flows = rows(
        "valuation",
        {"participation_id": "PA2", "valued_on": date(2017, 6, 30), "nav": 1200, "currency": "CNY"},
        {
            "participation_id": "PA1",
            "valued_on": date(2017, 6, 30),
            "nav": 7,
            "currency": "USD",
            "note": "备注",
        },
    )
    first = batch(
        {"cover": [cover], "manager": [MANAGER]}, cover={"sender": "示例创投", "as_of": "2017-09-30"}
    )
    assert load(store, first, batch({"valuation": flows}, source=b"another")) == 1
    ledger = store.ledger()
    assert (ledger.edition, ledger.batch_id, ledger.default_as_of) == (1, "B000002", date(2017, 9, 30))
    assert_frame_equal(ledger["valuation"], flows.sort("row_key").select(list(frames.schema("valuation"))))
    placed = ledger.placed("valuation").select("batch_id", "sheet", "row_number").rows()
    assert placed == [("B000002", "估值", 4), ("B000002", "估值", 3)]
    assert ledger.batches().select("batch_id", "edition", "file_name", "as_of", "loaded_at").rows() == [
        ("B000001", 1, "示例.xlsx", date(2017, 9, 30), NOON.replace(tzinfo=None)),
        ("B000002", 1, "示例.xlsx", None, NOON.replace(tzinfo=None)),
    ]
    assert ledger.batch_columns()["table_name"].to_list() == ["cover", "manager", "valuation"]
    with pytest.raises(KeyError):
        ledger["nothing"]


def test_known_at_an_edition(loaded: Store):
    undo(loaded, "B000002")
    known = {edition: loaded.ledger(edition)["manager"]["name"].item() for edition in (1, 2, 3)}
    assert known == {1: "旧名", 2: "示例创投", 3: "旧名"}
    assert loaded.ledger(2).editions()["last_batch_id"].to_list() == ["B000001", "B000003"]
    assert loaded.ledger(1).batches()["batch_id"].to_list() == ["B000001"]
    assert loaded.ledger().batches()["kind"].to_list() == ["load", "load", "load", "reversal"]
    with loaded.connect() as con:
        history = con.sql("SELECT name FROM manager_log ORDER BY batch_id").fetchall()
        assert history == [("旧名",), ("示例创投",), ("旧名",)]
        assert con.sql("SELECT name FROM manager_at('B000002')").fetchall() == [("示例创投",)]
    loaded.edition_path(1).unlink()
    assert loaded.ledger(1)["manager"]["name"].item() == "旧名"
    for ask in (lambda: loaded.ledger(9), lambda: loaded.connect(1).__enter__()):
        with pytest.raises(InputError, match="edition_unknown"):
            ask()


def test_a_held_ledger_asks_by_one_connection(loaded: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    opened: list[int | None] = []
    connect = loaded.connect

    def counted(edition: int | None = None):
        opened.append(edition)
        return connect(edition)

    monkeypatch.setattr(loaded, "connect", counted)
    ledger = loaded.ledger()
    opened.clear()
    with ledger.held() as held:
        assert held["manager"]["name"].item() == "示例创投"
        assert held.batches().height == 3
    assert len(opened) == 1
    assert ledger.editions().height == 2, "let go, it asks as before"
    assert len(opened) == 2
    with Store(tmp_path / "nothing").ledger().held() as nothing:
        assert nothing["manager"].is_empty()


def test_files_of_an_edition(loaded: Store):
    folders = loaded.folders
    assert folders.published.read_bytes() == loaded.edition_path(2).read_bytes()
    archives = [folders.archive(f"B00000{n}") for n in (1, 2, 3)]
    written = [folders.published, loaded.edition_path(1), *archives, *folders.sources.iterdir()]
    assert {path.stat().st_mode & 0o777 for path in written} == {0o444}
    assert {path.read_bytes() for path in folders.sources.iterdir()} == {b"workbook", b"news", b"fund"}
    names = {path.name for path in folders.data.rglob("*") if path.is_file()}
    assert not [name for name in names if name.endswith((".wal", ".tmp")) or name.startswith("draft")]
    assert (folders.data / ".lock").read_text() == ""


def test_a_reader_reaches_nothing_else(loaded: Store):
    with loaded.connect() as con:
        for wish in (
            "FROM read_text('/etc/hostname')",
            "SET enable_external_access = true",
            "DROP VIEW manager",
        ):
            with pytest.raises(duckdb.Error):
                con.execute(wish)


def test_the_same_source_is_kept_once(loaded: Store, tmp_path: Path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"workbook")
    load(loaded, batch({"manager": [MANAGER]}, source=path), batch({"partner_fund": [FUND]}))
    assert len(list(loaded.folders.sources.iterdir())) == 3
    path.write_bytes(b"changed meanwhile")
    late = batch({"manager": [MANAGER]}, source=path)
    path.write_bytes(b"changed again")
    before = tree(loaded.folders.data)
    with pytest.raises(InputError, match="source_changed"):
        load(loaded, late)
    assert tree(loaded.folders.data) == before


# --- publishing ------------------------------------------------------------------------------------------------


def test_check_sees_the_draft_and_its_results_are_kept(loaded: Store):
    seen = []

    def check(ledger, con):
        seen.append(
            (ledger.edition, ledger.batch_id, ledger["manager"]["name"].to_list(), ledger.batches().height)
        )
        assert con.sql("SELECT count(*) FROM manager").fetchall() == [(1,)]
        yield {"fund_metric": pl.DataFrame({"fund": ["PF1"], "irr": [0.25]})}
        # The first part is kept while the next one is made.
        assert con.sql("SELECT irr FROM fund_metric").fetchall() == [(0.25,)]
        yield {"fund_rank": pl.DataFrame({"fund": ["PF1"], "rank": [1]})}

    load(loaded, batch({"manager": [MANAGER | {"name": "新名"}]}), check=check)
    assert seen == [(3, "B000004", ["新名"], 4)]
    with loaded.connect() as con:
        assert con.sql("FROM fund_metric").fetchall() == [("PF1", 0.25)]
        assert con.sql("FROM fund_rank").fetchall() == [("PF1", 1)]
    load(loaded, batch({"manager": [MANAGER]}))
    with loaded.connect() as con, pytest.raises(duckdb.CatalogException):
        con.sql("FROM fund_metric")


def test_a_declared_table_of_results_is_filled(loaded: Store, monkeypatch: pytest.MonkeyPatch):
    text = "-- table finding: 疑点 / Findings\n-- finding.a: 甲 / A\nCREATE OR REPLACE TABLE finding (a BIGINT, b VARCHAR)"
    view = "-- view open_finding: 未结 / Open\nCREATE OR REPLACE VIEW open_finding AS SELECT * FROM finding"
    declared = tuple(definitions.ordered([*definitions.parse(view), *definitions.parse(text)]))
    monkeypatch.setattr(definitions, "of_files", lambda: declared)
    for value in (1, 2):
        frame = pl.DataFrame({"b": ["x"], "a": [value]})
        load(loaded, batch({"manager": [MANAGER]}), check=lambda *_, frame=frame: [{"finding": frame}])
        with loaded.connect() as con:
            assert con.sql("FROM open_finding").fetchall() == [(value, "x")]
            assert con.sql("SELECT comment FROM duckdb_tables() WHERE table_name = 'finding'").fetchall() == [
                ("疑点 / Findings",)
            ]
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    load(loaded, batch({"manager": [MANAGER]}))
    with loaded.connect() as con:
        assert con.sql("SELECT * FROM duckdb_views() WHERE view_name = 'open_finding'").fetchall() == []


def fails(error: Exception):
    def wrong(*_: object, **__: object) -> None:
        raise error

    return wrong


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("place", "name", "error", "code"),
    [
        pytest.param(publish.shutil, "copyfile", FULL, "write_failed", id="copying the edition"),
        pytest.param(publish.chain, "write_rows", FULL, "write_failed", id="writing an archive's rows"),
        pytest.param(publish.chain, "seal", FULL, "write_failed", id="writing an archive"),
        pytest.param(
            publish.migrate, "migrate", duckdb.IOException("disk"), "write_failed", id="DuckDB's disk"
        ),
        pytest.param(publish, "copy_with_time", FULL, "write_failed", id="copying for auditors"),
        pytest.param(publish, "settle", FULL, "write_failed", id="making durable"),
        pytest.param(publish, "settle_folder", FULL, "write_failed", id="naming"),
        pytest.param(publish, "_sources", InputError("source_changed"), "source_changed", id="a source"),
        pytest.param(computing, "store_results", KeyboardInterrupt(), None, id="interrupted"),
    ],
)
def test_a_publish_that_fails_changes_nothing(loaded: Store, place, name, error, code):
    before = tree(loaded.folders.data)
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(place, name, fails(error))
        with pytest.raises(FundtrackError if code else KeyboardInterrupt) as raised:
            load(loaded, batch({"manager": [MANAGER]}, source=b"more"))
    assert getattr(raised.value, "code", None) == code
    assert tree(loaded.folders.data) == before
    assert not (loaded.folders.data / "sweep.log").exists()


def test_a_check_that_refuses_changes_nothing(store: Store):
    with pytest.raises(IntegrityError, match="engines_differ"):
        load(store, batch({"manager": [MANAGER]}), check=fails(IntegrityError("engines_differ")))
    assert tree(store.folders.data) == {}


def test_a_check_that_refuses_in_its_second_part_changes_nothing(loaded: Store):
    def check(*_):
        yield {"fund_metric": pl.DataFrame({"irr": [0.25]})}
        raise IntegrityError("engines_differ")

    before = tree(loaded.folders.data)
    with pytest.raises(IntegrityError, match="engines_differ"):
        load(loaded, batch({"manager": [MANAGER]}, source=b"more"), check=check)
    assert tree(loaded.folders.data) == before


def test_a_draft_that_keeps_a_write_ahead_log_is_not_published(store: Store, monkeypatch: pytest.MonkeyPatch):
    sources = publish._sources

    def leave(making):
        making.folders.draft(1).with_name("draft-000001.duckdb.wal").touch()
        return sources(making)

    monkeypatch.setattr(publish, "_sources", leave)
    with pytest.raises(IntegrityError, match="draft_not_closed"):
        load(store, batch({"manager": [MANAGER]}))
    assert tree(store.folders.data) == {}


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        pytest.param(
            batch({"manager": rows("manager", MANAGER).drop("note")}), "columns differ", id="a column missing"
        ),
        pytest.param(batch({"manager": [MANAGER, MANAGER]}), "stands twice", id="a key twice"),
        pytest.param(batch({"manager": [MANAGER | {"op": "change"}]}), "neither put", id="an unknown op"),
        pytest.param(
            publish.DraftBatch(batch({}).meta, {}, pl.DataFrame({"a": [1]}), b"workbook"),
            "columns differ",
            id="the map",
        ),
    ],
)
def test_a_draft_that_the_ledger_cannot_hold(store: Store, draft, why):
    with pytest.raises(ValueError, match=why):
        load(store, draft)
    assert tree(store.folders.data) == {}


def test_publish_needs_the_lock_a_batch_and_a_free_name(store: Store):
    with pytest.raises(RuntimeError):
        store.publish([batch({"manager": [MANAGER]})])
    with pytest.raises(ValueError, match="nothing"):
        load(store)
    with pytest.raises(ValueError, match="belongs"):
        load(store, batch({"manager": [MANAGER]}), check=lambda *_: [{"manager": pl.DataFrame({"a": [1]})}])


# --- crashes and other processes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "left", "newest"),
    [
        pytest.param("publish._seal", {"draft-000003.duckdb", "draft-000003.duckdb.wal", ".0.rows.tmp"}, 2, id="while filling"),
        pytest.param(
            "Path.rename", {"draft-000003.duckdb", ".fundtrack.duckdb.tmp", ".B000004.jsonl.tmp"}, 2, id="before the names"
        ),
        pytest.param("Path.replace", {".fundtrack.duckdb.tmp"}, 3, id="before the auditor's copy has its name"),
    ],
)  # fmt: skip
def test_a_killed_publish_is_swept_with_a_trace(loaded: Store, at, left, newest):
    code = f"import os\n{at} = lambda *_: os._exit(9)\nload(store, batch({{'manager': [MANAGER]}}))"
    assert run(loaded.folders.data, code).wait() == 9
    assert loaded.newest() == newest
    load(loaded, batch({"manager": [MANAGER | {"name": "新名"}]}, source=b"more"))
    swept = [json.loads(line) for line in (loaded.folders.data / "sweep.log").read_text().splitlines()]
    assert {Path(trace["file"]).name for trace in swept} >= left - {"draft-000003.duckdb.wal"}
    assert all(trace["sha256"] and trace["at"] for trace in swept)
    assert loaded.newest() == newest + 1
    assert loaded.folders.published.read_bytes() == loaded.edition_path(newest + 1).read_bytes()
    assert loaded.ledger()["manager"]["name"].to_list() == ["新名"]


def test_what_a_crash_left_of_archives_and_copies_is_made_good(loaded: Store):
    orphan = loaded.folders.archive("B000004")
    orphan.write_text("{}\n")
    loaded.folders.published.unlink()
    with loaded.lock("zhang"):
        assert not orphan.exists()
        assert loaded.folders.published.read_bytes() == loaded.edition_path(2).read_bytes()
    assert "batches/B000004.jsonl" in (loaded.folders.data / "sweep.log").read_text()


def test_a_second_loader_waits_then_is_told_who(store: Store):
    holder = run(store.folders.data, "with store.lock('王经办'): print('held', flush=True); sys.stdin.read()")
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(BusyError) as error, store.lock("zhang", wait=0.1):
        pass
    assert error.value.code == "busy"
    assert error.value.about["by"] == "王经办"
    assert error.value.about["since"].startswith("20")
    holder.stdin.close()
    with store.lock("zhang"), pytest.raises(BusyError) as error, Store(store.folders.data).lock("li", wait=0):
        pass
    assert error.value.about["by"] == "zhang"
    holder.wait()


def test_a_viewer_reads_on_while_others_load(loaded: Store):
    look = """
import duckdb
con = duckdb.connect(str(store.folders.published), read_only=True)
for _ in sys.stdin:
    print(con.sql("SELECT name FROM manager").fetchall(), flush=True)
"""
    viewer = run(loaded.folders.data, look)
    assert viewer.stdin is not None
    assert viewer.stdout is not None
    answers = []
    for name in ("新名", "又名"):
        viewer.stdin.write("look\n")
        viewer.stdin.flush()
        answers.append(viewer.stdout.readline().strip())
        load(loaded, batch({"manager": [MANAGER | {"name": name}]}))
    fresh = run(loaded.folders.data, look)
    out, _ = fresh.communicate("look\n")
    viewer.communicate()
    assert [*answers, out.strip()] == ["[('示例创投',)]", "[('示例创投',)]", "[('又名',)]"]


@pytest.mark.parametrize("kind", ["a file", "beneath a file"])
def test_a_folder_that_cannot_be(tmp_path: Path, kind):
    (tmp_path / "data").write_text("no folder")
    path = tmp_path / "data" if kind == "a file" else tmp_path / "data" / "below"
    with pytest.raises(BusyError, match="not_writable"), Store(path).lock("zhang"):
        pass


def test_a_lock_that_cannot_be_opened(store: Store):
    (store.folders.data / ".lock").mkdir(parents=True)
    with pytest.raises(BusyError, match="not_writable"), store.lock("zhang"):
        pass


@pytest.mark.parametrize("closed", [".", "editions"])
def test_a_folder_that_may_not_be_written(loaded: Store, closed):
    """Root may write anywhere, so another user tries."""
    with tempfile.TemporaryDirectory() as made:
        data = Path(shutil.move(loaded.folders.data, made))
        Path(made).chmod(0o755)
        (data / closed).chmod(0o555)
        assert Store(data).ledger()["manager"].height == 1
        user = os.geteuid()
        if user == 0:
            for path in data.rglob("*"):
                os.chown(path, 65534, -1)
            os.chown(data, 65534, -1)
        try:
            if user == 0:
                os.seteuid(65534)
            with pytest.raises(BusyError) as error, Store(data).lock("zhang"):
                pass
            with Store(data).connect() as con:
                assert con.sql("SELECT count(*) FROM manager").fetchall() == [(1,)]
        finally:
            os.seteuid(user)
            (data / closed).chmod(0o755)
        assert (error.value.code, error.value.about) == ("not_writable", {"folder": str(data / closed)})


def test_a_folder_that_may_not_be_read(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("fundtrack.store.folders.Folders.numbers", fails(PermissionError()))
    with pytest.raises(BusyError, match="not_readable"):
        store.newest()


def test_an_edition_that_is_no_database(loaded: Store):
    loaded.edition_path(3).write_bytes(b"not a database" * 1000)
    with pytest.raises(IntegrityError, match="edition_unreadable"), loaded.connect(3):
        pass
    assert loaded.ledger().edition == 2, "the last good one"


# --- a draft begun while files are read ---------------------------------------------------------------------------


def test_a_draft_begun_ahead_is_gone_where_nothing_is_published(loaded: Store):
    before = tree(loaded.folders.data)
    with loaded.lock("zhang"), loaded.ahead():
        pass
    with pytest.raises(KeyboardInterrupt), loaded.lock("zhang"), loaded.ahead():
        raise KeyboardInterrupt
    assert tree(loaded.folders.data) == before
    assert not (loaded.folders.data / "sweep.log").exists()


def test_a_publish_goes_on_with_the_draft_begun_ahead(loaded: Store, monkeypatch: pytest.MonkeyPatch):
    copied = []
    copyfile = publish.shutil.copyfile
    monkeypatch.setattr(publish.shutil, "copyfile", lambda *paths: copied.append(paths) or copyfile(*paths))
    with loaded.lock("zhang"), loaded.ahead():
        done = loaded.publish([batch({"manager": [MANAGER | {"name": "新名"}]}, source=b"more")])
        load_two = batch({"manager": [MANAGER | {"name": "又名"}]}, source=b"still more")
    assert [str(path) for _, path in copied].count(str(loaded.folders.draft(done.edition))) == 1
    assert loaded.ledger()["manager"]["name"].to_list() == ["新名"]
    assert not list(loaded.folders.editions.glob("draft*"))
    assert load(loaded, load_two) == done.edition + 1
    assert loaded.ledger()["manager"]["name"].to_list() == ["又名"]
    assert verify(loaded) == []


def test_what_went_wrong_with_a_draft_begun_ahead_is_told_by_the_publish(loaded: Store):
    before = tree(loaded.folders.data)
    with pytest.MonkeyPatch.context() as broken, loaded.lock("zhang"):
        broken.setattr(publish.shutil, "copyfile", fails(FULL))
        with loaded.ahead(), pytest.raises(BusyError, match="write_failed"):
            loaded.publish([batch({"manager": [MANAGER]}, source=b"more")])
    assert tree(loaded.folders.data) == before


def test_migrations_are_dated_by_the_publish(store: Store):
    load(store, batch({"manager": [MANAGER]}))
    with store.connect() as con:
        assert con.sql(
            "SELECT count(*) FILTER (WHERE ran_at = published_at), count(*) > 0 FROM schema_version, edition"
        ).fetchall() == [(len(migrate.migrations()), True)]

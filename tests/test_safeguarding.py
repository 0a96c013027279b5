"""Backup and restore give the same folder back or say what is wrong; a rebuild out of archives has the same head hash."""

import io
import json
import os
import random
import shutil
import tarfile
from decimal import Decimal

import polars as pl
import pytest
from random_ledgers import random_rows
from running import json_of, run_fundtrack
from storekit import FUND, MANAGER, batch, hashes, load, tree, two_editions, undo

from fundtrack.errors import FundtrackError
from fundtrack.load.agree import agree, recheck
from fundtrack.reports.doctor import examine
from fundtrack.settings import Settings
from fundtrack.store import definitions
from fundtrack.store.backup import backup, restore
from fundtrack.store.batches import draft_schema
from fundtrack.store.editions import Store
from fundtrack.store.folders import Folders
from fundtrack.store.rebuild import rebuild
from fundtrack.store.verify import verify


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A store of two editions, its views left out for speed."""
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    return two_editions(tmp_path)


def proof(folder):
    """What must come back: every file of the ledger, as bytes."""
    return {
        name: sha
        for name, sha in tree(folder).items()
        if name.split("/")[0] in {"editions", "batches", "sources", "fundtrack.duckdb"}
    }


# --- backup and restore -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz"])
def test_what_is_restored_is_what_was_backed_up(small, tmp_path, name):
    side = small.folders.data / "profiles" / "库.toml"
    side.parent.mkdir()
    side.write_text("name = '库'", encoding="utf-8")
    keys = small.folders.data / "keys"
    keys.mkdir()
    (keys / "checkpoint.pem").write_text("secret")
    (keys / "ab.pub").write_text("public")
    made = backup(small, tmp_path / name)
    back = tmp_path / "back"
    found = restore(tmp_path / name, back)
    assert found == made
    assert proof(back) == proof(small.folders.data)
    assert (back / "profiles" / "库.toml").read_text("utf-8") == "name = '库'"
    assert (back / "keys" / "ab.pub").exists()
    assert not (back / "keys" / "checkpoint.pem").exists(), "a private key left the installation"
    assert b"secret" not in (tmp_path / name).read_bytes()
    assert verify(Store(back)) == []
    assert (back / "editions" / "edition-000002.duckdb").stat().st_mode & 0o222 == 0


def test_a_backup_holds_the_edition_at_which_it_began(small, tmp_path):
    draft = small.folders.draft(3)
    draft.write_bytes(b"being made")
    backup(small, tmp_path / "b.tar")
    with tarfile.open(tmp_path / "b.tar") as tar:
        names = tar.getnames()
    assert names[0] == "manifest.json"
    assert not [name for name in names if "draft" in name or ".lock" in name]


def rewritten(path, change):
    """The tar file with its members changed: name, content → name, content, or None to leave it out."""
    members = []
    with tarfile.open(path) as tar:
        members = [(member.name, tar.extractfile(member).read()) for member in tar]
    path.chmod(0o644)
    with tarfile.open(path, "w") as tar:
        for name, content in members:
            for new, text in change(name, content):
                info = tarfile.TarInfo(new)
                info.size = len(text)
                tar.addfile(info, io.BytesIO(text))


def altered(name, content):
    yield (
        name,
        content.replace("示例创投".encode(), "示例创业".encode())
        if name.startswith("batches/B000001")
        else content,
    )


def left_out(name, content):
    if not name.startswith("batches/B000002"):
        yield name, content


def added(name, content):
    yield name, content
    if name == "manifest.json":
        yield "sources/extra", b"x"


def climbing(name, content):
    if name == "manifest.json":
        said = json.loads(content)
        said["files"].append(
            {
                "name": "../evil",
                "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
                "bytes": 1,
            }
        )
        yield name, json.dumps(said).encode()
        yield "../evil", b"x"
    else:
        yield name, content


def twice(name, content):
    yield name, content
    if name.startswith("batches/B000001"):
        yield name, content


def no_manifest(name, content):
    if name != "manifest.json":
        yield name, content


@pytest.mark.parametrize(
    ("change", "code"),
    [(altered, "backup_altered"), (left_out, "backup_altered"), (added, "backup_altered"), (climbing, "backup_altered"),
     (twice, "backup_altered"), (no_manifest, "backup_unreadable")],
)  # fmt: skip
def test_a_backup_that_was_altered_restores_nothing(small, tmp_path, change, code):
    backup(small, tmp_path / "b.tar")
    rewritten(tmp_path / "b.tar", change)
    with pytest.raises(FundtrackError) as refused:
        restore(tmp_path / "b.tar", tmp_path / "deep" / "back")
    assert refused.value.code == code
    assert not (tmp_path / "deep" / "back").exists()
    assert not list((tmp_path / "deep").iterdir())
    assert not (tmp_path / "evil").exists() and not (tmp_path / "deep" / "evil").exists()


@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz"])
def test_a_backup_cut_anywhere_restores_nothing(small, tmp_path, name):
    backup(small, tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    dice = random.Random(8)
    # The last blocks of a tar are padding: cutting only those loses nothing.
    for place in [0, 1, 511, *(dice.randrange(len(whole) - 20_000) for _ in range(12))]:
        cut = tmp_path / f"cut-{place}"
        cut.write_bytes(whole[:place])
        with pytest.raises(FundtrackError) as refused:
            restore(cut, tmp_path / "back")
        assert refused.value.code in {"backup_unreadable", "backup_altered"}
        assert not (tmp_path / "back").exists()


def test_backup_and_restore_write_over_nothing(small, tmp_path):
    backup(small, tmp_path / "b.tar")
    before = tree(small.folders.data)
    with pytest.raises(FundtrackError, match="backup_exists"):
        backup(small, tmp_path / "b.tar")
    with pytest.raises(FundtrackError, match="folder_not_empty"):
        restore(tmp_path / "b.tar", small.folders.data)
    assert tree(small.folders.data) == before
    with pytest.raises(FundtrackError, match="backup_missing"):
        restore(tmp_path / "none.tar", tmp_path / "x")


def test_a_damaged_folder_gives_no_backup(small, tmp_path):
    source = next(small.folders.sources.iterdir())
    source.chmod(0o644)
    source.write_bytes(b"other")
    with pytest.raises(FundtrackError, match="backup_source_bad"):
        backup(small, tmp_path / "b.tar")
    assert not (tmp_path / "b.tar").exists()


def typed(tables):
    """Rows whose amounts are decimals."""
    return {
        table: [{name: Decimal(value) if isinstance(value, str) and isinstance(draft_schema(table)[name], pl.Decimal) else value
                 for name, value in row.items()} for row in rows]
        for table, rows in tables.items()
    }  # fmt: skip


# --- rebuild ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [8, pytest.param(50, marks=pytest.mark.full)])
def test_a_long_history_rebuilt_has_the_same_head(tmp_path, monkeypatch, count):
    """Loads and reversals by turns; views have tests of their own."""
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    store = Store(tmp_path / "data")
    for place in range(count):
        if place % 5 == 4:
            undo(store, store.ledger().batch_id, f"Nr. {place}")
        else:
            load(store, batch({"manager": [MANAGER | {"name": f"示例{place}"}]}, str(place).encode()))
    done = rebuild(store.folders, tmp_path / "new", None)
    assert (done.batches, done.edition, done.head) == (count, count, store.ledger().batches()["hash"][-1])
    assert hashes(Store(tmp_path / "new")) == hashes(store)


def test_a_history_rebuilt_has_the_same_head_and_the_same_ledger(tmp_path):
    """Loads of random rows, changes, a reversal: the archives alone give every log back."""
    store = Store(tmp_path / "data")
    load(store, batch({"manager": [MANAGER]}), check=agree)
    for seed in range(3):
        rows, _ = random_rows(seed)
        load(
            store,
            batch(typed(rows), f"s{seed}".encode(), cover={"as_of": "2017-09-30", "sender": "示例"}),
            check=agree,
        )
    last = store.ledger().batch_id
    undo(store, last, "wrong file, “quoted”\nand broken")
    load(store, batch({"partner_fund": [FUND | {"note": '","x":null'}]}, b"quotes"), check=agree)
    done = rebuild(store.folders, tmp_path / "new", agree)
    new = Store(tmp_path / "new")
    assert done.head == store.ledger().batches()["hash"][-1]
    assert done.batches == 6
    assert new.ledger().batches().equals(store.ledger().batches())
    assert new.ledger().editions().equals(store.ledger().editions())
    assert (
        store.ledger()["investor_commitment"]["amount"].null_count()
        < store.ledger()["investor_commitment"].height
    )
    for table in store.ledger():
        assert (
            new.ledger()
            .log(table)
            .sort("batch_id", "row_key")
            .equals(store.ledger().log(table).sort("batch_id", "row_key"))
        ), table
    assert verify(new, recheck) == []


@pytest.mark.parametrize(
    ("file", "change", "code"),
    [
        ("batches/B000002.jsonl", lambda text: text.replace("示例创投".encode(), "示例创业".encode()), None),
        ("batches/B000001.jsonl", lambda text: text + b'{"table":"manager"}\n', "chain_gap"),
        ("batches/B000001.jsonl", lambda text: text + b'{"table":"nothing","op":"put"}\n', "archive_unreadable"),
        ("batches/B000001.jsonl", lambda text: text + b"{", "archive_not_same"),
        ("batches/B000003.jsonl", lambda text: text.replace(b'","', b'", "', 1), "archive_not_same"),
        ("batches/B000002.jsonl", lambda text: None, "chain_gap"),
        ("batches/B000001.jsonl", lambda text: b"", "archive_unreadable"),
        ("batches/B000001.jsonl", lambda text: b"[]\n", "archive_unreadable"),
        ("sources/*", lambda text: None, "source_gone"),
        ("sources/*", lambda text: text + b" ", "source_gone"),
    ],
)  # fmt: skip
def test_archives_that_were_altered_are_not_rebuilt(small, tmp_path, file, change, code):
    path = sorted(small.folders.data.glob(file))[0]
    content = change(path.read_bytes())
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    if code is None:
        # One row rewritten throughout: this batch is whole in itself, and the next no longer follows from it.
        code = "chain_gap"
    with pytest.raises(FundtrackError) as refused:
        rebuild(small.folders, tmp_path / "new", None)
    assert refused.value.code == code
    assert not (tmp_path / "new").exists()


def test_a_rebuild_needs_archives_and_an_empty_folder(small, tmp_path):
    with pytest.raises(FundtrackError, match="no_archives"):
        rebuild(Folders(tmp_path / "nothing"), tmp_path / "new", None)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    with pytest.raises(FundtrackError, match="folder_not_empty"):
        rebuild(small.folders, tmp_path / "full", None)
    shutil.rmtree(small.folders.editions)
    small.folders.published.unlink()
    (tmp_path / "new").mkdir()
    assert rebuild(small.folders, tmp_path / "new", None).edition == 2, "editions are not needed"


# --- the commands -------------------------------------------------------------------------------------------------------


def test_the_demo_backed_up_restored_and_rebuilt_from_the_command_line(demo_folder, tmp_path):
    made = json_of("backup", tmp_path / "b.tar.gz", "--data", demo_folder)
    back = json_of("restore", tmp_path / "b.tar.gz", "--data", tmp_path / "back")
    assert back["head_hash"] == made["head_hash"]
    shutil.rmtree(tmp_path / "back" / "editions")
    again = json_of("rebuild", tmp_path / "again", "--data", tmp_path / "back")
    assert (again["head_hash"], again["same_results"]) == (made["head_hash"], True)
    assert json_of("verify", "--data", tmp_path / "again")["ok"]
    day = ("--as-of", "2017-09-30")
    assert json_of("progress", *day, "--data", tmp_path / "again") == json_of(
        "progress", *day, "--data", demo_folder
    )
    assert json_of("doctor", "--data", tmp_path / "again")["ok"]


def grades(folder, **settings):
    return {check.code: check.grade for check in examine(Settings(data=folder, **settings))}


def test_the_doctor_sees_what_is_wrong(small, tmp_path):
    folder = small.folders.data
    seen = grades(folder)
    assert (seen["versions"], seen["folder"], seen["edition"], seen["address"]) == ("good",) * 4
    assert not {"file_writable", "left_over", "published_old", "key_open", "clock_back"} & seen.keys()
    next(small.folders.sources.iterdir()).chmod(0o644)
    (small.folders.editions / "draft-000003.duckdb").write_bytes(b"x")
    small.folders.published.unlink()
    folder.chmod(0o777)
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "checkpoint.pem").write_text("x")
    (keys / "checkpoint.pem").chmod(0o644)
    seen = grades(folder, keys=keys)
    assert {
        "file_writable": "look",
        "left_over": "look",
        "published_old": "look",
        "folder_open": "bad",
        "key_open": "bad",
    }.items() <= seen.items()
    small.folders.edition(2).chmod(0o644)
    small.folders.edition(2).write_bytes(b"no database")
    assert grades(folder)["edition_damaged"] == "bad"
    assert grades(tmp_path / "none")["no_folder"] == "look"


def test_the_doctor_reads_address_and_secrets(tmp_path):
    (tmp_path / "config.toml").write_text('[server]\naddress = "0.0.0.0"\n')
    (tmp_path / "secrets.toml").write_text("x = 1")
    (tmp_path / "secrets.toml").chmod(0o644)
    seen = {check.code: check.grade for check in examine(Settings(data=tmp_path / "none"), tmp_path)}
    assert (seen["address_open"], seen["secrets_open"]) == ("look", "bad")
    (tmp_path / "config.toml").write_text("[server")
    (tmp_path / "secrets.toml").chmod(0o600)
    seen = {check.code: check.grade for check in examine(Settings(data=tmp_path / "none"), tmp_path)}
    assert seen["config_unread"] == "bad"
    assert "secrets_open" not in seen


def test_a_clock_set_back_is_seen(small, monkeypatch):
    import fundtrack.reports.doctor as module

    class Early(module.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2001, 1, 1, tzinfo=tz)

    monkeypatch.setattr(module, "datetime", Early)
    assert grades(small.folders.data)["clock_back"] == "bad"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is told so")
def test_root_is_told(small):
    assert grades(small.folders.data)["root"] == "look"


def test_the_doctor_s_words(small):
    done = run_fundtrack("doctor", "--data", str(small.folders.data), "--lang", "en")
    assert done.returncode == 0
    assert "✔ Edition 2 of " in done.stdout
    small.folders.data.chmod(0o777)
    done = run_fundtrack("doctor", "--data", str(small.folders.data), "--lang", "zh")
    assert done.returncode == 1
    assert f"■ 任何人都可以写入 {small.folders.data}。" in done.stdout

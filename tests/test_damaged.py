"""The newest edition is damaged or gone: the last good one is served and that is said; a load mends it, or is refused."""

import json
import random
import shutil
from pathlib import Path

import pytest
from running import json_of, run_fundtrack
from small_portfolio import FIFTH_FUND, write_portfolio
from storekit import MANAGER, batch, load, tree, two_editions
from ui_pages import open_page, publish, text

from fundtrack.errors import IntegrityError
from fundtrack.store import definitions
from fundtrack.store.backup import backup
from fundtrack.store.editions import Store
from fundtrack.store.folders import sha256_of
from fundtrack.store.mending import rebuild_here
from fundtrack.store.sound import wal_of
from fundtrack.store.verify import verify


@pytest.fixture
def store(tmp_path, monkeypatch) -> Store:
    """Two editions; no views, which have tests of their own, so that a publish is quick."""
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    return two_editions(tmp_path)


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(content[: len(content) // 2])


def garbage(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"not a database" * 1000)


def nothing(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"")


def scrubbed(path: Path) -> None:
    """Every page after the headers comes back from the disk with other bytes."""
    dice, content = random.Random(8), bytearray(path.read_bytes())
    content[3 * 4096 :] = dice.randbytes(len(content) - 3 * 4096)
    path.chmod(0o644)
    path.write_bytes(bytes(content))


def foreign_log(path: Path) -> None:
    wal_of(path).write_bytes(b"left by another program" * 50)


HARM = [
    pytest.param(cut, id="cut"),
    pytest.param(garbage, id="garbage"),
    pytest.param(nothing, id="empty"),
    pytest.param(scrubbed, id="bytes altered"),
    pytest.param(Path.unlink, id="gone"),
    pytest.param(foreign_log, id="a write-ahead log beside it"),
]


def head(store: Store) -> str:
    return sha256_of(store.folders.archive(sorted(store.folders.batches.glob("*.jsonl"))[-1].stem))


@pytest.mark.parametrize("harm", HARM)
def test_the_last_good_edition_is_served_and_the_next_load_mends(store, harm):
    """Edition 1 knew the old name; edition 2 corrected it, and its twin at the auditor's path is whole."""
    whole = store.edition_path(2).read_bytes()
    harm(store.edition_path(2))
    seen = store.served()
    if seen.damaged:  # DuckDB may pass over a log that it cannot read; then nothing is wrong
        assert (seen.edition, [wrong.edition for wrong in seen.damaged]) == (1, [2])
        assert store.ledger()["manager"]["name"].to_list() == ["旧名"]
        with pytest.raises(IntegrityError) as said:
            store.ledger(2)
        assert (said.value.code, said.value.about["edition"]) == ("edition_damaged", "2")
    else:
        assert harm is foreign_log
    assert load(store, batch({"manager": [MANAGER | {"name": "新名"}]}, b"more")) == 3
    assert store.edition_path(2).read_bytes() == whole
    assert store.ledger()["manager"]["name"].to_list() == ["新名"]
    assert verify(store) == []
    traces = [json.loads(line) for line in (store.folders.data / "sweep.log").read_text().splitlines()]
    assert any("edition-000002.duckdb" in trace["file"] for trace in traces)
    kept = [trace["kept"] for trace in traces if "kept" in trace]
    assert all((store.folders.data / "aside" / name).is_file() for name in kept)
    assert kept or harm is Path.unlink


@pytest.mark.parametrize("harm", HARM[:-1])
def test_without_a_whole_twin_nothing_is_loaded_until_it_is_rebuilt(store, harm):
    wanted = head(store)
    for path in (store.edition_path(2), store.folders.published):
        harm(path)
    before = {name for name in tree(store.folders.data) if name.startswith(("batches", "sources"))}
    if harm is Path.unlink:  # then nobody can tell that there was a second edition, but for its archives
        load(store, batch({"manager": [MANAGER | {"name": "新名"}]}, b"more"))
        kept = sorted((store.folders.data / "aside").iterdir())
        assert [path.name[:7] for path in kept] == ["B000002", "B000003"]
        return
    with pytest.raises(IntegrityError) as refused:
        load(store, batch({"manager": [MANAGER]}, b"more"))
    assert (refused.value.code, refused.value.exit_code) == ("edition_damaged", 4)
    with pytest.raises(IntegrityError, match="edition_damaged"):
        backup(store, store.folders.data.parent / "b.tar")
    assert before <= set(tree(store.folders.data))
    assert store.served().edition == 1
    done = rebuild_here(store.folders, None, "zhang", 1)
    assert (done.edition, done.head) == (2, wanted)
    assert store.ledger()["manager"]["name"].to_list() == ["示例创投"]
    assert store.folders.published.read_bytes() == store.edition_path(2).read_bytes()
    assert len(list((store.folders.data / "aside").iterdir())) == 2
    assert not (store.folders.data / ".rebuilding").exists()
    assert load(store, batch({"manager": [MANAGER | {"name": "新名"}]}, b"more")) == 3


def test_a_log_beside_the_auditors_copy_is_put_aside(store):
    """A client that opened it read-write left it, and whoever opened the next copy would have stumbled over it."""
    stale = wal_of(store.folders.published)
    stale.write_bytes(b"left by another program")
    load(store, batch({"manager": [MANAGER | {"name": "新名"}]}, b"more"))
    assert not stale.exists()
    [kept] = (store.folders.data / "aside").iterdir()
    assert kept.name.startswith("fundtrack.duckdb.wal.")
    assert kept.read_bytes() == b"left by another program"
    assert verify(store) == []


def test_every_edition_damaged_is_an_error_and_no_empty_ledger(store):
    for number in (1, 2):
        garbage(store.edition_path(number))
    garbage(store.folders.published)
    with pytest.raises(IntegrityError, match="edition_unreadable"):
        store.ledger()


def test_every_edition_gone_but_the_copy_is_no_new_beginning(store):
    for number in (1, 2):
        store.edition_path(number).unlink()
    with pytest.raises(IntegrityError, match="edition_damaged"):
        store.ledger()
    assert load(store, batch({"manager": [MANAGER | {"name": "新名"}]}, b"more")) == 3


def test_a_sound_edition_is_looked_at_once(store, monkeypatch):
    from fundtrack.store import sound

    store.served()
    monkeypatch.setattr(sound, "_same_bytes", lambda *_: pytest.fail("read again"))
    monkeypatch.setattr(sound.duckdb, "connect", lambda *_, **__: pytest.fail("opened again"))
    assert store.served().edition == 2


@pytest.fixture(scope="module")
def harmed(tmp_path_factory) -> Path:
    """A real data folder whose second edition is damaged, and its twin too."""
    folder = tmp_path_factory.mktemp("harmed")
    publish(folder / "data", write_portfolio(folder / "a.xlsx"))
    publish(folder / "data", write_portfolio(folder / "b.xlsx", FIFTH_FUND, "2017-11-30"))
    store = Store(folder / "data")
    for path in (store.edition_path(2), store.folders.published):
        scrubbed(path)
    return folder


def test_commands_answer_from_the_last_good_edition_and_say_so(harmed, tmp_path):
    at = ("--data", harmed / "data")
    ran = run_fundtrack("progress", "--json", "--lang", "en", *at, check=0)
    assert json.loads(ran.stdout)["edition"] == 1
    assert "edition 2 is damaged" in ran.stderr
    assert "edition 1, the last good one" in ran.stderr
    refused = run_fundtrack("load", harmed / "b.xlsx", "--json", "--lang", "zh", *at, check=4)
    assert json.loads(refused.stdout)["error"] == "edition_damaged"
    assert "fundtrack rebuild --here" in refused.stderr
    seen = json_of("doctor", *at, check=1)
    assert [one["grade"] for one in seen["checks"] if one["check"] == "edition_damaged"] == ["bad"]
    shutil.copytree(harmed / "data", tmp_path / "data")
    at = ("--data", tmp_path / "data")
    done = json_of("rebuild", "--here", *at)
    assert (done["edition"], done["same_results"]) == (2, True)
    assert verify(Store(tmp_path / "data")) == []


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "第2版的文件损坏或缺失"), ("en", "the file of edition 2 is damaged")]
)
def test_pages_show_the_last_good_edition_and_say_so(harmed, monkeypatch, lang, words):
    monkeypatch.setenv("FUNDTRACK_DATA", str(harmed / "data"))
    at = open_page("overview", lang=lang)
    assert words in text(at)
    assert not at.error

"""A signed note kept elsewhere finds what a chain cannot show of itself: recomputed as a whole, or cut short."""

import hashlib
import json
import stat
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from running import json_of, run_fundtrack
from storekit import FUND, MANAGER, NOON, batch, load, two_editions, undo

from fundtrack.errors import FundtrackError
from fundtrack.store import definitions
from fundtrack.store.checkpoint import Checkpoint, checkpoint, trusted
from fundtrack.store.editions import Store
from fundtrack.store.keys import PRIVATE, fingerprint, public_text
from fundtrack.store.verify import verify


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    return two_editions(tmp_path)


def note_of(store: Store) -> Checkpoint:
    return checkpoint(store.ledger(), store.folders.keys, NOON)


def codes(store: Store, note: Checkpoint | None = None) -> list[str]:
    return [problem.code for problem in verify(store, note=note)]


def written(path: Path, note: Checkpoint, **changed: object) -> Path:
    path.write_text(json.dumps(note.as_json() | changed))
    return path


def code_of(*asked: object, **words: object) -> str:
    with pytest.raises(FundtrackError) as caught:
        trusted(*asked, **words)
    return caught.value.code


def test_a_note_says_where_the_chain_stands_and_any_library_can_check_it(loaded: Store):
    note = note_of(loaded).as_json()
    last = loaded.folders.archive("B000003")
    assert note | {"public_key": "", "signature": ""} == {
        "kind": "fundtrack checkpoint 1", "edition": 2, "batches": 3, "last_batch": "B000003",
        "head_hash": hashlib.sha256(last.read_bytes()).hexdigest(), "made_at": "2017-10-09T04:00:00Z",
        "public_key": "", "signature": "",
    }  # fmt: skip
    from base64 import b64decode

    signature = b64decode(note.pop("signature"))
    content = json.dumps(note, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    Ed25519PublicKey.from_public_bytes(b64decode(note["public_key"])).verify(signature, content)


def test_the_key_is_made_once_and_is_its_owners_alone(loaded: Store):
    first, second = note_of(loaded), note_of(loaded)
    assert first == second
    key = loaded.folders.keys / PRIVATE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert sorted(path.name for path in key.parent.iterdir()) == [f"{first.key_name}.pub", PRIVATE]


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        pytest.param(lambda key: key.chmod(0o644), "key_open", id="others may read it"),
        pytest.param(lambda key: key.write_bytes(b"no key"), "key_broken", id="it is no key"),
        pytest.param(lambda key: (key.unlink(), key.mkdir(mode=0o700)), "key_not_readable", id="it is a folder"),
    ],
)  # fmt: skip
def test_a_key_that_proves_nothing_is_refused(loaded: Store, harm, code):
    note_of(loaded)
    harm(loaded.folders.keys / PRIVATE)
    with pytest.raises(FundtrackError) as caught:
        note_of(loaded)
    assert caught.value.code == code


def test_the_chain_that_a_note_is_of_holds_and_may_grow(loaded: Store):
    note = note_of(loaded)
    trusted(note, loaded.folders)
    assert codes(loaded, note) == []
    undo(loaded, "B000003")
    load(loaded, batch({"manager": [MANAGER | {"note": "new"}]}, b"more"))
    assert codes(loaded, note) == []


def test_a_chain_recomputed_as_a_whole_without_the_key_is_found(loaded: Store, tmp_path: Path):
    """Its forger even had the program: everything in the folder agrees, and verify alone finds nothing."""
    note = note_of(loaded)
    forged = Store(tmp_path / "forged")
    load(forged, batch({"manager": [MANAGER | {"name": "旧名"}]}))
    load(
        forged,
        batch({"manager": [MANAGER]}, b"news"),
        batch({"partner_fund": [FUND | {"committed_size": 9}]}, b"fund"),
    )
    assert codes(forged) == []
    [problem] = verify(forged, note=note)
    assert (problem.code, problem.about["batch"]) == ("checkpoint_chain_differs", "B000003")


def test_a_tail_cut_off_is_found(loaded: Store):
    note, folders = note_of(loaded), loaded.folders
    folders.edition(2).unlink()
    for name in ("B000002", "B000003"):
        folders.archive(name).unlink()
    folders.published.unlink()
    folders.published.write_bytes(folders.edition(1).read_bytes())
    assert codes(loaded) == []
    [problem] = verify(loaded, note=note)
    assert problem.code == "checkpoint_tail_cut"
    assert (problem.about["have"], problem.about["count"], problem.about["batch"]) == ("1", "3", "B000003")


def test_everything_removed_is_found(tmp_path: Path, loaded: Store):
    assert codes(Store(tmp_path / "empty"), note_of(loaded)) == ["edition_missing"]


def test_an_edition_swapped_for_another_of_the_same_batches_is_found(loaded: Store, tmp_path: Path):
    """The same three batches, published otherwise: the headers name the edition, so that the hashes differ."""
    note = note_of(loaded)
    other = Store(tmp_path / "other")
    load(other, batch({"manager": [MANAGER | {"name": "旧名"}]}), batch({"manager": [MANAGER]}, b"news"))
    load(other, batch({"partner_fund": [FUND]}, b"fund"))
    assert codes(other) == []
    assert codes(other, note) == ["checkpoint_chain_differs"]


@pytest.mark.parametrize(
    "change",
    [{"edition": 1}, {"batches": 2}, {"last_batch": "B000002"}, {"head_hash": "0" * 64}, {"made_at": "2017-10-09T04:00:01Z"},
     {"signature": b64encode(bytes(64)).decode()}, {"signature": "no base64"}, {"public_key": b64encode(bytes(32)).decode()},
     {"public_key": "short"}],
    ids=" ".join,
)  # fmt: skip
def test_a_note_altered_in_any_field_is_refused(loaded: Store, tmp_path: Path, change):
    note = Checkpoint.read(written(tmp_path / "note.json", note_of(loaded), **change))
    assert code_of(note, loaded.folders) == "checkpoint_forged"


def test_a_note_of_an_unknown_key_is_refused_until_its_reader_vouches_for_it(loaded: Store, tmp_path: Path):
    note = checkpoint(loaded.ledger(), tmp_path / "elsewhere", NOON)
    assert code_of(note, loaded.folders) == "checkpoint_key_unknown"
    trusted(note, loaded.folders, tmp_path / "elsewhere")
    trusted(note, loaded.folders, public_key=note.public_key)
    trusted(note, loaded.folders, public_key=note.key_name)
    assert code_of(
        note, loaded.folders, public_key=fingerprint(public_text(Ed25519PrivateKey.generate().public_key()))
    ) == ("checkpoint_key_unknown")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 90_000,
        b'{"kind": "other"}',
        b'{"kind": "fundtrack checkpoint 1"}',
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_is_no_note_is_refused(tmp_path: Path, content):
    (tmp_path / "note.json").write_bytes(content)
    with pytest.raises(FundtrackError) as caught:
        Checkpoint.read(tmp_path / "note.json")
    assert caught.value.code == "checkpoint_unreadable"


def test_types_are_looked_at(loaded: Store, tmp_path: Path):
    for change in ({"edition": "2"}, {"batches": None}, {"head_hash": 1}, {"batches": True}):
        with pytest.raises(FundtrackError):
            Checkpoint.read(written(tmp_path / "note.json", note_of(loaded), **change))


def test_the_commands_make_a_note_and_hold_the_folder_against_it(loaded: Store, tmp_path: Path):
    data, out = loaded.folders.data, tmp_path / "note.json"
    note = json_of("checkpoint", "--data", data, "--out", out, FUNDTRACK_KEYS=str(tmp_path / "own"))
    assert json.loads(out.read_text()) == note
    assert not (data / "keys").exists()
    refused = run_fundtrack("verify", "--data", data, "--checkpoint", out, check=1)
    key = fingerprint(note["public_key"])
    assert f"--public-key {key}" in refused.stderr
    assert json.loads(run_fundtrack("verify", "--data", tmp_path / "none", "--checkpoint", out, "--public-key", key,
                                    "--json", check=4).stdout)["problems"][0]["code"] == "edition_missing"  # fmt: skip
    out.write_text(out.read_text().replace('"batches": 3', '"batches": 2'))
    assert "altered" in run_fundtrack("verify", "--data", data, "--checkpoint", out, check=4).stderr
    assert (
        "cannot be written" in run_fundtrack("checkpoint", "--data", data, "--out", tmp_path, check=3).stderr
    )

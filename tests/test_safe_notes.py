"""A checkpoint holds the access log's end; the doctor looks at people, trusted headers and the log; no words of one settle another's proposal."""

import shutil

import pytest
from acting import PEOPLE, as_user, desk, listed, settings_of
from small_portfolio import FIFTH_FUND, write_portfolio
from storekit import two_editions
from test_four_eyes import LATER, base, fifth, settings  # noqa: F401 - fixtures

from fundtrack.errors import AccessError
from fundtrack.reports.doctor import examine
from fundtrack.service import doing, reviewing
from fundtrack.service.desk import own_desk
from fundtrack.service.examining import examine_people
from fundtrack.store import access, proposed
from fundtrack.store.access import Entry
from fundtrack.store.checkpoint import Checkpoint, checkpoint, trusted
from fundtrack.store.verify import verify


def noted(folders, *words: str) -> None:
    for word in words:
        access.note(folders, Entry("os:zhang", "张三", "os", ["manager"], "load", word))


def cut(folders) -> None:
    path = access.files_of(folders)[-1]
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def gone(folders) -> None:
    for path in access.files_of(folders):
        path.unlink()


def anew(folders) -> None:
    """Whoever can write the folder writes the whole log again, its chain whole."""
    gone(folders)
    noted(folders, "a.xlsx", "harmless.xlsx")


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        pytest.param(lambda _: None, [], id="untouched"),
        pytest.param(lambda folders: noted(folders, "c.xlsx"), [], id="grown since"),
        pytest.param(cut, ["checkpoint_access_cut"], id="its last line cut off"),
        pytest.param(gone, ["checkpoint_access_cut"], id="removed"),
        pytest.param(anew, ["checkpoint_access_cut"], id="written anew"),
    ],
)
def test_a_checkpoint_holds_the_end_of_the_access_log(tmp_path, harm, found):
    store = two_editions(tmp_path)
    noted(store.folders, "a.xlsx", "b.xlsx")
    note = checkpoint(store.ledger(), tmp_path / "keys", access_head=access.head(store.folders))
    trusted(note, store.folders, tmp_path / "keys")
    harm(store.folders)
    assert [
        one.code for one in verify(store, note=note) if one.code.startswith(("checkpoint", "access"))
    ] == found
    if found:
        assert verify(store) == [], "without the note nobody could tell"


def test_a_note_made_before_notes_held_the_log_is_still_good(tmp_path):
    import json

    store = two_editions(tmp_path)
    note = checkpoint(store.ledger(), tmp_path / "keys")
    assert "access_head" not in note.as_json()
    (tmp_path / "note.json").write_text(json.dumps(note.as_json()))
    read = Checkpoint.read(tmp_path / "note.json")
    trusted(read, store.folders, tmp_path / "keys")
    assert verify(store, note=read) == []


def grades(office, tmp_path) -> dict[str, str]:
    return {one.code: one.grade for one in [*examine(office, tmp_path), *examine_people(office)]}


def test_the_doctor_looks_at_people_headers_and_the_log(tmp_path, monkeypatch):
    store = two_editions(tmp_path)
    data = store.folders.data
    (tmp_path / "config.toml").write_text('[server]\naddress = "127.0.0.1"\n')
    seen = grades(settings_of(data), tmp_path)
    assert seen["people_none"] == "good"
    assert not {"headers_trusted", "access", "access_broken"} & seen.keys()
    office = listed(data)
    noted(store.folders, "a.xlsx", "b.xlsx")
    seen = grades(office, tmp_path)
    assert (seen["people"], seen["access"]) == ("good", "good")
    (data / "people.toml").chmod(0o666)
    cut_middle = access.files_of(store.folders)[0]
    cut_middle.write_bytes(cut_middle.read_bytes().replace(b"a.xlsx", b"z.xlsx"))
    monkeypatch.setenv("STREAMLIT_SERVER_TRUSTED_USER_HEADERS", '{"X-User":"sub"}')
    seen = grades(office, tmp_path)
    assert (seen["people_open"], seen["access_broken"], seen["headers_trusted"]) == ("bad",) * 3
    (data / "people.toml").write_text("person = 3")
    assert grades(office, tmp_path)["people_bad"] == "bad"
    (data / "people.toml").write_text('[[person]]\nsub = "x"\nroles = ["manager"]\n')
    assert grades(office, tmp_path)["people_missing"] == "look"
    for one in [*examine(office, tmp_path), *examine_people(office)]:
        assert one.sentence("zh")
        assert one.sentence("en")
    assert "reviewer" in PEOPLE


TWO_WAYS = """
[[person]]
email = "Wang@example.gov.cn"
os_user = "wang"
name = "王五"
roles = ["manager", "reviewer"]
[[person]]
os_user = "li"
name = "李四"
roles = ["reviewer"]
"""


def test_nobody_publishes_by_the_dashboard_what_he_proposed_by_a_command(base, tmp_path, monkeypatch):  # noqa: F811
    shutil.copytree(base / "data", tmp_path / "data")
    office = listed(tmp_path / "data", TWO_WAYS)
    file = write_portfolio(tmp_path / "f.xlsx", FIFTH_FUND, "2017-11-30")
    as_user(monkeypatch, "wang")
    sent = doing.load(own_desk(office), [file])
    at_page = desk(office, "0815", email="wang@EXAMPLE.gov.cn")
    assert at_page.actor.subject != own_desk(office).actor.subject
    with pytest.raises(AccessError) as refused:
        reviewing.publish(at_page, sent.proposal_id)
    assert refused.value.code == "own_proposal"
    as_user(monkeypatch, "li")
    assert reviewing.publish(own_desk(office), sent.proposal_id)[1].outcome == "published"


@pytest.mark.parametrize(
    "words", ["［P000001］", "补报［P000001 同意］", "［P000001］［P000001］", "［P000001"]
)
def test_no_words_of_a_sender_or_reviewer_settle_another_proposal(settings, tmp_path, words):  # noqa: F811
    zhang, li = desk(settings, "zhang"), desk(settings, "li")
    first = doing.load(zhang, [write_portfolio(tmp_path / "f.xlsx", FIFTH_FUND, "2017-11-30")])
    second = doing.load(zhang, [write_portfolio(tmp_path / "l.xlsx", LATER, "2017-11-30")], reason=words)
    reviewing.publish(li, second.proposal_id, words)
    told = {each.proposal_id: each.status for each in reviewing.listed(li)}
    assert told == {first.proposal_id: "waiting", second.proposal_id: "published"}
    assert proposed.find(zhang.store.folders, first.proposal_id).events == ()

"""Four eyes: what one person sends in another publishes or returns; checked again as of then, both in the batch, kept over restarts."""

import shutil

import pytest
from acting import as_user, desk, listed, portfolio, settings_of
from running import json_of, run_fundtrack
from small_portfolio import FIFTH_FUND, write_portfolio

from fundtrack.errors import AccessError, InputError, IntegrityError
from fundtrack.load import corrections, pipeline
from fundtrack.load.edits import Edit
from fundtrack.service import doing, people, reviewing
from fundtrack.service.desk import own_desk
from fundtrack.store import access, definitions, proposed
from fundtrack.store.editions import Store
from fundtrack.store.proposed import Proposal
from fundtrack.store.verify import verify

SIZE = [Edit("partner_fund", "PF000001", {"committed_size": "1.2亿"})]
LATER = {"manager": [{"manager_id": "VC000001", "name": "示例甲资本管理"}]}
WRONG = {"manager": [{"manager_id": "VC000009", "name": None}]}


@pytest.fixture(scope="module", autouse=True)
def base(tmp_path_factory):
    """The small portfolio, published once; no views and no second engine, which have tests of their own, so that a publish is quick."""
    folder = tmp_path_factory.mktemp("four_eyes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(definitions, "of_files", lambda: ())
        for module in (pipeline, corrections):
            patch.setattr(module, "agree", lambda *_: ())
        portfolio(folder)
        yield folder


@pytest.fixture
def settings(base, tmp_path):
    shutil.copytree(base / "data", tmp_path / "data")
    return listed(tmp_path / "data")


@pytest.fixture
def fifth(tmp_path):
    return write_portfolio(tmp_path / "fifth.xlsx", FIFTH_FUND, "2017-11-30")


SENT = {
    "load": lambda sits, fifth: doing.load(sits, [fifth], reason="四季度报表"),
    "correction": lambda sits, _: doing.correct(sits, SIZE, reason="协议为1.2亿元"),
    "reversal": lambda sits, _: doing.undo(
        sits, Store(sits.settings.data).ledger().batch_id, reason="报错了"
    ),
}
DONE = {
    "load": lambda ledger: ledger["partner_fund"].height == 5,
    "correction": lambda ledger: 120_000_000 in ledger["partner_fund"]["committed_size"].to_list(),
    "reversal": lambda ledger: ledger["partner_fund"].height == 0,
}  # fmt: skip


@pytest.mark.parametrize("kind", SENT)
def test_another_publishes_what_one_sent_in_and_the_batch_names_both(settings, fifth, kind):
    store = Store(settings.data)
    sent = SENT[kind](desk(settings, "zhang"), fifth)
    assert isinstance(sent, Proposal)
    assert (sent.kind, sent.status, sent.by.name, sent.edition) == (kind, "waiting", "张三", 1)
    assert store.newest() == 1
    assert not DONE[kind](store.ledger())
    seen = reviewing.look_over(desk(settings, "li"), sent.proposal_id)
    assert (seen.changed, seen.possible, seen.edition) == (False, True, 1)
    done, made = reviewing.publish(desk(settings, "li"), sent.proposal_id, "同意")
    assert (done.status, made.edition, store.newest()) == ("published", 2, 2)
    assert DONE[kind](store.ledger())
    batch = store.ledger().batches().row(-1, named=True)
    assert (batch["loaded_by"], batch["reviewer"]) == ("张三", "李四")
    assert batch["reason"].endswith(f"［{sent.proposal_id} 同意］")
    assert done.events[-1].batch_ids == (batch["batch_id"],)
    assert verify(store) == []
    noted = [
        (line["name"], line["action"], line["outcome"])
        for line in access.lines(store.folders)
        if line["action"] != "waiting"
    ]
    assert noted[-1] == ("李四", "review", "done")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        pytest.param("zhang", "not_allowed", id="a manager"),
        pytest.param("both", "own_proposal", id="the sender, who is a reviewer too"),
        pytest.param("shen", "not_allowed", id="an auditor"),
        pytest.param("keeper", "not_allowed", id="an administrator"),
        pytest.param("gone", "not_allowed", id="somebody without a role"),
    ],
)
def test_nobody_else_publishes_and_nobody_their_own(settings, fifth, who, code):
    sent = doing.load(desk(settings, "both"), [fifth])
    with pytest.raises(AccessError) as refused:
        reviewing.publish(desk(settings, who), sent.proposal_id)
    assert refused.value.code == code
    assert Store(settings.data).newest() == 1
    last = access.lines(Store(settings.data).folders)[-1]
    assert (last["action"], last["outcome"], last["detail"]["why"]) == ("review", "refused", code)


def test_a_returned_proposal_stays_where_it_is_with_its_reason(settings, fifth):
    sent = doing.load(desk(settings, "zhang"), [fifth])
    with pytest.raises(InputError) as refused:
        reviewing.send_back(desk(settings, "li"), sent.proposal_id, "  ")
    assert refused.value.code == "return_needs_comment"
    back = reviewing.send_back(desk(settings, "li"), sent.proposal_id, "缺估值表")
    assert (back.status, back.events[-1].comment, back.events[-1].by.name) == ("returned", "缺估值表", "李四")
    for again in (reviewing.publish, reviewing.send_back):
        with pytest.raises(InputError) as refused:
            again(desk(settings, "li"), sent.proposal_id, "x")
        assert refused.value.code == "proposal_settled"
    assert proposed.files_of(Store(settings.data).folders, back)[0][0].read_bytes() == fifth.read_bytes()


@pytest.mark.parametrize(
    ("who", "code"),
    [
        pytest.param("zhang", None, id="the sender"),
        pytest.param("angel", "not_allowed", id="another manager"),
    ],
)
def test_the_sender_may_take_a_proposal_back_and_no_other_manager(settings, fifth, who, code):
    sent = doing.load(desk(settings, "zhang"), [fifth])
    if code is None:
        assert reviewing.send_back(desk(settings, who), sent.proposal_id, "重报").status == "returned"
    else:
        with pytest.raises(AccessError) as refused:
            reviewing.send_back(desk(settings, who), sent.proposal_id, "重报")
        assert refused.value.code == code


def test_a_proposal_against_an_older_edition_is_checked_again(settings, fifth, tmp_path):
    """The first changes a manager's name; the second, sent in before that was published, no longer says what it said."""
    zhang, li = desk(settings, "zhang"), desk(settings, "li")
    one = doing.load(zhang, [write_portfolio(tmp_path / "a.xlsx", LATER)])
    other = {"manager": [LATER["manager"][0], {"manager_id": "VC000007", "name": "示例庚资本"}]}
    two = doing.load(zhang, [write_portfolio(tmp_path / "b.xlsx", other)])
    free = doing.load(zhang, [fifth])
    reviewing.publish(li, one.proposal_id)
    seen = reviewing.look_over(li, two.proposal_id)
    assert (seen.edition, seen.changed, seen.possible) == (2, True, True)
    with pytest.raises(InputError) as refused:
        reviewing.publish(li, two.proposal_id)
    assert refused.value.code == "proposal_differs"
    assert Store(settings.data).newest() == 2
    done, _ = reviewing.publish(li, two.proposal_id, seen=seen.digest[:12])
    assert done.status == "published"
    assert not reviewing.look_over(li, free.proposal_id).changed, "what nobody has touched says what it said"
    assert reviewing.publish(li, free.proposal_id)[1].edition == 4


@pytest.mark.parametrize("seen", ["", "0", "0123456789ab"])
def test_a_digest_that_nobody_looked_at_publishes_nothing(settings, fifth, seen):
    sent = doing.load(desk(settings, "zhang"), [fifth])
    wanted = seen or "x" * 64
    with pytest.raises(InputError) as refused:
        reviewing.publish(desk(settings, "li"), sent.proposal_id, seen=wanted)
    assert refused.value.code == "proposal_differs"
    assert reviewing.listed(desk(settings, "li"))[0].status == "waiting"


def test_what_became_pointless_or_wrong_is_said_and_stays_waiting(settings, fifth, tmp_path):
    zhang, li = desk(settings, "zhang"), desk(settings, "li")
    first, twin = (doing.load(zhang, [fifth]) for _ in range(2))
    gone = doing.undo(zhang, Store(settings.data).ledger().batch_id)
    reviewing.publish(li, first.proposal_id)
    with pytest.raises(InputError) as empty:
        reviewing.publish(li, twin.proposal_id)
    assert empty.value.code == "proposal_empty"
    seen = reviewing.look_over(li, gone.proposal_id)
    assert seen.wrong is not None
    assert not seen.possible
    with pytest.raises(InputError):
        reviewing.publish(li, gone.proposal_id)
    assert [each.status for each in reviewing.listed(li)] == ["waiting", "waiting", "published"]


def test_a_refused_or_unchanged_file_becomes_no_proposal(settings, tmp_path):
    zhang = desk(settings, "zhang")
    wrong = doing.load(zhang, [write_portfolio(tmp_path / "wrong.xlsx", WRONG)])
    same = doing.load(zhang, [write_portfolio(tmp_path / "same.xlsx")])
    assert (wrong.outcome, same.outcome) == ("refused", "unchanged")
    nothing = doing.correct(zhang, [Edit("partner_fund", "PF000001", {"committed_size": "1亿"})], reason="x")
    assert nothing.outcome == "unchanged"
    with pytest.raises(InputError) as needs:
        doing.correct(zhang, SIZE, reason=" ")
    assert needs.value.code == "correction_needs_reason"
    assert reviewing.listed(zhang) == []
    assert (settings.data / "inbox" / "returned.jsonl").is_file()


def test_of_several_senders_only_those_without_errors_wait(settings, fifth, tmp_path):
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"not a workbook")
    zhang = desk(settings, "zhang")
    assert doing.load(zhang, [fifth, bad], together=True).outcome == "refused"
    sent = doing.load(zhang, [fifth, bad])
    assert [name for name, _ in sent.files] == ["fifth.xlsx"]


def test_what_was_sent_in_is_checked_to_be_what_is_published(settings, fifth):
    sent = doing.load(desk(settings, "zhang"), [fifth])
    path, _ = proposed.files_of(Store(settings.data).folders, sent)[0]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    for act in (reviewing.publish, reviewing.look_over):
        with pytest.raises(IntegrityError) as refused:
            act(desk(settings, "li"), sent.proposal_id)
        assert refused.value.code == "proposal_altered"
    (path.parent.parent / "proposal.json").chmod(0o644)
    (path.parent.parent / "proposal.json").write_text("{")
    with pytest.raises(IntegrityError) as refused:
        proposed.find(Store(settings.data).folders, sent.proposal_id)
    assert refused.value.code == "proposal_unreadable"


def test_a_kill_between_the_edition_and_its_note_leaves_no_second_publish(settings, fifth, monkeypatch):
    sent = doing.load(desk(settings, "zhang"), [fifth])
    with monkeypatch.context() as patch:
        patch.setattr(proposed, "settle_with", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            reviewing.publish(desk(settings, "li"), sent.proposal_id)
    assert Store(settings.data).newest() == 2
    assert proposed.find(Store(settings.data).folders, sent.proposal_id).status == "waiting"
    [found] = reviewing.listed(desk(settings, "li"))
    assert (found.status, found.events[-1].by.name, found.events[-1].edition) == ("published", "李四", 2)
    with pytest.raises(InputError) as refused:
        reviewing.publish(desk(settings, "li"), sent.proposal_id)
    assert refused.value.code == "proposal_settled"


def test_what_a_kill_left_of_sending_in_is_cleared_away_with_a_trace(settings, fifth):
    half = settings.data / "proposals" / ".P000001.tmp"
    (half / "files").mkdir(parents=True)
    (half / "files" / "x").write_bytes(b"half")
    assert reviewing.listed(desk(settings, "zhang")) == []
    sent = doing.load(desk(settings, "zhang"), [fifth])
    assert sent.proposal_id == "P000001"
    assert not half.exists()
    assert "P000001.tmp" in (settings.data / "sweep.log").read_text()


@pytest.mark.parametrize("name", ["P000001", "../P000001", "P*", "", "P00000?", "p000001"])
def test_a_proposal_has_one_name(settings, fifth, name):
    doing.load(desk(settings, "zhang"), [fifth])
    if name == "P000001":
        assert proposed.find(Store(settings.data).folders, name).proposal_id == name
    else:
        with pytest.raises(InputError) as refused:
            proposed.find(Store(settings.data).folders, name)
        assert refused.value.code == "proposal_unknown"


@pytest.mark.parametrize(
    ("tables", "inside"),
    [
        pytest.param({"guidance_flow": [{"guidance_fund_id": "GF000002", "kind": "committed", "occurred_on": "2017-09-01", "amount": "100", "currency": "CNY"}]}, True, id="own guidance fund"),
        pytest.param({"guidance_flow": [{"guidance_fund_id": "GF000001", "kind": "committed", "occurred_on": "2017-09-01", "amount": "100", "currency": "CNY"}]}, False, id="another's"),
        pytest.param(LATER, False, id="the manager of another's partner fund"),
        pytest.param(FIFTH_FUND, False, id="a new fund of another's"),
    ],
)  # fmt: skip
def test_a_person_of_one_guidance_fund_sends_in_nothing_of_another(settings, tmp_path, tables, inside):
    angel = desk(settings, "angel")
    file = write_portfolio(tmp_path / "own.xlsx", tables, "2017-11-30")
    if inside:
        assert isinstance(doing.load(angel, [file]), Proposal)
        return
    for act in (doing.check, doing.load):
        with pytest.raises(AccessError) as refused:
            act(angel, [file])
        assert refused.value.code == "outside_funds"
    assert access.lines(Store(settings.data).folders)[-1]["outcome"] == "refused"


def test_a_person_of_one_guidance_fund_corrects_reverses_and_sees_nothing_of_another(settings, fifth):
    angel = desk(settings, "angel")
    for act in (
        lambda: doing.correct(angel, SIZE, reason="x"),
        lambda: doing.check_correction(angel, SIZE),
        lambda: doing.undo(angel, Store(settings.data).ledger().batch_id),
    ):
        with pytest.raises(AccessError) as refused:
            act()
        assert refused.value.code == "outside_funds"
    sent = doing.load(desk(settings, "zhang"), [fifth])
    assert reviewing.listed(angel) == []
    with pytest.raises(InputError) as hidden:
        reviewing.look_over(angel, sent.proposal_id)
    assert hidden.value.code == "proposal_unknown"


def test_without_review_a_load_is_published_at_once_and_names_no_reviewer(base, tmp_path, fifth):
    shutil.copytree(base / "data", tmp_path / "data")
    settings = settings_of(tmp_path / "data")
    made = doing.load(own_desk(settings), [fifth], by="张三")
    assert (made.outcome, made.edition) == ("published", 2)
    batch = Store(settings.data).ledger().batches().row(-1, named=True)
    assert (batch["loaded_by"], batch["reviewer"]) == ("张三", None)


def test_a_person_who_signed_in_loads_under_no_other_name(base, tmp_path, fifth):
    shutil.copytree(base / "data", tmp_path / "data")
    settings = listed(tmp_path / "data").but(review=False)
    made = doing.load(desk(settings, "zhang"), [fifth], by="李四")
    assert made.outcome == "published"
    assert Store(settings.data).ledger().batches()["loaded_by"][-1] == "张三"


def test_review_without_identity_parts_system_users(base, tmp_path, fifth, monkeypatch):
    shutil.copytree(base / "data", tmp_path / "data")
    settings = settings_of(tmp_path / "data", review=True)
    as_user(monkeypatch, "zhang")
    sent = doing.load(own_desk(settings), [fifth], by="someone else")
    with pytest.raises(AccessError) as refused:
        reviewing.publish(own_desk(settings), sent.proposal_id)
    assert refused.value.code == "own_proposal"
    as_user(monkeypatch, "li", 4243)
    assert reviewing.publish(own_desk(settings), sent.proposal_id)[0].status == "published"
    batch = Store(settings.data).ledger().batches().row(-1, named=True)
    assert (batch["loaded_by"], batch["reviewer"]) == ("zhang", "li")


def test_the_commands_send_in_list_and_return(base, tmp_path, fifth):
    data = shutil.copytree(base / "data", tmp_path / "data")
    review = {"FUNDTRACK_REVIEW": "true"}
    sent = json_of("load", fifth, "--by", "张三", "--data", data, **review)
    assert (sent["outcome"], sent["proposal"], sent["batch_ids"]) == ("proposed", "P000001", [])
    listed_now = json_of("proposals", "--data", data, **review)["proposals"]
    assert [(each["proposal"], each["kind"], each["status"]) for each in listed_now] == [
        ("P000001", "load", "waiting")
    ]
    now = json_of("proposals", "P000001", "--data", data, **review)["now"]
    assert (now["changed"], now["possible"], now["edition"]) == (False, True, 1)
    own = json_of("publish", "P000001", "--data", data, check=3, **review)
    assert own["error"] == "own_proposal"
    words = run_fundtrack("proposals", "--data", data, "--lang", "zh", check=0, **review).stdout
    assert "待复核" in words
    assert "fifth.xlsx" in words
    back = json_of("return", "P000001", "--comment", "重报", "--data", data, **review)
    assert back["settled"]["comment"] == "重报"
    assert json_of("proposals", "--data", data, **review)["proposals"] == []


def test_a_command_that_a_role_may_not_run_is_refused_in_one_sentence(base, tmp_path, fifth):
    data = shutil.copytree(base / "data", tmp_path / "data")
    (data / "people.toml").write_text(
        f'[[person]]\nos_user = "{people.system_user()}"\nname = "审"\nroles = ["auditor"]', encoding="utf-8"
    )
    for command in (
        ["load", fifth],
        ["undo", "B000001", "--by", "x"],
        ["backup", tmp_path / "b.tar"],
        ["publish", "P000001"],
    ):
        refused = json_of(*command, "--data", data, check=3)
        assert refused["error"] == "not_allowed"
    assert json_of("progress", "--data", data)["edition"] == 1
    told = json_of("access", "--data", data, "--outcome", "refused")
    assert [line["action"] for line in told["lines"]] == ["review", "keep", "undo", "load"]

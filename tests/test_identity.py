"""Who may do what: the table, the list of people, tokens, the system's user; each refusal by direct call, and noted."""

import json

import pytest
from acting import PEOPLE, as_user, claims, desk, listed, settings_of

from fundtrack.commands import COMMANDS
from fundtrack.errors import AccessError, FundtrackError
from fundtrack.service import people
from fundtrack.service.actor import ROLES, actions, command_action, may_open, page_action, roles_for, table
from fundtrack.service.desk import Desk, own_desk
from fundtrack.store import access
from fundtrack.store.folders import Folders
from fundtrack.text.problems import error_sentence
from fundtrack.text.say import say
from fundtrack.ui.frame import NAMES

MAY = {
    "manager": "look verify trace export scenario inbox check load profile correct decide undo waiting lake_push",
    "reviewer": "look verify trace export scenario inbox check waiting review",
    "official": "look verify trace export scenario lake_read",
    "auditor": "look verify trace export inbox waiting audit log lake_read",
    "admin": "look verify log keep lake_push",
}


@pytest.mark.parametrize("role", ROLES)
def test_the_table_gives_each_role_exactly_its_actions(role):
    assert [action for action in actions() if role in roles_for(action)] == sorted(
        MAY[role].split(), key=actions().index
    )


@pytest.mark.parametrize(
    ("command", "part", "may"),
    [
        pytest.param("lake", "push", {"manager", "admin"}, id="what leaves the city is sent by who keeps it"),
        *[
            pytest.param(
                "lake", part, {"official", "auditor"}, id=f"lake {part} is for who looks over cities"
            )
            for part in ("progress", "funds", "findings", "rollup", "no such part")
        ],
        pytest.param("export", "audit", {"auditor"}, id="the auditor's pack"),
        pytest.param("export", "workpaper", {"auditor"}, id="the working paper"),
        pytest.param("export", "excel", {"manager", "reviewer", "official", "auditor"}, id="another paper"),
        pytest.param("progress", None, set(ROLES), id="a command without parts"),
        pytest.param("no-such-command", None, {"admin"}, id="what the table does not know"),
    ],
)
def test_a_part_of_a_command_may_be_another_s_to_run(command, part, may):
    assert roles_for(command_action(command, part)) == may


def test_duties_are_parted():
    assert not roles_for("load") & roles_for("review")
    assert not roles_for("keep") & (roles_for("load") | roles_for("review"))
    assert not roles_for("audit") & (roles_for("load") | roles_for("review") | roles_for("undo"))


def test_every_page_command_action_and_role_stands_in_the_table_and_has_its_words():
    assert set(table()["pages"]) <= set(NAMES)
    assert set(COMMANDS) <= set(table()["commands"])
    for kind in ("pages", "commands"):
        assert set(table()[kind].values()) <= set(actions())
    for lang in ("zh", "en"):
        assert all(say(f"action.{action}", lang) for action in actions())
        assert all(say(f"role.{role}", lang) for role in ROLES)


def test_a_page_that_the_table_does_not_name_is_for_looking_and_an_unknown_action_for_nobody():
    assert page_action("no-such-page") == "look"
    with pytest.raises(KeyError):
        roles_for("no-such-action")


@pytest.mark.parametrize(
    ("role", "opens", "does_not"),
    [
        pytest.param(
            "manager", {"overview", "load", "corrections", "review", "trace"}, {"access"}, id="manager"
        ),
        pytest.param("reviewer", {"overview", "load", "review"}, {"corrections", "access"}, id="reviewer"),
        pytest.param(
            "official",
            {"overview", "findings", "trace"},
            {"load", "corrections", "review", "access"},
            id="official",
        ),
        pytest.param(
            "auditor", {"overview", "trace", "review", "access"}, {"load", "corrections"}, id="auditor"
        ),
        pytest.param("admin", {"overview", "access"}, {"load", "corrections", "review", "trace"}, id="admin"),
    ],
)
def test_which_pages_a_role_opens(role, opens, does_not):
    assert {page for page in opens | does_not if may_open([role], page)} == opens


@pytest.mark.parametrize(
    ("said", "roles", "name", "funds"),
    [
        pytest.param(claims("zhang"), {"manager"}, "张三", None, id="listed by subject"),
        pytest.param(claims("x", email="chief@EXAMPLE.gov.cn"), {"official"}, "赵六", None, id="listed by address"),
        pytest.param(claims("x", email="chief@example.gov.cn", email_verified=False), set(), "chief@example.gov.cn", None, id="address not verified"),
        pytest.param(claims("angel"), {"manager"}, "天使经办", {"GF000002"}, id="listed with a guidance fund"),
        pytest.param(claims("n", name="N", groups=["venture-managers", "other"]), {"manager"}, "N", None, id="by claim"),
        pytest.param(claims("n", groups="venture-auditors", funds=["GF000001"]), {"auditor"}, "n", {"GF000001"}, id="one word, with funds"),
        pytest.param(claims("n", groups=["manager"]), set(), "n", None, id="a claim's word that means no role"),
        pytest.param(claims("n", groups={"manager": True}), set(), "n", None, id="a claim of another shape"),
        pytest.param(claims("gone", groups=["venture-managers"]), set(), "gone", None, id="the list beats the claim"),
        pytest.param(claims("n", roles=["admin"], is_admin=True), set(), "n", None, id="a claim that nobody named"),
        pytest.param(claims("", email="x") | {"sub": "n", "name": "  "}, set(), "x", None, id="a blank name"),
    ],
)  # fmt: skip
def test_who_a_token_is_of(tmp_path, said, roles, name, funds):
    found = people.of_claims(said, listed(tmp_path))
    assert (found.roles, found.name, found.funds) == (roles, name, funds and frozenset(funds))
    assert found.subject == f"https://id.example.gov.cn|{said['sub']}"


def test_a_claim_may_say_the_roles_themselves_and_lie_within_another(tmp_path):
    settings = listed(tmp_path, 'claim = "realm.roles"')
    assert people.of_claims(claims("n", realm={"roles": ["reviewer", "x"]}), settings).roles == {"reviewer"}
    assert people.of_claims(claims("n", realm=["reviewer"]), settings).roles == set()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        pytest.param(claims("zhang", minutes=-0.01), "token_expired", id="expired"),
        pytest.param(claims("zhang") | {"exp": None}, "token_without_end", id="no end"),
        pytest.param(claims("zhang") | {"exp": True}, "token_without_end", id="an end that is no time"),
        pytest.param(claims("zhang") | {"exp": "2099"}, "token_without_end", id="an end that is a text"),
        pytest.param(claims(""), "token_without_subject", id="no subject"),
        pytest.param({"exp": 9e9}, "token_without_subject", id="nothing but an end"),
    ],
)
def test_a_token_that_is_no_good_is_nobodys(tmp_path, said, code):
    with pytest.raises(AccessError) as refused:
        people.of_claims(said, listed(tmp_path))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[[person]]\nsub = "zhang"\nroles = ["boss"]', id="an unknown role"),
        pytest.param('[[person]]\nsub = "zhang"\nrole = "admin"', id="an unknown key"),
        pytest.param("[[person", id="no TOML"),
        pytest.param('claim = ""', id="an empty claim"),
        pytest.param("x = 1\n" * 300_000, id="too large"),
    ],
)
def test_a_list_that_cannot_be_read_lets_nobody_in(tmp_path, text):
    settings = listed(tmp_path, text)
    for ask in (lambda: people.of_claims(claims("zhang"), settings), lambda: own_desk(settings)):
        with pytest.raises(AccessError) as refused:
            ask()
        assert refused.value.code == "people_unreadable"


@pytest.mark.parametrize(
    ("made", "on"),
    [
        pytest.param({}, False, id="nothing set up"),
        pytest.param({"people.toml": ""}, True, id="a list"),
        pytest.param({"secrets.toml": "[auth]\nclient_id='x'"}, True, id="a provider"),
        pytest.param({"secrets.toml": "[other]"}, False, id="other secrets"),
        pytest.param({"secrets.toml": "[auth"}, True, id="secrets that cannot be read"),
    ],
)
def test_identity_is_on_where_something_asks_for_it(tmp_path, made, on):
    for name, text in made.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    settings = settings_of(tmp_path).but(secrets=tmp_path / "secrets.toml")
    assert people.identity_on(settings) is on
    assert people.reviewing(settings) is on
    assert people.identity_on(settings.but(identity=False)) is False
    assert people.reviewing(settings.but(review=not on)) is not on


@pytest.mark.parametrize(
    ("user", "uid", "roles", "known"),
    [
        pytest.param("zhang", 4242, {"manager"}, "os", id="listed"),
        pytest.param("nobody", 4242, set(), "os", id="not listed"),
        pytest.param("root", 0, {"admin"}, "os", id="root keeps the system"),
    ],
)
def test_commands_are_the_system_users_whatever_the_environment_says(
    tmp_path, monkeypatch, user, uid, roles, known
):
    settings = listed(tmp_path)
    as_user(monkeypatch, user, uid)
    for name in ("LOGNAME", "USER", "SUDO_USER"):
        monkeypatch.setenv(name, "li")
    found = own_desk(settings).actor
    assert (found.subject, found.roles, found.known) == (f"os:{user}", roles, known)


def test_without_identity_whoever_is_there_may_do_everything(tmp_path, monkeypatch):
    as_user(monkeypatch, "zhang")
    found = own_desk(settings_of(tmp_path)).actor
    assert (found.roles, found.known, found.name) == (set(ROLES), "local", "zhang")


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_not_do_is_refused_by_direct_call_and_noted(tmp_path, role):
    text = f'[[person]]\nsub = "p"\nname = "甲"\nroles = ["{role}"]'
    settings = listed(tmp_path, text)
    sits = desk(settings, "p")
    barred = [action for action in actions() if action not in MAY[role].split()]
    for action in barred:
        with pytest.raises(AccessError) as refused:
            sits.allowed(action, "something")
        assert refused.value.code == "not_allowed"
        for lang in ("zh", "en"):
            sentence = error_sentence(refused.value, lang)
            assert say(f"action.{action}", lang) in sentence
            assert say(f"role.{role}", lang) in sentence
    noted = [(line["name"], line["action"], line["outcome"]) for line in access.lines(Folders(tmp_path))]
    assert noted == [("甲", action, "refused") for action in barred]
    for action in MAY[role].split():
        assert sits.allowed(action).name == "甲"


def test_a_role_withdrawn_and_a_token_that_ended_count_at_the_next_call(tmp_path, monkeypatch):
    settings = listed(tmp_path)
    sits = desk(settings, "zhang")
    assert sits.allowed("load").roles == {"manager"}
    listed(tmp_path, PEOPLE.replace('roles = ["manager"]', "roles = []", 1))
    with pytest.raises(AccessError) as refused:
        sits.allowed("load")
    assert refused.value.code == "not_allowed"
    assert sits.actor.roles == {"manager"}, "what was looked up at sign-in no longer counts"
    late = Desk(people.of_claims(claims("li"), settings), settings)
    ended = late.actor.expires
    monkeypatch.setattr(people, "datetime", type("Clock", (), {
        "now": staticmethod(lambda _: ended), "fromtimestamp": staticmethod(people.datetime.fromtimestamp)}))  # fmt: skip
    with pytest.raises(AccessError) as refused:
        late.allowed("look")
    assert refused.value.code == "token_expired"


def test_somebody_without_identity_is_out_once_it_is_switched_on(tmp_path):
    sits = own_desk(settings_of(tmp_path))
    assert sits.allowed("load")
    listed(tmp_path)
    with pytest.raises(AccessError) as refused:
        sits.allowed("load")
    assert refused.value.code == "sign_in_needed"


def test_what_is_done_and_what_fails_is_noted_with_who_and_where(tmp_path):
    sits = desk(listed(tmp_path), "zhang")
    with sits.doing("load", "a.xlsx", {"by": "x"}) as (actor, done):
        done.edition = 7
        done.detail["batches"] = ["B000001"]
        assert actor.name == "张三"
    with pytest.raises(FundtrackError), sits.doing("undo", "B9"):
        raise FundtrackError("batch_unknown", batch="B9")
    with pytest.raises(ZeroDivisionError), sits.doing("look", "page"):
        _ = 1 / 0
    first, second, third = access.lines(Folders(tmp_path))
    assert (first["who"], first["action"], first["what"], first["edition"]) == (
        "https://id.example.gov.cn|zhang",
        "load",
        "a.xlsx",
        7,
    )
    assert first["detail"] == {"by": "x", "batches": ["B000001"], "from": "127.0.0.1"}
    assert (second["outcome"], second["detail"]["why"]) == ("failed", "batch_unknown")
    assert (third["outcome"], third["detail"]["why"]) == ("failed", "ZeroDivisionError")
    assert json.dumps(first)


def test_a_log_that_cannot_be_written_stops_changes_and_no_looking(tmp_path, monkeypatch):
    sits = desk(listed(tmp_path), "zhang")
    (tmp_path / "access").write_text("in the way")
    with sits.doing("look", "overview"):
        pass
    with pytest.raises(FundtrackError) as stopped, sits.doing("load", "a.xlsx"):
        pytest.fail("done without a trace")
    assert stopped.value.code == "access_not_written"


def test_without_identity_looking_leaves_no_trace_and_changes_do(tmp_path):
    sits = own_desk(settings_of(tmp_path))
    for action in ("look", "check", "export", "verify"):
        with sits.doing(action):
            pass
    assert not (tmp_path / "access").exists()
    with sits.doing("load", "a.xlsx"):
        pass
    assert [line["action"] for line in access.lines(Folders(tmp_path))] == ["load"]

"""People at desks: a list of people in a data folder, and somebody of it at the desk, by system user or by token."""

import json
import pwd
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from small_portfolio import write_portfolio
from ui_pages import ROOT, publish

from fundtrack.service import people
from fundtrack.service.desk import Desk
from fundtrack.settings import Settings


def person(sub: str, *roles: str, **said: str) -> str:
    """An entry of a list of people; `sub` says who, unless something else is said to."""
    known = ({"sub": sub} if sub else {}) | said
    lines = [f'{name} = "{value}"' for name, value in known.items()]
    return "\n".join(["[[person]]", *lines, f"roles = {json.dumps(roles)}", ""])


HEAD = 'claim = "groups"\n'
PEOPLE = "".join([
    HEAD, 'funds_claim = "funds"\n[roles]\n"venture-managers" = "manager"\n"venture-auditors" = "auditor"\n',
    person("zhang", "manager", os_user="zhang", name="张三"),
    person("li", "reviewer", os_user="li", name="李四"),
    person("both", "manager", "reviewer", name="王五"),
    person("", "official", email="Chief@example.gov.cn", name="赵六"),
    person("shen", "auditor"),
    person("keeper", "admin"),
    person("angel", "manager", name="天使经办"), 'guidance_funds = ["GF000002"]\n',
    person("gone"),
])  # fmt: skip
tomllib.loads(PEOPLE)


def claims(sub: str, minutes: float = 24 * 60, **said):
    """What a token of somebody says; by default one that outlasts the longest run of the tests."""
    ends = datetime.now(UTC) + timedelta(minutes=minutes)
    return {"sub": sub, "iss": "https://id.example.gov.cn", "exp": ends.timestamp()} | said


def settings_of(folder: Path, **said) -> Settings:
    """Settings of a data folder with nothing taken from this machine's."""
    return Settings(data=folder, seeds=ROOT / "seeds", secrets=folder / "no.toml", **said)


def listed(folder: Path, text: str = PEOPLE) -> Settings:
    """A data folder in which people must say who they are."""
    folder.mkdir(exist_ok=True)
    (folder / "people.toml").write_text(text, encoding="utf-8")
    return settings_of(folder)


def desk(settings: Settings, sub: str, minutes: float = 10, **said) -> Desk:
    """Somebody at the desk, by a token."""
    return Desk(people.of_claims(claims(sub, minutes, **said), settings), settings, "127.0.0.1")


def as_user(monkeypatch, name: str, uid: int = 4242) -> None:
    """Let this process be of a system user."""
    monkeypatch.setattr(people.os, "getuid", lambda: uid)
    monkeypatch.setattr(
        people.pwd, "getpwuid", lambda _: pwd.struct_passwd((name, "x", uid, uid, "", "/", "/bin/sh"))
    )


def portfolio(folder: Path) -> Path:
    """A data folder with the small portfolio in it."""
    publish(folder / "data", write_portfolio(folder / "first.xlsx"))
    return folder / "data"

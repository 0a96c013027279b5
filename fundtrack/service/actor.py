"""Who is acting: a name, roles, guidance funds, and how it is known; and the table of who may do what."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, cast

Role = Literal["manager", "reviewer", "official", "auditor", "admin"]
Known = Literal["local", "os", "oidc"]
ROLES: Final[tuple[Role, ...]] = ("manager", "reviewer", "official", "auditor", "admin")


@dataclass(frozen=True)
class Actor:
    """Whoever looks or acts.

    Attributes:
        subject: stable and unique: `os:zhang`, or issuer and subject of the OpenID provider. Two people are the same where it is.
        name: as batches and the access log call them.
        roles: what they may act as, when it was last looked up.
        funds: the guidance funds that they may see and load; None for all.
        known: `local` where nobody need sign in, `os` by the system's user, `oidc` by a signed token.
        expires: when the token ends; None where there is none.
        claims: what the token says, by which roles are looked up again before each action.
        aliases: every stable name under which the list knows the same person, so that one who proposes by a command does not publish
            his own proposal by the dashboard.
    """

    subject: str
    name: str
    roles: frozenset[Role]
    funds: frozenset[str] | None
    known: Known
    expires: datetime | None = None
    claims: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    aliases: frozenset[str] = field(default=frozenset(), compare=False, repr=False)

    def may(self, action: str) -> bool:
        """Whether any of the roles may do it."""
        return not self.roles.isdisjoint(roles_for(action))

    @property
    def in_order(self) -> list[Role]:
        """The roles in the table's order."""
        return [role for role in ROLES if role in self.roles]


@cache
def table() -> Mapping[str, Any]:
    """The table: `actions` with the roles that may, `pages` and `commands` with the action that each is."""
    return tomllib.loads((files("fundtrack.service") / "permissions.toml").read_text(encoding="utf-8"))


def actions() -> tuple[str, ...]:
    """Everything that may be allowed."""
    return tuple(table()["actions"])


def roles_for(action: str) -> frozenset[Role]:
    """The roles that may do something.

    Raises:
        KeyError: there is no such action: our own mistake, and nobody may.
    """
    return cast("frozenset[Role]", frozenset(table()["actions"][action]))


def page_action(page: str) -> str:
    """What opening a page is: looking, where the table names nothing else."""
    return str(table()["pages"].get(page, "look"))


def command_action(command: str, part: str | None = None) -> str:
    """What running a command is, or a part of it that the table names apart.

    >>> command_action("lake", "push"), command_action("lake", "rollup"), command_action("progress")
    ('lake_push', 'lake_read', 'look')
    """
    known = table()["commands"]
    return str(known.get(f"{command} {part}", known.get(command, "keep")))


def may_open(roles: Iterable[Role], page: str) -> bool:
    """Whether anybody with these roles may open a page.

    >>> may_open(["official"], "load"), may_open(["manager"], "load"), may_open([], "overview")
    (False, True, False)
    """
    return not roles_for(page_action(page)).isdisjoint(roles)

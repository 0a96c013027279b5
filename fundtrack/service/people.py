"""Who somebody is and what they may act as: from a signed token's claims, a local list, or the system's user.

The list (`people.toml`) is read anew whenever it is asked, so that a role taken away is gone at the next click. It names the claim that
holds roles, what the claim's words mean, and people; a person in the list has exactly the roles written there, whatever a claim says:

    claim = "groups"
    [roles]
    "fundtrack-managers" = "manager"
    [[person]]
    email = "zhang@example.gov.cn"
    os_user = "zhang"
    name = "张三"
    roles = ["manager"]
    guidance_funds = ["GF-01"]
"""

import os
import pwd
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fundtrack.errors import AccessError
from fundtrack.service.actor import ROLES, Actor, Role
from fundtrack.settings import Settings

if TYPE_CHECKING:
    from fundtrack.service.listed import People

LARGEST: Final = 1 << 20
"""Bytes that a list of people may have."""


def people_file(settings: Settings) -> Path:
    """Where the list is looked for."""
    return settings.people or settings.data / "people.toml"


def read_people(settings: Settings) -> "People":
    """The list as it is now; an empty one where there is none.

    Raises:
        AccessError: `people_unreadable`; then nobody may do anything, rather than somebody too much.
    """
    from fundtrack.service.listed import People, people_of  # noqa: PLC0415 - keeps start-up short where there is none

    path = people_file(settings)
    try:
        if path.stat().st_size > LARGEST:
            raise AccessError("people_unreadable", file=path, detail=f"> {LARGEST}")
        return people_of(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        if settings.people is not None:
            raise AccessError("people_unreadable", file=path, detail="—") from None
        return People()
    except (OSError, ValueError) as error:  # no text, no TOML, no list
        raise AccessError("people_unreadable", file=path, detail=str(error).split("\n")[0]) from error


def identity_on(settings: Settings) -> bool:
    """Whether people must say who they are; secrets that cannot be read count as if they asked for it."""
    if settings.identity is not None:
        return settings.identity
    return settings.people is not None or people_file(settings).exists() or signing_in(settings)


def signing_in(settings: Settings) -> bool:
    """Whether an OpenID provider is set up."""
    try:
        return "auth" in tomllib.loads(settings.secrets.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return True


def reviewing(settings: Settings) -> bool:
    """Whether what one person sends in another must publish."""
    return settings.review if settings.review is not None else identity_on(settings)


def of_system(settings: Settings) -> Actor:
    """Whoever runs a command: the owner of this process, whatever the environment says.

    Where nobody need sign in they may do everything; else what the list says of them, and root and the owner of the
    data folder keep the system.

    Raises:
        AccessError: `people_unreadable`.
    """
    user = system_user()
    if not identity_on(settings):
        return Actor(f"os:{user}", user, frozenset(ROLES), None, "local")
    found = next((one for one in read_people(settings).person if one.os_user == user), None)
    if found is None:
        keeper = os.getuid() in {0, _owner(settings.data)}
        return Actor(f"os:{user}", user, frozenset({"admin"} if keeper else ()), None, "os")
    funds = None if found.guidance_funds is None else frozenset(found.guidance_funds)
    return Actor(f"os:{user}", found.name or user, frozenset(found.roles), funds, "os", aliases=found.aliases)


def system_user() -> str:
    """The name of the user who owns this process."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _owner(folder: Path) -> int:
    try:
        return folder.stat().st_uid
    except OSError:
        return os.getuid()  # there is no folder yet: whoever makes it will own it


def of_claims(claims: Mapping[str, Any], settings: Settings, now: datetime | None = None) -> Actor:
    """Whoever holds a token that the provider signed and the server has checked.

    Raises:
        AccessError: `token_expired`, `token_without_end`, `token_without_subject`, `people_unreadable`.
    """
    subject, issuer = claims.get("sub"), claims.get("iss") or claims.get("provider") or ""
    if not isinstance(subject, str) or not subject:
        raise AccessError("token_without_subject")
    ends = claims.get("exp")
    if isinstance(ends, bool) or not isinstance(ends, int | float):
        raise AccessError("token_without_end")
    expires = datetime.fromtimestamp(ends, UTC)
    if expires <= (now or datetime.now(UTC)):
        raise AccessError("token_expired")
    listed = read_people(settings)
    person = next((one for one in listed.person if one.is_of(claims)), None)
    said = [claims.get(name) for name in ("name", "preferred_username", "email")]
    name = next((word.strip() for word in said if isinstance(word, str) and word.strip()), subject)
    actor = Actor(f"{issuer}|{subject}", name[:80], frozenset(), None, "oidc", expires, dict(claims))
    if person is not None:
        funds = None if person.guidance_funds is None else frozenset(person.guidance_funds)
        return replace(
            actor, name=person.name or actor.name, roles=frozenset(person.roles), funds=funds, aliases=person.aliases
        )  # fmt: skip
    held = listed.funds_claim and _words(claims, listed.funds_claim)
    return replace(actor, roles=_claimed(claims, listed), funds=frozenset(held) if held else None)


def _claimed(claims: Mapping[str, Any], listed: "People") -> frozenset[Role]:
    words = _words(claims, listed.claim) if listed.claim else []
    if listed.roles:
        return frozenset(listed.roles[word] for word in words if word in listed.roles)
    return frozenset(role for role in ROLES if role in words)


def _words(claims: Mapping[str, Any], path: str) -> list[str]:
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    given: Iterable[Any] = (
        [found] if isinstance(found, str) else found if isinstance(found, list | tuple) else []
    )
    return [word for word in given if isinstance(word, str)]


def renewed(actor: Actor, settings: Settings, now: datetime | None = None) -> Actor:
    """The same person with what they may now: the token's end, the list and its roles are looked at again.

    Raises:
        AccessError: `token_expired`, `sign_in_needed`, `people_unreadable`.
    """
    if actor.known == "oidc":
        return of_claims(actor.claims, settings, now)
    if identity_on(settings) and actor.known == "local":
        raise AccessError("sign_in_needed")  # somebody has switched identity on meanwhile
    return actor if actor.known == "local" else of_system(settings)

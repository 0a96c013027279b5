"""What an installation's list of people looks like: whole, shut to others, and with somebody for each duty."""

from collections.abc import Iterator

from fundtrack.errors import AccessError
from fundtrack.reports.doctor import Seen
from fundtrack.service import people
from fundtrack.service.actor import ROLES
from fundtrack.settings import Settings

_OTHERS_WRITE = 0o022


def examine_people(settings: Settings) -> Iterator[Seen]:
    """Look over the list of people, where people must say who they are."""
    if not people.identity_on(settings):
        yield Seen("people_none", "good")
        return
    path = people.people_file(settings)
    try:
        listed = people.read_people(settings)
    except AccessError as error:
        yield Seen("people_bad", "bad", {"error": error})
        return
    if not path.is_file():
        yield Seen("people_claims", "look", {"file": path})
        return
    if path.stat().st_mode & _OTHERS_WRITE:
        yield Seen("people_open", "bad", {"file": path})
    held = {role for one in listed.person for role in one.roles} | set(listed.roles.values())
    if listed.claim is None and (missing := [role for role in ROLES if role not in held]):
        yield Seen("people_missing", "look", {"file": path, "roles": ", ".join(missing)})
    else:
        yield Seen("people", "good", {"file": path, "count": len(listed.person)})

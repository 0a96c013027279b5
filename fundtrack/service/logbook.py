"""The access log as an auditor reads it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fundtrack.errors import Problem
from fundtrack.service.desk import Desk
from fundtrack.store import access
from fundtrack.text.say import Lang, say, sentences


def read(
    desk: Desk,
    first: date | None = None,
    last: date | None = None,
    *,
    who: str | None = None,
    outcome: str | None = None,
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Lines of the log, the newest first, and where its chain does not hold.

    Args:
        desk: who reads; reading is noted, too.
        first: from this day on (UTC).
        last: to the end of this day (UTC).
        who: part of a name or of a stable name.
        outcome: done, refused or failed.

    Raises:
        AccessError: the actor may not.
    """
    with desk.doing(
        "log", "access", {"from_day": first and first.isoformat(), "to_day": last and last.isoformat()}
    ):
        folders = desk.store.folders
        found = access.lines(folders, first, last)
        wanted = (who or "").casefold()
        kept = [line for line in found if wanted in f"{line.get('name')} {line.get('who')}".casefold()
                and outcome in {None, line.get("outcome")}]  # fmt: skip
        return kept[::-1], access.broken(folders)


def words(line: Mapping[str, Any], name: str, lang: Lang) -> str:
    """One part of a line as people read it."""
    value = line.get(name)
    detail = line.get("detail")
    said: Mapping[str, Any] = detail if isinstance(detail, Mapping) else {}
    if name in {"action", "outcome"}:
        return _titled(f"{name}.{value}" if name == "action" else f"access.outcome_{value}", value, lang)
    if name == "roles":
        held = value if isinstance(value, list) else []
        return ("、" if lang == "zh" else ", ").join(_titled(f"role.{role}", role, lang) for role in held)
    told = {
        "at": str(value or "")[:19].replace("T", " "),
        "from": str(said.get("from", "")),
        "detail": "; ".join(f"{key}={_short(what)}" for key, what in said.items() if key != "from"),
    }
    return told.get(name, "" if value is None else str(value))


def _titled(key: str, value: object, lang: Lang) -> str:
    return say(key, lang) if key in sentences(lang) else str(value or "")


def _short(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)

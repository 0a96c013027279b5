"""Scenarios that people saved: by name, in a side file of the edition they were made on, never in the ledger.

`data/scenarios/edition-000042.json` holds those saved while edition 42 was looked at. The file is no part of the proof: no hash
covers it, `verify` does not read it, and deleting it loses nothing but the names.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fundtrack.errors import BusyError
from fundtrack.store.folders import Folders, temporary


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved scenario: its name, its factors by name, the edition it was made on, when, and by whom."""

    name: str
    factors: Mapping[str, float]
    edition: int
    saved_at: str
    by: str


def side_file(folders: Folders, edition: int) -> Path:
    """Name the side file of an edition."""
    return folders.data / "scenarios" / f"edition-{edition:06d}.json"


def saved_scenarios(folders: Folders, edition: int) -> list[Saved]:
    """Read what was saved on an edition or on earlier ones; of one name the newest. Damaged files hold nothing."""
    found: dict[str, Saved] = {}
    for path in sorted((folders.data / "scenarios").glob("edition-*.json")):
        number = path.stem.removeprefix("edition-")
        if number.isdecimal() and int(number) <= edition:
            found |= {each.name: each for each in _read(path, int(number))}
    return list(found.values())


def save_scenario(
    folders: Folders, edition: int, name: str, factors: Mapping[str, float], by: str = ""
) -> Path:
    """Save a scenario under its name in the side file of an edition; one of the same name there is replaced.

    Raises:
        BusyError: `not_writable`, where the folder cannot be written.

    """
    path = side_file(folders, edition)
    kept = [each for each in _read(path, edition) if each.name != name]
    kept.append(Saved(name, dict(factors), edition, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), by))
    _write(path, kept)
    return path


def forget_scenario(folders: Folders, edition: int, name: str) -> None:
    """Take a scenario out of the side files of an edition and of earlier ones; ledger and editions stay as they are."""
    for path in sorted((folders.data / "scenarios").glob("edition-*.json")):
        number = path.stem.removeprefix("edition-")
        if number.isdecimal() and int(number) <= edition:
            held = _read(path, int(number))
            if any(each.name == name for each in held):
                _write(path, [each for each in held if each.name != name])


def _write(path: Path, held: list[Saved]) -> None:
    rows = [
        {"name": each.name, "factors": dict(each.factors), "saved_at": each.saved_at, "by": each.by}
        for each in held
    ]
    try:
        path.parent.mkdir(exist_ok=True)
        draft = temporary(path)
        draft.write_text(json.dumps({"scenarios": rows}, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(draft, path)  # noqa: PTH105 - atomic, as everywhere in the store
    except OSError as error:
        raise BusyError("not_writable", folder=path.parent) from error


def _read(path: Path, edition: int) -> list[Saved]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["scenarios"]
        return [
            Saved(
                str(row["name"]),
                {str(k): float(v) for k, v in row["factors"].items()},
                edition,
                str(row["saved_at"]),
                str(row.get("by", "")),
            )
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []

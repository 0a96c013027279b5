"""Files that were sent back for their errors: a side register of the inbox, never counted as data and no part of any edition."""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from fundtrack.store.folders import Folders

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Returned:
    """A file of a sender who was refused.

    Attributes:
        file: its name.
        sha256: of its bytes; None where the file was not there.
        sender: as on the cover; None where the cover could not be read.
        as_of: 截至日期 of the cover, by which one knows the period it was meant for.
        errors: how many errors its sender's files had.
        by: who tried to load it.
        at: when, in UTC.
    """

    file: str
    sha256: str | None
    sender: str | None
    as_of: date | None
    errors: int
    by: str
    at: datetime


def register_of(folders: Folders) -> Path:
    """Where the register stands."""
    return folders.data / "inbox" / "returned.jsonl"


def note_returned(folders: Folders, entries: Sequence[Returned]) -> bool:
    """Append files sent back; False where that fails, which is logged and never stops a load."""
    if not entries:
        return True
    lines = [json.dumps(asdict(each), ensure_ascii=False, default=_plain) + "\n" for each in entries]
    path = register_of(folders)
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(lines))
    except OSError:
        _LOG.warning("the register of returned files cannot be written", exc_info=True)
        return False
    return True


def returned_files(folders: Folders) -> list[Returned]:
    """All files sent back, in the order of their coming; lines that cannot be read are passed over."""
    try:
        lines = register_of(folders).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [entry for line in lines if (entry := _read(line)) is not None]


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _read(line: str) -> Returned | None:
    try:
        said = json.loads(line)
        as_of = date.fromisoformat(said["as_of"]) if said["as_of"] else None
        at = datetime.fromisoformat(said["at"])
        return Returned(
            said["file"], said["sha256"], said["sender"], as_of, int(said["errors"]), said["by"], at
        )
    except (ValueError, KeyError, TypeError):
        return None

"""The access log: who looked, loaded, exported or was refused; a line each, hash-chained, a file a day, never changed.

A line is canonical JSON. Its `previous` is the hash of the line before, across files; its `hash`, which stands last, is the
SHA-256 of the line without it. So a line that is changed, taken out or put in breaks the chain where it stands.
"""

import fcntl
import hashlib
import json
import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final

from fundtrack.errors import BusyError, Problem
from fundtrack.store.chain import encode
from fundtrack.store.folders import READ_ONLY, Folders, sha256_of

_LOG: Final = logging.getLogger(__name__)
KEPT_MONTHS: Final = 6
"""The least time that a log must be kept (Cybersecurity Law of the PRC, article 21: 留存相关的网络日志不少于六个月)."""
_MONTH: Final = 31
_WAIT: Final = 2.0
_LAST: Final = 1 << 16


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    Attributes:
        who: the stable name of who acted, `os:zhang` or issuer and subject of the OpenID provider.
        name: as people call them.
        known: how it is known who they are: local, os or oidc.
        roles: what they were allowed as.
        action: of the permission table; or sign_in, sign_out, prune.
        what: the page, files, batch or paper.
        outcome: done, refused, or failed with the code of what went wrong in `detail`.
        detail: further words.
        edition: what was looked at or made.
        at: when, in UTC; now where it is not given.
    """

    who: str
    name: str
    known: str
    roles: Sequence[str]
    action: str
    what: str = ""
    outcome: str = "done"
    detail: Mapping[str, Any] = field(default_factory=dict)
    edition: int | None = None
    at: datetime | None = None

    def body(self, previous: str) -> dict[str, Any]:
        """The line without its hash."""
        at = (self.at or datetime.now(UTC)).astimezone(UTC)
        said = {
            "at": at.isoformat(timespec="milliseconds"), "who": self.who, "name": self.name, "known": self.known,
            "roles": list(self.roles), "action": self.action, "what": self.what, "outcome": self.outcome,
            "detail": dict(self.detail), "edition": self.edition,
        }  # fmt: skip
        kept = {name: value for name, value in said.items() if value not in (None, {}, "")}
        return {**kept, "previous": previous}


def folder_of(folders: Folders) -> Path:
    """Where the log stands."""
    return folders.data / "access"


def files_of(folders: Folders) -> list[Path]:
    """The files of the log, one a day, in order."""
    return sorted(folder_of(folders).glob("????-??-??.jsonl"))


def note(folders: Folders, entry: Entry, keep_months: int = 0) -> str:
    """Append a line and give its hash; the first line of a day shuts the files before it.

    Args:
        folders: the data folder.
        entry: what to note.
        keep_months: files older than this are removed, with a line that says so; 0 keeps all.

    Raises:
        BusyError: `access_not_written`, where it cannot be written.
    """
    try:
        folder = folder_of(folders)
        folder.mkdir(mode=0o750, exist_ok=True)
        with _locked(folder / ".lock"):
            earlier = files_of(folders)
            # A clock that was set back must not begin a file before the last one.
            today = max([f"{datetime.now(UTC):%Y-%m-%d}.jsonl", *(path.name for path in earlier[-1:])])
            previous = _last_hash(earlier)
            if earlier and earlier[-1].name != today:
                _shut(earlier)
                for gone in _outlived(earlier, keep_months):
                    previous = _append(folder / today, _pruned(gone), previous)
                    gone.unlink()
            return _append(folder / today, entry, previous)
    except OSError as error:
        raise BusyError("access_not_written", folder=folder_of(folders)) from error


def ready(folders: Folders) -> None:
    """Make sure that a line could be written.

    Raises:
        BusyError: `access_not_written`, where it could not.
    """
    folder = folder_of(folders)
    try:
        if folders.data.is_dir():
            folder.mkdir(mode=0o750, exist_ok=True)
            (folder / ".lock").open("a").close()
    except OSError as error:
        raise BusyError("access_not_written", folder=folder) from error


def _append(path: Path, entry: Entry, previous: str) -> str:
    body = entry.body(previous)
    found = digest(body)
    line = encode({**body, "hash": found}).encode() + b"\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(handle, line)
        if entry.outcome != "done" or entry.action not in {"look", "trace"}:
            os.fsync(handle)
    finally:
        os.close(handle)
    return found


def digest(body: Mapping[str, Any]) -> str:
    """The hash of a line without its own hash."""
    return hashlib.sha256(encode(body).encode()).hexdigest()


@contextmanager
def _locked(path: Path) -> Iterator[IO[str]]:
    """Hold the log's own lock, for the moment of one line."""
    until = time.monotonic() + _WAIT
    with path.open("a+", encoding="utf-8") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise
                time.sleep(0.002)
        yield file


def _last_hash(files: Sequence[Path]) -> str:
    """The hash of the newest line; a line that a power cut left half is ended first, and stays as it is."""
    for path in reversed(files):
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _LAST))
            tail = file.read()
        if tail and not tail.endswith(b"\n"):
            path.chmod(0o640)
            with path.open("ab") as file:
                file.write(b"\n")
        for line in reversed(tail.splitlines()):
            said = _read(line)
            if said is not None:
                return str(said.get("hash", ""))
    return ""


def _read(line: bytes | str) -> dict[str, Any] | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _shut(files: Sequence[Path]) -> None:
    for path in files:
        if path.stat().st_mode & 0o222:
            path.chmod(READ_ONLY & 0o440)


def _outlived(files: Sequence[Path], months: int) -> list[Path]:
    if not months:
        return []
    oldest = (datetime.now(UTC) - timedelta(days=max(months, KEPT_MONTHS) * _MONTH)).date()
    return [path for path in files if date.fromisoformat(path.stem) < oldest]


def _pruned(path: Path) -> Entry:
    detail = {"sha256": sha256_of(path), "last_hash": _last_hash([path])}
    return Entry("fundtrack", "fundtrack", "local", (), "prune", path.name, detail=detail)


def lines(folders: Folders, first: date | None = None, last: date | None = None) -> list[dict[str, Any]]:
    """What the log says from a day to a day (UTC), in order; lines that cannot be read are passed over."""
    found = []
    for path in files_of(folders):
        day = date.fromisoformat(path.stem)
        if (first is None or day >= first) and (last is None or day <= last):
            read = [_read(line) for line in path.read_bytes().splitlines()]
            found += [said for said in read if said is not None]
    return found


def broken(folders: Folders) -> list[Problem]:
    """Where the chain of the log does not hold; empty where it does."""
    problems: list[Problem] = []
    previous: str | None = None
    pruned: set[str] = set()
    start = ""
    for path in files_of(folders):
        name = f"access/{path.name}"
        for at, line in enumerate(path.read_bytes().splitlines(), 1):
            said = _read(line)
            if said is None:
                problems.append(Problem("access_unreadable", file=name, row=at))
                continue
            if said.get("action") == "prune":
                pruned.add(str(dict(said.get("detail", {})).get("last_hash")))
            if previous is None:
                start, previous = str(said.get("previous")), str(said.get("previous"))
            body = {key: value for key, value in said.items() if key != "hash"}
            if said.get("hash") != digest(body):
                problems.append(Problem("access_altered", file=name, row=at))
            elif said.get("previous") != previous:
                problems.append(Problem("access_gap", file=name, row=at))
            previous = str(said.get("hash"))
    if start and start not in pruned:
        problems.insert(0, Problem("access_begins_late", file=f"access/{files_of(folders)[0].name}"))
    return problems


def holds(folders: Folders, wanted: str) -> bool:
    """Whether a line of this hash stands in the log."""
    return any(line.get("hash") == wanted for line in lines(folders))


def pruned(folders: Folders) -> bool:
    """Whether days that had outlived their time were ever removed."""
    return any(line.get("action") == "prune" for line in lines(folders))


def head(folders: Folders) -> str:
    """The hash of the newest line; empty where there is none."""
    return _last_hash(files_of(folders))

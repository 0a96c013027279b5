"""Proposals: what somebody sent in and another must publish, stored aside with its files until it is settled.

`data/proposals/P000001/` holds `proposal.json` (never changed), the files by their SHA-256, and `events.jsonl`, to which is
appended what became of it. None of it is part of any edition; the batch that comes of it names the proposal in its reason.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from fundtrack.errors import BusyError, InputError, IntegrityError
from fundtrack.store.folders import Folders, settle, settle_folder, sha256_of

Kind = Literal["load", "correction", "reversal", "decision"]
Status = Literal["waiting", "published", "returned"]
_NAME: Final = "P[0-9][0-9][0-9][0-9][0-9][0-9]"


@dataclass(frozen=True)
class Person:
    """Whoever did something with a proposal: the stable name, and what people call them."""

    subject: str
    name: str


@dataclass(frozen=True)
class Event:
    """What became of a proposal: published or returned, by whom, when (ISO 8601, UTC), with what comment and result."""

    event: Literal["published", "returned"]
    by: Person
    at: str
    comment: str = ""
    edition: int | None = None
    batch_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """Something sent in.

    Attributes:
        proposal_id: `P000001`, in order.
        kind: a load of files, a correction, the reversal of a batch, or a decision about a finding.
        by: who sent it in.
        at: when, ISO 8601, UTC.
        edition: the newest edition then; None before the first.
        digest: of what it would have changed then.
        reason: why, as its sender says.
        about: what it needs to be done: options of a load, edits, the batch to reverse.
        counts: rows new, changed and unchanged by table, as of then.
        files: name and SHA-256 of each file.
        events: what became of it.
    """

    proposal_id: str
    kind: Kind
    by: Person
    at: str
    edition: int | None
    digest: str
    reason: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    files: tuple[tuple[str, str], ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def status(self) -> Status:
        """Where it stands."""
        return self.events[-1].event if self.events else "waiting"

    @property
    def funds(self) -> frozenset[str] | None:
        """The guidance funds that its sender was held to; None for all."""
        held = self.about.get("guidance_funds")
        return None if held is None else frozenset(held)


def folder_of(folders: Folders) -> Path:
    """Where the proposals stand."""
    return folders.data / "proposals"


@contextmanager
def _locked(folders: Folders) -> Iterator[Path]:
    folder = folder_of(folders)
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        with (folder / ".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield folder
    except OSError as error:
        raise BusyError("write_failed", folder=folder, detail=str(error).split("\n")[0]) from error


def keep(folders: Folders, draft: Proposal, files: Sequence[tuple[Path, str]]) -> Proposal:
    """Store a proposal with its files; it is there as a whole or not at all.

    Args:
        folders: the data folder.
        draft: the proposal; its number is given here.
        files: where each file lies, and its name.

    Raises:
        BusyError: `write_failed`.
    """
    with _locked(folders) as folder:
        _sweep(folders, folder)
        last = max((int(path.name[1:]) for path in folder.glob(_NAME)), default=0)
        number = f"P{last + 1:06d}"
        aside = folder / f".{number}.tmp"
        (aside / "files").mkdir(parents=True)
        kept = []
        for path, name in files:
            sha256 = sha256_of(path)
            goal = aside / "files" / sha256
            if not goal.exists():
                shutil.copyfile(path, goal)
                settle(goal)
            kept.append((name, sha256))
        said = asdict(draft) | {"proposal_id": number, "files": kept}
        del said["events"]
        text = aside / "proposal.json"
        text.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
        settle(text)
        settle_folder(aside / "files")
        settle_folder(aside)
        aside.rename(folder / number)
        settle_folder(folder)
    return find(folders, number)


def _sweep(folders: Folders, folder: Path) -> None:
    """Clear away what a broken `keep` left, with a line in `sweep.log`."""
    for path in sorted(folder.glob(".P*.tmp")):
        trace = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "file": str(path.relative_to(folders.data)),
                 "files": {each.name: sha256_of(each) for each in sorted(path.rglob("*")) if each.is_file()}}  # fmt: skip
        with (folders.data / "sweep.log").open("a", encoding="utf-8") as log:
            log.write(json.dumps(trace, ensure_ascii=False) + "\n")
        shutil.rmtree(path)


def settle_with(folders: Folders, proposal_id: str, event: Event) -> Proposal:
    """Append what became of a proposal that still waits.

    Raises:
        InputError: `proposal_settled`, where somebody was faster.
        BusyError: `write_failed`.
    """
    with _locked(folders) as folder:
        waiting(folders, proposal_id)
        path = folder / proposal_id / "events.jsonl"
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            os.write(handle, (json.dumps(asdict(event), ensure_ascii=False) + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        settle_folder(path.parent)
    return find(folders, proposal_id)


def all_of(folders: Folders) -> list[Proposal]:
    """Every proposal, the newest first."""
    return [_read(path) for path in sorted(folder_of(folders).glob(_NAME), reverse=True)]


def find(folders: Folders, proposal_id: str) -> Proposal:
    """A proposal by its number.

    Raises:
        InputError: `proposal_unknown`.
        IntegrityError: `proposal_unreadable`.
    """
    for path in folder_of(folders).glob(_NAME):
        if path.name == proposal_id:
            return _read(path)
    raise InputError("proposal_unknown", proposal=proposal_id)


def waiting(folders: Folders, proposal_id: str) -> Proposal:
    """A proposal that is not settled yet.

    Raises:
        InputError: `proposal_unknown`; `proposal_settled`.
    """
    found = find(folders, proposal_id)
    if found.events:
        last = found.events[-1]
        raise InputError("proposal_settled", proposal=proposal_id, by=last.by.name, at=last.at)
    return found


def files_of(folders: Folders, proposal: Proposal) -> list[tuple[Path, str]]:
    """Where each file of a proposal lies, and its name; each is checked to be what was sent in.

    Raises:
        IntegrityError: `proposal_altered`.
    """
    found = []
    for name, sha256 in proposal.files:
        path = folder_of(folders) / proposal.proposal_id / "files" / sha256
        if not path.is_file() or sha256_of(path) != sha256:
            raise IntegrityError("proposal_altered", proposal=proposal.proposal_id, file=name)
        found.append((path, name))
    return found


def _read(path: Path) -> Proposal:
    try:
        said = json.loads((path / "proposal.json").read_text(encoding="utf-8"))
        log = path / "events.jsonl"
        lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
        events = tuple(_event(json.loads(line)) for line in lines if line.endswith("}"))
        files = tuple((str(name), str(sha256)) for name, sha256 in said.pop("files"))
        return Proposal(**{**said, "by": Person(**said["by"]), "files": files, "events": events})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IntegrityError("proposal_unreadable", proposal=path.name) from error


def _event(said: dict[str, Any]) -> Event:
    return Event(**{**said, "by": Person(**said["by"]), "batch_ids": tuple(said["batch_ids"])})

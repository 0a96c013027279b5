"""What is sent in where another must publish it: checked and compared as ever, then put aside with a fingerprint of its changes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fundtrack import __version__
from fundtrack.errors import InputError
from fundtrack.load import corrections, pipeline
from fundtrack.load.corrections import Corrected
from fundtrack.load.edits import Edit
from fundtrack.load.outcome import Result
from fundtrack.load.profiles import Profile
from fundtrack.load.reading import Progress
from fundtrack.load.sent_back import note_refused
from fundtrack.service.actor import Actor
from fundtrack.service.desk import Desk
from fundtrack.service.rows import diffs_rows, fingerprint, keep_within, rows_of
from fundtrack.store import proposed
from fundtrack.store.batches import DraftBatch
from fundtrack.store.proposed import Kind, Person, Proposal


def person(actor: Actor) -> Person:
    """Whoever acts, as a proposal keeps them."""
    return Person(actor.subject, actor.name)


def now() -> str:
    """This moment as a proposal keeps it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def propose_files(
    desk: Desk,
    actor: Actor,
    files: Sequence[Path | tuple[Path, str]],
    options: Mapping[str, Any],
    answers: Mapping[str, Profile],
    reason: str,
    progress: Progress | None,
    *,
    kind: Kind = "load",
) -> Result | Proposal:
    """Put aside the files of every sender without errors; where that leaves none, what the check said.

    Raises:
        AccessError: `outside_funds`.
        InputError: as `pipeline.check`.
        BusyError: `write_failed`.
    """
    result = pipeline.check(
        desk.store, files, profile=options.get("profile"), answers=answers, complete=options.get("complete", ()),
        snapshot=options.get("snapshot", False), seeds=desk.settings.seeds, progress=progress,
    )  # fmt: skip
    keep_within(desk, actor, rows_of(result))
    together = bool(options.get("together"))
    if desk.store.folders.data.is_dir():
        note_refused(desk.store, result.senders, actor.name, together=together)
    if together and result.outcome == "partial":
        return replace(
            result,
            outcome="refused",
            senders=tuple(replace(one, outcome="refused") for one in result.senders),
        )
    if result.outcome not in {"accepted", "partial"}:
        return result
    taken = [item.file for sender in result.senders if sender.outcome == "accepted" for item in sender.files]
    about = {
        **options,
        "answers": {file.name: file.profile.text for file in taken if file.profile is not None},
        "senders": [sender.name for sender in result.senders if sender.outcome == "accepted"],
        **_held(actor),
    }
    draft = Proposal(
        "",
        kind,
        person(actor),
        now(),
        result.edition,
        fingerprint(rows_of(result)),
        reason,
        about,
        result.counts(),
    )
    return proposed.keep(desk.store.folders, draft, [(file.path, file.name) for file in taken])


def propose_correction(desk: Desk, actor: Actor, edits: Sequence[Edit], reason: str) -> Corrected | Proposal:
    """Put a correction aside; where it is refused or changes nothing, what the check said.

    Raises:
        AccessError: `outside_funds`.
        InputError: as `corrections.check`; `correction_needs_reason`.
        BusyError: `write_failed`.
    """
    if not reason.strip():
        raise InputError("correction_needs_reason")
    made = corrections.check(desk.store, edits)
    if made.outcome != "accepted":
        return made
    keep_within(desk, actor, diffs_rows(made.diffs))
    said = [{"table": edit.table, "key": edit.key, "values": dict(edit.values)} for edit in edits]
    about = {"edits": said, "changes": made.changes(), **_held(actor)}
    counts = {each.table: {"new": 0, "changed": each.changed.height, "unchanged": 0} for each in made.diffs}
    digest = fingerprint(diffs_rows(made.diffs))
    draft = Proposal(
        "", "correction", person(actor), now(), made.edition, digest, reason.strip(), about, counts
    )
    with TemporaryDirectory(prefix="fundtrack-") as folder:
        text = Path(folder) / "correction.json"
        text.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
        return proposed.keep(desk.store.folders, draft, [(text, text.name)])


def reversal_of(desk: Desk, batch: str, by: str, reason: str) -> DraftBatch:
    """The reversal as it would be now.

    Raises:
        InputError: as `pipeline.undo`.
    """
    moment = datetime.now(UTC).replace(microsecond=0)
    return desk.store.undo(batch, by=by, reason=reason, now=moment, version=__version__)


def propose_undo(desk: Desk, actor: Actor, batch: str, reason: str) -> Proposal:
    """Ask for the reversal of a batch.

    Raises:
        AccessError: `outside_funds`.
        InputError: as `pipeline.undo`.
        BusyError: `write_failed`.
    """
    draft = reversal_of(desk, batch, actor.name, reason)
    rows = list(draft.puts.items())
    keep_within(desk, actor, rows)
    about = {"batch": batch, **_held(actor)}
    edition = desk.store.newest()
    said = Proposal(
        "", "reversal", person(actor), now(), edition, fingerprint(rows), reason, about, draft.meta.counts
    )
    return proposed.keep(desk.store.folders, said, [])


def _held(actor: Actor) -> dict[str, Any]:
    held: dict[str, Any] = {"sender_known_as": sorted(actor.aliases)} if actor.aliases else {}
    return held if actor.funds is None else {**held, "guidance_funds": sorted(actor.funds)}

"""What people do to the data: each is asked of the table, done or put aside for review, and noted."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from fundtrack.errors import AccessError
from fundtrack.load import corrections, pipeline
from fundtrack.load.actions import Decision, decision_file, taken
from fundtrack.load.corrections import Corrected
from fundtrack.load.edits import Edit
from fundtrack.load.head_start import HeadStart
from fundtrack.load.outcome import Result
from fundtrack.load.profiles import Profile, save_profile
from fundtrack.load.reading import Progress
from fundtrack.service import people
from fundtrack.service.actor import Actor
from fundtrack.service.desk import Desk, Done
from fundtrack.service.proposing import propose_correction, propose_files, propose_undo
from fundtrack.service.rows import diffs_rows, drafts_rows, keep_within, rows_of
from fundtrack.store.batches import Published
from fundtrack.store.proposed import Proposal
from fundtrack.store.scenarios import forget_scenario, save_scenario
from fundtrack.text.say import Lang

Files = Sequence[Path | tuple[Path, str]]


def names_of(files: Files) -> str:
    """What files are called, for the log."""
    return "、".join(file.name if isinstance(file, Path) else file[1] for file in files)


def called(actor: Actor, by: str | None) -> str:
    """What the batch says of who acted: where nobody need sign in, the name they give; else who they are."""
    return (by or "").strip() or actor.name if actor.known == "local" else actor.name


def _noting_by(actor: Actor, by: str | None) -> dict[str, Any]:
    return {"by": by.strip()} if by and by.strip() not in {"", actor.name} else {}


def check(
    desk: Desk,
    files: Files,
    *,
    profile: str | None = None,
    answers: Mapping[str, Profile] | None = None,
    complete: Collection[str] = (),
    snapshot: bool = False,
    progress: Progress | None = None,
    begun: HeadStart | None = None,
) -> Result:
    """A dry run of files; its arguments are those of `pipeline.check`.

    Raises:
        AccessError: the actor may not, or a row is none of theirs.
        InputError: as `pipeline.check`.
    """
    with desk.doing("check", names_of(files)) as (actor, done):
        result = pipeline.check(
            desk.store, files, profile=profile, answers=answers, complete=complete, snapshot=snapshot,
            seeds=desk.settings.seeds, progress=progress, begun=begun,
        )  # fmt: skip
        keep_within(desk, actor, rows_of(result))
        done.edition = result.edition
        done.detail["outcome"] = result.outcome
    return result


def load(
    desk: Desk,
    files: Files,
    *,
    by: str | None = None,
    reason: str | None = None,
    profile: str | None = None,
    answers: Mapping[str, Profile] | None = None,
    complete: Collection[str] = (),
    snapshot: bool = False,
    together: bool = False,
    progress: Progress | None = None,
    begun: HeadStart | None = None,
) -> Result | Proposal:
    """Publish files, or put them aside for another to publish where the setting asks for review.

    Raises:
        AccessError: the actor may not, or a row is none of theirs.
        InputError: as `pipeline.load`; `nothing_to_review`.
        BusyError: another loader did not finish in time, or the folder cannot be written.
    """
    with desk.doing("load", names_of(files), _noting_by(desk.actor, by)) as (actor, done):
        if people.reviewing(desk.settings):
            options = {
                "profile": profile,
                "complete": sorted(complete),
                "snapshot": snapshot,
                "together": together,
            }
            made = propose_files(desk, actor, files, options, answers or {}, reason or "", progress)
            _note(done, made)
            return made
        result = pipeline.load(
            desk.store, files, by=called(actor, by), reason=reason, profile=profile, answers=answers, complete=complete,
            snapshot=snapshot, together=together, seeds=desk.settings.seeds, patience=desk.settings.lock_wait, progress=progress,
            guard=lambda drafts: keep_within(desk, actor, drafts_rows(drafts)), begun=begun,
        )  # fmt: skip
        _note(done, result)
    return result


def undo(desk: Desk, batch: str, *, by: str | None = None, reason: str | None = None) -> Published | Proposal:
    """Reverse a batch, or ask for its reversal where the setting asks for review.

    Raises:
        AccessError: the actor may not, or a row is none of theirs.
        InputError: as `pipeline.undo`.
        BusyError: another loader did not finish in time, or the folder cannot be written.
    """
    with desk.doing("undo", batch, _noting_by(desk.actor, by)) as (actor, done):
        if people.reviewing(desk.settings):
            made = propose_undo(desk, actor, batch, reason or "")
            _note(done, made)
            return made
        result = pipeline.undo(
            desk.store, batch, by=called(actor, by), reason=reason, patience=desk.settings.lock_wait,
            guard=lambda drafts: keep_within(desk, actor, drafts_rows(drafts)),
        )  # fmt: skip
        _note(done, result)
    return result


def check_correction(desk: Desk, edits: Sequence[Edit]) -> Corrected:
    """A dry run of a correction.

    Raises:
        AccessError: the actor may not, or a row is none of theirs.
        InputError: as `corrections.check`.
    """
    actor = desk.allowed("correct", _edited(edits))
    made = corrections.check(desk.store, edits)
    try:
        keep_within(desk, actor, diffs_rows(made.diffs))
    except AccessError as error:
        desk.note(actor, "correct", _edited(edits), "refused", {"why": error.code})
        raise
    return made


def correct(
    desk: Desk, edits: Sequence[Edit], *, by: str | None = None, reason: str = ""
) -> Corrected | Proposal:
    """Put single values right, or propose to where the setting asks for review.

    Raises:
        AccessError: the actor may not, or a row is none of theirs.
        InputError: as `corrections.correct`.
        BusyError: another loader did not finish in time, or the folder cannot be written.
    """
    with desk.doing("correct", _edited(edits), _noting_by(desk.actor, by)) as (actor, done):
        if people.reviewing(desk.settings):
            made = propose_correction(desk, actor, edits, reason)
            _note(done, made)
            return made
        result = corrections.correct(
            desk.store, edits, by=called(actor, by) if by is None or by.strip() else "", reason=reason,
            patience=desk.settings.lock_wait,
            guard=lambda diffs: keep_within(desk, actor, diffs_rows(diffs)),
        )  # fmt: skip
        _note(done, result)
    return result


def decide(desk: Desk, decision: Decision, lang: Lang) -> Result | Proposal:
    """Record what was decided about a finding, or propose it where the setting asks for review.

    Raises:
        AccessError: the actor may not, or the finding is none of theirs.
        InputError: `nothing_loaded`; `action_refused` with what is wrong.
        BusyError: another loader did not finish in time, or the folder cannot be written.
    """
    with desk.doing("decide", f"{decision.rule_id} {decision.entity} {decision.action}") as (actor, done):
        with decision_file(desk.store, decision) as file:
            if people.reviewing(desk.settings):
                made = propose_files(desk, actor, [file], {}, {}, decision.reason, None, kind="decision")
                _note(done, made)
                return made
            result = pipeline.load(
                desk.store, [file], by=called(actor, decision.acted_by), reason=decision.reason,
                patience=desk.settings.lock_wait, guard=lambda drafts: keep_within(desk, actor, drafts_rows(drafts)),
            )  # fmt: skip
        _note(done, taken(result, lang))
    return result


def keep_profile(desk: Desk, profile: Profile) -> None:
    """Save what was said of a layout.

    Raises:
        AccessError: the actor may not.
        OSError: the folder cannot be written.
    """
    with desk.doing("profile", profile.name):
        save_profile(profile, pipeline.profiles_of(desk.store))


def keep_scenario(desk: Desk, edition: int, name: str, factors: Mapping[str, float]) -> None:
    """Save a scenario under the name of who made it.

    Raises:
        AccessError: the actor may not.
        BusyError: the folder cannot be written.
    """
    with desk.doing("scenario", name) as (actor, _):
        save_scenario(desk.store.folders, edition, name, factors, actor.name)


def drop_scenario(desk: Desk, edition: int, name: str) -> None:
    """Take a saved scenario away.

    Raises:
        AccessError: the actor may not.
        BusyError: the folder cannot be written.
    """
    with desk.doing("scenario", name, {"removed": True}):
        forget_scenario(desk.store.folders, edition, name)


def _edited(edits: Sequence[Edit]) -> str:
    return "、".join(f"{edit.table}.{edit.key}" for edit in edits)


def _note(done: Done, made: Result | Corrected | Published | Proposal) -> None:
    """What the log says of what became of it."""
    if isinstance(made, Proposal):
        done.detail |= {"outcome": "proposed", "proposal": made.proposal_id}
        return
    done.edition = made.edition
    done.detail |= {"outcome": getattr(made, "outcome", "published"), "batches": list(made.batch_ids)}

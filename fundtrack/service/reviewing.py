"""Four eyes: a proposal is looked over as of now, and published or returned by somebody other than its sender."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import polars as pl

from fundtrack.errors import AccessError, FundtrackError, InputError
from fundtrack.load import corrections, pipeline
from fundtrack.load.corrections import Corrected
from fundtrack.load.edits import Edit
from fundtrack.load.outcome import Result
from fundtrack.load.profiles import Profile, check_profile
from fundtrack.load.reading import Progress
from fundtrack.service.actor import Actor
from fundtrack.service.desk import Desk
from fundtrack.service.proposing import now, person, reversal_of
from fundtrack.service.rows import diffs_rows, drafts_rows, fingerprint, keep_within, rows_of
from fundtrack.store import proposed
from fundtrack.store.batches import DraftBatch, Published
from fundtrack.store.proposed import Event, Proposal

Made = TypeVar("Made", Result, Corrected)


@dataclass(frozen=True)
class Looked:
    """A proposal checked against the newest edition.

    Attributes:
        proposal: the proposal.
        edition: the newest edition; None before the first.
        digest: of what it would change now.
        result: what a load or a decision would do; None for the other kinds.
        corrected: what a correction would do.
        reversal: the rows that a reversal would write, by table.
        wrong: why it cannot be done any more; None where it can.
    """

    proposal: Proposal
    edition: int | None
    digest: str
    result: Result | None = None
    corrected: Corrected | None = None
    reversal: DraftBatch | None = None
    wrong: FundtrackError | None = None

    @property
    def changed(self) -> bool:
        """Whether it would now change something else than when it was sent in."""
        return self.digest != self.proposal.digest

    @property
    def possible(self) -> bool:
        """Whether it could be published."""
        outcome = (
            self.result.outcome if self.result else self.corrected.outcome if self.corrected else "accepted"
        )
        return self.wrong is None and outcome == "accepted"


def listed(desk: Desk) -> list[Proposal]:
    """Every proposal that the actor may see, the newest first; one whose publishing was cut off after its edition stood is settled.

    Raises:
        AccessError: the actor may not.
    """
    actor = desk.allowed("waiting")
    mend(desk)
    return [each for each in proposed.all_of(desk.store.folders) if _sees(actor, each)]


def _sees(actor: Actor, proposal: Proposal) -> bool:
    if actor.funds is None or proposal.by.subject == actor.subject:
        return True
    return proposal.funds is not None and proposal.funds <= actor.funds


def mend(desk: Desk) -> None:
    """Settle proposals whose batches stand although the line that says so was never written: somebody was killed in between."""
    waiting = [each for each in proposed.all_of(desk.store.folders) if each.status == "waiting"]
    if not waiting or desk.store.newest() is None:
        return
    batches = desk.store.ledger().batches().filter(pl.col("reviewer").is_not_null())
    for each in waiting:
        # The last bracket is ours, whatever a sender wrote before it: nobody settles another's proposal by his own words.
        tag = pl.col("reason").str.split("［").list.last().str.head(len(each.proposal_id) + 1)
        own = batches.filter(tag.is_in([f"{each.proposal_id}］", f"{each.proposal_id} "]))
        if own.height:
            last = own.row(-1, named=True)
            by = proposed.Person("", last["reviewer"])
            event = Event(
                "published",
                by,
                f"{last['loaded_at'].isoformat()}+00:00",
                "",
                last["edition"],
                tuple(own["batch_id"]),
            )
            proposed.settle_with(desk.store.folders, each.proposal_id, event)


def look_over(desk: Desk, proposal_id: str, progress: Progress | None = None) -> Looked:
    """Check a proposal against the newest edition.

    Raises:
        AccessError: the actor may not.
        InputError: `proposal_unknown`.
        IntegrityError: `proposal_altered`, `proposal_unreadable`.
    """
    actor = desk.allowed("waiting", proposal_id)
    found = proposed.find(desk.store.folders, proposal_id)
    if not _sees(actor, found):
        raise InputError("proposal_unknown", proposal=proposal_id)
    empty = Looked(found, desk.store.newest(), "")
    try:
        return _checked(desk, empty, progress)
    except InputError as error:
        return replace(empty, wrong=error)


def _checked(desk: Desk, seen: Looked, progress: Progress | None) -> Looked:
    found = seen.proposal
    if found.kind == "correction":
        made = corrections.check(desk.store, _edits(found))
        return replace(seen, corrected=made, digest=fingerprint(diffs_rows(made.diffs)))
    if found.kind == "reversal":
        draft = reversal_of(desk, found.about["batch"], found.by.name, found.reason)
        return replace(seen, reversal=draft, digest=fingerprint(drafts_rows([draft])))
    files = proposed.files_of(desk.store.folders, found)
    result = pipeline.check(
        desk.store, files, seeds=desk.settings.seeds, progress=progress, **_options(found)
    )
    return replace(seen, result=result, edition=result.edition, digest=fingerprint(rows_of(result)))


def publish(
    desk: Desk,
    proposal_id: str,
    comment: str = "",
    *,
    seen: str | None = None,
    progress: Progress | None = None,
) -> tuple[Proposal, Result | Corrected | Published]:
    """Publish what another sent in; it is checked once more, under the lock.

    Args:
        desk: who publishes.
        proposal_id: what.
        comment: of the reviewer, kept in the batch's reason.
        seen: the first characters, at least eight, of the digest of what the reviewer looked at; without it, of what was sent in.
        progress: told how far reading is.

    Raises:
        AccessError: the actor may not; `own_proposal`; `outside_funds`.
        InputError: `proposal_unknown`, `proposal_settled`; `proposal_differs`, where it would now change something else than was looked
            at; `proposal_refused`, where it now has errors; `proposal_empty`, where it changes nothing any more.
        BusyError: another loader did not finish in time, or the folder cannot be written.
    """
    with desk.doing("review", f"publish {proposal_id}") as (actor, done):
        mend(desk)
        found = proposed.waiting(desk.store.folders, proposal_id)
        known_as = frozenset(found.about.get("sender_known_as", ()))
        if found.by.subject == actor.subject or known_as & actor.aliases:
            raise AccessError("own_proposal", proposal=proposal_id, name=actor.name)
        if not _sees(actor, found):
            raise InputError("proposal_unknown", proposal=proposal_id)
        done.detail |= {"sent_by": found.by.subject, "comment": comment}
        made = _done(desk, actor, found, comment.strip(), seen or found.digest, progress)
        done.edition = made.edition
        done.detail["batches"] = list(made.batch_ids)
        event = Event("published", person(actor), now(), comment.strip(), made.edition, made.batch_ids)
        return proposed.settle_with(desk.store.folders, proposal_id, event), made


def send_back(desk: Desk, proposal_id: str, comment: str) -> Proposal:
    """Return a proposal to its sender, who may also take it back; nothing of it is published.

    Raises:
        AccessError: the actor may not.
        InputError: `proposal_unknown`, `proposal_settled`; `return_needs_comment`.
        BusyError: `write_failed`.
    """
    folders = desk.store.folders
    own = proposed.find(folders, proposal_id).by.subject == desk.actor.subject
    with desk.doing("waiting" if own else "review", f"return {proposal_id}", {"comment": comment}) as (
        actor,
        _,
    ):
        if not comment.strip():
            raise InputError("return_needs_comment", proposal=proposal_id)
        if not _sees(actor, proposed.waiting(folders, proposal_id)):
            raise InputError("proposal_unknown", proposal=proposal_id)
        return proposed.settle_with(
            folders, proposal_id, Event("returned", person(actor), now(), comment.strip())
        )


def _done(
    desk: Desk, actor: Actor, found: Proposal, comment: str, seen: str, progress: Progress | None
) -> Result | Corrected | Published:
    said_to = comment.replace("［", "[")  # so that the last such bracket is ours
    reason = f"{found.reason}［{found.proposal_id}{' ' if comment else ''}{said_to}］"
    said: dict[str, Any] = {
        "by": found.by.name,
        "reason": reason,
        "reviewer": actor.name,
        "patience": desk.settings.lock_wait,
    }
    same = _same(desk, actor, found, seen)
    if found.kind == "correction":
        made = corrections.correct(
            desk.store, _edits(found), **said, guard=lambda diffs: same(diffs_rows(diffs))
        )
        return _unless_refused(found, made)
    if found.kind == "reversal":
        return pipeline.undo(
            desk.store, found.about["batch"], **said, guard=lambda drafts: same(drafts_rows(drafts))
        )
    files = proposed.files_of(desk.store.folders, found)
    loaded = pipeline.load(
        desk.store, files, **said, **_options(found), seeds=desk.settings.seeds, together=True, progress=progress,
        guard=lambda drafts: same(drafts_rows(drafts)),
    )  # fmt: skip
    return _unless_refused(found, loaded)


def _unless_refused(found: Proposal, made: Made) -> Made:
    if made.outcome == "refused":
        errors = sum(problem.severity == "error" for problem in made.problems)
        raise InputError("proposal_refused", proposal=found.proposal_id, errors=errors)
    if made.outcome == "unchanged":
        raise InputError("proposal_empty", proposal=found.proposal_id)
    return made


def _same(
    desk: Desk, actor: Actor, found: Proposal, seen: str
) -> Callable[[Iterable[tuple[str, pl.DataFrame]]], None]:
    """Asks, just before publishing, whether what is written is what was looked at."""

    def asked(rows: Iterable[tuple[str, pl.DataFrame]]) -> None:
        held = list(rows)
        keep_within(desk, actor, held)
        if len(seen) < 8 or not fingerprint(held).startswith(seen):
            raise InputError("proposal_differs", proposal=found.proposal_id, edition=found.edition or 0)

    return asked


def _options(found: Proposal) -> dict[str, Any]:
    answers: dict[str, Profile] = {}
    for name, text in found.about.get("answers", {}).items():
        answers[name] = check_profile(tomllib.loads(text), name)
    return {
        "answers": answers, "complete": found.about.get("complete", ()), "snapshot": bool(found.about.get("snapshot", False)),
    }  # fmt: skip


def _edits(found: Proposal) -> list[Edit]:
    return [Edit(each["table"], each["key"], each["values"]) for each in found.about["edits"]]

"""The desk at which somebody acts: asks the table before anything is done, and notes in the access log what was."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from fundtrack.errors import AccessError, BusyError, FundtrackError
from fundtrack.service import people
from fundtrack.service.actor import Actor
from fundtrack.settings import Settings
from fundtrack.store import access
from fundtrack.store.editions import Store

_LOG: Final = logging.getLogger(__name__)
LOOKING: Final = frozenset({"look", "inbox", "trace", "check", "verify", "waiting", "log", "lake_read"})
"""What changes nothing and takes nothing away; a log that cannot be written stops none of it."""


@dataclass
class Done:
    """What is noted of something done, filled in while it is done.

    Attributes:
        edition: what was looked at or made.
        detail: further words.
    """

    edition: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Desk:
    """Somebody at a data folder.

    Attributes:
        actor: who.
        settings: of the installation.
        where: where they come from: an address, or nothing for a command.
    """

    actor: Actor
    settings: Settings
    where: str = ""

    @property
    def store(self) -> Store:
        """The store of the data folder."""
        return Store(self.settings.data)

    def allowed(self, action: str, what: str = "", *, whole: bool = False) -> Actor:
        """Whoever acts, with what they may now; who may not is refused, and that is noted.

        Args:
            action: of the permission table.
            what: the page, files, batch or paper.
            whole: it needs all guidance funds, so that who may see only some is refused.

        Raises:
            AccessError: `token_expired`, `sign_in_needed`, `people_unreadable`; `not_allowed` with the action and roles;
                `not_whole`, where the paper holds funds that they may not see.
        """
        actor = self.actor
        try:
            actor = people.renewed(self.actor, self.settings)
            _refuse(actor, action, whole=whole)
        except AccessError as error:
            self.note(actor, action, what, "refused", {"why": error.code})
            raise
        return actor

    @contextmanager
    def doing(
        self, action: str, what: str = "", detail: Mapping[str, Any] | None = None, *, whole: bool = False
    ) -> Iterator[tuple[Actor, Done]]:
        """Do something that the actor may; what becomes of it is noted.

        Raises:
            AccessError: as `allowed`.
            BusyError: `access_not_written`, where something leaves or changes the data and could not be noted.
        """
        actor = self.allowed(action, what, whole=whole)
        if action not in LOOKING and self._noted(action) and people.identity_on(self.settings):
            access.ready(self.store.folders)
        done = Done(detail=dict(detail or {}))
        try:
            yield actor, done
        except Exception as error:
            why = error.code if isinstance(error, FundtrackError) else type(error).__name__
            outcome = "refused" if isinstance(error, AccessError) else "failed"
            self.note(actor, action, what, outcome, {**done.detail, "why": why})
            raise
        self.note(actor, action, what, "done", done.detail, done.edition)

    def note(self, actor: Actor, action: str, what: str, outcome: str, detail: Mapping[str, Any] | None = None,
             edition: int | None = None) -> None:  # fmt: skip
        """Write a line of the access log, where one is kept of this; a failure to write stands in the program's own log."""
        if outcome != "refused" and not self._noted(action):
            return
        if outcome == "failed" and not people.identity_on(self.settings):
            return
        folders = self.store.folders
        if not folders.data.is_dir():
            return
        said = {**(detail or {}), "from": self.where}
        entry = access.Entry(
            actor.subject, actor.name, actor.known, actor.in_order, action, what[:500], outcome,
            {name: value for name, value in said.items() if value not in (None, "", [], ())}, edition,
        )  # fmt: skip
        try:
            access.note(folders, entry, self.settings.access_keep_months)
        except BusyError:
            _LOG.warning("the access log cannot be written", exc_info=people.identity_on(self.settings))

    def _noted(self, action: str) -> bool:
        if self.settings.access_log == "all" or people.identity_on(self.settings):
            return True
        return action not in LOOKING | {"export", "audit", "scenario", "profile", "keep"}


def _refuse(actor: Actor, action: str, *, whole: bool) -> None:
    """Stop whoever may not.

    Raises:
        AccessError: `not_allowed`, `not_whole`.
    """
    if not actor.may(action):
        raise AccessError("not_allowed", action=action, name=actor.name, roles=", ".join(actor.in_order))
    if whole and actor.funds is not None:
        raise AccessError("not_whole", name=actor.name, funds=", ".join(sorted(actor.funds)))


def own_desk(settings: Settings) -> Desk:
    """The desk of whoever runs this process.

    Raises:
        AccessError: `people_unreadable`.
    """
    return Desk(people.of_system(settings), settings)

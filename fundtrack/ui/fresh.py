"""A new edition is shown when its reports stand: until then whoever clicks sees the one before, at once, and is told.

An edition that is just published has nothing kept. If fifty viewers asked for it at once, each click would wait for all its
reports; so those that were looked at lately are computed once, by a process beside the server, and everybody goes on reading. What
was published meanwhile is skipped, and nobody is shown an earlier edition for longer than a minute: then whoever clicks waits.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Final

from fundtrack.service.scope import Sight
from fundtrack.ui.beside import Call

_LOG: Final = logging.getLogger(__name__)
LATELY: Final = 900.0
"""Seconds for which a report counts as looked at."""
LONGEST: Final = 60.0
"""Seconds for which an earlier edition is shown."""
MOST: Final = 40
"""Reports that are computed ahead."""

Prepare = Callable[[Sight, int, tuple[Call, ...]], None]
"""Computes reports of an edition."""


@dataclass
class _At:
    """What is known of one sight.

    Attributes:
        shown: the edition that is shown.
        coming: the one that is being prepared, if any.
        done: set when it stands.
        since: when an earlier edition was first shown in place of a newer one.
        asked: reports with when each was last looked at.
    """

    shown: int
    coming: int | None = None
    done: Event = field(default_factory=Event)
    since: float = 0.0
    asked: OrderedDict[Call, float] = field(default_factory=OrderedDict)


class Fresh:
    """Which edition each sight is shown; one for the whole server."""

    def __init__(self, prepare: Prepare) -> None:
        self._prepare = prepare
        self._lock = Lock()
        self._at: dict[Sight, _At] = {}

    def shown(self, sight: Sight, newest: int, wait: float) -> int:
        """The edition to show where nobody names one: the newest, or the one before while its reports are being computed.

        Args:
            sight: whose.
            newest: the newest edition.
            wait: seconds that a page may wait for the reports.
        """
        with self._lock:
            at = self._at.setdefault(sight, _At(newest))
            if at.shown >= newest or not at.asked:
                at.shown = newest
                return newest
            if at.coming is None:
                at.coming, at.done = newest, Event()
                at.since = at.since or time.monotonic()
                Thread(
                    target=self._make, args=(sight, at, newest), daemon=True, name=f"edition {newest}"
                ).start()
            elif time.monotonic() - at.since > LONGEST:
                at.shown, at.since = newest, 0.0
                return newest
            done = at.done
        done.wait(wait)
        with self._lock:
            return at.shown

    def looked(self, sight: Sight, call: Call) -> None:
        """Note that a report was looked at, of the edition that is shown."""
        with self._lock:
            at = self._at.get(sight)
            if at is None:
                return
            at.asked[call] = time.monotonic()
            at.asked.move_to_end(call)
            while len(at.asked) > MOST:
                at.asked.popitem(last=False)

    def _make(self, sight: Sight, at: _At, edition: int) -> None:
        since = time.monotonic() - LATELY
        with self._lock:
            calls = tuple(call for call, when in at.asked.items() if when >= since)
        try:
            self._prepare(sight, edition, calls)
        except Exception:  # noqa: BLE001 - whoever looks will be told in a sentence
            _LOG.warning("edition %s could not be prepared", edition, exc_info=True)
        finally:
            with self._lock:
                at.shown, at.coming, at.since = max(edition, at.shown), None, 0.0
                at.done.set()

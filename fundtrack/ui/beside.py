"""A process beside the server that computes an edition's reports: the server's one interpreter goes on answering clicks.

Started when it is first needed; it yields to everything else that wants the processor, and ends by itself when nothing was asked of it
for a while, or when the server has gone.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock, Timer
from typing import Any, Final

from fundtrack.errors import FundtrackError
from fundtrack.service.scope import Sight
from fundtrack.store.ledger import Ledger

_ROOT: Final = Path(__file__).resolve().parents[2]
IDLE: Final = 600.0
"""Seconds without a question after which the process ends."""
LONGEST: Final = 60.0
"""Seconds for all reports of an edition; whoever looks computes the others."""
_YIELD: Final = 5
"""How far it stands back for others, of nice(2)."""

Call = tuple[Callable[..., Any], Hashable]
"""A report: the function that makes it of a ledger and a date, and its third argument; None where it has none."""


def make(of: Call, ledger: Ledger, as_of: date) -> Any:
    """Compute a report.

    Args:
        of: which.
        ledger: out of which.
        as_of: as true at.
    """
    function, more = of
    return function(ledger, as_of) if more is None else function(ledger, as_of, more)


class Beside:
    """The process; one for the whole server."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection[Any, Any] | None = None

    def reports(
        self, sight: Sight, edition: int, as_of: date, calls: Sequence[Call]
    ) -> list[tuple[Call, Any]]:
        """Reports of an edition; those that could not be made, or took too long, are left out.

        Args:
            sight: whose.
            edition: of which edition.
            as_of: as true at.
            calls: which.
        """
        found = []
        with self._lock:
            process, line = self._running()
            timer = Timer(LONGEST, process.kill)
            timer.start()
            try:
                line.send((sight, edition, as_of, tuple(calls)))
                for call in calls:
                    stands, made = line.recv()
                    if stands:
                        found.append((call, made))
            except (OSError, EOFError, pickle.PickleError, AttributeError):  # the last is pickle's, too
                self._end()
            finally:
                timer.cancel()
        return found

    def _running(self) -> "tuple[subprocess.Popen[bytes], Connection[Any, Any]]":
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None or self._line is None:
            path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
            self._line, theirs = Pipe()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "fundtrack.ui.beside", str(theirs.fileno())],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
                    env={**os.environ, "PYTHONPATH": path, "POLARS_MAX_THREADS": "1"},
                )  # fmt: skip
        return self._process, self._line

    def _end(self) -> None:
        if self._process is not None and self._line is not None:
            self._process.kill()
            self._process.wait()
            self._line.close()
        self._process, self._line = None, None


def answer(line: "Connection[Any, Any]") -> None:
    """Answer one question after another, until nobody asks any more.

    Args:
        line: brings whose reports, of which edition, as of when, and which; is told for each whether it could be made, and the report.
    """
    while line.poll(IDLE):
        sight, edition, as_of, calls = line.recv()
        try:
            ledger = sight.store.ledger(known_at=edition)
        except FundtrackError:
            ledger = None
        for made in _made(ledger, as_of, calls):
            line.send_bytes(made)


def _made(ledger: Ledger | None, as_of: date, calls: Sequence[Call]) -> Iterator[bytes]:
    for call in calls:
        try:
            yield pickle.dumps((True, make(call, ledger, as_of)) if ledger is not None else (False, None))
        except Exception:  # noqa: BLE001 - whoever looks computes it, and is told in a sentence what is wrong
            yield pickle.dumps((False, None))


def main() -> None:
    """Answer the server, over the connection whose number it gives."""
    os.nice(_YIELD)
    with Connection(int(sys.argv[1])) as line, suppress(EOFError, BrokenPipeError):
        answer(line)


if __name__ == "__main__":
    main()

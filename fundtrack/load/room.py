"""Many files read by few child processes: small ones share a child, and one that a child fails on is read again alone."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self

from fundtrack.errors import InputError
from fundtrack.load.cells import Book
from fundtrack.load.child import environment
from fundtrack.load.head_start import HeadStart
from fundtrack.load.limits import SHARED, ReadLimits
from fundtrack.load.reader import opened, read_book
from fundtrack.load.sniff import sniff

HANDS: Final = 2
_NO_WORD: Final = frozenset({"reader_crashed", "reading_needed_too_much_memory"})
"""Endings that may be another file's fault, where a child reads several."""


class Room:
    """Children that read small files one after the other, each file with its own time limit; large files get a child of their own.

    `read` may be called by several threads at once: there are as many children as callers. Only a book and a plain refusal
    are taken from a shared child. Whatever else it comes to, the child is given up and the file read again alone, so that
    files answer for themselves only.
    """

    def __init__(self, limits: ReadLimits | None = None, begun: HeadStart | None = None) -> None:
        self._limits = limits or ReadLimits()
        self._begun = begun
        self._idle: list[_Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._idle:
            self._idle.pop().end()

    def read(self, path: Path, *, progress: Callable[[float], None] | None = None) -> Book:
        """Read a file as `read_book` does.

        Raises:
            InputError: the file is refused; its code says why.
        """
        if self._begun and (taken := self._begun.take(path, progress)):
            return opened(*taken)
        if not path.is_file() or path.stat().st_size > SHARED:
            return read_book(path, self._limits, progress=progress)
        form = sniff(path, self._limits)
        with TemporaryDirectory(prefix="fundtrack-read-") as folder:
            told = self._asked(path, folder, form, progress or (lambda _: None))
            if told and "error" in told:
                raise InputError(told["error"], **told["about"])
            if told:
                return opened(form, Path(folder), told["result"])
        return read_book(path, self._limits, progress=progress)

    def _asked(
        self, path: Path, folder: str, form: str, tell: Callable[[float], None]
    ) -> dict[str, Any] | None:
        """A child's answer; None where the file must be read alone."""
        child = self._idle.pop() if self._idle else _Child(self._limits)
        told = None
        seconds = self._limits.seconds_for(path.stat().st_size)
        try:
            told = child.ask([str(path.resolve()), folder, form], seconds * self._limits.patience, tell)
            if told is None and child.late:
                raise InputError("reading_took_too_long", file=path.name, seconds=f"{seconds:.0f}")
            if told and told.get("error") in _NO_WORD:
                told = None
        finally:
            if told:
                self._idle.append(child)
            else:
                child.end()
        return told


class _Child:
    """A process that reads one file after another as it is asked."""

    def __init__(self, limits: ReadLimits) -> None:
        self._stopped = False
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "fundtrack.load.worker", json.dumps(limits.as_dict())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(),
        )  # fmt: skip

    def ask(self, request: list[str], seconds: float, tell: Callable[[float], None]) -> dict[str, Any] | None:
        """What it says of a file; None where it has died or was ended for taking too long."""
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            return None
        timer = threading.Timer(seconds, self._stop)
        timer.start()
        try:
            to.write(json.dumps(request).encode() + b"\n")
            to.flush()
            for line in back:
                said: dict[str, Any] = json.loads(line)
                if "progress" not in said:
                    return said
                tell(said["progress"])
        except (BrokenPipeError, ValueError):
            return None
        finally:
            timer.cancel()
        return None

    def _stop(self) -> None:
        self._stopped = True
        self._process.kill()

    @property
    def late(self) -> bool:
        """True where it has ended because a file used up its time."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        return self._stopped or self._process.returncode == -signal.SIGXCPU

    def end(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        with suppress(BrokenPipeError), self._process:  # closes its pipes and waits
            pass


def read_books(
    paths: Iterable[Path],
    limits: ReadLimits | None = None,
    *,
    progress: Callable[[int, float], None] | None = None,
) -> list[Book | InputError]:
    """Read files, two at a time; gives for each, in their order, the book or why it is refused.

    Args:
        paths: the files.
        limits: how much each may ask of us.
        progress: told a file's place in the order and the share of it that is done, by the thread that reads it.
    """

    def one(room: Room, at: int, path: Path) -> Book | InputError:
        try:
            return room.read(path, progress=(lambda share: progress(at, share)) if progress else None)
        except InputError as refused:
            return refused

    with Room(limits) as room, ThreadPoolExecutor(HANDS) as pool:
        futures = [pool.submit(one, room, at, path) for at, path in enumerate(paths)]
        return [future.result() for future in futures]

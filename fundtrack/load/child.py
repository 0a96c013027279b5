"""The child process that reads one file: started, listened to, ended. Light to import, so that it can start before all else."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from fundtrack.errors import InputError
from fundtrack.load.limits import ReadLimits

Started = Callable[["subprocess.Popen[bytes]"], None]

_ROOT = Path(__file__).resolve().parents[2]
_OUT_OF_MEMORY = ("memory allocation", "MemoryError", "out of memory", "cannot allocate", "capacity overflow")


def environment() -> dict[str, str]:
    """Give the surroundings of a child that reads."""
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    few = {"POLARS_MAX_THREADS": "2", "RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}
    return {**os.environ, **few, "PYTHONPATH": path}


def run(
    path: Path,
    folder: Path,
    form: str,
    limits: ReadLimits,
    progress: Callable[[float], None],
    started: Started | None = None,
) -> dict[str, Any]:
    """Let a child read a file and leave its sheets in a folder; gives what it tells of them.

    Args:
        path: the file.
        folder: an empty folder.
        form: the file's true format.
        limits: how much it may ask of us.
        progress: told the share done.
        started: handed the child, by which the caller may end it.

    Raises:
        InputError: the file is refused; its code says why.
    """
    asked = [json.dumps(limits.as_dict()), str(path.resolve()), str(folder), form]
    seconds = limits.seconds_for(path.stat().st_size)
    late = threading.Event()
    with (folder / "errors").open("w+b") as complaints:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "fundtrack.load.worker", *asked],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=environment(),
        )

        def stop() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(seconds * limits.patience, stop)
        timer.start()
        if started:
            started(child)
        try:
            told = _listen(child, progress)
        finally:
            timer.cancel()
            child.kill()
            child.wait()
            if child.stdout:
                child.stdout.close()
        if told is None:
            raise _ended(path.name, seconds, complaints, child.returncode, late=late.is_set())
    return told


def _listen(child: "subprocess.Popen[bytes]", progress: Callable[[float], None]) -> dict[str, Any] | None:
    """Follow what the child tells until it has told the outcome, and let it leave in peace."""
    told: dict[str, Any] | None = None
    for line in child.stdout or ():
        said = json.loads(line)
        if "progress" in said:
            progress(said["progress"])
        else:
            told = said
    child.wait()
    if told and "error" in told:
        raise InputError(told["error"], **told["about"])
    if told:
        progress(1.0)
        return dict(told["result"])
    return None


def _ended(file: str, seconds: float, complaints: IO[bytes], code: int, *, late: bool) -> InputError:
    """Say why a child ended without a word."""
    complaints.seek(0)
    words = complaints.read(1 << 16).decode("utf-8", "replace")
    if late or code == -signal.SIGXCPU:
        return InputError("reading_took_too_long", file=file, seconds=f"{seconds:.0f}")
    # Nobody but the system, short of memory, kills a child that is not late.
    if code == -signal.SIGKILL or any(sign in words for sign in _OUT_OF_MEMORY):
        return InputError("reading_needed_too_much_memory", file=file)
    return InputError("reader_crashed", file=file, cause=f"exit {code}", detail=words.strip()[-300:])

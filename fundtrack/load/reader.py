"""Read a workbook of any kind into a Book, in a child process that may fail without us."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import polars as pl

from fundtrack.errors import InputError
from fundtrack.load.cells import Book, Sheet
from fundtrack.load.limits import ReadLimits
from fundtrack.load.sniff import sniff

__all__ = ["ReadLimits", "read_book"]

_ROOT = Path(__file__).resolve().parents[2]
_OUT_OF_MEMORY = ("memory allocation", "MemoryError", "out of memory", "cannot allocate", "capacity overflow")


def read_book(
    path: Path, limits: ReadLimits | None = None, *, progress: Callable[[float], None] | None = None
) -> Book:
    """Read every sheet of a file, cells at their true place.

    Args:
        path: the file; its name decides nothing.
        limits: how much it may ask of us.
        progress: told the share done, from 0 to 1.

    Raises:
        InputError: the file is refused; its code says why.

    """
    limits = limits or ReadLimits()
    form = sniff(path, limits)
    with tempfile.TemporaryDirectory(prefix="fundtrack-read-") as folder:
        told = _run(path, Path(folder), form, limits, progress or (lambda _: None))
        return opened(form, Path(folder), told)


def opened(form: str, folder: Path, told: dict[str, Any]) -> Book:
    """Give the book whose sheets a child has left in a folder."""
    sheets = [_sheet(folder / f"{n}.arrow", about) for n, about in enumerate(told["sheets"])]
    return Book(form, tuple(sheets), tuple(told["notes"]))


def _sheet(path: Path, about: dict[str, Any]) -> Sheet:
    cells = pl.read_ipc(path) if path.exists() else pl.DataFrame()
    text = cells.select(name for name in cells.columns if name[0] == "c")
    kind = cells.select(pl.col(name).alias("c" + name[1:]) for name in cells.columns if name[0] == "k")
    return Sheet(
        about["name"],
        text,
        kind,
        visibility=about["visibility"],
        merged=tuple((a, b, c, d) for a, b, c, d in about["merged"]),
        hidden_rows=frozenset(about["hidden_rows"]),
        hidden_columns=frozenset(about["hidden_columns"]),
    )


def environment() -> dict[str, str]:
    """Give the surroundings of a child that reads."""
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")]))
    few = {"POLARS_MAX_THREADS": "2", "RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"}
    return {**os.environ, **few, "PYTHONPATH": path}


def _run(
    path: Path, folder: Path, form: str, limits: ReadLimits, progress: Callable[[float], None]
) -> dict[str, Any]:
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

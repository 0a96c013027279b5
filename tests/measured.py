"""A command with the time it took and the most memory that it and its children held at once."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from running import ROOT

MB = 1 << 20


@dataclass(frozen=True)
class Measured:
    """What a command came to.

    Attributes:
        code: exit code.
        out: what it said.
        errors: what it complained of.
        seconds: from start to end, as if the machine had nothing else to do: divided by how much more than it can do it was asked.
        worked: seconds of processor time, children included.
        peak: bytes held at most.
    """

    code: int
    out: str
    errors: str
    seconds: float
    worked: float
    peak: int


STARTER = """
import os, sys
used, *command = sys.argv[1:]
_, status, usage = os.wait4(os.posix_spawn(command[0], command, os.environ), 0)
with open(used, "w") as to:
    print(status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, file=to)
"""


def _children(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += _children(int(child))
    return found


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _held(pid: int) -> int:
    total = 0
    try:
        for each in _children(pid):
            total += _resident(each)
    except (OSError, ValueError, IndexError):
        pass  # one has ended meanwhile
    return total


def run_measured(*arguments, folder: Path, every: float = 0.02) -> Measured:
    """Run a command of fundtrack and look at it and its children every `every` seconds.

    The peak is the most of all of them together at any look, and at least what the system says the largest one held.
    A small process of its own starts the command and asks the system: what a process is said to have held at most includes
    what its starter held when it was started, and a process that runs tests may hold more than the command may.
    """
    clean = {name: value for name, value in os.environ.items() if not name.startswith("FUNDTRACK_DATA")}
    out, errors, used = folder / "measured.out", folder / "measured.err", folder / "measured.used"
    with out.open("wb") as to, errors.open("wb") as complaints:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", STARTER, used, sys.executable, "-m", "fundtrack", *map(str, arguments)],
            stdout=to, stderr=complaints, cwd=ROOT, env=clean | {"LANG": "C.UTF-8"},
        )  # fmt: skip
        peak = 0
        while process.poll() is None:
            peak = max(peak, _held(process.pid))
            time.sleep(every)
        busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        seconds = (time.perf_counter() - began) / busy
    status, worked, most = used.read_text().split()
    return Measured(
        os.waitstatus_to_exitcode(int(status)),
        out.read_text(encoding="utf-8"),
        errors.read_text(encoding="utf-8"),
        seconds,
        float(worked),
        max(peak, int(most) * 1024),
    )

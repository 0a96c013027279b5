"""The child process in which engines run: a file in, Arrow files and JSON lines out, within limits.

Run as `python -m fundtrack.load.worker LIMITS FILE FOLDER FORMAT` by `reader`, for one file; and as
`python -m fundtrack.load.worker LIMITS` by `room`, for small files one after the other, each asked for by a line
`[FILE, FOLDER, FORMAT]` of JSON.
"""

import gc
import json
import resource
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from fundtrack.errors import InputError
from fundtrack.load.limits import MB, ReadLimits

ENDINGS = {"xlsx": "xlsx", "xlsx_strict": "xlsx", "xlsm": "xlsm", "xlsb": "xlsb", "ods": "ods", "xls": "xls"}
LIBRARIES = 450 * MB  # what the libraries map, mostly without touching it


def say(**line: Any) -> None:
    """Tell the parent one thing."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def tell_progress(share: float) -> None:
    """Tell the parent the share done."""
    say(progress=round(share, 3))


def mapped_bytes() -> int:
    """Tell what this process has mapped so far; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0


def limit_time(seconds: float, *, last: bool) -> None:
    """Bound the processor time that this process may take from now on, with no way back where no file follows."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(used.ru_utime + used.ru_stime + seconds) + 1
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1 if last else most))


def limit_memory(memory: int) -> None:
    """Bound what this process may map from now on, where what is mapped is known; no core files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if mapped := mapped_bytes():
        most = mapped + LIBRARIES + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def write_sheet(sheet: Any, path: Path) -> dict[str, Any]:
    """Leave a sheet's cells in one Arrow file (`c0…` text, `k0…` kind) and give the rest."""
    kinds = sheet.kind.rename({name: "k" + name[1:] for name in sheet.kind.columns})
    if sheet.text.width:
        sheet.text.hstack(kinds).write_ipc(path, compression="uncompressed")
    return {
        "name": sheet.name,
        "visibility": sheet.visibility,
        "merged": sheet.merged,
        "hidden_rows": sorted(sheet.hidden_rows),
        "hidden_columns": sorted(sheet.hidden_columns),
    }


def read(path: Path, folder: Path, form: str, limits: ReadLimits) -> dict[str, Any]:
    """Read one file, leaving sheets as Arrow files; gives what the parent needs to know."""
    begun, alias = None, None
    if form in ENDINGS:
        alias = folder / f"book.{ENDINGS[form]}"
        alias.symlink_to(path)
        begun = import_module("fundtrack.load.early").begin(alias)
    engines, job_module = import_module("fundtrack.load.engines"), import_module("fundtrack.load.job")
    job = job_module.Job(path, limits, tell_progress, form, begun=begun, alias=alias)
    found = [
        write_sheet(sheet, folder / f"{number}.arrow") for number, sheet in enumerate(engines.read(job, form))
    ]
    if not found:
        raise InputError("no_sheets", file=path.name)
    return {"sheets": found, "notes": job.notes}


def answer(path: Path, folder: Path, form: str, limits: ReadLimits, *, last: bool) -> None:
    """Read a file and tell the outcome; every ending but an abort is told."""
    try:
        limit_time(limits.seconds_for(path.stat().st_size), last=last)
        say(result=read(path, folder, form, limits))
    except InputError as refused:
        say(error=refused.code, about=refused.about)
    except MemoryError:
        say(error="reading_needed_too_much_memory", about={"file": path.name})
    except BaseException as crash:  # noqa: BLE001 - engines panic with a BaseException of their own
        about = {"file": path.name, "cause": type(crash).__name__, "detail": str(crash)[:300]}
        say(error="reader_crashed", about=about)


def main(argv: list[str]) -> int:
    """Read the file named, or small files as they are asked for."""
    limits, named = ReadLimits(**json.loads(argv[0])), argv[1:]
    if named:
        path, folder, form = named
        limit_memory(limits.memory_for(Path(path).stat().st_size))
        gc.disable()  # millions of small values, none of them in cycles
        answer(Path(path), Path(folder), form, limits, last=True)
        return 0
    limit_memory(limits.memory_for(0))
    for line in sys.stdin:
        path, folder, form = json.loads(line)
        answer(Path(path), Path(folder), form, limits, last=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

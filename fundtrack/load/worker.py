"""The child process in which engines run: a file in, Arrow files and JSON lines out, within limits.

Run as `python -m fundtrack.load.worker FILE FOLDER FORMAT LIMITS`; spoken to by `reader` only.
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


def limit_process(seconds: float, memory: int) -> None:
    """Bound this process: processor time always, memory where what is mapped is known; no core files."""
    cpu = int(seconds * 2) + 2
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
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
    }


def read(path: Path, folder: Path, form: str, limits: ReadLimits) -> dict[str, Any]:
    """Read one file within its limits, leaving sheets as Arrow files; gives what the parent needs to know."""
    size = path.stat().st_size
    limit_process(limits.seconds_for(size), limits.memory_for(size))
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


def main(argv: list[str]) -> int:
    """Read a file and tell the outcome; every ending but an abort is told."""
    path, folder, form, limits = argv
    gc.disable()  # millions of small values, none of them in cycles
    try:
        say(result=read(Path(path), Path(folder), form, ReadLimits(**json.loads(limits))))
    except InputError as refused:
        say(error=refused.code, about=refused.about)
    except MemoryError:
        say(error="reading_needed_too_much_memory", about={"file": Path(path).name})
    except BaseException as crash:  # noqa: BLE001 - engines panic with a BaseException of their own
        say(
            error="reader_crashed",
            about={"file": Path(path).name, "cause": type(crash).__name__, "detail": str(crash)[:300]},
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

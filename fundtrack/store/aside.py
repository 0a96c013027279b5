"""Taking files out of use: kept under `data/aside/`, never deleted without a trace, each with a line in `sweep.log`."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from fundtrack.store.folders import Folders, settle_folder, sha256_of


def put_aside(folders: Folders, path: Path, why: str) -> Path:
    """Move a file to where nothing looks for it, and say so first; what is damaged may be proof of why.

    Raises:
        OSError: the disk refuses.
    """
    sha256 = sha256_of(path)
    goal = folders.data / "aside" / f"{path.name}.{sha256[:12]}"
    goal.parent.mkdir(mode=0o750, exist_ok=True)
    trace(folders, path, {"bytes": path.stat().st_size, "sha256": sha256, "kept": goal.name, "why": why})
    path.rename(goal)
    for folder in {path.parent, goal.parent}:
        settle_folder(folder)
    return goal


def trace(folders: Folders, path: Path, said: Mapping[str, object]) -> None:
    """Write what becomes of a file of the data folder into `sweep.log`."""
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "file": path.relative_to(folders.data).as_posix(),
        **said,
    }
    with (folders.data / "sweep.log").open("a", encoding="utf-8") as log:
        log.write(json.dumps(line, ensure_ascii=False) + "\n")

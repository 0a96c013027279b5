"""Publishing on a small disk with less and less room: each time all or nothing, and the last good edition stands.

    unshare -rm python full_disk.py WORK LEVELS     as one who may mount a small disk of his own at WORK/disk

Writes a line of JSON a level: room left in KB, what was said, the newest edition before and after, what verify found.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from small_portfolio import FIFTH_FUND, write_portfolio

from fundtrack.errors import FundtrackError
from fundtrack.load import pipeline
from fundtrack.store.editions import Store
from fundtrack.store.folders import sha256_of
from fundtrack.store.verify import verify

MARGIN = 2.5
"""The most room that is left, as a multiple of what a publish adds: the draft, its write-ahead log and the copy stand at once."""


def used(folder: Path) -> int:
    """KB of a folder's files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 1024


def main(work: Path, levels: int) -> None:
    """Publish once with ample room to learn what it takes, then at each level."""
    disk = work / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "none", str(disk)], check=True)
    data = disk / "data"
    file = write_portfolio(work / "b.xlsx", FIFTH_FUND, "2017-11-30")
    shutil.copytree(work / "data", data)
    before = used(data)
    pipeline.load(Store(data), [file], by="王")
    takes = used(data) - before
    for level in range(levels):
        shutil.rmtree(data)
        shutil.copytree(work / "data", data)
        room = int(takes * MARGIN * level / (levels - 1))
        free = shutil.disk_usage(disk).free // 1024
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(max(free - room, 0) * 1024))
        store = Store(data)
        first, head = store.newest(), sha256_of(store.folders.published)
        try:
            said = pipeline.load(store, [file], by="王").outcome
        except FundtrackError as error:
            said = error.code
        newest, same = store.newest(), sha256_of(store.folders.published) == head
        alone = [one.code for one in verify(store)]
        ballast.unlink()
        after = pipeline.load(store, [file], by="李").outcome
        line = {"room": room, "said": said, "first": first, "newest": newest, "same": same, "verify": alone, "after": after,
                "last": [one.code for one in verify(store)], "left": [path.name for path in store.folders.leftovers()]}  # fmt: skip
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

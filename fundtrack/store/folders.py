"""Where everything stands in the data folder, and how a file is put there so that it stays."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

READ_ONLY: Final = 0o444


@dataclass(frozen=True)
class Folders:
    """The paths of one data folder."""

    data: Path

    @property
    def editions(self) -> Path:
        """One closed database file per publish."""
        return self.data / "editions"

    @property
    def batches(self) -> Path:
        """One archive per batch."""
        return self.data / "batches"

    @property
    def sources(self) -> Path:
        """Every file as it came in, named by its SHA-256."""
        return self.data / "sources"

    @property
    def published(self) -> Path:
        """The auditor's stable path: a copy of the newest edition."""
        return self.data / "fundtrack.duckdb"

    @property
    def keys(self) -> Path:
        """Where the key that signs checkpoints is kept, unless a setting names another folder."""
        return self.data / "keys"

    def edition(self, number: int) -> Path:
        """The file of an edition."""
        return self.editions / f"edition-{number:06d}.duckdb"

    def draft(self, number: int) -> Path:
        """The file of an edition that is being made."""
        return self.editions / f"draft-{number:06d}.duckdb"

    def archive(self, batch: str) -> Path:
        """The archive of a batch."""
        return self.batches / f"{batch}.jsonl"

    def source(self, sha256: str) -> Path:
        """The archived source of a batch."""
        return self.sources / sha256

    def numbers(self) -> list[int]:
        """The editions whose files stand, in order."""
        return sorted(
            int(path.stem.removeprefix("edition-")) for path in self.editions.glob("edition-*.duckdb")
        )

    def leftovers(self) -> Iterator[Path]:
        """What a broken publish left: drafts with their write-ahead logs, and files not yet under their names."""
        yield from sorted(self.editions.glob("draft-*"))
        for folder in (self.data, self.batches, self.sources):
            yield from sorted(folder.glob(".*.tmp"))


def temporary(path: Path) -> Path:
    """The name under which a file is written before it gets its own."""
    return path.with_name(f".{path.name}.tmp")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file. Never of a database file that this process has open: closing it would drop DuckDB's lock."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def settle(path: Path) -> None:
    """Make a written file durable and read-only."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fchmod(handle, READ_ONLY)
        os.fsync(handle)
    finally:
        os.close(handle)


def settle_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def copy_with_time(source: Path, target: Path) -> None:
    """Copy a file and its modification time, by which `same_file` knows the copy again."""
    shutil.copyfile(source, target)
    stat = source.stat()
    os.utime(target, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def same_file(one: Path, other: Path) -> bool:
    """True where the other is, by size and time, the copy that `copy_with_time` made."""
    if not other.is_file():
        return False
    first, second = one.stat(), other.stat()
    return (first.st_size, first.st_mtime_ns) == (second.st_size, second.st_mtime_ns)

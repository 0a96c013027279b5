"""Which edition can be served: one that is damaged or gone gives way to the last good one, and that is said.

A process looks at each file once. The newest edition and the copy at the auditor's path were one file when they were published:
where they still are, to the byte, nothing happened to either. Where not, every table is read, since DuckDB checks the sum of
each block that it reads.
"""

from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import duckdb

from fundtrack.store.folders import Folders, same_file

READING: Final = {"enable_external_access": "false", "lock_configuration": "true"}
"""A reader's connection reaches nothing but its file, and cannot be told otherwise."""
_BLOCK: Final = 1 << 20
_LARGE: Final = 1 << 28
"""Bytes above which a file is only opened: comparing it would make everybody wait."""

Stat = tuple[int, int, int, int]


@dataclass(frozen=True)
class Damage:
    """An edition that cannot be served.

    Attributes:
        edition: its number.
        detail: what the disk or DuckDB says; `gone` where the file is not there.
    """

    edition: int
    detail: str


@dataclass(frozen=True)
class Served:
    """What can be served.

    Attributes:
        edition: the newest edition that can be read; None before the first.
        damaged: the later ones that cannot, the newest first.
    """

    edition: int | None
    damaged: tuple[Damage, ...] = ()


def served(folders: Folders) -> Served:
    """The newest edition that can be read, and what is wrong with those after it; where none can be read, the newest.

    Raises:
        PermissionError: the folder cannot be looked into.
    """
    numbers = folders.numbers()
    newest = max(numbers, default=None)
    lead = published_ahead(folders, newest)
    if lead is not None and folders.edition(lead).exists():  # published while we looked
        numbers, lead = folders.numbers(), None
    found = [] if lead is None else [Damage(lead, "gone")]
    for number in reversed(numbers):
        why = damage(folders, number)
        if why is None:
            return Served(number, tuple(found))
        found.append(Damage(number, why))
    return Served(numbers[-1] if numbers else None, tuple(found))


def damage(folders: Folders, number: int) -> str | None:
    """Why an edition cannot be read; None where it can."""
    path = folders.edition(number)
    try:
        if not wal_of(path).exists() and same_file(path, folders.published):
            return _unlike(path, folders.published, _stat(path), _stat(folders.published), number)
        return _unread(path, _stat(path), number, log=wal_of(path).exists())
    except FileNotFoundError:
        return "gone"


def published_ahead(folders: Folders, newest: int | None) -> int | None:
    """The edition at the auditor's path where it is a later one than any that stands: that one's own file is gone."""
    try:
        if newest is not None and same_file(folders.edition(newest), folders.published):
            return None
    except FileNotFoundError:
        return None
    holds = published_holds(folders)
    return holds if holds is not None and holds > (newest or 0) else None


def published_holds(folders: Folders) -> int | None:
    """The edition at the auditor's path; None where that copy is not whole."""
    try:
        return _holds(folders.published, _stat(folders.published))
    except FileNotFoundError:
        return None


def wal_of(path: Path) -> Path:
    """Where DuckDB would keep a write-ahead log; an edition is closed before it gets its name, so it never has one."""
    return path.with_name(f"{path.name}.wal")


def _stat(path: Path) -> Stat:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@lru_cache(maxsize=64)
def _unlike(path: Path, twin: Path, own: Stat, _other: Stat, number: int) -> str | None:
    """Why an edition that should be as its twin cannot be read; where the two are the same, opening it is proof enough."""
    if own[1] <= _LARGE and _same_bytes(path, twin):
        return _wrong(path, number, deep=False)
    return _unread(path, own, number, log=False)


def _same_bytes(one: Path, other: Path) -> bool:
    try:
        with one.open("rb") as first, other.open("rb") as second:
            while block := first.read(_BLOCK):
                if block != second.read(_BLOCK):
                    return False
            return not second.read(1)
    except OSError:
        return False


@lru_cache(maxsize=64)
def _unread(path: Path, own: Stat, number: int, *, log: bool) -> str | None:
    """Why a file, with a foreign write-ahead log beside it or without, cannot be read from one end to the other."""
    return _wrong(path, number, deep=log or own[1] <= _LARGE)


def _wrong(path: Path, number: int, *, deep: bool) -> str | None:
    try:
        with closing(duckdb.connect(str(path), read_only=True, config=dict(READING))) as con:
            if deep:
                _read_all(con)
            [[holds]] = con.execute("SELECT coalesce(max(edition), 0) FROM edition").fetchall()
    except (duckdb.Error, OSError, UnicodeError, MemoryError) as error:
        return str(error).split("\n")[0][:300]
    return None if holds == number else f"edition {holds}"


def _read_all(con: duckdb.DuckDBPyConnection) -> None:
    """Let DuckDB check the sum of every block that holds data."""
    for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall():
        quoted = str(name).replace('"', '""')
        con.execute(f'SELECT bit_xor(hash(one)) FROM "{quoted}" AS one').fetchall()  # noqa: S608


@lru_cache(maxsize=8)
def _holds(path: Path, own: Stat) -> int | None:
    """The edition that the auditor's copy holds; None where it cannot be read."""
    try:
        with closing(duckdb.connect(str(path), read_only=True, config=dict(READING))) as con:
            [[holds]] = con.execute("SELECT max(edition) FROM edition").fetchall()
    except (duckdb.Error, OSError, UnicodeError, MemoryError):
        return None
    return int(holds) if holds and _unread(path, own, int(holds), log=False) is None else None

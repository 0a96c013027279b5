"""Backup and restore: one tar file of everything that is proof or was decided by people, checked on the way in.

A backup needs no lock: editions, archives and sources never change, so what belongs to the newest edition when the
backup begins is whole, whoever loads meanwhile. Private keys stay where they are.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from fundtrack.errors import BusyError, InputError, IntegrityError
from fundtrack.store.editions import Store
from fundtrack.store.folders import Folders, copy_with_time, settle, settle_folder, sha256_of, temporary
from fundtrack.store.mending import whole

MANIFEST: Final = "manifest.json"
LEFT: Final = {"keys"}
"""Private keys never leave the installation; of that folder only the public ones are kept."""
_LEDGER: Final = {"editions", "batches", "sources"}


@dataclass(frozen=True)
class Backup:
    """What a backup holds.

    Attributes:
        edition: the newest edition in it.
        head: hash of its last batch.
        files: how many files.
        size: their bytes.
    """

    edition: int
    head: str
    files: int
    size: int


def backup(store: Store, out: Path) -> Backup:
    """Write a backup of a data folder.

    Args:
        store: the data folder.
        out: the tar file to write; `.gz` at its end compresses it.

    Raises:
        InputError: `no_edition`; `backup_exists`, as no backup is ever written over.
        IntegrityError: `edition_damaged`; `backup_source_bad`, where a file is not what its name or the chain says.
        BusyError: `not_writable_file`.
    """
    whole(store.folders)
    ledger = store.ledger()
    if ledger.edition is None:
        raise InputError("no_edition")
    if out.exists():
        raise InputError("backup_exists", file=out)
    batches = ledger.batches()
    head = str(batches["hash"][-1])
    hashes = dict(batches.select("batch_id", "hash").iter_rows())
    files = list(_ledger_files(store.folders, ledger.edition, hashes, sorted(set(batches["file_sha256"]))))
    side = dict(_side_files(store.folders))
    listed = [{"name": name, "sha256": sha256, "bytes": path.stat().st_size} for name, path, sha256 in files]
    listed += [
        {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in side.items()
    ]
    manifest = {"format": 1, "edition": ledger.edition, "head_hash": head, "files": listed}
    written = temporary(out)
    try:
        with tarfile.open(written, "w:gz" if out.suffix == ".gz" else "w") as tar:
            _add(tar, MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
            for name, path, _ in files:
                tar.add(path, name, recursive=False, filter=_plain)
            for name, content in side.items():
                _add(tar, name, content)
        settle(written)
        written.rename(out)
        settle_folder(out.absolute().parent)
    except OSError as error:
        written.unlink(missing_ok=True)
        raise BusyError("not_writable_file", file=out) from error
    return Backup(ledger.edition, head, len(listed), _size(manifest))


def _listed(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = manifest["files"]
    return found


def _size(manifest: dict[str, Any]) -> int:
    return sum(int(one["bytes"]) for one in _listed(manifest))


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whose file it was is nobody's business on another machine."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))


def _ledger_files(
    folders: Folders, edition: int, archives: dict[str, str], sources: list[str]
) -> Iterator[tuple[str, Path, str]]:
    """Name, path and SHA-256 of each file of the proof; those that say what they must be are checked."""
    for number in folders.numbers():
        if number <= edition:
            path = folders.edition(number)
            yield f"editions/{path.name}", path, sha256_of(path)
    for name, wanted in archives.items():
        yield f"batches/{name}.jsonl", *_checked(folders.archive(name), wanted)
    for sha256 in sources:
        yield f"sources/{sha256}", *_checked(folders.source(sha256), sha256)


def _side_files(folders: Folders) -> Iterator[tuple[str, bytes]]:
    """What people decided or a program noted beside the ledger; read once, since such a file may grow meanwhile."""
    for place in sorted(folders.data.iterdir()):
        if place.name in _LEDGER or place.name.startswith(".") or place == folders.published:
            continue
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            secret = place.name in LEFT and path.suffix != ".pub"
            if path.is_file() and not path.is_symlink() and not secret and not path.name.startswith("."):
                yield path.relative_to(folders.data).as_posix(), path.read_bytes()


def _checked(path: Path, wanted: str) -> tuple[Path, str]:
    if not path.is_file() or sha256_of(path) != wanted:
        raise IntegrityError("backup_source_bad", file=path.name)
    return path, wanted


def restore(file: Path, data: Path) -> Backup:
    """Put a backup back into a folder that does not exist or is empty; all of it or nothing.

    Args:
        file: the tar file.
        data: the data folder to fill.

    Raises:
        InputError: `backup_missing`; `backup_unreadable`, where it is no backup of ours or is cut; `folder_not_empty`.
        IntegrityError: `backup_altered`, naming the file that is not as the manifest says.
        BusyError: `write_failed`.
    """
    if not file.is_file():
        raise InputError("backup_missing", file=file)
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise InputError("folder_not_empty", folder=data)
    aside = data.with_name(f".{data.name}.restoring")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        aside.mkdir(parents=True, mode=0o755)
        found = _unpacked(file, aside)
        folders = Folders(aside)
        copied = temporary(folders.published)
        copy_with_time(folders.edition(found.edition), copied)
        settle(copied)
        copied.rename(folders.published)
        if data.exists():
            data.rmdir()
        aside.rename(data)
        settle_folder(data.absolute().parent)
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError) as error:
        raise InputError("backup_unreadable", file=file, detail=str(error).split("\n")[0]) from error
    except OSError as error:
        raise BusyError("write_failed", folder=data, detail=str(error).split("\n")[0]) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return found


def _unpacked(file: Path, folder: Path) -> Backup:
    """Write the files of a backup, each under a name that we would give, each with the bytes that the manifest says."""
    with tarfile.open(file, "r:*") as tar:
        first = tar.next()
        text = tar.extractfile(first) if first and first.name == MANIFEST and first.isreg() else None
        if text is None:
            raise ValueError(MANIFEST)
        manifest = json.loads(text.read(1 << 28))
        wanted = {one["name"]: one for one in _listed(manifest)}
        for member in tar:
            if member.name == MANIFEST:
                continue
            one = wanted.pop(member.name, None)
            if one is None or not member.isreg() or not _ours(member.name):
                raise IntegrityError("backup_altered", file=member.name)
            body = tar.extractfile(member)
            if body is None or _write(body, folder / member.name) != (one["sha256"], one["bytes"]):
                raise IntegrityError("backup_altered", file=member.name)
    if wanted:
        raise IntegrityError("backup_altered", file=sorted(wanted)[0])
    edition, head = int(manifest["edition"]), str(manifest["head_hash"])
    return Backup(edition, head, len(_listed(manifest)), _size(manifest))


def _ours(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        not path.is_absolute() and not any(part.startswith(".") for part in path.parts) and "\\" not in name
    )


def _write(body: Any, path: Path) -> tuple[str, int]:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as out:
        while block := body.read(1 << 20):
            digest.update(block)
            size += len(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if path.parent.name in {"editions", "batches", "sources"}:
        settle(path)
    return digest.hexdigest(), size

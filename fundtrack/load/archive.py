"""Zipped workbooks before any engine sees them: sizes, names, entities, and what the sheets' XML marks."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from zipfile import ZipFile

from fundtrack.errors import InputError
from fundtrack.load.limits import ReadLimits

CHUNK = 1 << 20
# A DTD must come with these very letters; no engine reads any but these encodings.
_DTD = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))
_XML = (".xml", ".rels", ".vml")


def open_zip(path: Path, limits: ReadLimits) -> ZipFile:
    """Open a zip after judging its directory alone; nothing is unpacked yet."""
    try:
        archive = ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        raise InputError("file_truncated", file=path.name) from None
    try:
        judge_directory(archive, path.name, limits)
    except BaseException:
        archive.close()
        raise
    return archive


def judge_directory(archive: ZipFile, file: str, limits: ReadLimits) -> None:
    """Refuse what the directory already gives away: twins, paths that leave the file, bombs, encryption."""
    seen: set[str] = set()
    total = 0
    for entry in archive.infolist():
        name = entry.filename.replace("\\", "/")
        # Engines compare part names without regard to case, and take different ones of two twins.
        if name.casefold() in seen:
            raise InputError("duplicate_zip_entry", file=file, entry=name)
        seen.add(name.casefold())
        if name.startswith("/") or re.match(r"^[A-Za-z]:", name) or ".." in name.split("/"):
            raise InputError("zip_path_unsafe", file=file, entry=name)
        if entry.flag_bits & 0x1:
            raise InputError("password_protected", file=file)
        total += entry.file_size
        packed_bombs = entry.file_size > limits.ratio_from_bytes
        if packed_bombs and entry.file_size > limits.max_ratio * max(1, entry.compress_size):
            raise InputError("zip_bomb", file=file, entry=name)
    if total > limits.max_inflated_bytes:
        raise InputError("zip_bomb", file=file, entry="*")


def chunks(archive: ZipFile, name: str, file: str) -> Iterator[bytes]:
    """Unpack one part piece by piece; never more than its declared size, and only if its checksum holds."""
    try:
        with archive.open(name) as part:
            while piece := part.read(CHUNK):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise InputError("file_truncated", file=file) from None


def read_part(archive: ZipFile, name: str, file: str) -> bytes:
    """Unpack one small part whole."""
    return b"".join(chunks(archive, name, file))


def vet(
    archive: ZipFile,
    file: str,
    watch: Mapping[str, Callable[[bytes], None]],
    tick: Callable[[float], None] | None = None,
) -> None:
    """Unpack every part once: sizes are as declared, checksums hold, and no XML declares a DTD or entities.

    Args:
        archive: the file.
        file: its name, for the refusal.
        watch: parts whose unpacked bytes somebody wants to look at on the way.
        tick: told the share unpacked.

    """
    whole, done = sum(entry.file_size for entry in archive.infolist()), 0
    for entry in archive.infolist():
        name, tail = entry.filename, b""
        xml = name.lower().endswith(_XML)
        look = watch.get(name)
        for piece in chunks(archive, name, file):
            if xml and _declares_dtd(tail, piece):
                raise InputError("xml_entities", file=file, entry=name)
            tail = piece[-20:]
            done += len(piece)
            if tick and done * 20 // whole > (done - len(piece)) * 20 // whole:
                tick(done / whole)
            if look:
                look(piece)


def _declares_dtd(tail: bytes, piece: bytes) -> bool:
    seam = tail + piece[:20]
    return any(mark in piece or mark in seam for mark in _DTD)

"""Compound files, as old Excel and encrypted workbooks are kept: directory and starts of streams."""

import struct
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE = 0xFFFFFFFF
_END = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors


@dataclass(frozen=True)
class Compound:
    """A compound file's bytes with its sector tables followed.

    Attributes:
        data: the whole file.
        streams: stream name → (first sector, size).

    """

    data: bytes
    streams: dict[str, tuple[int, int]]
    _fat: tuple[int, ...]
    _sector: int
    _mini: tuple[tuple[int, ...], bytes, int, int]

    @property
    def cut(self) -> bool:
        """Whether sectors in use lie beyond the end of the file."""
        used = max((n for n, mark in enumerate(self._fat) if mark != _FREE), default=0)
        return (used + 1) * self._sector >= len(self.data)

    def head(self, name: str, size: int) -> bytes:
        """Give the first `size` bytes of a stream."""
        start, whole = self.streams[name]
        size = min(size, whole)
        fat, mini, cutoff, width = self._mini
        if whole < cutoff:
            return _chain(mini, fat, start, width, size, offset=0)
        return _chain(self.data, self._fat, start, self._sector, size, offset=self._sector)


def _chain(data: bytes, fat: tuple[int, ...], start: int, width: int, size: int, *, offset: int) -> bytes:
    out, at, seen = bytearray(), start, 0
    while at < len(fat) and at < _END and len(out) < size and seen <= len(fat):
        out += data[offset + at * width : offset + (at + 1) * width]
        at, seen = fat[at], seen + 1
    return bytes(out[:size])


def _words(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def open_compound(data: bytes) -> Compound | None:
    """Follow a compound file's tables; None where header or tables are cut off or make no sense."""
    if len(data) < 512 or not data.startswith(MAGIC):
        return None
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift > shift:
        return None
    width = 1 << shift
    directory, cutoff, mini_start = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60))
    difat = list(_words(data[76:512]))
    more, left = struct.unpack_from("<I", data, 68)[0], len(data) // width
    while more < _END and left > 0:
        block = _words(data[width * (more + 1) : width * (more + 2)])
        if not block:
            break
        difat += block[:-1]
        more, left = block[-1], left - 1
    if any(width * (n + 2) > len(data) for n in difat if n < _END):
        return None
    sectors = (data[width * (n + 1) : width * (n + 2)] for n in difat if n < _END)
    fat = tuple(word for sector in sectors for word in _words(sector))
    whole = len(fat) * width
    entries = _chain(data, fat, directory, width, whole, offset=width)
    streams, root = {}, (0, 0)
    for at in range(0, len(entries) - 127, 128):
        length, kind = struct.unpack_from("<HB", entries, at + 64)
        name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        first, size = struct.unpack_from("<II", entries, at + 116)
        if kind == 5:
            root = first, size
        elif kind == 2:
            streams[name] = first, size
    mini_fat = _words(_chain(data, fat, mini_start, width, whole, offset=width))
    mini = _chain(data, fat, root[0], width, root[1], offset=width)
    return Compound(data, streams, fat, width, (mini_fat, mini, cutoff, 1 << mini_shift))


def biff_records(stream: bytes) -> list[tuple[int, bytes]]:
    """Give the records at the start of a BIFF stream, as far as they go."""
    out, at = [], 0
    while at + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        out.append((code, stream[at + 4 : at + 4 + size]))
        at += 4 + size
    return out

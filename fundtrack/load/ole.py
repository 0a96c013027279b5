"""Compound files, as old Excel and encrypted workbooks are kept: their directory and the start of a stream."""

import struct
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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

    def head(self, name: str, size: int) -> bytes:
        """The first `size` bytes of a stream."""
        start, whole = self.streams[name]
        size = min(size, whole)
        fat, mini, cutoff, width = self._mini
        if whole < cutoff:
            return _chain(mini, fat, start, width, 0, size)
        return _chain(self.data, self._fat, start, self._sector, self._sector, size)


def _chain(data: bytes, fat: tuple[int, ...], start: int, width: int, offset: int, size: int) -> bytes:
    out, at, seen = bytearray(), start, 0
    while at < len(fat) and at < _END and len(out) < size and seen <= len(fat):
        out += data[offset + at * width : offset + (at + 1) * width]
        at, seen = fat[at], seen + 1
    return bytes(out[:size])


def _words(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def open_compound(data: bytes) -> Compound | None:
    """Follow a compound file's tables; None where the header is cut off or makes no sense."""
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
    sectors = (data[width * (n + 1) : width * (n + 2)] for n in difat if n < _END)
    fat = tuple(word for sector in sectors for word in _words(sector))
    whole = len(fat) * width
    entries = _chain(data, fat, directory, width, width, whole)
    streams, root = {}, (0, 0)
    for at in range(0, len(entries) - 127, 128):
        length, kind = struct.unpack_from("<HB", entries, at + 64)
        name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        first, size = struct.unpack_from("<II", entries, at + 116)
        if kind == 5:
            root = first, size
        elif kind == 2:
            streams[name] = first, size
    mini_fat = _words(_chain(data, fat, mini_start, width, width, whole))
    mini = _chain(data, fat, root[0], width, width, root[1])
    return Compound(data, streams, fat, width, (mini_fat, mini, cutoff, 1 << mini_shift))


def biff_records(stream: bytes) -> list[tuple[int, bytes]]:
    """The records at the start of a BIFF stream, as far as they go."""
    out, at = [], 0
    while at + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, at)
        out.append((code, stream[at + 4 : at + 4 + size]))
        at += 4 + size
    return out

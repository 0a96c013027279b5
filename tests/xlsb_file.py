"""A binary workbook (BIFF12) written record by record, since no library at hand writes one."""

import struct
import zipfile
from pathlib import Path

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def record(number: int, held: bytes = b"") -> bytes:
    head = bytes([number]) if number < 0x80 else bytes([number & 0x7F | 0x80, number >> 7])
    size, out = len(held), b""
    while True:
        size, low = size >> 7, size & 0x7F
        out += bytes([low | (0x80 if size else 0)])
        if not size:
            return head + out + held


def text(words: str) -> bytes:
    return struct.pack("<I", len(words)) + words.encode("utf-16-le")


def cell(column: int, value, style: int = 0) -> bytes:
    """A text, a number, a date (a pair of serial and style), a yes or no, or an error by its number in bytes."""
    if isinstance(value, tuple):
        value, style = value
    at = struct.pack("<II", column, style)
    if value is None:
        return record(1, at)
    if isinstance(value, bytes):
        return record(3, at + value)
    if isinstance(value, bool):
        return record(4, at + bytes([value]))
    if isinstance(value, str):
        return record(6, at + text(value))
    return record(5, at + struct.pack("<d", value))


def row(number: int, *, hidden: bool = False) -> bytes:
    return record(
        0, struct.pack("<IIH", number, 0, 300) + bytes([0, 0x10 if hidden else 0, 0]) + struct.pack("<I", 0)
    )


def styles() -> bytes:
    """Two cell formats: general, and a date of the builtin kind 14."""
    formats = b"".join(record(47, struct.pack("<HH", 0, kind) + bytes(12)) for kind in (0, 14))
    return record(278) + record(617, struct.pack("<I", 2)) + formats + record(618) + record(279)


def sheet(rows: dict[int, list], hidden=(), merged=()) -> bytes:
    inside = b"".join(
        row(n, hidden=n in hidden)
        + b"".join(cell(c, value) for c, value in enumerate(values) if value is not None)
        for n, values in rows.items()
    )
    merges = b"".join(record(176, struct.pack("<IIII", a, c, b, d)) for a, b, c, d in merged)
    size = struct.pack("<IIII", 0, max(rows), 0, max(map(len, rows.values())) - 1)
    return record(129) + record(148, size) + record(145) + inside + record(146) + merges + record(130)


def xlsb(path: Path, sheets: dict[str, bytes], states=(), *, epoch_1904: bool = False) -> Path:
    """A whole package of these sheets; states are 0 shown, 1 hidden, 2 very hidden."""
    states = [*states, *[0] * len(sheets)]
    named = b"".join(
        record(156, struct.pack("<II", states[n], n + 1) + text(f"rId{n + 1}") + text(name))
        for n, name in enumerate(sheets)
    )
    book = (
        record(131)
        + record(153, struct.pack("<II", int(epoch_1904), 0) + text(""))
        + record(143)
        + named
        + record(144)
        + record(132)
    )
    rels = "".join(
        f'<Relationship Id="rId{n + 1}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n + 1}.bin"/>'
        for n in range(len(sheets))
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        )
        file.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{rels}<Relationship Id="rId99" Type="{_OFFICE}/styles" Target="styles.bin"/></Relationships>',
        )
        file.writestr("xl/workbook.bin", book)
        file.writestr("xl/styles.bin", styles())
        for n, data in enumerate(sheets.values()):
            file.writestr(f"xl/worksheets/sheet{n + 1}.bin", data)
    return path

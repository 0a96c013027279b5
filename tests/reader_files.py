"""Workbooks for the reader's tests, made byte by byte where no library writes the trap."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

FREE, CHAIN_END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def simple(path: Path, rows=(("基金编号", "金额"), ("007", 1200.5)), **options) -> Path:
    """A small xlsx of one sheet 资金往来."""
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("资金往来")
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                (sheet.write_string if isinstance(value, str) else sheet.write)(r, c, value)
    return path


def rezip(path: Path, change: Callable[[str, bytes], bytes | None], extra=()) -> Path:
    """Rewrite each part of a zip; None drops it. `extra` are (name, bytes) appended."""
    with zipfile.ZipFile(path) as old:
        parts = [(name, old.read(name)) for name in old.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts:
            changed = change(name, data)
            if changed is not None:
                new.writestr(name, changed)
        for name, data in extra:
            new.writestr(name, data)
    return path


def with_sheet(path: Path, rows_xml: str, after: str = "") -> Path:
    """An xlsx whose first sheet's rows are the XML given."""
    simple(path)
    head = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    sheet = f"{head}<sheetData>{rows_xml}</sheetData>{after}</worksheet>".encode()
    return rezip(path, lambda name, data: sheet if name.startswith("xl/worksheets/sheet") else data)


def ole(path: Path, streams: dict[str, bytes]) -> Path:
    """A compound file with these streams, each at least 4096 bytes as kept in whole sectors."""
    fat, body, entries = [FAT_SECTOR], [], []

    def put(data: bytes) -> int:
        start, count = len(fat), max(1, -(-len(data) // 512))
        fat.extend([*range(start + 1, start + count), CHAIN_END])
        body.append(data.ljust(count * 512, b"\0"))
        return start

    placed = []
    for name, data in streams.items():
        whole = data.ljust(4096, b"\0")
        placed.append((name, put(whole), len(whole)))
    for name, kind, start, size in [("Root Entry", 5, CHAIN_END, 0), *[(n, 2, s, z) for n, s, z in placed]]:
        text = name.encode("utf-16-le") + b"\0\0"
        entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
        entry += struct.pack("<III", FREE, FREE, 1 if kind == 5 else FREE) + b"\0" * 36
        entries.append(entry + struct.pack("<III", start, size, 0))
    directory = put(b"".join(entries))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, CHAIN_END, 0, CHAIN_END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    table = b"".join(struct.pack("<I", n) for n in fat).ljust(512, b"\xff")
    path.write_bytes(header + table + b"".join(body))
    return path


def _record(code: int, data: bytes) -> bytes:
    return struct.pack("<HH", code, len(data)) + data


def biff5(cells: list[tuple[int, int, bytes | float]], codepage: int | None = 1252, *, locked=False) -> bytes:
    """A BIFF 5 stream as systems of the nineties wrote it: one sheet, texts in a code page."""
    start = _record(0x809, struct.pack("<HHHH", 0x500, 5, 2412, 1994))
    if locked:
        start += _record(0x2F, struct.pack("<HH", 0x1234, 0x5678))
    if codepage:
        start += _record(0x42, struct.pack("<H", codepage))
    name = "表1".encode("gbk")
    size = len(start) + 4 + 7 + len(name) + 4
    start += _record(0x85, struct.pack("<IHB", size, 0, len(name)) + name) + _record(0x0A, b"")
    sheet = _record(0x809, struct.pack("<HHHH", 0x500, 0x10, 2412, 1994))
    sheet += _record(
        0x200, struct.pack("<HHHHH", 0, 1 + max(r for r, *_ in cells), 0, 1 + max(c[1] for c in cells), 0)
    )
    for row, column, value in cells:
        at = struct.pack("<HHH", row, column, 0)
        if isinstance(value, bytes):
            sheet += _record(0x204, at + struct.pack("<H", len(value)) + value)
        else:
            sheet += _record(0x203, at + struct.pack("<d", value))
    return start + sheet + _record(0x0A, b"")


def ods(
    path: Path,
    content: str,
    manifest: str = "",
    mimetype: str = "application/vnd.oasis.opendocument.spreadsheet",
) -> Path:
    """An ods whose tables are the XML given."""
    spaces = "".join(
        f' xmlns:{short}="{long}"'
        for short, long in {
            "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
            "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
            "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
            "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
        }.items()
    )
    body = f"<office:document-content{spaces}><office:body><office:spreadsheet>{content}</office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", mimetype)
        file.writestr("content.xml", body)
        file.writestr("META-INF/manifest.xml", f"<manifest>{manifest}</manifest>")
    return path

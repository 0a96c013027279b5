"""What a file is, by its first bytes and what it holds; its name is never asked."""

import re
from pathlib import Path
from zipfile import ZipFile

from fundtrack.errors import InputError
from fundtrack.load import ole
from fundtrack.load.archive import open_zip, read_part
from fundtrack.load.delimited import decode, looks_binary
from fundtrack.load.limits import MB, ReadLimits
from fundtrack.load.ooxml import parts_by_name, workbook_path

_HEAD = 1 << 16
_STRICT = b"http://purl.oclc.org/ooxml"
_ODS = (
    b"application/vnd.oasis.opendocument.spreadsheet",
    b"application/x-vnd.oasis.opendocument.spreadsheet",
)
_FLAT = re.compile(
    r"""<office:document\s[^>]*office:mimetype=["']application/vnd\.oasis\.opendocument\.spreadsheet["']"""
)
_BIFF_BARE = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)
_OTHER = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"SQLite format",
)
_FILEPASS, _SHEET_START = 0x2F, 0x85


def sniff(path: Path, limits: ReadLimits) -> str:
    """Name a file's true format, or refuse it with its own code.

    Returns:
        One of xlsx, xlsx_strict, xlsm, xlsb, xls, ods, fods, csv, html, mhtml, xml2003.

    """
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise InputError("file_too_large", file=path.name, size=size // MB, limit=limits.max_bytes // MB)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise InputError("file_empty", file=path.name)
    if head.startswith(b"PK"):
        return _sniff_zip(path, limits)
    if head.startswith(ole.MAGIC):
        return _sniff_ole(path)
    if head.startswith(_BIFF_BARE):
        return _unlocked(head, path.name)
    return _sniff_text(head, path.name, whole=size <= _HEAD)


def _sniff_zip(path: Path, limits: ReadLimits) -> str:
    with open_zip(path, limits) as archive:
        names = parts_by_name(archive)
        if "mimetype" in names and read_part(archive, names["mimetype"], path.name).strip().startswith(_ODS):
            return _sniff_ods(archive, path.name)
        book = workbook_path(archive, path.name)
        types = names.get("[content_types].xml")
        said = read_part(archive, types, path.name) if types else b""
        if book and book.lower().endswith(".bin"):
            return "xlsb"
        if not book or (said and b"spreadsheetml" not in said and b"ms-excel" not in said):
            raise InputError("not_a_workbook", file=path.name)
        if _STRICT in read_part(archive, book, path.name)[:4096]:
            return "xlsx_strict"
        return "xlsm" if b"macroEnabled" in said else "xlsx"


def _sniff_ods(archive: ZipFile, file: str) -> str:
    manifest = next((n for n in archive.namelist() if n.casefold() == "meta-inf/manifest.xml"), None)
    if manifest and b"encryption-data" in read_part(archive, manifest, file):
        raise InputError("password_protected", file=file)
    if "content.xml" not in archive.namelist():
        raise InputError("not_a_workbook", file=file)
    return "ods"


def _sniff_ole(path: Path) -> str:
    compound = ole.open_compound(path.read_bytes())
    if compound is None or compound.cut:
        raise InputError("file_truncated", file=path.name)
    streams = {name.casefold(): name for name in compound.streams}
    if "encryptioninfo" in streams or "encryptedpackage" in streams:
        raise InputError("password_protected", file=path.name)
    book = streams.get("workbook") or streams.get("book")
    if not book:
        raise InputError("not_a_workbook", file=path.name)
    return _unlocked(compound.head(book, _HEAD), path.name)


def _unlocked(stream: bytes, file: str) -> str:
    for code, _ in ole.biff_records(stream):
        if code == _FILEPASS:
            raise InputError("password_protected", file=file)
        if code == _SHEET_START:
            break
    return "xls"


def _sniff_text(head: bytes, file: str, *, whole: bool) -> str:
    if head.startswith(_OTHER) or looks_binary(head):
        raise InputError("not_a_workbook", file=file)
    text = decode(head, whole=whole)
    if text is None:
        raise InputError("not_a_workbook", file=file)
    start = text[0].lstrip("\ufeff \t\r\n")
    low = start[:8192].lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in low and low.startswith("<"):
        return "xml2003"
    if low.startswith("<") and "<office:document" in low:
        if not _FLAT.search(low):
            raise InputError("not_a_workbook", file=file)
        return "fods"
    if (
        re.match(r"(mime-version|from|subject|date|message-id|content-type|x-[\w-]+):", low)
        and "mime-version:" in low
    ):
        return "mhtml"
    if low.startswith("<"):
        if re.search(r"<(?:html|table|body|head|!doctype html)\b", low) or "<table" in start.lower():
            return "html"
        raise InputError("not_a_workbook", file=file)
    if low.startswith(("{", "[{")) or (whole and not re.search("[\n\r,;|，\t]", start.strip())):
        raise InputError("not_a_workbook", file=file)  # JSON, or one lonely word
    return "csv"

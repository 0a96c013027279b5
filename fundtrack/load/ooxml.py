"""What an OOXML package says of its workbook, read without building it: parts, sheets and their states, epoch."""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from fundtrack.load import xlsb
from fundtrack.load.archive import read_part


@dataclass(frozen=True)
class Part:
    """One sheet of the workbook and where its XML lies."""

    name: str
    path: str
    state: str
    cells: bool = True


def parts_by_name(archive: ZipFile) -> dict[str, str]:
    """Parts by their names as engines compare them: without regard to case, slashes for the backslashes of old packers."""
    return {name.replace("\\", "/").casefold(): name for name in archive.namelist()}


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def workbook_path(archive: ZipFile, file: str) -> str | None:
    """Find the part that is the workbook, by the package's own words."""
    names = parts_by_name(archive)
    rels = names.get("_rels/.rels")
    if rels:
        for _, target, kind in _targets(read_part(archive, rels, file), ""):
            if kind.endswith("/officeDocument") and target.casefold() in names:
                return names[target.casefold()]
    return next((names[n] for n in ("xl/workbook.xml", "xl/workbook.bin") if n in names), None)


def counts_from_1904(archive: ZipFile, file: str) -> bool:
    """Tell whether day numbers of a workbook count from 1904."""
    book = workbook_path(archive, file)
    if not book:
        return False
    data = read_part(archive, book, file)
    if is_binary(book):
        return xlsb.counts_from_1904(data)
    return any(element.get("date1904") in {"1", "true", "on"} for element in _parsed(data).iter())


def is_binary(part: str) -> bool:
    """Tell whether a part holds records instead of XML."""
    return part.lower().endswith(".bin")


def _targets(xml: bytes, folder: str) -> Iterable[tuple[str, str, str]]:
    """Relations as (name, path, type)."""
    for element in _parsed(xml):
        target = element.get("Target", "").replace("\\", "/")
        path = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
        yield element.get("Id", ""), path, element.get("Type", "")


def _parsed(xml: bytes) -> ET.Element:
    try:
        return ET.fromstring(xml)  # noqa: S314 - `vet` has refused every DTD and entity before
    except ET.ParseError:
        return ET.Element("nothing")


def _sheets(book: str, data: bytes) -> Iterable[tuple[str, str, str]]:
    """Sheets of a workbook part as (relation, name, state)."""
    if is_binary(book):
        yield from xlsb.sheets(data)
        return
    for element in _parsed(data).iter():
        if _local(element.tag) == "sheet":
            rid = next(
                (value for key, value in element.attrib.items() if _local(key) == "id" and "}" in key), ""
            )
            yield rid, element.get("name", ""), element.get("state", "visible")


def sheet_parts(archive: ZipFile, file: str) -> list[Part]:
    """List the sheets in order, those of cells and the others; empty where a broken package does not say."""
    book = workbook_path(archive, file)
    if not book:
        return []
    folder, base = posixpath.split(book.replace("\\", "/"))
    names = parts_by_name(archive)
    rels_path = names.get(posixpath.join(folder, "_rels", base + ".rels").casefold())
    if not rels_path:
        return []
    rels = {name: (path, kind) for name, path, kind in _targets(read_part(archive, rels_path, file), folder)}
    parts = []
    for rid, name, state in _sheets(book, read_part(archive, book, file)):
        path, kind = rels.get(rid, ("", ""))
        if path.casefold() in names:
            parts.append(Part(name, names[path.casefold()], state, cells=kind.endswith("/worksheet")))
    return parts

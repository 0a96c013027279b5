"""Flat OpenDocument (.fods): the same document in one XML file; packed as an ods on the way and read as one."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from xml.parsers import expat
from zipfile import ZipFile

from fundtrack.errors import InputError
from fundtrack.load.cells import Sheet
from fundtrack.load.delimited import decode
from fundtrack.load.job import Job
from fundtrack.load.zipped import read_zipped

MIMETYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
_DECLARATION: Final = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")
_ROOT: Final = re.compile(r"<(/?)office:document(?=[\s>])")


def read_flat(job: Job) -> Iterator[Sheet]:
    """Read flat OpenDocument; a DTD is refused, whatever it declares."""
    decoded = decode(job.path.read_bytes())
    if decoded is None:
        raise InputError("not_a_workbook", file=job.path.name)
    text = _DECLARATION.sub("", decoded[0])
    _judge(text, job.path.name)
    with TemporaryDirectory(prefix="fundtrack-flat-") as folder:
        packed, alias = Path(folder) / job.path.name, Path(folder) / "packed-as.ods"
        with ZipFile(packed, "w") as archive:
            archive.writestr("mimetype", MIMETYPE)
            archive.writestr("META-INF/manifest.xml", "<manifest/>")
            archive.writestr("content.xml", _ROOT.sub(r"<\1office:document-content", text))
        alias.symlink_to(packed)
        yield from read_zipped(replace(job, path=packed, alias=alias, form="ods", begun=None))


def _judge(text: str, file: str) -> None:
    """Refuse a DTD, and what is torn: the engine takes what it finds of it."""

    def refuse(*_: object) -> None:
        raise InputError("xml_entities", file=file, entry=file)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text, True)  # noqa: FBT003 - positional in C
    except expat.ExpatError:
        raise InputError("file_damaged", file=file) from None

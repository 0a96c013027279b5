"""Which engine reads which format; each is imported only where it is needed."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from fundtrack.errors import InputError
from fundtrack.load import delimited
from fundtrack.load.cells import Sheet
from fundtrack.load.frames import frames, joined
from fundtrack.load.job import Job

_READERS = {
    "xlsx": ("zipped", "read_zipped"),
    "xlsx_strict": ("zipped", "read_zipped"),
    "xlsm": ("zipped", "read_zipped"),
    "xlsb": ("zipped", "read_zipped"),
    "ods": ("zipped", "read_zipped"),
    "fods": ("flat", "read_flat"),
    "xls": ("biff", "read_biff"),
    "html": ("pages", "read_html"),
    "mhtml": ("pages", "read_mhtml"),
    "xml2003": ("xml2003", "read_xml2003"),
    "csv": ("engines", "read_delimited"),
}


def read(job: Job, form: str) -> Iterator[Sheet]:
    """Read a file of a known format, sheet by sheet."""
    module, name = _READERS[form]
    for number, sheet in enumerate(getattr(import_module(f"fundtrack.load.{module}"), name)(job)):
        if number == job.limits.max_sheets:
            raise InputError("too_many_sheets", file=job.path.name, limit=number)
        yield sheet


def read_delimited(job: Job) -> Iterator[Sheet]:
    """Read csv and tsv, whatever their encoding."""
    data = job.path.read_bytes()
    decoded = delimited.decode(data)
    if decoded is None:
        raise InputError("not_a_workbook", file=job.path.name)
    text, encoding = decoded
    job.notes.append(f"encoding:{encoding}")
    lines = text.count("\n") + 1
    try:
        grid = joined(job.ticked(frames(_counted(job, delimited.rows(text))), lines))
    except delimited.UnclosedError as unclosed:
        raise InputError("quote_unclosed", file=job.path.name, line=unclosed.line) from None
    yield Sheet(job.path.stem, *grid)


def _counted(job: Job, rows: Iterator[list[str]]) -> Iterator[list[Any]]:
    for row in rows:
        job.count(1, len(row), job.path.stem)
        yield row

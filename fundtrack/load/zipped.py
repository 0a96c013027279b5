"""Workbooks kept in a zip (xlsx, xlsm, xlsb, strict xlsx, ods), by the engines that read them whole."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import python_calamine as calamine

from fundtrack.errors import InputError
from fundtrack.load.archive import open_zip, vet
from fundtrack.load.cells import Sheet, Visibility, column_letter
from fundtrack.load.columns import CellError
from fundtrack.load.early import Begun, Parsed, parse
from fundtrack.load.frames import Frames, frames, joined
from fundtrack.load.job import Job
from fundtrack.load.marks import LONGEST_TEXT, Marks, Texts
from fundtrack.load.ods import farthest, ods_marks
from fundtrack.load.ooxml import counts_from_1904, is_binary, sheet_parts
from fundtrack.load.xlsb import BinaryMarks

_SMALL = 5 << 20
_JUDGED = 0.3  # of the progress is done when the file is unpacked and judged
_ERRORS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}


def marks_of(job: Job) -> dict[str, Marks]:
    """Unpack a zipped workbook once: judge it, and gather what its sheets mark on the way, by sheet name."""
    file = job.path.name
    found: dict[str, tuple[str, Marks]] = {}

    def unpacked(share: float) -> None:
        job.tick(share * _JUDGED)

    with open_zip(job.path, job.limits) as archive:
        if job.form == "ods":
            return ods_marks(archive, file)
        if counts_from_1904(archive, file):
            job.notes.append("epoch:1904")
        for part in sheet_parts(archive, file):
            if not part.cells:
                job.notes.append(f"no_cells:{part.name}")
                continue
            small = archive.getinfo(part.path).file_size < _SMALL
            found[part.name] = part.path, (BinaryMarks if is_binary(part.path) else Marks)(small=small)
        _largest_first(job, archive, found)
        texts = Texts()
        watched: dict[str, Callable[[bytes], None]] = {path: marks.feed for path, marks in found.values()}
        watched |= {
            name: texts.feed for name in archive.namelist() if name.lower().endswith("sharedstrings.xml")
        }
        vet(archive, file, watched, unpacked)
    if texts.too_long:
        raise InputError("text_too_long", file=file, size=texts.longest, limit=LONGEST_TEXT)
    counted = Job(job.path, job.limits)
    for name, (_, marks) in found.items():
        marks.finish()
        if marks.twice:
            raise InputError("cell_twice", file=file, sheet=name, cell=marks.twice)
        if marks.small:
            counted.count(marks.corner[0] + 1, marks.corner[1] + 1, name)
    return {name: marks for name, (_, marks) in found.items()}


def _largest_first(job: Job, archive: ZipFile, found: dict[str, tuple[str, Marks]]) -> None:
    """Let the largest sheet be parsed while the file is judged, where it is one whose cells the judge does not count."""
    sizes = {
        name: archive.getinfo(path).file_size for name, (path, marks) in found.items() if not marks.small
    }
    largest = max(sizes, key=sizes.__getitem__, default=None)
    if job.begun and largest is not None and largest != next(iter(found)):
        job.begun.also(largest)


def read_zipped(job: Job) -> Iterator[Sheet]:
    """Read xlsx, xlsm, xlsb, strict xlsx and ods."""
    begun: Begun | None = job.begun
    opened, why = None, ""
    marks = marks_of(job)  # what the judge says comes before what the engine says
    try:
        opened = begun.result() if begun else parse(job.source)
    except (MemoryError, KeyboardInterrupt):
        raise
    except BaseException as failed:  # noqa: BLE001 - its panics are no Exceptions
        why = str(failed)
    if opened is not None:
        yield from _by_calamine(job, opened, marks)
    elif job.form in ("xlsx", "xlsm"):
        yield from _by_openpyxl(job, marks)
    else:
        raise _damaged(job, why)


def _damaged(job: Job, why: str) -> InputError:
    """Refuse what an engine could not read; one of them counts cells before it makes room for them."""
    file, asked = job.path.name, re.search(r"Cell limit exceeded \((\d+) cells", why)
    if not asked:
        return InputError("file_damaged", file=file)
    with open_zip(job.path, job.limits) as archive:
        sheet, row, column = farthest(archive, file)
    cell = f"{column_letter(min(column, 16_383))}{min(row, 1_048_575) + 1}"  # no sheet goes further
    limit = job.limits.max_cells
    return InputError("too_many_cells", file=file, sheet=sheet, cell=cell, cells=asked[1], limit=limit)


def read_calamine(job: Job) -> Iterator[Sheet]:
    """Read any workbook by the engine that knows most formats."""
    yield from _by_calamine(job, parse(job.source), {})


def _by_calamine(job: Job, opened: Parsed, marks: dict[str, Marks]) -> Iterator[Sheet]:
    for index, meta in enumerate(opened.sheets):
        each = (1 - _JUDGED) / len(opened.sheets)
        job.window = _JUDGED + each * (index + 0.4), _JUDGED + each * (index + 1)
        job.tick(job.window[0])
        sheet = opened.first if opened.first is not None and index == 0 else _later(job, opened, meta.name)
        mark = marks.get(meta.name, Marks(unplaced=True))
        text, kind = _grid(job, sheet, mark)
        yield Sheet(
            meta.name,
            text,
            kind,
            visibility=_visibility(meta.visible),
            merged=_merged(sheet, mark),
            hidden_rows=frozenset(mark.hidden_rows),
            hidden_columns=frozenset(mark.hidden_columns),
        )


def _later(job: Job, opened: Parsed, name: str) -> calamine.CalamineSheet:
    try:
        begun: Begun | None = job.begun
        return begun.sheet(name) if begun else opened.book.get_sheet_by_name(name)
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError) as failed:
        raise _damaged(job, str(failed)) from None


def _by_openpyxl(job: Job, marks: dict[str, Marks]) -> Iterator[Sheet]:
    """Read what the first engine refused by the one that forgives a broken package."""
    import openpyxl  # noqa: PLC0415 - slow to import, seldom needed

    try:
        book = openpyxl.load_workbook(job.source, read_only=True, data_only=True)
        for sheet in book.worksheets:
            mark = marks.get(sheet.title, Marks())
            sheet.reset_dimensions()
            rows = ([_openpyxl_value(cell) for cell in row] for row in sheet.iter_rows())
            text, kind = joined(frames(_counted(job, rows, sheet.title)), mark.errors)
            state: Visibility = "very_hidden" if sheet.sheet_state == "veryHidden" else sheet.sheet_state
            yield Sheet(
                sheet.title,
                text,
                kind,
                visibility=state,
                merged=tuple(mark.merged),
                hidden_rows=frozenset(mark.hidden_rows),
                hidden_columns=frozenset(mark.hidden_columns),
            )
    except (InputError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - whatever a broken package makes it raise, the file is broken
        raise InputError("file_damaged", file=job.path.name) from None
    job.notes.append("engine:openpyxl")


def _counted(job: Job, rows: Iterator[list[Any]], sheet: str) -> Iterator[list[Any]]:
    for row in rows:
        job.count(1, len(row), sheet)
        yield row


def _openpyxl_value(cell: Any) -> Any:
    value = cell.value
    if cell.data_type == "e":
        return CellError(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value


def _visibility(state: calamine.SheetVisibleEnum) -> Visibility:
    if state == calamine.SheetVisibleEnum.Visible:
        return "visible"
    return "hidden" if state == calamine.SheetVisibleEnum.Hidden else "very_hidden"


def _grid(job: Job, sheet: calamine.CalamineSheet, marks: Marks) -> Frames:
    if sheet.start is None or sheet.end is None:
        return joined([], marks.errors)
    rows, columns = sheet.end[0] + 1, sheet.end[1] + 1
    job.count(rows, columns, sheet.name)
    if marks.unplaced:
        marks.errors.update(_errors_by_engine(job.source, sheet))
    parts = frames(sheet.iter_rows(), left=sheet.start[1])
    return joined(job.ticked(parts, rows), marks.errors)


def _merged(sheet: calamine.CalamineSheet, marks: Marks) -> tuple[tuple[int, int, int, int], ...]:
    if marks.merged:
        return tuple(marks.merged)
    return tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())


def _errors_by_engine(path: Path, sheet: calamine.CalamineSheet) -> dict[tuple[int, int], str]:
    """Error cells as the one engine that tells them gives them; it counts from the used range's corner."""
    import fastexcel  # noqa: PLC0415 - asked for seldom

    _, failed = (
        fastexcel.read_excel(str(path))
        .load_sheet(sheet.name, header_row=None, dtypes="string")
        .to_arrow_with_errors()
    )
    top, left = sheet.start or (0, 0)
    found: dict[tuple[int, int], str] = {}
    for cell in failed.errors if failed else []:
        said = re.search(r"Error\((\w+)\)", cell.detail)
        if said:
            found[cell.position[0] + top, cell.position[1] + left] = _ERRORS.get(
                said[1], "#" + said[1].upper()
            )
    return found

"""The spreadsheet engines: each format is read by the one that loses least, and by another where it fails."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import python_calamine as calamine

from fundtrack.errors import InputError
from fundtrack.load import delimited
from fundtrack.load.archive import open_zip, vet
from fundtrack.load.cells import Sheet, Visibility, column_letter
from fundtrack.load.columns import CellError
from fundtrack.load.frames import Frames, frames, joined
from fundtrack.load.limits import ReadLimits
from fundtrack.load.ooxml import Marks, Part, sheet_parts

Tick = Callable[[float], None]

_SMALL = 5 << 20
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


@dataclass
class Job:
    """One file on its way through an engine.

    Attributes:
        path: the file.
        limits: what it may ask.
        tick: told the share done.
        notes: what the reader of the book should know.
        cells: cells counted so far.

    """

    path: Path
    limits: ReadLimits
    tick: Tick = lambda share: None  # noqa: ARG005
    notes: list[str] = field(default_factory=list)
    cells: int = 0

    def count(self, rows: int, columns: int, sheet: str) -> None:
        """Refuse a sheet whose rectangle, with those before it, is larger than agreed."""
        self.cells += rows * columns
        if self.cells > self.limits.max_cells:
            raise InputError(
                "too_many_cells",
                file=self.path.name,
                sheet=sheet,
                cell=f"{column_letter(max(columns, 1) - 1)}{rows}",
                cells=self.cells,
                limit=self.limits.max_cells,
            )

    def ticked(self, parts: Iterator[Frames], rows: int, start: float, share: float) -> Iterator[Frames]:
        """Pass batches on, telling how far they are."""
        done = 0
        for text, kind in parts:
            done += text.height
            yield text, kind
            self.tick(start + share * done / max(rows, done))


def marks_of(job: Job) -> list[tuple[Part, Marks]]:
    """Unpack a zipped workbook once: judge it, and gather what its sheets mark on the way."""
    with open_zip(job.path, job.limits) as archive:
        found = []
        for part in sheet_parts(archive, job.path.name):
            small = archive.getinfo(part.path).file_size < _SMALL
            found.append((part, Marks(small=small)))
        vet(archive, job.path.name, {part.path: marks.feed for part, marks in found})
    for part, marks in found:
        marks.finish()
        if marks.small:
            job.count(marks.corner[0] + 1, marks.corner[1] + 1, part.name)
    job.cells = 0
    return found


def read_zipped(job: Job, marked: list[tuple[Part, Marks]]) -> Iterator[Sheet]:
    """Read xlsx, xlsm, xlsb, strict xlsx and ods."""
    by_name = {part.name: marks for part, marks in marked}
    book = calamine.load_workbook(str(job.path))
    metadata = [m for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
    for index, meta in enumerate(metadata):
        marks = by_name.get(meta.name, Marks())
        sheet = book.get_sheet_by_name(meta.name)
        done, share = index / len(metadata), 1 / len(metadata)
        job.tick(done + share / 2)
        text, kind = _grid(job, sheet, marks, done + share / 2, share / 2)
        yield Sheet(
            meta.name,
            text,
            kind,
            visibility=_visibility(meta.visible),
            merged=_merged(sheet, marks),
            hidden_rows=frozenset(marks.hidden_rows),
        )


def _visibility(state: calamine.SheetVisibleEnum) -> Visibility:
    if state == calamine.SheetVisibleEnum.Visible:
        return "visible"
    return "hidden" if state == calamine.SheetVisibleEnum.Hidden else "very_hidden"


def _grid(job: Job, sheet: calamine.CalamineSheet, marks: Marks, start: float, share: float) -> Frames:
    if sheet.start is None or sheet.end is None:
        return joined([], marks.errors)
    rows, columns = sheet.end[0] + 1, sheet.end[1] + 1
    job.count(rows, columns, sheet.name)
    if marks.unplaced:
        marks.errors.update(_errors_by_engine(job.path, sheet))
    parts = frames(sheet.iter_rows(), left=sheet.start[1])
    return joined(job.ticked(parts, rows, start, share), marks.errors)


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


def read_delimited(job: Job) -> Iterator[Sheet]:
    """Read csv and tsv, whatever their encoding."""
    data = job.path.read_bytes()
    decoded = delimited.decode(data)
    if decoded is None:
        raise InputError("not_a_workbook", file=job.path.name)
    text, encoding = decoded
    job.notes.append(f"encoding:{encoding}")
    lines = text.count("\n") + 1
    grid = joined(job.ticked(frames(_counted(job, delimited.rows(text))), lines, 0.2, 0.8))
    yield Sheet(job.path.stem, *grid)


def _counted(job: Job, rows: Iterator[list[str]]) -> Iterator[list[Any]]:
    for row in rows:
        job.count(1, len(row), job.path.stem)
        yield row


__all__ = ["CellError", "Job", "marks_of", "read_delimited", "read_zipped"]

"""One file on its way through an engine: its limits, its progress, its notes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fundtrack.errors import InputError
from fundtrack.load.cells import column_letter
from fundtrack.load.frames import Frames
from fundtrack.load.limits import ReadLimits

Tick = Callable[[float], None]


@dataclass
class Job:
    """One file on its way through an engine.

    Attributes:
        path: the file.
        limits: what it may ask.
        tick: told the share done.
        form: the format found.
        notes: what the reader of the book should know.
        cells: cells counted so far.
        begun: what was begun on the file before this was loaded.
    alias: the same file under a name with the right ending; some engines go by it.
    window: from where to where the sheet at hand moves the progress.

    """

    path: Path
    limits: ReadLimits
    tick: Tick = lambda share: None  # noqa: ARG005
    form: str = ""
    notes: list[str] = field(default_factory=list)
    cells: int = 0
    begun: Any = None
    alias: Path | None = None
    window: tuple[float, float] = (0.2, 1.0)

    @property
    def source(self) -> Path:
        """The path to hand to an engine."""
        return self.alias or self.path

    def count(self, rows: int, columns: int, sheet: str) -> None:
        """Refuse a sheet whose rectangle, with those before it, is larger than agreed."""
        self.reach(columns, sheet)
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

    def reach(self, columns: int, sheet: str) -> None:
        """Refuse a sheet of more columns than a spreadsheet has."""
        limit = self.limits.max_columns
        if columns > limit:
            raise InputError(
                "too_many_columns", file=self.path.name, sheet=sheet, columns=columns, limit=limit
            )

    def ticked(self, parts: Iterator[Frames], rows: int) -> Iterator[Frames]:
        """Pass batches on, telling how far they are."""
        start, end = self.window
        done = 0
        for text, kind in parts:
            done += text.height
            yield text, kind
            self.tick(start + (end - start) * min(1.0, done / max(rows, 1)))

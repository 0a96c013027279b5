"""Cells placed one after another around those that spans cover, as marked-up tables give them."""

from typing import Any

from fundtrack.load.cells import Sheet
from fundtrack.load.frames import frames, joined
from fundtrack.load.job import Job

Merge = tuple[int, int, int, int]


class Grid:
    """Cells placed one after another, stepping over those that a span covers."""

    def __init__(self, job: Job, name: str) -> None:
        self.job, self.name = job, name
        self.rows: list[list[Any]] = []
        self.merged: list[Merge] = []
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.column = 0
        self.visible = True
        self._taken: dict[int, set[int]] = {}

    def row(self, index: int | None = None, *, hidden: bool = False) -> None:
        """Start the next row, or the one counted from 0."""
        place = len(self.rows) if index is None else max(index, len(self.rows))
        self.job.count(place + 1 - len(self.rows), 1, self.name)
        while len(self.rows) <= place:
            self.rows.append([])
        self.column = 0
        if hidden:
            self.hidden.add(place)

    def cell(self, value: Any, across: int = 1, down: int = 1) -> None:
        """Place a value in the next free column, with the rectangle it is merged over."""
        if not self.rows:
            self.row()
        place = len(self.rows) - 1
        across, down = min(max(across, 1), 16384), min(max(down, 1), 1048576)
        taken = self._taken.get(place, set())
        while self.column in taken:
            self.column += 1
        line = self.rows[place]
        self.job.reach(self.column + 1, self.name)
        self.job.count(1, max(0, self.column + 1 - len(line)), self.name)
        line.extend([None] * (self.column - len(line)))
        line.append(value)
        if across > 1 or down > 1:
            self.merged.append((place, self.column, place + down - 1, self.column + across - 1))
            self.job.count(down, across, self.name)
            for below in range(place, place + down):
                self._taken.setdefault(below, set()).update(range(self.column, self.column + across))
        self.column += across

    def sheet(self) -> Sheet:
        """Give the cells as a Sheet."""
        text, kind = joined(frames(self.rows))
        inside = tuple(m for m in self.merged if m[0] < text.height and m[1] < text.width)
        return Sheet(
            self.name,
            text,
            kind,
            visibility="visible" if self.visible else "hidden",
            merged=inside,
            hidden_rows=frozenset(self.hidden),
            hidden_columns=frozenset(self.hidden_columns),
        )


def whole(text: str | None) -> int:
    """Read a small whole number out of an attribute; 1 where there is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else 1

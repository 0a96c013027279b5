"""A file as it was read, and as it was checked against what is known."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import polars as pl

from fundtrack.errors import Problem, blocking
from fundtrack.load.cells import column_letter
from fundtrack.load.cover import CoverRead
from fundtrack.load.diff import TableDiff
from fundtrack.load.layout import Found
from fundtrack.load.parse import Parsed
from fundtrack.load.profiles import Profile
from fundtrack.load.snapshots import Proposal
from fundtrack.load.state import State

COLUMN_MAP = {
    "table_name": pl.String(), "sheet": pl.String(), "field": pl.String(), "column_letter": pl.String(), "header": pl.String(),
    "unit_factor": pl.Decimal(18, 8),
}  # fmt: skip


@dataclass(frozen=True)
class ReadFile:
    """A file as read, before anything is known of the ledger.

    Attributes:
        path: where it lies.
        name: as the sender calls it.
        sha256: of its bytes.
        cover: what its cover says.
        found: its raw tables.
        kind: a `load` by a person, a `seed` that came with the program, or a `correction`.
        profile: what a person has said of its layout.
        complete: tables of which the sender, or whoever loads, says that the file is all there is.
        snapshots: whether what its lists of investors without dates imply shall become dated changes.
    """

    path: Path
    name: str
    sha256: str
    cover: CoverRead
    found: Found
    kind: str = "load"
    parsed: tuple[Parsed, ...] = ()
    profile: Profile | None = None
    complete: frozenset[str] = frozenset()
    snapshots: bool = False


@dataclass(frozen=True)
class Checked:
    """A file checked against a state.

    Attributes:
        file: the file.
        problems: everything wrong with it.
        diffs: what it would change, by table.
        minted: ids given, by table.
        state: the state with its rows in, to check the next file against.
        lost: table and field of every cell by which an entity would be known, had it been readable.
        proposals: the dated changes that its lists of investors imply, whether they were accepted or not.
    """

    file: ReadFile
    problems: tuple[Problem, ...]
    diffs: tuple[TableDiff, ...]
    minted: dict[str, list[str]]
    state: State
    lost: tuple[tuple[str, str], ...] = ()
    proposals: tuple[Proposal, ...] = ()

    @property
    def blocked(self) -> bool:
        """True where an error keeps the file out."""
        return blocking(self.problems)

    @property
    def news(self) -> bool:
        """True where the file says anything that the ledger does not."""
        return any(item.new.height or item.changed.height or item.removed for item in self.diffs)

    def counts(self) -> dict[str, dict[str, int]]:
        """New, changed and unchanged rows by table; the cover is no count of the sender's rows."""
        return {
            item.table: item.counts
            for item in self.diffs
            if item.table != "cover" and any(item.counts.values())
        }

    def without_cells(self) -> Self:
        """The same without the cells as they were written and read, which nobody needs once all has been checked."""
        tables = [
            replace(raw, text=raw.text.clear(), kind=raw.kind.clear(), row_numbers=raw.row_numbers.clear())
            for raw in self.file.found.tables
        ]
        found = Found(tables, self.file.found.problems)
        return replace(self, file=replace(self.file, found=found, parsed=()))

    def column_map(self) -> pl.DataFrame:
        """What `batch_column` keeps of the file."""
        rows: list[tuple[object, ...]] = [
            (raw.table, raw.sheet, mapped.field, column_letter(mapped.index), mapped.header, mapped.factor)
            for raw in self.file.found.tables
            for mapped in raw.columns
        ]
        cover = self.file.cover
        rows += [
            ("cover", cover.sheet or "", name, column_letter(at[1]), at[2], None)
            for name, at in cover.cells.items()
        ]
        return pl.DataFrame(rows, schema=COLUMN_MAP, orient="row")

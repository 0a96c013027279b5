"""Rows that a sender put earlier and whose files now lack them: kept, or deleted where a file is complete for its table."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.checked import Checked
from fundtrack.load.diff import TableDiff
from fundtrack.load.owners import Owners
from fundtrack.load.state import State
from fundtrack.model.frames import schema
from fundtrack.model.rows import TABLES
from fundtrack.store.reversal import REFERENCES

_UNSEEN: Final = frozenset(("rows_hidden", "sheet_hidden", "rows_passed_over"))
"""What makes it doubtful that all rows of a file were read."""
_NAMED: Final = 5


def with_absent(
    files: Sequence[Checked], state: State, owners: Owners, sender: str
) -> tuple[list[Checked], State]:
    """A sender's checked files with what they lack, and the state without what is deleted.

    A row that any of the sender's files has is not missing. What is deleted must not be named by a row that stays: that is an
    error, which keeps the sender out.

    Args:
        files: in the order in which they build on one another.
        state: with all their rows in.
        owners: of the rows known.
        sender: as on the cover.

    """
    if any(item.blocked for item in files):
        return list(files), state
    found = list(files)
    tables = dict.fromkeys(each.table for item in files for each in item.diffs if each.table != "cover")
    last = {table: max(n for n, item in enumerate(files) if _of(item, table)) for table in tables}
    for table, at in last.items():
        own = [each for item in files if (each := _of(item, table))]
        keys = pl.concat([each.keys for each in own])
        mine = owners.keys(table, sender).join(keys, on="row_key", how="anti")
        missing = state[table].join(mine, on="row_key", how="semi").sort("row_key")
        declared = any(table in item.file.complete for item in files)
        told = list(_doubts(files, table, keys)) if declared else []
        removes = declared and not told and missing.height > 0
        if removes:
            state = state.drop(table, missing.select("row_key"))
            told = [_told(found[at], table, missing)]
        diffs = tuple(
            replace(each, missing=missing, removes=removes) if each.table == table else each
            for each in found[at].diffs
        )
        found[at] = replace(found[at], diffs=diffs, problems=(*found[at].problems, *told))
    found[-1] = replace(found[-1], problems=(*found[-1].problems, *_not_there(files, set(tables))))
    return _still_named(found, state)


def _of(item: Checked, table: str) -> TableDiff | None:
    return next((each for each in item.diffs if each.table == table), None)


def _doubts(files: Sequence[Checked], table: str, keys: pl.DataFrame) -> Iterable[Problem]:
    """Why a file that is said to be complete may not be: nothing is deleted then."""
    item = next(item for item in reversed(files) if _of(item, table))
    if keys.is_empty():
        yield Problem(
            "complete_but_empty", "warning", file=item.file.name, sheet=_sheet(item, table), table=table
        )
        return
    unseen = {problem.code for each in files for problem in each.problems if problem.table in {table, None}}
    if unseen & _UNSEEN:
        yield Problem(
            "complete_doubtful", "warning", file=item.file.name, sheet=_sheet(item, table), table=table
        )


def _sheet(item: Checked, table: str) -> str | None:
    return next((raw.sheet for raw in item.file.found.tables if raw.table == table), None)


def _told(item: Checked, table: str, missing: pl.DataFrame) -> Problem:
    keys = missing["row_key"].head(_NAMED).to_list()
    about = {"count": str(missing.height), "keys": "、".join(keys) + ("…" if missing.height > _NAMED else "")}
    return Problem(
        "rows_removed", "warning", file=item.file.name, sheet=_sheet(item, table), table=table, about=about
    )


def _not_there(files: Sequence[Checked], tables: set[str]) -> list[Problem]:
    """Tables said to be complete that no file has: nothing is deleted of them."""
    return [
        Problem("complete_not_in_file", "warning", file=item.file.name, table=table)
        for item in files[-1:]
        for table in sorted({name for each in files for name in each.file.complete} - tables)
    ]


def _still_named(files: list[Checked], state: State) -> tuple[list[Checked], State]:
    """Refuse to delete what a row that stays still names."""
    for at, item in enumerate(files):
        wrong: list[Problem] = []
        for each in item.diffs:
            if each.removes:
                wrong += _naming(item, each, state)
        if wrong:
            files[at] = replace(item, problems=(*item.problems, *wrong))
    return files, state


def _naming(item: Checked, each: TableDiff, state: State) -> Iterable[Problem]:
    gone = each.missing.select("row_key")
    for table, column, other in REFERENCES:
        if other != each.table or column not in schema(table):
            continue
        named = state[table].with_columns(
            pl.col(column).str.replace_all("|", "¦", literal=True).alias("_named")
        )
        for row in (
            named.join(gone, left_on="_named", right_on="row_key", how="semi")
            .unique("_named", maintain_order=True)
            .iter_rows(named=True)
        ):
            info = TABLES[table].info
            about = {"by_zh": info.zh, "by_en": info.en, "by": table, "key": row["row_key"]}
            yield Problem("complete_still_named", file=item.file.name, sheet=_sheet(item, each.table), table=each.table,
                          value=row[column], about=about)  # fmt: skip

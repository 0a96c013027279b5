"""Cells that stand for several rows: merged ones, and names written only on the first row of their block.

A merged cell means the same for every row that it covers, so names, codes, dates and choices are filled down; amounts are
not, since they would then count several times.

Without a merge a blank reference or key is filled from above only where the sheet plainly is written in blocks: at least a
fifth of the column is blank, no value is ever written again in the row below itself, the rows with the blank have another
key and some further content, and nothing but such columns stands to its left. How many rows were filled is said.
"""

from dataclasses import replace
from typing import Final

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.cells import Kind, Sheet
from fundtrack.load.tables import Mapped, RawTable
from fundtrack.model.fields import Column
from fundtrack.model.frames import find_column

_AMOUNTS: Final = frozenset({"money", "number", "share", "rate", "whole"})
_DITTO: Final = ("同上", "同 上", "〃", "″", "〞", "''", '"', "ditto", "Ditto", "as above")
_LEAST_BLANK: Final = 0.2


def fill_merged(raw: RawTable, sheet: Sheet) -> RawTable:
    """Give every row under a vertically merged cell its value, amounts excepted."""
    tall = [merge for merge in sheet.merged if merge[2] > merge[0]]
    columns = {
        mapped.index: mapped
        for mapped in raw.columns
        if find_column(raw.table, mapped.field).kind not in _AMOUNTS
    }
    places = {row - 1: at for at, row in enumerate(raw.row_numbers.to_list())} if tall else {}
    text, kind = raw.text, raw.kind
    for index in {merge[1] for merge in tall} & set(columns):
        to: list[int] = []
        said: list[str | None] = []
        kinds: list[int] = []
        for top, left, bottom, _ in tall:
            if left != index or bottom < raw.header_row:
                continue
            for row in range(max(top + 1, raw.header_row), min(bottom, sheet.text.height - 1) + 1):
                if row in places and sheet.text.item(row, index) is None and top < sheet.text.height:
                    to.append(places[row])
                    said.append(sheet.text.item(top, index))
                    kinds.append(sheet.kind.item(top, index))
        if to:
            name = f"c{index}"
            text = text.with_columns(text[name].scatter(to, pl.Series(said, dtype=pl.String)))
            kind = kind.with_columns(kind[name].scatter(to, pl.Series(kinds, dtype=pl.UInt8)))
    return raw if text is raw.text else replace(raw, text=text, kind=kind)


def fill_ditto(raw: RawTable) -> RawTable:
    """Give a cell that says “as above” what the cell above says; in the first row it stays as it is written."""
    text, kind = raw.text, raw.kind
    for mapped in raw.columns:
        if not (kind[mapped.name] == Kind.TEXT).any():
            continue
        said = text[mapped.name]
        same = said.str.strip_chars().is_in(_DITTO).fill_null(value=False)
        if not same.any() or same[0]:
            continue
        # What stands above is meant, be it blank: only marks below marks are passed over.
        above = pl.int_range(len(said), eager=True).set(same, None).fill_null(strategy="forward")
        text, kind = text.with_columns(said.gather(above)), kind.with_columns(kind[mapped.name].gather(above))
    return raw if text is raw.text else replace(raw, text=text, kind=kind)


def fill_continued(raw: RawTable) -> tuple[RawTable, list[Problem]]:
    """Fill blank references and keys that the block above continues, and say how many."""
    problems: list[Problem] = []
    for mapped in _leading_keys(raw):
        said = raw.text[mapped.name]
        blank = _blank(said)
        rows = blank.arg_true()
        if not len(rows) or rows[0] == 0 or not _in_blocks(said, blank) or not _others_say(raw, mapped, rows):
            continue
        filled = said.set(blank, None).fill_null(strategy="forward")
        kinds = (
            raw.kind[mapped.name].cast(pl.Int16).set(blank, None).fill_null(strategy="forward").cast(pl.UInt8)
        )
        text, kind = raw.text.with_columns(filled), raw.kind.with_columns(kinds)
        first = int(raw.row_numbers[int(rows[0])])
        raw = replace(raw, text=text, kind=kind)
        problems.append(
            Problem("cells_continued", "warning", file=raw.file, sheet=raw.sheet, row=first, column=mapped.letter, field=mapped.field,
                    table=raw.table, value=filled[int(rows[0])], about={"count": str(len(rows))})
        )  # fmt: skip
    return raw, problems


def _leading_keys(raw: RawTable) -> list[Mapped]:
    """The leftmost mapped columns, as long as each is a required reference or key."""
    found: list[Mapped] = []
    for mapped in sorted(raw.columns, key=lambda item: item.index):
        if mapped.index < 0 or mapped.cells:
            continue
        if not _reference(find_column(raw.table, mapped.field)):
            break
        found.append(mapped)
    return found


def _reference(column: Column) -> bool:
    return column.required and (column.refers is not None or column.key)


def _blank(text: pl.Series) -> pl.Series:
    return text.is_null() | (text.str.strip_chars() == "").fill_null(value=False)


def _in_blocks(said: pl.Series, blank: pl.Series) -> bool:
    """True where a value is written once and then left out, never repeated below itself; one blank alone is a slip."""
    written = said.set(blank, None)
    again = (written == written.shift(1)).fill_null(value=False).any()
    count = int(blank.sum())
    return not again and count > 1 and count >= _LEAST_BLANK * len(said)


def _others_say(raw: RawTable, mapped: Mapped, rows: pl.Series) -> bool:
    """True where every row with the blank has another key field and some further content."""
    others = [other for other in raw.columns if other.field != mapped.field and other.index >= 0]
    keys = [other for other in others if find_column(raw.table, other.field).key]
    if not keys:
        return False
    part = raw.text[rows]
    keyed = part.select(pl.any_horizontal(pl.col(other.name).is_not_null() for other in keys)).to_series()
    content = part.select(pl.sum_horizontal(pl.col(other.name).is_not_null() for other in others)).to_series()
    return bool(keyed.all()) and bool((content >= 2).all())

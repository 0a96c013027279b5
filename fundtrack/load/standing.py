"""Corrections against later files: what only repeats the uncorrected value leaves them standing, another value replaces them."""

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.parse import Parsed
from fundtrack.load.rowcheck import Wrong, place_in
from fundtrack.load.state import State
from fundtrack.model.fields import name_key
from fundtrack.model.frames import key_fields, precision_of, row_key, schema
from fundtrack.store.corrected import Correction, shown, value_of


def stand(
    frame: pl.DataFrame, item: Parsed, state: State, wrong: Wrong
) -> tuple[pl.DataFrame, list[Problem]]:
    """Put the corrected value where a file's cell says what the correction replaced.

    Args:
        frame: a sheet's typed rows with all that their keys need; a column that the file does not have says nothing.
        item: the sheet.
        state: what is known, with the corrections that stand.
        wrong: by row the fields that are problems already.

    Returns:
        The rows; and a warning for every correction that stands against its cell, and for every one that the cell replaces.
    """
    table = item.raw.table
    corrected, lapsed = state.corrected(table), state.lapsed(table)
    if not (corrected or lapsed) or frame.is_empty():
        return frame, []
    absent = [pl.lit(None, dtype=schema(table)[name]).alias(name) for name in key_fields(table) if name not in frame.columns]  # fmt: skip
    keys = frame.with_columns(absent).select(row_key(table)).to_series()
    mapped = {column.field for column in item.raw.columns}
    stands: dict[str, list[tuple[int, Any]]] = {}
    problems: list[Problem] = []
    for at in keys.is_in([*corrected, *lapsed]).arg_true().to_list():
        row = frame.row(at, named=True)
        for each in (*corrected.get(keys[at], ()), *lapsed.get(keys[at], ())):
            if each.field not in mapped or each.field in wrong.get(row["row_number"], set()):
                continue
            said = value_of(table, row, each.field)
            if (code := _becomes(each, said)) is not None:
                problems.append(_told(code, each, said, row["row_number"], item))
            if code == "correction_stands":
                stands.setdefault(each.field, []).append((at, each.new))
    return _filled(frame, table, stands), problems


def _becomes(each: Correction, said: Any) -> str | None:
    """What a cell makes of a correction; None where it says the same."""
    if said == each.new:
        return None
    again = said in each.uncorrected
    if each.status == "removed":
        return "correction_lapsed" if again else None
    return "correction_stands" if again else "correction_replaced"


def _told(code: str, each: Correction, said: Any, row: int, item: Parsed) -> Problem:
    about = {
        "batch": each.batch_id,
        "corrected": shown(each.new),
        "old": shown(each.old),
        "key": each.row_key,
    }
    return Problem(code, "warning", row=row, value=shown(said), about=about, **place_in(item, each.field))


def _filled(frame: pl.DataFrame, table: str, stands: dict[str, list[tuple[int, Any]]]) -> pl.DataFrame:
    for field, found in stands.items():
        at, values = [one for one, _ in found], [value for _, value in found]
        if precision_of(field) in schema(table):
            bare = [value and value[0] for value in values]
            precise = [value and value[1] for value in values]
            frame = _scattered(_scattered(frame, field, at, bare), precision_of(field), at, precise)
        else:
            frame = _scattered(frame, field, at, values)
        if field == "name" and "name_key" in frame.columns:
            frame = _scattered(frame, "name_key", at, [value and name_key(value) for value in values])
    return frame


def _scattered(frame: pl.DataFrame, field: str, at: list[int], values: list[Any]) -> pl.DataFrame:
    column = frame[field]
    return frame.with_columns(column.scatter(at, pl.Series(values, dtype=column.dtype)).alias(field))


def untold(cleared: Iterable[Problem], told: Iterable[Problem]) -> Iterator[Problem]:
    """Blank cells that take a value away, but for those whose replaced correction is told."""
    places = {(each.sheet, each.row, each.field) for each in told if each.code == "correction_replaced"}
    yield from (each for each in cleared if (each.sheet, each.row, each.field) not in places)

"""Which entity a row means: references by id, code or name; ids found or minted where a sender has none."""

import re
from collections.abc import Iterable
from typing import Final

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.state import State
from fundtrack.model.fields import Column, name_key
from fundtrack.model.rows import COLUMNS, TABLES

_CODES: Final = ("amac_code", "amac_no", "uscc")
AMBIGUOUS: Final = "\x00ambiguous"


def id_field(table: str) -> str:
    """The id of an entity's table: its one key field."""
    return next(column.name for column in COLUMNS[table] if column.key)


def order() -> tuple[str, ...]:
    """Tables so that what is referred to stands before what refers."""
    done: list[str] = []

    def visit(table: str) -> None:
        if table in done:
            return
        for column in COLUMNS[table]:
            if column.refers and column.refers != table:
                visit(column.refers)
        done.append(table)

    for table in TABLES:
        visit(table)
    return tuple(done)


def lookup(state: State, table: str) -> dict[str, str]:
    """Everything by which an entity may be called, and its id; a name of two entities leads to `AMBIGUOUS`."""
    frame = state[table]
    ids = frame[id_field(table)].to_list()
    found: dict[str, str] = {}
    if "name_key" in frame.columns:
        _add(found, zip(frame["name_key"].to_list(), ids, strict=True))
    if table == "partner_fund":
        renamed = state["fund_change"].filter((pl.col("kind") == "renamed") & pl.col("after").is_not_null())
        pairs = renamed.select("after", "partner_fund_id").iter_rows()
        _add(found, ((name_key(after), of) for after, of in pairs))
    for name in _CODES:
        if name in frame.columns:
            _add(found, zip(frame[name].to_list(), ids, strict=True))
    return found | {of: of for of in ids if of is not None}


def _add(found: dict[str, str], pairs: Iterable[tuple[str | None, str | None]]) -> None:
    for name, of in pairs:
        if name and of:
            found[name] = of if found.get(name, of) == of else AMBIGUOUS


def resolve(frame: pl.DataFrame, column: Column, state: State) -> tuple[pl.DataFrame, dict[int, str]]:
    """Turn what a column calls another entity into that entity's id.

    Returns:
        The frame, and for each row number that could not be resolved the problem's code.
    """
    assert column.refers is not None  # noqa: S101
    names = lookup(state, column.refers)
    said = [value for value in frame[column.name].unique().to_list() if value is not None]
    meant = {value: names.get(value) or names.get(name_key(value)) for value in said}
    wrong = {
        value: "reference_ambiguous" if of == AMBIGUOUS else "reference_unknown"
        for value, of in meant.items()
        if of is None or of == AMBIGUOUS
    }
    bad = {
        row: wrong[value] for row, value in frame.select("row_number", column.name).iter_rows() if value in wrong
    } if wrong else {}  # fmt: skip
    good = {value: of for value, of in meant.items() if of and of != AMBIGUOUS and of != value}
    if good:
        frame = frame.with_columns(pl.col(column.name).replace(good))
    return frame, bad


def give_ids(frame: pl.DataFrame, table: str, state: State) -> tuple[pl.DataFrame, list[str]]:
    """Find or mint the id of every row that has none.

    Returns:
        The frame with every id known, and the ids minted.
    """
    info = TABLES[table].info
    name = id_field(table)
    if info.mint is None:
        return frame, []
    if name not in frame.columns:
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(name))
    if frame[name].null_count() == 0:
        return frame, []
    known = [_index(state[table], group, name) for group in info.match]
    taken = set(state[table][name].to_list()) | set(frame[name].drop_nulls().to_list())
    rows = _with_name_key(frame, table)
    own: list[dict[tuple[object, ...], str]] = [_index(rows, group, name) for group in info.match]
    minted: list[str] = []
    ids: list[str] = []
    counter = _last_number(taken, info.mint)
    for row in rows.iter_rows(named=True):
        of = row[name] or _find(row, info.match, known) or _find(row, info.match, own)
        if of is None:
            counter += 1
            of = f"{info.mint}{counter:06d}"
            minted.append(of)
            for group, index in zip(info.match, own, strict=True):
                if (key := _key(row, group)) is not None:
                    index.setdefault(key, of)
        ids.append(of)
    return frame.with_columns(pl.Series(name, ids, dtype=pl.String)), minted


def _with_name_key(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    groups = {field for group in TABLES[table].info.match for field in group}
    if "name_key" in groups:
        names = frame["name"].to_list() if "name" in frame.columns else [None] * frame.height
        frame = frame.with_columns(pl.Series("name_key", [None if name is None else name_key(name) for name in names], dtype=pl.String))
    absent = [pl.lit(None, dtype=pl.String).alias(field) for field in groups if field not in frame.columns]
    return frame.with_columns(absent)


def _key(row: dict[str, object], group: tuple[str, ...]) -> tuple[object, ...] | None:
    key = tuple(row[field] for field in group)
    return None if key[0] is None or (len(key) > 1 and key[1] is None) else key


def _index(frame: pl.DataFrame, group: tuple[str, ...], name: str) -> dict[tuple[object, ...], str]:
    if any(field not in frame.columns for field in group):
        return {}
    found: dict[tuple[object, ...], str] = {}
    for row in frame.select(*group, name).iter_rows(named=True):
        key = _key(row, group)
        if key is not None and row[name] is not None:
            found.setdefault(key, row[name])
    return found


def _find(
    row: dict[str, object], groups: tuple[tuple[str, ...], ...], indexes: list[dict[tuple[object, ...], str]]
) -> str | None:
    for group, index in zip(groups, indexes, strict=True):
        key = _key(row, group)
        if key is not None and key in index:
            return index[key]
    return None


def _last_number(taken: set[str], prefix: str) -> int:
    numbers = [int(found[1]) for of in taken if of and (found := re.fullmatch(rf"{prefix}(\d{{6,9}})", of))]
    return max(numbers, default=0)


def unresolved(problems: dict[int, str], values: dict[int, str], place: dict[str, object], refers: str) -> list[Problem]:
    """Problems of references at their cells."""
    info = TABLES[refers].info
    about = {"refers_zh": info.zh, "refers_en": info.en}
    return [
        Problem(code, row=row, value=values.get(row), about=about, **place)  # type: ignore[arg-type]
        for row, code in sorted(problems.items())
    ]

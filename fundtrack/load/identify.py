"""Which entity a row means: references by id, code or name; ids found or minted where a sender has none."""

import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import polars as pl

from fundtrack.errors import Problem
from fundtrack.load.as_sent import as_sent
from fundtrack.load.state import State
from fundtrack.model.fields import Column, name_key
from fundtrack.model.rows import COLUMNS, TABLES

_CODES: Final = ("amac_code", "amac_no", "uscc")
_NAME: Final = ("name_key",)
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
        _add(found, _new_names(state))
    for name in _CODES:
        if name in frame.columns:
            _add(found, zip(frame[name].to_list(), ids, strict=True))
    sent = as_sent(state, table)
    for name in ("name_key", *_CODES):
        for word, of in sent.select(name, id_field(table)).iter_rows() if name in sent.columns else ():
            found.setdefault(word, of)
    return found | {of: of for of in ids if of is not None}


def _new_names(state: State) -> list[tuple[str, str]]:
    """The names that funds took later, normalised, and their ids."""
    renamed = state["fund_change"].filter((pl.col("kind") == "renamed") & pl.col("after").is_not_null())
    return [(name_key(after), of) for after, of in renamed.select("after", "partner_fund_id").iter_rows()]


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
    meant = {
        value: names.get(value) or names.get(name_key(value)) or names.get("".join(value.split()).upper())
        for value in said
    }
    wrong = {
        value: "reference_ambiguous" if of == AMBIGUOUS else "reference_unknown"
        for value, of in meant.items()
        if of is None or of == AMBIGUOUS
    }
    bad = {
        row: wrong[value] for row, value in frame.select("row_number", column.name).iter_rows() if value in wrong
    } if wrong else {}  # fmt: skip
    good = {value: of for value, of in meant.items() if of and of not in (AMBIGUOUS, value)}
    if good:
        frame = frame.with_columns(pl.col(column.name).replace(good))
    return frame, bad


class Given(NamedTuple):
    """Rows whose ids are all known.

    Attributes:
        frame: the rows.
        minted: the ids given to new entities.
        apart: row number, and the id of an entity of the same name that has another code and was therefore not taken.
        unclear: row numbers whose name several entities bear.
    """

    frame: pl.DataFrame
    minted: list[str]
    apart: list[tuple[int, str]]
    unclear: list[int]


def give_ids(frame: pl.DataFrame, table: str, state: State) -> Given:
    """Find or mint the id of every row that has none: by code, else by name, but never against a code."""
    info = TABLES[table].info
    name = id_field(table)
    if info.mint is None:
        return Given(frame, [], [], [])
    if name not in frame.columns:
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(name))
    if frame[name].null_count() == 0:
        return Given(frame, [], [], [])
    rows = _with_name_key(frame, table)
    finder = _Finder(info.match, name)
    finder.learn(_known(state, table))
    own = _Finder(info.match, name)
    own.learn(rows.filter(pl.col(name).is_not_null()))
    minted: list[str] = []
    apart: list[tuple[int, str]] = []
    unclear: list[int] = []
    ids: list[str] = []
    counter = _last_number({*state[table][name].to_list(), *frame[name].to_list()}, info.mint)
    for row in rows.iter_rows(named=True):
        of = row[name] or finder.find(row) or own.find(row)
        if of == AMBIGUOUS:
            unclear.append(row["row_number"])
        if of is None:
            counter += 1
            of = f"{info.mint}{counter:06d}"
            minted.append(of)
            own.add({**row, name: of})
            apart += [(row["row_number"], other) for other in finder.named(row)[:1]]
        ids.append(of)
    return Given(frame.with_columns(pl.Series(name, ids, dtype=pl.String)), minted, apart, unclear)


def _known(state: State, table: str) -> pl.DataFrame:
    """The ledger's entities, those that were renamed or corrected under their other names too."""
    known = pl.concat([state[table], as_sent(state, table)])
    if table != "partner_fund" or not (renamed := _new_names(state)):
        return known
    names = pl.DataFrame(renamed, schema={"name_key": pl.String, "partner_fund_id": pl.String}, orient="row")
    return pl.concat([known, known.drop("name_key").join(names, on="partner_fund_id").select(known.columns)])


class _Finder:
    """Entities by each group of fields that may identify them."""

    def __init__(self, groups: tuple[tuple[str, ...], ...], name: str) -> None:
        self.name = name
        self._ids: dict[tuple[str, ...], dict[tuple[object, ...], list[str]]] = {
            group: {} for group in groups
        }
        self._codes: dict[str, dict[str, object]] = {}

    def learn(self, frame: pl.DataFrame) -> None:
        """Take in entities; of those that share a code the first stands for all."""
        needed = {self.name, *(field for group in self._ids for field in group)}
        for row in frame.select(sorted(needed)).iter_rows(named=True):
            self.add(row)

    def add(self, row: dict[str, Any]) -> None:
        """Take in one entity."""
        of = row[self.name]
        for group, ids in self._ids.items():
            if (key := _key(row, group)) is not None and of not in ids.setdefault(key, []):
                ids[key].append(of)
        self._codes.setdefault(of, {name: row[name] for name in _CODES if name in row})

    def find(self, row: dict[str, Any]) -> str | None:
        """The entity that a row means, `AMBIGUOUS` where its name leaves a choice; one with another code is none."""
        for group, ids in self._ids.items():
            key = _key(row, group)
            found = ids.get(key, []) if key is not None else []
            if group == _NAME:
                found = [of for of in found if not self._differs(row, of)]
                if len(found) > 1:
                    return AMBIGUOUS
            if found:
                return found[0]
        return None

    def named(self, row: dict[str, Any]) -> list[str]:
        """The entities of a row's name."""
        return self._ids.get(_NAME, {}).get((row.get("name_key"),), [])

    def _differs(self, row: dict[str, Any], of: str) -> bool:
        return any(code and row.get(name) and row[name] != code for name, code in self._codes[of].items())


def _with_name_key(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    groups = {field for group in TABLES[table].info.match for field in group}
    if "name_key" in groups:
        names = frame["name"].to_list() if "name" in frame.columns else [None] * frame.height
        frame = frame.with_columns(
            pl.Series(
                "name_key", [None if name is None else name_key(name) for name in names], dtype=pl.String
            )
        )
    absent = [pl.lit(None, dtype=pl.String).alias(field) for field in groups if field not in frame.columns]
    return frame.with_columns(absent)


def _key(row: dict[str, Any], group: tuple[str, ...]) -> tuple[object, ...] | None:
    key = tuple(row[field] for field in group)
    return None if key[0] is None or (len(key) > 1 and key[1] is None) else key


def _last_number(taken: set[str | None], prefix: str) -> int:
    numbers = [int(found[1]) for of in taken if of and (found := re.fullmatch(rf"{prefix}(\d{{6,9}})", of))]
    return max(numbers, default=0)


def unresolved(
    problems: dict[int, str], values: dict[int, str], place: dict[str, Any], refers: str
) -> list[Problem]:
    """Problems of references at their cells."""
    info = TABLES[refers].info
    about = {"refers_zh": info.zh, "refers_en": info.en}
    return [
        Problem(code, row=row, value=values.get(row), about=about, **place)
        for row, code in sorted(problems.items())
    ]

"""Saved answers about a layout: which sheet is which table, which header which field, what every row is."""

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from fundtrack.errors import InputError
from fundtrack.load.match import bare, plain
from fundtrack.load.units import read_unit
from fundtrack.model.rows import COLUMNS
from fundtrack.money import currency_code

LARGEST: Final = 256_000
Word = Annotated[str, StringConstraints(max_length=300)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[\w（）()\- ]+$")]
Table = Annotated[str, StringConstraints(max_length=40)]


def loose(name: str) -> str:
    """A name without the digits by which one period's file differs from another's.

    >>> loose("基金列表（2017Q3）") == loose("基金列表（2018Q1）")
    True
    """
    return re.sub(r"\d+", "0", bare(name))


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Split(_Strict):
    """One part of a column's text: `中国|浙江省|杭州市|西湖区`, separator `|`, part 4 is the district.

    Attributes:
        header: of the column.
        separator: between the parts.
        part: which, from 1; -1 is the last.

    """

    header: Word
    separator: Annotated[str, StringConstraints(min_length=1, max_length=5)]
    part: Annotated[int, Field(ge=-9, le=9)]


class Plan(_Strict):
    """How one sheet is read as one table; a sheet may have several plans.

    Attributes:
        sheet: its name; digits in it may change from file to file.
        table: of the data dictionary; empty to pass over the sheet.
        part: which of the tables that stand under one another on the sheet; the words of its header beat the number.
        header_rows: first and last row of the header where it is not found by itself.
        fields: header as written → field; empty to pass over the column. Where given, no other header is taken.
        constants: field → what every row says; `@as_of`, `@period` and `@sender` stand for what the file says.
        units: field → unit of its amounts.
        values: field → what is written → what it means.
        splits: field → part of a column.
        by_itself: the sheet is read as if there were no profile; only its fingerprint counts.
        distinct: rows that say the same in the mapped columns are taken once.
        fingerprint: of the sheet's headers, by which the next file is known.

    """

    sheet: Word
    table: Table = ""
    part: Annotated[int, Field(ge=1, le=2000)] = 1
    header_rows: (
        Annotated[list[Annotated[int, Field(ge=1, le=1000)]], Field(min_length=2, max_length=2)] | None
    ) = None
    fields: dict[Word, Word] = {}
    constants: dict[Word, Word] = {}
    units: dict[Word, Word] = {}
    values: dict[Word, dict[Word, Word]] = {}
    splits: dict[Word, Split] = {}
    by_itself: bool = False
    distinct: bool = False
    fingerprint: Word = ""

    @field_validator("units")
    @classmethod
    def _units_are_units(cls, units: dict[str, str]) -> dict[str, str]:
        for unit in units.values():
            if read_unit(unit) is None:
                raise ValueError(unit)
        return units

    @model_validator(mode="after")
    def _fields_exist(self) -> "Plan":
        if not self.table:
            return self
        known = {column.name for column in COLUMNS.get(self.table, ())}
        if not known or self.table == "cover":
            raise ValueError(self.table)
        for name in (*self.fields.values(), *self.constants, *self.units, *self.values, *self.splits):
            if name and name not in known:
                raise ValueError(f"{self.table}.{name}")
        if self.header_rows and not 0 <= self.header_rows[1] - self.header_rows[0] <= 2:
            raise ValueError(str(self.header_rows))
        return self


class Profile(_Strict):
    """Everything that a person has said of one layout.

    Attributes:
        name: also the name of its file.
        note: for people.
        sender, as_of, unit, currency: what the file itself does not say.
        as_of_in_name: where the file says no date, the one in its name, or in a sheet's, is meant.
        include_hidden: take hidden sheets and rows too.
        complete: tables for which the file is all there is.
        snapshot: lists of investors without dates are balances whose differences shall become dated changes.
        sheets: how each sheet is read.

    """

    name: Name
    version: Literal[1] = 1
    note: Word = ""
    sender: Word | None = None
    as_of: date | None = None
    unit: Word | None = None
    currency: Word | None = None
    as_of_in_name: bool = False
    include_hidden: bool = False
    complete: list[Table] = []
    snapshot: bool = False
    sheets: Annotated[list[Plan], Field(max_length=200)] = []

    @field_validator("unit")
    @classmethod
    def _unit_is_one(cls, unit: str | None) -> str | None:
        if unit is not None and read_unit(unit) is None:
            raise ValueError(unit)
        return unit

    @field_validator("currency")
    @classmethod
    def _currency_is_one(cls, currency: str | None) -> str | None:
        if currency is not None and currency_code(currency) is None:
            raise ValueError(currency)
        return currency

    @field_validator("complete")
    @classmethod
    def _tables_exist(cls, complete: list[str]) -> list[str]:
        for table in complete:
            if table not in COLUMNS:
                raise ValueError(table)
        return complete

    def plans(self, sheet: str) -> list[Plan]:
        """How a sheet is read."""
        key = loose(sheet)
        return [plan for plan in self.sheets if loose(plan.sheet) == key]

    @property
    def text(self) -> str:
        """The profile as it is saved, and as a batch keeps it."""
        return to_toml(self)


def load_profile(folder: Path, name: str) -> Profile:
    """The saved profile of a name.

    Raises:
        InputError: there is none, or it cannot be used; the sentence says where and why.

    """
    path = folder / f"{name}.toml"
    if Path(name).name != name or not path.is_file():
        raise InputError("profile_unknown", name=name, known=", ".join(known_profiles(folder)) or "—")
    return read_profile(path)


def known_profiles(folder: Path) -> list[str]:
    """The names of the saved profiles."""
    return sorted(item.stem for item in folder.glob("*.toml")) if folder.is_dir() else []


def read_profile(path: Path) -> Profile:
    """Read and check a profile.

    Raises:
        InputError: `profile_not_toml`, `profile_key_unknown` or `profile_value_wrong`, with the place.

    """
    if path.stat().st_size > LARGEST:
        raise InputError("profile_not_toml", file=path.name, seen=f"{path.stat().st_size} bytes")
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError("profile_not_toml", file=path.name, seen=str(error)[:120]) from error
    return check_profile(tree, path.name)


def check_profile(tree: dict[str, Any], file: str) -> Profile:
    """A profile from what its file holds; anything unknown or wrong is refused with its place."""
    try:
        return Profile.model_validate(tree)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"] if not str(part).endswith("]"))
        code = "profile_key_unknown" if first["type"] == "extra_forbidden" else "profile_value_wrong"
        seen = str(first.get("ctx", {}).get("error") or first["input"])[:80]
        raise InputError(code, file=file, where=where or "—", seen=seen) from error


def save_profile(profile: Profile, folder: Path) -> Path:
    """Write a profile so that it is whole or not there; one of the same name is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{profile.name}.toml"
    handle, part = tempfile.mkstemp(dir=folder, prefix=".profile-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(profile.text)
            out.flush()
            os.fsync(out.fileno())
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return path


def to_toml(profile: Profile) -> str:
    """A profile as TOML: what differs from the default, in the order of the model."""
    tree = profile.model_dump(exclude_defaults=True)
    sheets = tree.pop("sheets", [])
    lines = [f"{key} = {_value(value)}" for key, value in tree.items()]
    for plan in sheets:
        lines += ["", "[[sheets]]"]
        lines += [f"{key} = {_value(value)}" for key, value in plan.items() if not isinstance(value, dict)]
        for key, value in plan.items():
            if isinstance(value, dict):
                lines += [
                    "",
                    f"[sheets.{key}]",
                    *(f"{_text(name)} = {_value(what)}" for name, what in value.items()),
                ]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_text(str(name))} = {_value(what)}" for name, what in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return (
        value.isoformat()
        if isinstance(value, date)
        else _text(value)
        if isinstance(value, str)
        else str(value)
    )


def named_headers(plans: Iterable[Plan]) -> frozenset[str]:
    """Every header that the plans of a sheet speak of, plain."""
    return frozenset(
        plain(header)
        for plan in plans
        for header in (*plan.fields, *(split.header for split in plan.splits.values()))
    )

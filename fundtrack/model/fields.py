"""What a column can be: its kinds of value, its choices and the words that go with them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, NamedTuple, get_type_hints

from fundtrack.money import LARGEST, LARGEST_RATE

if TYPE_CHECKING:
    from pydantic import BaseModel

ColumnKind = Literal[
    "text", "code", "money", "number", "share", "rate", "day", "whole", "flag", "choice", "currency", "period"
]
Part = Literal["A", "B", "C", "S"]


class Choice(NamedTuple):
    """One allowed value: as stored, and as written in Chinese and in English."""

    value: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the data dictionary.

    Attributes:
        name: field name, the same in Python, Polars, SQL and JSON.
        zh, en: header in the template.
        kind: what its values are. `money` is DECIMAL(18,2) in units of the row's currency and is scaled by the sheet's
            unit; `number` is DECIMAL(18,2) that is never scaled; `share` is a proportion (0.2, 20 and 20 % are the same);
            `rate` is a plain DECIMAL(18,8).
        required: a row without it is refused.
        key: part of what identifies a row.
        choices: allowed values where kind is `choice`.
        refers: table whose rows it names, by id, code or full name.
        aliases: other headers taken as the same.
        sign: what a number may be: `positive` (0 allowed), `any`.
        masked: never leaves the house in exports.
        source: where the definition comes from.
    """

    name: str
    zh: str
    en: str
    kind: ColumnKind
    required: bool
    key: bool
    choices: tuple[Choice, ...]
    refers: str | None
    aliases: tuple[str, ...]
    sign: Literal["positive", "any"]
    masked: bool
    source: str


class SheetInfo(NamedTuple):
    """What a sheet of the standard workbook is.

    Attributes:
        table: name in the database.
        zh, en: name of the sheet.
        parts: the template's parts it stands in; `S` for reference tables that come from seeds alone.
        source: where its definition comes from.
        mint: prefix of ids given by fundtrack where the sender has none.
        match: the fields which, each group by itself, find a row of the ledger when the sender gives no id, tried in this order.
    """

    table: str
    zh: str
    en: str
    parts: tuple[Part, ...]
    source: str
    mint: str | None = None
    match: tuple[tuple[str, ...], ...] = ()


class Row:
    """A row of a sheet; its subclasses are the data dictionary, which is read without pydantic: `checked` gives the model."""

    info: ClassVar[SheetInfo]


class Declared(NamedTuple):
    """What a sheet's class says of a field, beside its type.

    Attributes:
        meta: the arguments of its Column, but for the name.
        limits: what pydantic is to hold it to.
    """

    meta: Mapping[str, Any]
    limits: Mapping[str, Any]


Money = Decimal
"""DECIMAL(18,2), units of the row's currency."""


def column(
    zh: str,
    en: str,
    kind: ColumnKind,
    *,
    required: bool = False,
    key: bool = False,
    choices: Sequence[Choice] = (),
    refers: str | None = None,
    aliases: Sequence[str] = (),
    sign: Literal["positive", "any"] = "positive",
    masked: bool = False,
    source: str = "",
) -> Any:
    """Declare a column: its words, its kind and its limits."""
    meta = {"kind": kind, "zh": zh, "en": en, "required": required, "key": key, "choices": tuple(choices), "refers": refers,
            "aliases": tuple(aliases), "sign": sign, "masked": masked, "source": source}  # fmt: skip
    limits: dict[str, Any] = {"title": zh, "default": ... if required else None}
    if kind in {"money", "number"}:
        limits |= {"decimal_places": 2, "lt": LARGEST, "gt": -LARGEST}
    if kind in {"money", "number", "share", "rate", "whole"} and sign == "positive":
        limits["ge"] = 0
        limits.pop("gt", None)
    if kind in {"share", "rate"}:
        limits |= {"decimal_places": 8, "lt": LARGEST_RATE}
    if kind == "share" and sign == "positive":
        limits |= {"decimal_places": 8, "ge": 0, "le": 1}
    if kind == "whole":
        limits["lt"] = int(LARGEST)
    if kind == "text":
        limits["max_length"] = 2000
    if kind == "code":
        limits["max_length"] = 300
    return Declared(meta, limits)


def columns(model: type[Row]) -> tuple[Column, ...]:
    """The columns of a sheet in order, those that every fact sheet takes last."""
    declared = _declared(model)
    found = []
    for name in sorted(declared, key=lambda name: name in {"voucher_no", "note"}):
        meta: Any = declared[name].meta
        found.append(Column(name=name, **{**meta, "source": meta["source"] or model.info.source}))
    return tuple(found)


@cache
def checked(model: type[Row]) -> "type[BaseModel]":
    """The pydantic model of a sheet: refuses what the ledger could not hold."""
    from pydantic import ConfigDict, Field, create_model  # noqa: PLC0415 - keeps start-up short

    types = get_type_hints(model)
    fields: dict[str, Any] = {
        name: (types[name], Field(**each.limits, json_schema_extra={"column": dict(each.meta)}))
        for name, each in _declared(model).items()
    }
    config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    made: type[BaseModel] = create_model(model.__name__, __config__=config, __doc__=model.__doc__, **fields)
    return made


def _declared(model: type[Row]) -> dict[str, Declared]:
    """What a sheet's class and those that it stands on declare, by field."""
    return {
        name: value
        for each in reversed(model.__mro__)
        for name, value in vars(each).items()
        if isinstance(value, Declared)
    }


UNSEEN: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff]"
"""Control and zero-width characters, which come along when people copy."""
_BRACKETS: Final = str.maketrans(
    {"（": "(", "）": ")", "【": "[", "】": "]", "—": "-", "－": "-", "·": ".", "•": "."}
)
_PARTNERSHIP: Final = re.compile(r"\((?:有限合伙|limitedpartnership|l\.?p\.?)\)$")


def name_key(name: str) -> str:
    """The normalised form of a name, by which two spellings of one entity meet.

    Full and half width, spaces, letter case, brackets and a trailing （有限合伙） make no difference.

    >>> name_key("杭州 示例创投（有限合伙）") == name_key("杭州示例创投(有限合伙)") == name_key("杭州示例创投")
    True
    """
    text = (
        "".join(unicodedata.normalize("NFKC", re.sub(UNSEEN, "", name)).split())
        .casefold()
        .translate(_BRACKETS)
    )
    return _PARTNERSHIP.sub("", text)


Day = date
"""A date; one known only to the month or year is its last day, with `<field>_precision` saying so."""

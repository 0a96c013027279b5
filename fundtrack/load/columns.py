"""Python values of one sheet column, written as text beside their kind, a whole column at a time."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from fundtrack.load.cells import Kind

_EXACT = 1e15  # up to here a whole number needs no more than 15 digits
_PLAIN_FROM = 1e-5  # below, the shortest form would carry an exponent
_FEW = 256  # up to here, setting out to work on a whole column takes longer than the work


class CellError(str):
    """The text of an error cell, so that `#REF!` typed as text stays text."""

    __slots__ = ()


def shorten(number: float) -> str:
    """Write a number as a spreadsheet shows it: at most 15 significant digits, no exponent, no needless `.0`.

    >>> shorten(0.1 + 0.2), shorten(819999999.99), shorten(1e20), shorten(-0.0), shorten(1.5e-7)
    ('0.3', '819999999.99', '100000000000000000000', '0', '0.00000015')
    """
    text = format(Decimal(format(number, ".15g")), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def numbers_as_text(numbers: pl.Series) -> pl.Series:
    """`shorten` over a Float64 column: vectorised, with Python for the few outside the ordinary range."""
    size = numbers.abs()
    plain = (size < _EXACT) & (size >= _PLAIN_FROM) | (size == 0)
    frame = pl.DataFrame({"x": numbers, "whole": (numbers == numbers.floor()) & (size < _EXACT)})
    wholes = pl.when("whole").then(pl.col("x").cast(pl.Int64, strict=False).cast(pl.String))
    text = frame.select(wholes.otherwise(pl.col("x").round_sig_figs(15).cast(pl.String)).alias("t"))["t"]
    odd = (~plain).fill_null(value=False) | text.str.contains("e", literal=True).fill_null(value=False)
    if odd.any():
        text = text.scatter(odd.arg_true(), [shorten(x) for x in numbers.filter(odd)])
    return text


def _texts(values: list[Any]) -> pl.Series:
    text = pl.Series("t", values, dtype=pl.String)
    # Formula text and inline strings keep these escapes; "_x000D_\n" is one line break of the cell.
    if text.str.contains("_x00", literal=True).any():
        text = text.map_elements(unescape, return_dtype=pl.String)
    if text.str.contains("\r", literal=True).any():
        text = text.str.replace_all("\r\n?", "\n")
    return text.set(text == "", None)


def unescape(text: str) -> str:
    r"""Undo the escapes spreadsheets write for control characters.

    >>> unescape("a_x000D_\nb_x0009_c_x005F_x0041_")
    'a\r\nb\tc_x0041_'
    """
    out, rest = "", text
    while (at := rest.find("_x00")) >= 0:
        code = rest[at + 2 : at + 6]
        if rest[at + 6 : at + 7] == "_" and all(c in "0123456789abcdefABCDEF" for c in code):
            out += rest[:at] + chr(int(code, 16))
            rest = rest[at + 7 :]
        else:
            out += rest[: at + 4]
            rest = rest[at + 4 :]
    return out + rest


def _floats(values: list[Any]) -> pl.Series:
    return numbers_as_text(pl.Series("t", values, dtype=pl.Float64))


def _wholes(values: list[Any]) -> pl.Series:
    kept = [None if v is None else (str(v) if abs(v) < _EXACT else shorten(v)) for v in values]
    return pl.Series("t", kept, dtype=pl.String)


def _dates(values: list[Any]) -> pl.Series:
    return pl.Series("t", values, dtype=pl.Date).cast(pl.String)


def _datetimes(values: list[Any]) -> pl.Series:
    moments = pl.Series("t", values, dtype=pl.Datetime("us")).dt.round("1s")
    return moments.dt.to_string("%Y-%m-%dT%H:%M:%S")


def _booleans(values: list[Any]) -> pl.Series:
    return pl.Series("t", [None if v is None else str(v).upper() for v in values], dtype=pl.String)


def _durations(values: list[Any]) -> pl.Series:
    return pl.Series("t", [None if v is None else duration(v) for v in values], dtype=pl.String)


def duration(span: dt.timedelta) -> str:
    """Write a time span as hours, minutes and seconds.

    >>> duration(dt.timedelta(days=1, hours=12))
    '36:00:00'
    """
    seconds = round(span.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _strings(values: list[Any]) -> pl.Series:
    return pl.Series("t", [None if v is None else str(v) for v in values], dtype=pl.String)


_WRITERS: dict[type, tuple[Kind, Callable[[list[Any]], pl.Series]]] = {
    str: (Kind.TEXT, _texts),
    float: (Kind.NUMBER, _floats),
    int: (Kind.NUMBER, _wholes),
    bool: (Kind.BOOL, _booleans),
    dt.date: (Kind.DATE, _dates),
    dt.datetime: (Kind.DATETIME, _datetimes),
    dt.time: (Kind.TIME, _strings),
    dt.timedelta: (Kind.TIME, _durations),
    CellError: (Kind.ERROR, _strings),
}


def _text(value: str) -> str | None:
    if "_x00" in value:
        value = unescape(value)
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return value or None


def _float(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else shorten(value)


_ONE: dict[type, tuple[Kind, Callable[[Any], str | None]]] = {
    str: (Kind.TEXT, _text),
    float: (Kind.NUMBER, _float),
    int: (Kind.NUMBER, lambda value: str(value) if abs(value) < _EXACT else shorten(value)),
    bool: (Kind.BOOL, lambda value: str(value).upper()),
    dt.date: (Kind.DATE, dt.date.isoformat),
    CellError: (Kind.ERROR, str),
}
"""How one value is written; a short column of these only is written value by value."""


def column(values: Sequence[Any]) -> tuple[pl.Series, pl.Series]:
    """Write one column's values as (text, kind); `None` and `""` are empty.

    Each type present is written on its own and the parts are laid over one another, so a mixed column
    loses nothing and a pure one costs one pass.
    """
    types = set(map(type, values)) - {type(None)}
    if len(values) <= _FEW and types <= _ONE.keys():
        return _one_by_one(values)
    if len(types) == 1:
        return _written(next(iter(types)), list(values))
    text = pl.Series("t", [None] * len(values), dtype=pl.String)
    kind = pl.Series("k", [Kind.EMPTY.value], dtype=pl.UInt8).new_from_index(0, len(values))
    for one in types:
        t, k = _written(one, [v if type(v) is one else None for v in values])
        here = t.is_not_null()
        text, kind = t.zip_with(here, text), k.zip_with(here, kind)
    return text, kind


def _one_by_one(values: Sequence[Any]) -> tuple[pl.Series, pl.Series]:
    texts = [None if value is None else _ONE[type(value)][1](value) for value in values]
    kinds = [
        Kind.EMPTY.value if text is None else _ONE[type(value)][0].value
        for text, value in zip(texts, values, strict=True)
    ]
    return pl.Series("t", texts, dtype=pl.String), pl.Series("k", kinds, dtype=pl.UInt8)


def _written(one: type, values: list[Any]) -> tuple[pl.Series, pl.Series]:
    kind, write = _WRITERS.get(one, (Kind.TEXT, _strings))
    text = write(values)
    return text, text.is_not_null().cast(pl.UInt8) * kind.value

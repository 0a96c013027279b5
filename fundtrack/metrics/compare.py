"""Where two engines' answers differ: exactly on amounts, counts and words, to 1e-12 on ratios."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

TOLERANCE: Final = 1e-12
"""Relative difference up to which two ratios are the same."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value on which the engines disagree.

    Attributes:
        key: the row, by its key.
        field: the column; empty where a whole row or column is missing on one side.
        polars: what Polars says.
        sql: what SQL says.

    """

    key: str
    field: str
    polars: Any
    sql: Any


def compare(polars_frame: pl.DataFrame, sql_frame: pl.DataFrame, key: Sequence[str] = ()) -> list[Difference]:
    """List every difference between two frames, rows matched by key (default: the first column).

    >>> compare(pl.DataFrame({"code": ["a"], "n": [1]}), pl.DataFrame({"code": ["a"], "n": [2]}))
    [Difference(key='a', field='n', polars=1, sql=2)]
    """
    keys = list(key) or polars_frame.columns[:1]
    if alike(polars_frame, sql_frame, keys):
        return []
    columns = [name for name in polars_frame.columns if name in sql_frame.columns]
    found = [
        Difference("", name, name in polars_frame.columns, name in sql_frame.columns)
        for name in (*polars_frame.columns, *sql_frame.columns)
        if name not in columns
    ]
    found += [
        Difference("", name, str(polars_frame.schema[name]), str(sql_frame.schema[name]))
        for name in columns
        if polars_frame.schema[name] != sql_frame.schema[name]
    ]
    ours, theirs = _by_key(polars_frame, keys), _by_key(sql_frame, keys)
    for name in sorted(ours.keys() | theirs.keys()):
        one, two = ours.get(name, []), theirs.get(name, [])
        if len(one) != 1 or len(two) != 1:
            found.append(Difference(name, "", len(one), len(two)))
            continue
        found += [
            Difference(name, column, one[0][column], two[0][column])
            for column in columns
            if not same(one[0][column], two[0][column])
        ]
    return found


def alike(one: pl.DataFrame, two: pl.DataFrame, keys: Sequence[str]) -> bool:
    """Tell at once that two frames are surely the same; where it cannot, rows must be looked at one by one.

    >>> one = pl.DataFrame({"code": ["a", "b"], "n": [1, 2]})
    >>> alike(one, one.reverse(), ["code"]), alike(one, one.head(1), ["code"])
    (True, False)
    """
    if dict(one.schema) != dict(two.schema) or one.height != two.height:
        return False
    one, two = one.sort(keys), two.select(one.columns).sort(keys)
    if one.select(keys).is_duplicated().any():
        return False
    ratios = [name for name, dtype in one.schema.items() if dtype.is_float()]
    exact = [name for name in one.columns if name not in ratios]
    return one.select(exact).equals(two.select(exact)) and all(_near(one[name], two[name]) for name in ratios)


def _near(one: pl.Series, two: pl.Series) -> bool:
    """Whether all ratios are finite and the same to the tolerance, or unknown on both sides."""
    known = one.is_not_null()
    if not known.equals(two.is_not_null()):
        return False
    one, two = one.filter(known), two.filter(known)
    size = pl.select(pl.max_horizontal(one.abs(), two.abs())).to_series()
    return bool((one.is_finite() & two.is_finite() & ((one - two).abs() <= TOLERANCE * size)).all())


def same(one: Any, two: Any) -> bool:
    """Tell whether two values are the same: ratios to the tolerance, all else exactly, unknown to unknown.

    >>> same(0.1 + 0.2, 0.3), same(None, 0.0), same(1e-13, 0.0)
    (True, False, False)
    """
    if isinstance(one, float) and isinstance(two, float):
        return one == two or math.isclose(one, two, rel_tol=TOLERANCE, abs_tol=0.0)
    return type(one) is type(two) and bool(one == two)


def _by_key(frame: pl.DataFrame, keys: list[str]) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        rows.setdefault("|".join(str(row[name]) for name in keys), []).append(row)
    return rows

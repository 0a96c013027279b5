"""Tables that remember what was computed from them, so that one publish computes nothing twice."""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import polars as pl

Tables = Mapping[str, pl.DataFrame]
Asked = ParamSpec("Asked")
Found = TypeVar("Found")


class Once(Mapping[str, pl.DataFrame]):
    """The tables of one state; what `@once` functions find in them is kept for as long as this is.

    Frames are never changed in place, so a kept one may be handed out again.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.kept: dict[Any, Any] = {}

    def __getitem__(self, table: str) -> pl.DataFrame:
        """Read the rows of a table."""
        return self._tables[table]

    def __iter__(self) -> Iterator[str]:
        """List the tables."""
        return iter(self._tables)

    def __len__(self) -> int:
        """Count the tables."""
        return len(self._tables)

    def remember(self, function: Callable[..., Any], found: object, *args: object) -> None:
        """Let a `@once` function of these tables have found something already, for the arguments given by place."""
        self.kept[_key(function, args, {})] = found


def _key(function: Callable[..., Any], args: tuple[Any, ...], words: Mapping[str, Any]) -> tuple[Any, ...]:
    return (function.__module__, function.__qualname__, args, tuple(sorted(words.items())))


def once(
    function: Callable[Concatenate[Tables, Asked], Found],
) -> Callable[Concatenate[Tables, Asked], Found]:
    """Compute a function of tables once for the same arguments, where the tables are `Once`; else as always; they must be hashable."""

    @wraps(function)
    def asked(tables: Tables, /, *args: Asked.args, **words: Asked.kwargs) -> Found:
        if not isinstance(tables, Once):
            return function(tables, *args, **words)
        key = _key(function, args, words)
        if key not in tables.kept:
            tables.kept[key] = function(tables, *args, **words)
        found: Found = tables.kept[key]
        return found

    return asked

"""The newest versions of the rows of a log: by key, or in no order and faster."""

from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final, NamedTuple

import polars as pl

from fundtrack.model import frames

Ask = Callable[[str, Sequence[Any], pl.DataFrame | None], pl.DataFrame]

_LISTED: Final = 10_000
"""So many keys are handed over; beyond, all rows are compared."""
_MANY: Final = 100_000
"""So many numbers NumPy sorts faster, also where it has to be read first."""
_STRETCHES: Final = 100
"""So many stretches of rows are laid in order before they are sorted."""
_MARKS: Final = ("row_key", "batch_id", "op")
_SOME: Final = files("fundtrack.store") / "templates" / "some.sql"
"""The same rows as `x_at` gives, found faster: the macro is written so that DuckDB 1.1.3 plans the views upon it quickly."""


class Logs(NamedTuple):
    """What was known of each table after a batch.

    Attributes:
        ask: gives the answer of the edition's file to a short SELECT with its parameters, and a frame that it may call `among`.
        stored: the logs that hold rows, with their columns.
        batch_id: the last batch that was known.
    """

    ask: Ask
    stored: Mapping[str, frozenset[str]]
    batch_id: str

    def by_key(
        self, table: str, schema: Mapping[str, pl.DataType], among: pl.Series | None = None
    ) -> pl.DataFrame:
        """The current rows of a table in the order of their keys, with the columns of a schema.

        Args:
            table: of the data dictionary.
            schema: the columns with their types.
            among: where given, only rows that have one of these values in the column of that name, a part of the table's key.
        """
        if f"{table}_log" not in self.stored:
            return pl.DataFrame(schema=schema)
        known = {*schema, *_MARKS} & self.stored[f"{table}_log"]
        query = f"SELECT {', '.join(sorted(known))} FROM {table}_log WHERE batch_id <= $1"  # noqa: S608
        if among is None:
            return fitted(_newest(self.ask(query, [self.batch_id], None)), schema)
        assert among.name in frames.key_fields(table)  # noqa: S101 - else a row's versions might be parted
        # Rows lie by key in the file: what is outside the span of the values is not even read.
        span = f"{among.name} BETWEEN $2 AND $3 AND {among.name} IN (SELECT {among.name} FROM among)"  # noqa: S608
        asked = [self.batch_id, among.min(), among.max()]
        return fitted(_newest(self.ask(f"{query} AND {span}", asked, among.to_frame())), schema)

    def unordered(self, table: str, names: Sequence[str]) -> pl.DataFrame:
        """The current rows of a table in no order, with some of its columns."""
        dtypes = frames.schema(table)
        schema = {name: dtypes[name] for name in names}
        known = [name for name in names if name in self.stored.get(f"{table}_log", ())]
        if not known:
            return pl.DataFrame(schema=schema)
        again = self._again(table)
        if again.is_empty():
            query = f"SELECT {', '.join(known)} FROM {table}_log WHERE batch_id <= $1 AND op = 'put'"  # noqa: S608
            return fitted(self.ask(query, [self.batch_id], None), schema)
        only = "AND list_contains($2, hash(row_key))" if len(again) <= _LISTED else "AND $2 IS NOT NULL"
        query = _SOME.read_text("utf-8").format(table=table, columns=", ".join(known), only=only)
        return fitted(self.ask(query, [self.batch_id, again.head(_LISTED).to_list()], None), schema)

    def _again(self, table: str) -> pl.Series:
        """Hashes of the keys of which a log may hold several versions: numbers are compared faster than texts, and take less room."""
        marks = f"FROM {table}_log WHERE batch_id <= $1"
        several = self.ask(f"SELECT min(batch_id) < max(batch_id) AS several {marks}", [self.batch_id], None)
        if not several["several"][0]:
            return pl.Series(dtype=pl.UInt64)
        found = self.ask(f"SELECT hash(row_key) AS key {marks}", [self.batch_id], None)["key"]
        return _repeated(found)


def _repeated(numbers: pl.Series) -> pl.Series:
    """Numbers that stand there more than once, each once."""
    if len(numbers) > _MANY:
        import numpy as np  # noqa: PLC0415 - keeps start-up short

        numbers = pl.Series(np.sort(numbers.to_numpy()))  # takes half of the time and room that Polars does
    else:
        numbers = numbers.sort()
    return numbers.filter(numbers == numbers.shift(1)).unique()


def fitted(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The columns asked for; those that an older program did not store are unknown."""
    missing = [
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items() if name not in frame.columns
    ]
    return frame.with_columns(missing).select(list(schema))


def _newest(rows: pl.DataFrame) -> pl.DataFrame:
    """The newest version of each row that was not deleted by it, by key: what `x_at` gives, without a table of all keys.

    A batch's rows stand in a log in the order of their keys, so that most often there is nothing to sort.
    """
    rows = _in_order(rows)
    key = rows["row_key"]
    again = (key == key.shift(1)).fill_null(value=False) | (key == key.shift(-1)).fill_null(value=False)
    several = rows.filter(again).select("row_key", "batch_id")
    newest = several.group_by("row_key").agg(pl.col("batch_id").max())
    earlier = several.join(newest, on=["row_key", "batch_id"], how="anti")
    if earlier.height:
        rows = rows.join(earlier, on=["row_key", "batch_id"], how="anti", maintain_order="left")
    return rows if (rows["op"] == "put").all() else rows.filter(pl.col("op") == "put")


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows by key. DuckDB's threads may hand over whole stretches, each in order: those are laid in order, not sorted."""
    key = rows["row_key"]
    begins = [0, *(key < key.shift(1)).arg_true(), len(key)]
    if len(begins) == 2:
        return rows
    if len(begins) <= _STRETCHES:
        parts = [rows[begin:end] for begin, end in pairwise(begins)]
        laid = pl.concat(sorted(parts, key=lambda part: str(part["row_key"][0])))
        if laid["row_key"].is_sorted():
            return laid
    return rows.sort("row_key", "batch_id")

"""What was known at one edition, as frames."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from functools import cached_property
from threading import local
from typing import Any, Final, Self

import duckdb
import polars as pl

from fundtrack.model import frames
from fundtrack.model.rows import TABLES
from fundtrack.store.batches import COLUMNS_SCHEMA
from fundtrack.store.newest import Logs, fitted

Connect = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]

BATCH_SCHEMA: Final[dict[str, pl.DataType]] = {
    "batch_id": pl.String(), "edition": pl.Int32(), "file_name": pl.String(), "file_sha256": pl.String(), "sender": pl.String(),
    "as_of": pl.Date(), "kind": pl.String(), "loaded_by": pl.String(), "loaded_at": pl.Datetime("us"), "reviewer": pl.String(),
    "reason": pl.String(), "reverses": pl.String(), "program_version": pl.String(), "profile": pl.String(), "cover": pl.String(),
    "complete": pl.String(), "counts": pl.String(), "previous_hash": pl.String(), "hash": pl.String(),
}  # fmt: skip
EDITION_SCHEMA: Final[dict[str, pl.DataType]] = {
    "edition": pl.Int32(), "last_batch_id": pl.String(), "published_at": pl.Datetime("us"), "published_by": pl.String(),
    "head_hash": pl.String(),
}  # fmt: skip
SEEN_SCHEMA: Final[dict[str, pl.DataType]] = {"finding_id": pl.String(), "first_seen_edition": pl.Int32()}


@contextmanager
def borrowed(con: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that stays open for its owner."""
    yield con


class Ledger(Mapping[str, pl.DataFrame]):
    """The tables of the data dictionary as they were known at one edition; each is read when first asked for.

    Attributes:
        edition: what is looked at; None where nothing has ever been published.
        batch_id: the last batch that was known; empty where there is none.
    """

    def __init__(self, connect: Connect | None, edition: int | None, batch_id: str) -> None:
        self.edition = edition
        self.batch_id = batch_id
        self._opens = connect
        self._mine = local()
        self._frames: dict[str, pl.DataFrame] = {}

    @property
    def _connect(self) -> Connect | None:
        """What gives a connection here: the one that this thread holds, or one of its own each time."""
        connect: Connect | None = getattr(self._mine, "connect", self._opens)
        return connect

    def __getitem__(self, table: str) -> pl.DataFrame:
        """The current rows of a table, by key: exactly `frames.schema(table)`.

        Raises:
            KeyError: where the data dictionary has no such table.
        """
        if table not in self._frames:
            self._frames[table] = self._read(table, frames.schema(table))
        return self._frames[table]

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def only(self, wanted: Mapping[str, Sequence[str]]) -> dict[str, pl.DataFrame]:
        """The current rows of some tables with some of their columns, in no order; nothing else is read.

        A report of a large ledger reads a few columns of a few tables, in a fraction of the time and memory.

        Args:
            wanted: by table, the columns.
        """
        known = self._frames.copy()  # others may be reading tables meanwhile
        out = {table: frame.select(wanted[table]) for table, frame in known.items() if table in wanted}
        with self.held():
            for table in wanted.keys() - out.keys():
                out[table] = self._logs.unordered(table, wanted[table])
        return out

    def ordered(self, table: str, names: Sequence[str]) -> pl.DataFrame:
        """The current rows of a table with some of its columns, by key."""
        if table in self._frames:
            return self._frames[table].select(names)
        dtypes = frames.schema(table)
        return self._read(table, {name: dtypes[name] for name in names})

    def part(self, table: str, names: Sequence[str], among: pl.Series) -> pl.DataFrame:
        """The current rows of a table with some of its columns, by key: those that have one of some values in a column.

        Args:
            table: of the data dictionary.
            names: the columns.
            among: the values, under the name of the column, which is part of the table's key.
        """
        if table in self._frames:
            known = self._frames[table].select(names)
            return known.join(among.unique().to_frame(), on=among.name, how="semi", maintain_order="left")
        dtypes = frames.schema(table)
        return self._read(table, {name: dtypes[name] for name in names}, among)

    def rows(self, table: str) -> int:
        """How many rows were ever written to a table until then: what reading it will take."""
        if f"{table}_log" not in self._stored:
            return 0
        query = f"SELECT count(*) AS n FROM {table}_log WHERE batch_id <= $1"  # noqa: S608
        return int(self.query(query, [self.batch_id])["n"][0])

    def placed(self, table: str) -> pl.DataFrame:
        """The current rows with where each came from: `batch_id`, `sheet`, `row_number`."""
        places = {"batch_id": pl.String(), "sheet": pl.String(), "row_number": pl.Int64()}
        return self._read(table, frames.schema(table) | places)

    def origins(self, wanted: Mapping[str, tuple[str, Sequence[str]]]) -> pl.DataFrame:
        """Where current rows came from, in one query: `batch_id`, `sheet`, a row for each of them.

        Args:
            wanted: by table, a column and the values of it whose rows are meant.
        """
        parts = [
            f"SELECT batch_id, sheet FROM {table}_at($1) WHERE list_contains(${place}, {column})"  # noqa: S608
            for place, (table, (column, _)) in enumerate(self._held(wanted).items(), 2)
        ]
        if not parts:
            return pl.DataFrame(schema={"batch_id": pl.String, "sheet": pl.String})
        values = [list(keys) for _, keys in self._held(wanted).values()]
        return self.query(" UNION ALL ".join(parts), [self.batch_id, *values])

    def _held(self, wanted: Mapping[str, tuple[str, Sequence[str]]]) -> dict[str, tuple[str, Sequence[str]]]:
        """Those of which there is a log and a value."""
        return {table: of for table, of in wanted.items() if f"{table}_log" in self._stored and of[1]}

    def log(self, table: str) -> pl.DataFrame:
        """All that was ever written to a table until then, in the order of batches."""
        schema = frames.log_schema(table)
        if f"{table}_log" not in self._stored:
            return pl.DataFrame(schema=schema)
        query = f"SELECT * FROM {table}_log WHERE batch_id <= $1 ORDER BY batch_id, row_key"  # noqa: S608
        return fitted(self.query(query, [self.batch_id]), schema)

    def history(self, table: str, batch: str) -> pl.DataFrame:
        """All that was ever written to the rows that a batch touched, in the order of batches."""
        schema = frames.log_schema(table)
        if f"{table}_log" not in self._stored:
            return pl.DataFrame(schema=schema)
        touched = f"SELECT row_key FROM {table}_log WHERE batch_id = $1"  # noqa: S608
        query = f"SELECT * FROM {table}_log WHERE batch_id <= $2 AND row_key IN ({touched}) ORDER BY batch_id, row_key"  # noqa: S608
        return fitted(self.query(query, [batch, self.batch_id]), schema)

    def touched_by(self, table: str, kind: str) -> pl.DataFrame:
        """All that was ever written to the rows that batches of a kind touched, in the order of batches."""
        schema = frames.log_schema(table)
        if f"{table}_log" not in self._stored:
            return pl.DataFrame(schema=schema)
        own = f"SELECT row_key FROM {table}_log JOIN batch USING (batch_id) WHERE batch.kind = $1"  # noqa: S608
        query = f"SELECT * FROM {table}_log WHERE batch_id <= $2 AND row_key IN ({own}) ORDER BY batch_id, row_key"  # noqa: S608
        return fitted(self.query(query, [kind, self.batch_id]), schema)

    def touched_after(self, table: str, batch: str) -> pl.DataFrame:
        """All that was ever written to the rows that later batches touched, by row and in the order of batches."""
        schema = frames.log_schema(table)
        if f"{table}_log" not in self._stored:
            return pl.DataFrame(schema=schema)
        own = f"SELECT row_key FROM {table}_log WHERE batch_id > $1 AND batch_id <= $2"  # noqa: S608
        query = f"SELECT * FROM {table}_log WHERE batch_id <= $2 AND row_key IN ({own}) ORDER BY row_key, batch_id"  # noqa: S608
        return fitted(self.query(query, [batch, self.batch_id]), schema)

    def versions(self, table: str, keys: Sequence[str]) -> pl.DataFrame:
        """All that was ever written to some rows, by row and in the order of batches."""
        schema = frames.log_schema(table)
        if f"{table}_log" not in self._stored:
            return pl.DataFrame(schema=schema)
        query = f"SELECT * FROM {table}_log WHERE batch_id <= $1 AND list_contains($2, row_key) ORDER BY row_key, batch_id"  # noqa: S608
        return fitted(self.query(query, [self.batch_id, list(keys)]), schema)

    def writers(self, table: str) -> pl.DataFrame:
        """Which batches put which rows: `row_key`, `batch_id`, in the order of batches."""
        if f"{table}_log" not in self._stored:
            return pl.DataFrame(schema={"row_key": pl.String, "batch_id": pl.String})
        query = (
            f"SELECT row_key, batch_id FROM {table}_log WHERE batch_id <= $1 AND op = 'put' ORDER BY batch_id"  # noqa: S608
        )
        return self.query(query, [self.batch_id])

    def keys_ever(self, table: str) -> set[str]:
        """The keys of all rows that a table ever had."""
        if f"{table}_log" not in self._stored:
            return set()
        found = self.query(f"SELECT DISTINCT row_key FROM {table}_log WHERE batch_id <= $1", [self.batch_id])  # noqa: S608
        return set(found["row_key"])

    def batches(self) -> pl.DataFrame:
        """The batches known, in order."""
        if self._connect is None:
            return pl.DataFrame(schema=BATCH_SCHEMA)
        return self.query("SELECT * FROM batch WHERE batch_id <= $1 ORDER BY batch_id", [self.batch_id])

    def editions(self) -> pl.DataFrame:
        """The editions until this one, in order."""
        if self._connect is None:
            return pl.DataFrame(schema=EDITION_SCHEMA)
        return self.query("SELECT * FROM edition WHERE edition <= $1 ORDER BY edition", [self.edition])

    def batch_columns(self) -> pl.DataFrame:
        """Which column each batch took each field from."""
        if self._connect is None:
            return pl.DataFrame(schema={"batch_id": pl.String(), **COLUMNS_SCHEMA})
        return self.query("SELECT * FROM batch_column WHERE batch_id <= $1 ORDER BY ALL", [self.batch_id])

    def findings_seen(self) -> pl.DataFrame:
        """Every finding that this edition or an earlier one showed at its default date: finding_id, first_seen_edition."""
        if self._connect is None:
            return pl.DataFrame(schema=SEEN_SCHEMA)
        held = self.query("SELECT 1 FROM duckdb_tables() WHERE table_name = 'finding_seen'")
        if held.is_empty():  # written by an older program
            return pl.DataFrame(schema=SEEN_SCHEMA)
        query = "SELECT finding_id, first_seen_edition FROM finding_seen WHERE first_seen_edition <= $1 ORDER BY ALL"
        return self.query(query, [self.edition])

    @cached_property
    def default_as_of(self) -> date | None:
        """The newest as-of date of any cover; None where there is no cover."""
        newest = self["cover"]["as_of"].max()
        return newest if isinstance(newest, date) else None

    @contextmanager
    def held(self) -> Iterator[Self]:
        """Ask by one connection while this lasts: opening an edition takes longer than asking it.

        It is held for the thread that asks so. Others may ask the same ledger meanwhile: they have connections of their own.
        """
        connect = self._connect
        if connect is None:
            yield self
            return
        with connect() as con:
            self._mine.connect = lambda: borrowed(con)
            try:
                yield self
            finally:
                self._mine.connect = connect

    def result(self, table: str) -> pl.DataFrame:
        """A table of results that the newest edition keeps; empty where it keeps none of that name."""
        if self._connect is None:
            return pl.DataFrame()
        held = self.query("SELECT 1 FROM duckdb_tables() WHERE table_name = $1", [table])
        return pl.DataFrame() if held.is_empty() else self.query(f'SELECT * FROM "{table}"')  # noqa: S608

    def query(self, sql: str, params: Sequence[Any] = (), among: pl.DataFrame | None = None) -> pl.DataFrame:
        """The answer of the edition's file to a short SELECT, which may read from `among`."""
        assert self._connect is not None  # noqa: S101 - callers answer an empty ledger themselves
        with self._connect() as con:
            if among is not None:
                con.register("among", among)
            # not by .pl(), which reads pyarrow first, as slow as a dozen queries
            found = pl.DataFrame(con.sql(sql, params=list(params)))
            if among is not None:
                con.unregister("among")
        return found

    @cached_property
    def _stored(self) -> Mapping[str, frozenset[str]]:
        """Logs that hold rows, with their columns; the others need no look, and one written by an older program may lack some."""
        if self._connect is None:
            return {}
        with self._connect() as con:
            found = con.sql(
                "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE NOT internal GROUP BY table_name"
            ).fetchall()
            columns = {log: frozenset(names) for log, names in found}
            logs = sorted(columns.keys() & {f"{table}_log" for table in TABLES})
            one = "SELECT '{log}' AS log FROM {log} HAVING count(*) > 0"
            held = con.sql(" UNION ALL ".join(one.format(log=log) for log in logs)).fetchall() if logs else []
        return {log: columns[log] for (log,) in held}

    @cached_property
    def _logs(self) -> Logs:
        return Logs(self.query, self._stored, self.batch_id)

    def _read(
        self, table: str, schema: Mapping[str, pl.DataType], among: pl.Series | None = None
    ) -> pl.DataFrame:
        """The current rows by key; a ledger of which somebody sees a part reads less."""
        return self._logs.by_key(table, schema, among)

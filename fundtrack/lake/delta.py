"""Delta tables: a city's rows of one table replaced in one commit, which fails where anybody else committed first.

A push first writes all its Parquet files, which nobody sees, and then commits table by table: adding its file and
removing the city's earlier ones in one entry of the log. An entry is written only where the log has not grown since
it was read (`max_commit_retries=0`), so that what is removed is exactly what stood; else the commit is made again on
what stands now. Delta's own resolution would let two first pushes of one city both stay.
"""

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import unquote
from uuid import uuid4

import polars as pl
import pyarrow.fs
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Schema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.fs import DeltaStorageHandler
from deltalake.transaction import AddAction

from fundtrack.errors import BusyError, InputError, IntegrityError
from fundtrack.lake.layout import PARTITION, columns

Made = TypeVar("Made")
_KEEP: Final = {
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
    "delta.enableExpiredLogCleanup": "false",
}
"""Earlier pushes stay readable: nothing is ever cleaned away behind our back."""
_PATIENCE: Final = 120.0
"""Seconds for which a commit is tried again; a commit takes milliseconds, hundreds on an object store."""
_HOOKS: Final = PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False)
HELD: Final[dict[str, pl.DataType]] = {
    PARTITION: pl.String(), "path": pl.String(), "rows": pl.Int64(), "edition_hash": pl.String(),
}  # fmt: skip
"""A data file of a table: whose rows, of which edition, and how many."""


class ConflictError(Exception):
    """Somebody else committed first."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A data file that is written and not yet committed; None of it where a city has no rows.

    Attributes:
        rows: how many it holds.
        actions: what the log is to say of it.
    """

    rows: int
    actions: tuple[AddAction, ...]


class Lake:
    """A folder of Delta tables: a local path, `s3://`, `abfss://` or any that Delta and Polars both know.

    Credentials come from the environment (`AWS_…`, `AZURE_…`) or from the settings, never from a command line.

    Attributes:
        uri: the folder, without a slash at its end.
        options: what Delta and Polars are told of the store beside it, handed over as it is; empty: the environment says all.
    """

    def __init__(self, uri: str, options: Mapping[str, str] | None = None) -> None:
        self.options = dict(options or {})
        local = uri.removeprefix("file://")
        self.uri = uri.rstrip("/") if "://" in local else str(Path(local).absolute())

    def path(self, table: str) -> str:
        """Where a table stands."""
        return f"{self.uri}/{table}"

    def open(self, table: str, at: int | date | None = None) -> DeltaTable | None:
        """A table as it stands, or stood at a version or at the end of a day (UTC); None where there is none.

        Raises:
            InputError: `lake_unreadable`, where the folder cannot be reached.
        """
        try:
            found = DeltaTable(self.path(table), storage_options=self.options)
            if isinstance(at, date):
                found.load_as_version(datetime.combine(at, clock.max, UTC))
            elif at is not None:
                found.load_as_version(at)
        except TableNotFoundError:
            return None
        except (DeltaError, OSError, ValueError) as error:
            raise _unreadable(self.path(table), error) from error
        return found

    def ensure(self, table: str) -> DeltaTable:
        """A table, created where there is none, with every column that this program knows.

        Raises:
            IntegrityError: `lake_schema`, where a column has another type than here.
            BusyError: `lake_not_writable`.
        """

        def made() -> DeltaTable:
            wanted = _delta_schema(table)
            standing = self.open(table)
            if standing is None:
                return _created(self.path(table), wanted, self.options)
            types = {field.name: field.type for field in standing.schema().fields}
            for field in wanted.fields:
                if types.get(field.name, field.type) != field.type:
                    raise IntegrityError("lake_schema", table=table, column=field.name)
            if fresh := [field for field in wanted.fields if field.name not in types]:
                standing.alter.add_columns(fresh, commit_properties=CommitProperties(max_commit_retries=0))
                standing = DeltaTable(self.path(table), storage_options=self.options)
            return standing

        return self.patiently(made)

    def stage(self, table: str, jurisdiction: str, frame: pl.DataFrame) -> Staged:
        """Write a city's rows as a file beside those of the table; nobody sees it before the commit.

        Raises:
            BusyError: `lake_not_writable`.
        """
        if frame.is_empty():
            return Staged(0, ())
        held = frame["edition_hash"].unique().to_list()
        name = f"{PARTITION}={jurisdiction}/part-{held[0][:12]}-{uuid4().hex}.parquet"
        try:
            frame.select(list(columns(table))).drop(PARTITION).write_parquet(
                f"{self.path(table)}/{name}", mkdir=True, storage_options=self.options or None
            )
            store = pyarrow.fs.PyFileSystem(DeltaStorageHandler(self.path(table), self.options))
            size = int(store.get_file_info(name).size)
        except (OSError, pl.exceptions.PolarsError, DeltaError) as error:
            raise _not_writable(self.uri, error) from error
        ends = {"edition_hash": held[0]} if len(held) == 1 else {}
        stats = {
            "numRecords": frame.height,
            "minValues": ends,
            "maxValues": ends,
            "nullCount": dict.fromkeys(ends, 0),
        }
        added = AddAction(
            path=name,
            size=size,
            partition_values={PARTITION: jurisdiction},
            modification_time=int(time.time() * 1000),
            data_change=True,
            stats=json.dumps(stats),
        )
        return Staged(frame.height, (added,))

    def commit(
        self, table: str, jurisdiction: str, staged: Staged, says: dict[str, Any], standing: DeltaTable
    ) -> int:
        """Replace a city's rows by what is staged, and give the version of the table at which they stand.

        Tried first on the table as it was opened before, so that the tables of a push follow each other at once.

        Raises:
            BusyError: `lake_busy`, where others were always first; `lake_not_writable`.
        """
        opened = [standing] if staged.actions else []

        def once() -> int:
            current = opened.pop() if opened else self.ensure(table)
            return self.replaced(table, current, jurisdiction, staged, says)

        return self.patiently(once)

    def replaced(
        self, table: str, standing: DeltaTable, jurisdiction: str, staged: Staged, says: dict[str, Any]
    ) -> int:
        """Replace once, on a table as it was read.

        Raises:
            ConflictError: it has grown since.
        """
        version = standing.version()
        if not staged.actions and jurisdiction not in self.files(table, standing)[PARTITION]:
            return version
        try:
            standing.create_write_transaction(
                list(staged.actions),
                mode="overwrite",
                schema=standing.schema(),
                partition_by=[PARTITION],
                partition_filters=[(PARTITION, "=", jurisdiction)],
                commit_properties=CommitProperties(custom_metadata=says, max_commit_retries=0),
                post_commithook_properties=_HOOKS,
            )
        except CommitFailedError as error:
            raise ConflictError(table) from error
        return version + 1

    def patiently(self, make: Callable[[], Made]) -> Made:
        """Make something again for as long as somebody else was first.

        Raises:
            BusyError: `lake_busy`, `lake_not_writable`.
        """
        until, pause = time.monotonic() + _PATIENCE, 0.01
        while True:
            try:
                return make()
            except (ConflictError, CommitFailedError) as error:
                if time.monotonic() > until:
                    raise BusyError("lake_busy", uri=self.uri, detail=_first_line(error)) from error
            except (DeltaError, OSError) as error:
                raise _not_writable(self.uri, error) from error
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - so that those who wait do not meet again
            pause = min(pause * 1.5, 1.0)

    def held(self, table: str, at: int | None = None) -> pl.DataFrame:
        """The data files of a table, with the columns of HELD; of several editions, `edition_hash` is null.

        Raises:
            InputError: `lake_unreadable`.
        """
        found = self.open(table, at)
        return pl.DataFrame(schema=HELD) if found is None else self.files(table, found)

    def files(self, table: str, standing: DeltaTable) -> pl.DataFrame:
        """The data files of a table as it was read, with the columns of HELD."""
        listed = pl.DataFrame(standing.get_add_actions(flatten=True))
        if listed.is_empty():
            return pl.DataFrame(schema=HELD)
        known = set(listed.columns)
        low, high = (
            pl.col(name) if (name := f"{end}.edition_hash") in known else pl.lit(None)
            for end in ("min", "max")
        )
        paths = [f"{self.path(table)}/{unquote(path)}" for path in listed["path"]]
        return listed.select(
            pl.col(f"partition.{PARTITION}").alias(PARTITION),
            pl.Series("path", paths),
            pl.col("num_records").cast(pl.Int64).alias("rows"),
            pl.when(low == high).then(low).cast(pl.String).alias("edition_hash"),
        )


@cache
def _delta_schema(table: str) -> Schema:
    return Schema.from_arrow(pl.DataFrame(schema=columns(table)).to_arrow().schema)


def _created(path: str, wanted: Schema, options: dict[str, str]) -> DeltaTable:
    """Create a table; where another does so at the same moment, theirs is ours."""
    try:
        return DeltaTable.create(
            path, schema=wanted, partition_by=[PARTITION], configuration=_KEEP, storage_options=options
        )
    except DeltaError as error:
        try:
            return DeltaTable(path, storage_options=options)
        except DeltaError:
            raise error from None


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).strip().split("\n")[0]


def _unreadable(path: str, error: BaseException) -> InputError:
    return InputError("lake_unreadable", uri=path, detail=_first_line(error))


def _not_writable(uri: str, error: BaseException) -> BusyError:
    return BusyError("lake_not_writable", uri=uri, detail=_first_line(error))

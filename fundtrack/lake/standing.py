"""What stands in a lake: each city's newest complete push, and the files that hold its rows."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Final

import polars as pl

from fundtrack.errors import InputError, IntegrityError
from fundtrack.lake.delta import Lake
from fundtrack.lake.layout import LAYOUT, PARTITION, PUSH, columns
from fundtrack.metrics.rules.stored import SEEN
from fundtrack.model import frames
from fundtrack.model.rows import TABLES

_READ: Final = (*TABLES, "finding_seen")
"""Tables that reports are computed from."""


@dataclass(frozen=True, slots=True)
class City:
    """A city's push, small enough to be handed to another process.

    Attributes:
        jurisdiction: its code.
        name: what it is called.
        edition: the edition pushed.
        edition_hash: the head hash of its chain.
        as_of: the newest date of any of its covers.
        pushed_at: when, ISO 8601, UTC.
        rows: how many rows each table has.
        files: the data files of each table that has rows.
        options: what is told of the store, as the lake was; where another process reads, it is told the same.
    """

    jurisdiction: str
    name: str
    edition: int
    edition_hash: str
    as_of: date | None
    pushed_at: str
    rows: Mapping[str, int]
    files: Mapping[str, tuple[str, ...]]
    options: Mapping[str, str] = field(default_factory=dict, repr=False)


class CityLedger(Mapping[str, pl.DataFrame]):
    """A city's tables as it pushed them: what the reports take for a ledger.

    Attributes:
        city: whose.
        edition: the edition pushed.
    """

    def __init__(self, city: City) -> None:
        self.city = city
        self.edition: int | None = city.edition
        self._kept: dict[str, pl.DataFrame] = {}

    def __getitem__(self, table: str) -> pl.DataFrame:
        """The rows of a table, by key.

        Raises:
            KeyError: where the data dictionary has no such table.
            IntegrityError: `lake_unreadable`, `lake_incomplete`.
        """
        if table not in self._kept:
            self._kept[table] = self._collected(table, frames.schema(table)).sort("row_key")
        return self._kept[table]

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    @cached_property
    def default_as_of(self) -> date | None:
        """The newest as-of date of any cover."""
        return self.city.as_of

    def findings_seen(self) -> pl.DataFrame:
        """Every finding that this edition or an earlier one showed: finding_id, first_seen_edition."""
        return self._collected("finding_seen", SEEN).sort("finding_id")

    def lazy(self, table: str) -> pl.LazyFrame:
        """The rows of a table, in any order, not read yet; columns that an older program did not push are unknown."""
        return self._scanned(table, frames.schema(table))

    def _scanned(self, table: str, schema: Mapping[str, pl.DataType]) -> pl.LazyFrame:
        if not (files := self.city.files.get(table)):
            return pl.LazyFrame(schema=dict(schema))
        options = dict(self.city.options) or None
        found = pl.scan_parquet(list(files), hive_partitioning=False, glob=False, storage_options=options)
        try:
            known = found.collect_schema()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise self._lost(table, error) from error
        return found.select(
            (pl.col(name) if name in known else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in schema.items()
        )

    def _collected(self, table: str, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
        try:
            found = self._scanned(table, schema).collect(engine="streaming")
        except (OSError, pl.exceptions.PolarsError) as error:
            raise self._lost(table, error) from error
        if found.height != self.city.rows.get(table, 0):
            raise _incomplete(self.city.jurisdiction, table)
        return found

    def _lost(self, table: str, error: BaseException) -> IntegrityError:
        detail = str(error).split("\n")[0]
        return IntegrityError("lake_lost", jurisdiction=self.city.jurisdiction, table=table, detail=detail)


def pushes(lake: Lake, by: date | None = None) -> pl.DataFrame:
    """The rows of `push`, as they stand or stood at the end of a day (UTC).

    Raises:
        IntegrityError: `lake_newer`, where a newer program laid the lake out otherwise.
    """
    schema = columns(PUSH)
    standing = lake.open(PUSH, by)
    if standing is None:
        return pl.DataFrame(schema=schema)
    parts = [
        pl.read_parquet(
            path, hive_partitioning=False, glob=False, storage_options=lake.options or None
        ).with_columns(pl.lit(code).alias(PARTITION))
        for code, path in lake.files(PUSH, standing).select(PARTITION, "path").iter_rows()
    ]
    found = pl.concat([pl.DataFrame(schema=schema), *(part.select(list(schema)) for part in parts)])
    newest = found["layout"].max()
    if isinstance(newest, int) and newest > LAYOUT:
        raise IntegrityError("lake_newer", uri=lake.uri, layout=newest, known=LAYOUT)
    return found.sort(PARTITION, "table_name")


def push_days(lake: Lake) -> list[date]:
    """The days (UTC) on which any city pushed, newest first: those that a reader may ask to know as of."""
    standing = lake.open(PUSH)
    if standing is None:
        return []
    moments = (entry["timestamp"] for entry in standing.history() if entry.get("edition_hash"))
    return sorted({datetime.fromtimestamp(moment / 1000, UTC).date() for moment in moments}, reverse=True)


def cities(lake: Lake, by: date | None = None, only: Collection[str] = ()) -> list[City]:
    """Every city that has pushed, in the order of codes, as its newest complete push stands.

    Args:
        lake: the lake.
        by: what was pushed by the end of this day (UTC).
        only: these cities alone.

    Raises:
        InputError: `lake_empty`, `lake_nothing_then`; `lake_city_unknown`, where one of `only` has not pushed.
        IntegrityError: `lake_newer`; `lake_incomplete`, where a push's files are not there.
    """
    pushed = pushes(lake, by)
    if pushed.is_empty():
        raise (
            InputError("lake_nothing_then", uri=lake.uri, day=by)
            if by
            else InputError("lake_empty", uri=lake.uri)
        )
    if only:
        if absent := sorted(set(only) - set(pushed[PARTITION])):
            raise InputError("lake_city_unknown", jurisdiction=absent[0], uri=lake.uri)
        pushed = pushed.filter(pl.col(PARTITION).is_in(sorted(only)))
    wanted = pushed.filter(pl.col("table_name").is_in(_READ) & (pl.col("rows") > 0))
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for (table,), rows in wanted.group_by("table_name", maintain_order=True):
        for code, paths in _placed(lake, str(table), rows).items():
            found.setdefault(code, {})[str(table)] = paths
    listed = []
    for (code,), rows in pushed.group_by(PARTITION, maintain_order=True):
        one = rows.row(0, named=True)
        listed.append(
            City(
                str(code), one["name"], one["edition"], one["edition_hash"], one["as_of"],
                one["pushed_at"].isoformat(timespec="seconds"),
                dict(rows.select("table_name", "rows").iter_rows()), found.get(str(code), {}), lake.options,
            )
        )  # fmt: skip
    return listed


def _placed(lake: Lake, table: str, rows: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """The files of each city: the newest where they are of the edition that `push` names, else of its version."""
    newest = lake.held(table)
    out = {}
    for code, version, count, head in rows.select(PARTITION, "version", "rows", "edition_hash").iter_rows():
        paths = _matching(newest, code, count, head)
        if paths is None:
            paths = _matching(lake.held(table, version), code, count, head)
        if paths is None:
            raise _incomplete(code, table)
        out[code] = paths
    return out


def _matching(held: pl.DataFrame, code: str, count: int, head: str) -> tuple[str, ...] | None:
    """A city's files where they hold so many rows of just this edition."""
    own = held.filter((pl.col(PARTITION) == code) & (pl.col("edition_hash") == head))
    return tuple(own["path"]) if own["rows"].sum() == count else None


def _incomplete(code: str, table: str) -> IntegrityError:
    return IntegrityError("lake_incomplete", jurisdiction=code, table=table)

"""The earlier editions against the newest and the chain: each that still stands is proof, so each must be what it was."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from fundtrack.errors import FundtrackError, Problem
from fundtrack.store.altered import altered_columns, altered_results, altered_rows, altered_words, logs
from fundtrack.store.editions import Store

UNREADABLE: Final = (duckdb.Error, pl.exceptions.PolarsError, FundtrackError, UnicodeError, MemoryError)
"""What reading a damaged file may raise."""

Sums = dict[tuple[str, str], tuple[int, int]]
"""How many rows a batch has in a log, and the sum of their digests, by batch and log."""


@dataclass(frozen=True)
class Newest:
    """The newest edition, as far as the earlier ones must be its beginnings.

    Attributes:
        con: its connection.
        batches: its batches.
        editions: its list of editions.
        heads: the header of each batch whose archive can be read.
        archives: those archives.
        salt: stands before every row whose digest is summed, so that nobody can choose rows of the same sum.
    """

    con: duckdb.DuckDBPyConnection
    batches: pl.DataFrame
    editions: pl.DataFrame
    heads: Mapping[str, dict[str, Any]]
    archives: Mapping[str, Path]
    salt: str = field(default_factory=lambda: secrets.token_hex(16))


def held(con: duckdb.DuckDBPyConnection) -> int:
    """The edition that a file holds, whatever its name; 0 where it says none."""
    [(number,)] = con.sql("SELECT coalesce(max(edition), 0) FROM edition").fetchall()
    return int(number)


def unreadable(path: Path, error: BaseException) -> Problem:
    """A damaged edition as a problem."""
    return Problem("edition_unreadable", file=path.name, about={"detail": str(error).split("\n")[0]})


def altered_earlier(store: Store, newest: Newest) -> Iterator[Problem]:
    """Everything in the earlier editions that is not as it was published."""
    numbers = store.folders.numbers()[:-1]
    if not numbers:
        return
    columns = logs(newest.con)
    sums = summed(newest.con, columns, columns, newest.salt)
    mapped = _mapped(newest.con)
    for number in numbers:
        path = store.edition_path(number)
        problems: list[Problem] = []
        try:
            with store.connect(number) as con:
                if (holds := held(con)) != number:
                    about = {"holds": str(holds)}
                    yield Problem("edition_misplaced", file=path.name, about=about)
                    continue
                for found in (
                    _listed(con, newest, number),
                    _rows(con, newest, number, columns, sums),
                    _columns(con, newest, number, mapped),
                    _computed(con, newest, number),
                ):
                    problems.extend(replace(problem, file=path.name) for problem in found)
        except UNREADABLE as error:
            problems.append(unreadable(path, error))
        yield from problems


def _until(newest: Newest, number: int) -> list[str]:
    """The batches of an edition."""
    return newest.batches.filter(pl.col("edition") <= number)["batch_id"].to_list()


def _listed(con: duckdb.DuckDBPyConnection, newest: Newest, number: int) -> Iterator[Problem]:
    """`batch` and `edition` must be the beginnings of the newest's."""
    for table, order, standing in (
        ("batch", "batch_id", newest.batches),
        ("edition", "edition", newest.editions),
    ):
        own = con.sql(f"SELECT * FROM {table} ORDER BY {order}").pl()  # noqa: S608
        shared = [name for name in own.columns if name in standing.columns]
        if not own.select(shared).equals(standing.filter(pl.col("edition") <= number).select(shared)):
            yield Problem("edition_differs")
            return


def _rows(
    con: duckdb.DuckDBPyConnection,
    newest: Newest,
    number: int,
    columns: Mapping[str, list[str]],
    sums: Sums,
) -> Iterator[Problem]:
    """The logs. Sums find the batches that differ from the newest's; their archives say which rows, and which of both is wrong."""
    until = _until(newest, number)
    known = set(until)
    own = logs(con)
    wanted = {place: found for place, found in sums.items() if place[0] in known}
    held_here = summed(con, own, {log: columns.get(log, names) for log, names in own.items()}, newest.salt)
    differ = {
        batch
        for batch, log in wanted.keys() | held_here.keys()
        if wanted.get((batch, log)) != held_here.get((batch, log))
        or set(own.get(log, ())) - set(columns.get(log, ()))
    }
    if not differ:
        return
    if any(name in known and name not in newest.archives for name in differ):
        yield Problem("edition_differs")
    archives = {name: newest.archives[name] for name in until if name in differ and name in newest.archives}
    yield from altered_rows(con, archives, until)


def summed(
    con: duckdb.DuckDBPyConnection,
    standing: Mapping[str, list[str]],
    columns: Mapping[str, list[str]],
    salt: str,
) -> Sums:
    """The rows of each batch in each log, in any order, as a count and a sum.

    Args:
        con: an edition.
        standing: the columns that each of its logs has.
        columns: the columns to look at; one that an older program did not store is unknown in every row.
        salt: stands before the text of each row.
    """
    found: Sums = {}
    for log, own in standing.items():
        parts = ["$1", *(_part(name) if name in own else "'-'" for name in columns[log])]
        row = f"md5_number_lower(concat({', '.join(parts)}))"
        query = f"SELECT coalesce(batch_id, '?'), count(*), sum({row}) FROM {log} GROUP BY ALL"  # noqa: S608
        for batch, count, total in con.sql(query, params=[salt]).fetchall():
            found[batch, log] = (count, total)
    return found


def _part(name: str) -> str:
    """A value's text with its length, so that no two rows have one text."""
    quoted = '"' + name.replace('"', '""') + '"'
    return f"coalesce(strlen({quoted}::VARCHAR) || ':' || {quoted}::VARCHAR, '-')"


def _mapped(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    found: pl.DataFrame = con.sql("SELECT * FROM batch_column ORDER BY ALL").pl()
    return found


def _columns(
    con: duckdb.DuckDBPyConnection, newest: Newest, number: int, mapped: pl.DataFrame
) -> Iterator[Problem]:
    """`batch_column`: the same as the newest's, or else as the headers say."""
    until = _until(newest, number)
    own = _mapped(con)
    if not own.equals(mapped.filter(pl.col("batch_id").is_in(until))):
        yield from altered_columns(own, newest.heads, until)


def _computed(con: duckdb.DuckDBPyConnection, newest: Newest, number: int) -> Iterator[Problem]:
    """Views and results; without any header of its batches nothing is known of them, and that is a problem already."""
    own = [head for head in newest.heads.values() if head.get("edition") == number]
    if own:
        yield from altered_words(con, own[-1])
        yield from altered_results(con, own[-1].get("results"))

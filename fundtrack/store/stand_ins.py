"""Empty tables in place of macros while views are made: what stands on a macro is then checked against its columns alone.

Each macro and view is bound when it is created, and with it, again, every macro within it. Where a temporary macro of the same name and
columns stands before one that has been checked, nothing is bound twice; what is stored of a view is its text, which is the same.
"""

import re
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from typing import Final

import duckdb

from fundtrack.store.definition import Definition

_TAKES: Final = re.compile(r"^CREATE OR REPLACE MACRO (\w+)\((as_of, batch|batch)\) AS TABLE\b", re.MULTILINE)
_GIVEN: Final = {"batch": "''", "as_of, batch": "DATE '1970-01-01', ''"}


@contextmanager
def stand_ins(
    con: duckdb.DuckDBPyConnection, but: Container[str] = ()
) -> Iterator[Callable[[Definition], None]]:
    """Give what puts an empty table in the place of a macro just made; all are gone when this ends well.

    But for those named: where a single place asks for a macro, a table in its stead saves nothing.

    Where it ends badly the caller's transaction is rolled back, and they with it.
    """
    standing: list[str] = []

    def stand(one: Definition) -> None:
        if one.kind != "macro" or one.name in but or (found := _TAKES.search(one.sql)) is None:
            return
        name, takes = found.groups()
        con.execute(f"CREATE TEMP TABLE empty_{name} AS SELECT * FROM {name}({_GIVEN[takes]}) LIMIT 0")  # noqa: S608
        con.execute(f"CREATE TEMP MACRO {name}({takes}) AS TABLE SELECT * FROM temp.empty_{name}")  # noqa: S608
        standing.append(name)

    yield stand
    for name in standing:
        con.execute(f"DROP MACRO TABLE temp.{name}")
        con.execute(f"DROP TABLE temp.empty_{name}")

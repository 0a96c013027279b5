"""A question in somebody else's SQL, answered by an edition that can be neither changed nor left."""

import duckdb
import polars as pl

from fundtrack.errors import InputError
from fundtrack.store.editions import Store


def ask(store: Store, sql: str) -> pl.DataFrame:
    """The answer of the newest edition to one SELECT, over a short read-only connection that reaches nothing but its file.

    Raises:
        InputError: `sql_failed`, with what DuckDB says, or where it is no single question.
    """
    with store.connect() as con:
        try:
            statements = con.extract_statements(sql)
            if len(statements) != 1:
                raise InputError("sql_failed", detail=f"{len(statements)} statements")
            answer = con.sql(sql)
            if answer is None:
                raise InputError("sql_failed", detail=str(statements[0].type))
            found: pl.DataFrame = answer.pl()
        except duckdb.Error as error:
            raise InputError("sql_failed", detail=str(error).split("\n")[0]) from error
    return found

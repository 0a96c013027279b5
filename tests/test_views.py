"""The SQL views against the Polars engine, and what the dictionary says of them."""

from collections.abc import Iterator

import duckdb
import pytest

from fundtrack.metrics.compare import compare
from fundtrack.metrics.progress import progress
from ledgers import answer, database, fill, ledger
from random_ledgers import random_rows


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with database() as found:
        # Planning is most of the time of a question over ten rows.
        found.execute("PRAGMA disable_optimizer")
        found.execute("SET threads = 1")
        yield found


@pytest.mark.parametrize("block", range(8))
def test_engines_agree_on_random_ledgers(con: duckdb.DuckDBPyConnection, block: int) -> None:
    for seed in range(block * 25, block * 25 + 25):
        rows, as_of = random_rows(seed)
        tables = ledger(rows)
        fill(con, tables)
        sql = answer(con, "SELECT * FROM progress_at($1, 'B000001')", [as_of])
        assert compare(progress(tables, as_of), sql) == [], f"seed {seed}"

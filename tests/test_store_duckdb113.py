"""DuckDB 1.1.3 opens what is published: every view, every macro, and every edition of a long history."""

import os
import random
import subprocess
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from storekit import MANAGER, batch, load, rows, undo

from fundtrack.errors import InputError
from fundtrack.store import definitions
from fundtrack.store.editions import Store

OLD = os.environ.get("FUNDTRACK_DUCKDB113")
pytestmark = pytest.mark.skipif(not OLD, reason="FUNDTRACK_DUCKDB113 names no Python that has DuckDB 1.1.3")

READ = """
import sys, duckdb
assert duckdb.__version__ == "1.1.3", duckdb.__version__
values = {"as_of": "DATE '2017-09-30'", "batch": "'B000001'", "n": "2", "seed": "7", "number": "1", "moment": "TIMESTAMP '2017-10-20'"}
for path in sys.argv[1:]:
    con = duckdb.connect(path, read_only=True)
    con.execute("SET enable_progress_bar = false")
    found = con.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal").fetchall()
    views = con.execute("SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    for schema, name in found + views:
        con.execute(f'SELECT * FROM "{schema}"."{name}"').fetchall()
    macros = con.execute(
        "SELECT function_name, parameters FROM duckdb_functions() WHERE NOT internal AND function_type = 'table_macro'"
    ).fetchall()
    for name, parameters in macros:
        named = {"batch"} if name.startswith("audit_") else set()  # has a default there, and 1.1.3 then wants its name
        given = [f"{one} := {values[one]}" if one in named else values[one] for one in parameters if one in values]
        con.execute(f"SELECT * FROM {name}({', '.join(given)})").fetchall()
    words = con.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'batch'").fetchall()
    print(len(views), len(macros), words[0][0][:4])
"""


def read_by_old(*paths: Path) -> list[str]:
    """Everything in each file read by DuckDB 1.1.3: how many views and macros, and a comment."""
    done = subprocess.run(
        [str(OLD), "-c", READ, *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_every_view_and_macro(tmp_path: Path):
    store = Store(tmp_path / "data")
    load(store, batch({"manager": [MANAGER]}))
    kinds = [one.kind for one in definitions.all_definitions()]
    assert read_by_old(store.folders.published) == [f"{kinds.count('view')} {kinds.count('macro')} 入库批次"]


def some(chance: random.Random, table: str, count: int) -> pl.DataFrame:
    """Rows of any size, some of which change what stands."""
    given: dict[str, Any] = {
        "manager": lambda: {"manager_id": f"VC{chance.randrange(100_000)}", "name": "名" * chance.randrange(1, 30),
                            "note": "x" * chance.randrange(200)},
        "valuation": lambda: {"participation_id": f"PA{chance.randrange(5_000)}", "currency": "CNY",
                              "valued_on": date(2000 + chance.randrange(20), 1, 1), "nav": chance.randrange(10**9)},
        "company": lambda: {"company_id": f"CO{chance.randrange(100_000)}", "name": f"示例{chance.random()}"},
    }  # fmt: skip
    return rows(table, *(given[table]() for _ in range(count))).unique(
        "row_key", keep="first", maintain_order=True
    )


@pytest.mark.parametrize(
    ("seed", "count"),
    [
        pytest.param(1, 9, id="short"),
        *(pytest.param(seed, 40, id=f"long {seed}", marks=pytest.mark.full) for seed in (1, 2, 3, 4)),
    ],
)
def test_every_edition_of_a_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, count: int):
    """Metadata that a checkpoint takes over from an earlier one is what 1.1.3 stumbles on, in some editions only."""
    monkeypatch.setattr(definitions, "of_files", lambda: ())
    store, chance = Store(tmp_path / "data"), random.Random(seed)
    for place in range(count):
        tables = chance.sample(["manager", "valuation", "company"], chance.randrange(1, 4))
        size = chance.choice([1, 5, 50, 2000, 8000])
        if place and chance.random() < 0.3:
            with suppress(InputError):
                undo(store, f"B{chance.randrange(1, place + 1):06d}")
        puts = {table: some(chance, table, size) for table in tables}
        values = [chance.random() for _ in range(chance.choice([0, 10, 3000]))]
        metric = pl.DataFrame({"a": values}, schema={"a": pl.Float64})
        load(
            store, batch(puts, str(place).encode()), check=lambda *_, metric=metric: [{"fund_metric": metric}]
        )
    paths = [store.edition_path(number) for number in store.folders.numbers()]
    assert len(read_by_old(*paths)) == len(paths) >= count

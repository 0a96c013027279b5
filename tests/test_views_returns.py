"""Leverage, paid-in rate, reinvestment, early stage and look-through: SQL against Polars on random ledgers."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache

import duckdb
import polars as pl
import pytest
from ledgers import answer, database, fill, ledger
from random_returns import random_returns

from fundtrack.metrics.compare import compare
from fundtrack.metrics.exposure import BY, placed
from fundtrack.metrics.twins import TWINS
from fundtrack.metrics.twins_holdings import HOLDING_TWINS

LEDGERS = 48
BLOCK = 12
OWN = {view: twin for view, twin in TWINS.items() if view not in HOLDING_TWINS}
"""Those over holdings have tests of their own."""


@cache
def tried(seed: int) -> tuple[dict[str, pl.DataFrame], date, dict[str, pl.DataFrame]]:
    """A random ledger, a day, and what Polars says of it by view; computed once for all that is asked about it."""
    rows, as_of = random_returns(seed)
    tables = ledger(rows)
    return tables, as_of, {view: twin(tables, as_of) for view, (twin, _) in OWN.items()}


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with database() as found:
        found.execute("PRAGMA disable_optimizer")
        found.execute("SET threads = 1")
        yield found


@pytest.mark.parametrize(
    "block", [0, 1, *(pytest.param(block, marks=pytest.mark.full) for block in range(2, LEDGERS // BLOCK))]
)
def test_engines_agree(con: duckdb.DuckDBPyConnection, block: int) -> None:
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        tables, as_of, said = tried(seed)
        fill(con, tables)
        for view, (_, key) in OWN.items():
            sql = answer(con, f"SELECT * FROM {view}_at($1, 'B000001')", [as_of])
            assert compare(said[view], sql, key) == [], f"{view}, seed {seed}"


def test_random_ledgers_are_worth_comparing() -> None:
    met: dict[str, int] = {}
    for seed in range(LEDGERS):
        for view, frame in tried(seed)[2].items():
            for name in frame.columns:
                met[f"{view}.{name}"] = met.get(f"{view}.{name}", 0) + frame[name].count()
    assert min(met.values()) >= 4, min(met, key=lambda name: met[name])


def test_exposure_adds_up_to_holdings() -> None:
    sums = {"fund_invested": "amount", "fund_cost": "cost_left", "fund_value": "value", "guidance_invested": "guidance_invested",
            "guidance_cost": "guidance_cost", "guidance_value": "guidance_value"}  # fmt: skip
    for seed in range(LEDGERS):
        tables, as_of, said = tried(seed)
        by, held = said["company_exposure"], placed(tables, as_of)
        for one in BY:
            part = by.filter(pl.col("grouped_by") == one)
            assert part["investments"].sum() == held.height
            for ours, theirs in sums.items():
                assert sum(part[ours].drop_nulls(), Decimal(0)) == sum(held[theirs].drop_nulls(), Decimal(0))


def test_views_take_the_newest_cover_date(con: duckdb.DuckDBPyConnection) -> None:
    rows = random_returns(7)[0] | {"cover": [{"sender": "甲", "as_of": "2017-09-30", "unit": "元"}]}
    tables = ledger(rows)
    fill(con, tables)
    for view, (twin, key) in TWINS.items():
        assert compare(twin(tables, date(2017, 9, 30)), answer(con, f"SELECT * FROM {view}"), key) == []

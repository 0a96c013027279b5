"""What is held while the engines are compared answers as the views themselves do, and nothing of it is left."""

import re
from collections.abc import Iterator
from datetime import date

import duckdb
import polars as pl
import pytest
from ledgers import database, fill, ledger
from random_ledgers import random_rows
from storekit import memory

from fundtrack.errors import IntegrityError
from fundtrack.metrics.compare import compare
from fundtrack.metrics.rules.twin import FINDING_TWIN
from fundtrack.metrics.twins import TWINS
from fundtrack.model.rows import TABLES
from fundtrack.store import definitions
from fundtrack.store.definition import Definition
from fundtrack.store.held import DAYS, SHARED, SUMMARIES, held_answers, held_tables
from fundtrack.store.stand_ins import stand_ins

KEYS = {"progress": ("code",), **{view: key for view, (_, key) in (TWINS | FINDING_TWIN).items()}}
COMPARED = ("progress", "partner_fund_summary", "participation_summary", *TWINS, *FINDING_TWIN)
SEEDS = (1, 9)
AS_OF = date(2017, 9, 30)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with database() as found:
        found.execute(
            "PRAGMA disable_optimizer"
        )  # over a dozen rows, planning is nearly all of a question's time
        yield found


def left_over(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Temporary tables and macros that stand."""
    return [
        name
        for (name,) in con.sql(
            "SELECT table_name FROM duckdb_tables() WHERE temporary AND database_name = 'temp' "
            "UNION ALL SELECT function_name FROM duckdb_functions() WHERE NOT internal AND database_name = 'temp'"
        ).fetchall()
    ]


def test_held_macros_are_asked_for_one_day_and_one_batch_only():
    """A held macro gives its answer whatever it is asked: no view that is compared may ask it for anything else."""
    wanted = {f"{name}_at": "batch" for name in (*TABLES, *SHARED)} | {
        f"{name}_at": "as_of, batch" for name in (*SUMMARIES, *DAYS)
    }
    asked = 0
    for one in definitions.of_files():
        if one.kind != "macro" or one.name.startswith("audit_"):
            continue
        body = re.sub(r"--[^\n]*", "", one.sql)
        for name, given in re.findall(r"\b(?<!MACRO )(\w+_at)\(([^()]*)\)", body):
            if name in wanted:
                asked += 1
                assert given == wanted[name], f"{one.name} asks {name}({given})"
    assert asked > len(SHARED) + len(SUMMARIES) + len(DAYS)


@pytest.mark.parametrize("seed", SEEDS)
def test_held_answers_are_those_of_the_views(con: duckdb.DuckDBPyConnection, seed: int):
    rows, as_of = random_rows(seed)
    fill(con, ledger(rows | {"cover": [{"sender": "甲", "as_of": as_of.isoformat(), "unit": "元"}]}))
    plain = {view: con.sql(f"SELECT * FROM {view}").pl() for view in COMPARED}
    with held_tables(con, "B000001"), held_answers(con, as_of, "B000001"):
        held = {view: con.sql(f"SELECT * FROM {view}").pl() for view in COMPARED}
        tables = {table: con.sql(f"SELECT * FROM {table}_at('B000001')").pl() for table in TABLES}
    assert not left_over(con)
    assert plain["progress"].height
    assert plain["partner_fund_summary"].height
    for view in COMPARED:
        assert compare(plain[view], held[view], KEYS.get(view, ())) == [], view
    for table, frame in tables.items():
        assert frame.sort("row_key").equals(con.sql(f"SELECT * FROM {table} ORDER BY row_key").pl()), table


def test_nothing_is_left_where_comparing_fails(con: duckdb.DuckDBPyConnection):
    stood = []

    def fails():
        stood.extend(left_over(con))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), held_tables(con, "B000001"), held_answers(con, AS_OF, "B000001"):
        fails()
    assert stood
    assert not left_over(con)


def test_what_failed_is_said_where_its_transaction_takes_all_away(con: duckdb.DuckDBPyConnection):
    con.execute("BEGIN")
    with pytest.raises(duckdb.CatalogException, match="nothing_of_this_name"), held_tables(con, "B000001"):
        con.execute("SELECT * FROM nothing_of_this_name")
    con.execute("ROLLBACK")
    assert not left_over(con)


# --- empty tables in place of macros, while views are made ----------------------------------------------------------


def catalog(con: duckdb.DuckDBPyConnection) -> list[pl.DataFrame]:
    """All that an edition says of its views and macros."""
    return [
        con.sql(query).pl()
        for query in (
            "SELECT schema_name, view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY ALL",
            "SELECT schema_name, function_name, parameters, macro_definition FROM duckdb_functions() WHERE NOT internal ORDER BY ALL",
            "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY ALL",
        )
    ]


def test_views_are_the_same_as_without_stand_ins():
    found = definitions.all_definitions()
    with memory() as made, memory() as plain:
        definitions.rebuild(made.con, found)
        plain.con.execute("CREATE SCHEMA zh")
        for one in found:
            plain.con.execute(one.sql)
        assert not left_over(made.con)
        mine, theirs = catalog(made.con), catalog(plain.con)
    assert mine[0].height > len(TABLES)
    for one, other in zip(mine, theirs, strict=True):
        assert one.equals(other)


@pytest.mark.parametrize(
    ("takes", "stands"),
    [
        pytest.param("(batch)", True, id="of a batch"),
        pytest.param("(as_of, batch)", True, id="of a day and a batch"),
        pytest.param("(as_of, batch := 'Z')", False, id="of a batch that may be left out"),
        pytest.param("(n)", False, id="of something else"),
    ],
)
def test_what_has_a_stand_in(takes: str, stands: bool):
    """It has the columns of what it stands for, and gives no row."""
    sql = f"CREATE OR REPLACE MACRO one_at{takes} AS TABLE SELECT 1 AS a, 'x' AS b"
    with duckdb.connect() as con:
        con.execute(sql)
        with stand_ins(con) as stand:
            stand(Definition("one_at", "macro", sql, "", {}))
            given = ("DATE '2017-09-30', " if "as_of" in takes else "") + "'1'"
            found = con.sql(f"SELECT * FROM one_at({given})").pl()
        assert found.columns == ["a", "b"]
        assert found.height == (0 if stands else 1)
        assert con.sql(f"SELECT * FROM one_at({given})").pl().height == 1


def test_a_macro_that_cannot_answer_is_named():
    sql = "CREATE OR REPLACE MACRO broken_at(batch) AS TABLE SELECT batch + DATE '2017-01-01' AS a"
    with memory() as made, pytest.raises(IntegrityError, match="view_failed") as error:
        definitions.rebuild(made.con, [Definition("broken_at", "macro", sql, "", {})])
    assert error.value.about["view"] == "broken_at"

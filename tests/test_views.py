"""The SQL views against the Polars engine on random ledgers, and what their comments say of them."""

import math
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import duckdb
import polars as pl
import pytest
from ledgers import Rows, answer, database, fill, ledger, rows_of
from random_ledgers import random_rows
from test_progress import IN_THE_PERIOD, Row, stake
from test_progress import tables as hand_made

from fundtrack.metrics import funds_at as funds
from fundtrack.metrics import participations_at as stakes
from fundtrack.metrics.compare import Difference, compare
from fundtrack.metrics.progress import PROGRESS, progress
from fundtrack.store.definitions import of_files

LEDGERS = 200
BLOCK = 25
VIEWS = ("progress", "partner_fund_summary", "participation_summary")


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with database() as found:
        # Over a dozen rows, planning is nearly all of a question's time.
        found.execute("PRAGMA disable_optimizer")
        found.execute("SET threads = 1")
        yield found


@pytest.mark.parametrize("block", range(LEDGERS // BLOCK))
def test_progress_agrees(con: duckdb.DuckDBPyConnection, block: int) -> None:
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        rows, as_of = random_rows(seed)
        tables = ledger(rows)
        fill(con, tables)
        ours = progress(tables, as_of)
        sql = rows_of(con, "SELECT * FROM progress_at($1, 'B000001')", [as_of], PROGRESS)
        assert compare(ours, sql) == [], f"seed {seed}"
        assert sql["code"].to_list() == ours["code"].to_list()


@pytest.mark.parametrize(("as_of", "expected", "rows"), IN_THE_PERIOD)
def test_changes_in_the_period_of_establishment(
    con: duckdb.DuckDBPyConnection, as_of: str, expected: str | None, rows: dict[str, list[Row]]
) -> None:
    fill(con, hand_made(**({"participation": [stake()]} | rows)))
    found = con.execute("SELECT actual FROM progress_at($1, 'B000001') WHERE code = 'fund_scale'", [as_of])
    assert found.fetchall() == [(None if expected is None else Decimal(expected),)]


def test_random_ledgers_change_within_the_period_of_establishment() -> None:
    within = 0
    for seed in range(LEDGERS):
        tables = ledger(random_rows(seed)[0])
        rows = tables["investor_commitment"].join(tables["partner_fund"], on="partner_fund_id")
        last, found = rows["established_on"], rows["established_on_precision"]
        length = found.replace_strict({"year": 365, "month": 28}, default=0)
        within += ((last - rows["effective_on"]).dt.total_days().is_between(0, length - 1)).sum()
    assert within > LEDGERS // 2


def merged(seeds: range) -> Rows:
    """Many random ledgers in one, each with its own ids and codes: a question of them all costs no more than of one."""
    out: dict[str, list[dict[str, object]]] = {}
    for seed in seeds:
        for table, rows in random_rows(seed)[0].items():
            if table not in {"target", "indicator", "cover"}:
                out.setdefault(table, []).extend(
                    {name: apart(name, value, seed) for name, value in row.items()} for row in rows
                )
    return out


def apart(name: str, value: object, seed: int) -> object:
    """A value of one ledger, told apart from the others' where it is an id or a code."""
    if isinstance(value, str) and (
        name.endswith("_id") or (name in {"before", "after"} and re.fullmatch(r"M\d", value))
    ):
        return f"{value}-{seed}"
    if (
        isinstance(value, str) and name in {"amac_code", "amac_no"} and value[-1:].isdigit()
    ) or value == "ＳＡ１２３４":
        return (
            f"S{seed % 1000:03d}{'A' if str(value).upper() == 'SA1234' or value == 'ＳＡ１２３４' else 'B'}0"
        )
    return value


@pytest.mark.parametrize("block", range(LEDGERS // BLOCK))
def test_funds_and_participations_agree(con: duckdb.DuckDBPyConnection, block: int) -> None:
    tables = ledger(merged(range(block * BLOCK, (block + 1) * BLOCK)))
    fill(con, tables)
    for as_of in (date(2017, 2, 1), date(2017, 10, 1)):
        sql = answer(con, "SELECT * FROM partner_fund_summary_at($1, 'B000001')", [as_of])
        assert compare(funds.funds_at(tables, as_of), sql) == []
        sql = answer(con, "SELECT * FROM participation_summary_at($1, 'B000001')", [as_of])
        assert compare(stakes.participations_at(tables, as_of).select(*stakes.SUMMARY), sql) == []


def test_summary_adds_up_to_the_targets() -> None:
    for seed in range(0, LEDGERS, 4):
        rows, as_of = random_rows(seed)
        tables = ledger(rows)
        actual = dict(progress(tables, as_of).select("code", "actual").iter_rows())
        counted = funds.funds_at(tables, as_of).filter("counted")
        if actual.get("partner_funds") is not None:
            assert counted.height == actual["partner_funds"], f"seed {seed}"
        if actual.get("fund_scale") is not None:
            own = counted.filter(pl.col("currency") == "CNY")["committed_size"].drop_nulls()
            assert sum(own, Decimal(0)) == actual["fund_scale"], f"seed {seed}"


def test_views_show_the_newest_cover_date(con: duckdb.DuckDBPyConnection) -> None:
    covers = [
        {"sender": "甲", "as_of": "2017-06-30", "unit": "元"},
        {"sender": "乙", "as_of": "2017-09-30", "unit": "元"},
    ]
    rows = random_rows(3)[0] | {"cover": covers}
    tables = ledger(rows)
    fill(con, tables)
    day = date(2017, 9, 30)
    ours = (
        progress(tables, day),
        funds.funds_at(tables, day),
        stakes.participations_at(tables, day).select(*stakes.SUMMARY),
    )
    for view, frame in zip(VIEWS, ours, strict=True):
        assert compare(frame, answer(con, f"SELECT * FROM {view}")) == []


def test_bands_are_parameters(con: duckdb.DuckDBPyConnection) -> None:
    rows, as_of = random_rows(5)
    tables = ledger(rows)
    fill(con, tables)
    sql = answer(
        con, "SELECT * FROM progress_at($1, 'B000001', band_early := 0.05, band_late := 0.01)", [as_of]
    )
    assert compare(progress(tables, as_of, band_early=0.05, band_late=0.01), sql) == []


# A table of results is filled by the publisher; a macro of a value has no columns.
@pytest.mark.parametrize(
    "one", [one for one in of_files() if one.kind in {"view", "macro"}], ids=lambda one: one.name
)
def test_comments_name_every_column(con: duckdb.DuckDBPyConnection, one: object) -> None:
    name, columns, sql = one.name, one.columns, one.sql  # type: ignore[attr-defined]
    arguments = re.search(rf"MACRO {name}\(([^)]*)\)", sql)
    call = (
        f"({', '.join(argument(text) for text in arguments[1].split(', ') if ':=' not in text)})"
        if arguments
        else ""
    )
    assert answer(con, f"SELECT * FROM {name}{call} LIMIT 0").columns == list(columns)
    assert all(" / " in words or words == "DPI + RVPI" for words in columns.values())


def argument(name: str) -> str:
    """A value that fits a macro's argument."""
    fitting = {"as_of": "DATE '2017-09-30'", "batch": "'B000001'", "n": "5", "seed": "7", "number": "1"}
    return fitting.get(name, "TIMESTAMP '2017-10-20'")


@pytest.mark.parametrize(
    ("ours", "theirs", "found"),
    [
        pytest.param({"k": ["a"], "x": [0.1 + 0.2]}, {"k": ["a"], "x": [0.3]}, [], id="ratios to the tolerance"),
        pytest.param({"k": ["a"], "x": [1.0]}, {"k": ["a"], "x": [1.0 + 1e-11]}, [Difference("a", "x", 1.0, 1.0 + 1e-11)], id="beyond it"),
        pytest.param({"k": ["a"], "x": [0.0]}, {"k": ["a"], "x": [1e-15]}, [Difference("a", "x", 0.0, 1e-15)], id="nothing is nothing"),
        pytest.param({"k": ["a"], "x": [Decimal("1.00")]}, {"k": ["a"], "x": [Decimal("1.01")]}, [Difference("a", "x", Decimal("1.00"), Decimal("1.01"))], id="a cent"),
        pytest.param({"k": ["a"], "x": [None]}, {"k": ["a"], "x": [None]}, [], id="both unknown"),
        pytest.param({"k": ["a", "b"], "x": [None, 1.0]}, {"k": ["a", "b"], "x": [0.0, 1.0]}, [Difference("a", "x", None, 0.0)], id="unknown is not nothing"),
        pytest.param({"k": ["a"], "x": [math.inf]}, {"k": ["a"], "x": [math.inf]}, [], id="both infinite"),
        pytest.param({"k": ["a"], "x": [math.inf]}, {"k": ["a"], "x": [1e300]}, [Difference("a", "x", math.inf, 1e300)], id="infinite is not much"),
        pytest.param({"k": ["a", "b"], "x": [1.0, 2.0]}, {"x": [2.0, 1.0], "k": ["b", "a"]}, [], id="another order of rows and columns"),
        pytest.param({"k": ["a", "b"], "x": [1, 2]}, {"k": ["a", "b"], "x": [2, 1]}, [Difference("a", "x", 1, 2), Difference("b", "x", 2, 1)], id="values at other keys"),
        pytest.param({"k": ["a", "a"]}, {"k": ["a", "a"]}, [Difference("a", "", 2, 2)], id="a key twice on both sides"),
        pytest.param({"k": ["a", "b"]}, {"k": ["a"]}, [Difference("b", "", 1, 0)], id="a row missing"),
        pytest.param({"k": ["a"]}, {"k": ["a", "a"]}, [Difference("a", "", 1, 2)], id="a row twice"),
        pytest.param({"k": ["a"], "x": [1]}, {"k": ["a"]}, [Difference("", "x", True, False)], id="a column missing"),  # noqa: FBT003
        pytest.param({"k": ["a"], "x": [1]}, {"k": ["a"], "x": [1.0]}, [Difference("", "x", "Int64", "Float64"), Difference("a", "x", 1, 1.0)], id="another type"),
    ],
)  # fmt: skip
def test_compare(
    ours: dict[str, list[object]], theirs: dict[str, list[object]], found: list[Difference]
) -> None:
    assert compare(pl.DataFrame(ours), pl.DataFrame(theirs)) == found


def test_what_is_no_number_is_never_the_same() -> None:
    [one] = compare(pl.DataFrame({"k": ["a"], "x": [math.nan]}), pl.DataFrame({"k": ["a"], "x": [math.nan]}))
    assert (one.key, one.field) == ("a", "x")

"""The arithmetic rules: SQL against Polars, on the cases that were worked out by hand."""

from collections.abc import Iterator

import duckdb
import pytest
from ledgers import answer, database, fill
from rule_book import Case
from test_rules import CASES

from fundtrack.metrics.compare import compare
from fundtrack.metrics.rules.twin import KEY, PARTS, WHOLE, finding_twin

_OWN = [
    case for case in CASES if case.rule in WHOLE or case.occurrence.startswith(PARTS.get(case.rule, "\0"))
]
_FIRST = {case.rule: case for case in reversed(_OWN) if case.status != "clear"}
_SAMPLE = [*_FIRST.values(), *(case for case in _OWN[::8] if all(case is not one for one in _FIRST.values()))]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with database() as found:
        found.execute("SET threads = 1")
        yield found


def agrees(con: duckdb.DuckDBPyConnection, case: Case) -> None:
    """Both engines say the same of a case's ledger, and the case is among what they say."""
    fill(con, case.tables)
    sql = answer(con, "SELECT * FROM finding_check_at($1, 'B000001')", [case.as_of])
    assert compare(finding_twin(case.tables, case.as_of), sql, KEY) == []
    own = sql.filter(rule_id=case.rule, entity=case.entity, occurrence=case.occurrence)
    assert own["status"].to_list() == [case.status]


@pytest.mark.parametrize("case", _SAMPLE, ids=lambda case: f"{case.rule} {case.name}")
def test_engines_agree(con: duckdb.DuckDBPyConnection, case: Case) -> None:
    agrees(con, case)


@pytest.mark.full
def test_engines_agree_on_every_case(con: duckdb.DuckDBPyConnection) -> None:
    for case in CASES:
        fill(con, case.tables)
        sql = answer(con, "SELECT * FROM finding_check_at($1, 'B000001')", [case.as_of])
        assert compare(finding_twin(case.tables, case.as_of), sql, KEY) == [], case.name


def test_the_sample_shows_every_rule_that_sql_states() -> None:
    assert {case.rule for case in _SAMPLE} == {*WHOLE, *PARTS}

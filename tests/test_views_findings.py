"""The arithmetic rules: SQL against Polars, on the cases that were worked out by hand."""

from collections.abc import Iterator

import duckdb
import pytest
from ledgers import answer, database, fill
from rule_book import AS_OF, Case, book, flow, paid, share
from test_rules import CASES

from fundtrack.metrics.compare import compare
from fundtrack.metrics.rules.twin import FINDING_TWIN, KEY, VIEWS

_VIEW = {rule: view for view, stated in VIEWS.items() for rule in stated}


def _stated(case: Case) -> bool:
    """True where SQL states what a case is about."""
    return case.rule in _VIEW and case.occurrence.startswith(VIEWS[_VIEW[case.rule]][case.rule])


_OWN = [case for case in CASES if _stated(case)]
_FIRST = {case.rule: case for case in reversed(_OWN) if case.status != "clear"}
_SAMPLE = [*_FIRST.values(), *(case for case in _OWN[::8] if all(case is not one for one in _FIRST.values()))]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with database() as found:
        found.execute("SET threads = 1")
        found.execute("PRAGMA disable_optimizer")  # over a dozen rows, planning is nearly all of a question
        yield found


def agrees(con: duckdb.DuckDBPyConnection, case: Case, view: str) -> None:
    """Both engines say the same of a case's ledger."""
    sql = answer(con, f"SELECT * FROM {view}_at($1, 'B000001')", [case.as_of])
    twin, key = FINDING_TWIN[view]
    assert compare(twin(case.tables, case.as_of), sql, key) == [], (case.name, view)


@pytest.mark.parametrize("case", _SAMPLE, ids=lambda case: f"{case.rule} {case.name}")
def test_engines_agree(con: duckdb.DuckDBPyConnection, case: Case) -> None:
    """The case is among what they say, in SQL by the status worked out by hand."""
    fill(con, case.tables)
    view = _VIEW[case.rule]
    agrees(con, case, view)
    sql = answer(con, f"SELECT * FROM {view}_at($1, 'B000001')", [case.as_of])
    own = sql.filter(rule_id=case.rule, entity=case.entity, occurrence=case.occurrence)
    assert own["status"].to_list() == [case.status]


@pytest.mark.full
def test_engines_agree_on_every_case(con: duckdb.DuckDBPyConnection) -> None:
    for place, case in enumerate(CASES):
        fill(con, case.tables)
        views = {_VIEW.get(case.rule), list(VIEWS)[place % len(VIEWS)]} - {
            None
        }  # its own, and another in turn
        for view in sorted(views):
            agrees(con, case, view)


def test_the_sample_shows_every_rule_that_sql_states() -> None:
    assert {case.rule for case in _SAMPLE} == {*_VIEW}
    assert KEY == ("rule_id", "entity", "occurrence")


def test_the_largest_amounts_fit(con: duckdb.DuckDBPyConnection) -> None:
    """A fund of 900 billion, of which a third is the guidance fund's, a third idle and a third in one company: nothing overflows."""
    big, third = "900000000000", "300000000000"
    made = {"investment_id": "I1", "partner_fund_id": "F1", "company_id": "C1", "invested_on": "2015-02-01", "stage": "mature", "amount": third,
            "currency": "CNY"}  # fmt: skip
    said = {"partner_fund_id": "F1", "kind": "年报", "period": "2016", "committed": big, "paid_in": big, "invested": third, "exit_cost": "0", "cash": third,
            "net_assets": big, "fee": third, "currency": "CNY"}  # fmt: skip
    tables = book(
        {"committed_size": big},
        {"commitment": third, "early_min": "0.6", "early_base": "已投金额", "reinvest_required": "1.5",
         "reinvest_kind": "倍数", "reinvest_base": "认缴", "reinvest_due": "2017-06-30"},
        cash_flow=[flow("call", third, "2014-06-20")], fund_report=[said], investment=[made],
        company=[{"company_id": "C1", "name": "示例科技"}], investor_commitment=[share("示例集团", big)],
        fund_paid_in=[paid("示例集团", big, "2014-07-01")],
    )  # fmt: skip
    fill(con, tables)
    for view in VIEWS:
        agrees(con, Case("", "", tables, "", as_of=AS_OF), view)
    shares = {"OVER_CAP": 1 / 3, "CONCENTRATION": 1 / 3, "IDLE_RATIO": 1 / 3, "EARLY_SHORT": 0.0}
    for rule, value in shares.items():
        sql = answer(
            con,
            f"SELECT max(value) AS value FROM {_VIEW[rule]}_at($1, 'B000001') WHERE rule_id = $2",
            [AS_OF, rule],
        )
        assert sql["value"].to_list() == [value], rule

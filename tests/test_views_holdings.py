"""Results, concentration, overlap and value bridge: hand-worked in SQL, and SQL against Polars on random ledgers."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import duckdb
import polars as pl
import pytest
from ledgers import answer, database, fill, ledger
from random_returns import generous

from fundtrack.metrics.compare import compare
from fundtrack.metrics.once import Once
from fundtrack.metrics.twins import holding_twin
from fundtrack.metrics.twins_holdings import HOLDING_TWINS

LEDGERS = 30
BLOCK = 15


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with database() as found:
        found.execute("SET threads = 1")
        yield found


def test_random_ledgers_are_worth_comparing() -> None:
    met: dict[str, int] = {}
    for seed in range(LEDGERS):
        rows, days = generous(seed)
        tables = Once(ledger(rows))
        for as_of in days:
            for view, (twin, _) in HOLDING_TWINS.items():
                frame = twin(tables, as_of)
                for name in frame.columns:
                    met[f"{view}.{name}"] = met.get(f"{view}.{name}", 0) + frame[name].count()
    assert min(met.values()) >= 8, min(met, key=lambda name: met[name])


@pytest.mark.parametrize("block", range(LEDGERS // BLOCK))
def test_engines_agree(con: duckdb.DuckDBPyConnection, block: int) -> None:
    """`investment_holding` is answered once for each day, as publishing does; that it agrees itself is tested elsewhere."""
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        rows, days = generous(seed)
        tables = Once(ledger(rows))
        fill(con, tables)
        for as_of in days:
            held = holding_twin(tables, as_of)
            con.register("incoming", held)
            con.execute("CREATE OR REPLACE TEMP TABLE held AS SELECT * FROM incoming")
            con.execute(
                "CREATE OR REPLACE TEMP MACRO investment_holding_at(as_of, batch) AS TABLE SELECT * FROM held"
            )
            for view, (twin, key) in HOLDING_TWINS.items():
                sql = answer(con, f"SELECT * FROM {view}_at($1, 'B000001')", [as_of])
                assert compare(twin(tables, as_of), sql, key) == [], f"{view}, seed {seed}, {as_of}"
    con.execute("DROP MACRO TABLE temp.investment_holding_at")


# two funds, both in company C1; F1 paid 100 of which guidance 40, F2 paid 200 of which guidance 20
HELD = {
    "cover": [{"sender": "甲", "as_of": "2017-09-30", "unit": "元"}],
    "guidance_fund": [{"guidance_fund_id": "G1", "name": "引导", "kind": "venture", "currency": "CNY"}],
    "partner_fund": [{"partner_fund_id": fund, "name": fund, "manager_id": "M", "currency": "CNY", "established_on": "2014-01-01"} for fund in ("F1", "F2")],
    "participation": [{"participation_id": f"A{n}", "guidance_fund_id": "G1", "partner_fund_id": f"F{n}", "signed_on": "2014-01-01", "currency": "CNY",
                       "commitment": 50} for n in (1, 2)],
    "cash_flow": [
        {"participation_id": "A1", "kind": "call", "occurred_on": "2015-01-01", "amount": 40, "currency": "CNY", "line_no": "1"},
        {"participation_id": "A2", "kind": "call", "occurred_on": "2017-03-01", "amount": 20, "currency": "CNY", "line_no": "1"},
        {"participation_id": "A1", "kind": "distribution", "occurred_on": "2017-05-01", "amount": 6, "currency": "CNY", "line_no": "1"},
    ],
    "fund_paid_in": [
        {"partner_fund_id": fund, "investor": "社会", "call_no": "1", "line_no": "1", "paid_on": "2015-01-01", "amount": amount, "currency": "CNY"}
        for fund, amount in (("F1", 60), ("F2", 180))
    ] + [
        {"partner_fund_id": fund, "investor": "引导", "guidance_fund_id": "G1", "call_no": "1", "line_no": "2", "paid_on": on, "amount": amount, "currency": "CNY"}
        for fund, amount, on in (("F1", 40, "2015-01-01"), ("F2", 20, "2017-03-01"))
    ],
    "valuation": [{"participation_id": "A1", "valued_on": "2016-06-30", "nav": 50, "currency": "CNY"},
                  {"participation_id": "A1", "valued_on": "2017-06-30", "nav": 48, "currency": "CNY"},
                  {"participation_id": "A2", "valued_on": "2017-09-30", "nav": 21, "currency": "CNY"}],
    "company": [{"company_id": "C1", "name": "甲公司"}, {"company_id": "C2", "name": "乙公司"}],
    "investment": [
        {"investment_id": "I1", "partner_fund_id": "F1", "company_id": "C1", "invested_on": "2015-02-01", "stage": "seed", "amount": 50, "currency": "CNY"},
        {"investment_id": "I2", "partner_fund_id": "F1", "company_id": "C2", "invested_on": "2015-02-01", "stage": "seed", "amount": 20, "currency": "CNY"},
        {"investment_id": "I3", "partner_fund_id": "F2", "company_id": "C1", "invested_on": "2017-04-01", "stage": "growth", "amount": 40, "currency": "CNY"},
    ],
    "investment_exit": [{"investment_id": "I1", "exited_on": "2017-01-01", "line_no": "1", "cost": 20, "proceeds": 35, "currency": "CNY"}],
    "holding_valuation": [{"investment_id": "I1", "valued_on": "2017-06-30", "cost": 30, "value": 45, "currency": "CNY"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        # 20 of I1's cost came back as 35; 30 + 20 + 40 are left; only I1 is valued, 45 on a cost of 30
        pytest.param(
            "SELECT investments, invested, exit_cost, proceeds, gain_realised, cost_left, holding_value, gain_unrealised, cost_valued, unvalued, "
            "multiple_realised, multiple_unrealised FROM realised_result WHERE grouped_by = 'all'",
            [(3, 110, 20, 35, 15, 90, 45, 15, 30, 2, 1.75, 1.5)], id="realised and unrealised in all"),
        pytest.param("SELECT cost_left, holding_value FROM realised_result WHERE member = 'F2'", [(40, None)], id="of a fund without a valuation"),
        # C1 has 30 + 40 of 90, C2 20: (7/9)² + (2/9)² = 53/81
        pytest.param("SELECT companies, fund_cost, hhi, top1, top10, largest FROM company_concentration WHERE grouped_by = 'all'",
                     [(2, 90, 53 / 81, 7 / 9, 1.0, "C1")], id="concentration in all"),
        # F1: C1 30, C2 20: 0.36 + 0.16
        pytest.param("SELECT hhi, top1 FROM company_concentration WHERE member = 'F1'", [(0.52, 0.6)], id="concentration of a fund"),
        # guidance has 40 % of F1 and 10 % of F2: C1 30 · 0.4 + 40 · 0.1 = 16, C2 20 · 0.4 = 8, of 24
        pytest.param("SELECT place, company, funds, fund_cost, guidance_cost, guidance_value, share FROM top_holding",
                     [(1, "C1", 2, 70, 16, 18, 2 / 3), (2, "C2", 1, 20, 8, None, 1 / 3)], id="top holdings"),
        pytest.param("SELECT company, company_name, funds, partner_fund_ids, fund_cost, guidance_cost FROM company_overlap",
                     [("C1", "甲公司", 2, "F1, F2", 70, 16)], id="overlap"),
        pytest.param("SELECT * FROM fund_overlap", [("F1", "F2", 1)], id="overlap of funds"),
        # A1: 50 at 2016-06-30, nothing moved until 2016-09-30; 48 at 2017-06-30: 50 - 6 + 4. A2 began since: 20 called, worth 21
        pytest.param("SELECT nav_start, calls, distributions, valuation_change, fx_effect, nav_end, known, unknown, left_over, oldest_start, oldest_end "
                     "FROM value_bridge WHERE grouped_by = 'all'",
                     [(50, 20, 6, 5, 0, 69, 2, 0, 0, date(2016, 6, 30), date(2017, 6, 30))], id="value bridge"),
        pytest.param("SELECT start_on, end_on, nav_start, valuation_change FROM value_bridge WHERE member = 'A2'",
                     [(date(2016, 9, 30), date(2017, 9, 30), 0, 1)], id="value bridge of a participation"),
        pytest.param("SELECT nav_start, nav_end FROM value_bridge_at(DATE '2016-06-30', 'B000001') WHERE member = 'A1'",
                     [(None, None)], id="nothing valued by then: unknown, not nought"),
    ],
)  # fmt: skip
def test_by_hand(con: duckdb.DuckDBPyConnection, sql, rows) -> None:
    fill(con, ledger(HELD))
    found = con.sql(sql).fetchall()
    assert [tuple(float(one) if isinstance(one, Decimal) else one for one in row) for row in found] == [
        tuple(pytest.approx(one) if isinstance(one, float) else one for one in row) for row in rows
    ]


def test_the_bridge_of_a_group_is_the_sum_of_its_participations() -> None:
    for seed in range(LEDGERS):
        rows, days = generous(seed)
        tables = ledger(rows)
        frame = HOLDING_TWINS["value_bridge"][0](tables, days[1])
        assert frame["left_over"].drop_nulls().cast(pl.Float64).eq(0).all()
        for name in ("nav_start", "calls", "distributions", "valuation_change", "nav_end"):
            sums = frame.group_by("grouped_by", "currency").agg(pl.col(name).drop_nulls().sum())
            for currency in frame["currency"].unique():
                assert sums.filter(pl.col("currency") == currency)[name].n_unique() == 1, (
                    f"{name}, seed {seed}"
                )

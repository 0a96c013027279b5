"""Small ledgers for the rules: one guidance fund, one partner fund, one participation, and what a case changes of them.

Every case stands on the rules that come with the program (seeds/rules.csv), and on rows that it adds to them.
"""

import csv
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from ledgers import ledger

from fundtrack.metrics.rules.finding import Findings

SEED = Path(__file__).parents[1] / "seeds" / "rules.csv"
AS_OF = date(2017, 9, 30)
Row = dict[str, Any]


@cache
def seed_rules() -> tuple[Row, ...]:
    """The rows of seeds/rules.csv; a year alone is its last day, as the way in reads it."""
    with SEED.open(encoding="utf-8", newline="") as file:
        rows = [{name: value or None for name, value in row.items()} for row in csv.DictReader(file)]
    for row in rows:
        for name in ("in_force_from", "in_force_to"):
            if row[name] and len(row[name]) == 4:
                row[name] += "-12-31"
    return tuple(rows)


def book(
    fund: Row | None = None, stake: Row | None = None, rules: list[Row] | None = None, **tables: Any
) -> dict[str, pl.DataFrame]:
    """A ledger: F1 of 100 (1,000,000.00), set up on 2014-06-01, in which the venture fund G1 agreed 20 on 2014-05-01."""
    own_fund = {
        "partner_fund_id": "F1", "name": "示例一号", "manager_id": "M1", "currency": "CNY", "committed_size": "1000000",
        "established_on": "2014-06-01", "term_end": "2021-05-31", "investment_end": "2018-05-31", "amac_code": "SDM001",
        "custodian": "示例银行", "uscc": "91330106XX0010014A", "fee_rate": "0.02", "fee_base": "实缴",
    } | (fund or {})  # fmt: skip
    own_stake = {
        "participation_id": "P1", "guidance_fund_id": "G1", "partner_fund_id": "F1", "currency": "CNY",
        "commitment": "200000", "signed_on": "2014-05-01", "approved_on": "2014-03-01", "cap_ratio": "0.25",
    } | (stake or {})  # fmt: skip
    rows: dict[str, list[Row]] = {
        "guidance_fund": [
            {"guidance_fund_id": "G1", "name": "示例引导基金", "kind": "venture", "currency": "CNY"},
            {"guidance_fund_id": "G2", "name": "示例天使引导基金", "kind": "angel", "currency": "CNY"},
        ],
        "manager": [{"manager_id": "M1", "name": "示例资本", "uscc": "91330106XX00000192", "amac_no": "P1900001"}],
        "partner_fund": [own_fund, *tables.pop("more_funds", [])],
        "participation": [own_stake, *tables.pop("more_stakes", [])],
        "rule": [*seed_rules(), *(rules or [])],
    }  # fmt: skip
    return ledger(rows | tables)


def rule(rule_id: str, value: str | None, applies_to: str = "全部", **others: Any) -> Row:
    """A row that a user adds: binding, in force from 2010 on."""
    return {
        "rule_id": rule_id, "name_zh": "示例", "name_en": "Example", "parameter": "example", "value": value,
        "applies_to": applies_to, "force": "依据", "source": "示例文件", "in_force_from": "2010-01-01",
    } | others  # fmt: skip


def flow(kind: str, amount: str | None, on: str | None, stake: str = "P1", **others: Any) -> Row:
    """A row of 资金往来."""
    return {
        "participation_id": stake,
        "kind": kind,
        "amount": amount,
        "occurred_on": on,
        "currency": "CNY",
        "line_no": "1",
    } | others


def paid(investor: str, amount: str | None, on: str | None, **others: Any) -> Row:
    """A row of 基金实缴."""
    return {
        "partner_fund_id": "F1", "investor": investor, "amount": amount, "paid_on": on, "currency": "CNY", "line_no": "1",
        "call_no": "1",
    } | others  # fmt: skip


def share(investor: str, amount: str, kind: str = "private", on: str = "2014-06-01", **others: Any) -> Row:
    """A row of 出资人."""
    return {
        "partner_fund_id": "F1", "investor": investor, "kind": kind, "amount": amount, "effective_on": on,
        "reason": "initial", "currency": "CNY",
    } | others  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One finding worked out by hand.

    Attributes:
        name: what is special about it.
        rule: the rule.
        tables: the ledger.
        status: what is to be found.
        entity, occurrence: where.
        value, limit, amount, bound_by: as worked out; `...`: of no matter here.
        as_of: the day.
    """

    name: str
    rule: str
    tables: dict[str, pl.DataFrame] = field(repr=False)
    status: str
    entity: str = "P1"
    occurrence: str = ""
    value: Any = ...
    limit: Any = ...
    amount: Any = ...
    bound_by: Any = ...
    as_of: date = AS_OF

    def row_of(self, every: Findings) -> Row:
        """The one row that the program has for it."""
        all_ = every.findings
        own = all_.filter(
            (pl.col("rule_id") == self.rule)
            & (pl.col("entity") == self.entity)
            & (pl.col("occurrence") == self.occurrence)
        )
        rows = own.to_dicts()
        assert len(rows) == 1, all_.filter(pl.col("rule_id") == self.rule).to_dicts()
        return rows[0]

    def expected(self) -> Row:
        """What is worked out, by column."""
        amount = Decimal(self.amount) if isinstance(self.amount, str) else self.amount
        said = {
            "status": self.status, "value": self.value, "limit_value": self.limit, "amount": amount, "bound_by": self.bound_by,
        }  # fmt: skip
        return {name: value for name, value in said.items() if value is not ...}

"""Figures of the plan and of money to come: each leads to what it was made from, past cash to its flows, hand-worked."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from rule_book import book, flow
from small_portfolio import TABLES, write_portfolio

from fundtrack.errors import InputError
from fundtrack.load import pipeline
from fundtrack.metrics.lineage.evidence import finding
from fundtrack.metrics.lineage.figure import recomputed
from fundtrack.metrics.projection import yearly
from fundtrack.metrics.rules.every import findings
from fundtrack.reports.plan import PlanReport, plan_report
from fundtrack.reports.trace import trace_report
from fundtrack.reports.value_words import value_text
from fundtrack.store.editions import Store
from fundtrack.store.ledger import Ledger

DAY = date(2017, 9, 30)
SEEDS = Path(__file__).parents[1] / "seeds"
OWN = [
    {"guidance_fund_id": "GF000001", "kind": kind, "occurred_on": on, "amount": amount, "currency": "CNY"}
    for kind, on, amount in [
        ("budgeted", "2014-01-10", "9000"), ("received", "2014-05-05", "5000"), ("interest", "2016-06-30", "40"),
        ("fee", "2016-12-31", "60"), ("principal_remitted", "2017-06-01", "300"),
    ]
]  # fmt: skip
"""In 万元, as the small portfolio is."""


@pytest.fixture(scope="module")
def known(tmp_path_factory) -> Iterator[Ledger]:
    folder = tmp_path_factory.mktemp("plan")
    store = Store(folder / "data")
    flows = {**TABLES, "guidance_flow": [*TABLES["guidance_flow"], *OWN]}
    assert (
        pipeline.load(store, [write_portfolio(folder / "first.xlsx", flows)], by="王", seeds=SEEDS).outcome
        == "published"
    )
    with store.ledger().held() as held:
        yield held


@pytest.fixture(scope="module")
def made(known: Ledger) -> PlanReport:
    return plan_report(known, DAY)


@pytest.mark.parametrize(
    ("on", "cash", "flows"),
    [
        pytest.param("2014-05-31", "5000", 1, id="budget received; what is only budgeted is no cash"),
        pytest.param("2014-06-01", "3000", 2, id="2,000 called that day"),
        pytest.param("2016-12-31", "2980", 4, id="40 interest, 60 fee"),
        pytest.param("2017-05-10", "1980", 6, id="1,500 called, 500 back"),
        pytest.param("2017-09-30", "1680", 7, id="300 remitted"),
    ],
)
def test_past_cash_is_the_sum_of_its_flows(known, on: str, cash: str, flows: int):
    found = trace_report(known, f"plan:cash:{on}", "GF000001", DAY)
    assert found.figure.value == recomputed(found.figure) == Decimal(cash) * 10_000
    assert len(found.figure.parts) == len(found.places) == flows


def test_the_choice_leads_to_the_pipeline_and_to_what_is_lacking(known, made):
    # 87 funds, 8.65 bn and 9 houses are missing; the one pipeline fund asks for 16 m, as approved
    figure = trace_report(known, "plan:choice", None, DAY).figure
    assert figure.value == Decimal("16000000.00")
    assert {(part.key, part.field, part.role) for part in figure.parts if part.table == "participation"} == {
        ("PA000004", "approved_amount", "chosen"), ("PA000004", "expected_on", "chosen"),
    }  # fmt: skip
    assert [(part.key, part.amount) for part in figure.parts if part.table == "partner_fund"] == [
        ("PF000004", Decimal("80000000.00"))
    ]
    assert [side.value for _, side in figure.sides] == [87, 8_650_000_000, 9]
    assert (made.plan.gap.funds, made.plan.gap.scale, made.plan.gap.houses) == (87, 8_650_000_000, 9)


def test_what_is_to_come_is_what_the_plan_shows_and_starts_from_what_stands(known, made):
    ahead = made.liquidity.ahead.filter(guidance_fund_id="GF000001", item="cash").row(0, named=True)
    request = made.liquidity.requests.filter(guidance_fund_id="GF000001", year=2018).row(0, named=True)
    asked = {
        f"cash:{ahead['quarter']}": ahead["expected"], f"cash:{ahead['quarter']}:low": ahead["low"], f"cash:{ahead['quarter']}:high": ahead["high"],
        **{f"request:2018:{name}": request[name] for name in ("calls", "calls_low", "calls_high", "fee", "low", "expected", "high", "available")},
    }  # fmt: skip
    for name, value in asked.items():
        report = trace_report(known, f"plan:{name}", "GF000001", DAY)
        assert report.figure.value == value, name
        # 2,000 and 4,000 promised, 3,500 paid; NAV 2,600 of one, of the other no NAV is known
        stood = {word: side.value for word, side in report.figure.sides}
        assert (stood["cash_now"], stood["unfunded"], stood["paid_in"]) == (
            16_800_000,
            25_000_000,
            35_000_000,
        )
        assert report.formula("zh")
        assert "{" not in report.formula("en")
    calls = made.requests[0]
    for name in ("chosen", "further", "further_capped"):
        figure = trace_report(known, f"plan:calls:{calls.year}:{name}", None, DAY).figure
        assert figure.value == getattr(calls, name)
    figure = trace_report(known, "plan:pacing:2018:calls", None, DAY, "CNY").figure
    of_year = yearly(made.liquidity.projections["CNY"])[2018]["calls"]
    assert figure.value == Decimal(str(round(of_year[1], 2))).quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("figure", "of"),
    [
        pytest.param("plan:nothing", None, id="no such figure"),
        pytest.param("plan:choice:2018", None, id="the choice has no year"),
        pytest.param("plan:choice", "GF000001", id="nor a fund"),
        pytest.param("plan:calls:1999:chosen", None, id="a year that the plan does not show"),
        pytest.param("plan:calls:2018:all", None, id="a sum that it does not show"),
        pytest.param("plan:request:2018:currency", "GF000001", id="what is no amount"),
        pytest.param("plan:request:2018:calls", "GF999999", id="an unknown fund"),
        pytest.param("plan:cash:soon", "GF000001", id="what is no day"),
        pytest.param("plan:cash:2017-09-30:low", "GF000001", id="the past has no range"),
        pytest.param("plan:cash:2017-11-11", "GF000001", id="no quarter's end"),
        pytest.param("plan:pacing:2018:calls", None, id="a projection of no currency"),
    ],
)
def test_what_the_plan_does_not_show_is_refused(known, figure: str, of: str | None):
    with pytest.raises(InputError, match="figure_unknown"):
        trace_report(known, figure, of, DAY)


def test_added_in_a_year_is_the_difference_of_two_days(known):
    # 乙成长 joined on 2017-03-10 with 200 m; before it two funds stood
    for figure, day, value in (
        ("partner_funds", DAY, 1),
        ("fund_scale", DAY, 200_000_000),
        ("partner_funds", date(2015, 12, 31), 1),
    ):
        found = trace_report(known, "added", figure, day).figure
        assert found.value == recomputed(found) == value, (figure, day)


def test_a_finding_says_its_rule_its_value_and_its_limit_in_their_units():
    """A guidance share of 0.3 where a quarter is agreed; 90 days late where none is allowed."""
    over = book(
        stake={"commitment": "300000"},
        cash_flow=[flow("call", "300000", "2014-09-18", due_on="2014-06-20", due_amount="300000")],
    )
    shown = {}
    for row in findings(over, DAY).findings.iter_rows(named=True):
        if row["rule_id"] in {"OVER_CAP", "LATE_CALL"} and row["status"] == "suspected":
            figure = finding(over, row["finding_id"], DAY)
            shown[row["rule_id"], row["occurrence"]] = [
                value_text(side.value, side.currency, "en", side.metric) for _, side in figure.sides[:2]
            ]
            assert value_text(figure.value, None, "zh", figure.metric) == "疑点"
    assert shown["OVER_CAP", "committed"] == ["30.0000%", "25.0000%"]
    assert shown["LATE_CALL", "call|2014-06-20|1"] == ["90", "0"]

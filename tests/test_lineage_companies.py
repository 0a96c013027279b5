"""Traces of the Companies page, of forecasts and of the line about findings: hand-worked, and of everything the page shows."""

from datetime import date
from decimal import Decimal

import pytest
from ledgers import ledger
from portfolio_rows import flows_of, stake, tables
from rule_book import rule

from fundtrack.errors import InputError
from fundtrack.metrics.lineage.figure import recomputed, same
from fundtrack.metrics.lineage.find import trace
from fundtrack.metrics.once import Once
from fundtrack.reports.companies import companies_report
from fundtrack.reports.findings import findings_report
from fundtrack.reports.forecast_trace import forecast_figure
from fundtrack.reports.trace import trace_report

DAY = date(2017, 9, 30)
USCC = "91330100799655058B"


def deal(name, fund, company, amount, **more):
    return {"investment_id": name, "partner_fund_id": fund, "company_id": company, "invested_on": "2015-05-01", "stage": "startup",
            "amount": amount, "currency": "CNY"} | more  # fmt: skip


class Known(dict):
    """Tables with what a report asks of a ledger."""

    edition = 1

    def __init__(self, rows, day=DAY):
        super().__init__({name: rows[name] for name in rows})
        self.default_as_of = day


@pytest.fixture(scope="module")
def book():
    """P1 and P2 share C1 (also written C1b, of one code); P1 alone holds C2, half sold at 1.5×; guidance paid 20 of P1's 100, 30 of P2's 100."""
    return tables(
        [stake("A1", fund="P1"), stake("A2", fund="P2")],
        [*flows_of("A1", "call 20 2015-02-01"), *flows_of("A2", "call 30 2015-02-01")],
        fund_paid_in=[{"partner_fund_id": fund, "investor": "某", "call_no": "1", "line_no": "1", "paid_on": "2015-02-01", "amount": 100}
                      for fund in ("P1", "P2")],
        company=[{"company_id": "C1", "name": "甲", "uscc": USCC}, {"company_id": "C1b", "name": "甲公司", "uscc": USCC},
                 {"company_id": "C2", "name": "乙"}],
        investment=[deal("I1", "P1", "C1", 40), deal("I2", "P1", "C1", 10), deal("I3", "P2", "C1b", 20), deal("I4", "P1", "C2", 60)],
        investment_exit=[{"investment_id": "I4", "exited_on": "2016-05-01", "line_no": "1", "method": "transfer", "cost": 30,
                          "proceeds": 45, "currency": "CNY"}],
        holding_valuation=[{"investment_id": "I1", "valued_on": "2016-12-31", "cost": 40, "value": 55, "currency": "CNY"},
                           {"investment_id": "I4", "valued_on": "2016-12-31", "cost": 30, "value": 33, "currency": "CNY"}],
        fund_report=[{"partner_fund_id": "P1", "period": "2016", "kind": "年报", "net_assets": 110, "cash": 22}],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "of", "value", "keys"),
    [
        # guidance cost left: C1 = (40 + 10) × 20 % + 20 × 30 % = 16; C2 = 30 × 20 % = 6
        pytest.param("company:place", "C2", "2", None, id="second by guidance cost left"),
        pytest.param("company:place", "C1", "1", None, id="first"),
        pytest.param("company:cost_share", "C1", 16 / 22, None, id="16 of 22"),
        pytest.param("company:funds", "C1", "2", {"I1", "I3"}, id="each fund by its first investment"),
        pytest.param("overlap:funds", "C1", "2", {"I1", "I3"}, id="shared by two"),
        pytest.param("overlap:fund_cost", "C1", "70.00", {"I1", "I2", "I3"}, id="cost of both"),
        pytest.param("overlap:guidance_cost", "C1", "16.00", {"I1", "I2", "I3"}, id="guidance part of both"),
        pytest.param("overlap:companies", "P1+P2", "1", {"I1"}, id="one company shared, by the first fund's investment"),
        pytest.param("companies_held", "P1", "2", {"I1", "I4"}, id="two companies held"),
        pytest.param("multiple_realised", "P1", 1.5, None, id="45 of 30"),
        pytest.param("multiple_unrealised", "P1", 88 / 70, None, id="(55 + 33) of (40 + 30), the unvalued I2 apart"),
        pytest.param("net_assets", "P1", "110.00", {"P1|2016|年报"}, id="as reported"),
        pytest.param("cash", "P1", "22.00", {"P1|2016|年报"}, id="cash as reported"),
        pytest.param("explained", "P1", "88.00", {"I1|2016-12-31", "I4|2016-12-31"}, id="values at the report's day"),
        pytest.param("unvalued", "P1", "1", {"I2"}, id="one without a value"),
        pytest.param("partner_fund_id:investments", "P1", "3", {"I1", "I2", "I4"}, id="investments of a fund"),
    ],
)  # fmt: skip
def test_what_the_page_shows_is_taken_apart(book, metric, of, value, keys):
    made = trace(book, metric, of, DAY, "CNY")
    assert made.value == (pytest.approx(value) if isinstance(value, float) else Decimal(value))
    assert same(recomputed(made), made.value)
    assert keys is None or {part.key for part in made.parts} == keys


@pytest.mark.parametrize(
    ("metric", "of"),
    [
        ("company:place", "C9"),
        ("overlap:funds", "C2"),
        ("overlap:companies", "P1+P9"),
        ("overlap:companies", "C1"),
    ],
)
def test_what_nobody_shares_has_no_trace(book, metric, of):
    with pytest.raises(InputError, match="figure_of_unknown"):
        trace(book, metric, of, DAY, "CNY")


LOOKED = {"investments": "investments", "invested": "fund_invested", "unvalued": "unvalued"}
SHOWN = {
    "top": {"place": "company:place", "funds": "company:funds", "share": "company:cost_share", "guidance_cost": "company:guidance_cost"},
    "overlap": {"funds": "overlap:funds", "fund_cost": "overlap:fund_cost", "guidance_cost": "overlap:guidance_cost"},
    "pairs": {"companies": "overlap:companies"},
    "concentration": {"companies": "companies_held", "hhi": "hhi", "top1": "top1", "top10": "top10"},
    "realised": {"multiple_realised": "multiple_realised", "multiple_unrealised": "multiple_unrealised"}
    | {column: f"all:{figure}" for column, figure in LOOKED.items()},
    "realised_funds": {"multiple_realised": "multiple_realised", "multiple_unrealised": "multiple_unrealised"}
    | {column: f"partner_fund_id:{figure}" for column, figure in LOOKED.items()},
    "coverage": {name: name for name in ("net_assets", "cash", "explained", "unvalued", "coverage")},
    "totals": {name: name for name in ("explained", "coverage", "oldest_nav_on")},
}  # fmt: skip
"""What each frame of the page shows by the name of its trace."""


def shown_and_traced(known, report):
    """Every figure of the page: what the report shows, and what its trace leads to."""
    once = Once(known)
    for frame, columns in SHOWN.items():
        for row in getattr(report, frame).to_dicts():
            of = row.get("company") if frame in {"top", "overlap"} else row.get("group")
            for column, figure in columns.items():
                made = trace(once, figure, None if of == "all" else of, report.as_of, row.get("currency"))
                yield (frame, column, of), row[column], made


def test_every_figure_of_the_page_is_traced(book):
    known = Known(book)
    count = 0
    for where, value, made in shown_and_traced(known, companies_report(known)):
        count += 1
        assert made.value == value or same(made.value, value), where
        assert value is None or same(recomputed(made), made.value), where
    assert count > 40


@pytest.fixture(scope="module")
def suspicious():
    """Approved on 2016-05-01 and not set up; 7 paid into it, and 5 into a fund of which nothing is suspected."""
    return ledger(
        {
            "guidance_fund": [{"guidance_fund_id": "G1", "name": "甲", "kind": "venture", "currency": "CNY"}],
            "partner_fund": [{"partner_fund_id": f"P{n}", "name": f"{n}号", "manager_id": "M1", "currency": "CNY"} for n in (1, 2)],
            "participation": [
                {"participation_id": "A1", "guidance_fund_id": "G1", "partner_fund_id": "P1", "approved_on": "2016-05-01", "currency": "CNY"},
                {"participation_id": "A2", "guidance_fund_id": "G1", "partner_fund_id": "P2", "approved_on": "2017-05-01", "currency": "CNY"}],
            "cash_flow": [*flows_of("A1", "call 7 2016-06-01; distribution 1 2016-07-01"), *flows_of("A2", "call 5 2017-06-01")],
            "rule": [rule("NOT_SETUP_1Y", "365")],
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "value", "cells"),
    [
        pytest.param("findings_funds", "1", [("partner_fund", "P1")], id="one fund"),
        pytest.param(
            "findings_paid",
            "7.00",
            [("cash_flow", "A1|call|2016-06-01|0")],
            id="its calls, not what came back",
        ),
    ],
)
def test_the_line_about_findings_leads_to_cells(suspicious, metric, value, cells):
    made = trace(suspicious, metric, None, DAY)
    assert made.value == Decimal(value)
    assert [(part.table, part.key) for part in made.parts] == cells


def test_the_line_about_findings_names_its_numbers(suspicious):
    class Seen(Known):
        def findings_seen(self):
            import polars as pl

            return pl.DataFrame(schema={"finding_id": pl.String, "first_seen_edition": pl.Int32})

    report = findings_report(Seen(suspicious))
    for lang in ("zh", "en"):
        text, known = report.summary(lang), report.summary_figures(lang)
        places = [text.index(each.text) for each in known]
        assert places[0] < max(places)
        assert [each.figure for each in known if each.figure] == ["findings_funds", "findings_paid"]
        assert [each.rule for each in known if each.rule] == ["NOT_SETUP_1Y"]


def test_a_forecast_is_traced_to_its_method_and_inputs(suspicious):
    """Two cases are too little history: it is refused, and the trace says so beside the dates that it read."""
    target = {"code": "partner_funds", "due_on": "2017-12-31", "starts_on": "2017-01-01", "name": "合作基金", "value": 9, "unit": "只",
              "currency": None, "source": "计划"}  # fmt: skip
    data = Known(
        {name: suspicious[name] for name in suspicious} | {"target": ledger({"target": [target]})["target"]}
    )
    made, words = forecast_figure(data, "partner_funds", DAY)
    assert (made.value, made.how, made.sides[0][0]) == (None, "simulated", "actual")
    assert {(part.key, part.field, part.role, part.day) for part in made.parts} == {
        ("A1", "approved_on", "waiting", date(2016, 5, 1)), ("A2", "approved_on", "waiting", date(2017, 5, 1))}  # fmt: skip
    assert "15" in words["zh"] and "15" in words["en"], "how much history is needed"
    with pytest.raises(InputError, match="figure_unknown"):
        forecast_figure(data, "invention_patents", DAY)


def test_the_demos_forecast_and_companies_lead_back(demo_folder):
    from fundtrack.store.editions import Store

    with Store(demo_folder).ledger().held() as known:
        made = trace_report(known, "forecast:partner_funds")
        assert [word for word, _ in made.figure.sides] == [
            "actual",
            "forecast_low",
            "forecast_high",
            "forecast_naive",
            "forecast_chance",
        ]
        assert made.as_json()["formula"]["en"] == made.formula("en") != made.formula("zh")
        assert all(made.cell(part)["file"] for part in made.figure.parts)
        for where, value, figure in shown_and_traced(known, companies_report(known)):
            assert figure.value == value or same(figure.value, value), where

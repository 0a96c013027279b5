"""What partner funds' investments cost and are worth, and their gross returns beside what managers report."""

from datetime import date
from decimal import Decimal

import pytest
from portfolio_rows import stake, tables

from fundtrack.metrics.gross import gross, reported_beside
from fundtrack.metrics.holdings import holdings, realised

AS_OF = date(2017, 9, 30)


def made(name, amount, day="2015-09-30", fund="P1", currency="CNY"):
    return {"investment_id": name, "partner_fund_id": fund, "company_id": f"C{name}", "invested_on": day, "stage": "seed",
            "amount": amount, "currency": currency}  # fmt: skip


def sold(name, cost, proceeds, day, currency="CNY"):
    return {"investment_id": name, "exited_on": day, "line_no": day, "method": "transfer", "cost": cost,
            "proceeds": proceeds, "currency": currency}  # fmt: skip


def worth(name, value, cost, day, currency=None):
    return {"investment_id": name, "valued_on": day, "cost": cost, "value": value, "currency": currency}


def world(investment, investment_exit=(), holding_valuation=(), **others):
    return tables(
        [stake("A1")], investment=list(investment), investment_exit=list(investment_exit),
        holding_valuation=list(holding_valuation), company=[{"company_id": row["company_id"], "name": row["company_id"]} for row in investment],
        **others,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("exits", "values", "cost_left", "value", "gained"),
    [
        pytest.param([], [], "100", None, ("0", None), id="never valued: unknown, not cost"),
        pytest.param([], [worth("I", "150", "100", "2017-06-30")], "100", "150", ("0", "50"), id="valued"),
        pytest.param([], [worth("I", None, "100", "2017-06-30"), worth("I", "90", "100", "2016-12-31")], "100", "90", ("0", "-10"), id="newest known"),
        pytest.param([], [worth("I", "150", "100", "2017-10-01")], "100", None, ("0", None), id="valued later"),
        pytest.param([sold("I", "40", "70", "2017-01-31")], [worth("I", "90", "60", "2017-06-30")], "60", "90", ("30", "30"), id="sold before the valuation"),
        # 150 for 100; 40 of cost sold since: 150 · 60/100 = 90
        pytest.param([sold("I", "40", "70", "2017-07-31")], [worth("I", "150", "100", "2017-06-30")], "60", "90", ("30", "30"), id="sold after it"),
        pytest.param([sold("I", "40", "70", "2017-10-31")], [worth("I", "150", "100", "2017-06-30")], "100", "150", ("0", "50"), id="sold later"),
        pytest.param([sold("I", "0", "8", "2017-07-31")], [worth("I", "150", "100", "2017-06-30")], "100", "150", ("8", "50"), id="dividend"),
        pytest.param([sold("I", "100", "20", "2017-07-31")], [], "0", "0", ("-80", "0"), id="gone"),
        pytest.param([sold("I", "40", "7", "2017-01-31", "USD")], [worth("I", "9", "60", "2017-06-30")], None, None, (None, None), id="sold for dollars"),
        pytest.param([], [worth("I", "9", "60", "2017-06-30", "USD")], "100", None, ("0", None), id="valued in dollars"),
    ],
)  # fmt: skip
def test_a_holding(exits, values, cost_left, value, gained):
    row = holdings(world([made("I", "100")], exits, values), AS_OF).row(0, named=True)
    shown = (row["cost_left"], row["value"], row["gain_realised"], row["gain_unrealised"])
    assert shown == tuple(text and Decimal(text) for text in (cost_left, value, *gained))


def test_realised_and_unrealised():
    rows = realised(
        world(
            [made("I", "100"), made("J", "50"), made("K", "30"), made("L", "9", currency="USD")],
            [sold("I", "100", "300", "2017-01-31")],
            [worth("J", "80", "50", "2017-06-30")],
        ),
        AS_OF,
    )
    yuan, dollars = rows.iter_rows(named=True)
    assert (yuan["invested"], yuan["exit_cost"], yuan["proceeds"], yuan["gain_realised"]) == (
        180,
        100,
        300,
        200,
    )
    # J is worth 80 for 50; K is unknown and counted
    assert (yuan["cost_left"], yuan["value"], yuan["gain_unrealised"], yuan["unvalued"]) == (80, 80, 30, 1)
    assert (yuan["multiple_realised"], yuan["multiple_unrealised"]) == (3.0, 1.6)
    assert (dollars["currency"], dollars["invested"], dollars["value"]) == ("USD", Decimal(9), None)


def test_gross_of_a_fund():
    # 100 on 2015-09-30 and 100 on 2016-09-30; 121 back on 2017-09-30 for the first, the second worth 110
    book = world(
        [made("I", "100"), made("J", "100", "2016-09-30")],
        [sold("I", "100", "121", "2017-09-30")],
        [worth("J", "110", "100", "2017-09-30")],
    )
    row = gross(book, AS_OF).row(0, named=True)
    assert (row["invested"], row["proceeds"], row["value"], row["moic"]) == (200, 121, 110, 1.155)
    # 2016 is a leap year: 366 days, then 365
    rate = row["irr_gross"]
    assert -100 - 100 * (1 + rate) ** (-366 / 365) + 231 * (1 + rate) ** (-731 / 365) == pytest.approx(
        0, abs=1e-9
    )
    assert row["irr_status"] == "ok"


@pytest.mark.parametrize(
    "book",
    [
        pytest.param(world([made("I", "100"), made("J", "50")], (), [worth("I", "110", "100", "2017-06-30")]), id="one unvalued"),
        pytest.param(world([made("I", "100", currency="USD")], (), [worth("I", "110", "100", "2017-06-30")]), id="dollars in a yuan fund"),
        pytest.param(world([made("I", "100")], [sold("I", "1", "1", "2017-06-30", "USD")]), id="sold for dollars"),
    ],
)  # fmt: skip
def test_unknown_is_null(book):
    row = gross(book, AS_OF).row(0, named=True)
    assert (row["moic"], row["irr_gross"], row["irr_status"], row["value"]) == (None, None, None, None)


def test_reported_beside_recomputed_of_the_same_day():
    report = {
        "partner_fund_id": "P1",
        "period": "2017H1",
        "kind": "半年报",
        "irr_reported": "0.25",
        "multiple_reported": "1.3",
    }
    later = {"partner_fund_id": "P1", "period": "2017Q3", "kind": "季报", "multiple_reported": "1.5"}
    book = world(
        [made("I", "100", "2016-06-30")],
        (),
        [worth("I", "120", "100", "2017-06-30"), worth("I", "140", "100", "2017-09-30")],
        fund_report=[report, later],
    )
    first, second = reported_beside(book, AS_OF).iter_rows(named=True)
    # on 2017-06-30: 100 to 120 in 365 days; the multiple of the newer report against 140 / 100
    assert (first["reported_on"], first["kind"], first["multiple_reported"]) == (
        date(2017, 6, 30),
        "半年报",
        None,
    )
    assert (first["irr_gross"], first["irr_difference"]) == (pytest.approx(0.2), pytest.approx(0.05))
    assert (second["moic"], second["multiple_difference"], second["irr_difference"]) == (
        1.4,
        pytest.approx(0.1),
        None,
    )


def test_the_firmest_report_of_a_day_counts():
    reports = [
        {"partner_fund_id": "P1", "period": period, "kind": kind, "multiple_reported": value, "currency": currency}
        for period, kind, value, currency in (
            ("2016", "年报", "1.1", None), ("2016Q4", "季报", "1.2", "CNY"), ("2016", "审计报告", "1.3", "CNY"),
            ("2017H1", "半年报", "9", "USD"), ("2017", "年报", "8", None),
        )
    ]  # fmt: skip
    row = reported_beside(world([], fund_report=reports), AS_OF).row(0, named=True)
    assert (row["kind"], row["multiple_reported"], row["moic"]) == ("审计报告", 1.3, None)


def test_no_investments():
    assert gross(world([]), AS_OF).is_empty()
    assert reported_beside(world([]), AS_OF).is_empty()
    assert realised(world([]), AS_OF, "all").is_empty()

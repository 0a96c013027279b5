"""The money trail, worked by hand, and the same as auditors read it in SQL."""

from datetime import date
from decimal import Decimal

import pytest
from ledgers import answer, database, fill, ledger
from portfolio_rows import flows_of, stake

from fundtrack.metrics.lineage.find import trace
from fundtrack.metrics.money_trail import money_trail, stations, trail_total
from fundtrack.reports.money_trail import trail_report

DAY = date(2017, 9, 30)


def cents(text):
    return None if text is None else Decimal(text).quantize(Decimal("0.01"))


def own(fund, text, currency="CNY"):
    """Read `kind amount day`, separated by semicolons."""
    return [
        {"guidance_fund_id": fund, "kind": kind, "amount": amount, "occurred_on": day, "currency": currency, "line_no": str(place)}
        for place, (kind, amount, day) in enumerate(part.split() for part in text.split(";"))
    ]  # fmt: skip


# G1 gets 1,000 of a budget of 1,200 and 5 of interest, pays a fee of 10, calls of 300 (A1) and 200 (A2) and a fee of 4
# outside; 90 and 60 come back, 70 of it is remitted. P1 is paid 600 in all, half of it by G1, and invests 400: 200 is G1's.
# P2 is paid only by G1 and invests 100. After the day, nothing counts. G2 has a record of nothing. G3 is in USD and tells of no budget.
def world():
    stakes = [
        stake("A1"),
        stake("A2"),
        stake("A3", guidance="G3", currency="USD"),
        stake("A4", guidance="G2"),
    ]
    return ledger({
        "guidance_fund": [{"guidance_fund_id": name, "name": f"示例{name}", "kind": "venture", "currency": "USD" if name == "G3" else "CNY"}
                          for name in ("G1", "G2", "G3")],
        "partner_fund": [{"partner_fund_id": row["partner_fund_id"], "name": f"示例{row['partner_fund_id']}", "manager_id": "M1", "currency": row["currency"]}
                         for row in stakes],
        "participation": stakes,
        "guidance_flow": [
            *own("G1", "budgeted 1200 2014-01-10; received 1000 2014-02-01; interest 5 2015-06-21; fee 10 2015-07-01; other -3 2016-01-05;"
                       "principal_remitted 60 2017-06-01; income_remitted 10 2017-06-01; received 999 2017-12-01; committed 5000 2014-01-01"),
            *own("G3", "received 50 2016-01-01", "USD"),
        ],
        "cash_flow": [
            *flows_of("A1", "call 300 2014-06-01; fee_outside 4 2015-06-01; distribution 90 2017-05-01; call 77 2017-11-01"),
            *flows_of("A2", "call 200 2015-06-01; exit_proceeds 60 2017-08-01"),
            *flows_of("A3", "call 20 2016-06-01", "USD"),
            *flows_of("A4", "call 8 2016-06-01"),
        ],
        "fund_paid_in": [
            {"partner_fund_id": fund, "investor": who, "call_no": "1", "line_no": "1", "paid_on": "2014-06-01", "amount": amount}
            for fund, who, amount in [("P1", "示例引导", 300), ("P1", "示例民企", 300), ("P2", "示例引导", 200)]
        ],
        "company": [{"company_id": "C1", "name": "示例企业"}],
        "investment": [
            {"investment_id": f"I{place}", "partner_fund_id": fund, "company_id": "C1", "invested_on": "2016-09-01", "stage": "seed",
             "amount": amount, "currency": "CNY", "instrument": "equity"}
            for place, (fund, amount) in enumerate([("P1", 400), ("P2", 100)])
        ],
    })  # fmt: skip


COLUMNS = (
    "budgeted",
    "received",
    "interest",
    "fees",
    "other",
    "paid_to_funds",
    "in_companies",
    "money_back",
    "remitted",
    "balance",
)
BY_HAND = {
    # 1000 + 5 - 3 + 150 - 504 - 10 - 70 = 568
    "G1": ("CNY", "1200", "1000", "5", "10", "-3", "504", "300", "150", "70", "568"),
    "G2": ("CNY", None, None, None, None, None, "8", None, "0", None, None),
    "G3": ("USD", None, "50", "0", "0", "0", "20", None, "0", "0", "30"),
}  # fmt: skip


@pytest.mark.parametrize("fund", BY_HAND)
def test_each_guidance_fund_by_hand(fund):
    row = money_trail(world(), DAY).filter(guidance_fund_id=fund).row(0, named=True)
    assert (row["currency"], *(row[name] for name in COLUMNS)) == (
        BY_HAND[fund][0],
        *map(cents, BY_HAND[fund][1:]),
    )


def test_currencies_are_added_apart_and_the_unrecorded_are_counted():
    rows = {row["currency"]: row for row in trail_total(world(), DAY).iter_rows(named=True)}
    assert list(rows) == ["CNY", "USD"]
    assert [
        rows["CNY"][name]
        for name in ("budgeted", "received", "paid_to_funds", "money_back", "remitted", "balance")
    ] == [*map(cents, ("1200", "1000", "512", "150", "70", "568"))]
    assert (rows["CNY"]["recorded"], rows["CNY"]["funds"]) == (1, 2)
    assert rows["USD"]["paid_to_funds"] == cents("20")


def test_a_station_stands_beside_the_one_its_money_came_from():
    rows = stations(trail_total(world(), DAY)).filter(currency="CNY")
    assert rows["stage"].to_list() == [
        "budgeted",
        "received",
        "paid_to_funds",
        "in_companies",
        "money_back",
        "remitted",
    ]
    assert rows["before"].to_list() == [None, *map(cents, ("1200", "1000", "512", "512", "150"))]
    assert rows["share"].to_list()[1] == pytest.approx(1000 / 1200)


def test_auditors_read_the_same_in_sql():
    made = world()
    con = database()
    fill(con, made)
    theirs = answer(con, "SELECT * FROM audit_money_trail_at(DATE '2017-09-30')")
    pairs = {"budgeted": "budgeted", "received": "received", "interest": "interest", "fees": "fees", "other": "other",
             "paid_to_funds": "paid_to_funds", "money_back": "money_back", "remitted": "remitted", "balance": "balance_computed"}  # fmt: skip
    ours = money_trail(made, DAY)
    keys = ["guidance_fund_id", "currency"]
    assert ours.select(*keys, *pairs).rows() == theirs.select(*keys, *pairs.values()).rows()
    assert ours.height == 3


@pytest.mark.parametrize(
    ("figure", "of", "value", "cells"),
    [
        pytest.param("trail_received", None, "1000", [("guidance_flow", "1000.00")], id="received until the day"),
        pytest.param("paid_to_funds", "G1", "504", [("cash_flow", "300.00"), ("cash_flow", "4.00"), ("cash_flow", "200.00")], id="paid by one"),
        pytest.param("trail_remitted", None, "70", [("guidance_flow", "10.00"), ("guidance_flow", "60.00")], id="principal and income"),
        pytest.param("trail_balance", None, "568", [("guidance_flow", one) for one in ("1000.00", "5.00", "-10.00", "-3.00", "-10.00", "-60.00")]
                     + [("cash_flow", one) for one in ("-300.00", "-4.00", "-200.00", "90.00", "60.00")], id="the balance, without the unrecorded"),
        pytest.param("trail_budgeted", "G2", None, [], id="nothing recorded is unknown"),
    ],
)  # fmt: skip
def test_every_station_leads_to_its_cells(figure, of, value, cells):
    found = trace(world(), figure, of, DAY, "CNY")
    assert found.value == cents(value)
    assert sorted((part.table, str(part.amount)) for part in found.parts) == sorted(cells)


def test_the_report_tells_where_the_money_is():
    class Known(dict):
        edition = 1
        default_as_of = DAY

    report = trail_report(Known(world()))
    told = report.as_json()
    assert told["as_of"] == "2017-09-30"
    assert [row["value"] for row in told["stations"] if row["currency"] == "CNY"] == [
        "1200.00",
        "1000.00",
        "512.00",
        "300.00",
        "150.00",
        "70.00",
    ]
    assert told["guidance_funds"][1]["budgeted"] is None
    assert (
        report.finding("zh")
        == "财政到账0.1万元，已拨付合作基金0.05万元（51.2%），已收回0.02万元，其中上缴0.01万元"
    )

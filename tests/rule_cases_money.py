"""Cases of calls, reports and sums: LATE_CALL, FEE_OVER, LATE_REPORT, STALE_NAV, SUM_MISMATCH, IDLE, worked out by hand."""

from rule_book import Case, book, flow, paid, rule, share

_DUE = {"due_on": "2017-06-26", "due_amount": "100000"}
_USD = {"currency": "USD"}
_CALL = [flow("call", "200000", "2014-06-20")]


def report(period: str, kind: str = "年报", **others: str) -> dict[str, str]:
    """A row of 基金定期报告."""
    return {"partner_fund_id": "F1", "period": period, "kind": kind, "currency": "CNY"} | others


def guided(kind: str, amount: str, on: str, line: str = "1") -> dict[str, str]:
    """A row of 引导基金收支."""
    return {
        "guidance_fund_id": "G1",
        "kind": kind,
        "amount": amount,
        "occurred_on": on,
        "currency": "CNY",
        "line_no": line,
    }


_IN_TIME = [report("2016", filed_on="2017-04-20", paid_in="800000"), report("2014"), report("2015")]

CASES = [
    # due 2017-06-26; to 07-05 nine days, to 09-30 ninety-six
    Case("paid nine days late", "LATE_CALL", book(cash_flow=[flow("call", "100000", "2017-07-05", **_DUE)]), "suspected", "P1",
         "call|2017-06-26|1", 9.0, 0.0, "100000", "agreement"),
    Case("paid on the day", "LATE_CALL", book(cash_flow=[flow("call", "100000", "2017-06-26", **_DUE)]), "clear", "P1",
         "call|2017-06-26|1", 0.0, 0.0, None, "agreement"),
    Case("due and unpaid", "LATE_CALL", book(cash_flow=[flow("call", None, None, **_DUE)]), "suspected", "P1",
         "call|2017-06-26|1", 96.0, 0.0, "100000", "agreement"),
    Case("paid in part", "LATE_CALL", book(cash_flow=[flow("call", "60000", "2017-06-20", **_DUE)]), "suspected", "P1",
         "call|2017-06-26|1", 96.0, 0.0, "40000", "agreement"),
    Case("nobody knows when it was due", "LATE_CALL", book(cash_flow=[flow("call", "100000", "2016-01-04")]), "incomplete", "P1",
         "call|2016-01-04|1"),
    Case("ten days of grace", "LATE_CALL",
         book(cash_flow=[flow("call", "100000", "2017-07-05", **_DUE)], rules=[rule("LATE_CALL", "10", "全部（到期宽限）")]),
         "clear", "P1", "call|2017-06-26|1", 9.0, 10.0, None, "agreement"),
    Case("two private investors late, the later by nine days", "LATE_CALL",
         book(fund_paid_in=[paid("示例甲", "300000", "2016-03-10", due_on="2016-03-01", due_amount="300000"),
                            paid("示例乙", "200000", "2016-03-04", due_on="2016-03-01", due_amount="200000"),
                            paid("示例丙", "100000", "2016-03-01", due_on="2016-03-01", due_amount="100000")]),
         "suspected", "F1", "investors|1|2016-03-01", 9.0, 0.0, "500000", "agreement"),
    Case("guidance money came a week before private money of the same call", "LATE_CALL",
         book(fund_paid_in=[paid("示例引导基金", "200000", "2016-03-01", guidance_fund_id="G1"), paid("示例集团", "300000", "2016-03-08")]),
         "hint", "P1", "before|1|1", 7.0, 0.0, "200000", "reference"),
    # 2 % a year of 800,000 paid in is 16,000, a quarter's 4,000
    Case("the fee agreed", "FEE_OVER", book(fund_report=[report("2016", paid_in="800000", fee="16000")]), "clear", "F1"),
    Case("a cent above it", "FEE_OVER", book(fund_report=[report("2016", paid_in="800000", fee="16000.01")]), "suspected", "F1",
         "2016|年报", 16000.01, 16000.0, "0.01", "agreement"),
    Case("a quarter's", "FEE_OVER", book(fund_report=[report("2017Q2", "季报", paid_in="800000", fee="4500")]), "suspected", "F1",
         "2017Q2|季报", 4500.0, 4000.0, "500", "agreement"),
    Case("the base was larger when the year began", "FEE_OVER",
         book(fund_report=[report("2015", paid_in="900000"), report("2016", paid_in="800000", fee="17000")]), "clear", "F1"),
    Case("no rate agreed: practice is two per cent of paid-in", "FEE_OVER",
         book({"fee_rate": None, "fee_base": None}, fund_report=[report("2016", paid_in="800000", fee="17000")]), "hint", "F1",
         "2016|年报", 17000.0, 16000.0, "1000", "reference"),
    Case("no report states a fee", "FEE_OVER", book(fund_report=[report("2016", paid_in="800000")]), "incomplete", "F1"),
    Case("the base of the fee is not known", "FEE_OVER", book(fund_report=[report("2016", fee="17000")]), "incomplete", "F1"),
    # due 2017-07-31, filed 2017-09-15: 46 days
    Case("filed 46 days late", "LATE_REPORT",
         book(fund_report=[report("2017Q2", "季报", due_on="2017-07-31", filed_on="2017-09-15", paid_in="1")]), "suspected", "F1",
         "2017Q2|季报", 46.0, 0.0, None, "agreement"),
    Case("every report in time", "LATE_REPORT",
         book(fund_report=[*_IN_TIME, report("2017Q2", "季报", due_on="2017-07-31", filed_on="2017-07-31", paid_in="1")]), "clear", "F1"),
    Case("the year's report was due on 30 June and is not there", "LATE_REPORT", book(), "hint", "F1", "2016|年报", 92.0, 0.0, None,
         "reference"),
    Case("it is there, but nobody knows since when", "LATE_REPORT",
         book(fund_report=[report("2017Q2", "季报", due_on="2017-07-31", paid_in="1")]), "incomplete", "F1", "2017Q2|季报"),
    Case("a quarter's report missing where earlier ones came by the month's end after", "LATE_REPORT",
         book(fund_report=[report("2017Q1", "季报", due_on="2017-04-30", filed_on="2017-04-28", paid_in="1")]), "suspected", "F1",
         "2017Q2|季报", 61.0, 0.0, None, "agreement"),
    # from 2016-09-30 to 2017-09-30 are 365 days
    Case("valued exactly 365 days ago", "STALE_NAV",
         book(cash_flow=_CALL, valuation=[{"participation_id": "P1", "valued_on": "2016-09-30", "nav": "210000", "currency": "CNY"}]),
         "clear", value=365.0, limit=365.0),
    Case("valued 366 days ago", "STALE_NAV",
         book(cash_flow=_CALL, valuation=[{"participation_id": "P1", "valued_on": "2016-09-29", "nav": "210000", "currency": "CNY"}]),
         "hint", value=366.0, limit=365.0, amount="210000", bound_by="reference"),
    Case("a binding rule of half a year", "STALE_NAV",
         book(cash_flow=_CALL, rules=[rule("STALE_NAV", "180")],
              valuation=[{"participation_id": "P1", "valued_on": "2017-03-31", "nav": "210000", "currency": "CNY"}]),
         "suspected", value=183.0, limit=180.0, amount="210000", bound_by="rule"),
    Case("never valued", "STALE_NAV", book(cash_flow=_CALL), "incomplete", value=None),
    # the fund's size is 1,000,000
    Case("investors add up to the fund", "SUM_MISMATCH",
         book(investor_commitment=[share("示例甲", "800000"), share("示例引导基金", "200000", "guidance", guidance_fund_id="G1")]),
         "clear", "F1", "investors", 1000000.0, 1000000.0, None, "rule"),
    Case("investors fall short of the fund", "SUM_MISMATCH", book(investor_commitment=[share("示例甲", "900000")]), "suspected", "F1",
         "investors", 900000.0, 1000000.0, "100000", "rule"),
    Case("within the tolerance that a user set", "SUM_MISMATCH",
         book(investor_commitment=[share("示例甲", "999999.50")], rules=[rule("SUM_MISMATCH", "1")]), "clear", "F1", "investors",
         999999.5, 1000000.0, None, "rule"),
    Case("no investor is listed", "SUM_MISMATCH", book(), "incomplete", "F1", "investors", None, 1000000.0),
    Case("principal and income are not the amount", "SUM_MISMATCH",
         book(cash_flow=[flow("distribution", "50000", "2017-01-10", principal="30000", income="19000")]), "suspected", "P1",
         "parts|distribution|2017-01-10|1", 49000.0, 50000.0, "1000", "rule"),
    Case("the two books of one payment differ", "SUM_MISMATCH",
         book(cash_flow=_CALL, fund_paid_in=[paid("示例引导基金", "150000", "2014-06-20", guidance_fund_id="G1")]), "suspected", "P1",
         "books", 200000.0, 150000.0, "50000", "rule"),
    Case("the other book is empty", "SUM_MISMATCH", book(cash_flow=_CALL), "incomplete", "P1", "books", 200000.0, None),
    # 1,000,000 + 500 - 200,000 - 10,000 = 790,500
    Case("the balance declared is 10,000 more than what is left", "SUM_MISMATCH",
         book(cash_flow=_CALL, guidance_flow=[guided("received", "1000000", "2014-01-02"), guided("interest", "500", "2014-06-30"),
                                             guided("fee", "10000", "2014-07-01"), guided("balance", "800500", "2017-06-30")]),
         "suspected", "G1", "balance|2017-06-30", 790500.0, 800500.0, "10000", "rule"),
    Case("a position a hundred times that of the report before", "SUM_MISMATCH",
         book(fund_report=[report("2016", paid_in="800000"), report("2017Q1", "季报", paid_in="80000000")]), "suspected", "F1",
         "jump|paid_in|2017Q1", 80000000.0, 800000.0, "79200000", "rule"),
    Case("no exchange rate serves the day", "SUM_MISMATCH",
         book(_USD, _USD, cash_flow=[flow("call", "100000", "2016-01-04", currency="USD")]), "incomplete", "P1", "rate|USD|2016-01-04",
         None, None, None),
]  # fmt: skip

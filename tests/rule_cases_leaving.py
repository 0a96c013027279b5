"""Cases of OVERDUE_EXIT, EXIT_PRICE, EXIT_ORDER, REMIT_LATE and of the rules on reinvestment, worked out by hand."""

import hashlib
from typing import Any

from rule_book import Case, Row, book, flow, rule, share

_CALL = [flow("call", "100000", "2014-06-20")]
_RATE = {"kind": "lending", "code": "1Y", "quoted_on": "2015-10-24", "value": "0.0435", "source": "测试"}
_PLUS = {"concession_kind": "原值加贷款基准利率"}
_ASKED = {
    "reinvest_kind": "倍数",
    "reinvest_required": "2",
    "reinvest_base": "认缴",
    "reinvest_due": "2016-12-31",
}
_REMITTED = {"guidance_fund_id": "G1", "kind": "principal_remitted", "currency": "CNY", "line_no": "1"}


def sold(amount: str, **others: Any) -> list[Row]:
    """The call of 2014-06-20 sold again on 2016-06-20, 731 days later."""
    sale = {"exit_kind": "转让", "cost_basis": "100000"} | others
    return [*_CALL, flow("exit_proceeds", amount, "2016-06-20", **sale)]


def left(investor: str, on: str, reason: str) -> str:
    """The occurrence of an investor's leaving."""
    return (
        f"{on}|{hashlib.md5(f'F1|{investor}|{on}|{reason}'.encode(), usedforsecurity=False).hexdigest()[:6]}"
    )


def extended(**others: Any) -> Row:
    """An extension from 2017-08-31 to 2018-05-31."""
    return {
        "partner_fund_id": "F1", "kind": "extended", "effective_on": "2017-05-01", "before": "2017-08-31", "after": "2018-05-31",
    } | others  # fmt: skip


def recognised(amount: str, on: str = "2016-05-01", **others: Any) -> Row:
    """A recognition of an investment in C1."""
    return {
        "participation_id": "P1", "company_id": "C1", "investment_id": "I1", "recognised": amount, "basis": "注册在杭",
        "recognised_on": on, "recognised_by": "示例中心", "evidence": "营业执照",
    } | others  # fmt: skip


def made(
    amount: str = "500000", stage: str = "startup", investment: str = "I1", on: str = "2015-02-01"
) -> Row:
    """An investment of F1 in C1."""
    return {
        "investment_id": investment, "partner_fund_id": "F1", "company_id": "C1", "invested_on": on, "stage": stage,
        "amount": amount, "currency": "CNY",
    }  # fmt: skip


_SECOND = {
    "participation_id": "P2", "guidance_fund_id": "G2", "partner_fund_id": "F1", "currency": "CNY", "commitment": "200000",
    "signed_on": "2014-05-01",
}  # fmt: skip
_TWO = [made("50000"), made("50000", "growth", "I2")]

CASES = [
    # 2017-08-31 to 2017-09-30 are 30 days; 100,000 of guidance money is in the fund
    Case("thirty days past its term", "OVERDUE_EXIT", book({"term_end": "2017-08-31"}, cash_flow=_CALL), "suspected", "F1", "", 30.0, 0.0,
         "100000", "agreement"),
    Case("on the last day of its term", "OVERDUE_EXIT", book({"term_end": "2017-09-30"}), "clear", "F1", "", 0.0, 0.0),
    Case("extended with an approval", "OVERDUE_EXIT", book({"term_end": "2017-08-31"}, fund_change=[extended(approval_no="示例1号")]),
         "clear", "F1", ""),
    Case("extended without one", "OVERDUE_EXIT", book({"term_end": "2017-08-31"}, cash_flow=_CALL, fund_change=[extended()]), "hint", "F1",
         "extension|2017-05-01", None, None, "100000", "reference"),
    Case("the term is not known", "OVERDUE_EXIT", book({"term_end": None}), "incomplete", "F1", ""),
    Case("nobody can read until when it was extended", "OVERDUE_EXIT",
         book({"term_end": "2017-08-31"}, fund_change=[extended(after="两年", approval_no="示例1号")]), "incomplete", "F1", ""),
    # within three years of the call: cost
    Case("sold at cost within the concession years", "EXIT_PRICE",
         book(stake={"concession_kind": "原值", "concession_years": "3"}, cash_flow=sold("100000")), "clear", "P1", "sale|2016-06-20|1",
         100000.0, 100000.0, None, "agreement"),
    Case("sold a thousand below cost", "EXIT_PRICE",
         book(stake={"concession_kind": "原值", "concession_years": "3"}, cash_flow=sold("99000")), "suspected", "P1",
         "sale|2016-06-20|1", 99000.0, 100000.0, "1000", "agreement"),
    # 100,000 · 5 % · 731 / 365 = 10,013.70
    Case("below cost and the rate that the agreement names", "EXIT_PRICE",
         book(stake=_PLUS | {"concession_rate": "0.05"}, cash_flow=sold("105000")), "suspected", "P1", "sale|2016-06-20|1", 105000.0,
         110013.7, "5013.70", "agreement"),
    # 100,000 · 4.35 % · 731 / 365 = 3,179,850 / 365 = 8,711.92; 732 days: 8,723.84
    Case("exactly cost and the lending rate of the day", "EXIT_PRICE",
         book(stake=_PLUS, cash_flow=sold("108711.92"), market_rate=[_RATE]), "clear", "P1", "sale|2016-06-20|1", 108711.92, 108711.92),
    Case("beyond two years of concession at cost: with interest", "EXIT_PRICE",
         book(stake={"concession_kind": "原值", "concession_years": "2"}, cash_flow=sold("100000", occurred_on="2016-06-21"),
              market_rate=[_RATE]),
         "suspected", "P1", "sale|2016-06-21|1", 100000.0, 108723.84, "8723.84", "agreement"),
    Case("the agreement is silent: three years by the reference", "EXIT_PRICE", book(cash_flow=sold("99000")), "hint", "P1",
         "sale|2016-06-20|1", 99000.0, 100000.0, "1000", "reference"),
    Case("no lending rate is known", "EXIT_PRICE", book(stake=_PLUS, cash_flow=sold("105000")), "incomplete", "P1", "sale|2016-06-20|1"),
    Case("nobody says what was sold", "EXIT_PRICE", book(cash_flow=sold("99000", cost_basis=None)), "incomplete", "P1",
         "sale|2016-06-20|1"),
    Case("an investor withdrew", "EXIT_ORDER",
         book(investor_commitment=[share("示例甲", "300000"), share("示例甲", "-300000", on="2016-05-05", reason="withdrawn")]),
         "hint", "F1", left("示例甲", "2016-05-05", "withdrawn"), None, None, "300000", "reference"),
    Case("the same where a binding rule forbids it", "EXIT_ORDER",
         book(rules=[rule("EXIT_ORDER", None, parameter=None)],
              investor_commitment=[share("示例甲", "300000"), share("示例甲", "-300000", on="2016-05-05", reason="withdrawn")]),
         "suspected", "F1", left("示例甲", "2016-05-05", "withdrawn"), None, None, "300000", "rule"),
    Case("one that only holds less", "EXIT_ORDER",
         book(investor_commitment=[share("示例甲", "300000"), share("示例甲", "-100000", on="2016-05-05", reason="reduction")]),
         "clear", "F1", ""),
    Case("handed on to another on the same day", "EXIT_ORDER",
         book(investor_commitment=[share("示例甲", "300000"), share("示例甲", "-300000", on="2016-05-05", reason="transferred"),
                                   share("示例乙", "300000", on="2016-05-05", reason="acquired")]),
         "clear", "F1", ""),
    Case("no investor is listed", "EXIT_ORDER", book(), "incomplete", "F1", ""),
    # received 2017-01-10: 50 days to 03-01, 81 to 04-01, 263 to 09-30
    Case("remitted after 81 days where 60 are agreed", "REMIT_LATE",
         book(stake={"remit_days": 60}, cash_flow=[flow("distribution", "50000", "2017-01-10")],
              guidance_flow=[_REMITTED | {"amount": "50000", "occurred_on": "2017-04-01"}]),
         "suspected", "P1", "distribution|2017-01-10|1", 81.0, 60.0, "50000", "agreement"),
    Case("remitted after 50 days", "REMIT_LATE",
         book(stake={"remit_days": 60}, cash_flow=[flow("distribution", "50000", "2017-01-10")],
              guidance_flow=[_REMITTED | {"amount": "50000", "occurred_on": "2017-03-01"}]),
         "clear", "P1", "distribution|2017-01-10|1", 50.0, 60.0),
    Case("a part of it is still there", "REMIT_LATE",
         book(stake={"remit_days": 60}, cash_flow=[flow("distribution", "50000", "2017-01-10")],
              guidance_flow=[_REMITTED | {"amount": "49999.99", "occurred_on": "2017-03-01"}]),
         "suspected", "P1", "distribution|2017-01-10|1", 263.0, 60.0, "50000", "agreement"),
    Case("the remittance pays for the earlier receipt first", "REMIT_LATE",
         book(stake={"remit_days": 60}, cash_flow=[flow("distribution", "50000", "2017-01-10"), flow("distribution", "50000", "2017-02-10")],
              guidance_flow=[_REMITTED | {"amount": "50000", "occurred_on": "2017-03-01"}]),
         "suspected", "P1", "distribution|2017-02-10|1", 232.0, 60.0, "50000", "agreement"),
    Case("thirty days by a reference that a user added", "REMIT_LATE",
         book(cash_flow=[flow("distribution", "50000", "2017-01-10")], rules=[rule("REMIT_LATE", "30", force="参照")],
              guidance_flow=[_REMITTED | {"amount": "50000", "occurred_on": "2017-04-01"}]),
         "hint", "P1", "distribution|2017-01-10|1", 81.0, 30.0, "50000", "reference"),
    Case("nothing says within how many days", "REMIT_LATE", book(cash_flow=[flow("distribution", "50000", "2017-01-10")]), "incomplete",
         "P1", "distribution|2017-01-10|1", 263.0, None),
    # twice the commitment of 200,000 is to be recognised by 2016-12-31
    Case("a quarter recognised by the due date, the rest too late", "RETURN_GAP",
         book(stake=_ASKED, investment=[made()], reinvestment=[recognised("100000"), recognised("300000", "2017-03-01")]),
         "suspected", value=100000.0, limit=400000.0, amount="300000", bound_by="agreement"),
    Case("all recognised on the due date", "RETURN_GAP",
         book(stake=_ASKED, investment=[made()], reinvestment=[recognised("400000", "2016-12-31")]),
         "clear", value=400000.0, limit=400000.0, amount=None),
    Case("not due yet", "RETURN_GAP", book(stake=_ASKED | {"reinvest_due": "2018-12-31"}), "clear", value=0.0, limit=400000.0),
    Case("the agreement names a day but no amount: once the commitment is usual", "RETURN_GAP",
         book(stake={"reinvest_due": "2016-12-31"}, investment=[made()], reinvestment=[recognised("150000")]),
         "hint", value=150000.0, limit=200000.0, amount="50000", bound_by="reference"),
    Case("nobody says by when", "RETURN_GAP", book(stake=_ASKED | {"reinvest_due": None}), "incomplete", value=0.0, limit=400000.0),
    # 50,000 are 10,000 more than the investment of 40,000
    Case("two guidance funds recognise more than was invested", "RETURN_DUP",
         book(more_stakes=[_SECOND], investment=[made("40000")],
              reinvestment=[recognised("30000"), recognised("20000", participation_id="P2")]),
         "suspected", "I1", "", 50000.0, 40000.0, "10000", "rule"),
    Case("together no more than was invested", "RETURN_DUP",
         book(more_stakes=[_SECOND], investment=[made("50000")],
              reinvestment=[recognised("30000"), recognised("20000", participation_id="P2")]),
         "clear", "I1", "", 50000.0, 50000.0, None),
    Case("recognised without evidence", "RETURN_DUP", book(investment=[made()], reinvestment=[recognised("30000", evidence=None)]),
         "suspected", "I1", "evidence|P1|2016-05-01", 30000.0, 500000.0, "30000", "rule"),
    Case("a recognition that names no investment", "RETURN_DUP",
         book(company=[{"company_id": "C1", "name": "示例科技"}], reinvestment=[recognised("30000", investment_id=None)]),
         "incomplete", "C1", "loose|P1|2016-05-01", 30000.0, None, "30000"),
    # half of 100,000 invested is early-stage, three fifths are agreed
    Case("half where three fifths of the invested are agreed", "EARLY_SHORT",
         book(stake={"early_min": "0.6", "early_base": "已投金额"}, investment=_TWO), "suspected", value=0.5, limit=0.6, amount="10000",
         bound_by="agreement"),
    Case("exactly half where half is agreed", "EARLY_SHORT",
         book(stake={"early_min": "0.5", "early_base": "已投金额"}, investment=_TWO), "clear", value=0.5, limit=0.5, amount=None),
    Case("of the fund's size, while it still invests", "EARLY_SHORT",
         book(stake={"early_min": "0.6", "early_base": "基金规模"}, investment=_TWO), "clear", value=0.05, limit=0.6),
    Case("silent agreement, investment period over: below the reference", "EARLY_SHORT",
         book({"investment_end": "2017-05-31"}, investment=[made("500000")]), "hint", value=0.5, limit=0.6, amount="100000",
         bound_by="reference"),
    Case("above the reference, but the local measure is not known", "EARLY_SHORT",
         book({"investment_end": "2017-05-31"}, investment=[made("700000")]), "incomplete", value=0.7, limit=0.6),
]  # fmt: skip

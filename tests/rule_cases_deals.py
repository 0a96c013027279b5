"""Cases of rules on investments and on how entities are recorded, worked out by hand."""

from datetime import date
from typing import Any

from rule_book import Case, Row, book, paid, rule

_GOOD = {
    "company_id": "C1",
    "name": "示例科技",
    "founded_on": "2013-01-01",
    "industry": "3910",
    "district": "330106",
}
_LINES = [
    {"code": code, "name": "示例", "parent": parent, "edition": "GB/T 4754-2011", "valid_from": "2011-11-01", "source": "测试"}
    for code, parent in (("C", None), ("K", None), ("39", "C"), ("70", "K"))
]  # fmt: skip
_PLACES = [
    {"code": code, "name": name, "parent": parent, "valid_from": begins, "valid_to": ends, "source": "测试"}
    for code, name, parent, begins, ends in (
        ("330100", "杭州市", None, "1980-12-31", None),
        ("330106", "西湖区", "330100", "1980-12-31", None),
        ("330185", "临安市", "330100", "1996-12-31", "2017-10-30"),
        ("330112", "临安区", "330100", "2017-10-31", None),
    )
]
_OTHER = {
    "partner_fund_id": "F2", "name": "示例二号", "manager_id": "M1", "currency": "CNY", "established_on": "2015-01-05",
}  # fmt: skip
_G2 = {
    "participation_id": "P2", "guidance_fund_id": "G2", "partner_fund_id": "F1", "currency": "CNY", "commitment": "100000",
    "signed_on": "2015-05-01",
}  # fmt: skip


def deal(company: Row | None = None, rules: list[Row] | None = None, **others: Any) -> Any:
    """F1's investment I1 of 250,000 in C1, on 2016-02-01, and what a case changes of both."""
    investment = {
        "investment_id": "I1", "partner_fund_id": "F1", "company_id": "C1", "invested_on": "2016-02-01", "stage": "startup",
        "amount": "250000", "currency": "CNY", "instrument": "equity", "related_party": False, "staff": 20, "sales": "1000000",
        "net_assets": "2000000",
    } | others  # fmt: skip
    return book(
        rules=rules,
        company=[_GOOD | (company or {})],
        investment=[investment],
        industry=_LINES,
        district=_PLACES,
    )


def worth(assets: str | None, rules: list[Row] | None = None) -> Any:
    """The same, with a report of the fund's net assets."""
    report = {
        "partner_fund_id": "F1",
        "period": "2017Q2",
        "kind": "季报",
        "net_assets": assets,
        "currency": "CNY",
    }
    made = deal()
    own = book(rules=rules, fund_report=[report] if assets else [])
    return made | {"fund_report": own["fund_report"], "rule": own["rule"]}


CASES = [
    # founded 2010-01-01: 2,222 days by 2016-02-01
    Case("six years old", "NOT_STARTUP", deal({"founded_on": "2010-01-01"}), "hint", "I1", "years", 2222 / 365.25, 5.0, "250000", "reference"),
    Case("exactly five years old", "NOT_STARTUP", deal({"founded_on": "2011-02-01"}), "clear", "I1"),
    Case("301 people", "NOT_STARTUP", deal(staff=301), "hint", "I1", "staff", 301.0, 300.0, "250000", "reference"),
    Case("300 people", "NOT_STARTUP", deal(staff=300), "clear", "I1"),
    Case("301 people under a binding rule", "NOT_STARTUP", deal(staff=301, rules=[rule("NOT_STARTUP", "300", "全部（职工人数）")]),
         "suspected", "I1", "staff", 301.0, 300.0, "250000", "rule"),
    Case("sales of thirty million and a cent", "NOT_STARTUP", deal(sales="30000000.01"), "hint", "I1", "sales", 30000000.01, 30000000.0),
    Case("net assets not known", "NOT_STARTUP", deal(net_assets=None), "incomplete", "I1"),
    Case("real estate as instrument", "NEGATIVE_LIST", deal(instrument="property"), "hint", "I1", "instrument", bound_by="reference",
         amount="250000"),
    Case("a company of real estate", "NEGATIVE_LIST", deal({"industry": "7010"}), "hint", "I1", "industry", amount="250000"),
    Case("a binding list", "NEGATIVE_LIST",
         deal(instrument="listed", rules=[rule("NEGATIVE_LIST", None, "全部（工具）", unit="清单", base="listed、property")]),
         "suspected", "I1", "instrument", amount="250000", bound_by="rule"),
    Case("equity in electronics", "NEGATIVE_LIST", deal(), "clear", "I1"),
    Case("no instrument stated", "NEGATIVE_LIST", deal(instrument=None), "incomplete", "I1"),
    Case("no industry stated", "NEGATIVE_LIST", deal({"industry": None}), "incomplete", "I1"),
    Case("a loan", "DEBT_LIKE", deal(instrument="debt"), "hint", "I1", amount="250000", bound_by="reference"),
    Case("a loan where a binding rule forbids it", "DEBT_LIKE",
         deal(instrument="debt", rules=[rule("DEBT_LIKE", None, "全部（工具）", parameter=None)]), "suspected", "I1", amount="250000",
         bound_by="rule"),
    Case("a convertible is none", "DEBT_LIKE", deal(instrument="convertible"), "clear", "I1"),
    Case("no instrument stated", "DEBT_LIKE", deal(instrument=None), "incomplete", "I1"),
    Case("a guaranteed return agreed", "DEBT_LIKE", book(stake={"guaranteed_return": True}), "hint", "P1", amount="200000"),
    Case("the agreement does not say", "DEBT_LIKE", book(), "incomplete", "P1"),
    Case("a related party", "RELATED_PARTY", deal(related_party=True), "hint", "I1", amount="250000", bound_by="reference"),
    Case("a related party, binding", "RELATED_PARTY",
         deal(related_party=True, rules=[rule("RELATED_PARTY", None, parameter=None)]), "suspected", "I1", bound_by="rule"),
    Case("none", "RELATED_PARTY", deal(), "clear", "I1"),
    Case("not stated", "RELATED_PARTY", deal(related_party=None), "incomplete", "I1"),
    # 250,000 of 1,000,000 net assets
    Case("a quarter of the fund in one company", "CONCENTRATION", worth("1000000"), "hint", "F1", "C1", 0.25, 0.2, "250000", "reference"),
    Case("exactly a fifth", "CONCENTRATION", worth("1250000"), "clear", "F1", "", 0.2, 0.2, None),
    Case("a binding tenth", "CONCENTRATION", worth("1250000", [rule("CONCENTRATION", "0.1")]), "suspected", "F1", "C1", 0.2, 0.1, "250000",
         "rule"),
    Case("no report states net assets", "CONCENTRATION", worth(None), "incomplete", "F1", "", None, 0.2),
    # set up 2014-06-01: 1,217 days by 2017-09-30
    Case("no AMAC code", "UNFILED", book({"amac_code": None}), "hint", "F1", "amac_code", 1217.0, 30.0, None, "reference"),
    Case("no custodian where one is binding", "UNFILED", book({"custodian": None}, rules=[rule("UNFILED", "0", "全部（托管银行）")]),
         "suspected", "F1", "custodian", 1217.0, 0.0, None, "rule"),
    Case("an older fund need not have a unified code yet", "UNFILED", book({"uscc": None}), "clear", "F1"),
    Case("from 2018 on it must", "UNFILED", book({"uscc": None}), "hint", "F1", "uscc", as_of=date(2018, 2, 1)),
    Case("paid into, no code, and nobody knows since when it stands", "UNFILED",
         book({"established_on": None, "amac_code": None}, fund_paid_in=[paid("示例集团", "100000", "2014-07-01")]), "incomplete", "F1"),
    Case("two guidance funds in one fund", "DOUBLE_COUNT", book(more_stakes=[_G2]), "hint", "F1", "", 2.0, 1.0, "300000", "reference"),
    Case("one", "DOUBLE_COUNT", book(), "clear", "F1", "", 1.0, 1.0, None),
    Case("two where a binding rule allows one", "DOUBLE_COUNT", book(more_stakes=[_G2], rules=[rule("DOUBLE_COUNT", "1")]), "suspected",
         "F1", "", 2.0, 1.0, "300000", "rule"),
    Case("two rows with one code", "SUSPECT_DUPLICATE", book(more_funds=[_OTHER | {"uscc": "91330106XX0010014A"}]), "hint", "F1", "uscc",
         2.0, 1.0, None, "reference"),
    Case("two rows with one name, once in full width", "SUSPECT_DUPLICATE", book(more_funds=[_OTHER | {"name": "示例一号（有限合伙）"}]),
         "hint", "F1", "name", 2.0, 1.0),
    Case("two rows of two funds", "SUSPECT_DUPLICATE", book(more_funds=[_OTHER]), "clear", "F1"),
    Case("one code, under a binding rule", "SUSPECT_DUPLICATE",
         book(more_funds=[_OTHER | {"uscc": "91330106XX0010014A"}], rules=[rule("SUSPECT_DUPLICATE", None, parameter=None)]),
         "suspected", "F1", "uscc", bound_by="rule"),
    # 91330106XX0010014A is right; its last letter is the check digit
    Case("a wrong check digit", "BAD_CODE", book({"uscc": "91330106XX0010014B"}), "suspected", "F1", "uscc", bound_by="rule"),
    Case("right codes", "BAD_CODE", book(), "clear", "F1"),
    Case("a fund code of wrong form", "BAD_CODE", book({"amac_code": "示例"}), "suspected", "F1", "amac_code"),
    Case("an older firm's registration number", "BAD_CODE", deal({"uscc": "330106000012345"}), "clear", "C1"),
    Case("the same of a firm founded in 2016", "BAD_CODE", deal({"uscc": "330106000012345", "founded_on": "2016-01-04"}), "suspected", "C1",
         "uscc"),
    Case("a district that does not exist yet", "BAD_CODE", deal({"district": "330112"}), "hint", "C1", "district", bound_by="reference"),
    Case("the same district once it does", "BAD_CODE", deal({"district": "330112"}), "clear", "C1", as_of=date(2018, 1, 1)),
    Case("a city that the table does not hold", "BAD_CODE", deal({"district": "440305"}), "incomplete", "C1"),
    Case("an industry that no edition knows", "BAD_CODE", deal({"industry": "9999"}), "hint", "C1", "industry"),
]  # fmt: skip

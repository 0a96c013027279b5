"""Flows and valuations are in the currency of their participation, or that is the one problem."""

import copy

import pytest
from wayin import PORTFOLIO, Workbook, accept, found

WRONG = "currency_not_owners"


def without_currency(table):
    """The portfolio with no currency column in one table."""
    tables = copy.deepcopy(PORTFOLIO)
    for row in tables[table]:
        del row["currency"]
    return tables


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        pytest.param("cash_flow", (4,), id="one flow"),
        pytest.param("cash_flow", (1, 2, 3), id="every flow of a participation"),
        pytest.param("valuation", (2,), id="one valuation"),
        pytest.param("valuation", (1, 2, 3), id="a whole column"),
    ],
)
def test_each_wrong_row_is_named_at_its_currency(table, rows):
    book = Workbook()
    expected = [("error", WRONG, book.set(table, "currency", row, "美元")) for row in rows]
    assert found(book) == expected


@pytest.mark.parametrize(("table", "field", "header"), [
    ("cash_flow", "amount", "金额（万美元）"),
    ("valuation", "nav", "引导基金应占净资产（万美元）"),
])  # fmt: skip
def test_a_header_that_is_wrong_for_every_row_is_one_problem(table, field, header):
    known = accept(Workbook({name: rows for name, rows in PORTFOLIO.items() if name != table}))
    book = Workbook({table: without_currency(table)[table]}, headers={field: header})
    place = f"{'资金往来' if table == 'cash_flow' else '估值'}!{book.at(table, field, 0)}"
    assert found(book, state=known) == [("error", WRONG, place)]


def test_a_header_that_is_wrong_for_some_rows_is_a_problem_of_their_amounts():
    tables = without_currency("valuation")
    tables["participation"][1]["currency"] = "美元"
    for row in tables["cash_flow"]:
        if row["participation_id"] == "PA-02":
            row["currency"] = "美元"
    book = Workbook(tables, headers={"nav": "引导基金应占净资产（万美元）"})
    assert found(book) == [("error", WRONG, f"估值!{book.at('valuation', 'nav', row)}") for row in (1, 3)]


def test_the_owner_may_stand_in_the_ledger():
    known = accept(Workbook())
    book = Workbook({"valuation": PORTFOLIO["valuation"]})
    place = book.set("valuation", "currency", 1, "USD")
    assert found(book, state=known) == [("error", WRONG, place)]


def test_a_cover_in_another_currency_is_one_problem_of_the_sheet():
    book = Workbook(without_currency("valuation"), cover={"币种": "美元"})
    assert [code for _, code, place in found(book) if place.startswith("估值")] == ["currency_unclear"]


def test_an_owner_whose_currency_cannot_be_read_blames_no_flow():
    book = Workbook()
    for row in (1, 2, 3):
        book.set("cash_flow", "currency", row, "美元")
    book.set("valuation", "currency", 1, "美元")
    place = book.set("participation", "currency", 1, "没金")
    assert found(book) == [("error", "not_a_currency", place)]

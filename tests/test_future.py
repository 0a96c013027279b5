"""Dates of what has happened lie in this year or before; plans may lie ahead."""

from datetime import date

import pytest
from wayin import PORTFOLIO, Workbook, found

from fundtrack.load import future
from fundtrack.model.rows import COLUMNS

FREE = {
    "expected_on", "due_on", "term_end", "investment_end", "reinvest_due", "in_force_to", "in_force_from", "starts_on",
    "effective_on", "done_on", "valid_from", "valid_to", "as_of",
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_2018(monkeypatch):
    monkeypatch.setattr(future, "today", lambda: date(2018, 2, 3))


def with_field(table, row, **values):
    """The portfolio with more fields in one row of a table."""
    rows = [dict(each) for each in PORTFOLIO[table]]
    rows[row - 1] |= values
    return {**PORTFOLIO, table: rows}


@pytest.mark.parametrize(
    ("table", "field", "value", "wrong"),
    [
        pytest.param("fund_report", "filed_on", date(2018, 12, 31), False, id="the year's last day"),
        pytest.param("fund_report", "filed_on", date(2019, 1, 1), True, id="the day after"),
        pytest.param("fund_report", "filed_on", "2018", False, id="this year, no day known"),
        pytest.param("fund_report", "filed_on", "2019年", True, id="next year, no day known"),
        pytest.param("fund_report", "due_on", date(2071, 7, 20), False, id="due"),
        pytest.param("partner_fund", "filed_on", "2071.6.1", True, id="filed as a fund"),
        pytest.param("partner_fund", "term_end", date(2071, 5, 1), False, id="a term's end"),
        pytest.param("participation", "expected_on", date(2024, 5, 1), False, id="expected"),
        pytest.param("participation", "applied_on", date(2024, 5, 1), True, id="applied"),
        pytest.param("investment", "invested_on", 54697, True, id="a day number of 2049"),
        pytest.param("company", "founded_on", date(2071, 1, 1), True, id="founded"),
        pytest.param("company", "hightech_on", date(2071, 1, 1), True, id="high-tech"),
    ],
)  # fmt: skip
def test_a_fact_after_this_year_is_the_one_problem(table, field, value, wrong):
    book = Workbook(with_field(table, 1, **{field: value}))
    place = book.set(table, field, 1, value)
    assert found(book) == ([("error", "date_in_future", place)] if wrong else [])


def test_the_clock_decides(monkeypatch):
    book = Workbook(with_field("fund_report", 1, filed_on=date(2019, 1, 1)))
    assert len(found(book)) == 1
    monkeypatch.setattr(future, "today", lambda: date(2019, 1, 1))
    assert found(book) == []


@pytest.mark.parametrize(("day", "wrong"), [(date(2018, 12, 31), False), (date(2019, 1, 1), True)])
def test_the_cover(day, wrong):
    book = Workbook()
    place = book.cover("截至日期", day)
    assert found(book) == ([("error", "date_in_future", place)] if wrong else [])


def test_every_date_is_a_fact_or_free():
    days = {column.name for columns in COLUMNS.values() for column in columns if column.kind == "day"}
    assert days == future.FACTS | FREE

"""What was due and what was paid: due lists sent again, part payments, and sizes of funds that stand already."""

from datetime import date
from decimal import Decimal

import pytest
from wayin import PORTFOLIO, Workbook, accept, check, counts, found

DUE, PAID_ON = date(2017, 5, 1), date(2017, 5, 9)
KNOWN = accept(Workbook())


def flow(due=None, paid=None, day=PAID_ON, due_on=DUE, **more):
    """A call on PA-01: what was due on a day and what was paid on another, in 万元."""
    return {
        "participation_id": "PA-01", "kind": "缴款", "due_on": due_on if due else None, "due_amount": due,
        "occurred_on": day if paid else None, "amount": paid, "currency": "人民币", **more,
    }  # fmt: skip


def call(due=None, paid=None, day=PAID_ON, **more):
    """The same as a line of 基金实缴."""
    return {
        "partner_fund_id": "PF-01", "investor": "示例控股", "due_on": DUE if due else None, "due_amount": due,
        "paid_on": day if paid else None, "amount": paid, **more,
    }  # fmt: skip


def ledger(table, *files):
    """What is known once files of a table were loaded one after another."""
    state = KNOWN
    for rows in files:
        state = accept(Workbook({table: rows}), state=state)
    return state


LINES = {"cash_flow": flow, "fund_paid_in": call}
SHEETS = {"cash_flow": "资金往来", "fund_paid_in": "基金实缴"}


@pytest.mark.parametrize("table", LINES)
@pytest.mark.parametrize("paid", [
    pytest.param((500, 500), id="due and paid in one row"),
    pytest.param((None, 500), id="due first, paid in a later file"),
])  # fmt: skip
def test_a_due_list_sent_again_takes_no_payment_back(table, paid):
    line = LINES[table]
    due_list = [line(500), line(300, line_no="9")]
    known = ledger(table, due_list, [line(*paid)])
    assert known[table].filter(amount=Decimal(5_000_000)).height == 1
    book = Workbook({table: due_list})
    [problem] = check(book, state=known)[0][0].problems
    assert (problem.severity, problem.code, problem.sheet, problem.row, problem.about) == (
        "warning", "payment_kept", SHEETS[table], 2, {"count": "1"},
    )  # fmt: skip
    assert counts(book, state=known) == {table: (0, 0, 2)}


def test_one_warning_for_all_rows_of_a_file_and_what_else_was_known_stands():
    more = {"voucher_no": "银-1", "principal": 500}
    lines = [flow(500, 500, due_on=date(2017, month, 1), **more) for month in (3, 4, 5)]
    known = ledger("cash_flow", lines)
    blank = [
        flow(500, due_on=date(2017, month, 1), occurred_on=None, voucher_no=None, principal=None)
        for month in (3, 4, 5)
    ]
    [problem] = check(Workbook({"cash_flow": blank}), state=known)[0][0].problems
    assert (problem.code, problem.about) == ("payment_kept", {"count": "3"})
    assert counts(Workbook({"cash_flow": blank}), state=known) == {"cash_flow": (0, 0, 3)}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(flow(400), [("warning", "value_cleared"), ("warning", "value_cleared")], id="another amount due"),
        pytest.param(flow(500, 450), [], id="another amount paid"),
        pytest.param(flow(500, day=None, occurred_on=PAID_ON), [("error", "together_or_not")], id="the day without the amount"),
        pytest.param(flow(500) | {"amount": "五百"}, [("warning", "value_cleared"), ("error", "not_a_number")], id="an amount that cannot be read"),
    ],
)  # fmt: skip
def test_what_says_more_than_the_due_list_is_no_due_list(row, expected):
    known = ledger("cash_flow", [flow(500, 500)])
    problems = found(Workbook({"cash_flow": [row]}), state=known)
    assert [problem[:2] for problem in problems] == expected


@pytest.mark.parametrize("table", LINES)
@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        pytest.param([], [200, 300], True, id="two parts"),
        pytest.param([200], [300], True, id="one earlier, one now"),
        pytest.param([], [100, 150, 250], True, id="three, all together"),
        pytest.param([], [200, 300, 77], True, id="two of three"),
        pytest.param([], [200, 299], False, id="less than was due"),
        pytest.param([200, 300], [55], False, id="said before"),
        pytest.param([], [500], False, id="it completes it"),
    ],
)
def test_parts_that_add_up_to_what_stays_due(table, before, now, told):
    line = LINES[table]
    days = iter(date(2017, 6, n) for n in range(1, 9))
    parts = [[line(paid=amount, day=next(days)) for amount in amounts] for amounts in (before, now)]
    known = ledger(table, [line(500)], *([parts[0]] if before else []))
    problems = check(Workbook({table: parts[1]}), state=known)[0][0].problems
    assert [(p.severity, p.code, p.value, p.about) for p in problems] == (
        [("warning", "due_still_open", "5000000.00", {"day": "2017-05-01"})] if told else []
    )


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([flow(paid=200, day=date(2017, 4, 1)), flow(paid=300)], id="one before it was due"),
        pytest.param([flow(paid=200), flow(paid=300) | {"kind": "管理费"}], id="another kind"),
        pytest.param([flow(paid=200), flow(paid=300) | {"participation_id": "PA-02"}], id="another participation"),
    ],
)  # fmt: skip
def test_parts_of_something_else(parts):
    assert found(Workbook({"cash_flow": parts}), state=ledger("cash_flow", [flow(500)])) == []


@pytest.mark.parametrize(
    ("row", "size", "codes"),
    [
        pytest.param(1, 10000, [], id="as it was"),
        pytest.param(1, 12000, ["size_at_establishment_changed"], id="another"),
        pytest.param(1, 1, ["unit_jump_cell"], id="a unit's factor says it better"),
        pytest.param(1, None, ["value_cleared"], id="blank"),
    ],
)
def test_a_size_at_establishment_that_changes(row, size, codes):
    book = Workbook({"partner_fund": PORTFOLIO["partner_fund"]})
    place = book.set("partner_fund", "committed_size", row, size)
    assert found(book, state=KNOWN) == [("warning", code, place) for code in codes]


def test_a_fund_that_is_not_yet_established_may_still_change_its_size():
    funds = [row | {"established_on": None} for row in PORTFOLIO["partner_fund"]]
    known = accept(Workbook({"manager": PORTFOLIO["manager"], "partner_fund": funds}))
    book = Workbook({"partner_fund": PORTFOLIO["partner_fund"]})
    book.set("partner_fund", "committed_size", 1, 12000)
    assert found(book, state=known) == []

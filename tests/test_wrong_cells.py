"""One wrong cell, one problem at that cell: alone, and many together."""

import random
from datetime import date
from itertools import combinations

import pytest
from wayin import PORTFOLIO, Workbook, accept, found

from fundtrack.load.columns import CellError

REF = CellError("#REF!")
KNOWN = accept(Workbook())
# name: table, field, row, wrong value, code of the one problem, severity (error unless said)
CELLS = {
    "no number": ("cash_flow", "amount", 2, "1,2OO", "not_a_number"),
    "a sum typed as a date": ("valuation", "nav", 1, date(2017, 6, 30), "not_a_number"),
    "negative": ("cash_flow", "amount", 1, -5, "negative_not_allowed"),
    "too large": ("partner_fund", "committed_size", 2, 1e9, "amount_too_large"),
    "dollars in a yuan column": ("investment", "amount", 1, "500万美元", "currency_in_amount"),
    "error cell in an amount": ("investment", "amount", 2, REF, "error_cell"),
    "error cell in an optional text": ("investment", "round", 2, REF, "error_cell"),
    "no date": ("valuation", "valued_on", 2, "去年年底", "not_a_date"),
    "no such day": ("cash_flow", "occurred_on", 3, "2017-02-30", "not_a_date"),
    "month that could be two": ("investment", "invested_on", 1, 2017.1, "month_ambiguous"),
    "day 0": ("partner_fund", "established_on", 1, date(1899, 12, 31), "not_a_date"),
    "no choice": ("cash_flow", "kind", 1, "打款", "not_a_choice"),
    "stage unknown": ("investment", "stage", 3, "B轮", "not_a_choice"),
    "kind of guidance fund": ("guidance_fund", "kind", 1, "母基金", "not_a_choice"),
    "no flag": ("investment", "related_party", 2, "可能", "not_yes_or_no"),
    "no whole number": ("investment", "staff", 1, 30.5, "not_a_whole_number"),
    "share above all": ("investment", "stake", 1, "120%", "share_above_one"),
    "cap above all": ("participation", "cap_ratio", 2, 250, "share_above_one"),
    "rate too large to store": ("fund_report", "irr_reported", 1, 1e13, "number_too_large"),
    "no currency": ("participation", "currency", 1, "软妹币", "not_a_currency"),
    "no currency of an owner": ("guidance_fund", "currency", 1, "XYZ", "not_a_currency"),
    "no period": ("fund_report", "period", 3, "上上季度", "not_a_period"),
    "required text missing": ("partner_fund", "name", 2, None, "missing_value"),
    "required amount missing": ("investment", "amount", 3, None, "missing_value"),
    "required reference missing": ("cash_flow", "participation_id", 4, None, "missing_value"),
    "required date missing": ("valuation", "valued_on", 3, None, "missing_value"),
    "a dash where required": ("fund_report", "kind", 1, "——", "missing_value"),
    "text too long": ("partner_fund", "name", 3, "长" * 2001, "too_long"),
    "unknown fund": ("fund_report", "partner_fund_id", 1, "PF-99", "reference_unknown"),
    "unknown participation": ("cash_flow", "participation_id", 2, "PA-77", "reference_unknown"),
    "unknown manager": ("partner_fund", "manager_id", 3, "示例丁资本", "reference_unknown"),
    "unknown company": ("investment", "company_id", 2, "CO-99", "reference_unknown"),
    "id lost to an error": ("partner_fund", "partner_fund_id", 2, REF, "error_cell"),
    "id of a participation lost": ("participation", "participation_id", 3, REF, "error_cell"),
    "id of a company lost": ("company", "company_id", 1, REF, "error_cell"),
    "id twice": ("partner_fund", "partner_fund_id", 3, "PF-02", "key_twice"),
    "id of an investment twice": ("investment", "investment_id", 2, "IN-01", "key_twice"),
    "valuation twice": ("valuation", "participation_id", 3, "PA-02", "key_twice", "valued_on"),
    "amount without its day": ("cash_flow", "occurred_on", 1, None, "together_or_not"),
    "day without its amount": ("cash_flow", "amount", 5, None, "together_or_not"),
    "commitment without agreement": ("participation", "signed_on", 1, None, "together_or_not"),
    "agreement without commitment": ("participation", "commitment", 1, None, "together_or_not"),
    "established after everything": ("partner_fund", "established_on", 1, date(2022, 1, 1), "date_after"),
    "established in a year mistyped": ("partner_fund", "established_on", 2, date(2071, 5, 2), "date_in_future"),
    "valued in a year mistyped": ("valuation", "valued_on", 2, date(2107, 6, 30), "date_in_future"),
    "paid in a year mistyped": ("cash_flow", "occurred_on", 2, "2105年6月", "date_in_future"),
    "signed in a year mistyped": ("participation", "signed_on", 3, "2106-04-01", "date_in_future"),
    "term ends before it starts": ("partner_fund", "term_end", 2, date(2010, 1, 1), "dates_out_of_order"),
    "applied after approval": ("participation", "applied_on", 2, date(2016, 1, 1), "dates_out_of_order", "approved_on"),
}  # fmt: skip
# Each of these spoils another row of another sheet, or another field, so that none hides another.
TOGETHER = [
    ["no number", "share above all", "no currency", "unknown fund", "required text missing"],
    [
        "id lost to an error",
        "unknown participation",
        "no period",
        "error cell in an amount",
        "kind of guidance fund",
    ],
    ["id twice", "no date", "no choice", "unknown company", "stage unknown"],
    [
        "established after everything",
        "id of a participation lost",
        "no flag",
        "negative",
        "a dash where required",
    ],
    [
        "no currency of an owner",
        "amount without its day",
        "commitment without agreement",
        "too large",
        "day 0",
    ],
    ["id of a company lost", "unknown manager", "required date missing", "no such day", "no whole number"],
]


def spoil(book, name):
    """Make one cell wrong; gives the problem to expect."""
    table, field, row, value, code, *shown = CELLS[name]
    place = book.set(table, field, row, value)
    if shown:
        place = place.split("!")[0] + "!" + book.at(table, shown[0], row)
    return ("error", code, place)


def test_the_portfolio_itself_is_right():
    assert found(Workbook()) == []


@pytest.mark.parametrize("name", CELLS)
def test_a_wrong_cell_is_one_problem_at_its_cell(name):
    book = Workbook()
    expected = spoil(book, name)
    assert found(book) == [expected]


@pytest.mark.parametrize("names", TOGETHER, ids=lambda names: names[0])
def test_five_wrong_cells_are_five_problems(names):
    book = Workbook()
    expected = [spoil(book, name) for name in names]
    assert sorted(found(book)) == sorted(expected)


def apart(one, other):
    """True for two cells in other rows and other columns: in one column or row one may rightly explain the other."""
    (table, field, row, *_), (table_2, field_2, row_2, *_) = CELLS[one], CELLS[other]
    return table != table_2 or (field != field_2 and row != row_2)


PLAIN = [name for name in CELLS if not name.startswith(("id", "valuation twice"))]
PAIRS = random.Random(17).sample([pair for pair in combinations(PLAIN, 2) if apart(*pair)], 24)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_any_two_wrong_cells_are_two_problems(one, other):
    book = Workbook()
    expected = [spoil(book, one), spoil(book, other)]
    assert sorted(found(book)) == sorted(expected)


@pytest.mark.parametrize("name", CELLS)
def test_a_wrong_cell_in_a_later_file_is_the_same_one_problem(name):
    book = Workbook()
    expected = spoil(book, name)
    assert found(book, state=KNOWN) == [expected]


def test_two_wrong_cells_in_one_row_are_two_problems():
    book = Workbook()
    expected = [
        ("error", "negative_not_allowed", book.set("partner_fund", "target_size", 1, -1)),
        ("error", "dates_out_of_order", book.set("partner_fund", "term_end", 1, date(2001, 1, 1))),
    ]
    book.set("partner_fund", "investment_end", 1, None)
    assert found(book) == expected


def test_a_lost_id_and_an_unknown_reference_to_the_same_sheet_are_told_apart():
    book = Workbook()
    expected = [
        ("error", "error_cell", book.set("partner_fund", "partner_fund_id", 2, REF)),
        ("error", "reference_unknown", book.set("fund_report", "partner_fund_id", 1, "没有这只基金")),
    ]
    assert found(book) == expected


def test_every_row_of_an_unknown_reference_is_named():
    book = Workbook()
    expected = [
        ("error", "reference_unknown", book.set("cash_flow", "participation_id", row, "PA-X9"))
        for row in (1, 3)
    ]
    assert found(book) == expected


COVERS = {
    "unit": ("金额单位", "万圆", "not_a_unit"),
    "unit missing": ("金额单位", None, "missing_value"),
    "unit an error": ("金额单位", REF, "error_cell"),
    "date": ("截至日期", "九月底", "not_a_date"),
    "date ahead": ("截至日期", date(2071, 9, 30), "date_in_future"),
    "date missing": ("截至日期", None, "missing_value"),
    "sender missing": ("报送单位", None, "missing_value"),
    "currency": ("币种", "软妹币", "not_a_currency"),
}


@pytest.mark.parametrize("name", COVERS)
def test_a_wrong_cell_of_the_cover_is_one_problem(name):
    label, value, code = COVERS[name]
    book = Workbook(cover={"币种": "人民币"})
    place = book.cover(label, value)
    assert found(book) == [("error", code, place)]


def test_a_cover_currency_that_cannot_be_read_blames_no_row():
    tables = {name: PORTFOLIO[name] for name in ("guidance_fund",)}
    tables = {
        "guidance_fund": [
            {key: value for key, value in row.items() if key != "currency"} for row in tables["guidance_fund"]
        ]
    }
    book = Workbook(tables, cover={"币种": "软妹币"})
    assert found(book) == [("error", "not_a_currency", "封面!B4")]


@pytest.mark.parametrize(
    ("rows", "amount", "codes"),
    [
        pytest.param(5, 7450.5, [], id="both right"),
        pytest.param(5, "0.745050亿", [], id="a total that names its unit"),
        pytest.param(None, None, [], id="neither given"),
        pytest.param(4, 7450.5, ["control_rows_differ"], id="a row too many"),
        pytest.param(5, 7450.6, ["control_amount_differs"], id="another sum"),
        pytest.param("五", 7450.5, ["not_a_number"], id="no number"),
        pytest.param(4.5, 7450.5, ["not_a_whole_number"], id="half a row"),
        pytest.param(5, REF, ["error_cell"], id="an error"),
    ],
)
def test_control_totals(rows, amount, codes):
    tables = {
        **PORTFOLIO,
        "cash_flow": [{**row, "due_amount": None, "due_on": None} for row in PORTFOLIO["cash_flow"]],
    }
    for row in tables["cash_flow"]:
        row["due_amount"], row["due_on"] = row["amount"], row["occurred_on"]
    book = Workbook(tables)
    at_rows, at_amount = book.totals("cash_flow", rows, amount)
    where = {"control_rows_differ": at_rows, "not_a_whole_number": at_rows, "not_a_number": at_rows}
    assert found(book) == [("error", code, where.get(code, at_amount)) for code in codes]


def test_control_totals_do_not_repeat_what_a_wrong_cell_explains():
    book = Workbook()
    book.totals("valuation", 3, 12600)
    place = book.set("valuation", "nav", 2, "约两千万")
    assert found(book) == [("error", "not_exact", place)]


def test_control_totals_of_a_blanked_row_differ_by_that_row_only():
    book = Workbook()
    book.totals("valuation", 2, 12600)
    place = book.set("valuation", "participation_id", 2, None)
    assert found(book) == [("error", "missing_value", place)]


def test_control_totals_may_leave_out_numbers_typed_as_text_as_a_formula_does():
    book = Workbook()
    book.set("valuation", "nav", 1, "2,100")
    book.totals("valuation", 3, 10500)
    assert found(book) == []


def test_control_totals_in_the_unit_of_the_column_or_of_the_cover():
    for total in (1.26, 12600):
        book = Workbook(headers={"nav": "引导基金应占净资产（亿元）"})
        for row in (1, 2, 3):
            book.set("valuation", "nav", row, 0.21 * row)
        book.totals("valuation", 3, total)
        assert found(book) == [], total


def test_cents_lost_to_rounding_are_no_difference():
    book = Workbook({**PORTFOLIO, "valuation": [{**row, "nav": 10000 / 7} for row in PORTFOLIO["valuation"]]})
    book.totals("valuation", 3, 30000 / 7)
    assert found(book) == []

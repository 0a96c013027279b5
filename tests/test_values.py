"""What a written value means, kind by kind."""

from datetime import date
from decimal import Decimal

import pytest

from fundtrack.load.cells import Kind
from fundtrack.load.values import Context, Dated, Wrong, parse_value
from fundtrack.load.written import fold, number
from fundtrack.model.frames import find_column

TEXT, NUMBER, DAY = Kind.TEXT, Kind.NUMBER, Kind.DATE
PLAIN, WAN = Context(), Context(factor=Decimal(10_000))
MONEY = find_column("cash_flow", "amount")
SIGNED = find_column("cash_flow", "income")
POINTS = find_column("indicator", "value")
SHARE = find_column("investment", "stake")
SIGNED_SHARE = find_column("fund_report", "irr_reported")
RATE = find_column("participation", "reinvest_required")
DATE = find_column("cash_flow", "occurred_on")
WHOLE = find_column("investment", "staff")
FLAG = find_column("investment", "related_party")
CHOICE = find_column("participation", "concession_kind")
CURRENCY = find_column("cash_flow", "currency")
PERIOD = find_column("fund_report", "period")
CODE = find_column("partner_fund", "partner_fund_id")
LEGAL = find_column("partner_fund", "uscc")
NAME = find_column("partner_fund", "name")


def read(written, column, kind=TEXT, context=PLAIN):
    """The value, or the code of what is wrong."""
    found = parse_value(written, kind, column, context)
    return found.code if isinstance(found, Wrong) else found


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1200.5", "12005000.00"), ("1,200.50", "12005000.00"), ("1,2345", "123450000.00"), ("１２００", "12000000.00"), (" 12 ", "120000.00"),
        ("¥12", "120000.00"), ("+3", "30000.00"), (".5", "5000.00"), ("1e3", "10000000.00"), ("0", "0.00"),
        ("500万", "5000000.00"), ("500万元", "5000000.00"), ("0.5亿", "50000000.00"), ("3百万元", "3000000.00"), ("2千万", "20000000.00"),
        ("12元", "12.00"), ("12人民币", "12.00"), ("0.00000049", "0.00"), ("0.0000005", "0.01"), ("99999999.999999", "999999999999.99"),
    ],
)  # fmt: skip
def test_money_in_ten_thousands(written, meant):
    assert read(written, MONEY, context=WAN) == Decimal(meant)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1,2OO", "not_a_number"), ("12,00", "not_a_number"), ("1.200,50", "not_a_number"), ("一百", "not_a_number"), ("1-2", "not_a_number"),
        ("(-5)", "not_a_number"), ("500万万", "not_a_number"), ("5%", "not_a_number"), ("-5", "negative_not_allowed"), ("(5)", "negative_not_allowed"),
        ("100000000", "amount_too_large"), ("1000000000000元", "amount_too_large"), ("1e99", "amount_too_large"),
        ("$12", "currency_in_amount"), ("500万美元", "currency_in_amount"),
    ],
)  # fmt: skip
def test_money_that_cannot_be_taken(written, code):
    assert read(written, MONEY, context=WAN) == code


def test_a_currency_in_the_cell_must_be_the_headers():
    dollars = Context(factor=Decimal(10_000), currency="USD")
    assert read("500万美元", MONEY, context=dollars) == Decimal("5000000.00")
    assert read("$3", MONEY, context=dollars) == Decimal("30000.00")
    assert read("¥3", MONEY, context=dollars) == "currency_in_amount"


def test_money_keeps_its_sign_where_it_may():
    assert read("(1,200)", SIGNED, context=WAN) == Decimal("-12000000.00")
    assert read("−3", SIGNED) == Decimal("-3.00")


@pytest.mark.parametrize("kind", [Kind.DATE, Kind.DATETIME, Kind.BOOL, Kind.TIME])
def test_dates_and_truths_are_no_numbers(kind):
    assert read("2017-06-30", MONEY, kind) == "not_a_number"
    assert read("2017-06-30", SHARE, kind) == "not_a_number"
    assert read("2017-06-30", RATE, kind) == "not_a_number"
    assert read("2017", WHOLE, kind) == "not_a_whole_number"


def test_numbers_are_never_scaled_by_the_cover_but_by_their_own_suffix():
    assert read("344", POINTS, context=WAN) == Decimal("344.00")
    assert read("1387亿", POINTS, context=WAN) == Decimal("138700000000.00")
    assert read("1e12", POINTS) == "number_too_large"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("0.2", "0.2"), ("20", "0.2"), ("20%", "0.2"), ("20 %", "0.2"), ("２０％", "0.2"), ("1", "1"), ("1%", "0.01"), ("100", "1"), ("0", "0"),
     ("12.3456789", "0.12345679"), ("33.3%", "0.333")],
)  # fmt: skip
def test_shares(written, meant):
    assert read(written, SHARE) == Decimal(meant)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("120%", "share_above_one"),
        ("101", "share_above_one"),
        ("-5%", "negative_not_allowed"),
        ("五成", "not_a_number"),
        ("20%%", "not_a_number"),
        ("5万", "not_a_number"),
    ],
)
def test_shares_that_cannot_be_taken(written, code):
    assert read(written, SHARE) == code


def test_a_header_in_percent_makes_every_number_a_percentage():
    assert read("0.5", SHARE, NUMBER, Context(percent=True)) == Decimal("0.005")
    assert read("250", RATE, NUMBER, Context(percent=True)) == Decimal("2.5")


def test_returns_may_be_negative_and_above_one():
    assert read("-12.5", SIGNED_SHARE) == Decimal("-0.125")
    assert read("250%", SIGNED_SHARE) == Decimal("2.5")
    assert read("1e13", SIGNED_SHARE) == "number_too_large"


def test_rates():
    assert read("1.5", RATE) == Decimal("1.5")
    assert read("1.5倍", RATE) == Decimal("1.5")
    assert read("150%", RATE) == Decimal("1.5")
    assert read("0.123456789", RATE) == Decimal("0.12345679")
    assert read("1.5倍%", RATE) == "not_a_number"
    assert read("10000000000", RATE) == "number_too_large"
    assert read("9999999999", RATE) == Decimal(9999999999)


@pytest.mark.parametrize(
    ("written", "kind", "day", "precision"),
    [
        ("2017-06-30", DAY, (2017, 6, 30), "day"), ("2017-06-30", TEXT, (2017, 6, 30), "day"), ("2017/6/3", TEXT, (2017, 6, 3), "day"),
        ("2017.6.3", TEXT, (2017, 6, 3), "day"), ("2017年6月3日", TEXT, (2017, 6, 3), "day"), ("2017年6月3号", TEXT, (2017, 6, 3), "day"),
        ("２０１７－０６－０３", TEXT, (2017, 6, 3), "day"), ("20170603", TEXT, (2017, 6, 3), "day"), ("20170603", NUMBER, (2017, 6, 3), "day"),
        ("2017-06-30T12:00:00", Kind.DATETIME, (2017, 6, 30), "day"), ("2017-06-30 08:30", TEXT, (2017, 6, 30), "day"),
        ("42916", NUMBER, (2017, 6, 30), "day"), ("42916.75", NUMBER, (2017, 6, 30), "day"),
        ("2017-06", TEXT, (2017, 6, 30), "month"), ("2017年2月", TEXT, (2017, 2, 28), "month"), ("2016.2", NUMBER, (2016, 2, 29), "month"),
        ("2017.12", NUMBER, (2017, 12, 31), "month"), ("2017.1", TEXT, (2017, 1, 31), "month"),
        ("2017", NUMBER, (2017, 12, 31), "year"), ("2017年", TEXT, (2017, 12, 31), "year"),
    ],
)  # fmt: skip
def test_days(written, kind, day, precision):
    assert read(written, DATE, kind) == Dated(date(*day), precision)


def test_day_numbers_count_from_the_workbooks_epoch():
    assert read("41454", DATE, NUMBER, Context(epoch_1904=True)) == Dated(date(2017, 6, 30), "day")


@pytest.mark.parametrize(
    ("written", "kind", "code"),
    [
        ("2017-02-30", TEXT, "not_a_date"), ("2017-13-01", TEXT, "not_a_date"), ("2017.1", NUMBER, "month_ambiguous"), ("42916", TEXT, "not_a_date"),
        ("1899-12-31", DAY, "not_a_date"), ("9999-12-31", DAY, "not_a_date"), ("123", NUMBER, "not_a_date"), ("去年", TEXT, "not_a_date"),
        ("TRUE", Kind.BOOL, "not_a_date"), ("12:00:00", Kind.TIME, "not_a_date"), ("30/06/2017", TEXT, "not_a_date"), ("2017-00", TEXT, "not_a_date"),
    ],
)  # fmt: skip
def test_days_that_cannot_be_taken(written, kind, code):
    assert read(written, DATE, kind) == code


@pytest.mark.parametrize(
    ("written", "column", "meant"),
    [
        ("30", WHOLE, 30), ("30人", WHOLE, 30), ("1,200", WHOLE, 1200), ("30.0", WHOLE, 30), ("30.5", WHOLE, "not_a_whole_number"),
        ("3万", WHOLE, "not_a_whole_number"),
        ("-1", WHOLE, "negative_not_allowed"), ("1e13", WHOLE, "number_too_large"),
        ("是", FLAG, True), ("有", FLAG, True), ("YES", FLAG, True), ("TRUE", FLAG, True), ("√", FLAG, True),
        ("否", FLAG, False), ("无", FLAG, False), ("n", FLAG, False), ("0", FLAG, False), ("也许", FLAG, "not_yes_or_no"),
        ("原值", CHOICE, "原值"), ("At cost", CHOICE, "原值"), ("  at COST", CHOICE, "原值"), ("无", CHOICE, "无"), ("None", CHOICE, "无"),
        ("白送", CHOICE, "not_a_choice"),
        ("缴款", find_column("cash_flow", "kind"), "call"), ("call", find_column("cash_flow", "kind"), "call"),
        ("Call", find_column("cash_flow", "kind"), "call"),
        ("人民币", CURRENCY, "CNY"), ("usd", CURRENCY, "USD"), ("＄", CURRENCY, "USD"), ("XYZ", CURRENCY, "not_a_currency"),
        ("人民币/美元", CURRENCY, "not_a_currency"),
        ("2017年三季度", PERIOD, "2017Q3"), ("2017-09-30", PERIOD, "2017Q3"), ("上季度", PERIOD, "not_a_period"),
        (" ＰＦ－００１ ", CODE, "PF-001"), ("007", CODE, "007"), ("PF\u200b-1", CODE, "PF-1"), ("a  b", CODE, "a b"), ("x" * 301, CODE, "too_long"),
        ("91330100 ma27exmp0q", LEGAL, "91330100MA27EXMP0Q"),
        ("  示例\r\n基金_x000D_ ", NAME, "示例\n基金"), ("示\u200b例\ufeff\x07", NAME, "示例"), ("x" * 2001, NAME, "too_long"),
        ("x" * 2000, NAME, "x" * 2000), ("未知", NAME, "未知"), ("无", NAME, "无"),
    ],
)  # fmt: skip
def test_other_kinds(written, column, meant):
    assert read(written, column) == meant


@pytest.mark.parametrize("written", ["", " ", "-", "—", "——", "/", "n/a", "N／A"])
@pytest.mark.parametrize("column", [MONEY, SHARE, DATE, WHOLE, NAME, CODE, FLAG, CHOICE, CURRENCY, PERIOD])
def test_what_stands_for_nothing(written, column):
    assert read(written, column) is None


@pytest.mark.parametrize("written", ["未知", "暂无", "nil", "NULL", "不适用"])
def test_words_that_stand_for_no_number_or_date(written):
    assert read(written, MONEY) is None
    assert read(written, DATE) is None


@pytest.mark.parametrize("column", [MONEY, SHARE, DATE, WHOLE, NAME, CODE, FLAG, CHOICE, CURRENCY, PERIOD])
def test_an_error_cell_is_never_a_value(column):
    assert read("#REF!", column, Kind.ERROR) == "error_cell"


def test_choices_are_listed_in_both_languages():
    wrong = parse_value("白送", TEXT, find_column("participation", "reinvest_base"), Context())
    assert dict(wrong.about) == {"choices_zh": "认缴、实缴", "choices_en": "Committed, Paid-in"}


def test_folding_and_bare_numbers():
    assert fold("　ａ_x000D_\n b　") == "a b"
    assert number("") is None

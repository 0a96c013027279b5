"""Amounts in Chinese numerals, and numbers with words beside them that are not taken for numbers."""

from decimal import Decimal

import pytest

from fundtrack.errors import Problem
from fundtrack.load.cells import Kind
from fundtrack.load.numerals import amount_in_words
from fundtrack.load.values import Context, Wrong, parse_value
from fundtrack.model.frames import find_column
from fundtrack.text.problems import problem_sentence

SIZE = find_column("partner_fund", "committed_size")
STAFF = find_column("investment", "staff")
SHARE = find_column("investment", "stake")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("壹亿元整", "100000000", id="capital"),
        pytest.param("壹仟万元整", "10000000", id="thousands of ten thousands"),
        pytest.param("壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元整", "123456789", id="every place"),
        pytest.param("壹億貳仟萬圓正", "120000000", id="traditional"),
        pytest.param("壹仟万零伍佰元整", "10000500", id="a gap"),
        pytest.param("一亿零五百万元", "105000000", id="a gap above ten thousand"),
        pytest.param("一亿零五万元", "100050000", id="a gap before one figure"),
        pytest.param("叁拾元零伍分", "30.05", id="cents alone"),
        pytest.param("壹元贰角叁分", "1.23", id="dimes and cents"),
        pytest.param("五千万", "50000000", id="plain, with no yuan"),
        pytest.param("十五万元", "150000", id="ten with nothing before it"),
        pytest.param("拾万元整", "100000", id="capital ten with nothing before it"),
        pytest.param("两亿三千万元", "230000000", id="two as it is spoken"),
        pytest.param("一万亿元", "1000000000000", id="ten thousand times a hundred million"),
        pytest.param("1亿5000万元", "150000000", id="figures by parts"),
        pytest.param("100元整", "100", id="figures and nothing more"),
        pytest.param("负伍佰万元", "-5000000", id="negative"),
        pytest.param("零元整", "0", id="nothing"),
        pytest.param("(大写)壹亿元整", "100000000", id="said to be capital"),
        pytest.param("五十", None, id="no unit of its own"),
        pytest.param("一万五元", None, id="15,000 to the ear, 10,005 to the letter"),
        pytest.param("一百五元", None, id="150 or 105"),
        pytest.param("一亿五", None, id="a last figure without its place"),
        pytest.param("1亿5元", None, id="the same in figures"),
        pytest.param("二〇一七万元", None, id="figures side by side"),
        pytest.param("百万元", None, id="hundred of what"),
        pytest.param("三万五万元", None, id="two parts of one size"),
        pytest.param("壹亿贰亿元", None, id="and of the largest"),
        pytest.param("一百千元", None, id="places upside down"),
        pytest.param("3.5万200元", None, id="a fraction before a further part"),
        pytest.param("壹亿零元", None, id="a gap before nothing"),
        pytest.param("贰角", None, id="dimes of no currency"),
        pytest.param("", None, id="no text"),
        pytest.param("元", None, id="a unit alone"),
    ],
)
def test_amounts_in_words(written, meant):
    found = amount_in_words(written)
    assert found == (None if meant is None else Decimal(meant))


def read(written, column=SIZE, currency=None):
    found = parse_value(written, Kind.TEXT, column, Context(factor=Decimal(10_000), currency=currency))
    return found.code if isinstance(found, Wrong) else found


@pytest.mark.parametrize(
    ("written", "currency", "wanted"),
    [
        ("人民币壹亿元整", None, Decimal("100000000.00")),
        ("人民币（大写）壹仟万元整", "CNY", Decimal("10000000.00")),
        ("人民币 伍佰 万元", None, Decimal("5000000.00")),
        ("壹佰万美元", "USD", Decimal("1000000.00")),
        ("壹佰万美元", None, "currency_in_amount"),
        ("壹万亿元整", None, "amount_too_large"),
        ("负伍佰万元", None, "negative_not_allowed"),
        ("壹仟", None, "not_a_number"),
    ],
)
def test_a_cell_of_words_beats_the_columns_unit_as_any_written_unit_does(written, currency, wanted):
    assert read(written, currency=currency) == wanted


@pytest.mark.parametrize(
    ("written", "column", "code"),
    [
        ("30000（注1）", SIZE, "note_beside"), ("30000(见附注二)", SIZE, "note_beside"), ("30,000注1", SIZE, "note_beside"), ("30000*", SIZE, "note_beside"),
        ("30000[1]", SIZE, "note_beside"), ("壹亿元整（注）", SIZE, "note_beside"), ("12人（注3）", STAFF, "not_a_whole_number"), ("20%（注2）", SHARE, "note_beside"),
        ("约30000", SIZE, "not_exact"), ("不低于5,000万元", SIZE, "not_exact"), ("30000以上", SIZE, "not_exact"), ("5亿左右", SIZE, "not_exact"), ("500余万元", SIZE, "not_exact"),
        ("≥30000", SIZE, "not_exact"), ("about 5 mn", SIZE, "not_exact"), ("近20%", SHARE, "not_exact"), ("约12", STAFF, "not_exact"),
        ("约定", SIZE, "not_a_number"), ("1,2OO*", SIZE, "not_a_number"), ("（注1）", SIZE, "not_a_number"), ("2017（注册）", SIZE, "not_a_number"),
    ],
)  # fmt: skip
def test_a_number_with_a_note_or_a_bound_is_asked_about_and_never_taken(written, column, code):
    assert read(written, column) == code


@pytest.mark.parametrize(("written", "number"), [("30000（注1）", "30000"), ("不低于5,000万元", "5,000万元")])
def test_the_sentence_names_the_number(written, number):
    found = parse_value(written, Kind.TEXT, SIZE, Context())
    problem = Problem(found.code, value=written, about=dict(found.about))
    for lang in ("zh", "en"):
        assert written in problem_sentence(problem, lang)
    assert dict(found.about)["number"] == number

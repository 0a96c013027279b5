"""Raw columns to typed ones: the same whether read cell by cell or all at once, and as the row models would have it."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from wayin import Workbook

from fundtrack.load import parse
from fundtrack.load.cells import Kind
from fundtrack.load.parse import parse_table
from fundtrack.load.values import Context, Dated, Wrong, parse_value
from fundtrack.model.fields import checked
from fundtrack.model.frames import DTYPES, find_column
from fundtrack.model.rows import TABLES
from fundtrack.money import to_money

# One column of every kind, and the model that says what may stand in it.
COLUMNS = [
    ("cash_flow", "amount"), ("cash_flow", "income"), ("indicator", "value"), ("investment", "stake"), ("fund_report", "irr_reported"),
    ("participation", "reinvest_required"), ("market_rate", "value"), ("cash_flow", "occurred_on"), ("investment", "staff"),
    ("investment", "related_party"), ("cash_flow", "kind"), ("cash_flow", "currency"), ("fund_report", "period"),
    ("partner_fund", "partner_fund_id"), ("partner_fund", "uscc"), ("partner_fund", "name"),
]  # fmt: skip
NUMBERS = st.decimals(min_value="-1e13", max_value="1e13", places=4).map(
    lambda number: format(number.normalize(), "f")
)
DAYS = st.dates().map(str)
WORDS = st.one_of(
    st.text(max_size=12), st.text("０１２ＡＢab 12,.%/-—（）()万亿元年月日\u00a0\u3000\r\n", max_size=10), st.sampled_from(
        ["缴款", "CNY", "2017Q3", "2017-06", "是", "n/a", "N／A", "----", "无", "500万", "1,200", "_x000D_ab", "未知", "nan", "a" * 301, "长" * 2001]
    )
)  # fmt: skip
CELLS = st.one_of(
    st.tuples(NUMBERS, st.just(Kind.NUMBER)), st.tuples(DAYS, st.just(Kind.DATE)), st.tuples(WORDS, st.just(Kind.TEXT)),
    st.tuples(NUMBERS, st.just(Kind.TEXT)), st.tuples(st.sampled_from(["TRUE", "FALSE"]), st.just(Kind.BOOL)),
    st.tuples(st.sampled_from(["#REF!", "#N/A"]), st.just(Kind.ERROR)), st.just((None, Kind.EMPTY)),
)  # fmt: skip
CONTEXTS = st.builds(Context, st.sampled_from([Decimal(1), Decimal(10_000), Decimal(10**8)]), st.booleans())
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def columns_of(cells):
    text = pl.Series([text for text, _ in cells], dtype=pl.String)
    return text, pl.Series([kind.value for _, kind in cells], dtype=pl.UInt8)


def plain(found):
    series, wrong = found
    return [one.to_list() for one in series], {at: item.code for at, item in wrong.items()}


@pytest.mark.parametrize(("table", "name"), COLUMNS)
@QUICK
@given(cells=st.lists(CELLS, min_size=1, max_size=12), context=CONTEXTS)
@example(
    cells=[("1e99", Kind.TEXT), ("9" * 40, Kind.TEXT), ("99999999999.999", Kind.NUMBER)],
    context=Context(Decimal(10)),
)
@example(
    cells=[("9999999999999999.99", Kind.NUMBER), ("-0.005", Kind.NUMBER), ("0.00000001", Kind.NUMBER)],
    context=Context(Decimal(10**8)),
)
@example(
    cells=[
        ("a\x1cb", Kind.TEXT),
        ("\x1fabcd", Kind.TEXT),
        ("abcd\u2028", Kind.TEXT),
        ("\u200babcd", Kind.TEXT),
    ],
    context=Context(),
)
def test_all_at_once_is_as_cell_by_cell(table, name, cells, context):
    column = find_column(table, name)
    text, kind = columns_of(cells)
    slow = plain(parse._one_by_one(text, kind, column, context))
    assert plain(parse._all_at_once(text, kind, column, context)) == slow
    assert len(slow[0][0]) == len(cells)


def model_takes(table, name, value):
    """Whether the data dictionary's model lets this value stand in this field."""
    try:
        checked(TABLES[table]).model_validate({name: value})
    except ValidationError as error:
        return all(item["loc"] != (name,) for item in error.errors())
    return True


@pytest.mark.parametrize(("table", "name"), COLUMNS)
@QUICK
@given(cell=CELLS, context=CONTEXTS)
def test_what_is_taken_the_model_takes(table, name, cell, context):
    """Every value that passes is one of the model's, to the type: nothing else gets into the ledger."""
    text, kind = cell
    read = None if text is None else parse_value(text, kind, find_column(table, name), context)
    if read is not None and not isinstance(read, Wrong):
        assert model_takes(table, name, read.day if isinstance(read, Dated) else read)


@pytest.mark.parametrize(
    ("table", "name"), [pair for pair in COLUMNS if DTYPES[find_column(*pair).kind] == pl.Decimal(18, 2)]
)
@QUICK
@given(number=st.decimals(min_value="-2e12", max_value="2e12", places=4))
@example(Decimal("999999999999.994"))
@example(Decimal("999999999999.995"))
@example(Decimal("-0.004"))
def test_an_amount_is_refused_exactly_where_the_model_refuses_it(table, name, number):
    read = parse_value(format(number, "f"), Kind.NUMBER, find_column(table, name), Context())
    assert model_takes(table, name, to_money(number)) == (not isinstance(read, Wrong))


def test_every_row_knows_its_row_and_every_date_its_precision():
    book = Workbook(
        {
            "valuation": [
                {"participation_id": "PA-1", "valued_on": day, "nav": 1.005}
                for day in (None, "2017-06", "2016")
            ]
        }
    )
    parsed = parse_table(book.read().found.tables[0])
    assert parsed.frame.to_dict(as_series=False) == {
        "row_number": [2, 3, 4],
        "participation_id": ["PA-1"] * 3,
        "valued_on": [None, date(2017, 6, 30), date(2016, 12, 31)],
        "valued_on_precision": [None, "month", "year"],
        "nav": [Decimal("10050.00")] * 3,
    }
    assert [(problem.code, problem.cell) for problem in parsed.problems] == [("missing_value", "B2")]


def test_a_long_column_is_read_all_at_once_with_its_problems_in_place():
    rows = [{"participation_id": "PA-1", "valued_on": "2017-06-30", "nav": n} for n in range(300)]
    rows[270]["nav"], rows[280]["valued_on"], rows[290]["participation_id"] = "未定额", "某日", None
    parsed = parse_table(Workbook({"valuation": rows}).read().found.tables[0])
    assert [(problem.code, problem.cell) for problem in parsed.problems] == [
        ("missing_value", "A292"), ("not_a_date", "B282"), ("not_a_number", "C272"),
    ]  # fmt: skip
    assert parsed.frame["nav"][299] == Decimal("2990000.00")
    assert parsed.frame["nav"].null_count() == 1

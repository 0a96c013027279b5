"""Units, currencies, cents and ratios."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundtrack.money import UNITS, currency_code, ratio, to_money, unit_factor


@pytest.mark.parametrize(
    ("written", "factor", "currency"),
    [
        ("元", 1, None), ("千元", 1000, None), ("万元", 10**4, None), ("百万元", 10**6, None), ("千万元", 10**7, None), ("亿元", 10**8, None),
        ("万", 10**4, None), ("亿", 10**8, None), ("million", 10**6, None), ("100 million", 10**8, None), ("Mn", 10**6, None),
        ("美元", 1, "USD"), ("万美元", 10**4, "USD"), ("百万 美元", 10**6, "USD"), ("亿美元", 10**8, "USD"), ("千港元", 1000, "HKD"), ("万欧元", 10**4, "EUR"),
        ("USD", 1, "USD"), ("usd million", 10**6, "USD"), ("CNY 10k", 10**4, "CNY"), ("RMB100million", 10**8, "CNY"), ("US$m", 10**6, "USD"),
        ("人民币", 1, "CNY"), ("人民币元", 1, "CNY"), ("人民币万元", 10**4, "CNY"), ("万元人民币", 10**4, "CNY"), ("￥万元", 10**4, "CNY"),
        ("万元/人民币", 10**4, "CNY"),
    ],
)  # fmt: skip
def test_units(written, factor, currency):
    assert unit_factor(written) == (Decimal(factor), currency)


@pytest.mark.parametrize(
    "written", ["", "斤", "1", "10", "十万元", "万万元", "只", "年", "%", "人民币美元", "millions of stars"]
)
def test_what_is_no_unit(written):
    assert unit_factor(written) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [("人民币", "CNY"), ("元", "CNY"), ("￥", "CNY"), ("cnh", "CNY"), ("美金", "USD"), ("US$", "USD"), (" usd ", "USD"), ("港币", "HKD"),
     ("sgd", "SGD"), ("CHF", "CHF"), ("XYZ", None), ("ABC", None), ("人民币/美元", None), ("", None), ("刀", None), ("US", None)],
)  # fmt: skip
def test_currencies(written, code):
    assert currency_code(written) == code


@pytest.mark.parametrize(
    ("number", "cents"),
    [("1.005", "1.01"), ("-1.005", "-1.01"), ("0.004999", "0.00"), ("2.675", "2.68"), ("10", "10.00")],
)
def test_cents_are_rounded_half_up_once(number, cents):
    assert str(to_money(Decimal(number))) == cents


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=6))
def test_rounding_moves_no_more_than_half_a_cent(number):
    assert abs(to_money(number) - number) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [
        ("30", "150.15", 30 / 150.15),
        ("1", "3", 1 / 3),
        ("0", "5", 0.0),
        ("5", "0", None),
        (None, "5", None),
        ("5", None, None),
        ("-1", "4", -0.25),
    ],
)
def test_ratio(above, below, expected):
    frame = pl.DataFrame(
        {"a": [above and Decimal(above)], "b": [below and Decimal(below)]},
        schema={"a": pl.Decimal(18, 2), "b": pl.Decimal(18, 2)},
    )
    out = frame.select(ratio(pl.col("a"), pl.col("b")).alias("r"))
    assert out.schema["r"] == pl.Float64
    assert out["r"][0] == expected


def test_units_are_powers_of_ten_in_order():
    assert [factor.adjusted() for factor in UNITS.values()] == [0, 3, 4, 6, 7, 8]

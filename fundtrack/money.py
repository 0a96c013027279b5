"""Money is DECIMAL(18,2) beside its currency; ratios are Float64 and are born here."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import polars as pl

MONEY: Final = pl.Decimal(18, 2)
RATE: Final = pl.Decimal(18, 8)
LARGEST: Final = Decimal(10) ** 12
"""Amounts stay below this, in units of their currency."""

UNITS: Final[dict[str, Decimal]] = {
    "元": Decimal(1),
    "千元": Decimal(1_000),
    "万元": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿元": Decimal(100_000_000),
}
"""Factor from a written unit to units of currency."""

_ENGLISH: Final = {
    "yuan": "元", "rmb": "元", "cny": "元", "usd": "元", "1": "元", "thousand": "千元", "10k": "万元", "tenthousand": "万元",
    "million": "百万元", "mn": "百万元", "m": "百万元", "100million": "亿元", "hundredmillion": "亿元", "wan": "万元", "yi": "亿元",
}  # fmt: skip
_CURRENCIES: Final = {
    "人民币": "CNY", "人民币元": "CNY", "rmb": "CNY", "cny": "CNY", "元": "CNY", "￥": "CNY", "¥": "CNY", "cnh": "CNY",
    "美元": "USD", "美金": "USD", "usd": "USD", "us$": "USD", "$": "USD", "港元": "HKD", "港币": "HKD", "hkd": "HKD",
    "欧元": "EUR", "eur": "EUR", "日元": "JPY", "jpy": "JPY", "英镑": "GBP", "gbp": "GBP",
}  # fmt: skip
_SCALES: Final = {"百万": 6, "千万": 7, "万": 4, "亿": 8, "千": 3, "": 0}


def ratio(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """Divide two money sums as Float64; an empty denominator gives null, not infinity.

    >>> from decimal import Decimal
    >>> frame = pl.DataFrame({"a": [Decimal("30"), Decimal("1")], "b": [Decimal("150.15"), Decimal("0")]})
    >>> frame.select(ratio(pl.col("a"), pl.col("b")))["a"].to_list()
    [0.19980019980019981, None]
    """
    below = denominator.cast(pl.Float64)
    return pl.when(below != 0).then(numerator.cast(pl.Float64) / below)


def unit_factor(written: str) -> tuple[Decimal, str | None] | None:
    """Read a money unit: its factor to units of currency, and the currency where it names one; None where it is no unit.

    >>> unit_factor("万元"), unit_factor("万美元"), unit_factor("亿"), unit_factor("USD million"), unit_factor("斤")
    ((Decimal('10000'), None), (Decimal('10000'), 'USD'), (Decimal('100000000'), None), (Decimal('1000000'), 'USD'), None)
    """
    text = "".join(written.split()).lower()
    if text in {unit.lower() for unit in UNITS}:
        return UNITS[text], None
    for scale, power in _SCALES.items():
        rest = text.removeprefix(scale)
        if scale and not rest and text == scale:
            return Decimal(10) ** power, None
        if (not scale or rest != text) and rest in _CURRENCIES:
            return Decimal(10) ** power, None if rest == "元" else _CURRENCIES[rest]
    currency = next((code for name, code in _CURRENCIES.items() if name.isascii() and name.isalpha() and name in text), None)
    rest = text
    for name in ("cny", "rmb", "usd", "hkd", "eur", "jpy", "gbp"):
        rest = rest.replace(name, "")
    if currency and not rest:
        return Decimal(1), currency
    if rest in _ENGLISH and _ENGLISH[rest] in UNITS:
        return UNITS[_ENGLISH[rest]], currency
    return None


def currency_code(written: str) -> str | None:
    """The ISO 4217 code of a currency however it is written; None where it is none.

    >>> currency_code("人民币"), currency_code("usd"), currency_code("SGD"), currency_code("人民币/美元")
    ('CNY', 'USD', 'SGD', None)
    """
    text = "".join(written.split()).lower()
    if text in _CURRENCIES:
        return _CURRENCIES[text]
    return text.upper() if len(text) == 3 and text.isascii() and text.isalpha() else None


def to_money(number: Decimal) -> Decimal:
    """Round once, half up, to cents.

    >>> to_money(Decimal("1.005"))
    Decimal('1.01')
    """
    return number.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

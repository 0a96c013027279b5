"""Money is DECIMAL(18,2) beside its currency; ratios are Float64 and are born here."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import polars as pl

MONEY: Final = pl.Decimal(18, 2)
RATE: Final = pl.Decimal(18, 8)
LARGEST: Final = Decimal(10) ** 12
"""Amounts stay below this, in units of their currency."""
LARGEST_RATE: Final = Decimal(10) ** 10
"""Rates and shares stay below this: what RATE can hold."""

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
    "yuan": "元", "thousand": "千元", "10k": "万元", "tenthousand": "万元",
    "million": "百万元", "mn": "百万元", "m": "百万元", "100million": "亿元", "hundredmillion": "亿元", "wan": "万元", "yi": "亿元",
}  # fmt: skip
_CURRENCIES: Final = {
    "人民币": "CNY", "人民币元": "CNY", "rmb": "CNY", "cny": "CNY", "元": "CNY", "￥": "CNY", "¥": "CNY", "cnh": "CNY",
    "美元": "USD", "美金": "USD", "usd": "USD", "us$": "USD", "$": "USD", "港元": "HKD", "港币": "HKD", "hkd": "HKD",
    "欧元": "EUR", "eur": "EUR", "日元": "JPY", "jpy": "JPY", "英镑": "GBP", "gbp": "GBP",
}  # fmt: skip
_SCALES: Final = {"百万": 6, "千万": 7, "万": 4, "亿": 8, "千": 3}
_CODES: Final = frozenset(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC
    CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK
    JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
    MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
    STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW""".split()  # noqa: SIM905 - a list of 150 quoted codes reads worse
)
"""ISO 4217: what may stand as a currency."""


def ratio(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """Divide two money sums as Float64; an empty denominator gives null, not infinity.

    >>> from decimal import Decimal
    >>> frame = pl.DataFrame({"a": [Decimal("30"), Decimal("1")], "b": [Decimal("150.15"), Decimal("0")]})
    >>> frame.select(ratio(pl.col("a"), pl.col("b")))["a"].to_list()
    [0.19980019980019978, None]
    """
    below = denominator.cast(pl.Float64)
    return pl.when(below != 0).then(numerator.cast(pl.Float64) / below)


def unit_factor(written: str) -> tuple[Decimal, str | None] | None:
    """Read a money unit: its factor to units of currency, and the currency where it names one; None where it is no unit.

    >>> unit_factor("万元"), unit_factor("万美元"), unit_factor("亿"), unit_factor("USD million"), unit_factor("斤")
    ((Decimal('10000'), None), (Decimal('10000'), 'USD'), (Decimal('100000000'), None), (Decimal('1000000'), 'USD'), None)
    >>> unit_factor("人民币万元"), unit_factor("万元人民币"), unit_factor("10")
    ((Decimal('10000'), 'CNY'), (Decimal('10000'), 'CNY'), None)
    """
    text = "".join(written.split()).lower()
    if (factor := _bare_unit(text)) is not None:
        return factor, None
    for name, code in sorted(_CURRENCIES.items(), key=lambda item: -len(item[0])):
        if name == "元" or (name not in {text[: len(name)], text[-len(name) :]}):
            continue
        rest = text.removeprefix(name) if text.startswith(name) else text.removesuffix(name)
        rest = rest.strip("/,、，()")
        if not rest:
            return Decimal(1), code
        if (factor := _bare_unit(rest)) is not None:
            return factor, code
    return None


def _bare_unit(text: str) -> Decimal | None:
    """The factor of a unit that names no currency."""
    if text in UNITS:
        return UNITS[text]
    if text in _ENGLISH:
        return UNITS[_ENGLISH[text]]
    return Decimal(10) ** _SCALES[text] if text in _SCALES else None


def currency_code(written: str) -> str | None:
    """The ISO 4217 code of a currency however it is written; None where it is none.

    >>> currency_code("人民币"), currency_code("usd"), currency_code("SGD"), currency_code("人民币/美元"), currency_code("ABC")
    ('CNY', 'USD', 'SGD', None, None)
    """
    text = "".join(written.split()).lower()
    if text in _CURRENCIES:
        return _CURRENCIES[text]
    return text.upper() if text.upper() in _CODES else None


def to_money(number: Decimal) -> Decimal:
    """Round once, half up, to cents.

    >>> to_money(Decimal("1.005"))
    Decimal('1.01')
    """
    return number.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

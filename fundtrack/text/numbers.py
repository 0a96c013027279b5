"""Numbers and dates as people read them, in Chinese and in English: the one place that formats."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from fundtrack.text.say import Lang, say

LOCALES: Final[dict[Lang, str]] = {"zh": "zh_Hans_CN", "en": "en_GB"}
YI: Final = 8
WAN: Final = 4
MILLION: Final = 6

Number = Decimal | float | int


def unknown(lang: Lang) -> str:
    """Say what stands where a value is not known.

    >>> unknown("zh"), unknown("en")
    ('数据待补', 'n/a')
    """
    return say("progress.unknown", lang)


def rounded(value: Number | Fraction, places: int) -> Decimal:
    """Round once, half up, from the exact decimal a person would write.

    >>> rounded(0.125, 2), rounded(Decimal("-0.04"), 1), rounded(Fraction(1, 3), 1)
    (Decimal('0.13'), Decimal('0.0'), Decimal('0.3'))
    """
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    out = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return abs(out) if out == 0 else out


def plain(value: Number | None, lang: Lang, places: int = 0, *, fixed: bool = False) -> str:
    """Write a number with thousands apart and at most so many decimals (`fixed`: just so many).

    >>> plain(Decimal("1234567.5"), "zh", 1), plain(4200, "en"), plain(Decimal("87"), "zh", 1, fixed=True)
    ('1,234,567.5', '4,200', '87.0')
    """
    if value is None:
        return unknown(lang)
    return _plain(value, lang, places, fixed)


@lru_cache(maxsize=32768)
def _plain(value: Number, lang: Lang, places: int, fixed: bool) -> str:
    decimals = "0" * places if fixed else "#" * places
    pattern = _pattern(f"#,##0.{decimals}" if places else "#,##0")
    return str(pattern.apply(rounded(value, places), _locale(LOCALES[lang])))


# Babel is read with the first number that is written: what answers in JSON writes none.


@lru_cache
def _pattern(text: str) -> Any:
    from babel.numbers import parse_pattern  # noqa: PLC0415

    return parse_pattern(text)


@lru_cache
def _locale(name: str) -> Any:
    from babel import Locale  # noqa: PLC0415

    return Locale.parse(name)


def _dated(value: date, pattern: str, lang: Lang) -> str:
    from babel.dates import format_date  # noqa: PLC0415

    return format_date(value, pattern, locale="zh_Hans_CN" if lang == "zh" else "en_US")


def signed(value: Number | None, lang: Lang, places: int = 2) -> str:
    """Write a difference: with its sign, nothing without one, and just so many decimals.

    >>> signed(Decimal("1234.5"), "zh"), signed(-0.579, "en"), signed(Decimal(0), "zh"), signed(None, "en")
    ('+1,234.50', '-0.58', '0.00', 'n/a')
    """
    text = plain(value, lang, places, fixed=True)
    return f"+{text}" if value is not None and rounded(value, places) > 0 else text


def percent(value: Number | None, lang: Lang, places: int = 1) -> str:
    """Write a fraction in per cent.

    >>> percent(0.9778, "zh"), percent(1.1, "en"), percent(None, "zh")
    ('97.8%', '110.0%', '数据待补')
    """
    if value is None:
        return unknown(lang)
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    return plain(exact * 100, lang, places, fixed=True) + "%"


def points(value: Number, lang: Lang) -> str:
    """Write the size of a difference of two fractions, in percentage points.

    >>> points(-0.0893, "zh")
    '8.9'
    """
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    return plain(abs(exact) * 100, lang, 1, fixed=True)


def scaled(value: Number | None, lang: Lang, power: int, places: int = 1, *, fixed: bool = True) -> str:
    """Write an amount divided by a power of ten, without a unit.

    >>> scaled(Decimal("8760000000"), "zh", YI), scaled(Decimal("42000000"), "zh", WAN, 0)
    ('87.6', '4,200')
    """
    return (
        unknown(lang)
        if value is None
        else plain(Decimal(str(value)).scaleb(-power), lang, places, fixed=fixed)
    )


def wan(value: Number | None, lang: Lang) -> str:
    """Write an amount in 万元 of its own currency, as a table shows it, without the unit.

    >>> wan(Decimal("12345600.00"), "zh"), wan(Decimal("123.45"), "zh")
    ('1,234.56', '0.01')
    """
    return scaled(value, lang, WAN, 2, fixed=False)


def money(value: Number | None, currency: str, lang: Lang, *, fixed: bool = True, places: int = 1) -> str:
    """Write an amount in the unit people speak of: 亿元 or 万元, ¥ or another currency's millions.

    Chinese: CNY from 0.1 亿元 up in 亿元 with one decimal (`fixed`: also where it is 0), or as many as `places` says,
    below in 万元; other currencies in 万 of theirs. English: millions, from 1,000 up in billions.

    >>> money(Decimal("8760000000"), "CNY", "zh"), money(Decimal("42000000"), "USD", "zh")
    ('87.6亿元', '4,200万美元')
    >>> money(Decimal("240000000"), "CNY", "en"), money(Decimal("8000000"), "USD", "en")
    ('¥240 m', 'USD 8 m')
    >>> money(Decimal("8760000000"), "CNY", "en"), money(Decimal("650000"), "CNY", "zh")
    ('¥8.76 bn', '65万元')
    >>> money(Decimal("703675000"), "CNY", "zh", places=2), money(Decimal("703675000"), "CNY", "en", places=2)
    ('7.04亿元', '¥703.7 m')
    >>> money(Decimal("-543000000"), "CNY", "en"), money(Decimal("-543000000"), "CNY", "zh")
    ('-¥543 m', '-5.4亿元')
    """
    if value is None:
        return unknown(lang)
    exact = Decimal(str(value))
    if lang == "zh":
        if currency == "CNY" and abs(exact) >= Decimal(10_000_000):
            return say("progress.yi", lang, number=scaled(exact, lang, YI, places, fixed=fixed))
        number = scaled(exact, lang, WAN, 2, fixed=False)
        return say("progress.wan", lang, number=number, currency=currency_name(currency, lang))
    sign = ("-" if exact < 0 else "") + ("¥" if currency == "CNY" else f"{currency} ")
    exact = abs(exact)
    if exact >= Decimal(1_000_000_000):
        return f"{sign}{scaled(exact, lang, 9, 2, fixed=False)} bn"
    return f"{sign}{scaled(exact, lang, MILLION, 1, fixed=False)} m"


def exact_money(value: Number, currency: str, lang: Lang) -> str:
    """Write an amount to the cent in the unit of tables: 万 of its currency, in English millions.

    >>> exact_money(Decimal("7778400000.00"), "CNY", "zh"), exact_money(Decimal("20000000.01"), "USD", "zh")
    ('777,840万元', '2,000.000001万美元')
    >>> exact_money(Decimal("7778400000.00"), "CNY", "en"), exact_money(Decimal("-20000000.01"), "USD", "en")
    ('¥7,778.4 m', '-USD 20.00000001 m')
    """
    if lang == "zh":
        number = scaled(value, lang, WAN, 6, fixed=False)
        return say("progress.wan", lang, number=number, currency=currency_name(currency, lang))
    exact = Decimal(str(value))
    sign = ("-" if exact < 0 else "") + ("¥" if currency == "CNY" else f"{currency} ")
    return f"{sign}{scaled(abs(exact), lang, MILLION, 8, fixed=False)} m"


def currency_name(currency: str, lang: Lang) -> str:
    """Name a currency; one without a name by its code.

    >>> currency_name("USD", "zh"), currency_name("USD", "en"), currency_name("SGD", "zh")
    ('美元', 'USD', 'SGD')
    """
    return say(f"progress.currency.{currency}", lang) if currency in _NAMED else currency


_NAMED: Final = ("CNY", "USD", "HKD", "EUR", "JPY", "GBP")


def day(value: date | None, lang: Lang) -> str:
    """Write a day in full.

    >>> day(date(2017, 9, 30), "zh"), day(date(2017, 9, 30), "en"), day(None, "en")
    ('2017年9月30日', '30 Sep 2017', 'n/a')
    """
    if value is None:
        return unknown(lang)
    return _dated(value, "y年M月d日" if lang == "zh" else "d MMM y", lang)


def month(value: date | None, lang: Lang) -> str:
    """Write the month of a day.

    >>> month(date(2017, 6, 15), "zh"), month(date(2017, 6, 15), "en")
    ('2017年6月', 'Jun 2017')
    """
    if value is None:
        return unknown(lang)
    return _dated(value, "y年M月" if lang == "zh" else "MMM y", lang)

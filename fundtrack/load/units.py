"""Units of money as headers, corner lines and English reports write them."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from fundtrack.load.written import fold
from fundtrack.money import currency_code, unit_factor

_MONEY_WORDS: Final = (
    "人民币元", "人民币", "美元", "美金", "港元", "港币", "欧元", "日元", "英镑", "rmb", "cny", "usd", "us$", "hkd", "eur", "jpy", "gbp",
    "￥", "¥", "$",
)  # fmt: skip
_SCALES: Final = {
    "thousands": 3, "thousand": 3, "'000": 3, "’000": 3, "000s": 3, "000": 3, "k": 3, "millions": 6, "million": 6, "mn": 6, "mm": 6,
    "mil": 6, "m": 6, "billions": 9, "billion": 9, "bn": 9, "b": 9,
}  # fmt: skip
_LABEL: Final = re.compile(
    r"^[(\[【]?(?:金额|货币|计量|计价|数据|数量)?单位\s*[::]?\s*(?P<unit>[^:]{1,20}?)\s*[)\]】]?$",
    re.IGNORECASE,
)
_ENGLISH: Final = re.compile(
    r"^[(\[]?(?:(?:all|the)\s+)?(?:amounts?|figures?|values?|currency|unit)?\s*(?:of amounts?)?\s*"
    r"(?:(?:are|is|expressed|stated|shown)\s+)*[:]?\s*(?:in\s+)?(?P<unit>[^:]{1,30}?)[)\]]?$",
    re.IGNORECASE,
)
_BRACKETED: Final = re.compile(r"[(\[【]([^()\[\]【】]{1,30})[)\]】]")
_CURRENCY_LABEL: Final = re.compile(
    r"^[(\[]?(?:币种|货币|计价货币|reporting currency|currency)\s*[::]\s*(?P<money>[^:;,]{1,12}?)[)\]]?$",
    re.IGNORECASE,
)


class Unit(NamedTuple):
    """A unit read: its factor to units of currency, and the currency where it names one."""

    factor: Decimal
    currency: str | None = None


class Corner(NamedTuple):
    """What the lines above a header say of its amounts."""

    factor: Decimal | None = None
    currency: str | None = None


@lru_cache(maxsize=4096)
def read_unit(written: str) -> Unit | None:
    """A money unit however it is written; None where it is none.

    >>> read_unit("人民币万元"), read_unit("人民币/百万")
    (Unit(factor=Decimal('10000'), currency='CNY'), Unit(factor=Decimal('1000000'), currency='CNY'))
    >>> read_unit("RMB'000"), read_unit("US$ millions"), read_unit("millions of USD")
    (Unit(factor=Decimal('1000'), currency='CNY'), Unit(factor=Decimal('1000000'), currency='USD'), Unit(factor=Decimal('1000000'), currency='USD'))
    >>> read_unit("家"), read_unit("杭州示例公司")
    (None, None)
    """
    text = "".join(fold(written).lower().split())
    if not text or len(text) > 24:
        return None
    known = unit_factor(text)
    if known:
        return Unit(*known)
    for word in _MONEY_WORDS:
        if word in text:
            rest = re.sub(r"[/、,()\[\]:;|\-]|(?<![a-z])of(?![a-z])|of$|^in", "", text.replace(word, "", 1))
            factor = _scale(rest)
            return None if factor is None else Unit(factor, currency_code(word))
    factor = _scale(text) if text in _SCALES and len(text) > 2 else None
    return None if factor is None else Unit(factor)


def _scale(text: str) -> Decimal | None:
    if not text or text == "元":
        return Decimal(1)
    if text in _SCALES:
        return Decimal(10) ** _SCALES[text]
    known = unit_factor(text)
    return known[0] if known and known[1] is None else None


def unit_line(written: str) -> Unit | None:
    """The unit that a line of its own names.

    >>> unit_line("（单位：亿元）"), unit_line("金额单位：人民币万元")
    (Unit(factor=Decimal('100000000'), currency=None), Unit(factor=Decimal('10000'), currency='CNY'))
    >>> unit_line("Amounts in USD millions"), unit_line("单位：杭州示例投资有限公司"), unit_line("2017")
    (Unit(factor=Decimal('1000000'), currency='USD'), None, None)
    >>> unit_line("2017年三季度基金情况表（单位：万元）")
    Unit(factor=Decimal('10000'), currency=None)
    """
    text = fold(written)
    if len(text) > 60:
        return None
    for part in (
        text,
        *_BRACKETED.findall(text),
        *re.split(r"[;,，；、]|\s{2,}|\s(?=币种|货币|currency)", text, flags=re.IGNORECASE),
    ):
        found = _LABEL.match(part.strip())
        if found:
            unit = read_unit(found["unit"])
            if unit:
                return unit
    if re.search(r"(?i)\b(in|unit|amounts?|figures?)\b|^\(", text) and (found := _ENGLISH.match(text)):
        return read_unit(found["unit"])
    return None


def currency_line(written: str) -> str | None:
    """The currency that a line of its own names.

    >>> currency_line("币种：美元"), currency_line("Currency: USD"), currency_line("美元基金")
    ('USD', 'USD', None)
    """
    for part in re.split(r"[;,，；]|\s{1,}(?=币种|货币|currency)", fold(written), flags=re.IGNORECASE):
        found = _CURRENCY_LABEL.match(part.strip())
        if found:
            return currency_code(found["money"].strip())
    return None


def corner(rows: Iterable[Sequence[str | None]]) -> Corner:
    """The unit and currency that lines above a header name, the nearest first.

    A label alone (`单位：` beside `万元`) counts with the cell to its right.
    """
    factor: Decimal | None = None
    currency: str | None = None
    for cells in rows:
        filled = [cell for cell in cells if cell and cell.strip()]
        pairs = [
            f"{left}:{right}" for left, right in pairwise(filled) if left.rstrip().endswith(("单位", "币种"))
        ]
        pairs += [left + right for left, right in pairwise(filled) if left.rstrip()[-1:] in ":："]
        for cell in (*filled, *pairs):
            unit = unit_line(cell)
            if unit and factor is None:
                factor = unit.factor
                currency = currency or unit.currency
            currency = currency or currency_line(cell)
    return Corner(factor, currency)

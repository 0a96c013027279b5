"""Amounts in Chinese numerals, as contracts and vouchers write them: 人民币壹亿元整, 五千万元, 1亿5000万元."""

import re
from decimal import Decimal
from typing import Final

_DIGITS: Final = {
    numeral: value
    for value, same in enumerate(("〇零○", "一壹弌", "二贰貳弍两兩", "三叁參叄弎", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"))
    for numeral in same
}  # fmt: skip
_PLACES: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_NUMERAL: Final = "".join((*_DIGITS, *_PLACES))
_WHOLE: Final = re.compile(
    rf"^(?P<sign>负|負)?(?P<amount>[{_NUMERAL}万萬亿億.\d]+)(?P<unit>元|圆|圓)?"
    rf"(?:零?(?P<tenths>[{_NUMERAL}])角)?(?:零?(?P<hundredths>[{_NUMERAL}])分)?(?P<currency>美元|人民币|元人民币)?[整正]?$"
)
_SAID: Final = re.compile(r"^[(]?大写[)]?[:：]?")
_FIGURES: Final = re.compile(r"^\d+(?:\.\d+)?$")


def amount_in_words(text: str) -> Decimal | None:
    """An amount in units of its currency; None where it is none, or may be meant in two ways.

    It must name its own unit, 元 or 万 or 亿: what a bare 五十 counts is the header's to say, and nobody who writes words reads
    headers. A last figure without its place is colloquial and refused: 一万五 is 15,000 to the ear and 10,005 to the letter.

    Args:
        text: folded, without blanks and without the currency in front.

    >>> amount_in_words("壹亿贰仟叁佰万元整"), amount_in_words("五千万"), amount_in_words("1亿5000万元")
    (Decimal('123000000'), Decimal('50000000'), Decimal('150000000'))
    >>> amount_in_words("叁拾元零伍分"), amount_in_words("一万五元"), amount_in_words("五十")
    (Decimal('30.05'), None, None)
    """
    found = _WHOLE.match(_SAID.sub("", text))
    if found is None:
        return None
    parts = found["tenths"] or found["hundredths"]
    named = found["unit"] or found["currency"] or found["amount"][-1] in "万萬亿億"
    if not named or (parts and not found["unit"]):
        return None
    value = _counted(found["amount"].translate(_PLAIN))
    if value is None:
        return None
    for part, size in (("tenths", "0.1"), ("hundredths", "0.01")):
        if found[part]:
            if found[part] not in _DIGITS:
                return None
            value += _DIGITS[found[part]] * Decimal(size)
    return -value if found["sign"] else value


_PLAIN: Final = str.maketrans("萬億", "万亿")


def _counted(text: str) -> Decimal | None:
    """A number by its parts above 亿, above 万 and below; None where a part is none."""
    value, rest = Decimal(0), text
    for sign, size in (("亿", 10**8), ("万", 10**4)):
        before, here, after = rest.partition(sign)
        if not here:
            continue
        many = _counted(before) if sign == "亿" else _section(before, after=bool(value))
        if many is None or (value and many >= size) or ("." in before and after):
            return None
        value, rest = value + many * size, after
        if not rest:
            return value
    below = _section(rest, after=bool(value))
    lone = value and len(rest) == 1
    return None if below is None or lone or (value and below >= 10**4) else value + below


def _section(text: str, *, after: bool) -> Decimal | None:
    """A number below 10,000 in numerals, or any in figures.

    Args:
        text: the numerals.
        after: whether a larger part stands before it, so that it may begin with 零.
    """
    if _FIGURES.match(text):
        return None if after and "." in text else Decimal(text)
    total, place, zero = 0, 10_000, False
    digit: int | None = None
    for numeral in text:
        if numeral in _PLACES:
            size = _PLACES[numeral]
            if size >= place or digit == 0 or (digit is None and size > 10):
                return None
            total, digit, place, zero = total + (1 if digit is None else digit) * size, None, size, False
        elif digit is not None or numeral not in _DIGITS:
            return None
        elif _DIGITS[numeral] == 0 and (total or after) and not zero:
            zero = True
        else:
            digit = _DIGITS[numeral]
    if digit is None:
        return Decimal(total) if total and not zero else None
    lone = total and place > 10 and not zero
    return None if lone or (digit == 0 and len(text) > 1) else Decimal(total + digit)

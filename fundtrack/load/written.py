"""Numbers as people write them: full width, separators, brackets, a unit of their own, words."""

import re
import unicodedata
from decimal import Decimal
from typing import Final

from fundtrack.load.numerals import amount_in_words
from fundtrack.model.fields import UNSEEN

_SUFFIX: Final = {
    "百万": 6, "千万": 7, "万": 4, "亿": 8, "千": 3, "million": 6, "mn": 6, "m": 6, "billion": 9, "bn": 9, "thousand": 3, "k": 3,
}  # fmt: skip
_MONEY: Final = re.compile(
    r"^(?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,2})?)"
    r"(?P<suffix>百万|千万|万|亿|千|million|mn|m|billion|bn|thousand|k)?(?P<unit>元|美元|人民币)?$"
)
NOTE_MARK: Final = re.compile(
    r"[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3251-\u325f\u32b1-\u32bf]"
)
"""Marks of footnotes: circled, bracketed, raised and lowered digits, which folding would make digits of the value itself."""
TRIANGLES: Final = ("△", "▲", "▽", "▼", "∆", "Δ")
"""What stands for a fall in some reports and for a rise in others."""
UNSEEN_SIGNS: Final = re.compile(UNSEEN)


def fold(text: str) -> str:
    """Full-width to half-width, all kinds of blank to one, ends trimmed, what nobody sees left out.

    >>> fold("　１２，０００.５０ ")
    '12,000.50'
    """
    return " ".join(unicodedata.normalize("NFKC", UNSEEN_SIGNS.sub("", text.replace("_x000D_", " "))).split())


def number(text: str) -> tuple[Decimal, int | None] | None:
    """A written number and the power of ten its own suffix names; None where it is no number.

    >>> number("1,200.5"), number("500万"), number("(300)"), number("1,2OO")
    ((Decimal('1200.5'), None), (Decimal('500'), 4), (Decimal('-300'), None), None)
    >>> number("人民币壹亿元整")
    (Decimal('100000000'), 0)
    """
    if NOTE_MARK.search(text):
        return None
    bare = re.sub(r"^(?:人民币|rmb|cny|us\$|usd|[¥$])+", "", fold(text).lower().replace(" ", "")).replace(
        "−", "-"
    )
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare[1:-1] if negative else bare
    if negative and bare[:1] in {"-", "+"}:
        return None
    if "," in bare:
        if not re.match(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?\D*$", bare) and not re.match(
            r"^[+-]?\d{1,4}(,\d{4})+(\.\d+)?\D*$", bare
        ):
            return None
        bare = bare.replace(",", "")
    found = _MONEY.match(bare)
    if not found:
        said = None if negative else amount_in_words(bare)
        return None if said is None else (said, 0)
    value = Decimal(found["number"])
    power = _SUFFIX[found["suffix"]] if found["suffix"] else (0 if found["unit"] else None)
    return (-value if negative else value), power

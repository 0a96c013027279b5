"""Whether a number on a page is a value of its trace."""

import re
from decimal import Decimal

SCALES = (Decimal(1), Decimal(10) ** 4, Decimal(10) ** 6, Decimal(10) ** 8, Decimal(10) ** 9)


def shown_as(text, value, *, share):
    """True where a number on a page is the value, in some unit and to the digits that it shows."""
    number = Decimal(re.search(r"[+\-−]?\d[\d,]*(?:\.\d+)?", text).group().replace(",", "").replace("−", "-"))
    digits = Decimal(1).scaleb(-len(str(number).partition(".")[2]))
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    near = [exact * 100] if share else [exact / scale for scale in SCALES]
    return any(abs(abs(each) - abs(number)) <= digits * Decimal("0.51") for each in near)

"""Dates as people write them beside the usual forms: in words, in Chinese numerals, in English, to the month."""

import re
from typing import Final

_NUMERALS: Final = {numeral: str(n) for n, numeral in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "Ｏ": "0",
}
_CHINESE: Final = re.compile(
    r"^([〇零○一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})日)?)?$"
)
_NUMBERS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY_FIRST: Final = re.compile(
    rf"^(?:(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+)?{_MONTH}[\s,-]+(\d{{4}})$", re.IGNORECASE
)
_MONTH_FIRST: Final = re.compile(rf"^{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?[\s,]+(\d{{4}})$", re.IGNORECASE)
_SOLID_MONTH: Final = re.compile(r"^((?:19|20)\d{2})(0[1-9]|1[0-2])$")
_END_OF: Final = re.compile(r"^(\d{4})年(?:(\d{1,2})月)?(?:底|末|份|期间|度)$")


def written_date(text: str) -> tuple[int, int | None, int | None] | None:
    """Year, month and day of a date in words, as far as they are said; None where it is no such date.

    >>> written_date("二〇一七年六月三十日"), written_date("30 June 2017"), written_date("Jun 2017")
    ((2017, 6, 30), (2017, 6, 30), (2017, 6, None))
    >>> written_date("201706"), written_date("2017年6月底"), written_date("二〇一七年"), written_date("201713")
    ((2017, 6, None), (2017, 6, None), (2017, None, None), None)
    """
    bare = text.strip(" '’‘`.")
    if found := _CHINESE.match(bare):
        year = int("".join(_NUMERALS[numeral] for numeral in found[1]))
        return year, _small(found[2]), _small(found[3])
    if found := _DAY_FIRST.match(bare):
        return int(found[3]), _NUMBERS.index(found[2].lower()) + 1, int(found[1]) if found[1] else None
    if found := _MONTH_FIRST.match(bare):
        return int(found[3]), _NUMBERS.index(found[1].lower()) + 1, int(found[2])
    if found := _SOLID_MONTH.match(bare) or _END_OF.match(bare):
        return int(found[1]), int(found[2]) if found[2] else None, None
    return None


def _small(numeral: str | None) -> int | None:
    """A numeral up to 99: 三十一 is 31."""
    if numeral is None:
        return None
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return int(_NUMERALS[numeral]) if len(numeral) == 1 else 0
    return (int(_NUMERALS[tens]) if tens else 1) * 10 + (int(_NUMERALS[ones]) if ones else 0)

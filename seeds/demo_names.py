"""Invented names and codes of the 示例 portfolio: well formed, and plainly nobody's."""

import random
from collections.abc import Iterator
from typing import Final

_FIRST: Final = "青白玄朱碧素墨霜岚汐霁暮晨朔望澄渺苍翠绯"
_SECOND: Final = "禾桐榆槿芷蘅梧棠枫柏竹苇荻菱荇蓼芜薇葵藜"
_SECTORS: Final = (
    ("软件", "6510"),
    ("信息技术", "6520"),
    ("数据", "6540"),
    ("网络", "6420"),
    ("微电子", "3963"),
    ("医疗器械", "3581"),
    ("药业", "2720"),
    ("生物", "2760"),
    ("智能设备", "3919"),
    ("自动化", "4011"),
    ("光伏", "3825"),
    ("医学研究", "7340"),
    ("工程技术", "7320"),
    ("通信", "3921"),
)
"""Words of a company's name with its class in GB/T 4754—2011, in force until 2017-09-30."""

HANGZHOU: Final = (
    "330106", "330108", "330110", "330106", "330108", "330105", "330109", "330102", "330104", "330103", "330111", "330185",
)  # fmt: skip
ELSEWHERE: Final = ("310115", "310104", "110108", "440305", "320506", "330212", "330402", "330602", "320106")
FUYANG: Final = "330111"
BANKS: Final = ("示例城市商业银行", "示例股份制银行杭州分行", "示例农村商业银行", "示例国有银行浙江省分行")
PRIVATE: Final = (
    "实业集团",
    "控股",
    "纺织",
    "机电",
    "置信投资",
    "新材料",
    "医药集团",
    "包装",
    "电缆",
    "食品",
)
NUMERALS: Final = ("一", "二", "三", "四")
PERSONS: Final = "甲乙丙丁戊己庚辛"
_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def words(seed: str) -> Iterator[str]:
    """Yield two-letter words in an order fixed by the seed, none twice."""
    pairs = [first + second for first in _FIRST for second in _SECOND]
    random.Random(seed).shuffle(pairs)
    yield from pairs


def sector(rng: random.Random) -> tuple[str, str]:
    """Pick a company's line of business: word of its name, industry code."""
    return rng.choice(_SECTORS)


def uscc(district: str, serial: int) -> str:
    """Make a unified social credit code with both its check digits right, in the unused series XX.

    >>> uscc("330106", 1)
    '91330106XX00000192'
    """
    body = f"XX{serial:06d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rest = 11 - sum(letters.index(sign) * weight for sign, weight in zip(body, weights, strict=True)) % 11
    code = f"91{district}{body}{'X' if rest == 10 else rest % 11}"
    total = sum(_ALPHABET.index(sign) * pow(3, at, 31) for at, sign in enumerate(code))
    return code + _ALPHABET[(31 - total % 31) % 31]

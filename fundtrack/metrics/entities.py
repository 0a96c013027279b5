"""Which rows are one entity (the same valid code, a house's common name), and how names are folded."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from operator import mul
from typing import Final

import polars as pl

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BRACKETS: Final = str.maketrans("【】—·•", "[]-..")
_LOWER: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_SPACES: Final = re.compile("[ \\t\\r\\n\u00a0\u3000]")
_PARTNERSHIP: Final = re.compile(r"\((有限合伙|limitedpartnership|l\.?p\.?)\)$")

_ALPHABET: Final = "0123456789abcdefghjklmnpqrtuwxy"
_PLACES: Final = bytes.maketrans(_ALPHABET.encode(), bytes(range(len(_ALPHABET))))
_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)
_USCC: Final = re.compile(r"^9[1239][0-9]{6}[0-9a-hj-npqrtuwxy]{10}$")
_FUND_CODE: Final = re.compile(r"^s[0-9a-z]{5}$")
_FIRM_CODE: Final = re.compile(r"^p[0-9]{7}$")


def fold(text: str | None) -> str:
    """Give a name or code the form in which two spellings meet; nothing becomes the empty text.

    The same as `name_key` for what people type, but made of steps that SQL can take too, so that both
    engines agree.

    >>> fold(" 示例ＡＢ 资本（有限合伙）"), fold(None)
    ('示例ab资本', '')
    """
    if not text:
        return ""
    if text.isascii() and text.isalnum():  # a code as most are written
        return text.lower()
    plain = _SPACES.sub("", text.translate(_FULL_WIDTH).translate(_BRACKETS).translate(_LOWER))
    return _PARTNERSHIP.sub("", plain)


def valid_uscc(code: str | None) -> str | None:
    """Fold the unified social credit code of an enterprise; None where its form or check digit is wrong.

    Source: GB 32100-2015. Older registration numbers identify nobody here: they were re-used between
    registries.

    >>> valid_uscc("91330100MA27XYZK0A"), valid_uscc("123456789012345678"), valid_uscc("91330000739207743n")
    (None, None, None)
    >>> valid_uscc("91330100799655058B")
    '91330100799655058b'
    """
    plain = fold(code)
    if not _USCC.match(plain):
        return None
    weighed = sum(map(mul, _WEIGHTS, plain.encode().translate(_PLACES)))
    return plain if weighed % 31 == 0 else None


def valid_fund_code(code: str | None) -> str | None:
    """Fold a fund's code of the Asset Management Association (S and five more); None where it is none."""
    plain = fold(code)
    return plain if _FUND_CODE.match(plain) else None


def valid_firm_code(code: str | None) -> str | None:
    """Fold a manager's registration number of the Association (P and seven digits); None where it is none."""
    plain = fold(code)
    return plain if _FIRM_CODE.match(plain) else None


def merged(marks: Mapping[str, Iterable[str | None]]) -> dict[str, str]:
    """Give each id its entity: ids that share a mark, also through others, are one and bear the least id.

    >>> merged({"b": ["x", "y"], "a": ["y"], "c": [None], "d": ["x"]})
    {'b': 'a', 'a': 'a', 'c': 'c', 'd': 'a'}
    """
    above = {name: name for name in marks}

    def top(name: str) -> str:
        while above[name] != name:
            above[name] = above[above[name]]
            name = above[name]
        return name

    seen: dict[str, str] = {}
    for name, its in marks.items():
        for mark in its:
            if mark is None or seen.setdefault(mark, name) == name:
                continue
            one, two = sorted((top(name), top(seen[mark])))
            above[two] = one
    return {name: top(name) for name in marks}


def fund_entities(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """List partner_fund_id, entity: rows with the same valid USCC or fund code are one."""
    rows = tables["partner_fund"]
    marks = (_shared(rows["uscc"], valid_uscc), _shared(rows["amac_code"], valid_fund_code))
    return _merged(rows["partner_fund_id"], "entity", marks)


def houses(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """List manager_id, house: firms of one house name, valid USCC or registration number are one."""
    rows = tables["manager"]
    named = _shared(rows["group_name"], lambda group: f"house {fold(group)}")
    marks = (named, _shared(rows["uscc"], valid_uscc), _shared(rows["amac_no"], valid_firm_code))
    return _merged(rows["manager_id"], "house", marks)


def _shared(written: pl.Series, read: Callable[[str], str | None]) -> list[str | None]:
    """What several rows have written, read; null for what one row alone has, which makes it one with nobody."""
    plain = [fold(text) for text in written]
    several = {text for text, count in Counter(plain).items() if count > 1 and text}
    return [
        read(text) if text and form in several else None for text, form in zip(written, plain, strict=True)
    ]


def _merged(ids: pl.Series, value: str, marks: Iterable[list[str | None]]) -> pl.DataFrame:
    """Each id with its entity, by its marks."""
    return _frame(ids.name, value, merged(dict(zip(ids, zip(*marks, strict=True), strict=True))))


def _frame(key: str, value: str, pairs: Mapping[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        {key: list(pairs), value: list(pairs.values())}, schema={key: pl.String, value: pl.String}
    )

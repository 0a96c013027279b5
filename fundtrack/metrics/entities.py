"""Which rows are one entity (the same valid code, a house's common name), and how names are folded."""

import re
from collections.abc import Callable, Iterable, Mapping
from operator import mul
from typing import Final

import polars as pl

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BRACKETS: Final = str.maketrans("【】—·•", "[]-..")
_LOWER: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_PLAIN: Final = {
    each: each.translate(_FULL_WIDTH).translate(_BRACKETS).translate(_LOWER)
    for each in map(chr, (*_FULL_WIDTH, *_BRACKETS, *_LOWER))
}
"""The three steps in one, character by character."""
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


def are_usccs(written: pl.Series) -> pl.Series:
    """Tell of each text whether `valid_uscc` takes it; none of null.

    >>> are_usccs(pl.Series(["91330100799655058B", "91330100MA27XYZK0A", "91330100799655058b ", None])).to_list()
    [True, False, True, False]
    """
    import numpy as np  # noqa: PLC0415 - keeps start-up short

    plain = folded(written)
    formed = plain.str.contains(_USCC.pattern)
    letters = np.frombuffer("".join(plain.filter(formed)).encode(), np.uint8).reshape(-1, len(_WEIGHTS))
    weighed = np.frombuffer(_PLACES, np.uint8)[letters].astype(np.int64) @ np.array(_WEIGHTS)
    right = pl.Series("right", np.zeros(len(plain), bool))
    return right.scatter(formed.arg_true(), weighed % 31 == 0).alias(written.name)


def are_fund_codes(written: pl.Series) -> pl.Series:
    """Tell of each text whether `valid_fund_code` takes it; none of null."""
    return folded(written).str.contains(_FUND_CODE.pattern)


def are_firm_codes(written: pl.Series) -> pl.Series:
    """Tell of each text whether `valid_firm_code` takes it; none of null."""
    return folded(written).str.contains(_FIRM_CODE.pattern)


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
    marks = (shared(rows["uscc"], valid_uscc), shared(rows["amac_code"], valid_fund_code))
    return _merged(rows["partner_fund_id"], "entity", marks)


def houses(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """List manager_id, house: firms of one house name, valid USCC or registration number are one."""
    rows = tables["manager"]
    named = shared(rows["group_name"], lambda group: f"house {fold(group)}")
    marks = (named, shared(rows["uscc"], valid_uscc), shared(rows["amac_no"], valid_firm_code))
    return _merged(rows["manager_id"], "house", marks)


def company_entities(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """List company_id, company: rows with the same valid USCC are one."""
    rows = tables["company"]
    return _merged(rows["company_id"], "company", (shared(rows["uscc"], valid_uscc),))


def shared(written: pl.Series, read: Callable[[str], str | None]) -> pl.Series:
    """What several rows have written, read; null for what one row alone has, which makes it one with nobody.

    >>> shared(pl.Series(["91330100799655058B", "91330100799655058b", "91330100MA27XYZK0A", None]), valid_uscc).to_list()
    ['91330100799655058b', '91330100799655058b', None, None]
    """
    plain = folded(written)
    several = written.filter(plain.is_duplicated() & (plain != ""))
    found = {text: read(text) for text in several.unique()}
    return written.replace_strict(list(found), list(found.values()), default=None, return_dtype=pl.String)


def folded(written: pl.Series) -> pl.Series:
    """What `fold` makes of each text of a column, in far less time.

    >>> folded(pl.Series(["Ab1", " 示例ＡＢ 资本（有限合伙）", None])).to_list()
    ['ab1', '示例ab资本', '']
    """
    plain = written.str.replace_many(_PLAIN).str.replace_all(_SPACES.pattern, "")
    return plain.str.replace(_PARTNERSHIP.pattern, "").fill_null("")


def _merged(ids: pl.Series, value: str, marks: Iterable[pl.Series]) -> pl.DataFrame:
    """Each id with its entity, by its marks; one without any is its own."""
    rows = pl.DataFrame([ids, *(each.alias(str(place)) for place, each in enumerate(marks))])
    marked = rows.filter(pl.any_horizontal(pl.exclude(ids.name).is_not_null()))
    found = merged({name: its for name, *its in marked.iter_rows()})
    return pl.DataFrame([ids, ids.replace(list(found), list(found.values())).alias(value)])

"""Headers to fields: what a written header names, and in which unit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final, NamedTuple

from fundtrack.load import aliases
from fundtrack.load.units import read_unit
from fundtrack.load.written import fold
from fundtrack.model.rows import COLUMNS, TABLES

_UNIT_PART: Final = re.compile(r"[(\[]\s*(?:单位[::]?)?\s*([^()\[\]]*?)\s*[)\]]$")
_UNIT_TAIL: Final = re.compile(
    r"(?:(?<=[\u4e00-\u9fff])|[/:,\-])((?:人民币|美元)?(?:百万|千万|万|亿|千)(?:元|美元)?|(?:rmb|usd|us\$|cny)?[(]?(?:m|mn|million|millions|thousand|thousands|bn|billion)[)]?|元)$"
)
_PERCENT: Final = frozenset({"%", "percent", "百分比", "pct", "占比%"})
_STARS: Final = re.compile(r"[*＊☆★#]")
_ORDINAL: Final = re.compile(
    r"^(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）][、.]?|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.、])(?=\D)"
)
_CIRCLED: Final = re.compile(r"^[①-⑳]")
_BRACKETS: Final = str.maketrans("【】〔〕〖〗", "()()()")
_HALVES: Final = (
    re.compile(
        r"^(?P<zh>[^A-Za-z]*[\u4e00-\u9fff](?:[^A-Za-z]*|.*[)）】]))[\s/|\\·-]*(?P<en>[A-Za-z][^\u4e00-\u9fff]*)$",
        re.DOTALL,
    ),
    re.compile(r"^(?P<en>[A-Za-z][^\u4e00-\u9fff]*?)[\s/|\\·-]*(?P<zh>[\u4e00-\u9fff].*)$", re.DOTALL),
)
_NOISE: Final = re.compile(r"[:,.;、。·'\"“”’`_\-/\\|~]")


def bare(header: str) -> str:
    r"""A header without what never matters: width, blanks, line breaks, stars, letter case.

    >>> bare("认缴规模＊\n（亿元）")
    '认缴规模(亿元)'
    """
    return _STARS.sub("", "".join(fold(header).translate(_BRACKETS).split())).lower()


def plain(header: str) -> str:
    """A header without its number and its punctuation either, as it is compared.

    >>> plain("3、其中：引导基金实缴"), plain("(1) Fund name"), plain("Paid-in")
    ('其中引导基金实缴', 'fundname', 'paidin')
    """
    return _NOISE.sub("", _ORDINAL.sub("", bare(_CIRCLED.sub("", header.strip()))))


@dataclass(frozen=True, slots=True)
class Header:
    """A header read: its words, the unit factor and currency it names, whether it says percent."""

    words: str
    factor: Decimal | None = None
    currency: str | None = None
    percent: bool = False


@lru_cache(maxsize=8192)
def read_header(written: str) -> Header:
    """Split the unit off a header.

    >>> read_header("认缴规模（亿元）")
    Header(words='认缴规模', factor=Decimal('100000000'), currency=None, percent=False)
    >>> read_header("持股比例(%)").percent, read_header("让利期限（年）").words
    (True, '让利期限(年)')
    >>> read_header("目标规模(人民币/百万)").factor, read_header("认缴金额/万元").words
    (Decimal('1000000'), '认缴金额')
    """
    text = bare(written)
    found = _UNIT_PART.search(text)
    if found and found.start():
        unit = found[1]
        if unit in _PERCENT:
            return Header(text[: found.start()], percent=True)
        known = read_unit(unit)
        return Header(text[: found.start()], known.factor, known.currency) if known else Header(text)
    if text.endswith(("%", "％")) and len(text) > 1:
        return Header(text[:-1], percent=True)
    tail = _UNIT_TAIL.search(text)
    known = read_unit(tail[1]) if tail and tail.start() > 1 else None
    return Header(text[: tail.start()], known.factor, known.currency) if tail and known else Header(text)


@cache
def words_of(table: str) -> dict[str, str]:
    """Every exact header of a table that the data dictionary knows, bare, and the field it names."""
    found: dict[str, str] = {}
    for column in COLUMNS[table]:
        for alias in column.aliases:
            found.setdefault(bare(alias), column.name)
    for column in COLUMNS[table]:
        found |= dict.fromkeys((column.name, bare(column.en), bare(column.zh)), column.name)
    return found


class _Known:
    """The aliases in use; another file of aliases empties what was remembered."""

    of: aliases.Stamp | None = None


def refresh() -> None:
    """Look whether the file of aliases has changed; called once per file that is read.

    Raises:
        InputError: `aliases_wrong`, where it cannot be used.

    """
    now = aliases.stamp()
    if now is not None:
        aliases.read_aliases(now)
    if now != _Known.of:
        _Known.of = now
        meanings.cache_clear()
        look_up.cache_clear()
        known_words.cache_clear()


def aliases_in_use() -> object:
    """What tells one file of aliases from another, for those who remember what headers mean."""
    return _Known.of


@cache
def meanings(table: str) -> dict[str, tuple[str, ...]]:
    """Every header of a table, plain, with the fields that it may name: the dictionary's words, then the aliases."""
    found: dict[str, tuple[str, ...]] = {plain(words): (name,) for words, name in words_of(table).items()}
    if _Known.of is None:
        return found
    own = set(found)
    for alias, name in aliases.read_aliases(_Known.of).get(table, ()):
        key = plain(alias)
        if key not in own:
            found[key] = tuple(dict.fromkeys((*found.get(key, ()), name)))
    return found


@cache
def known_words() -> frozenset[str]:
    """Every header of every table, plain."""
    return frozenset(words for table in TABLES if table != "cover" for words in meanings(table))


class Meaning(NamedTuple):
    """What a header names: one field, or several of which a person must choose."""

    fields: tuple[str, ...]
    header: Header


@lru_cache(maxsize=32768)
def look_up(table: str, written: str) -> Meaning | None:
    """The field or fields that a header names exactly, by title, field name or alias."""
    if len(written) > 80:
        return None
    words = meanings(table)
    whole = plain(written)
    if whole in words:
        header = read_header(written)
        return Meaning(words[whole], Header(bare(written), header.factor, header.currency, header.percent))
    header = read_header(written)
    fields = words.get(plain(header.words))
    return Meaning(fields, header) if fields else _in_two_languages(table, written)


def _in_two_languages(table: str, written: str) -> Meaning | None:
    """The meaning of a header said twice, in Chinese and in English: both halves must be known and mean the same."""
    for pattern in _HALVES:
        halves = pattern.match(written.strip())
        if halves is None:
            continue
        zh, en = look_up(table, halves["zh"].strip(" /|\\·-\n\r")), look_up(table, halves["en"].strip())
        if zh is None or en is None or zh.fields != en.fields:
            continue
        one, two = zh.header, en.header
        if None not in (one.factor, two.factor) and one.factor != two.factor:
            continue
        factor = two.factor if one.factor is None else one.factor
        header = Header(one.words, factor, one.currency or two.currency, one.percent or two.percent)
        return Meaning(zh.fields, header)
    return None


def match_header(table: str, written: str) -> tuple[str, Header] | None:
    """The one field that a header names exactly, by Chinese or English title, alias or field name."""
    found = look_up(table, written)
    return (found.fields[0], found.header) if found and len(found.fields) == 1 else None


def look_up_levels(table: str, levels: Sequence[str]) -> Meaning | None:
    """The meaning of a header of several levels: joined, else its lowest, a unit below or above counted in.

    Args:
        table: whose fields.
        levels: texts from top to bottom, none of them empty.

    """
    unit = read_unit(levels[-1].strip("()（） ")) if len(levels) > 1 else None
    percent = len(levels) > 1 and levels[-1].strip("()（） ") in {"%", "％"}
    if unit or percent:
        below = look_up_levels(table, levels[:-1])
        if below is None:
            return None
        head = below.header
        factor, currency = (
            (unit.factor, unit.currency or head.currency) if unit else (head.factor, head.currency)
        )
        return Meaning(below.fields, Header(head.words, factor, currency, percent or head.percent))
    tries = (
        ["".join(levels), *("".join(levels[-2:]) for _ in levels[2:3]), levels[-1]]
        if len(levels) > 1
        else [levels[-1]]
    )
    for text in tries:
        found = look_up(table, text)
        if found:
            return Meaning(found.fields, _with_parents(found.header, levels[:-1]))
    return None


def _with_parents(header: Header, parents: Sequence[str]) -> Header:
    """A header takes unit and currency of the one above it where it has none."""
    factor, currency, percent = header.factor, header.currency, header.percent
    for parent in reversed(parents):
        above = read_header(parent)
        factor = above.factor if factor is None else factor
        currency = currency or above.currency
        percent = percent or above.percent
    return Header(header.words, factor, currency, percent)


_CALLED: Final = {
    "管理机构": "manager", "基金管理机构": "manager", "基金管理人": "manager", "管理人": "manager", "被投资企业": "company",
    "所投企业": "company", "项目企业": "company", "出资人情况": "investor_commitment", "出资人名单": "investor_commitment",
    "合伙人名单": "investor_commitment", "投资明细": "investment", "项目投资": "investment", "资金流水": "cash_flow",
}  # fmt: skip
"""What sheets of senders are called besides."""


@cache
def _sheets() -> dict[str, str]:
    found: dict[str, str] = {}
    for table, model in TABLES.items():
        for name in (table, model.info.en, model.info.zh):
            found[bare(name)] = table
    return {bare(name): table for name, table in _CALLED.items()} | found


def match_sheet(written: str) -> str | None:
    """The table that a sheet's name means, or None."""
    return _sheets().get(bare(written))

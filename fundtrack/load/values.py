"""What a written value means: one pure function per kind of column, value or code of what is wrong."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from fundtrack.load.cells import Kind
from fundtrack.load.choices import same_choice
from fundtrack.load.dates import written_date
from fundtrack.load.inexact import why_inexact
from fundtrack.load.written import NOTE_MARK, TRIANGLES, UNSEEN_SIGNS, fold, number
from fundtrack.model.fields import Choice, Column
from fundtrack.money import LARGEST, LARGEST_RATE, currency_code, to_money
from fundtrack.periods import Precision, month_end, period_code

MISSING: Final = frozenset({
    "", "-", "--", "---", "—", "——", "–", "/", "\\", "…", "n/a", "na", "nil", "null", "none", "未知", "暂无", "不详", "不适用", "无",
    "待定", "未定", "待补", "无数据", "tbd", "n.a.", "n.a", "not available", "not applicable",
})  # fmt: skip
"""What people write where there is nothing to write."""
MISSING_TEXT: Final = frozenset({"", "-", "--", "---", "—", "——", "–", "/", "\\", "n/a"})
"""The same for texts, where 无 or 未知 may be meant."""
CAPITALS: Final = frozenset({"uscc", "amac_code", "amac_no"})
"""Codes of law: written without blanks, in capitals."""
_DATE: Final = re.compile(
    r"^(?P<y>\d{4})(?:\s*[-/.年。、·]\s*(?P<m>\d{1,2})(?:\s*[-/.月。、·]\s*(?P<d>\d{1,2}))?)?\s*(?:日|月|年|号)?(?:[T\s]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$"
)
_SOLID: Final = re.compile(r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})$")
_YES: Final = frozenset({"是", "有", "yes", "y", "true", "1", "√", "✓"})
_NO: Final = frozenset({"否", "无", "no", "n", "false", "0", "×", "x"})
_EPOCHS: Final = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_SCIENTIFIC: Final = re.compile(r"^\d(?:\.\d+)?E\+\d{2}$", re.IGNORECASE)
"""How a spreadsheet shows, and writes into a text file, a number too long for its cell."""
_TYPED_AS_TEXT: Final = re.compile(r"^['’‘](?=[\w+\-.])")
"""The apostrophe by which a number is typed as text, where it has become part of the text."""
DIGITS: Final = 15
"""As many digits of a number as a spreadsheet keeps."""
_WEEKDAY: Final = re.compile(r"\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?$")
_MARKED: Final = frozenset({"money", "number", "share", "rate", "whole", "day", "period"})
_NO_NUMBERS: Final = frozenset({Kind.DATE, Kind.DATETIME, Kind.BOOL, Kind.TIME})
_NAMED: Final = (
    (re.compile(r"美元|\$|USD", re.IGNORECASE), "USD"),
    (re.compile(r"人民币|[¥￥]|RMB|CNY", re.IGNORECASE), "CNY"),
)
_NO_NUMBER: Final = frozenset({"not_a_number", "not_a_whole_number"})
UNCACHED: Final = "#UNCACHED!"
"""What a reader gives for a formula that no program has computed yet."""
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
"""Dates outside these are slips: day 0 of a spreadsheet, the year 9999."""


class Wrong(NamedTuple):
    """Why a value cannot be taken: the problem's code, and a word of its sentence."""

    code: str
    about: tuple[tuple[str, str], ...] = ()


class Dated(NamedTuple):
    """A date and how precisely it is known."""

    day: date
    precision: Precision


Value = str | Decimal | Dated | int | bool | None


@dataclass(frozen=True, slots=True)
class Context:
    """What a column's header and its sheet say of its values: unit factor, percent sign, epoch of day numbers, currency."""

    factor: Decimal = Decimal(1)
    percent: bool = False
    epoch_1904: bool = False
    currency: str | None = None


def _limits(value: Decimal, column: Column) -> Decimal | Wrong:
    """The value rounded once to what its column holds; what is beyond its limits is not rounded at all."""
    fine = column.kind in {"share", "rate"}
    largest = LARGEST_RATE if fine else LARGEST
    if abs(value) < largest:
        value = value.quantize(Decimal("1e-8"), rounding=ROUND_HALF_UP) if fine else to_money(value)
    if abs(value) >= largest:
        return Wrong("amount_too_large" if column.kind == "money" else "number_too_large")
    if value < 0 and column.sign == "positive":
        return Wrong("negative_not_allowed")
    return value


def money(text: str, kind: Kind, column: Column, context: Context) -> Value | Wrong:
    """An amount in units of its currency, rounded once to cents; a suffix of its own (500万) beats the column's unit.

    A currency written into the cell must be what its header says; without one, only 人民币 is what everybody means.
    """
    found = None if kind in _NO_NUMBERS else number(text)
    if found is None:
        return Wrong("not_a_number")
    if any(sign.search(text) and name != (context.currency or "CNY") for sign, name in _NAMED):
        return Wrong("currency_in_amount")
    value, power = found
    scale = (
        Decimal(1)
        if column.kind == "number" and power is None
        else context.factor
        if power is None
        else Decimal(10) ** power
    )
    return _limits(value * scale, column)


def share(text: str, kind: Kind, column: Column, context: Context) -> Value | Wrong:
    """A proportion: 0.2, 20 (above 1) and 20 % are the same; a header with % makes every number a percentage."""
    bare = fold(text)
    percent = context.percent or bare.endswith("%")
    found = None if kind in _NO_NUMBERS else number(bare.removesuffix("%"))
    if found is None or found[1] is not None:
        return Wrong("not_a_number")
    value = found[0]
    if percent or abs(value) > 1:
        value = value.scaleb(-2)
    if column.sign == "positive" and value > 1:
        return Wrong("share_above_one")
    return _limits(value, column)


def rate(text: str, kind: Kind, column: Column, context: Context) -> Value | Wrong:
    """A plain number with eight decimals; a percent sign divides by 100."""
    bare = fold(text)
    percent = context.percent or bare.endswith("%")
    found = None if kind in _NO_NUMBERS else number(re.sub(r"[%倍]$", "", bare))
    if found is None or found[1] is not None:
        return Wrong("not_a_number")
    return _limits(found[0].scaleb(-2) if percent else found[0], column)


def _dated(year: int, month: int | None, day: int | None) -> Dated | Wrong:
    if not FIRST_DAY.year <= year <= LAST_DAY.year or (month is not None and not 1 <= month <= 12):
        return Wrong("not_a_date")
    if month is None:
        return Dated(date(year, 12, 31), "year")
    if day is None:
        return Dated(month_end(year, month), "month")
    try:
        return Dated(date(year, month, day), "day")
    except ValueError:
        return Wrong("not_a_date")


def day(text: str, kind: Kind, column: Column, context: Context) -> Value | Wrong:  # noqa: ARG001 - all parsers alike
    """A date with its precision; a month or a year stands for its last day and says so."""
    bare = _WEEKDAY.sub("", fold(text))
    if solid := _SOLID.match(bare):
        return _dated(int(solid["y"]), int(solid["m"]), int(solid["d"]))
    if kind == Kind.NUMBER:
        if re.match(r"^\d{4}\.1$", bare):
            return Wrong("month_ambiguous")
        if re.match(r"^\d{5}(\.\d+)?$", bare):
            return Dated(_EPOCHS[context.epoch_1904] + timedelta(days=int(float(bare))), "day")
    if kind in {Kind.BOOL, Kind.TIME}:
        return Wrong("not_a_date")
    found = _DATE.match(bare)
    if not found:
        said = written_date(bare)
        return _dated(*said) if said else Wrong("not_a_date")
    return _dated(int(found["y"]), *(int(found[part]) if found[part] else None for part in ("m", "d")))


def whole(text: str, kind: Kind, column: Column, context: Context) -> Value | Wrong:  # noqa: ARG001
    """A whole number."""
    found = None if kind in _NO_NUMBERS else number(re.sub(r"[年人个家日天]$", "", fold(text)))
    if found is None or found[1] is not None or found[0] != found[0].to_integral_value():
        return Wrong("not_a_whole_number")
    checked = _limits(found[0], column)
    return checked if isinstance(checked, Wrong) else int(checked)


def flag(text: str, kind: Kind, column: Column, context: Context) -> Value | Wrong:  # noqa: ARG001
    """Yes or no."""
    bare = fold(text).lower()
    if bare in _YES:
        return True
    return False if bare in _NO else Wrong("not_yes_or_no")


def _choice_key(text: str) -> str:
    return "".join(fold(text).lower().split())


def choice(text: str, kind: Kind, column: Column, context: Context) -> Value | Wrong:  # noqa: ARG001
    """One of the allowed values, by code, Chinese or English label."""
    key = _choice_key(text)
    for option in column.choices:
        if key in {_choice_key(option.value), _choice_key(option.zh), _choice_key(option.en)}:
            return option.value
    if same := same_choice(key, column.choices):
        return same.value
    return Wrong(
        "not_a_choice",
        (("choices_zh", _labels(column.choices, "zh")), ("choices_en", _labels(column.choices, "en"))),
    )


def _labels(choices: tuple[Choice, ...], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(getattr(option, lang) for option in choices)


def currency(text: str, kind: Kind, column: Column, context: Context) -> Value | Wrong:  # noqa: ARG001
    """An ISO 4217 code, however the currency is written."""
    return currency_code(fold(text)) or Wrong("not_a_currency")


def period(text: str, kind: Kind, column: Column, context: Context) -> Value | Wrong:  # noqa: ARG001
    """A reporting period in one form."""
    return period_code(fold(text)) or Wrong("not_a_period")


def code(text: str, kind: Kind, column: Column, context: Context) -> Value | Wrong:  # noqa: ARG001
    """An identifier: half width, no blanks at its ends; leading zeros stay. Codes of law are written without blanks, in capitals.

    A number of more digits than a spreadsheet keeps has lost its last ones, and is no identifier any more.
    """
    bare = fold(text)
    if (kind == Kind.NUMBER and len(bare) > DIGITS) or _SCIENTIFIC.match(bare):
        return Wrong("digits_lost")
    if column.name in CAPITALS:
        bare = bare.replace(" ", "").upper()
    return bare if len(bare) <= 300 else Wrong("too_long")


def plain(text: str, kind: Kind, column: Column, context: Context) -> Value | Wrong:  # noqa: ARG001
    """A text as written, its ends trimmed, without carriage returns and what nobody sees."""
    bare = UNSEEN_SIGNS.sub("", text.replace("_x000D_", "").replace("\r", "").replace("\u00a0", " ")).strip()
    return bare if len(bare) <= 2000 else Wrong("too_long")


Parser = Callable[[str, Kind, Column, Context], Value | Wrong]
PARSERS: Final[dict[str, Parser]] = {
    "text": plain, "code": code, "money": money, "number": money, "share": share, "rate": rate, "day": day,
    "whole": whole, "flag": flag, "choice": choice, "currency": currency, "period": period,
}  # fmt: skip


def parse_value(text: str, kind: Kind, column: Column, context: Context) -> Value | Wrong:
    """What a cell means for its column: a value, None where nothing was meant, or what is wrong."""
    if kind == Kind.ERROR:
        return Wrong("formula_uncached" if text == UNCACHED else "error_cell")
    if fold(text).lower() in (MISSING_TEXT if column.kind in {"text", "code", "choice", "flag"} else MISSING):
        return None
    if column.kind in _MARKED and kind not in _NO_NUMBERS:
        if NOTE_MARK.search(text):
            return Wrong("note_mark")
        if text.lstrip().startswith(TRIANGLES):
            return Wrong("sign_unclear")
    if column.kind != "text":
        text = _TYPED_AS_TEXT.sub("", text)
    found = PARSERS[column.kind](text, kind, column, context)
    if isinstance(found, Wrong) and found.code in _NO_NUMBER and kind == Kind.TEXT:
        why = why_inexact(text)
        return Wrong(why[0], tuple(why[1].items())) if why else found
    return found

"""Numbers with words beside them: which of the words keep the number from being taken as it stands."""

import re
from typing import Final

from fundtrack.load.written import fold, number

_NOTE: Final = re.compile(
    r"^(?P<number>.+?)\s*(?:[(\[【〔](?:详?见)?[附备]?(?:注(?![册资销])|note)[^)\]】〕]{0,20}[)\]】〕]|(?:详?见)?[附备]?注\s*[\d一二三四五六七八九十]{0,2}|\[\d{1,2}\]|[*※#†‡]+)$",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r"^(?:大?约|大概|估计|预计|不低于|不少于|不超过|不高于|不多于|至少|至多|最多|最低|最高|超过?|逾|近|将近|接近|>=?|<=?|≥|≤|~|≈|"
    r"about|approx\.?|circa|ca\.?|over|under|nearly|at least|at most|up to|more than|less than)\s*(?P<number>.+)$",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(r"^(?P<number>.+?)(?:左右|上下|以上|以下|以内|之内|有余|\+)$")
_AMID: Final = re.compile(r"^(?P<number>\d[\d,.]*)\s*[余多](?P<rest>[万亿千百元]+)$")


def why_inexact(text: str) -> tuple[str, dict[str, str]] | None:
    """Why a text that holds a number is none: a note that may change what it means, or a bound in place of an amount.

    Neither is read as its number: the note is not in the cell, and a bound is not what was committed or paid.

    Returns:
        The problem's code and the number that is in it; None where there is no such number.

    >>> why_inexact("30000（注1）"), why_inexact("不低于5,000万元"), why_inexact("约定"), why_inexact("1,2OO*")
    (('note_beside', {'number': '30000'}), ('not_exact', {'number': '5,000万元'}), None, None)
    """
    bare = fold(text)
    if (noted := _NOTE.match(bare)) and _is_number(noted["number"]):
        return "note_beside", {"number": noted["number"]}
    for bound in (_BEFORE.match(bare), _AFTER.match(bare)):
        if bound and _is_number(bound["number"]):
            return "not_exact", {"number": bound["number"].strip()}
    amid = _AMID.match(bare)
    return ("not_exact", {"number": amid["number"] + amid["rest"]}) if amid else None


def _is_number(text: str) -> bool:
    return number(text.strip().removesuffix("%")) is not None

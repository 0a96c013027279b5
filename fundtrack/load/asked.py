"""What a person is asked of a file whose layout is not known: when, what is still open, and the words that nobody knows."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

from fundtrack.errors import Problem
from fundtrack.load.applied import head_of
from fundtrack.load.cells import Book
from fundtrack.load.checked import Checked
from fundtrack.load.fingerprints import fingerprint, plan_for
from fundtrack.load.intake import check_file
from fundtrack.load.profiles import Plan, Profile
from fundtrack.load.reading import understood
from fundtrack.load.stacked import cut
from fundtrack.load.state import State
from fundtrack.load.survey import SheetSeen
from fundtrack.model.fields import Column
from fundtrack.model.rows import COLUMNS

Need = Literal["must", "may", ""]
_MUST: Final = frozenset(
    ("no_table_found", "which_table", "header_not_found", "unit_missing", "cover_missing", "line_missing", "column_missing",
     "profile_header_missing")
)  # fmt: skip
"""Errors that an answer about the layout mends."""
_MAY: Final = frozenset(
    (
        "sheet_unknown",
        "which_field",
        "column_similar",
        "column_unknown",
        "not_a_choice",
        "not_yes_or_no",
        "not_a_currency",
    )
)
"""What an answer may mend, where it is not simply a mistake of the sender's."""
_OF_COLUMNS: Final = frozenset(
    (
        "which_field",
        "column_similar",
        "column_missing",
        "unit_missing",
        "not_a_choice",
        "not_yes_or_no",
        "not_a_currency",
    )
)
"""What an answer about single columns mends."""
_SAID_OF: Final = frozenset(("column_unknown", "column_similar", "sheet_unknown"))
"""What the page itself shows."""
_ASKED: Final = {
    "column_missing": "answer_field_missing", "line_missing": "answer_line_missing", "unit_missing": "answer_unit_missing",
}  # fmt: skip
"""Problems whose cure is on the page, and the sentence that says so."""
BARRED: Final = _MUST | {
    "answer_nothing",
    "answer_undecided",
    "answer_field_twice",
    "answer_currency_missing",
    "column_twice",
    *_ASKED.values(),
}
"""While one of these stands there is no use in saving the answer."""
_TRIED: Final = 2000

_USUAL: Final[Mapping[tuple[str, str], str]] = {
    ("fund_report", "period"): "@period",
    ("fund_report", "filed_on"): "@as_of",
    ("valuation", "valued_on"): "@as_of",
    ("holding_valuation", "valued_on"): "@as_of",
    ("indicator", "measured_on"): "@as_of",
    ("indicator", "source"): "@sender",
}


def need(problems: Iterable[Problem]) -> Need:
    """Whether a person must say what a file's layout means, may say more of it, or there is nothing to ask.

    Args:
        problems: of the file.

    """
    found: Need = ""
    for problem in problems:
        if problem.code in _MUST and problem.severity == "error":
            return "must"
        if problem.code in _MAY or (problem.code == "missing_value" and problem.field == "currency"):
            found = "may"
    return found


def in_question(problems: Iterable[Problem], sheet: str) -> bool:
    """Whether a sheet whose table is known has columns of which a person should say what they are.

    Args:
        problems: of the file.
        sheet: its name.

    """
    return any(problem.sheet == sheet and problem.code in _OF_COLUMNS for problem in problems)


def trial(book: Book, file: str, profile: Profile, state: State) -> Checked:
    """What a load would find of the first rows of a file, read as a person says.

    Args:
        book: as read.
        file: its name.
        profile: the answer so far.
        state: what is known.

    """
    sheets = tuple(
        replace(sheet, text=sheet.text.head(_TRIED), kind=sheet.kind.head(_TRIED)) for sheet in book.sheets
    )
    return check_file(understood(replace(book, sheets=sheets), Path(file), file, profile), state)


def open_points(
    book: Book, file: str, profile: Profile, state: State, undecided: Sequence[tuple[str, str]] = ()
) -> list[Problem]:
    """What stands between an answer and a load, each with its place.

    Args:
        book: as read.
        file: its name.
        profile: the answer so far.
        state: what is known.
        undecided: sheet and header of columns of which only a person can say what they are, and has not.

    """
    if not any(plan.table or plan.by_itself for plan in profile.sheets):
        return [Problem("answer_nothing", file=file)]
    problems = [
        Problem("answer_undecided", file=file, sheet=sheet, value=header) for sheet, header in undecided
    ]
    for plan in profile.sheets:
        problems += _twice(plan, file)
    checked = trial(book, file, profile, state)
    problems += [problem for problem in checked.problems if problem.code in _MUST | _MAY | {"column_twice"}]
    problems = [
        replace(problem, code=_ASKED.get(problem.code, problem.code))
        for problem in problems
        if problem.code not in _SAID_OF
    ]
    if any(problem.code == "missing_value" and problem.field == "currency" for problem in checked.problems):
        problems.append(Problem("answer_currency_missing", file=file))
    return problems


def _twice(plan: Plan, file: str) -> list[Problem]:
    seen: dict[str, str] = {}
    found = []
    named = [(header, field) for header, field in plan.fields.items() if field]
    named += [(split.header, field) for field, split in plan.splits.items()]
    for header, field in named:
        if field in seen:
            found.append(Problem("answer_field_twice", file=file, sheet=plan.sheet, field=field, table=plan.table,
                                 value=header, about={"other": seen[field]}))  # fmt: skip
        seen.setdefault(field, header)
    return found


def planned(seen: SheetSeen, table: str, fields: Mapping[str, str], **more: Any) -> Plan:
    """The plan of a sheet by what a person chose; the header's rows are kept only where they are not found by its words.

    Args:
        seen: the sheet.
        table: that its rows belong to; empty to pass over the sheet.
        fields: header → field, empty to pass over the column.
        more: whatever else a plan can say.

    """
    number = seen.part.number if seen.part else 1
    if not table:
        passed = {column.header: "" for column in seen.columns} if seen.part else {}
        return Plan(sheet=seen.sheet.name, fields=passed, part=number)
    own = cut(seen.sheet, seen.part) if seen.part else seen.sheet
    plan = plan_for(own, table, fields, part=number, **more)
    head = head_of(seen.sheet, plan, seen.part)
    if seen.rows is None or (head is not None and head.last + 1 == seen.rows[1]):
        return plan
    return plan.model_copy(update={"header_rows": list(seen.rows)})


def as_it_stands(seen: SheetSeen) -> Plan:
    """The plan of a sheet that needs no answer: it is read as it stands, and known again.

    Args:
        seen: the sheet.

    """
    return Plan(sheet=seen.sheet.name, by_itself=True, fingerprint=fingerprint(seen.sheet))


def usual(table: str) -> dict[str, str]:
    """What every row of a table says where the file has no column for it: what the file says of itself.

    >>> usual("fund_report")
    {'period': '@period', 'filed_on': '@as_of'}
    """
    return {name: word for (of, name), word in _USUAL.items() if of == table}


def needed(table: str, fields: Iterable[str]) -> list[Column]:
    """Required columns of a table that nothing gives yet, and that no other statement of the file can give.

    Args:
        table: of the data dictionary.
        fields: that columns give.

    """
    given = set(fields)
    return [
        column
        for column in COLUMNS[table]
        if column.required and column.kind != "currency" and column.name not in given
    ]


def proposed_name(sender: str, file: str, taken: Iterable[str]) -> str:
    """A name for a profile that no other has: who sends it, and the file's name without its digits.

    >>> proposed_name("示例数据库", "政府引导基金_20170930.xlsx", [])
    '示例数据库-政府引导基金'
    >>> proposed_name("", "a/b:2017.csv", ["b"])
    'b-2'
    """
    stem = re.sub(r"[\d_\W]+", " ", Path(file).stem).strip()
    words = [re.sub(r"[^\w（）()\- ]+", " ", word).strip() for word in (sender, stem)]
    whole = "-".join(word for word in words if word)[:50].strip(" -") or "profile"
    used, name, at = set(taken), whole, 1
    while name in used:
        at += 1
        name = f"{whole}-{at}"
    return name

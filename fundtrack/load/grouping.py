"""Problems as a person works through them: alike ones together, consequences folded under what causes them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from fundtrack.errors import Problem
from fundtrack.load.match import match_sheet
from fundtrack.model.rows import COLUMNS

_BY_VALUE: Final = frozenset(
    {"reference_unknown", "reference_ambiguous", "not_a_choice", "not_a_currency", "sheet_unknown"}
)
"""Codes of which each value seen is a problem of its own: one wrong word, wherever it stands."""
_BY_ABOUT: Final = frozenset({"unit_jump"})
_NO_TABLE: Final = frozenset(
    {"header_not_found", "which_table", "table_transposed", "sheet_hidden", "sheet_unknown"}
)
_SUMS: Final = frozenset({"total_differs", "control_rows_differ", "control_amount_differs", "parts_differ"})
_OF_UNITS: Final = frozenset({"amount_too_large", "unit_jump_cell", *_SUMS})
_UNITS: Final = frozenset({"unit_jump", "unit_missing", "not_a_unit"})
_HEADS: Final = frozenset({"column_similar", "which_field", "profile_header_missing"})
_ROWS: Final = frozenset({"rows_hidden", "cells_continued", "row_repeated", "key_twice"})


@dataclass(frozen=True)
class Group:
    """One thing to mend.

    Attributes:
        problem: the first of its kind, in the order given.
        count: how many places it has.
        cells: their addresses, `sheet!F12` where the sheet differs from the first's, else `F12`; empty for a whole file.
        folded: groups that this one causes and that go away with it.
        problems: every problem of the group itself.
    """

    problem: Problem
    count: int
    cells: tuple[str, ...]
    folded: tuple["Group", ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def caused(self) -> int:
        """How many places go away with it beside its own."""
        return sum(group.count + group.caused for group in self.folded)


def group(problems: Iterable[Problem]) -> list[Group]:
    """Put alike problems together and fold what follows from others under them; errors first, then in the order given.

    >>> wrong = [Problem("not_a_number", sheet="参股", row=row, column="F", field="commitment") for row in (3, 4, 9)]
    >>> [(item.count, item.cells) for item in group(wrong)]
    [(3, ('F3', 'F4', 'F9'))]
    """
    alike: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems:
        alike.setdefault(_key(problem), []).append(problem)
    groups = [Group(own[0], len(own), _cells(own), (), tuple(own)) for own in alike.values()]
    roots = _roots(groups)
    folded: dict[int, list[Group]] = {}
    for at, root in roots.items():
        folded.setdefault(root, []).append(groups[at])
    out = [
        Group(item.problem, item.count, item.cells, tuple(folded.get(at, ())), item.problems)
        for at, item in enumerate(groups)
        if at not in roots
    ]
    return sorted(
        out,
        key=lambda item: (
            item.problem.severity != "error"
            and not any(each.problem.severity == "error" for each in item.folded)
        ),
    )


def _key(problem: Problem) -> tuple[object, ...]:
    place: tuple[object, ...] = (problem.file, problem.sheet, problem.table, problem.field, problem.column)
    if problem.code in _BY_ABOUT:
        place = (problem.file, problem.about.get("times"))
    elif problem.field is None and problem.column is None and problem.row is None:
        place = (problem.file, problem.sheet, problem.table)
    elif problem.code in {"column_unknown", "column_similar", "which_field"}:
        place = (problem.file, problem.sheet, problem.table, problem.value)
    value = problem.value if problem.code in _BY_VALUE else None
    return (problem.code, problem.severity, *place, value)


def _cells(problems: Sequence[Problem]) -> tuple[str, ...]:
    first = problems[0].sheet
    out = []
    for problem in problems:
        place = problem.cell or (str(problem.row) if problem.row else "")
        if place:
            out.append(place if problem.sheet == first else f"{problem.sheet}!{place}")
    return tuple(out)


def _roots(groups: Sequence[Group]) -> dict[int, int]:
    """Of each group that follows from another, which; a group that is folded causes nothing itself."""
    found: dict[int, int] = {}
    causes = [[at for at, item in enumerate(groups) if way.causes(item)] for way in _WAYS]
    for at, item in enumerate(groups):
        for way, among in zip(_WAYS, causes, strict=True):
            if not among or not way.follows(item):
                continue
            root = next((n for n in among if n != at and n not in found and way.holds(groups[n], item)), None)
            if root is not None and found.get(root) != at:
                found[at] = root
                break
    while any(root in found for root in found.values()):
        found = {at: found.get(root, root) for at, root in found.items()}
    return found


@dataclass(frozen=True)
class _Way:
    """How one group may follow from another.

    Attributes:
        holds: whether the second follows from the first.
        causes: what could be the first at all: few, so that thousands of groups are not compared with each other.
        follows: what could be the second at all.
    """

    holds: Callable[[Group, Group], bool]
    causes: Callable[[Group], bool]
    follows: Callable[[Group], bool]


def _same_file(cause: Group, effect: Group) -> bool:
    return cause.problem.file == effect.problem.file


def _no_table(cause: Group, effect: Group) -> bool:
    """Nothing in the file is known: that its cover is missing and each sheet unknown goes without saying."""
    return _same_file(cause, effect) and effect.problem.code in {
        "cover_missing",
        "sheet_unknown",
        "line_missing",
    }


def _table_lost(cause: Group, effect: Group) -> bool:
    """A sheet was not loaded, so what refers to its rows is unknown and its totals are off."""
    table = cause.problem.table or match_sheet(cause.problem.sheet or "")
    if table is None or not _same_file(cause, effect):
        return False
    if effect.problem.code.startswith("control_"):
        return effect.problem.table == table
    return effect.problem.code.startswith("reference_") and _refers(effect.problem) == table


def _refers(problem: Problem) -> str | None:
    columns = COLUMNS.get(problem.table or "", ())
    return next((column.refers for column in columns if column.name == problem.field), None)


def _same_column(cause: Group, effect: Group) -> bool:
    one, other = cause.problem, effect.problem
    return _same_file(cause, effect) and (one.sheet, one.table, one.field) == (
        other.sheet,
        other.table,
        other.field,
    )


def _unit(cause: Group, effect: Group) -> bool:
    """A wrong unit makes amounts too large and sums differ."""
    if not _same_file(cause, effect):
        return False
    if cause.problem.code == "not_a_unit":
        return effect.problem.code in {"unit_missing", *_OF_UNITS}
    if cause.problem.code == "unit_missing":
        return effect.problem.code in {"column_missing", "required_absent"} and _same_column(cause, effect)
    columns = {(problem.sheet, problem.field) for problem in cause.problems}
    if effect.problem.code.startswith("control_"):
        return effect.problem.table in {problem.table for problem in cause.problems}
    return effect.problem.code in _OF_UNITS and (effect.problem.sheet, effect.problem.field) in columns


def _header(cause: Group, effect: Group) -> bool:
    """A header that nobody knows, or that may mean several fields, is the field that is missing."""
    fields = [cause.problem.about.get("like", ""), *cause.problem.about.get("candidates", "").split(",")]
    same = (cause.problem.sheet, cause.problem.table) == (effect.problem.sheet, effect.problem.table)
    return same and (effect.problem.field in fields or cause.problem.code.startswith("profile"))


def _sums(cause: Group, effect: Group) -> bool:
    """Cells that cannot be read, hidden rows and doubled ones explain a sum that differs."""
    if cause.problem.code in _SUMS or not _same_file(cause, effect):
        return False
    if cause.problem.code in _ROWS:
        return cause.problem.table == effect.problem.table
    return cause.problem.severity == "error" and bool(cause.problem.cell) and _same_column(cause, effect)


def _same_cell(cause: Group, effect: Group) -> bool:
    """A warning about cells that all are errors already says nothing new."""
    return (
        bool(effect.cells)
        and _same_file(cause, effect)
        and cause.problem.sheet == effect.problem.sheet
        and set(effect.cells) <= set(cause.cells)
    )


def _code_in(codes: frozenset[str]) -> Callable[[Group], bool]:
    return lambda item: item.problem.code in codes


def _anything(_: Group) -> bool:
    return True


_WAYS: Final = (
    _Way(_no_table, _code_in(frozenset({"no_table_found"})), _anything),
    _Way(_unit, _code_in(_UNITS), _anything),
    _Way(_table_lost, _code_in(_NO_TABLE), _anything),
    _Way(_header, _code_in(_HEADS), _code_in(frozenset({"column_missing"}))),
    _Way(_sums, lambda item: item.problem.code in _ROWS or bool(item.problem.cell), _code_in(_SUMS)),
    _Way(
        _same_cell,
        lambda item: item.problem.severity == "error",
        lambda item: item.problem.severity == "warning",
    ),
)

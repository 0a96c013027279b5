"""What an annotated workbook says: the lines of its first sheet, the words on its cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from fundtrack.errors import Problem
from fundtrack.load.cells import column_index
from fundtrack.load.grouping import Group, group
from fundtrack.text.problems import field_title, place_of, problem_words
from fundtrack.text.say import Lang, say

COLOURS: Final = {"error": "FFC7CE", "warning": "FFEB9C"}
COMMENTS: Final = 3000
"""More cells than this are only coloured."""
WIDTHS: Final = (6, 8, 26, 20, 26, 90, 8)
MOST: Final = 32_000
_LINES: Final = 5000
_LINKS: Final = 20
_HEADS: Final = ("number", "severity", "place", "field", "value", "words", "count")
Marks = dict[tuple[str, int, int], list[Problem]]
Line = tuple[list[str | int], Problem, str]


def marks_of(problems: Iterable[Problem]) -> Marks:
    """Problems by sheet, row and column from 0; one of a whole row stands on its first cell, one of a sheet on A1."""
    found: Marks = {}
    for problem in problems:
        if problem.sheet:
            row = (problem.row or 1) - 1
            column = column_index(problem.column) if problem.column else 0
            found.setdefault((problem.sheet, row, column), []).append(problem)
    return found


def words_on(problems: Sequence[Problem], lang: Lang) -> str:
    """The comment on a cell: a sentence for each of its problems."""
    lines = [
        f"{say(f'severity.{item.severity}', lang)}：{problem_words(item, lang)}" for item in problems[:10]
    ]
    return "\n".join(lines)[:MOST]


def worst(problems: Sequence[Problem]) -> str:
    """The severity that colours a cell."""
    return "error" if any(problem.severity == "error" for problem in problems) else "warning"


class Listed:
    """The lines of the first sheet."""

    def __init__(
        self, problems: Sequence[Problem], lang: Lang, name: str, against: str, *, copied: bool
    ) -> None:
        groups = group(problems)
        errors = sum(item.problem.severity == "error" for item in groups)
        cells = sum(item.count + item.caused for item in groups)
        counts = {"errors": errors, "warnings": len(groups) - errors, "cells": cells}
        self.sheet = say("annotate.sheet", lang)
        self.head = [
            say("annotate.title", lang, file=name),
            say("annotate.counts" if groups else "annotate.none", lang, **counts),
        ]
        if against:
            self.head.append(against)
        if copied:
            self.head.append(say("annotate.copied", lang))
        self.titles = [say(f"annotate.{key}", lang) for key in _HEADS]
        self.lines = [
            line for n, item in enumerate(groups[:_LINES], start=1) for line in _lines_of(n, item, lang)
        ]


def _lines_of(number: int, item: Group, lang: Lang) -> list[Line]:
    """A group's lines: the first says everything, the others lead to its further places."""
    problem = item.problem
    words = problem_words(problem, lang)
    if item.caused:
        words += say("annotate.folded", lang, count=item.caused)
    severity = worst([problem, *(each.problem for each in item.folded)])
    title = field_title(problem.table, problem.field, lang) if problem.field else ""
    first: list[str | int] = [
        number,
        say(f"severity.{severity}", lang),
        place_of(problem),
        title,
        problem.value or "",
        words,
        item.count,
    ]
    lines = [(first, problem, severity)]
    further = item.problems[1:_LINKS]
    lines += [
        (["", "", place_of(other), "", other.value or "", "", ""], other, severity) for other in further
    ]
    if item.count > _LINKS:
        more = say("annotate.more", lang, count=item.count - _LINKS)
        lines.append((["", "", "", "", "", more, ""], replace(problem, sheet=None), severity))
    return lines


def link_of(problem: Problem, names: Mapping[str, str] | None = None) -> str | None:
    """Where a line leads to inside the workbook; `names` gives the sheets' names where they had to change."""
    if not problem.sheet:
        return None
    quoted = (names or {}).get(problem.sheet, problem.sheet).replace("'", "''")
    return f"'{quoted}'!{problem.cell or f'A{problem.row or 1}'}"

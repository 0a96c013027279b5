"""A header's columns as fields with their units; what is not known or not certain is said, never assumed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Final

from fundtrack.errors import Problem
from fundtrack.load.applied import unit_of
from fundtrack.load.cells import Sheet, column_letter
from fundtrack.load.headers import Head, Heading
from fundtrack.load.match import bare, plain
from fundtrack.load.profiles import Plan
from fundtrack.load.propose import candidates
from fundtrack.load.tables import Found, Mapped
from fundtrack.load.units import Corner
from fundtrack.load.written import fold
from fundtrack.model.frames import find_column

_LIKE: Final = 80.0
"""From this score on a header is so like a field's that the problem names the field."""
_PASSED_OVER: Final = frozenset(
    bare(word) for word in ("序号", "No.", "No", "编号", "行次", "项次", "顺序号", "S/N", "Item")
)
Say = Callable[..., Problem]


@dataclass(frozen=True)
class Job:
    """One book on its way: what its parts share.

    Attributes:
        file: its name.
        factor, currency: of the cover or the profile; None where neither says.
        epoch_1904: day numbers count from 1904.
        include_hidden: hidden sheets and rows are loaded too.
        found: what was found so far.

    """

    file: str
    factor: Decimal | None
    currency: str | None
    epoch_1904: bool
    include_hidden: bool
    found: Found

    def say(self, sheet: Sheet) -> Say:
        """Give a maker of problems of a sheet."""
        return partial(Problem, file=self.file, sheet=sheet.name)


def map_columns(
    sheet: Sheet,
    table: str,
    head: Head,
    above: Corner,
    job: Job,
    *,
    plan: Plan | None = None,
    silent: frozenset[str] = frozenset(),
) -> list[Mapped]:
    """Map a header's columns to the fields of a table.

    Args:
        sheet: as read.
        table: whose fields.
        head: the header.
        above: what the lines above it say.
        job: the book's.
        plan: what a profile says of the sheet.
        silent: headers, plain, that need no word where they are not known.

    """
    columns: list[Mapped] = []
    taken: dict[str, str] = {}
    for heading in head.headings:
        if not fold(heading.written):
            continue
        letter = column_letter(heading.index)
        say = partial(job.say(sheet), row=head.last + 1, column=letter, value=heading.written, table=table)
        if heading.meaning is None:
            told = {plain(level) for level in (heading.written, *heading.levels)} & silent
            if not told and bare(heading.levels[-1]) not in _PASSED_OVER:
                job.found.problems.append(_not_known(table, heading, say))
            continue
        name = heading.meaning.fields[0]
        if len(heading.meaning.fields) > 1:
            job.found.problems.append(_ask(table, heading.meaning.fields, say))
        elif name in taken:
            job.found.problems.append(say("column_twice", field=name, about={"other": taken[name]}))
        elif name:
            taken[name] = letter
            mapped = Mapped(name, heading.index, heading.written, percent=heading.meaning.header.percent)
            if find_column(table, name).kind != "money":
                columns.append(mapped)
                continue
            factor, currency = _own_unit(name, heading, plan)
            factor = next((each for each in (factor, above.factor, job.factor) if each is not None), None)
            if factor is None:
                job.found.problems.append(say("unit_missing", field=name))
            else:
                own = currency or above.currency or job.currency
                columns.append(replace(mapped, factor=factor, currency=own))
    return columns


def _not_known(table: str, heading: Heading, say: Say) -> Problem:
    """Say that nobody knows a header; where it is very like one, say which; it is never taken for it."""
    like = candidates(table, heading.levels[-1])
    if like and like[0][1] >= _LIKE:
        column = find_column(table, like[0][0])
        about = {"like_zh": column.zh, "like_en": column.en, "like": column.name}
        return say("column_similar", "warning", about=about)
    return say("column_unknown", "warning")


def _ask(table: str, fields: tuple[str, ...], say: Say) -> Problem:
    """Ask which field a word means that may mean several; no answer is assumed."""
    of = [find_column(table, name) for name in fields]
    zh, en = "、".join(column.zh for column in of), ", ".join(column.en for column in of)
    about = {"candidates_zh": zh, "candidates_en": en, "candidates": ",".join(fields)}
    return say("which_field", "warning", about=about)


def _own_unit(name: str, heading: Heading, plan: Plan | None) -> tuple[Decimal | None, str | None]:
    """The unit and currency that a profile or the header itself gives a field."""
    header = heading.meaning.header if heading.meaning else None
    own = unit_of(plan, name)
    said = (header.factor, header.currency) if header else (None, None)
    return (own.factor, own.currency or said[1]) if own else said

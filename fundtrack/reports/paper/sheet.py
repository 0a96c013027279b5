"""What a briefing is made of, whatever it is written with: runs of words, the target table, notes."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from fundtrack.text.say import Lang

Kind = Literal["head", "item", "text"]
LONGEST: Final = 40
"""Letters of a name that a sheet of one page shows."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words set in one way: a heading within the line, an item's heading, or plain."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bullet bar, each mark as a part of its length: what stood before the year, what stands, pace and target."""

    before: float
    actual: float
    pace: float | None
    goal: float


@dataclass(frozen=True, slots=True)
class Line:
    """A target in the table: its cells in order, its bar, its status."""

    cells: tuple[str, ...]
    bar: Bar
    status: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A briefing in one language.

    Attributes:
        lang: the language.
        title, issue, by, day: of the masthead.
        banner: that the data are an example; empty where they are not.
        opening: where it stands, in one sentence.
        paragraphs: the four sections.
        heads: titles of the table's columns, the bar's at `bar_at`.
        lines: the targets.
        help: how to read the bars.
        notes: definitions, source, signatures.
        at: the time that the file bears.

    """

    lang: Lang
    title: str
    issue: str
    by: str
    day: str
    banner: str
    opening: str
    paragraphs: tuple[tuple[Run, ...], ...]
    heads: tuple[str, ...]
    bar_at: int
    bar_head: str
    lines: tuple[Line, ...]
    help: str
    notes_head: str
    notes: tuple[str, ...]
    at: datetime


def tidy(text: object, longest: int = LONGEST) -> str:
    r"""A text as paper can bear it: no control, no letter that turns the direction of others, no longer than fits.

    >>> tidy("甲\u202e乙\x07\n丙", 9), tidy("一二三四五六", 4), tidy(None)
    ('甲乙 丙', '一二三…', '')
    """
    if text is None:
        return ""
    kept = "".join(
        " " if letter.isspace() else letter
        for letter in str(text)
        if letter.isspace() or unicodedata.category(letter)[0] != "C"
    )
    kept = " ".join(kept.split())
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"


def bar(row: Mapping[str, Any]) -> Bar:
    """The bullet bar of a target's row of `progress`."""
    target, actual = float(row["target"]), max(0.0, float(row["actual"] or 0))
    begin = None if row["start_value"] is None else float(row["start_value"])
    length = max(target, actual) * 1.03 or 1.0
    pace = None
    if begin is not None and begin < target and row["status"] != "missed":
        pace = (begin + (target - begin) * float(row["elapsed"])) / length
    return Bar(min(max(begin or 0.0, 0.0), actual) / length, actual / length, pace, target / length)

"""What a command writes for people: tables that line up in both scripts, a progress bar, problems in order."""

import sys
import unicodedata
from collections.abc import Callable, Sequence
from typing import Final, TextIO

from fundtrack.errors import Problem
from fundtrack.text.problems import place_of, problem_sentence, problem_words
from fundtrack.text.say import Lang, say

_BAR: Final = 30


def width(text: str) -> int:
    """Columns that a text takes on a terminal.

    >>> width("基金 fund")
    9
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows under heads, columns padded to the widest; those in `right` end flush.

    >>> print(table(["名称", "只"], [["甲", "9"], ["乙丙", "12"]], right=[1]))
    名称  只
    甲     9
    乙丙  12
    """
    lines = [list(heads), *[list(row) for row in rows]]
    widest = [max(width(line[n]) for line in lines) for n in range(len(heads))]
    out = []
    for line in lines:
        cells = []
        for n, cell in enumerate(line):
            blank = " " * (widest[n] - width(cell))
            cells.append(blank + cell if n in right else cell + blank)
        out.append("  ".join(cells).rstrip())
    return "\n".join(out)


def bar(stream: TextIO, lang: Lang) -> Callable[[str, float], None] | None:
    """A progress bar on a terminal; None where the stream is none, so that logs stay clean."""
    if not stream.isatty():
        return None

    def show(name: str, done: float) -> None:
        full = round(_BAR * done)
        stream.write(
            f"\r{say('cli.reading', lang)} [{'█' * full}{'·' * (_BAR - full)}] {done:4.0%} {name[:40]}\x1b[K"
        )
        if done >= 1:
            stream.write("\r\x1b[K")
        stream.flush()

    return show


def tell(words: str) -> None:
    """A message to the person at the terminal, never part of a command's output."""
    sys.stderr.write(words + "\n")


def tell_problems(problems: Sequence[Problem], lang: Lang) -> None:
    """All problems, errors first, file by file in sheet order."""
    files = list(dict.fromkeys(problem.file for problem in problems))
    for file in files:
        own = [problem for problem in problems if problem.file == file]
        if file:
            tell(f"{file}:" if lang == "en" else f"{file}：")
        for problem in sorted(own, key=lambda item: item.severity):
            words = problem_words if place_of(problem) == file and not problem.field else problem_sentence
            tell(f"  [{say(f'severity.{problem.severity}', lang)}] {words(problem, lang)}")

"""One wrong cell, one problem: what only follows from a wrong cell elsewhere in the file is folded into it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

from fundtrack.errors import Problem
from fundtrack.load.state import State
from fundtrack.model.fields import name_key

IDENTITY: Final = ("name", "amac_code", "amac_no", "uscc")
"""Fields besides its id by which an entity may be called."""
_ALIKE: Final = 0.6
"""From this likeness on, an unknown id may be the one that stood in a cell that cannot be read."""


def consequences(
    unknown: Sequence[tuple[str, Problem]], lost: Iterable[tuple[str, str]], state: State
) -> list[Problem]:
    """References that are unknown only because the cell that would make them known is itself a problem.

    Args:
        unknown: unknown references: the table referred to, and the problem.
        lost: of every entity's cell that cannot be read, its table and field.
        state: what is known, the file's own rows included.

    Returns:
        For each lost cell the problems of one unknown word: the one most like what stands in the cell's column, and among
        equals the one most often used. What is like nothing there is a problem of its own.
    """
    folded: list[Problem] = []
    for table, field in lost:
        words = Counter(
            problem.value
            for refers, problem in unknown
            if refers == table and problem.value and problem not in folded
        )
        if not words:
            continue
        known = [str(word) for word in state[table][field].drop_nulls().unique().to_list()]
        likeness = {
            word: max((_like(word, other) for other in known if other != word), default=1.0) for word in words
        }
        word = max(words, key=lambda word: (likeness[word], words[word], word))
        if likeness[word] >= _ALIKE:
            folded += [problem for refers, problem in unknown if refers == table and problem.value == word]
    return folded


def _like(one: str, other: str) -> float:
    return SequenceMatcher(None, name_key(one), name_key(other), autojunk=False).ratio()

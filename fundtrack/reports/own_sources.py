"""Sources that come with fundtrack's own seeds, by their names in both languages; what anybody else wrote stands as they wrote it."""

from functools import cache
from typing import Final

from fundtrack.text.say import Lang, say, sentences

_OWN: Final = "own_source."


def source_name(source: str | None, lang: Lang) -> str:
    """A source as the language calls it, where it is one of the seeds' own; else as it was written, and nothing where there is none.

    >>> source_name("杭州市科技工作计划（2017）", "en"), source_name("某报", "en"), source_name(None, "zh")
    ('Hangzhou science and technology work plan 2017', '某报', '')
    """
    key = _keys().get(source or "")
    return say(key, lang) if key else source or ""


@cache
def _keys() -> dict[str, str]:
    """The key of each of the seeds' own sources, by its Chinese words, which are what the ledger holds."""
    return {text: key for key, text in sentences("zh").items() if key.startswith(_OWN)}

"""say(): every sentence by its key, in Chinese or in English; a missing key or word raises."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

Lang = Literal["zh", "en"]
LANGS: Final[tuple[Lang, ...]] = ("zh", "en")
_COUNTED: Final = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")
"""`{count:fund|funds}`: the first where the word put in is 1, else the second."""


def _flat(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for name, branch in tree.items():
        path = f"{prefix}{name}"
        out |= _flat(branch, path + ".") if isinstance(branch, dict) else {path: str(branch)}
    return out


@cache
def sentences(lang: Lang) -> dict[str, str]:
    """All sentences of a language by dotted key, from every `<lang>*.toml` beside this module."""
    found: dict[str, str] = {}
    for file in sorted(files("fundtrack.text").iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml") and file.name.split(".")[0].split("_")[0] == lang:
            found |= _flat(tomllib.loads(file.read_text(encoding="utf-8")))
    return found


def say(key: str, lang: Lang, /, **words: object) -> str:
    """The sentence of a key with its words put in, nouns in the number that they say.

    >>> say("plan.gap_funds", "en", count="1"), say("plan.gap_funds", "en", count="3")
    ('1 partner fund', '3 partner funds')

    Raises:
        KeyError: where the language has no such sentence, or a word of it was not given.
    """
    text = sentences(lang)[key]
    if "|" in text:
        text = _COUNTED.sub(lambda at: at[2] if str(words[at[1]]) == "1" else at[3], text)
    return text.format_map(dict(words.items()))


def pattern(text: str) -> str:
    """A sentence as it is written, its words left open; where it counts, of several.

    >>> pattern("{count} {count:row|rows}")
    '{count} rows'
    """
    return _COUNTED.sub(r"\3", text)

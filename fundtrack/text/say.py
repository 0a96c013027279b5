"""say(): every sentence by its key, in Chinese or in English; a missing key or word raises."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

Lang = Literal["zh", "en"]
LANGS: Final[tuple[Lang, ...]] = ("zh", "en")


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
    """The sentence of a key with its words put in.

    Raises:
        KeyError: where the language has no such sentence, or a word of it was not given.
    """
    return sentences(lang)[key].format_map(dict(words.items()))

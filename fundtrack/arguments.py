"""The command line's grammar: commands, their options, and what is said where one is called wrongly."""

import argparse
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Final, NoReturn, Protocol

from fundtrack import __version__
from fundtrack.errors import UsageError
from fundtrack.periods import period_code
from fundtrack.text.say import Lang, say

Args = argparse.Namespace
_SAID: Final = (
    ("required", re.compile(r"the following arguments are required: (?P<names>.+)")),
    ("unknown", re.compile(r"unrecognized arguments: (?P<names>.+)")),
    (
        "choice",
        re.compile(r"argument (?P<name>.+?): invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)"),
    ),
    ("no_value", re.compile(r"argument (?P<name>.+?): expected (?:at least )?one argument")),
    ("no_number", re.compile(r"argument (?P<name>.+?): invalid int value: (?P<value>.+)")),
)
"""What argparse says, in English only, and the sentence of ours."""


def usage_words(error: UsageError, lang: Lang) -> str:
    """What was called wrongly, in a language."""
    words, program = error.about["words"], error.about["program"]
    for key, said in _SAID:
        if found := said.fullmatch(words):
            words = say(f"usage.{key}", lang, **found.groupdict())
            break
    return say("error.usage", lang, words=words, program=program)


def a_day(text: str) -> date:
    """A day as people type it on a command line.

    Raises:
        UsageError: it is none.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise UsageError("not_a_date", value=text)


def a_knowledge(text: str) -> int | date:
    """An edition by its number, or a day by the end of which something was known.

    Raises:
        UsageError: it is neither.
    """
    if text.isdecimal():
        return int(text)
    try:
        return a_day(text)
    except UsageError as error:
        raise UsageError("not_an_edition", value=text) from error


def a_period(text: str) -> str:
    """A reporting period as people write it.

    Raises:
        UsageError: it is none.
    """
    found = period_code(text)
    if found is None:
        raise UsageError("not_a_period", value=text)
    return found


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError("usage", words=message, program=self.prog)


class _Command(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def run(self) -> Callable[..., int]: ...
    @property
    def options(self) -> Callable[[argparse.ArgumentParser], None]: ...
    @property
    def dated(self) -> bool: ...


def parser(known_commands: Mapping[str, _Command]) -> argparse.ArgumentParser:
    """The grammar of these commands; each command's help is what its function says of itself."""
    common = _Parser(add_help=False)
    common.add_argument("--data", type=Path, help="data folder (default: data/, or FUNDTRACK_DATA)")
    common.add_argument("--json", action="store_true", help="one JSON object on stdout")
    common.add_argument("--lang", choices=("zh", "en"), help="language of messages (default: the locale's)")
    known = _Parser(add_help=False)
    known.add_argument(
        "--as-of", type=a_day, help="what was true on this day (default: the newest 截至日期 of any cover)"
    )
    known.add_argument(
        "--known-at",
        type=a_knowledge,
        metavar="EDITION",
        help="what was known at this edition, or by the end of this day (default: the newest)",
    )
    top = _Parser(
        prog="fundtrack", description="A government venture fund of funds, from spreadsheet cell to target."
    )
    top.add_argument("--version", action="version", version=f"fundtrack {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    for each in known_commands.values():
        words = (each.run.__doc__ or "").strip()
        made = commands.add_parser(
            each.name, parents=[common, known] if each.dated else [common], help=words, description=words
        )
        made.set_defaults(run=each.run)
        each.options(made)
    return top

"""The command line's grammar: commands, their options, and what is said where one is called wrongly."""

import argparse
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Final, NoReturn

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


def parser(runs: Mapping[str, Callable[..., int]]) -> argparse.ArgumentParser:
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
        "--known-at", type=int, metavar="EDITION", help="what was known at this edition (default: the newest)"
    )
    top = _Parser(
        prog="fundtrack", description="A government venture fund of funds, from spreadsheet cell to target."
    )
    top.add_argument("--version", action="version", version=f"fundtrack {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    made: dict[str, _Parser] = {}
    for name, run in runs.items():
        words = (run.__doc__ or "").strip()
        parents: list[_Parser] = [common, known] if name in {"progress", "funds", "inbox"} else [common]
        made[name] = commands.add_parser(name, parents=parents, help=words, description=words)
        made[name].set_defaults(run=run)
    for name in ("demo", "serve"):
        made[name].add_argument("--port", type=int, default=8501)
    made["demo"].add_argument("--no-serve", action="store_true", help="load only")
    template = made["template"]
    template.add_argument("out", type=Path, metavar="OUT.xlsx")
    template.add_argument("--part", action="append", choices=("A", "B", "C"),
                          help="A operator, B fund's manager, C commission (default: all)")  # fmt: skip
    template.add_argument(
        "--force", action="store_true", help="replace a workbook that somebody has filled in"
    )
    for name in ("check", "load"):
        made[name].add_argument("files", type=Path, nargs="+", metavar="FILE")
        made[name].add_argument(
            "--profile",
            metavar="NAME",
            help="a saved profile of data/profiles/ (default: the one that knows the layout)",
        )
    made["check"].add_argument("--annotate", type=Path, metavar="OUT.xlsx",
                               help="give the workbooks back with their problems marked; for several files a folder, or a name before theirs")  # fmt: skip
    made["load"].add_argument("--by", metavar="NAME", help="who loads (default: the system's user)")
    made["load"].add_argument(
        "--receipt",
        type=Path,
        metavar="OUT.xlsx",
        help="write the receipt of what was published (.xlsx or .csv)",
    )
    made["load"].add_argument("--all", action="store_true", help="all senders or none")
    made["inbox"].add_argument(
        "--period",
        type=a_period,
        metavar="P",
        help="as 2017Q3, 2017H1 or 2017 (default: the newest of which a report has come)",
    )
    made["inbox"].add_argument(
        "--reminders", type=Path, metavar="OUT.xlsx", help="write the list of whom to remind (.xlsx or .csv)"
    )
    made["undo"].add_argument("batch", metavar="BATCH")
    made["undo"].add_argument("--by", required=True, metavar="NAME")
    made["undo"].add_argument("--reason", metavar="WORDS")
    return top

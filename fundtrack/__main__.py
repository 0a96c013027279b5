"""The command line: finds the command, runs it, and says in one sentence what went wrong."""

import gc
import locale
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NoReturn

from fundtrack.arguments import Args, parser, usage_words
from fundtrack.commands import COMMANDS
from fundtrack.commands.command import print_json, warn_of_damage
from fundtrack.errors import FundtrackError, UsageError
from fundtrack.settings import Settings, settings_now
from fundtrack.terminal import tell
from fundtrack.text.problems import error_sentence
from fundtrack.text.say import Lang, say

_ASKING: Final = frozenset(
    {"template", "check", "load", "undo", "correct", "proposals", "publish", "return", "access"}
)
"""Commands that show nobody's data, or that ask by themselves whether they may."""

_KEPT: Final = 50_000
"""New objects before cycles among them are looked for."""


def _locale_lang() -> Lang:
    names = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((name for name in names if name), None) or locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith("zh") else "en"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; what goes wrong is one sentence, never a traceback."""
    given = list(sys.argv[1:] if argv is None else argv)
    settings, lang = Settings(), _locale_lang()
    try:
        settings = _settings()
        lang = lang if settings.lang == "auto" else settings.lang
        args = parser(COMMANDS).parse_args(given)
        lang = args.lang or lang
        if args.data is not None:
            settings = settings.but(data=args.data)
        code = _run(args, settings, lang)
        sys.stdout.flush()  # where that fails, as on a full disk, it is said below
        return code  # noqa: TRY300 - what is written belongs to the command
    except FundtrackError as error:
        words = (
            usage_words(error, lang)
            if isinstance(error, UsageError) and error.code == "usage"
            else error_sentence(error, lang)
        )
        return _fail(error.code, words, error.exit_code, as_json="--json" in given)
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # so that closing stdout does not fail again
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if os.environ.get("FUNDTRACK_DEBUG"):
            raise
        words = say("error.system_refused", lang, detail=error.strerror or type(error).__name__)
        return _fail("system_refused", words, 3, as_json="--json" in given)
    except Exception as error:
        if os.environ.get("FUNDTRACK_DEBUG"):
            raise
        words = say("error.unexpected", lang, kind=type(error).__name__)
        return _fail("unexpected", words, 4, as_json="--json" in given)


def _run(args: Args, settings: Settings, lang: Lang) -> int:
    """Run a command if whoever runs it may; those that act ask for themselves."""
    if args.command in _ASKING:
        return int(args.run(args, settings, lang))
    from fundtrack.service.actor import command_action  # noqa: PLC0415 - keeps start-up short
    from fundtrack.service.desk import own_desk  # noqa: PLC0415

    part = getattr(args, "what_name", None) or getattr(args, "action", None)
    what = " ".join(filter(None, [args.command, part]))
    action = command_action(args.command, part)
    if action in {"look", "inbox", "trace", "export", "audit"}:
        warn_of_damage(settings, lang)
    with own_desk(settings).doing(action, what, whole=True):
        return int(args.run(args, settings, lang))


def _settings() -> Settings:
    try:
        return settings_now()
    except ValueError as error:
        from pydantic import ValidationError  # noqa: PLC0415 - keeps start-up short

        if not isinstance(error, ValidationError):
            raise
        first = error.errors()[0]
        name = f"FUNDTRACK_{'_'.join(map(str, first['loc']))}".upper()
        raise UsageError("setting_wrong", name=name, value=first["input"]) from error


def _fail(code: str, words: str, exit_code: int, *, as_json: bool) -> int:
    tell(words)
    if as_json:
        with suppress(OSError):  # as where the output itself cannot be written
            print_json({"error": code, "message": words, "exit": exit_code})
    return exit_code


def command() -> NoReturn:
    """Run the command of this process, and end it at once: what it kept until now need not be taken apart piece by piece."""
    gc.set_threshold(_KEPT)
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # said already, or there is nobody left to say it to
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    command()

"""The command that puts single values right: correct."""

import argparse
from typing import Any, Final

from fundtrack.arguments import Args
from fundtrack.commands.command import Command, print_json, sent, standing
from fundtrack.errors import InputError
from fundtrack.settings import Settings
from fundtrack.terminal import tell, tell_problems
from fundtrack.text.problems import field_title, problem_sentence
from fundtrack.text.say import Lang, say


def correct(args: Args, settings: Settings, lang: Lang) -> int:
    """Put single values of a row right, as a batch of its own with a reason; the source stays as it came."""
    from fundtrack.load.edits import Edit  # noqa: PLC0415 - keeps start-up short
    from fundtrack.service import doing  # noqa: PLC0415
    from fundtrack.service.desk import own_desk  # noqa: PLC0415
    from fundtrack.store.proposed import Proposal  # noqa: PLC0415

    pairs = dict(_pair(word) for word in args.values)
    standing(settings)
    made = doing.correct(
        own_desk(settings), [Edit(args.table, args.key, pairs)], by=args.by, reason=args.reason
    )
    if isinstance(made, Proposal):
        return sent(args, made, lang)
    if args.json:
        found = [each.as_dict() | {"message": problem_sentence(each, lang)} for each in made.problems]
        done = {"outcome": made.outcome, "edition": made.edition, "batch_ids": list(made.batch_ids)}
        print_json(done | {"changes": made.changes(), "problems": found})
    else:
        _tell(made, lang)
    return 1 if made.outcome == "refused" else 0


def _pair(word: str) -> tuple[str, str]:
    field, sign, value = word.partition("=")
    if not sign or not field.strip():
        raise InputError("correction_needs_edits")
    return field, value


def _tell(made: Any, lang: Lang) -> None:
    from fundtrack.model.rows import TABLES  # noqa: PLC0415

    tell_problems(made.problems, lang)
    for each in made.changes() if made.outcome == "published" else ():
        words = {name: each[name] or say("correction.blank", lang) for name in ("old", "new")}
        title = getattr(TABLES[each["table"]].info, lang)
        tell("  " + say("correction.change", lang, table=title, key=each["row_key"],
                        field=field_title(each["table"], each["field"], lang), **words))  # fmt: skip
    batch = "、".join(made.batch_ids)
    tell(say(f"correction.{made.outcome}", lang, batch=batch, edition=made.edition or 0))


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", metavar="TABLE", help="name or title of a sheet of the standard workbook")
    parser.add_argument("key", metavar="KEY", help="the row's key, or an entity's ID or full name")
    parser.add_argument(
        "values",
        metavar="FIELD=VALUE",
        nargs="+",
        help="a field's name or title and its new value; nothing after = takes the value away",
    )
    parser.add_argument("--by", required=True, metavar="NAME", help="who corrects")
    parser.add_argument("--reason", required=True, metavar="WORDS", help="why")


COMMANDS: Final = (Command(correct, _options),)

"""Commands that hand over: export audit."""

import argparse
from pathlib import Path
from typing import Final

from fundtrack.arguments import Args
from fundtrack.commands.command import Command, print_json, standing
from fundtrack.settings import Settings
from fundtrack.terminal import tell
from fundtrack.text.say import Lang, say


def export(args: Args, settings: Settings, lang: Lang) -> int:
    """Write what is handed over: the auditor's pack, a working paper."""
    made: int = args.what(args, settings, lang)
    return made


def _audit(args: Args, settings: Settings, lang: Lang) -> int:
    from fundtrack.reports.pack.write import export_audit  # noqa: PLC0415

    store = standing(settings)
    pack = export_audit(store, settings.keys or store.folders.keys, args.out)
    if args.json:
        print_json({"out": str(pack.out), "edition": pack.edition, "files": pack.digests})
    else:
        tell(say("cli.pack_written", lang, out=pack.out, edition=pack.edition, files=len(pack.digests)))
    return 0


def _options(parser: argparse.ArgumentParser) -> None:
    # What every command takes is as good behind the word as before it; what is not given there must not undo what was.
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--data", type=Path, help="data folder (default: data/, or FUNDTRACK_DATA)")
    shared.add_argument("--json", action="store_true", help="one JSON object on stdout")
    shared.add_argument("--lang", choices=("zh", "en"), help="language of messages (default: the locale's)")
    what = parser.add_subparsers(dest="what_name", required=True, metavar="WHAT", parser_class=type(parser))
    audit = what.add_parser(
        "audit",
        parents=[shared],
        help="the auditor's pack: a folder with the edition, tables, papers and verify.py",
    )
    audit.add_argument("out", type=Path, metavar="OUT", help="a folder that does not stand yet, or is empty")
    audit.set_defaults(what=_audit)


COMMANDS: Final = (Command(export, _options),)

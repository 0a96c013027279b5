"""Commands that hand over: export audit, export workpaper."""

import argparse
from functools import partial
from pathlib import Path
from typing import Final

from fundtrack.arguments import Args, a_day
from fundtrack.commands.command import Command, print_json, standing
from fundtrack.errors import BusyError, InputError
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


def _workpaper(args: Args, settings: Settings, lang: Lang) -> int:
    from fundtrack.load.origin import raw_values  # noqa: PLC0415
    from fundtrack.reports.workpaper import Heading, document, of_finding, of_query  # noqa: PLC0415
    from fundtrack.store.asking import ask  # noqa: PLC0415

    store = standing(settings)
    wanted: Lang = args.lang or "zh"
    read_back = partial(raw_values, store.folders)
    with store.ledger().held() as ledger:
        if args.finding:
            paper = of_finding(ledger, args.finding, read_back, wanted)
        else:
            sql = _read(args.sql)
            paper = of_query(ledger, sql, ask(store, sql), read_back, wanted)
    content = document(paper, Heading(args.project, args.unit, args.auditors, args.made_on), wanted)
    try:
        args.out.write_bytes(content)
    except OSError as error:
        raise BusyError("not_writable_file", file=args.out) from error
    if args.json:
        print_json(
            {
                "out": str(args.out),
                "edition": paper.edition,
                "rows": paper.answer.height,
                "totals": list(paper.totals),
                "sources": list(paper.sources),
            }
        )
    else:
        tell(
            say("cli.paper_written", lang, out=args.out, rows=paper.answer.height, sources=len(paper.sources))
        )
    return 0


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("sql_failed", detail=path) from error


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
    paper = what.add_parser(
        "workpaper",
        parents=[shared],
        help="a working paper (审计取证单) out of a finding or a query, in Chinese unless --lang en",
    )
    paper.add_argument("out", type=Path, metavar="OUT.docx")
    source = paper.add_mutually_exclusive_group(required=True)
    source.add_argument("--finding", metavar="ID", help="a finding of the newest edition")
    source.add_argument("--sql", type=Path, metavar="FILE", help="a file with one SELECT")
    paper.add_argument("--project", metavar="WORDS", help="project (default: blank)")
    paper.add_argument("--unit", metavar="NAME", help="unit audited (default: blank)")
    paper.add_argument("--auditors", metavar="NAMES", help="default: blank")
    paper.add_argument("--made-on", type=a_day, metavar="D", help="default: blank")
    paper.set_defaults(what=_workpaper)


COMMANDS: Final = (Command(export, _options),)

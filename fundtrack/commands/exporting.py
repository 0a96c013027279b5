"""Commands that hand over: export audit, briefing, excel, report, workpaper."""

import argparse
from functools import partial
from pathlib import Path
from typing import Any, Final

from fundtrack.arguments import Args, a_day, a_knowledge
from fundtrack.commands.command import Command, print_json, standing
from fundtrack.errors import BusyError, InputError, UsageError
from fundtrack.settings import Settings
from fundtrack.terminal import tell
from fundtrack.text.say import Lang, say


def export(args: Args, settings: Settings, lang: Lang) -> int:
    """Write what is handed over: the auditor's pack, a briefing of one page, a full report, a workbook, a working paper."""
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
    _put(args.out, document(paper, Heading(args.project, args.unit, args.auditors, args.made_on), wanted))
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


def _briefing(args: Args, settings: Settings, lang: Lang) -> int:
    from fundtrack.reports.paper.briefing import briefing  # noqa: PLC0415
    from fundtrack.reports.paper.facts import facts  # noqa: PLC0415
    from fundtrack.reports.paper.write import written  # noqa: PLC0415

    kind = args.out.suffix.lower()
    if kind not in {".pdf", ".docx"}:
        raise UsageError("not_a_paper", file=args.out, kinds=".pdf, .docx")
    with standing(settings).ledger(args.known_at).held() as ledger:
        about = facts(ledger, args.as_of, settings)
    _put(args.out, written(briefing(about, args.lang or "zh", args.issue), kind))
    _said(args, about.imprint, lang)
    return 0


def _report(args: Args, settings: Settings, lang: Lang) -> int:
    from fundtrack.reports.imprint import imprint  # noqa: PLC0415
    from fundtrack.reports.paper.report import report_pdf  # noqa: PLC0415

    if args.out.suffix.lower() != ".pdf":
        raise UsageError("not_a_paper", file=args.out, kinds=".pdf")
    with standing(settings).ledger(args.known_at).held() as ledger:
        content, source = (
            report_pdf(ledger, args.as_of, settings, args.lang or "zh"),
            imprint(ledger, args.as_of),
        )
    _put(args.out, content)
    _said(args, source, lang)
    return 0


def _excel(args: Args, settings: Settings, lang: Lang) -> int:
    from fundtrack.reports.book.workbook import reports, workbook  # noqa: PLC0415

    if args.out.suffix.lower() != ".xlsx":
        raise UsageError("not_a_paper", file=args.out, kinds=".xlsx")
    with standing(settings).ledger(args.known_at).held() as ledger:
        about = reports(ledger, args.as_of, settings)
    _put(args.out, workbook(about, args.lang or "zh"))
    _said(args, about.imprint, lang)
    return 0


def _said(args: Args, source: Any, lang: Lang) -> None:
    """Tell what was written, from which edition and as of which days; `source` is a `reports.imprint.Imprint`."""
    if args.json:
        print_json(
            {
                "out": str(args.out),
                "edition": source.edition,
                "head_hash": source.head_hash,
                "as_of": source.as_of,
                "funds_as_of": source.funds_on,
            }
        )
    else:
        tell(say("cli.handed_over", lang, out=args.out, line=source.line(lang)))


def _put(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BusyError("not_writable_file", file=out) from error


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
    dated = argparse.ArgumentParser(add_help=False)
    dated.add_argument("--as-of", type=a_day, metavar="D", help="what was true on this day")
    dated.add_argument(
        "--known-at", type=a_knowledge, metavar="EDITION", help="what was known at this edition, or on a day"
    )
    briefing = what.add_parser(
        "briefing",
        parents=[shared, dated],
        help="the briefing on one A4 page (简报), in Chinese unless --lang en",
    )
    briefing.add_argument("out", type=Path, metavar="OUT.pdf|.docx")
    briefing.add_argument("--issue", type=int, metavar="N", help="number of the issue (default: the month)")
    briefing.set_defaults(what=_briefing)
    excel = what.add_parser(
        "excel",
        parents=[shared, dated],
        help="a workbook of values with native charts, in Chinese unless --lang en",
    )
    excel.add_argument("out", type=Path, metavar="OUT.xlsx")
    excel.set_defaults(what=_excel)
    report = what.add_parser(
        "report",
        parents=[shared, dated],
        help="the full report with a page for each partner fund, in Chinese unless --lang en",
    )
    report.add_argument("out", type=Path, metavar="OUT.pdf")
    report.set_defaults(what=_report)
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

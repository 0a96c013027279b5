"""Commands on rules and findings: findings."""

import argparse
import sys
from typing import Final

from fundtrack.arguments import Args
from fundtrack.commands.command import Command, print_json, standing
from fundtrack.settings import Settings
from fundtrack.terminal import table
from fundtrack.text.say import Lang, say


def findings(args: Args, settings: Settings, lang: Lang) -> int:
    """What the rules find: suspected, hints and what cannot be told for want of data."""
    from fundtrack.reports.finding_lines import board_lines, finding_lines  # noqa: PLC0415 - keeps start-up short
    from fundtrack.reports.findings import findings_report  # noqa: PLC0415

    with standing(settings).ledger(args.known_at).held() as ledger:
        report = findings_report(ledger, args.as_of)
    if args.json:
        print_json(report.as_json(clear=args.clear, lang=lang))
        return 0
    sys.stdout.write(say("cli.known_edition", lang, edition=report.edition, as_of=report.as_of) + "\n")
    sys.stdout.write(report.summary(lang) + "\n\n")
    if said := report.counted_only(lang):
        sys.stdout.write(said + "\n\n")
    for heads, rows, right in (board_lines(report, lang), finding_lines(report, lang, clear=args.clear)):
        sys.stdout.write(table(heads, rows, right) + "\n\n")
    return 0


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clear", action="store_true", help="list what was examined and found clear, too")


COMMANDS: Final = (Command(findings, _options, dated=True),)

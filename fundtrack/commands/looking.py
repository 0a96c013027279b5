"""Commands that report: progress, funds, inbox."""

import argparse
import sys
from pathlib import Path
from typing import Final

from fundtrack.arguments import Args, a_period
from fundtrack.commands.command import Command, print_json, standing
from fundtrack.errors import InputError
from fundtrack.settings import Settings
from fundtrack.terminal import table
from fundtrack.text.say import Lang, say


def progress(args: Args, settings: Settings, lang: Lang) -> int:
    """Where the targets stand."""
    from fundtrack.reports.lines import progress_lines  # noqa: PLC0415
    from fundtrack.reports.progress import progress_report  # noqa: PLC0415

    with standing(settings).ledger(args.known_at).held() as ledger:
        report = progress_report(ledger, args.as_of, settings.band_early, settings.band_late)
    if args.json:
        print_json(report.as_json())
    else:
        heads, rows, right = progress_lines(report, lang)
        sys.stdout.write(say("cli.known_edition", lang, edition=report.edition, as_of=report.as_of) + "\n")
        sys.stdout.write(table(heads, rows, right) + "\n")
    return 0


def funds(args: Args, settings: Settings, lang: Lang) -> int:
    """One line per partner fund and per participation."""
    from fundtrack.reports.funds import funds_report  # noqa: PLC0415
    from fundtrack.reports.lines import fund_lines, stake_lines  # noqa: PLC0415

    with standing(settings).ledger(args.known_at).held() as ledger:
        report = funds_report(ledger, args.as_of)
    if args.json:
        print_json(report.as_json())
    else:
        sys.stdout.write(say("cli.known_edition", lang, edition=report.edition, as_of=report.as_of) + "\n")
        for heads, rows, right in (fund_lines(report, lang), stake_lines(report, lang)):
            sys.stdout.write(table(heads, rows, right) + "\n\n")
    return 0


def inbox(args: Args, settings: Settings, lang: Lang) -> int:
    """Which reports are due, have come, were sent back or are missing."""
    from fundtrack.reports.inbox import inbox as look  # noqa: PLC0415
    from fundtrack.reports.inbox import usual_day  # noqa: PLC0415
    from fundtrack.reports.reminders import inbox_lines, reminders, summary  # noqa: PLC0415
    from fundtrack.reports.sheets import write  # noqa: PLC0415
    from fundtrack.store.editions import Store  # noqa: PLC0415
    from fundtrack.store.returned import returned_files  # noqa: PLC0415

    store = Store(settings.data)
    ledger = store.ledger(args.known_at)
    day = args.as_of or usual_day(ledger)
    if day is None:
        raise InputError("inbox_empty")
    returned = returned_files(store.folders) if ledger.edition == store.newest() else []
    found = look(ledger, day, args.period, returned)
    if args.reminders:
        write(args.reminders, reminders(found, lang))
    if args.json:
        print_json(found.as_json())
    else:
        heads, rows, right = inbox_lines(found, lang)
        words = summary(found, lang) if found.period else say("inbox.none", lang)
        sys.stdout.write(words + "\n" + (table(heads, rows, right) + "\n" if rows else ""))
    return 0


def _inbox_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--period", type=a_period, metavar="P",
                        help="as 2017Q3, 2017H1 or 2017 (default: the newest of which a report has come)")  # fmt: skip
    parser.add_argument("--reminders", type=Path, metavar="OUT.xlsx",
                        help="write the list of whom to remind (.xlsx or .csv)")  # fmt: skip


COMMANDS: Final = (
    Command(progress, dated=True),
    Command(funds, dated=True),
    Command(inbox, _inbox_options, dated=True),
)

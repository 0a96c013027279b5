"""Commands that compare editions: changes."""

import argparse
import sys
from typing import Final

from fundtrack.arguments import Args, a_day, a_knowledge
from fundtrack.commands.command import Command, print_json, standing
from fundtrack.settings import Settings
from fundtrack.terminal import table
from fundtrack.text.say import Lang


def changes(args: Args, settings: Settings, lang: Lang) -> int:
    """What changed between two editions, and through which batch."""
    from fundtrack.reports.changes import changes_report  # noqa: PLC0415
    from fundtrack.reports.changes_lines import change_lines, figure_lines, summary  # noqa: PLC0415

    store = standing(settings)
    with store.ledger(args.first).held() as earlier, store.ledger(args.second).held() as later:
        report = changes_report(earlier, later, args.as_of)
    if args.json:
        print_json(report.as_json())
        return 0
    sys.stdout.write(summary(report, lang) + "\n")
    for heads, rows, right in (figure_lines(report, lang), change_lines(report, lang)):
        if rows:
            sys.stdout.write(table(heads, rows, right) + "\n\n")
    return 0


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "first",
        type=a_knowledge,
        metavar="FROM",
        help="the earlier edition, or a day by whose end it was known",
    )
    parser.add_argument("second", type=a_knowledge, metavar="TO", help="the later edition, or a day")
    parser.add_argument(
        "--as-of",
        type=a_day,
        help="the day both are looked at (default: the newest 截至日期 of the later one)",
    )


COMMANDS: Final = (Command(changes, _options),)

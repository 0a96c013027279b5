"""Commands that follow figures: trace."""

import argparse
import sys
from typing import Final

from fundtrack.arguments import Args
from fundtrack.commands.command import Command, print_json, standing
from fundtrack.settings import Settings
from fundtrack.terminal import table
from fundtrack.text.say import Lang, say


def trace(args: Args, settings: Settings, lang: Lang) -> int:
    """A figure down to the cells it is made of."""
    from fundtrack.load.origin import raw_values  # noqa: PLC0415
    from fundtrack.reports.trace import trace_report  # noqa: PLC0415
    from fundtrack.reports.trace_lines import summary, trace_lines  # noqa: PLC0415

    store = standing(settings)
    with store.ledger(args.known_at).held() as ledger:
        report = trace_report(
            ledger, args.figure, args.of, args.as_of, args.currency,
            lambda places: raw_values(store.folders, places), store,
        )  # fmt: skip
    if args.json:
        print_json(report.as_json())
    else:
        heads, rows, right = trace_lines(report, lang)
        sys.stdout.write(say("cli.known_edition", lang, edition=report.edition, as_of=report.as_of) + "\n")
        sys.stdout.write(summary(report, lang) + "\n" + table(heads, rows, right) + "\n")
    return 0


def _trace_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("figure", help="a target code, a metric, a finding id, or table.key.field")
    parser.add_argument(
        "--of",
        metavar="ENTITY",
        help="participation, partner fund, guidance fund, target or vintage (default: all)",
    )
    parser.add_argument(
        "--currency", metavar="CNY", help="of which, where the entity has several (default: CNY if it has)"
    )


COMMANDS: Final = (Command(trace, _trace_options, dated=True),)

"""Commands that look ahead: forecast, plan."""

import argparse
import sys
from typing import Final

from fundtrack.arguments import Args
from fundtrack.commands.command import Command, print_json, standing
from fundtrack.settings import Settings
from fundtrack.terminal import table
from fundtrack.text.say import Lang, say


def forecast(args: Args, settings: Settings, lang: Lang) -> int:
    """Where each target ends, with a range."""
    from fundtrack.reports import backtest as tested  # noqa: PLC0415 - keeps start-up short
    from fundtrack.reports import forecast as told  # noqa: PLC0415

    store = standing(settings)
    with store.ledger(args.known_at).held() as ledger:
        report = told.forecast_report(ledger, args.as_of)
        before = tested.backtest_report(ledger, args.as_of, store) if args.backtest else None
    if args.json:
        print_json(report.as_json() | ({"backtest": before.as_json()} if before else {}))
        return 0
    out = [
        say("forecast.told", lang, as_of=report.as_of, edition=report.edition),
        table(*told.forecast_lines(report, lang)),
    ]
    for found in report.targets:
        if not told.refused(found, lang):
            out += [f"{told.method(found, lang)}{'' if lang == 'zh' else ' '}{told.resting_on(found, lang)}"]
    if before is not None:
        out += [say("forecast.backtest_told", lang), table(*tested.backtest_lines(before, lang))]
        out += tested.leading_on(before, lang)
    sys.stdout.write("\n".join(out) + "\n")
    return 0


def _forecast_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--backtest", action="store_true",
                        help="make it again at every past quarter end and compare with what came true")  # fmt: skip


def plan(args: Args, settings: Settings, lang: Lang) -> int:
    """What closes the gap, the budget it takes, and when money runs short."""
    from fundtrack.reports.plan import plan_lines, plan_report  # noqa: PLC0415

    with standing(settings).ledger(args.known_at).held() as ledger:
        report = plan_report(ledger, args.as_of)
    if args.json:
        print_json(report.as_json())
        return 0
    head = say("forecast.told", lang, as_of=report.as_of, edition=report.edition)
    sys.stdout.write("\n".join([head, *plan_lines(report, lang)]) + "\n")
    return 0


COMMANDS: Final = (Command(forecast, _forecast_options, dated=True), Command(plan, dated=True))

"""Commands that follow the money and what stands in its way: trail, coordination, indicators, published."""

import sys
from typing import Any, Final

from fundtrack.arguments import Args
from fundtrack.commands.command import Command, print_json, standing
from fundtrack.settings import Settings
from fundtrack.terminal import table
from fundtrack.text.say import Lang, say


def tell_report(args: Args, report: Any, lang: Lang, lines: Any, *, unit: bool = False) -> int:
    """Print a report as JSON, or the edition, a table and the unit of its amounts."""
    if args.json:
        print_json(report.as_json())
        return 0
    sys.stdout.write(say("cli.known_edition", lang, edition=report.edition, as_of=report.as_of) + "\n")
    sys.stdout.write(table(*lines(report, lang)) + "\n" + (f"{say('ui.unit_line', lang)}\n" if unit else ""))
    return 0


def trail(args: Args, settings: Settings, lang: Lang) -> int:
    """Where the guidance funds' money went: budget, treasury, partner funds, companies, back, remitted."""
    from fundtrack.reports.follow_lines import trail_lines  # noqa: PLC0415 - keeps start-up short
    from fundtrack.reports.money_trail import trail_report  # noqa: PLC0415

    with standing(settings).ledger(args.known_at).held() as ledger:
        report = trail_report(ledger, args.as_of)
    return tell_report(args, report, lang, trail_lines, unit=True)


def coordination(args: Args, settings: Settings, lang: Lang) -> int:
    """Which approved funds wait to be established: stage, obstacle, owner, date."""
    from fundtrack.reports.coordination import coordination_report  # noqa: PLC0415
    from fundtrack.reports.follow_lines import coordination_lines  # noqa: PLC0415

    with standing(settings).ledger(args.known_at).held() as ledger:
        report = coordination_report(ledger, args.as_of)
    return tell_report(args, report, lang, coordination_lines)


def indicators(args: Args, settings: Settings, lang: Lang) -> int:
    """The guidance funds' own indicators, and with --json what the city reports."""
    from fundtrack.reports.follow_lines import indicator_lines  # noqa: PLC0415
    from fundtrack.reports.indicators import indicator_report  # noqa: PLC0415

    with standing(settings).ledger(args.known_at).held() as ledger:
        report = indicator_report(ledger, args.as_of)
    return tell_report(args, report, lang, indicator_lines)


def published(args: Args, settings: Settings, lang: Lang) -> int:
    """Published figures beside ours, with their sources."""
    from fundtrack.reports.follow_lines import published_lines  # noqa: PLC0415
    from fundtrack.reports.published import published_report  # noqa: PLC0415

    with standing(settings).ledger(args.known_at).held() as ledger:
        rows = published_report(ledger, args.as_of)
    if args.json:
        print_json({"published": [row.as_json() for row in rows]})
    else:
        sys.stdout.write(table(*published_lines(rows, lang)) + "\n")
    return 0


COMMANDS: Final = tuple(Command(run, dated=True) for run in (trail, coordination, indicators, published))

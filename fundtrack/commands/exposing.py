"""Commands that report what came of the money: returns, companies."""

from typing import Final

from fundtrack.arguments import Args
from fundtrack.commands.command import Command, standing
from fundtrack.commands.following import tell_report
from fundtrack.settings import Settings
from fundtrack.text.say import Lang


def returns(args: Args, settings: Settings, lang: Lang) -> int:
    """Returns of the guidance funds: pooled, over time, by vintage, step by step, gross, in two currencies."""
    from fundtrack.reports.return_lines import return_lines  # noqa: PLC0415 - keeps start-up short
    from fundtrack.reports.returns import returns_report  # noqa: PLC0415

    with standing(settings).ledger(args.known_at).held() as ledger:
        report = returns_report(ledger, args.as_of)
    return tell_report(args, report, lang, return_lines, unit=True)


def companies(args: Args, settings: Settings, lang: Lang) -> int:
    """Look-through to the companies: totals, groups, the largest, the shared, the realised, coverage of the NAV."""
    from fundtrack.reports.companies import companies_report  # noqa: PLC0415
    from fundtrack.reports.return_lines import company_lines  # noqa: PLC0415

    with standing(settings).ledger(args.known_at).held() as ledger:
        report = companies_report(ledger, args.as_of)
    return tell_report(args, report, lang, company_lines, unit=True)


COMMANDS: Final = tuple(Command(run, dated=True) for run in (returns, companies))

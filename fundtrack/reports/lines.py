"""Reports as lines of a terminal: heads, rows, and which columns end flush right."""

from typing import TYPE_CHECKING, Any, Final

from fundtrack.reports.words import amount
from fundtrack.text.numbers import day, percent, plain, wan
from fundtrack.text.say import Lang, say

if TYPE_CHECKING:  # the reports are made elsewhere: what one of them needs is not loaded for another
    from fundtrack.reports.funds import FundsReport
    from fundtrack.reports.progress import ProgressReport

Lines = tuple[list[str], list[list[str]], list[int]]
_PROGRESS: Final = ("target", "actual", "goal", "completion", "year_completion", "elapsed", "status")
_FUNDS: Final = ("fund", "stage", "established", "currency", "committed", "paid_in", "guidance", "counted")
_STAKES: Final = (
    "participation",
    "fund",
    "currency",
    "commitment",
    "paid_in",
    "distributed",
    "nav",
    "nav_on",
    "dpi",
    "tvpi",
    "irr",
)


def _heads(names: tuple[str, ...], lang: Lang) -> list[str]:
    return [say(f"lines.{name}", lang) for name in names]


def progress_lines(report: "ProgressReport", lang: Lang) -> Lines:
    """The targets, one line each."""
    rows = [
        [
            card.title, amount(row["actual"], row, lang), card.goal, percent(row["completion"], lang), percent(row["year_completion"], lang),
            percent(row["elapsed"], lang), f"{card.mark} {card.status}",
        ]
        for row, card in zip(report.targets.iter_rows(named=True), report.cards(lang), strict=True)
    ]  # fmt: skip
    return _heads(_PROGRESS, lang), rows, [1, 2, 3, 4, 5]


def fund_lines(report: "FundsReport", lang: Lang) -> Lines:
    """The partner funds, one line each; amounts in 万 of their currency."""
    rows = [
        [
            row["name"] or "", say(f"stage.{row['status']}", lang) if row["status"] else "", day(row["established_on"], lang), row["currency"],
            wan(row["committed_size"], lang), wan(row["paid_in"], lang), wan(row["guidance_committed"], lang),
            say("lines.yes" if row["counted"] else "lines.no", lang),
        ]
        for row in report.funds.iter_rows(named=True)
    ]  # fmt: skip
    return _heads(_FUNDS, lang), rows, [4, 5, 6]


def stake_lines(report: "FundsReport", lang: Lang) -> Lines:
    """The participations, one line each; amounts in 万 of their currency."""
    names = dict(report.funds.select("partner_fund_id", "name").iter_rows())
    rows = [
        [
            row["participation_id"], names.get(row["partner_fund_id"]) or row["partner_fund_id"], row["currency"],
            *(wan(row[name], lang) for name in ("commitment", "paid_in", "distributed", "nav")), day(row["nav_on"], lang),
            *(plain(row[name], lang, 2, fixed=True) for name in ("dpi", "tvpi")), _return(row, lang),
        ]
        for row in report.participations.iter_rows(named=True)
    ]  # fmt: skip
    return _heads(_STAKES, lang), rows, [3, 4, 5, 6, 8, 9, 10]


def _return(row: dict[str, Any], lang: Lang) -> str:
    """The annual rate; under a year the period's return, marked as such (GIPS)."""
    if row["irr_status"] == "not_annualised":
        return say("lines.period", lang, value=percent(row["period_return"], lang))
    return percent(row["irr"], lang)

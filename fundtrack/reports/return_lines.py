"""Returns and look-through as lines of a terminal: a line a currency, then a line a guidance fund or company."""

from collections.abc import Mapping
from typing import Any, Final

from fundtrack.metrics.catalog import metric
from fundtrack.reports.companies import CompaniesReport
from fundtrack.reports.lines import Lines
from fundtrack.reports.returns import ReturnsReport
from fundtrack.text.numbers import percent, plain, unknown, wan
from fundtrack.text.say import Lang, say

_SUMS: Final = ("paid_in", "distributed", "nav")
_TIMES: Final = ("dpi", "rvpi", "tvpi")
_MONEY: Final = ("fund_cost", "fund_value", "guidance_cost", "guidance_value")


def return_lines(report: ReturnsReport, lang: Lang) -> Lines:
    """Sums, multiples and IRR of each currency, then of each guidance fund."""
    names = [metric(name).name(lang) for name in (*_SUMS, *_TIMES, "irr")]
    heads = [say("returns.guidance_fund", lang), say("lines.currency", lang), *names]
    rows = [
        [say("returns.total_of_currency", lang) if row["group"] == "all" else row["name"] or row["group"], row["currency"],
         *(wan(row[name], lang) for name in _SUMS), *(plain(row[name], lang, 2, fixed=True) for name in _TIMES), irr_words(row, lang)]
        for row in [*report.pooled.to_dicts(), *report.guidance.to_dicts()]
    ]  # fmt: skip
    return heads, rows, list(range(2, len(heads)))


def irr_words(row: Mapping[str, Any], lang: Lang, name: str = "irr") -> str:
    """An IRR as its verdict allows: under one year the return of the period, with several roots a warning."""
    status = row["irr_status"]
    if status is None:
        return unknown(lang)
    if status == "ok":
        return percent(row[name], lang)
    value = row["period_return"] if status == "not_annualised" else row[name]
    words = say(f"returns.verdict_{status}", lang)
    return words if value is None else f"{percent(value, lang)} · {words}"


def company_lines(report: CompaniesReport, lang: Lang) -> Lines:
    """Money in companies of each currency, then of the companies with most guidance cost left."""
    titles = [say(f"companies.{name}", lang) for name in _MONEY]
    heads = [say("companies.by_company", lang), say("lines.currency", lang), *titles]
    total = say("returns.total_of_currency", lang)
    rows = [
        [row.get("company_name") or total, row["currency"], *(wan(row[name], lang) for name in _MONEY)]
        for row in [*report.totals.to_dicts(), *report.top.to_dicts()]
    ]
    return heads, rows, list(range(2, len(heads)))

"""The sheets of the money: partner funds, participations, returns, the J-curve, companies."""

from typing import Any, Final

import polars as pl

from fundtrack.model.rows import COLUMNS
from fundtrack.reports.book.table import Chart, Table, cols, period
from fundtrack.reports.companies import CompaniesReport
from fundtrack.reports.funds import FundsReport
from fundtrack.reports.returns import ReturnsReport
from fundtrack.text.say import Lang, say

HOME: Final = "CNY"
TOP: Final = 15
"""So many bars a chart shows."""
_SHOWN_BY: Final = ("district", "city", "industry_section", "stage", "year")


def funds_sheet(report: FundsReport, lang: Lang) -> Table:
    """The partner funds."""
    rows = [
        row | {"status": say(f"stage.{row['status']}", lang) if row["status"] else None, "counted": say("ui.yes" if row["counted"] else "ui.no", lang)}
        for row in report.funds.to_dicts()
    ]  # fmt: skip
    columns = cols(
        lang, ("book.id", "text", "partner_fund_id"), ("funds.name", "text", "name"), ("funds.manager", "text", "manager"),
        ("funds.status", "text", "status"), ("funds.counted", "text", "counted"), ("funds.established_on", "day", "established_on"),
        ("book.counted_from", "day", "counted_from"), ("funds.currency", "text", "currency"), ("funds.target_size", "wan", "target_size"),
        ("funds.committed_size", "wan", "committed_size"), ("funds.paid_in", "wan", "paid_in"), ("funds.paid_in_rate", "share", "paid_in_rate"),
        ("funds.guidance_committed", "wan", "guidance_committed"), ("funds.guidance_paid_in", "wan", "guidance_paid_in"),
        ("funds.guidance_share", "share", "guidance_share"),
    )  # fmt: skip
    return Table(say("book.funds", lang), say("book.funds_title", lang, count=len(rows)), columns, rows, (say("ui.unit_line", lang),))  # fmt: skip


def irr_word(row: dict[str, Any], lang: Lang) -> str | None:
    """Why there is no annual rate, or that it is the period's return."""
    verdict = row["irr_status"]
    if verdict in {None, "ok"}:
        return None
    return say("book.not_annualised" if verdict == "not_annualised" else f"funds.irr_{verdict}", lang)


def _rated(row: dict[str, Any], lang: Lang) -> dict[str, Any]:
    """A row with the return that is shown, and what it is where it is no annual rate."""
    under_a_year = row["irr_status"] == "not_annualised"
    return row | {
        "irr": row["period_return"] if under_a_year else row["irr"],
        "irr_word": irr_word(row, lang),
    }


def stakes_sheet(report: FundsReport, lang: Lang) -> Table:
    """The participations with their returns."""
    names = dict(report.funds.select("partner_fund_id", "name").iter_rows())
    rows = [_rated(row, lang) | {"fund": names.get(row["partner_fund_id"])} for row in report.participations.to_dicts()]  # fmt: skip
    columns = cols(
        lang, ("book.id", "text", "participation_id"), ("funds.name", "text", "fund"), ("funds.guidance", "text", "guidance_fund_id"),
        ("funds.currency", "text", "currency"), ("funds.stake_commitment", "wan", "commitment"), ("funds.stake_paid_in", "wan", "paid_in"),
        ("funds.stake_distributed", "wan", "distributed"), ("funds.stake_nav", "wan", "nav"), ("funds.stake_nav_on", "day", "nav_on"),
        ("funds.stake_unfunded", "wan", "unfunded"), ("definition.dpi.name", "times", "dpi"), ("definition.rvpi.name", "times", "rvpi"),
        ("definition.tvpi.name", "times", "tvpi"), ("funds.stake_irr", "share", "irr"), ("book.irr_word", "text", "irr_word"),
    )  # fmt: skip
    return Table(
        say("book.stakes", lang),
        say("book.stakes_title", lang, count=len(rows)),
        columns,
        rows,
        (say("funds.stakes_help", lang), say("ui.unit_line", lang)),
    )


def returns_sheet(report: ReturnsReport, lang: Lang) -> Table:
    """Pooled returns: all, each guidance fund, each vintage."""
    rows = []
    for by, frame in (
        ("pooled", report.pooled),
        ("guidance", report.guidance),
        ("vintages", report.vintages),
    ):
        for row in frame.to_dicts():
            name = say("book.all", lang) if by == "pooled" else row.get("name") or row["group"]
            rows.append(_rated(row, lang) | {"by": say(f"book.by_{by}", lang), "name": name})
    columns = cols(
        lang, ("book.by", "text", "by"), ("book.group", "text", "name"), ("funds.currency", "text", "currency"),
        ("book.participations", "count", "participations"), ("funds.stake_commitment", "wan", "commitment"),
        ("funds.stake_paid_in", "wan", "paid_in"), ("funds.stake_distributed", "wan", "distributed"), ("funds.stake_nav", "wan", "nav"),
        ("book.oldest_nav_on", "day", "oldest_nav_on"), ("book.nav_unknown", "count", "nav_unknown"),
        ("definition.dpi.name", "times", "dpi"), ("definition.rvpi.name", "times", "rvpi"), ("definition.tvpi.name", "times", "tvpi"),
        ("funds.stake_irr", "share", "irr"), ("book.irr_word", "text", "irr_word"),
    )  # fmt: skip
    return Table(
        say("page.returns", lang),
        say("book.returns_title", lang),
        columns,
        rows,
        (say("funds.stakes_help", lang), say("ui.unit_line", lang)),
    )


def history_sheet(report: ReturnsReport, lang: Lang) -> Table:
    """The J-curve: each quarter's net cash, NAV and their sum."""
    rows = [
        row | {"quarter": period(row["day"])} for row in report.history.sort("currency", "day").to_dicts()
    ]
    own = [at for at, row in enumerate(rows) if row["currency"] == HOME]
    columns = cols(
        lang, ("book.quarter", "text", "quarter"), ("book.day", "day", "day"), ("funds.currency", "text", "currency"),
        ("funds.stake_paid_in", "wan", "paid_in"), ("funds.stake_distributed", "wan", "distributed"), ("funds.stake_nav", "wan", "nav"),
        ("book.nav_unknown", "count", "nav_unknown"), ("book.net_cash", "wan", "net_cash"), ("book.net_value", "wan", "net_value"),
        ("definition.dpi.name", "times", "dpi"), ("definition.tvpi.name", "times", "tvpi"),
    )  # fmt: skip
    charts = (
        (Chart("line", say("book.chart_history", lang), "quarter", ("net_cash", "nav", "net_value"), say("book.unit_wan_cny", lang), len(own), own[0]),)
        if own else ()
    )  # fmt: skip
    return Table(
        say("book.history", lang),
        say("returns.history", lang),
        columns,
        rows,
        (say("book.history_help", lang), say("ui.unit_line", lang)),
        charts,
    )


def companies_sheet(report: CompaniesReport, lang: Lang) -> Table:
    """Where the money went, by district, city, industry, stage and year."""
    frame = report.groups.filter(pl.col("by").is_in(_SHOWN_BY))
    rows: list[dict[str, Any]] = []
    for by in _SHOWN_BY:
        for row in frame.filter(pl.col("by") == by).to_dicts():
            name = _stage(row["name"], lang) if by == "stage" else row["name"]
            rows.append(row | {"by": say(f"companies.by_{by}", lang), "name": name or say("companies.not_told", lang)})  # fmt: skip
    first = say("companies.by_district", lang)
    bars = [at for at, row in enumerate(rows) if row["by"] == first and row["currency"] == HOME][:TOP]
    columns = cols(
        lang, ("companies.by", "text", "by"), ("book.group", "text", "name"), ("funds.currency", "text", "currency"),
        ("companies.companies", "count", "companies"), ("companies.investments", "count", "investments"),
        ("companies.fund_invested", "wan", "fund_invested"), ("companies.fund_share", "share", "fund_share"),
        ("companies.fund_cost", "wan", "fund_cost"), ("companies.fund_value", "wan", "fund_value"),
        ("companies.guidance_invested", "wan", "guidance_invested"), ("companies.share", "share", "share"),
        ("companies.unvalued", "count", "unvalued"), ("companies.share_unknown", "count", "share_unknown"),
    )  # fmt: skip
    charts = (
        (Chart("bar", say("book.chart_companies", lang), "name", ("fund_invested",), say("book.unit_wan_cny", lang), len(bars), bars[0]),)
        if bars else ()
    )  # fmt: skip
    return Table(
        say("page.companies", lang),
        say("book.companies_title", lang),
        columns,
        rows,
        (say("companies.groups_help", lang), say("ui.unit_line", lang)),
        charts,
    )


def _stage(code: str | None, lang: Lang) -> str | None:
    """A stage of investment in words."""
    choices = next(column.choices for column in COLUMNS["investment"] if column.name == "stage")
    return next((str(getattr(one, lang)) for one in choices if one.value == code), code)

"""A partner fund's page in the full report: sizes, terms, participations, flows by year, the curve, findings."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import polars as pl

from fundtrack.metrics.exact import added
from fundtrack.metrics.money_back import BACK
from fundtrack.model.frames import find_column
from fundtrack.reports.finding_words import status_word
from fundtrack.reports.findings import FindingsReport
from fundtrack.reports.paper.sheet import tidy
from fundtrack.text.numbers import percent, plain, unknown, wan
from fundtrack.text.problems import field_title
from fundtrack.text.say import Lang, say

Row = Mapping[str, Any]
_LONG: Final = 60
FACTS: Final = (
    "gp_name", "legal_form", "district", "custodian", "uscc", "amac_code", "established_on", "filed_on", "investment_end", "term_end",
    "fee_rate", "fee_base",
)  # fmt: skip
TERMS: Final = (
    "approved_on", "approval_no", "signed_on", "expected_on", "cap_ratio", "reinvest_kind", "reinvest_required", "reinvest_base",
    "reinvest_due", "early_min", "early_base", "concession_kind", "concession_years", "remit_days", "dropped_on", "dropped_why",
)  # fmt: skip
_SIZES: Final = ("target_size", "committed_size", "paid_in", "guidance_committed", "guidance_paid_in")
_SHARES: Final = ("paid_in_rate", "guidance_share")
_STAKE: Final = ("commitment", "paid_in", "distributed", "nav", "nav_on", "unfunded", "dpi", "rvpi", "tvpi", "irr")  # fmt: skip
FINDINGS: Final = 7
"""So many findings a page lists; the others are counted."""
YEARS: Final = 12
"""So many years of flows a page lists, the newest ones; the earlier ones are added up."""


def value_words(table: str, name: str, row: Row, lang: Lang) -> str:
    """A field of a row in words: money in 万, shares in per cent, choices by their name; unknown is empty."""
    value, column = row.get(name), find_column(table, name)
    if value is None:
        return ""
    if column.kind == "money":
        return wan(value, lang)
    if column.kind == "share":
        return percent(value, lang)
    if column.kind == "choice":
        return next((str(getattr(one, lang)) for one in column.choices if one.value == value), str(value))
    if column.kind in {"number", "rate", "whole"}:
        return plain(value, lang, 4)
    return value.isoformat() if isinstance(value, date) else tidy(value, _LONG)


def known(table: str, names: tuple[str, ...], row: Row, lang: Lang, places: Mapping[str, str] | None = None) -> list[list[str]]:  # fmt: skip
    """Title and words of the fields that are known."""
    out = []
    for name in names:
        if words := value_words(table, name, row, lang):
            if name == "district" and places:
                words = tidy(places.get(words, words), _LONG)
            out.append([field_title(table, name, lang), words])
    return out


def return_words(row: Row, lang: Lang) -> str:
    """The annual rate, or the period's return, or why there is none."""
    verdict = row["irr_status"]
    if verdict == "ok":
        return percent(row["irr"], lang)
    if verdict == "not_annualised":
        return say("funds.irr_not_annualised", lang, rate=percent(row["period_return"], lang))
    return say(f"funds.irr_{verdict}", lang) if verdict else unknown(lang)


def stake_lines(stakes: list[dict[str, Any]], guidance: Mapping[str, str], lang: Lang) -> dict[str, Any]:
    """Participations as a table: heads and rows."""
    heads = [say("funds.guidance", lang), say("funds.currency", lang)]
    heads += [name.upper() if name in {"dpi", "rvpi", "tvpi"} else say(f"funds.stake_{name}", lang) for name in _STAKE]  # fmt: skip
    rows = []
    for row in stakes:
        cells = [tidy(guidance.get(row["guidance_fund_id"], row["guidance_fund_id"]), 24), row["currency"]]
        for name in _STAKE:
            if name == "irr":
                cells.append(return_words(row, lang))
            elif name == "nav_on":
                cells.append(row[name].isoformat() if row[name] else "—")
            elif name in {"dpi", "rvpi", "tvpi"}:
                cells.append(plain(row[name], lang, 2, fixed=True) if row[name] is not None else "—")
            else:
                cells.append(wan(row[name], lang) if row[name] is not None else "—")
        rows.append(cells)
    return {"heads": heads, "rows": rows}


def flow_lines(flows: pl.DataFrame, as_of: date, lang: Lang) -> dict[str, Any]:
    """Flows of guidance money by year and currency: called, back, of it principal and income, and net since the start."""
    dated = flows.filter((pl.col("occurred_on") <= as_of) & pl.col("amount").is_not_null())
    if dated.is_empty():
        return {}
    back = pl.col("kind").is_in(BACK)
    amount = pl.col("amount")
    sums = (
        dated.group_by(year=pl.col("occurred_on").dt.year(), currency=pl.col("currency"))
        .agg(
            called=added(amount.filter(~back)), back=added(amount.filter(back)),
            principal=added(pl.col("principal").filter(back)), income=added(pl.col("income").filter(back)),
        )
        .sort("currency", "year")
    )  # fmt: skip
    heads = [say(f"report.flow_{name}", lang) for name in ("year", "currency", "called", "back", "principal", "income")]  # fmt: skip
    rows = []
    for (currency,), own in sums.group_by("currency", maintain_order=True):
        older, newest = own.head(max(own.height - YEARS, 0)), own.tail(YEARS)
        if older.height:
            rows.append(
                [say("report.flow_before", lang, year=newest["year"][0]), currency, *_sums(older, lang)]
            )
        rows += [
            [str(row["year"]), currency, *(wan(row[name], lang) if row[name] is not None else "—" for name in _FLOWS)]
            for row in newest.iter_rows(named=True)
        ]  # fmt: skip
        rows.append([say("report.flow_total", lang), currency, *_sums(own, lang)])
    return {"heads": heads, "rows": rows}


_FLOWS: Final = ("called", "back", "principal", "income")


def _sums(rows: pl.DataFrame, lang: Lang) -> list[str]:
    totals = rows.select(added(pl.col(name)).alias(name) for name in _FLOWS).row(0, named=True)
    return [wan(totals[name], lang) if totals[name] is not None else "—" for name in _FLOWS]


def curve(points: pl.DataFrame, lang: Lang) -> dict[str, Any]:
    """Cumulative net cash and, with the NAV, value of the participations, as points within a box of one by one.

    Args:
        points: rows of `metrics.history.history` of one fund and one currency.
        lang: the language.
    """
    sums = points.group_by("day").agg(
        net=added(pl.col("net_cash")), value=pl.when(pl.col("net_value").is_not_null().all()).then(added(pl.col("net_value")))
    ).sort("day")  # fmt: skip
    if sums.height < 2:
        return {}
    days = [day.toordinal() for day in sums["day"]]
    series = [[None if one is None else float(one) for one in sums[name]] for name in ("net", "value")]
    heights = [0.0, *(one for line in series for one in line if one is not None)]
    low, high = min(heights), max(heights)
    wide, tall = days[-1] - days[0], (high - low) or 1.0
    lines = [
        [[(day - days[0]) / wide, (high - one) / tall] for day, one in zip(days, line, strict=True) if one is not None]
        for line in series
    ]  # fmt: skip
    last = [next((one for one in reversed(sums[name].to_list()) if one is not None), None) for name in ("net", "value")]  # fmt: skip
    return {
        "lines": lines, "zero": high / tall, "from": sums["day"][0].isoformat(), "until": sums["day"][-1].isoformat(),
        "labels": [say(f"report.curve_{name}", lang, value=wan(one, lang)) for name, one in zip(("net", "value"), last, strict=True)],
        "title": say("report.curve", lang, currency=points["currency"][0]),
    }  # fmt: skip


def finding_lines(report: FindingsReport, fund_id: str, lang: Lang) -> dict[str, Any]:
    """What the rules say of the fund, suspected first, and how many more there are."""
    own = report.rows.filter((pl.col("partner_fund_id") == fund_id) & (pl.col("status") != "clear"))
    order = {"suspected": 0, "hint": 1, "incomplete": 2}
    rows = sorted(own.to_dicts(), key=lambda row: (order[row["status"]], row["rule_id"], row["finding_id"]))
    shown = [
        [status_word(row["status"], lang), tidy(report.name(row["rule_id"], lang), 40), tidy(report.says(row, lang), 110)]
        for row in rows[:FINDINGS]
    ]  # fmt: skip
    more = len(rows) - len(shown)
    return {"rows": shown, "more": say("report.more", lang, count=more) if more else "", "none": say("report.no_findings", lang)}  # fmt: skip


def sizes(summary: Row, lang: Lang) -> list[list[str]]:
    """The fund's sizes on the day."""
    pairs = [[say(f"funds.{name}", lang), wan(summary[name], lang) if summary[name] is not None else "—"] for name in _SIZES]  # fmt: skip
    return pairs + [
        [say(f"funds.{name}", lang), percent(summary[name], lang) if summary[name] is not None else "—"]
        for name in _SHARES
    ]

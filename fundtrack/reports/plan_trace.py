"""Figures of the plan and of money to come taken apart: what was chosen from, what a projection starts with, the cash of a day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.errors import InputError
from fundtrack.metrics.lineage.figure import Figure, Part, Value, money
from fundtrack.metrics.lineage.find import trace
from fundtrack.metrics.liquidity import SPENT, moved
from fundtrack.metrics.progress import plans
from fundtrack.metrics.projection import yearly
from fundtrack.reports.plan import PlanReport, plan_report
from fundtrack.text.say import LANGS, Lang, say

PREFIX: Final = "plan:"
"""Stands before a figure of the plan: `choice`, `calls:YEAR:WHAT`, `request:YEAR:WHAT`, `cash:DAY`, `cash:DAY:WHAT`, `pacing:YEAR:WHAT`."""
_PLANNED: Final = {"chosen": "chosen", "further": "further", "further_capped": "further_capped"}
_MARKS: Final = ("low", "expected", "high")
_INPUTS: Final = ("approved_amount", "commitment", "expected_on")
_GAPS: Final = ("partner_funds", "fund_scale", "new_managers")
Told = tuple[Figure, Mapping[Lang, str]]


def plan_figure(ledger: Any, asked: str, of: str | None, currency: str | None, as_of: date) -> Told:
    """Take a figure of the plan apart.

    Args:
        ledger: as known at an edition.
        asked: the figure without its prefix.
        of: the guidance fund of a request or of cash.
        currency: of a projection.
        as_of: the day on which the plan is made.

    Returns:
        The figure, and in words how it is made: past cash as the sum of its flows, everything else with what it was made from beside it.

    Raises:
        InputError: `figure_unknown`, where the plan of that day has no such figure.

    """
    what, *more = asked.split(":")
    made = plan_report(ledger, as_of)
    make = {"choice": _choice, "calls": _calls, "request": _request, "cash": _cash, "pacing": _pacing}.get(
        what
    )
    found = None
    if make is not None and made.plan is not None and made.liquidity is not None:
        found = make(ledger, made, as_of, more, of or currency or "")
    if found is None:
        raise InputError("figure_unknown", figure=f"{PREFIX}{asked}")
    if found.how == "sum":
        return found, {}
    words = {"when": more[0] if more else "", "which": "_".join(more[1:]) or "expected"}
    return found, {lang: say(f"trace.plan.{what}", lang, when=words["when"], which=say(f"trace.which.{words['which']}", lang))
                   for lang in LANGS}  # fmt: skip


def cash_on(ledger: Any, fund: str, currency: str, day: date) -> Figure:
    """The cash of a guidance fund on a day: every flow until then, in or out."""
    rows = moved(ledger, day).filter(guidance_fund_id=fund, currency=currency).sort("day", "table", "row_key")
    parts = tuple(
        Part(table, key, "amount", money(-amount if item in SPENT else amount), "cash_out" if item in SPENT else "cash_in", on)
        for table, key, item, amount, on in rows.select("table", "row_key", "item", "amount", "day").iter_rows()
    )  # fmt: skip
    value = sum((part.amount for part in parts), Decimal(0)).quantize(Decimal("0.01"))
    return Figure("plan_cash", "guidance_fund", fund, value, "sum", currency, parts)


def _choice(ledger: Any, made: PlanReport, as_of: date, more: list[str], of: str) -> Figure | None:
    """The guidance money of the choice: the pipeline as written, and what each target still lacks."""
    found = made.plan
    if found is None or more or of:
        return None
    rows = ledger["participation"].filter(
        pl.col("participation_id").is_in([each.name for each in found.options])
    )
    chosen = {each.name for each in found.choice.chosen} if found.choice else set()
    parts = [
        Part("participation", row["row_key"], name, role="chosen" if row["participation_id"] in chosen else "left_out")
        for row in rows.sort("row_key").iter_rows(named=True)
        for name in _INPUTS
        if row[name] is not None
    ]  # fmt: skip
    funds = ledger["partner_fund"].filter(
        pl.col("partner_fund_id").is_in([each.fund for each in found.options])
    )
    parts += [
        Part("partner_fund", key, "target_size", money(size), "planned")
        for key, size in funds.select("row_key", "target_size").drop_nulls().sort("row_key").iter_rows()
    ]
    planned = {each["code"] for each in plans(ledger["target"], as_of)}
    sides = [("remaining", trace(ledger, "remaining", code, as_of)) for code in _GAPS if code in planned]  # fmt: skip
    value = None if found.choice is None else money(found.choice.guidance)
    return Figure("plan_choice", "total", "all", value, "planned", "CNY", tuple(parts), tuple(sides))


def _calls(ledger: Any, made: PlanReport, as_of: date, more: list[str], of: str) -> Figure | None:
    row = next((each for each in made.requests if more[:1] == [str(each.year)]), None)
    choice = _choice(ledger, made, as_of, [], "")
    if row is None or choice is None or of or len(more) != 2 or more[1] not in _PLANNED:
        return None
    paid = trace(ledger, "paid_in", None, as_of, "CNY")
    sides = (("choice", choice), ("paid_in", paid))
    return Figure("plan_calls", "total", "all", getattr(row, more[1]), "projected", "CNY", sides=sides)


def _request(ledger: Any, made: PlanReport, as_of: date, more: list[str], of: str) -> Figure | None:
    if made.liquidity is None or len(more) != 2:
        return None
    rows = made.liquidity.requests.filter(
        pl.col("guidance_fund_id") == of, pl.col("year").cast(pl.String) == more[0]
    )
    if rows.is_empty() or more[1] not in rows.columns[3:]:
        return None
    currency = rows["currency"][0]
    return Figure("plan_request", "guidance_fund", of, rows[more[1]][0], "projected", currency,
                  sides=_starts(ledger, of, currency, as_of))  # fmt: skip


def _cash(ledger: Any, made: PlanReport, as_of: date, more: list[str], of: str) -> Figure | None:
    funds = ledger["guidance_fund"].filter(guidance_fund_id=of)
    if made.liquidity is None or funds.is_empty() or not more:
        return None
    try:
        day = date.fromisoformat(more[0])
    except ValueError:
        return None
    currency = funds["currency"][0]
    if day <= as_of:
        return cash_on(ledger, of, currency, day) if len(more) == 1 else None
    rows = made.liquidity.ahead.filter(guidance_fund_id=of, item="cash", quarter=day)
    name = more[1] if len(more) > 1 else "expected"
    if rows.is_empty() or name not in _MARKS:
        return None
    return Figure("plan_cash_ahead", "guidance_fund", of, rows[name][0], "projected", currency, sides=_starts(ledger, of, currency, as_of))  # fmt: skip


def _pacing(ledger: Any, made: PlanReport, as_of: date, more: list[str], of: str) -> Figure | None:
    projection = made.liquidity.projections.get(of) if made.liquidity else None
    if projection is None or len(more) != 2:
        return None
    marks = {str(year): items for year, items in yearly(projection).items()}.get(more[0], {}).get(more[1])
    if marks is None:
        return None
    value: Value = money(round(marks[1], 2))
    return Figure(
        "plan_pacing", "total", "all", value, "projected", of, sides=_starts(ledger, None, of, as_of)
    )


def _starts(ledger: Any, fund: str | None, currency: str, as_of: date) -> tuple[tuple[str, Figure], ...]:
    """What a projection starts with: what is still to be called, paid in, and its NAV; of one guidance fund its cash too."""
    sides = [
        (name, replace(trace(ledger, name, fund, as_of, currency))) for name in ("unfunded", "paid_in", "nav")
    ]
    return (*([("cash_now", cash_on(ledger, fund, currency, as_of))] if fund else []), *sides)

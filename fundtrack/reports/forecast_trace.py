"""A forecast taken apart: its range and chance, how it is made in words, and every row of the ledger that it read."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.errors import InputError
from fundtrack.metrics.forecast.targets import forecast
from fundtrack.metrics.lineage.figure import Figure, Part, Value
from fundtrack.metrics.lineage.find import trace
from fundtrack.reports.forecast import explained
from fundtrack.text.say import LANGS, Lang

PREFIX: Final = "forecast:"
"""Stands before the code of a target whose forecast is meant."""
_MILESTONES: Final = ("applied_on", "approved_on", "signed_on", "dropped_on")


def forecast_figure(ledger: Any, code: str, as_of: date) -> tuple[Figure, Mapping[Lang, str]]:
    """Take the forecast of a target apart.

    Args:
        ledger: as known at an edition.
        code: the target's.
        as_of: the day on which it is made.

    Returns:
        The median as a figure: low, high, chance, straight line and what is reached today beside it, the dates and
        amounts that it read as parts, by what became of each case; and method and inputs in words, or why nothing is forecast.

    Raises:
        InputError: `figure_unknown`, where the target is none that is forecast.

    """
    found = next((each for each in forecast(ledger, as_of) if each.code == code), None)
    if found is None:
        raise InputError("figure_unknown", figure=f"{PREFIX}{code}")
    told = {lang: explained(ledger, code, as_of, lang, found) for lang in LANGS}
    currency = found.plan["currency"]

    def side(metric: str, value: Value, *, money: bool = True) -> tuple[str, Figure]:
        return metric, Figure(metric, "target", code, value, "given", currency if money else None)

    sides = [("actual", replace(trace(ledger, code, None, as_of)))]
    if found.refusal is None:
        sides += [side("forecast_low", found.low), side("forecast_high", found.high), side("forecast_naive", found.naive),
                  side("forecast_chance", found.probability, money=False)]  # fmt: skip
    parts = parts_read(ledger, told["zh"]["rows"], as_of)
    figure = Figure(
        "forecast", "target", code, found.expected, "simulated", currency, tuple(parts), tuple(sides)
    )
    said = {
        lang: " ".join(filter(None, (each["method"], each["inputs"], each["refusal"])))
        for lang, each in told.items()
    }
    return figure, said


def parts_read(ledger: Any, rows: Iterable[Mapping[str, Any]], as_of: date) -> list[Part]:
    """What a forecast read, out of the rows that `explained` lists."""
    return [part for row in rows for part in _parts(ledger, row, as_of)]


def _parts(ledger: Any, row: Mapping[str, Any], as_of: date) -> list[Part]:
    """What a forecast read of a row: the milestones of a participation by the day, or a commitment's amount."""
    table, key, used_as = row["table"], row["key"], row["used_as"]
    if table == "guidance_flow":
        [flow] = ledger[table].filter(pl.col("row_key") == key).select("amount", "occurred_on").rows()
        return [Part(table, key, "amount", Decimal(flow[0]), used_as, flow[1])]
    held = ledger[table].filter(pl.col("participation_id") == key).row(0, named=True)
    funds = ledger["partner_fund"].filter(pl.col("partner_fund_id") == held["partner_fund_id"])
    dates = [(table, held["row_key"], name, held[name]) for name in _MILESTONES]
    dates += [
        ("partner_fund", fund, "established_on", on)
        for fund, on in funds.select("row_key", "established_on").rows()
    ]
    return [
        Part(of, name_of, field, role=used_as, day=on)
        for of, name_of, field, on in dates
        if on and on <= as_of
    ]

"""What if: the forecast, the projection and the cash of guidance funds under other assumptions, side by side."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import numpy as np
import polars as pl

from fundtrack.errors import InputError
from fundtrack.metrics.counting import total
from fundtrack.metrics.forecast.simulate import Assumed
from fundtrack.metrics.forecast.targets import forecast
from fundtrack.metrics.fx import fx_rates, rate_at
from fundtrack.metrics.liquidity import liquidity
from fundtrack.metrics.members import Tables
from fundtrack.metrics.projection import Projection, Stress
from fundtrack.money import MONEY, to_money

_LIMITS: Final = {
    "delay": (0.25, 4.0),
    "arrivals": (0.0, 4.0),
    "exits": (0.0, 4.0),
    "nav": (0.0, 4.0),
    "fx": (0.25, 4.0),
}
YEAR_AHEAD: Final = 4
"""Quarters of calls, returns and NAV that are compared."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Assumptions as factors of what the history says; 1 changes nothing.

    Attributes:
        name: what it is called; of the given ones, the key of its name.
        delay: how much longer approval, agreement and establishment take from now on.
        arrivals: how many new applications come.
        exits: how much of the value comes back each year.
        nav: what the NAVs of today are worth.
        fx: how many CNY a unit of a foreign currency costs.

    """

    name: str
    delay: float = 1.0
    arrivals: float = 1.0
    exits: float = 1.0
    nav: float = 1.0
    fx: float = 1.0

    def checked(self) -> "Scenario":
        """Give itself, where its factors can be computed with.

        Raises:
            InputError: `scenario_factor`, naming the factor and its limits; `scenario_name` without a name.

        """
        if not self.name.strip() or len(self.name) > 60:
            raise InputError("scenario_name")
        for name, (low, high) in _LIMITS.items():
            value = getattr(self, name)
            if not (isinstance(value, int | float) and low <= value <= high):
                raise InputError("scenario_factor", name=name, value=value, low=low, high=high)
        return self

    def factors(self) -> dict[str, float]:
        """List its factors by name."""
        return {name: value for name, value in asdict(self).items() if name != "name"}


PRESETS: Final = (
    Scenario("base"),
    Scenario("slow_exits", exits=0.5),
    Scenario("down_round", nav=0.7),
    Scenario("late_establishment", delay=1.5),
    Scenario("weaker_cny", fx=1.1),
)

COMPARED: Final[dict[str, pl.DataType]] = {
    "scenario": pl.String(), "item": pl.String(), "entity": pl.String(), "currency": pl.String(), "low": MONEY,
    "expected": MONEY, "high": MONEY, "probability": pl.Float64(), "day": pl.Date(), "day_low": pl.Date(), "day_high": pl.Date(),
}  # fmt: skip
"""Columns of a comparison. Items: `target` (entity its code), `calls`, `returns` and `nav` of the year ahead (entity empty),
`short` (entity a guidance fund: day it runs short in five of ten paths, day_low in one, day_high in nine, probability until the
end) and `fx_cost` (what is committed to a foreign-currency guidance fund and has not come, in CNY at the stored rate of `day`:
arithmetic, no range)."""


def compare(tables: Tables, as_of: date, scenarios: Iterable[Scenario], quarters: int = 12) -> pl.DataFrame:
    """Compute the measures of COMPARED for each scenario; what a scenario leaves alone is computed once."""
    rows: list[dict[str, Any]] = []
    targets: dict[tuple[float, float], list[dict[str, Any]]] = {}
    money: dict[tuple[float, float], list[dict[str, Any]]] = {}
    for each in scenarios:
        course, stress = (each.delay, each.arrivals), (each.exits, each.nav)
        if course not in targets:
            targets[course] = _targets(tables, as_of, Assumed(1 / each.delay, each.arrivals))
        if stress not in money:
            money[stress] = _money(tables, as_of, Stress(each.exits, each.nav), quarters)
        rows += [
            row | {"scenario": each.name}
            for row in targets[course] + money[stress] + _fx(tables, as_of, each.fx)
        ]
    return pl.DataFrame(rows, schema=COMPARED)


def _targets(tables: Tables, as_of: date, assumed: Assumed) -> list[dict[str, Any]]:
    return [
        {"item": "target", "entity": found.code, "currency": found.plan["currency"], "low": found.low, "expected": found.expected,
         "high": found.high, "probability": found.probability, "day": found.due_on}
        for found in forecast(tables, as_of, assumed=assumed) if found.refusal is None
    ]  # fmt: skip


def _money(tables: Tables, as_of: date, stress: Stress, quarters: int) -> list[dict[str, Any]]:
    found = liquidity(tables, as_of, quarters=quarters, stress=stress)
    rows = [row for currency, made in found.projections.items() for row in _year_ahead(made, currency)]
    return rows + [
        {"item": "short", "entity": row["guidance_fund_id"], "currency": row["currency"], "probability": row["chance"],
         "day": row["expected"], "day_low": row["earliest"], "day_high": row["latest"]}
        for row in found.short.iter_rows(named=True)
    ]  # fmt: skip


def _year_ahead(made: Projection, currency: str) -> list[dict[str, Any]]:
    sums = {
        "calls": made.calls.sum(axis=1)[:, :YEAR_AHEAD].sum(axis=1),
        "returns": made.returns.sum(axis=1)[:, :YEAR_AHEAD].sum(axis=1),
        "nav": made.nav.sum(axis=1)[:, YEAR_AHEAD - 1],
    }
    out = []
    for item, values in sums.items():
        low, middle, high = (
            to_money(Decimal(str(round(float(mark), 2)))) for mark in np.quantile(values, [0.1, 0.5, 0.9])
        )
        day = made.quarters[YEAR_AHEAD - 1]
        out.append(
            {"item": item, "currency": currency, "low": low, "expected": middle, "high": high, "day": day}
        )
    return out


def _fx(tables: Tables, as_of: date, factor: float) -> list[dict[str, Any]]:
    """Convert what is committed to foreign-currency guidance funds and has not come; unknown without a stored rate."""
    rows = []
    foreign = tables["guidance_fund"].filter(pl.col("currency") != "CNY").sort("guidance_fund_id")
    for name, currency in foreign.select("guidance_fund_id", "currency").iter_rows():
        flows = tables["guidance_flow"].filter(
            (pl.col("guidance_fund_id") == name)
            & (pl.col("currency") == currency)
            & (pl.col("occurred_on") <= as_of)
        )
        committed, received = (
            total(flows.filter(pl.col("kind") == kind)["amount"]) for kind in ("committed", "received")
        )
        owed = max(committed - received, Decimal(0))
        quote = rate_at(fx_rates(tables), as_of, currency, "CNY")
        cost = None
        if quote is not None:
            rate = 1 / quote.rate if quote.divides else quote.rate
            cost = to_money(owed * rate * Decimal(str(factor)))
        rows.append(
            {
                "item": "fx_cost",
                "entity": name,
                "currency": "CNY",
                "expected": cost,
                "day": quote.quoted_on if quote else None,
            }
        )
    return rows

"""The cash of each guidance fund: what came and went, what is to come and go, and the quarter in which it runs short."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from fundtrack.metrics.calibration import stakes_at
from fundtrack.metrics.members import Tables
from fundtrack.metrics.projection import Projection, Stress, project
from fundtrack.money import MONEY, to_money
from fundtrack.periods import quarter_end

Array = NDArray[Any]

PAST: Final[dict[str, pl.DataType]] = {
    "guidance_fund_id": pl.String(), "currency": pl.String(), "quarter": pl.Date(), "budget_in": MONEY, "interest": MONEY,
    "calls": MONEY, "back": MONEY, "remitted": MONEY, "fee": MONEY, "other": MONEY, "cash": MONEY, "declared": MONEY,
}  # fmt: skip
"""Columns of the past: sums of each quarter, cash at its end, and the account balance declared for its last day."""
AHEAD: Final[dict[str, pl.DataType]] = {
    "guidance_fund_id": pl.String(), "currency": pl.String(), "quarter": pl.Date(), "item": pl.String(),
    "low": MONEY, "expected": MONEY, "high": MONEY,
}  # fmt: skip
"""Columns of what is to come: item is calls, back, nav or cash; P10, P50, P90."""
SHORT: Final[dict[str, pl.DataType]] = {
    "guidance_fund_id": pl.String(), "currency": pl.String(), "cash": MONEY, "unfunded": MONEY, "pending": MONEY,
    "earliest": pl.Date(), "expected": pl.Date(), "latest": pl.Date(), "chance": pl.Float64(), "until": pl.Date(),
}  # fmt: skip
"""When money runs short: the quarter in one of ten, five of ten, nine of ten paths; the chance until the last quarter."""
REQUESTS: Final[dict[str, pl.DataType]] = {
    "guidance_fund_id": pl.String(), "currency": pl.String(), "year": pl.Int64(), "available": MONEY, "fee": MONEY,
    "calls_low": MONEY, "calls": MONEY, "calls_high": MONEY, "low": MONEY, "expected": MONEY, "high": MONEY,
}  # fmt: skip
"""The budget request of each year: what calls and fees take beyond the money at hand at its start."""
_ITEMS: Final = ("calls", "back", "nav", "cash")
_OUT: Final = {"fee": "fee", "principal_remitted": "remitted", "income_remitted": "remitted"}
_IN: Final = {"received": "budget_in", "interest": "interest", "other": "other"}
_FEE_YEARS: Final = 3
SPENT: Final = ("calls", "remitted", "fee")
"""Items that are taken from the cash; the others are added to it."""
LOOK_AHEAD: Final = 24
"""Quarters that are projected."""
QUARTER: Final = 365 / 4
"""Days of a quarter, for fees."""


@dataclass(frozen=True, slots=True)
class Liquidity:
    """The liquidity of all guidance funds on a day.

    Attributes:
        as_of: the day.
        past: see PAST.
        ahead: see AHEAD; empty for a fund without a participation.
        short: see SHORT.
        requests: guidance_fund_id, currency, year, calls, fee, available, low, expected, high: the budget that each year
            would need beyond the money at hand, P10, P50, P90.
        projections: per currency.

    """

    as_of: date
    past: pl.DataFrame
    ahead: pl.DataFrame
    short: pl.DataFrame
    requests: pl.DataFrame
    projections: dict[str, Projection]


def moved(tables: Tables, as_of: date) -> pl.DataFrame:
    """List what moved the cash of each guidance fund until a day, in its own currency: item of PAST, amount as written, where it stands.

    Columns: guidance_fund_id, currency, day, amount, item, table, row_key. `budgeted` and `committed` are no cash.
    """
    funds = tables["guidance_fund"].select("guidance_fund_id", "currency")
    own = tables["guidance_flow"].filter(pl.col("kind").is_in([*_IN, *_OUT]))
    own = own.select("guidance_fund_id", "currency", day="occurred_on", amount="amount",
                     item=pl.col("kind").replace_strict(_IN | _OUT), table=pl.lit("guidance_flow"), row_key="row_key")  # fmt: skip
    stakes = tables["participation"].select("participation_id", "guidance_fund_id")
    paid = tables["cash_flow"].join(stakes, on="participation_id", validate="m:1")
    out = pl.col("kind").is_in(("call", "fee_outside"))
    paid = paid.select("guidance_fund_id", "currency", day="occurred_on", amount="amount", item=pl.when(out).then(pl.lit("calls")).otherwise(pl.lit("back")),
                       table=pl.lit("cash_flow"), row_key="row_key")  # fmt: skip
    rows = pl.concat([own, paid]).drop_nulls(["day", "amount"]).filter(pl.col("day") <= as_of)
    return rows.join(funds, on=["guidance_fund_id", "currency"], how="semi")


def past(tables: Tables, as_of: date) -> pl.DataFrame:
    """Add up each guidance fund's cash by quarter until a day, from 引导基金收支 and 资金往来 (columns of PAST).

    cash = received + interest + other - fees - calls + money back - remitted, from the first flow on; the last
    quarter ends with the day.
    """
    rows = moved(tables, as_of)
    ends = pl.col("day").map_elements(quarter_end, return_dtype=pl.Date)
    rows = rows.with_columns(quarter=pl.min_horizontal(ends, pl.lit(as_of)))
    items = ("budget_in", "interest", "calls", "back", "remitted", "fee", "other")
    exact = pl.col("amount").cast(pl.Decimal(38, 2))
    sums = rows.group_by("guidance_fund_id", "currency", "quarter").agg(
        *(exact.filter(pl.col("item") == item).sum().alias(item) for item in items)
    )
    sums = sums.sort("guidance_fund_id", "quarter")
    net = pl.sum_horizontal(item for item in items if item not in SPENT) - pl.sum_horizontal(SPENT)
    sums = sums.with_columns(cash=net.cum_sum().over("guidance_fund_id"))
    said = tables["guidance_flow"].filter(pl.col("kind") == "balance")
    said = said.select("guidance_fund_id", quarter="occurred_on", declared="amount").unique(
        ["guidance_fund_id", "quarter"], keep="last"
    )
    sums = sums.join(said, on=["guidance_fund_id", "quarter"], how="left", validate="m:1")
    return sums.select(pl.col(name).cast(dtype) for name, dtype in PAST.items()).sort(
        "guidance_fund_id", "quarter"
    )


def liquidity(tables: Tables, as_of: date, *, quarters: int = 12, stress: Stress | None = None) -> Liquidity:
    """Show what each guidance fund had and will have.

    To come: calls and money back of the participations it has signed (`projection`), its fees as in the last three years,
    what was budgeted and has not come, in the first quarter. Of money back the share is remitted that was until now (all
    of it, where nothing came back). No further budget, no further participation, no interest: what these must bring is
    the request.
    """
    before = past(tables, as_of)
    made: dict[str, Projection] = {}
    ahead: list[tuple[Any, ...]] = []
    short: list[tuple[Any, ...]] = []
    requests: list[tuple[Any, ...]] = []
    for currency in tables["guidance_fund"]["currency"].drop_nulls().unique().sort().to_list():
        stakes = stakes_at(tables, as_of, currency)
        if not len(stakes.age):
            continue
        found = made[currency] = project(stakes, as_of, max(quarters, LOOK_AHEAD), stress)
        for place, group in enumerate(found.groups):
            known = _known(tables, before, group, currency, as_of)
            cash = _cash(found, place, known)
            ahead += _ahead(found, place, group, currency, cash, quarters)
            unfunded = float(stakes.remaining[stakes.guidance_fund == group].sum())
            short.append(_short(found, group, currency, cash[:, :quarters], known, unfunded))
            requests += _requests(found, place, group, currency, known)
    return Liquidity(
        as_of,
        before,
        pl.DataFrame(ahead, schema=AHEAD, orient="row"),
        pl.DataFrame(short, schema=SHORT, orient="row"),
        pl.DataFrame(requests, schema=REQUESTS, orient="row"),
        made,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What a guidance fund starts with: cash, pending budget, fees a day, the share of money back that is remitted."""

    cash: float
    pending: float
    fee: float
    remitted: float


def _known(tables: Tables, before: pl.DataFrame, group: str, currency: str, as_of: date) -> _Known:
    mine = before.filter(pl.col("guidance_fund_id") == group)
    sums = {name: float(mine[name].sum()) for name in ("budget_in", "back", "remitted")}
    budgets = tables["guidance_flow"].filter(
        (pl.col("guidance_fund_id") == group)
        & (pl.col("kind") == "budgeted")
        & (pl.col("occurred_on") <= as_of)
        & (pl.col("currency") == currency)
    )
    budgeted = float(budgets["amount"].sum() or 0)
    since = pl.col("quarter") > pl.lit(as_of).dt.offset_by(f"-{_FEE_YEARS}y")
    fee = float(mine.filter(since)["fee"].sum() or 0) / (_FEE_YEARS * 365)
    share = min(sums["remitted"] / sums["back"], 1.0) if sums["back"] else 1.0
    return _Known(
        float(mine["cash"][-1]) if mine.height else 0.0, max(budgeted - sums["budget_in"], 0.0), fee, share
    )


def _cash(found: Projection, place: int, known: _Known) -> Array:
    """Follow the cash of each path: (paths, quarters)."""
    net = found.returns[:, place] * (1 - known.remitted) - found.calls[:, place] - known.fee * QUARTER
    net[:, 0] += known.pending
    cash: Array = known.cash + net.cumsum(axis=1)
    return cash


def _marks(values: Array) -> list[Decimal]:
    return [to_money(Decimal(str(round(float(mark), 2)))) for mark in np.quantile(values, [0.1, 0.5, 0.9])]


def _ahead(
    found: Projection, place: int, group: str, currency: str, cash: Array, quarters: int
) -> list[tuple[Any, ...]]:
    flows = {
        "calls": found.calls[:, place],
        "back": found.returns[:, place],
        "nav": found.nav[:, place],
        "cash": cash,
    }
    return [(group, currency, day, item, *_marks(flows[item][:, at]))
            for item in _ITEMS for at, day in enumerate(found.quarters[:quarters])]  # fmt: skip


def _short(
    found: Projection, group: str, currency: str, cash: Array, known: _Known, unfunded: float
) -> tuple[Any, ...]:
    """Tell when the cash of one, five and nine of ten paths has been below nothing."""
    ever = np.logical_or.accumulate(cash < -0.005, axis=1).mean(axis=0)
    when = [
        next((found.quarters[at] for at, share in enumerate(ever) if share >= part), None)
        for part in (0.1, 0.5, 0.9)
    ]
    money = (to_money(Decimal(str(round(value, 2)))) for value in (known.cash, unfunded, known.pending))
    return (group, currency, *money, *when, float(ever[-1]), found.quarters[cash.shape[1] - 1])


def _requests(
    found: Projection, place: int, group: str, currency: str, known: _Known
) -> list[tuple[Any, ...]]:
    """Work out year by year what budget would be needed; what one year was given is spent in it."""
    out: list[tuple[Any, ...]] = []
    at_hand = np.full(len(found.calls), known.cash + known.pending)
    first = found.quarters[0].year
    for year in range(first, first + 4):
        chosen = [at for at, day in enumerate(found.quarters) if day.year == year]
        calls = found.calls[:, place, chosen].sum(axis=1)
        kept = found.returns[:, place, chosen].sum(axis=1) * (1 - known.remitted)
        fee = known.fee * QUARTER * len(chosen)
        left = at_hand + kept - calls - fee
        need, available = np.maximum(-left, 0.0), np.quantile(at_hand, 0.5)
        exact = [to_money(Decimal(str(round(float(value), 2)))) for value in (available, fee)]
        out.append((group, currency, year, *exact, *_marks(calls), *_marks(need)))
        at_hand = np.maximum(left, 0.0)
    return out

"""How the forecast would have done: made again at every past quarter end, with what was dated until then."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.metrics.forecast.targets import Forecast, World, forecasts
from fundtrack.metrics.members import Tables
from fundtrack.metrics.progress import LEDGER, plans, value_on
from fundtrack.money import MONEY
from fundtrack.periods import month_end

BACKTEST: Final[dict[str, pl.DataType]] = {
    "code": pl.String(), "as_of": pl.Date(), "due_on": pl.Date(), "low": MONEY, "expected": MONEY, "high": MONEY,
    "naive": MONEY, "actual": MONEY, "covered": pl.Boolean(), "inside": pl.Float64(), "error": MONEY,
    "naive_error": MONEY, "basis": pl.String(), "edition": pl.Int64(),
}  # fmt: skip
"""The columns of a backtest."""
SUMMARY: Final[dict[str, pl.DataType]] = {
    "code": pl.String(), "forecasts": pl.Int64(), "covered": pl.Int64(), "coverage": pl.Float64(),
    "inside": pl.Float64(), "error": pl.Float64(), "naive_error": pl.Float64(), "error_ratio": pl.Float64(),
    "first_on": pl.Date(), "last_on": pl.Date(),
}  # fmt: skip
_QUARTERS: Final = (3, 6, 9)
PATHS: Final = 2_000
"""Paths of each forecast of a backtest."""


@dataclass(frozen=True, slots=True)
class Known:
    """The ledger as it was known when a quarter's files were in, and the edition that held them."""

    tables: Tables
    edition: int


@dataclass(frozen=True, slots=True)
class Trial:
    """A forecast of a past quarter end beside what came true.

    Attributes:
        made: the forecast, its plan moved to the year.
        actual: where the target stood at the deadline, as known now.
        then: the ledger as known at the quarter end; None where what was dated until then in the ledger as known now was used.

    """

    made: Forecast
    actual: Decimal
    then: Known | None

    def row(self) -> dict[str, Any]:
        """A row of BACKTEST."""
        made, actual = self.made, self.actual
        assert made.low is not None and made.expected is not None and made.high is not None  # noqa: S101, PT018 - none is refused
        return {
            "code": made.code, "as_of": made.as_of, "due_on": made.due_on, "low": made.low, "expected": made.expected,
            "high": made.high, "naive": made.naive, "actual": actual, "covered": made.low <= actual <= made.high,
            "inside": made.inside, "error": abs(made.expected - actual),
            "naive_error": None if made.naive is None else abs(made.naive - actual),
            "basis": "known_at" if self.then else "event_date", "edition": self.then.edition if self.then else None,
        }  # fmt: skip


def backtest(
    tables: Tables, as_of: date, *, known: Callable[[date], Known | None] | None = None, paths: int = PATHS
) -> pl.DataFrame:
    """Forecast the year end at every past quarter end whose year is over, and compare (columns of BACKTEST).

    Only what was dated until the quarter end is used (`basis` event_date); where an edition reaches back so far,
    the ledger as known then (`known_at`), with that edition. The plan in force is moved to each earlier year.
    Quarter ends with too little history are left out. Error = |expected - actual|.

    Args:
        tables: the ledger as known now: it tells what came true.
        as_of: the last day that has come true.
        known: gives the ledger as it was known at a quarter end, None where no edition reaches back to it.
        paths: paths of each forecast, a multiple of 100.

    """
    found = trials(tables, as_of, known=known, paths=paths)
    return pl.DataFrame([each.row() for each in found], schema=BACKTEST, orient="row")


def trials(
    tables: Tables, as_of: date, *, known: Callable[[date], Known | None] | None = None, paths: int = PATHS,
    quarter: date | None = None,
) -> list[Trial]:  # fmt: skip
    """The forecasts behind `backtest`, whose arguments these are; `quarter` for those of one quarter end only, which are the same."""
    world = World.of(tables)
    chosen = [plan for plan in plans(tables["target"], as_of) if plan["code"] in LEDGER]
    begun = min((int(year) for year in _years(world)), default=as_of.year + 1)
    found: list[Trial] = []
    for year in range(begun, as_of.year + 1):
        moved = [plan for plan in (_moved(plan, year) for plan in chosen) if plan["due_on"] <= as_of]
        for month in _QUARTERS:
            day = month_end(year, month)
            if quarter in {None, day}:
                meant = [plan for plan in moved if plan["starts_on"] <= day < plan["due_on"]]
                found += _trials(world, meant, day, known, paths)
    return found


def _years(world: World) -> list[int]:
    days = world.events.firms["day"]
    return [days.min().year] if len(days) else []  # type: ignore[union-attr]


def _moved(plan: dict[str, Any], year: int) -> dict[str, Any]:
    """Move a plan to the year; a last day of February stays the last."""
    shift = year - plan["starts_on"].year
    starts_on, due_on = (_shifted(plan[name], shift) for name in ("starts_on", "due_on"))
    return plan | {"starts_on": starts_on, "due_on": due_on}


def _shifted(day: date, years: int) -> date:
    last = month_end(day.year + years, day.month)
    return last if day == month_end(day.year, day.month) else day.replace(year=day.year + years)


def _trials(
    world: World,
    chosen: list[dict[str, Any]],
    day: date,
    known: Callable[[date], Known | None] | None,
    paths: int,
) -> list[Trial]:
    if not chosen:
        return []
    then = known(day) if known else None
    past = World.of(then.tables) if then else world
    made = forecasts(past, chosen, day, paths=paths, undated=then is not None, fan=False)
    out = []
    for plan, found in zip(chosen, made, strict=True):
        actual = value_on(world.tables, world.events, plan, plan["due_on"]).amount
        if found.refusal is None and found.expected is not None and actual is not None:
            out.append(Trial(found, actual, then))
    return out


def summary(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum a backtest up per target: coverage, what the ranges themselves promised, mean errors, their ratio."""
    both = rows.filter(pl.col("naive_error").is_not_null())
    errors = both.group_by("code").agg(
        error=pl.col("error").cast(pl.Float64).mean(),
        naive_error=pl.col("naive_error").cast(pl.Float64).mean(),
    )
    found = rows.group_by("code").agg(
        forecasts=pl.len().cast(pl.Int64), covered=pl.col("covered").sum().cast(pl.Int64),
        coverage=pl.col("covered").mean(), inside=pl.col("inside").mean(), first_on=pl.col("as_of").min(), last_on=pl.col("as_of").max(),
    )  # fmt: skip
    found = found.join(errors, on="code", how="left").with_columns(
        error_ratio=pl.when(pl.col("naive_error") > 0).then(pl.col("error") / pl.col("naive_error"))
    )
    order = pl.col("code").replace_strict(list(LEDGER), list(range(len(LEDGER))))
    return found.sort(order).select(pl.col(name).cast(dtype) for name, dtype in SUMMARY.items())

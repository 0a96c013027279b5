"""The targets and how far they are: actual against target, completion against elapsed time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal

import polars as pl

from fundtrack.metrics.counting import Counted, counted, cross_border_on, firms_on, funds_on, scale_on
from fundtrack.metrics.members import Tables
from fundtrack.money import MONEY, ratio
from fundtrack.periods import day_before, elapsed

Status = Literal["done", "on_pace", "behind", "far_behind", "unknown", "missed"]

LEDGER: Final = ("new_managers", "partner_funds", "fund_scale", "cross_border")
"""Targets counted from the ledger; every other code is reported in the 指标 sheet."""
ANNUAL: Final = ("hightech_value_added", "new_hightech_firms", "new_tech_smes", "major_projects")
"""Reported targets that start every plan at nothing: what was measured before it is another plan's."""
STOCK: Final = ("invention_patents",)
"""Reported targets that carry over: they start from what was measured on the last day before the plan."""
ORDER: Final = (*LEDGER, *ANNUAL, *STOCK)

BAND_EARLY: Final = Decimal("0.30")
BAND_LATE: Final = Decimal("0.10")
"""How far below pace is still `behind`: in the first three quarters of a plan, and in its last."""

PROGRESS: Final[dict[str, pl.DataType]] = {
    "code": pl.String(), "name": pl.String(), "unit": pl.String(), "currency": pl.String(), "target": MONEY,
    "starts_on": pl.Date(), "due_on": pl.Date(), "actual": MONEY, "start_value": MONEY,
    "completion": pl.Float64(), "year_completion": pl.Float64(), "elapsed": pl.Float64(),
    "lead": pl.Float64(), "remaining": MONEY, "status": pl.String(), "as_of": pl.Date(),
    "computed": pl.Boolean(), "band": pl.Decimal(4, 2), "source": pl.String(),
    "measured_on": pl.Date(), "measured_source": pl.String(),
}  # fmt: skip
"""The columns of progress, in order."""
_RATIOS: Final = ("completion", "year_completion", "elapsed", "lead")


@dataclass(frozen=True, slots=True)
class Value:
    """A target's value on a day, and where a reported one was measured."""

    amount: Decimal | None
    measured_on: date | None = None
    source: str | None = None


def progress(
    tables: Tables,
    as_of: date,
    *,
    band_early: Decimal | float = BAND_EARLY,
    band_late: Decimal | float = BAND_LATE,
) -> pl.DataFrame:
    """Show every target in force on a day, one row each, with the columns of PROGRESS.

    completion = actual / target; year_completion = (actual - start_value) / (target - start_value), null
    where nothing was left to add, start_value being that of the last day before the plan; elapsed =
    days gone / days in the plan; lead = year_completion - elapsed; remaining = max(target - actual, 0).
    Money in units of the currency column, ratios as fractions. Source: the commission's work plan.
    """
    events = counted(tables)
    bands = (Decimal(str(band_early)), Decimal(str(band_late)))
    rows = [_row(tables, events, plan, as_of, bands) for plan in plans(tables["target"], as_of)]
    given = {name: dtype for name, dtype in PROGRESS.items() if name not in _RATIOS}
    frame = pl.DataFrame(rows, schema=given | {"days_gone": pl.Int64(), "days_all": pl.Int64()}, orient="row")
    gained, needed = pl.col("actual") - pl.col("start_value"), pl.col("target") - pl.col("start_value")
    frame = frame.with_columns(
        completion=ratio(pl.col("actual"), pl.col("target")),
        year_completion=pl.when(needed > 0).then(ratio(gained, needed)),
        elapsed=ratio(pl.col("days_gone"), pl.col("days_all")),
    )
    return frame.with_columns(lead=pl.col("year_completion") - pl.col("elapsed")).select(*PROGRESS)


def plans(target: pl.DataFrame, as_of: date) -> list[dict[str, Any]]:
    """Choose the plan of each code: one that holds the day, else the latest started, else the next to start.

    A plan that ends before it starts is none. Codes come in the order of ORDER, others after them by name.
    """
    chosen: dict[str, dict[str, Any]] = {}
    for plan in target.filter(pl.col("due_on") >= pl.col("starts_on")).iter_rows(named=True):
        code = plan["code"]
        if code not in chosen or _fitness(plan, as_of) > _fitness(chosen[code], as_of):
            chosen[code] = plan
    return sorted(chosen.values(), key=lambda plan: _place(plan["code"]))


def _fitness(plan: dict[str, Any], as_of: date) -> tuple[bool, bool, int, int]:
    starts_on, due_on = plan["starts_on"].toordinal(), plan["due_on"].toordinal()
    started = plan["starts_on"] <= as_of
    holds = started and as_of <= plan["due_on"]
    return (holds, True, starts_on, due_on) if started else (False, False, -starts_on, -due_on)


def _place(code: str) -> tuple[int, str]:
    return (ORDER.index(code), "") if code in ORDER else (len(ORDER), code)


def _row(
    tables: Tables, events: Counted, plan: dict[str, Any], as_of: date, bands: tuple[Decimal, Decimal]
) -> dict[str, Any]:
    """Fill a target's row, but for its ratios."""
    now = value_on(tables, events, plan, as_of)
    start = start_value(tables, events, plan)
    starts_on, due_on = plan["starts_on"], plan["due_on"]
    gone = elapsed(starts_on, due_on, as_of)
    days_all = (due_on - starts_on).days + 1
    band = bands[gone > Fraction(3, 4)]
    return {
        "code": plan["code"], "name": plan["name"], "unit": plan["unit"], "currency": plan["currency"],
        "target": plan["value"], "starts_on": starts_on, "due_on": due_on,
        "actual": now.amount, "start_value": start,
        "remaining": None if now.amount is None else max(plan["value"] - now.amount, Decimal(0)),
        "status": status(now.amount, plan["value"], start, gone, band, over=as_of > due_on),
        "as_of": as_of, "computed": plan["code"] in LEDGER, "band": band, "source": plan["source"],
        "measured_on": now.measured_on, "measured_source": now.source,
        "days_gone": int(gone * days_all), "days_all": days_all,
    }  # fmt: skip


def value_on(tables: Tables, events: Counted, plan: dict[str, Any], day: date) -> Value:
    """Tell a target's value on a day, by the counting rule of its code."""
    code = plan["code"]
    if code == "new_managers":
        return Value(firms_on(events, day, plan["starts_on"], plan["due_on"]))
    if code == "partner_funds":
        return Value(funds_on(events, day))
    if code == "fund_scale":
        return Value(scale_on(events, day, plan["currency"] or "CNY"))
    if code == "cross_border":
        return Value(cross_border_on(events, day, plan["currency"] or "USD"))
    return reported_on(tables["indicator"], plan, day)


def reported_on(indicator: pl.DataFrame, plan: dict[str, Any], day: date) -> Value:
    """Read the newest reported value by a day; one that starts every plan at nothing must be of this plan."""
    rows = reported_row(indicator, plan, day)
    if rows.is_empty():
        return Value(None)
    newest = rows.row(0, named=True)
    return Value(newest["value"], newest["measured_on"], newest["source"])


def reported_row(indicator: pl.DataFrame, plan: dict[str, Any], day: date) -> pl.DataFrame:
    """Keep the row of the newest reported value by a day, if any."""
    rows = indicator.filter((pl.col("code") == plan["code"]) & (pl.col("measured_on") <= day))
    rows = rows.filter(pl.col("value").is_not_null())
    if plan["code"] not in STOCK:
        rows = rows.filter(pl.col("measured_on").is_between(plan["starts_on"], plan["due_on"]))
    return rows.sort("measured_on").tail(1)


def start_value(tables: Tables, events: Counted, plan: dict[str, Any]) -> Decimal | None:
    """Tell a target's value on the last day before its plan; a reported stock's if measured that day."""
    before = day_before(plan["starts_on"])
    code = plan["code"]
    if code in ANNUAL:
        return Decimal(0)
    if code in STOCK:
        value = reported_on(tables["indicator"], plan, before)
        return value.amount if value.measured_on == before else None
    return value_on(tables, events, plan, before).amount if code in LEDGER else None


def status(
    actual: Decimal | None,
    target: Decimal,
    start: Decimal | None,
    gone: Fraction,
    band: Decimal,
    *,
    over: bool,
) -> Status:
    """Judge a target exactly: a lead of just nothing is on pace, of just the band still behind.

    >>> status(Decimal(60), Decimal(100), Decimal(0), Fraction(7, 10), Decimal("0.1"), over=False)
    'behind'
    """
    if actual is None:
        return "unknown"
    if actual >= target:
        return "done"
    if over:
        return "missed"
    if start is None or start >= target:
        return "unknown"
    lead = Fraction(actual - start) / Fraction(target - start) - gone
    if lead >= 0:
        return "on_pace"
    return "behind" if lead >= -Fraction(band) else "far_behind"


def history(tables: Tables, codes: Iterable[str], days: Sequence[date]) -> pl.DataFrame:
    """Show code, day, value: the cumulative ledger values on many days, each event read once.

    Of new_managers it is the number of houses ever brought in. Before the first event the value is zero;
    of a code without any event, unknown. `fund_scale` is in CNY, `cross_border` in USD.
    """
    events = counted(tables)
    moves = {
        "partner_funds": events.funds.select("day", value=pl.col("step").cast(pl.Decimal(38, 2))),
        "fund_scale": events.funds.filter(pl.col("currency") == "CNY").select("day", value=pl.col("amount")),
        "new_managers": events.firms.select("day", value=pl.lit(1).cast(pl.Decimal(38, 2))),
        "cross_border": events.committed.filter(pl.col("currency") == "USD").select(
            "day", value=pl.col("amount")
        ),
    }
    at = pl.DataFrame({"day": sorted(days)}, schema={"day": pl.Date})
    lines = []
    for code in codes:
        line = moves[code].group_by("day").agg(pl.col("value").cast(pl.Decimal(38, 2)).sum()).sort("day")
        line = line.with_columns(pl.col("value").cum_sum())
        known = at.join_asof(line, on="day")
        if line.height:
            known = known.with_columns(pl.col("value").fill_null(pl.lit(0).cast(pl.Decimal(38, 2))))
        lines.append(known.select(pl.lit(code).alias("code"), "day", pl.col("value").cast(MONEY)))
    return (
        pl.concat(lines)
        if lines
        else pl.DataFrame(schema={"code": pl.String, "day": pl.Date, "value": MONEY})
    )

"""A figure taken apart: what it is, how it is made, and the fields of the ledger that make it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any, Final, Literal

import polars as pl

from fundtrack.errors import IntegrityError
from fundtrack.metrics.members import Tables

Value = Decimal | float | int | str | date | bool | None
How = Literal[
    "sum",
    "ratio",
    "plus",
    "minus",
    "times",
    "product",
    "growth",
    "fx",
    "rate",
    "median",
    "q1",
    "q3",
    "hhi",
    "top1",
    "top10",
    "rank",
    "apart",
    "mean",
    "number",
    "within",
    "traced",
    "simulated",
    "planned",
    "projected",
    "given",
]
"""sum: the parts' amounts add up to it. ratio: the first side over the second. plus, minus, product: of its sides, in
order; times: money times a rate, to the cent. growth: (1 + first) / (1 + second) - 1; fx: first / second - 1. rate: an
internal rate of return of its dated parts. median, q1, q3: of its sides. hhi: of its sides' shares the sum of squares; top1,
top10: the share of the largest. rank: how many of its
sides are not less than the first. apart: how far its two sides are from each other. mean: of its sides. number: how many
sides it has. within: 1 where the third of its sides lies between the first two, ends included, else 0. traced: it has a trace
of its own, which tells how it is made. simulated: a forecast from its parts. planned: the cheapest choice from
its parts. projected: what its sides lead to at the portfolio's own pace. given: read off, or decided by, the cells that are its parts."""

ONE: Final = Decimal(1)
"""What a counted entity contributes."""
NEAR: Final = 1e-9
"""Relative difference that floating point may leave between a rate or ratio and the same computed from its trace."""
NEAR_ZERO: Final = 1e-6
"""What the flows of a rate may leave of their discounted sizes."""
DAYS: Final = 365.0


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a row of the ledger, with what it contributes to a figure.

    Attributes:
        table, key, field: which field of which row.
        amount: its contribution, in the figure's unit; zero where it decides without adding.
        role: what it is in the figure, a key of `trace.role`.
        day: the day on which a dated flow counts.

    """

    table: str
    key: str
    field: str
    amount: Decimal = Decimal(0)
    role: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and what it is made of.

    Attributes:
        metric: a target's code, a catalogue metric, or a name of its own under `trace.figure`.
        entity_type, entity: of what, as in `fund_metric`; `total` and `all` where of everything.
        value: what the reports show; None where unknown.
        how: see `How`.
        currency: of money.
        parts: fields of the ledger.
        sides: figures that it is computed from, each with the word for it, a key of `trace.side`.
        residual: of a rate, the net present value that its parts leave at it.
        verdict: of a rate.
        annual: the annual rate that belongs to the return of a period under one year.

    """

    metric: str
    entity_type: str
    entity: str
    value: Value
    how: How
    currency: str | None = None
    parts: tuple[Part, ...] = ()
    sides: tuple[tuple[str, "Figure"], ...] = ()
    residual: float | None = None
    verdict: str | None = None
    annual: float | None = None

    def all_parts(self) -> tuple[Part, ...]:
        """Its own parts and those of its sides, each field once, in order."""
        seen: dict[tuple[str, str, str], Part] = {}
        for part in (*self.parts, *(one for _, side in self.sides for one in side.all_parts())):
            seen.setdefault((part.table, part.key, part.field), part)
        return tuple(seen.values())


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: a metric of an entity on a day.

    Attributes:
        tables: the ledger, remembering what was computed from it.
        as_of: the day.
        metric: which figure.
        by: the label of `groups.LABELS` that names the entity; `target` for the targets.
        entity: which one; `all` for everything.
        currency: of which currency where the entity has several.

    """

    tables: Tables
    as_of: date
    metric: str
    by: str
    entity: str
    currency: str | None = None

    def of(self, metric: str) -> "Ask":
        """The same of another metric."""
        return replace(self, metric=metric)

    def figure(self, value: Value, how: How, **more: Any) -> Figure:
        """Give the figure asked for."""
        kind = {"all": "total"}.get(self.by, self.by.removesuffix("_id"))
        return Figure(
            self.metric, kind, self.entity, value, how, **{"currency": self.currency or None, **more}
        )


def money(value: Any) -> Decimal:
    """Money exactly, whatever scale it was computed in."""
    return Decimal(value).quantize(Decimal("0.01"))


def parts(
    rows: pl.DataFrame, table: str, field: str, amount: str, role: str, day: str | None = None
) -> list[Part]:
    """Make a part of each row: `row_key` names it, `amount` is the column of its contribution."""
    wanted = ["row_key", amount, *([day] if day else [])]
    return [
        Part(table, row[0], field, money(row[1]), role, row[2] if day else None)
        for row in rows.filter(pl.col(amount).is_not_null()).select(wanted).sort("row_key").iter_rows()
    ]


def total(found: Iterable[Part]) -> Decimal:
    """What parts add up to."""
    return sum((part.amount for part in found), Decimal(0)).quantize(Decimal("0.01"))


def net_present(found: Iterable[Part], rate: float) -> float:
    """What dated parts are worth on the first day at an annual rate, actual/365."""
    flows = sorted((part.day, float(part.amount)) for part in found if part.day is not None)
    return float(sum(amount / (1 + rate) ** ((day - flows[0][0]).days / DAYS) for day, amount in flows))


def recomputed(figure: Figure) -> Value:
    """What the trace of a figure makes of its parts and sides, without looking at the figure's own value."""
    if figure.how == "sum":
        return total(figure.parts)
    values = [side.value for _, side in figure.sides]
    numbers = [float(each) for each in values if isinstance(each, (Decimal, float, int))]
    make = _MADE.get(figure.how)
    if make is None or len(numbers) < len(values):
        return figure.value
    exact = [each for each in values if isinstance(each, Decimal)]
    if figure.how in {"plus", "minus"} and len(exact) == len(values):
        return sum(
            (each if place == 0 or figure.how == "plus" else -each for place, each in enumerate(exact)),
            Decimal(0),
        )
    if figure.how == "apart" and len(exact) == len(values):
        return abs(exact[0] - exact[1])
    return make(numbers)


def _largest(count: int) -> Callable[[list[float]], float | None]:
    return lambda numbers: sum(sorted(numbers)[-count:]) / sum(numbers) if sum(numbers) else None


def _quantile(share: float) -> Callable[[list[float]], float]:
    """Interpolate linearly between ranks, as the vintages' quartiles are."""

    def found(numbers: list[float]) -> float:
        ranked, place = sorted(numbers), share * (len(numbers) - 1)
        low = int(place)
        return ranked[low] + (ranked[min(low + 1, len(ranked) - 1)] - ranked[low]) * (place - low)

    return found


def _cents(numbers: list[float]) -> Decimal:
    exact = Decimal(repr(numbers[0])) * Decimal(repr(numbers[1]))
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


_MADE: Final[dict[str, Callable[[list[float]], Value]]] = {
    "ratio": lambda numbers: numbers[0] / numbers[1] if numbers[1] else None,
    "plus": sum,
    "minus": lambda numbers: numbers[0] - sum(numbers[1:]),
    "times": _cents,
    "product": lambda numbers: numbers[0] * numbers[1],
    "growth": lambda numbers: (1 + numbers[0]) / (1 + numbers[1]) - 1,
    "fx": lambda numbers: numbers[0] / numbers[1] - 1,
    "median": median,
    "q1": _quantile(0.25),
    "q3": _quantile(0.75),
    "hhi": lambda numbers: sum((each / sum(numbers)) ** 2 for each in numbers),
    "top1": _largest(1),
    "top10": _largest(10),
    "rank": lambda numbers: sum(each >= numbers[0] for each in numbers),
    "apart": lambda numbers: abs(numbers[0] - numbers[1]),
    "mean": lambda numbers: sum(numbers) / len(numbers) if numbers else None,
    "number": len,
    "within": lambda numbers: int(numbers[0] <= numbers[2] <= numbers[1]),
}


def checked(figure: Figure) -> Figure:
    """Give a figure whose trace leads to it, and whose sides' traces lead to them.

    Raises:
        IntegrityError: `trace_differs`: parts and figure come from the same frames, so this is a mistake of ours.

    """
    for _, side in figure.sides:
        checked(side)
    if figure.value is None:
        return figure
    found = recomputed(figure)
    if not same(found, figure.value) or not _closes(figure):
        about = {"figure": figure.metric, "entity": figure.entity, "shown": figure.value, "found": found}
        raise IntegrityError("trace_differs", **about)
    return figure


def same(one: Value, other: Value) -> bool:
    """True where two values are one: money and counts exactly, ratios as near as floating point allows."""
    if isinstance(one, float) or isinstance(other, float):
        if not isinstance(one, (int, float, Decimal)) or not isinstance(other, (int, float, Decimal)):
            return False
        return abs(float(one) - float(other)) <= NEAR * max(1.0, abs(float(one)), abs(float(other)))
    return one == other


def _closes(figure: Figure) -> bool:
    if figure.how != "rate" or figure.residual is None:
        return True
    rate = figure.value if figure.annual is None else figure.annual
    if not isinstance(rate, (float, int)) or 1 + rate < NEAR:
        return True  # so near to losing all, 1 + rate keeps no digits with which to discount
    size = net_present((replace(part, amount=abs(part.amount)) for part in figure.parts), float(rate))
    return abs(figure.residual) <= NEAR_ZERO * max(size, 1.0)

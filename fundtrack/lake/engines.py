"""A report of many cities: computed city by city, by this machine or by a cluster, added up where it may be.

The report is a function of one city's ledger; both engines call the very same one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol

import polars as pl

from fundtrack.lake.standing import City, CityLedger

Measures = Iterable[tuple[str, str, Decimal | None, int]]
Told = tuple[dict[str, Any], Measures]
Report = Callable[[Any], Told]
"""Gives the JSON of a city's report, and what of it may be added up: figure, unit, amount, of how many rows."""

MEASURE: Final[dict[str, pl.DataType]] = {
    "figure": pl.String(), "unit": pl.String(), "amount": pl.Decimal(38, 2), "counted": pl.Int64(),
}  # fmt: skip
"""What is added up, and its sums: `amount` of the cities that know it, null where none does."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What many cities' reports say.

    Attributes:
        cities: the cities, in the order of codes.
        shown: each one's report as JSON.
        totals: the plain sums, with the columns of MEASURE; what two cities share counts in both.
    """

    cities: Sequence[City]
    shown: Sequence[dict[str, Any]]
    totals: pl.DataFrame

    def as_json(self) -> dict[str, Any]:
        """Show them as JSON: amounts as text with two decimals."""
        rows = self.totals.iter_rows(named=True)
        return {
            "cities": [{**headed(city), **said} for city, said in zip(self.cities, self.shown, strict=True)],
            "totals": [
                row | {"amount": None if row["amount"] is None else f"{row['amount']:.2f}"} for row in rows
            ],
        }


class Engine(Protocol):
    """Computes a report of each city."""

    def answer(self, cities: Sequence[City], report: Report) -> Answers:
        """Compute it."""


class Here:
    """This machine, one city after the other: memory holds one city's tables at a time."""

    def answer(self, cities: Sequence[City], report: Report) -> Answers:
        """Compute a report of each city.

        Raises:
            IntegrityError: `lake_lost`, `lake_incomplete`.
        """
        shown, measures = [], []
        for city in cities:
            said, adds = report(CityLedger(city))
            shown.append(said)
            measures += list(adds)
        return Answers(cities, shown, added(pl.DataFrame(measures, schema=MEASURE, orient="row")))


def added(measures: pl.DataFrame) -> pl.DataFrame:
    """Add up by figure and unit."""
    known = pl.when(pl.col("amount").count() > 0).then(pl.col("amount").sum()).alias("amount")
    return measures.group_by("figure", "unit").agg(known, pl.col("counted").sum()).sort("figure", "unit")


def headed(city: City) -> dict[str, Any]:
    """What stands above a city's report."""
    return {
        "jurisdiction": city.jurisdiction, "name": city.name, "edition_hash": city.edition_hash,
        "data_as_of": city.as_of and city.as_of.isoformat(), "pushed_at": city.pushed_at,
    }  # fmt: skip

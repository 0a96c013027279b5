"""A province or the country as it stands in a lake: cities chosen, asked and put together, for the command and the page alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

import polars as pl

from fundtrack.metrics.progress import BAND_EARLY, BAND_LATE
from fundtrack.metrics.regions import within
from fundtrack.reports.by_city import Standing
from fundtrack.reports.rollup import Rollup, Source, rollup, usual_days

City = TypeVar("City", bound=Source)
Tables = Mapping[str, pl.DataFrame]
EXAMPLE = "示例"
"""What names of invented senders begin with."""


@dataclass(frozen=True, slots=True)
class Reached(Generic[City]):
    """How cities of a lake are reached.

    Attributes:
        tables: gives a city's tables.
        told: has a report computed of each city, and gives what each says.
    """

    tables: Callable[[City], Tables]
    told: Callable[[Sequence[City], Standing], Sequence[Mapping[str, Any]]]


def of_region(cities: Sequence[City], region: str | None) -> list[City]:
    """Those of a province, or of a city with its districts; None for all."""
    return [city for city in cities if region is None or within(region, city.jurisdiction)]


def regional(
    cities: Sequence[City],
    reached: Reached[City],
    *,
    as_of: date | None = None,
    since: date | None = None,
    earlier: tuple[date, Sequence[City]] | None = None,
    bands: tuple[Decimal | float, Decimal | float] = (BAND_EARLY, BAND_LATE),
) -> Rollup:
    """Put cities together on a day, and rank them beside an earlier day or an earlier push.

    Args:
        cities: as the lake holds them.
        reached: how.
        as_of: the day; None for the newest of any city's data.
        since: the day with which the ranking is compared; None for the quarter end before, or, where `earlier` is given, for the newest
            of any city's data then.
        earlier: the ranking is compared with what the lake held at the end of a day: that day, and the cities as they stood.
        bands: how far below pace is still `behind`.
    """
    days = usual_days(as_of, since, [city.as_of for city in cities])
    said = None
    if earlier is not None:
        then = since or usual_days(None, None, [city.as_of for city in earlier[1]])[0]
        days = (days[0], then)
        told = reached.told(earlier[1], Standing((then,), *bands))
        said = dict(zip((city.jurisdiction for city in earlier[1]), told, strict=True))
    asked = days if earlier is None else days[:1]
    codes = [city.jurisdiction for city in cities]
    now = dict(zip(codes, reached.told(cities, Standing(asked, *bands)), strict=True))
    tables = {city.jurisdiction: reached.tables(city) for city in cities}
    names = {city.jurisdiction: city.name for city in cities}
    data_as_of = {city.jurisdiction: city.as_of for city in cities}
    return rollup(
        tables, now, days, names, data_as_of, bands, said, sources=cities, since_known=earlier and earlier[0]
    )


def examples(tables: Tables) -> bool:
    """Whether anything of a city is invented: its sender says so."""
    return bool(tables["cover"]["sender"].str.starts_with(EXAMPLE).any())

"""Guidance money by the districts of a city that were valid on a day, laid out as a schematic map of tiles."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

import polars as pl

from fundtrack.metrics.districts import District

CITY: Final = "330100"
"""Hangzhou."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A district on the map.

    Attributes:
        code, name: as valid on the day.
        column, row: its place on the grid.
        value: guidance money invested there by look-through; None where none is known to be.
        share: of the guidance money in all companies of the currency.
        companies: how many.

    """

    code: str
    name: str
    column: int
    row: int
    value: Decimal | None
    share: float | None
    companies: int


@dataclass(frozen=True, slots=True)
class DistrictMap:
    """A city's districts, and what lies elsewhere.

    Attributes:
        tiles: a tile per district valid on the day, also those without money.
        outside: guidance money in companies registered outside the city.
        unknown: in companies whose district is not told, or is none of that day.

    """

    tiles: tuple[Tile, ...]
    outside: Decimal
    unknown: Decimal


@cache
def places(city: str = CITY) -> dict[str, tuple[int, int]]:
    """Where districts stand on the grid, by the stem of their names; empty for a city without a map."""
    held = tomllib.loads((files("fundtrack.text") / "district_tiles.toml").read_text(encoding="utf-8"))
    return {stem: (column, row) for stem, (column, row) in held.get(city, {}).items()}


def district_map(
    districts: pl.DataFrame, groups: pl.DataFrame, as_of: date, currency: str = "CNY", city: str = CITY
) -> DistrictMap:
    """Lay a city's districts out.

    Args:
        districts: the table `district`.
        groups: look-through by district: group, currency, companies, guidance_invested, share.
        as_of: the day whose districts are shown.
        currency: of the money.
        city: code of the city; districts without a place on the grid stand in rows of seven below it.

    """
    names = ("code", "name", "parent", "valid_from", "valid_to")
    known = [District(**row) for row in districts.select(names).iter_rows(named=True)]
    valid = sorted(place for place in known if place.valid(as_of) and place.parent == city)
    rows = {row["group"]: row for row in groups.filter(pl.col("currency") == currency).iter_rows(named=True)}
    here = {place.code for place in valid}
    below = max((row for _, row in places(city).values()), default=-1) + 1
    unplaced = [place for place in valid if place.stem not in places(city)]
    tiles = []
    for place in valid:
        free = unplaced.index(place) if place in unplaced else 0
        column, row = places(city).get(place.stem, (free % 7, below + free // 7))
        tiles.append(_tile(place, column, row, rows.get(place.code)))
    elsewhere = [row for code, row in rows.items() if code is not None and code not in here]
    return DistrictMap(tuple(tiles), _sum(elsewhere), _sum([rows[None]] if None in rows else []))


def _tile(place: District, column: int, row: int, found: Mapping[str, Any] | None) -> Tile:
    value, share = (found["guidance_invested"], found["share"]) if found else (None, None)
    return Tile(place.code, place.name, column, row, value, share, int(found["companies"]) if found else 0)


def _sum(rows: list[dict[str, Any]]) -> Decimal:
    return sum((row["guidance_invested"] or Decimal(0) for row in rows), Decimal(0))

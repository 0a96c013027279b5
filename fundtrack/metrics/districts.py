"""Districts as they were on a day: codes and names people write, read as the code and name valid then.

A code or name valid on the day is itself. One of another time is followed to the district of the same name
stem and city that was valid (临安区 written for a day before 2017-10-31 is 临安市, 330185), where that
is just one.
Whatever cannot be told stays null. Source: GB/T 2260, seeds/districts.csv.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple

import polars as pl

from fundtrack.metrics.entities import fold

_CODE: Final = re.compile(r"^([0-9]{6})[0-9]*$")
_KIND: Final = re.compile(r"(新区|区|县|市)$")

RESOLVED: Final[dict[str, pl.DataType]] = {
    "written": pl.String(), "code": pl.String(), "name": pl.String(), "city": pl.String(),
    "city_name": pl.String(),
}  # fmt: skip
"""The columns of what was read: a district's code and name, and its city's; a city is its own."""


class District(NamedTuple):
    """A district while its code and name were valid."""

    code: str
    name: str
    parent: str | None
    valid_from: date
    valid_to: date | None

    def valid(self, day: date) -> bool:
        """Tell whether it was valid on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def is_city(self) -> bool:
        """Tell whether it is a city with districts: 330100, or a municipality such as 110000."""
        return self.code.endswith("00") and (not self.code.endswith("0000") or self.name.endswith("市"))

    @property
    def stem(self) -> str:
        """The name without what kind of place it is."""
        return _KIND.sub("", self.name) or self.name


def districts_at(table: pl.DataFrame, written: Iterable[str | None], day: date) -> pl.DataFrame:
    """Read each different text as a district of a day, with the columns of RESOLVED.

    Args:
        table: the table `district`.
        written: codes (six digits or more), names, or names after those of city and province.
        day: when.

    """
    known = [
        District(**row)
        for row in table.select("code", "name", "parent", "valid_from", "valid_to").iter_rows(named=True)
    ]
    now = [place for place in known if place.valid(day)]
    by_code = {place.code: place for place in now}
    paths = _paths(now, by_code)
    ever = _paths(known, by_code)
    rows: list[dict[str, Any]] = []
    for text in sorted({text for text in written if text}):
        place = _read(fold(text), known, now, paths, ever)
        city = place
        while city and not city.is_city:
            city = by_code.get(city.parent or "")
        rows.append(
            {
                "written": text,
                "code": place and place.code,
                "name": place and place.name,
                "city": city and city.code,
                "city_name": city and city.name,
            }
        )
    return pl.DataFrame(rows, schema=RESOLVED)


def _paths(places: list[District], by_code: dict[str, District]) -> dict[str, set[District]]:
    """List the ways to write each place: its name, alone or after those above it."""
    out: dict[str, set[District]] = {}
    for place in places:
        path, above = place.name, by_code.get(place.parent or "")
        out.setdefault(path, set()).add(place)
        while above:
            out.setdefault(above.name + place.name, set()).add(place)
            path = above.name + path
            out.setdefault(path, set()).add(place)
            above = by_code.get(above.parent or "")
    return out


def _read(
    text: str,
    known: list[District],
    now: list[District],
    paths: dict[str, set[District]],
    ever: dict[str, set[District]],
) -> District | None:
    """Find the one district of the day that a text means."""
    if digits := _CODE.match(text):
        meant = {place for place in known if place.code == digits[1]}
        valid = meant & set(now)
    else:
        valid = paths.get(text, set())
        meant = ever.get(text, set())
    if not valid:
        kin = {(place.stem, place.parent) for place in meant}
        valid = {place for place in now if (place.stem, place.parent) in kin}
    return valid.pop() if len(valid) == 1 else None

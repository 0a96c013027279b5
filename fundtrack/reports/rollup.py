"""A province or the country: targets by city, what cities share counted once, and who has moved in the ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from fundtrack.metrics.progress import BAND_EARLY, BAND_LATE, PROGRESS
from fundtrack.metrics.regions import COUNTRY, Merged, province, ranked, region_progress, shared_funds
from fundtrack.periods import day_before, quarter_end
from fundtrack.reports.lake_lines import status, title, value
from fundtrack.reports.lines import Lines
from fundtrack.reports.progress import json_rows
from fundtrack.text.numbers import percent, plain, unknown
from fundtrack.text.say import Lang, say

Row = Mapping[str, Any]
STANDING: Final[dict[str, pl.DataType]] = {"jurisdiction": pl.String(), **PROGRESS}
"""A city's target on a day."""


@dataclass(frozen=True, slots=True)
class Rollup:
    """What many cities have reached together.

    Attributes:
        as_of: the day.
        since: the day with which the ranking is compared.
        regions: each province's targets, and the country's where there are several, see `metrics.regions.REGIONAL`.
        cities: each city's targets with rank, rank_before and rank_change within what was asked for.
        shared: partner funds that stand in several cities, see `metrics.regions.SHARED`.
        names: what cities and provinces are called, by code.
        data_as_of: how far each city's own data go.
    """

    as_of: date
    since: date
    regions: pl.DataFrame
    cities: pl.DataFrame
    shared: pl.DataFrame
    names: Mapping[str, str]
    data_as_of: Mapping[str, date | None]

    def as_json(self) -> dict[str, Any]:
        """Show it as JSON: every amount and count a text with two decimals, exact."""
        return {
            "as_of": self.as_of.isoformat(),
            "since": self.since.isoformat(),
            "regions": [self._named(row, "region") for row in json_rows(self.regions)],
            "cities": [self._named(row, "jurisdiction") for row in json_rows(self.cities)],
            "shared": [self._named(row, "jurisdiction") for row in json_rows(self.shared)],
        }

    def _named(self, row: dict[str, Any], of: str) -> dict[str, Any]:
        code = row[of]
        own = {} if of == "region" else {"data_as_of": _iso(self.data_as_of.get(code))}
        return {"place": self.names.get(code, code), **own, **row}


def usual_days(as_of: date | None, since: date | None, newest: Sequence[date | None]) -> tuple[date, date]:
    """The day, by default the newest of any city's data; and the quarter end before it, unless another is given."""
    known = [day for day in newest if day is not None]
    day = as_of or max(known, default=date.min)
    quarter = quarter_end(day)
    return day, since or day_before(date(quarter.year, quarter.month - 2, 1))


def rollup(
    tables: Mapping[str, Mapping[str, pl.DataFrame]],
    standings: Mapping[str, Mapping[str, Any]],
    days: tuple[date, date],
    names: Mapping[str, str],
    data_as_of: Mapping[str, date | None],
    bands: tuple[Decimal | float, Decimal | float] = (BAND_EARLY, BAND_LATE),
) -> Rollup:
    """Put cities together.

    Args:
        tables: each city's tables, by its code.
        standings: what `by_city.Standing` told of each, by its code.
        days: the day, and that with which the ranking is compared.
        names: what cities and provinces are called, by code.
        data_as_of: how far each city's own data go.
        bands: how far below pace is still `behind`.
    """
    now, before = (_standing(standings, day) for day in days)
    provinces: dict[str, list[str]] = {}
    for code in sorted(tables):
        provinces.setdefault(province(code), []).append(code)
    regions = {**({COUNTRY: sorted(tables)} if len(provinces) > 1 else {}), **provinces}
    found = [
        region_progress(region, {code: tables[code] for code in codes}, now, days[0], *bands)
        for region, codes in regions.items()
    ]
    return Rollup(
        *days, pl.concat(found), ranked(now, before), shared_funds(Merged(tables)), names, data_as_of
    )


def place_names(tables: Mapping[str, Mapping[str, pl.DataFrame]], own: Mapping[str, str]) -> dict[str, str]:
    """What places are called: cities by what they call themselves, provinces by what any city's 区划 says."""
    found: dict[str, str] = {}
    for code in tables:
        wanted = pl.col("code") == province(code)
        found |= dict(
            tables[code]["district"].filter(wanted).sort("valid_from").select("code", "name").iter_rows()
        )
    return found | dict(own)


def rollup_lines(report: Rollup, lang: Lang) -> list[Lines]:
    """The regions' targets, then each city's with its rank."""
    money = ("currency", "unit")
    names = ("region", "target", "cities", "actual", "counted_twice", "goal", "completion", "status")
    regions = [
        [
            _place(report, row["region"], lang), title(row, lang), f"{row['known']}/{row['cities']}",
            *(value(row[name], row[money[0]] or row[money[1]], lang) for name in ("actual", "counted_twice", "target")),
            percent(row["completion"], lang), status(row["status"], lang),
        ]
        for row in report.regions.iter_rows(named=True)
    ]  # fmt: skip
    heads = ("target", "rank", "rank_change", "city", "as_of", "actual", "goal", "completion", "status")
    ordered = report.cities.with_row_index().sort(
        pl.col("index").min().over("code"), "rank", "jurisdiction", nulls_last=True
    )
    cities = [
        [
            title(row, lang), unknown(lang) if row["rank"] is None else str(row["rank"]), _moved(row["rank_change"], lang),
            _place(report, row["jurisdiction"], lang), _iso(report.data_as_of.get(row["jurisdiction"])) or unknown(lang),
            *(value(row[name], row[money[0]] or row[money[1]], lang) for name in ("actual", "target")),
            percent(row["completion"], lang), status(row["status"], lang),
        ]
        for row in ordered.iter_rows(named=True)
    ]  # fmt: skip
    return [
        ([say(f"lake.{name}", lang) for name in names], regions, [2, 3, 4, 5, 6]),
        ([say(f"lake.{name}", lang) for name in heads], cities, [1, 2, 5, 6, 7]),
    ]


def shared_words(report: Rollup, lang: Lang) -> list[str]:
    """The funds that stand in several cities, a sentence each: counted once, or to be looked at."""
    out = []
    for (by, _), rows in report.shared.group_by("by", "entity", maintain_order=True):
        places = say("finding.join", lang).join(
            _place(report, code, lang) for code in rows["jurisdiction"].unique(maintain_order=True)
        )
        speaks = rows.filter(pl.col("speaks").fill_null(value=False))["jurisdiction"]
        words = {"name": rows["name"][0], "cities": places}
        if by == "code":
            words["speaks"] = _place(report, speaks[0], lang)
        out.append(say(f"lake.shared_{by}", lang, **words))
    return out


def _standing(standings: Mapping[str, Mapping[str, Any]], day: date) -> pl.DataFrame:
    """What the cities told of a day, as a frame again."""
    rows = [
        {"jurisdiction": code, **row}
        for code, said in sorted(standings.items())
        for row in said["days"][day.isoformat()]
    ]
    return pl.DataFrame([{name: _typed(dtype, row[name]) for name, dtype in STANDING.items()} for row in rows], schema=STANDING)  # fmt: skip


def _typed(dtype: pl.DataType, told: Any) -> Any:
    if told is None or not isinstance(told, str):
        return told
    if isinstance(dtype, pl.Decimal):
        return Decimal(told)
    return date.fromisoformat(told) if isinstance(dtype, pl.Date) else told


def _place(report: Rollup, code: str, lang: Lang) -> str:
    if code == COUNTRY:
        return say("lake.country", lang)
    named = report.names.get(code)
    return f"{code} {named}" if named and named != code else code


def _moved(places: int | None, lang: Lang) -> str:
    """How many places a city has gained."""
    if places is None:
        return unknown(lang)
    if places == 0:
        return "—"
    return ("▲" if places > 0 else "▼") + plain(abs(places), lang)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

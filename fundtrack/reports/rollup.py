"""A province or the country: targets by city, what cities share counted once, and who has moved in the ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Protocol

import polars as pl

from fundtrack.metrics.progress import BAND_EARLY, BAND_LATE, PROGRESS
from fundtrack.metrics.regions import (
    COUNTRY,
    Merged,
    province,
    ranked,
    region_progress,
    shared_firms,
    shared_funds,
)
from fundtrack.periods import day_before, quarter_end
from fundtrack.reports.lake_lines import status, title, value
from fundtrack.reports.lines import Lines
from fundtrack.reports.progress import json_rows
from fundtrack.text.numbers import percent, plain, unknown
from fundtrack.text.say import Lang, say, sentences

Row = Mapping[str, Any]
STANDING: Final[dict[str, pl.DataType]] = {"jurisdiction": pl.String(), **PROGRESS}
"""A city's target on a day."""


class Source(Protocol):
    """What a city has put into the lake; `lake.standing.City` is one."""

    @property
    def jurisdiction(self) -> str:
        """Its code."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def edition(self) -> int:
        """Which of its editions."""

    @property
    def edition_hash(self) -> str:
        """The head hash of its chain."""

    @property
    def as_of(self) -> date | None:
        """How far its data go."""

    @property
    def pushed_at(self) -> str:
        """When it pushed, ISO 8601, UTC."""


@dataclass(frozen=True, slots=True)
class Rollup:
    """What many cities have reached together.

    Attributes:
        as_of: the day.
        since: the day with which the ranking is compared.
        regions: each province's targets, and the country's where there are several, see `metrics.regions.REGIONAL`.
        cities: each city's targets with rank, rank_before and rank_change within what was asked for.
        shared: partner funds that stand in several cities, see `metrics.regions.SHARED`.
        firms: houses that sign with several cities, see `metrics.regions.FIRMS`.
        names: what cities and provinces are called, by code.
        data_as_of: how far each city's own data go.
        sources: each city's edition, out of which all this is computed.
        since_known: the ranking is compared with what the lake held at the end of this day; None: with what it holds now.
    """

    as_of: date
    since: date
    regions: pl.DataFrame
    cities: pl.DataFrame
    shared: pl.DataFrame
    firms: pl.DataFrame
    names: Mapping[str, str]
    data_as_of: Mapping[str, date | None]
    sources: tuple[Source, ...] = ()
    since_known: date | None = None

    def place(self, code: str, lang: Lang) -> str:
        """What a city, a province or the country is called, without its code."""
        if code == COUNTRY:
            return say("lake.country", lang)
        known = f"province_name.{code}"
        return say(known, lang) if known in sentences(lang) else self.names.get(code, code)

    def as_json(self) -> dict[str, Any]:
        """Show it as JSON: every amount and count a text with two decimals, exact."""
        return {
            "as_of": self.as_of.isoformat(),
            "since": self.since.isoformat(),
            "since_known": _iso(self.since_known),
            "sources": [_source(one) for one in self.sources],
            "regions": [self._named(row, "region") for row in json_rows(self.regions)],
            "cities": [self._named(row, "jurisdiction") for row in json_rows(self.cities)],
            "shared": [self._named(row, "jurisdiction") for row in json_rows(self.shared)],
            "shared_firms": [self._named(row, "jurisdiction") for row in json_rows(self.firms)],
        }

    def _named(self, row: dict[str, Any], of: str) -> dict[str, Any]:
        code = row[of]
        own = {} if of == "region" else {"data_as_of": _iso(self.data_as_of.get(code))}
        return {"place": self.place(code, "zh"), **own, **row}


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
    earlier: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    sources: Sequence[Source] = (),
    since_known: date | None = None,
) -> Rollup:
    """Put cities together.

    Args:
        tables: each city's tables, by its code.
        standings: what `by_city.Standing` told of each, by its code.
        days: the day, and that with which the ranking is compared.
        names: what cities and provinces are called, by code.
        data_as_of: how far each city's own data go.
        bands: how far below pace is still `behind`.
        earlier: what the cities told of the second day, where it is not what they tell of it now.
        sources: each city's edition.
        since_known: on which day `earlier` was known.
    """
    now, before = _standing(standings, days[0]), _standing(standings if earlier is None else earlier, days[1])
    provinces: dict[str, list[str]] = {}
    for code in sorted(tables):
        provinces.setdefault(province(code), []).append(code)
    regions = {**({COUNTRY: sorted(tables)} if len(provinces) > 1 else {}), **provinces}
    found = [
        region_progress(region, {code: tables[code] for code in codes}, now, days[0], *bands)
        for region, codes in regions.items()
    ]
    merged = Merged(tables)
    return Rollup(
        *days, pl.concat(found), ranked(now, before), shared_funds(merged), shared_firms(merged, days[0]), names, data_as_of,
        tuple(sources), since_known,
    )  # fmt: skip


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
    """What stands in several cities, a sentence each: counted once, or to be looked at."""
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
    for _, rows in report.firms.group_by("house", maintain_order=True):
        first = rows.filter("speaks").row(0, named=True)
        cities = [_place(report, code, lang) for code in rows["jurisdiction"].unique().sort()]
        out.append(
            say(
                "lake.shared_house", lang, name=first["name"], cities=say("finding.join", lang).join(cities),
                speaks=_place(report, first["jurisdiction"], lang), day=first["first_signed_on"],
            )
        )  # fmt: skip
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
    named = report.place(code, lang)
    return named if code in {COUNTRY, named} else f"{code} {named}"


def _moved(places: int | None, lang: Lang) -> str:
    """How many places a city has gained."""
    if places is None:
        return unknown(lang)
    if places == 0:
        return "—"
    return ("▲" if places > 0 else "▼") + plain(abs(places), lang)


def _source(one: Source) -> dict[str, Any]:
    return {
        "jurisdiction": one.jurisdiction, "place": one.name, "edition": one.edition, "edition_hash": one.edition_hash,
        "data_as_of": _iso(one.as_of), "pushed_at": one.pushed_at,
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

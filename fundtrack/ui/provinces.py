"""What the page of many cities is asked for, and what the lake says to it; kept by what the cities have pushed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import streamlit as st

from fundtrack.errors import InputError
from fundtrack.lake.delta import Lake
from fundtrack.lake.engines import Here
from fundtrack.lake.standing import City, CityLedger, cities, push_days
from fundtrack.metrics.regions import province
from fundtrack.reports import by_city
from fundtrack.reports.regional import Reached, examples, of_region, regional
from fundtrack.reports.rollup import Rollup
from fundtrack.settings import settings_now
from fundtrack.text.say import sentences
from fundtrack.ui.address import along, as_day, given, pick, put
from fundtrack.ui.language import lang, t

OWN: Final = ("region", "day", "known", "since", "pushed", "target")
"""Parts of the address that say what is asked for; links within the page keep them."""
_CURRENT: Final = 60.0
"""Seconds after which it is looked anew whether any city has pushed."""
State = tuple[tuple[str, str], ...]
"""Which edition of each city: code and head hash."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for.

    Attributes:
        uri: the lake.
        region: a province; empty for every city.
        day: as true at; None for the newest date of any city's data.
        known: as the lake held at the end of this day; None for now.
        since: the ranking is compared with this day; None for the usual.
        pushed: the ranking is compared with what the lake held at the end of this day; None for what it holds.
    """

    uri: str
    region: str = ""
    day: date | None = None
    known: date | None = None
    since: date | None = None
    pushed: date | None = None


@st.cache_resource(ttl=_CURRENT, max_entries=32, show_spinner=False)
def _held(uri: str, known: date | None) -> list[City]:
    return cities(Lake(uri, settings_now().lake_options), known)


@st.cache_resource(ttl=_CURRENT, max_entries=4, show_spinner=False)
def _days(uri: str) -> list[date]:
    return push_days(Lake(uri, settings_now().lake_options))


def asked() -> Asked:
    """Read the address; the lake is that of the settings."""
    return Asked(settings_now().lake, given("region"), *(as_day(given(name)) for name in OWN[1:5]))


def held(what: Asked) -> list[City]:
    """The cities of the region that is asked for; of every region where none of it is in the lake.

    Raises:
        InputError: `lake_empty`, `lake_nothing_then`, `lake_unreadable`.
        IntegrityError: `lake_newer`, `lake_incomplete`.
    """
    found = _held(what.uri, what.known)
    return of_region(found, what.region or None) or found


def choose(what: Asked) -> Asked:
    """Let the reader choose region, day, knowledge and what the ranking is compared with; all of it stands in the address."""
    every = _held(what.uri, what.known)
    regions = sorted({province(city.jurisdiction) for city in every})
    days = [day.isoformat() for day in _days(what.uri)]
    columns = st.columns([1.3, 1, 1.2, 1.6, 1])
    with columns[0]:
        several = ("", *regions) if len(regions) > 1 else (regions[0],)
        region = pick("region", t("province.region"), several, _region)  # fmt: skip
    with columns[1]:
        day = _date("day", t("ui.as_of"), what.day or _newest(every), what.day)
    with columns[2]:
        known = pick(
            "known", t("province.known"), ("", *days), lambda each: each or t("province.known_newest")
        )
    with columns[3]:
        pushed = pick("pushed", t("province.against"), ("", *days),
                      lambda each: t("province.against_push", day=each) if each else t("province.against_day"))  # fmt: skip
    chosen = Asked(what.uri, region, day, as_day(known), what.since, as_day(pushed))
    with columns[4]:
        since = _date("since", t("province.since"), what.since or rolled(chosen).since, what.since)
    return Asked(what.uri, region, day, as_day(known), since, as_day(pushed))


def _date(name: str, label: str, shown: date, given_: date | None) -> date | None:
    """A day kept in the address; none where it is the usual one."""
    chosen = st.date_input(label, shown, min_value="1999-01-01", max_value="2099-12-31", format="YYYY-MM-DD", key=f"w_{name}_{shown}")  # fmt: skip
    wanted = given_ if chosen == shown or not isinstance(chosen, date) else chosen
    put(name, wanted)
    return wanted


def _region(code: str) -> str:
    return (
        t("lake.country")
        if not code
        else t(f"province_name.{code}")
        if f"province_name.{code}" in sentences(lang())
        else code
    )


def _newest(every: Sequence[City]) -> date:
    return max((city.as_of for city in every if city.as_of), default=date.today())  # noqa: DTZ011 - the reader's day


def _state(found: Sequence[City]) -> State:
    return tuple((city.jurisdiction, city.edition_hash) for city in found)


def rolled(what: Asked) -> Rollup:
    """What the cities have reached together.

    Raises:
        InputError, IntegrityError: as `held`.
    """
    now = held(what)
    earlier = of_region(_held(what.uri, what.pushed), what.region or None) if what.pushed else []
    settings = settings_now()
    return _rolled(what, _state(now), _state(earlier), (settings.band_early, settings.band_late))


@st.cache_resource(max_entries=16, show_spinner=False)
def _rolled(what: Asked, state: State, earlier: State, bands: tuple[float, float]) -> Rollup:
    now = _these(_held(what.uri, what.known), state)
    before = (what.pushed, _these(_held(what.uri, what.pushed), earlier)) if what.pushed and earlier else None
    reached: Reached[City] = Reached(CityLedger, lambda some, report: Here().answer(some, report).shown)
    return regional(now, reached, as_of=what.day, since=what.since, earlier=before, bands=bands)


def _these(found: Sequence[City], state: State) -> list[City]:
    wanted = {code for code, _ in state}
    return [city for city in found if city.jurisdiction in wanted]


@st.cache_resource(max_entries=8, show_spinner=False)
def invented(uri: str, state: State, known: date | None) -> bool:
    """Whether any city's data are an example."""
    return any(examples(CityLedger(city)) for city in _these(_held(uri, known), state))


def is_example(what: Asked) -> bool:
    """Whether anything that the page shows is an example."""
    return invented(what.uri, _state(held(what)), what.known)


def city_of(what: Asked, code: str) -> City:
    """A city of the lake.

    Raises:
        InputError: `lake_city_unknown`.
    """
    found = {city.jurisdiction: city for city in _held(what.uri, what.known)}
    if code not in found:
        raise InputError("lake_city_unknown", jurisdiction=code, uri=what.uri)
    return found[code]


def city_report(city: City, name: str, day: date) -> Mapping[str, Any]:
    """A report of a city on a day as `fundtrack lake NAME --jurisdiction CODE --json` prints it, with its sums."""
    settings = settings_now()
    return _city_report(city, name, day, lang(), (settings.band_early, settings.band_late))


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs={City: lambda city: city.edition_hash})
def _city_report(city: City, name: str, day: date, speak: Any, bands: tuple[float, float]) -> Mapping[str, Any]:  # fmt: skip
    made: dict[str, Any] = {
        "progress": by_city.Progress(day, *bands),
        "funds": by_city.Funds(day),
        "findings": by_city.Findings(day, lang=speak),
    }
    answers = Here().answer([city], made[name]).as_json()
    found: dict[str, Any] = {**answers["cities"][0], "totals": answers["totals"]}
    return found


def to(**more: object) -> str:
    """A link within the page, which keeps what is asked for."""
    kept = {name: given(name) for name in OWN}
    return "province?" + along(**(kept | more))

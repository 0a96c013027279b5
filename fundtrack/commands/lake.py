"""Many cities: lake push, and the reports over all that have pushed."""

import argparse
import sys
from datetime import date
from typing import Any, Final

from fundtrack.arguments import Args, a_day
from fundtrack.commands.command import Command, print_json, standing
from fundtrack.errors import InputError, UsageError
from fundtrack.settings import Settings
from fundtrack.terminal import table, tell
from fundtrack.text.say import Lang, say

_ACTIONS: Final = ("push", "progress", "funds", "findings", "rollup")


def lake(args: Args, settings: Settings, lang: Lang) -> int:
    """Put a city's newest edition into a lake of many cities, or report over all of them."""
    from fundtrack.lake.layout import a_jurisdiction  # noqa: PLC0415 - keeps start-up short

    args.region = args.region and a_jurisdiction(args.region)
    args.jurisdiction = [a_jurisdiction(code) for code in args.jurisdiction]
    if args.action == "push":
        return _push(args, settings, lang)
    if isinstance(args.known_at, int):
        raise UsageError("lake_known_day", value=args.known_at)
    return (_rollup if args.action == "rollup" else _report)(args, settings, lang)


def _push(args: Args, settings: Settings, lang: Lang) -> int:
    from fundtrack.lake.delta import Lake  # noqa: PLC0415
    from fundtrack.lake.push import push  # noqa: PLC0415

    if len(args.jurisdiction) != 1 or args.known_at is not None or args.as_of is not None:
        raise UsageError("lake_push_whose")
    with standing(settings).ledger().held() as ledger:
        bands = (settings.band_early, settings.band_late)
        done = push(
            ledger,
            Lake(args.uri, settings.lake_options),
            args.jurisdiction[0],
            args.name,
            bands,
            replace=args.replace,
        )
    if args.json:
        print_json(done.as_json())
    words = {
        "name": done.name,
        "jurisdiction": done.jurisdiction,
        "edition": done.edition,
        "rows": sum(done.rows.values()),
        "head": done.edition_hash[:16],
    }
    tell(say(f"lake.{done.outcome}", lang, **words))
    return 0


def _report(args: Args, settings: Settings, lang: Lang) -> int:
    from fundtrack.lake.delta import Lake  # noqa: PLC0415
    from fundtrack.lake.standing import cities  # noqa: PLC0415
    from fundtrack.reports import by_city  # noqa: PLC0415
    from fundtrack.reports.lake_lines import city_lines, total_lines  # noqa: PLC0415

    bands = (settings.band_early, settings.band_late)
    reports: dict[str, Any] = {
        "progress": by_city.Progress(args.as_of, *bands),
        "funds": by_city.Funds(args.as_of),
        "findings": by_city.Findings(args.as_of, args.clear, lang),
    }
    held = cities(Lake(args.uri, settings.lake_options), args.known_at, args.jurisdiction)
    found = _engine(args).answer(held, reports[args.action]).as_json()
    if args.json:
        print_json(found)
        return 0
    for lines in (city_lines(args.action, found, lang), total_lines(found, lang)):
        sys.stdout.write(table(*lines) + "\n\n")
    return 0


def _rollup(args: Args, settings: Settings, lang: Lang) -> int:
    from fundtrack.lake.delta import Lake  # noqa: PLC0415
    from fundtrack.lake.standing import City, CityLedger, cities  # noqa: PLC0415
    from fundtrack.reports import rollup as rolled  # noqa: PLC0415
    from fundtrack.reports.regional import Reached, of_region, regional  # noqa: PLC0415

    def held(by: date | None) -> list[City]:
        found = of_region(cities(Lake(args.uri, settings.lake_options), by, args.jurisdiction), args.region)
        if not found:
            raise InputError("lake_region_empty", region=args.region, uri=args.uri)
        return found

    engine, now = _engine(args), held(args.known_at)
    earlier = (args.since_known, held(args.since_known)) if args.since_known else None
    reached: Reached[City] = Reached(CityLedger, lambda some, report: engine.answer(some, report).shown)
    bands = (settings.band_early, settings.band_late)
    report = regional(now, reached, as_of=args.as_of, since=args.since, earlier=earlier, bands=bands)
    if args.json:
        print_json(report.as_json())
        return 0
    against = f"{report.since} / {report.since_known}" if report.since_known else report.since
    sys.stdout.write(say("lake.rolled", lang, as_of=report.as_of, since=against, cities=len(now)) + "\n")
    for lines in rolled.rollup_lines(report, lang):
        sys.stdout.write(table(*lines) + "\n\n")
    for words in rolled.shared_words(report, lang):
        sys.stdout.write(words + "\n")
    return 0


def _engine(args: Args) -> Any:
    from fundtrack.lake.engines import Here  # noqa: PLC0415

    if args.engine == "polars":
        return Here()
    from fundtrack.lake.spark import Cluster  # noqa: PLC0415

    return Cluster(args.master)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=_ACTIONS, help="what to do")
    parser.add_argument("uri", metavar="URI", help="the lake: a folder, s3://bucket/path, abfss://… (credentials from the environment)")  # fmt: skip
    parser.add_argument("--jurisdiction", action="append", default=[], metavar="CODE",
                        help="push: whose edition this is, a code of GB/T 2260 such as 330100; reports: only this city (repeatable)")  # fmt: skip
    parser.add_argument("--name", help="push: what the city is called (default: as in 区划)")
    parser.add_argument("--replace", action="store_true",
                        help="push: write again, also in place of an edition that this data folder does not know")  # fmt: skip
    parser.add_argument("--engine", choices=("polars", "spark"), default="polars",
                        help="polars: this machine, city by city; spark: a cluster, one city a task")  # fmt: skip
    parser.add_argument("--master", default="local[*]", metavar="ADDRESS", help="Spark's master (default: local[*], this machine)")  # fmt: skip
    parser.add_argument(
        "--region", metavar="CODE", help="rollup: only this province, such as 330000 (default: every city)"
    )
    parser.add_argument("--since", type=a_day, metavar="D",
                        help="rollup: the day with which the ranking is compared (default: the quarter end before)")  # fmt: skip
    parser.add_argument("--since-known", type=a_day, metavar="D",
                        help="rollup: compare the ranking with what the lake held at the end of this day (UTC), an earlier push")  # fmt: skip
    parser.add_argument("--clear", action="store_true", help="findings: list what was found clear, too")


COMMANDS: Final = (Command(lake, _options, dated=True),)

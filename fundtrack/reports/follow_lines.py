"""The money trail, what to coordinate, indicators and published figures as lines of a terminal."""

from collections.abc import Iterable

from fundtrack.metrics.catalog import CATALOG
from fundtrack.reports.coordination import CoordinationReport, obstacle
from fundtrack.reports.indicators import IndicatorReport
from fundtrack.reports.lines import Lines
from fundtrack.reports.money_trail import TrailReport
from fundtrack.reports.published import Published
from fundtrack.text.numbers import day, plain, unknown, wan
from fundtrack.text.say import Lang, say


def trail_lines(report: TrailReport, lang: Lang) -> Lines:
    """A line a currency and station, in 10,000 of the currency."""
    heads = [say(key, lang) for key in ("lines.currency", "trail.station", "trail.value", "trail.before")]
    rows = [
        [row["currency"], say(f"trail.{row['stage']}", lang), wan(row["value"], lang), wan(row["before"], lang) if row["before"] is not None else ""]
        for row in report.stations.iter_rows(named=True)
    ]  # fmt: skip
    return heads, rows, [2, 3]


def coordination_lines(report: CoordinationReport, lang: Lang) -> Lines:
    """A line a fund."""
    heads = [say(f"coordination.{name}", lang) for name in ("fund", "stage", "obstacle", "owner", "expected")]
    none = say("coordination.unknown", lang)
    rows = [
        [row["name"], row["stage_now"] or none, obstacle(row, lang), row["owner"] or none, day(row["expected_on"], lang) if row["expected_on"] else none]
        for row in report.rows.iter_rows(named=True)
    ]  # fmt: skip
    return heads, rows, []


def indicator_lines(report: IndicatorReport, lang: Lang) -> Lines:
    """A line a ratio and currency."""
    heads = [
        say(key, lang)
        for key in ("indicators.name", "lines.currency", "indicators.value", "indicators.funds")
    ]
    rows = [
        [CATALOG[row["metric"]].name(lang), row["currency"], plain(row["value"], lang, 4), str(row["funds"])]
        for row in report.performance.iter_rows(named=True)
    ]
    return heads, rows, [2, 3]


def published_lines(rows: Iterable[Published], lang: Lang) -> Lines:
    """A line a published figure; money in units of its currency."""
    names = ("head_what", "day", "said", "then", "head_source")
    heads = [say(f"published.{name}", lang) for name in names]
    lines = [
        [each.says("what", lang), str(each.day or say("published.no_day", lang)), plain(each.value, lang, 2), _ours(each, lang), each.says("source", lang)]
        for each in rows
    ]  # fmt: skip
    return heads, lines, [2, 3]


def _ours(each: Published, lang: Lang) -> str:
    if not each.figure:
        return say("published.not_counted", lang)
    value = each.ours_then
    return unknown(lang) if value is None or isinstance(value, str) else plain(value, lang, 2)  # type: ignore[arg-type]

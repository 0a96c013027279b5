"""Reports over many cities as lines of a terminal: a line a city, then the sums."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from fundtrack.metrics.rules.finding import STATUSES
from fundtrack.reports.finding_words import status_word
from fundtrack.reports.lines import Lines
from fundtrack.text.numbers import money, percent, plain, unknown
from fundtrack.text.say import Lang, say, sentences

Row = Mapping[str, Any]
_CURRENCIES: Final = ("CNY", "USD", "HKD", "EUR", "JPY", "GBP")


def city_lines(action: str, found: Row, lang: Lang) -> Lines:
    """What each city's report says."""
    make = {"progress": _progress, "funds": _funds, "findings": _findings}[action]
    return make(found["cities"], lang)


def total_lines(found: Row, lang: Lang) -> Lines:
    """The plain sums over cities, with of how many rows each is."""
    heads = [say(f"lake.{name}", lang) for name in ("figure", "sum", "of_rows")]
    rows = [
        [row["figure"], value(row["amount"], row["unit"], lang), plain(row["counted"], lang)]
        for row in found["totals"]
    ]
    return heads, rows, [1, 2]


def value(amount: Any, unit: str | None, lang: Lang) -> str:
    """An amount of money in words, a count with its unit; unknown where it is not known."""
    if amount is None:
        return unknown(lang)
    exact = Decimal(str(amount))
    if unit in _CURRENCIES:
        return money(exact, unit, lang)
    return f"{plain(exact, lang, 2)}{unit or ''}" if lang == "zh" else plain(exact, lang, 2)


def title(row: Row, lang: Lang) -> str:
    """What a target is called."""
    key = f"target.{row['code']}"
    return say(key, lang) if lang == "en" and key in sentences(lang) else str(row["name"])


def status(word: str, lang: Lang) -> str:
    """A status with its shape."""
    return f"{say(f'status_mark.{word}', lang)} {say(f'status.{word}', lang)}"


def _city(city: Row, lang: Lang) -> list[str]:
    day = city["as_of"] or unknown(lang)
    return [f"{city['jurisdiction']} {city['name']}", day, str(city["edition"])]


def _heads(names: tuple[str, ...], lang: Lang) -> list[str]:
    return [say(f"lake.{name}", lang) for name in ("city", "as_of", "edition", *names)]


def _progress(cities: list[Row], lang: Lang) -> Lines:
    heads = _heads(("target", "actual", "goal", "completion", "status"), lang)
    rows = [
        [
            *_city(city, lang), title(row, lang), value(row["actual"], row["currency"] or row["unit"], lang),
            value(row["target"], row["currency"] or row["unit"], lang), percent(row["completion"], lang), status(row["status"], lang),
        ]
        for city in cities
        for row in city["targets"]
    ]  # fmt: skip
    return heads, rows, [2, 4, 5, 6]


def _funds(cities: list[Row], lang: Lang) -> Lines:
    heads = _heads(("funds", "counted", "participations"), lang)
    rows = [
        [
            *_city(city, lang), plain(len(city["funds"]), lang),
            plain(sum(1 for fund in city["funds"] if fund["counted"]), lang), plain(len(city["participations"]), lang),
        ]
        for city in cities
    ]  # fmt: skip
    return heads, rows, [2, 3, 4, 5]


def _findings(cities: list[Row], lang: Lang) -> Lines:
    heads = [
        *_heads((), lang),
        *[status_word(word, lang) for word in STATUSES[:3]],
        say("findings.open", lang),
    ]
    rows = []
    for city in cities:
        counts = Counter({word: sum(row[word] for row in city["rules"]) for word in (*STATUSES[:3], "open")})
        rows.append([*_city(city, lang), *[plain(counts[word], lang) for word in (*STATUSES[:3], "open")]])
    return heads, rows, [2, 3, 4, 5, 6]

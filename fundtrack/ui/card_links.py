"""Which figures the numbers in a target's sentences are, so that each leads to its own trace."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from polars import DataFrame

from fundtrack.reports.words import amount, found
from fundtrack.text.numbers import money, percent, plain, rounded
from fundtrack.ui.language import lang
from fundtrack.ui.traced import Asked

Row = Mapping[str, Any]
Known = list[tuple[str, Asked]]
_RATIOS: Final = ("completion", "year_completion", "elapsed")
_COUNTS: Final = ("liquidated", "exited", "in_being", "pipeline")


def of_ratios(row: Row) -> Known:
    """The three ratios of a card."""
    return [(percent(row[name], lang()), Asked(name, row["code"])) for name in _RATIOS]


def of_conclusion(row: Row) -> Known:
    """What the conclusion says: remaining, gained, the ratios and the lead, all as they are written there."""
    code = row["code"]
    known = of_ratios(row)
    if row["remaining"] is not None:
        known.append((amount(row["remaining"], row, lang()), Asked("remaining", code)))
    if row["lead"] is not None:
        points = rounded(row["year_completion"] * 100, 1) - rounded(row["elapsed"] * 100, 1)
        known.append((plain(abs(points), lang(), 1, fixed=True), Asked("lead", code)))
    return known


def of_footnote(row: Row, beside: DataFrame) -> Known:
    """What the footnote counts beside the target."""
    code, currency = row["code"], row["currency"] or "CNY"
    if code == "partner_funds":
        counts = {name: found(beside, code, name) for name in _COUNTS}
        return [(plain(value, lang()), Asked(name)) for name, value in counts.items() if value is not None]
    if code == "fund_scale":
        paid_in = found(beside, code, "paid_in")
        rate = paid_in / row["actual"] if paid_in is not None and row["actual"] else None
        return [] if paid_in is None else [
            (money(paid_in, currency, lang()), Asked("paid_in_fund", "", currency)),
            (percent(rate, lang()), Asked("scale_paid_in_rate", "", currency)),
        ]  # fmt: skip
    return []


def of_headline(rows: Iterable[Row], pipeline: DataFrame) -> Known:
    """What the sentence above the cards says is missing, and what is to come."""
    known: Known = []
    for row in rows:
        if row["remaining"] is None:
            continue
        written = (
            amount(row["remaining"], row, lang()) if row["currency"] else plain(row["remaining"], lang())
        )
        known.append((written, Asked("remaining", row["code"])))
    if not pipeline.is_empty():
        known.append((plain(pipeline.height, lang()), Asked("pipeline")))
    return known

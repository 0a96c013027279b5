"""The target cards: figure, target, three ratios, bullet chart, status in words, shape and colour, conclusion, footnote."""

import re
from collections.abc import Mapping
from typing import Any, Final

from polars import DataFrame

from fundtrack.reports.words import Card, amount, status_help
from fundtrack.ui.address import KEPT, given
from fundtrack.ui.card_links import Known, of_conclusion, of_footnote, of_ratios
from fundtrack.ui.html import esc, link
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked, linked, traced

Row = Mapping[str, Any]


def bullet(row: Row, goal: str) -> str:
    """A bullet chart: what stood before the year hatched, what the year added solid, the target and the pace marked."""
    target, actual = float(row["target"]), float(row["actual"] or 0)
    begin = None if row["start_value"] is None else float(row["start_value"])
    old = min(begin or 0.0, actual)
    scale = max(target, actual) * 1.03 or 1.0

    def at(value: float) -> str:
        return f"{max(0.0, min(1.0, value / scale)) * 100:.2f}%"

    parts = [
        '<div class="track"></div>',
        f'<div class="bar old" style="width:{at(old)}"></div>',
        f'<div class="bar" style="left:{at(old)};width:{at(actual - old)}"></div>',
        f'<div class="goal" style="left:{at(target)}"></div>',
    ]
    if begin is not None and begin < target and row["status"] != "missed":
        due = begin + (target - begin) * float(row["elapsed"])
        parts.append(f'<div class="pace" style="left:{at(due)}"></div>')
        side = (
            "above" if due > 0.2 * scale else "above begin"
        )  # near the beginning the word stands to the right
        parts.append(f'<span class="{side}" style="left:{at(due)}">{esc(t("overview.pace"))}</span>')
    if begin:
        parts.append(
            f'<span class="below">{esc(t("overview.start", value=amount(row["start_value"], row, lang())))}</span>'
        )
    parts.append(f'<span class="below right">{esc(t("overview.goal", value=goal))}</span>')
    label = t("overview.bullet", actual=amount(row["actual"], row, lang()), goal=goal)
    return f'<div class="bullet" role="img" data-trace="{esc(Asked(row["code"]).mark)}" aria-label="{esc(label)}">{"".join(parts)}</div>'


def status(card: Card, row: Row) -> str:
    """A status as shape, word and colour; what it means stands in its tip."""
    tip = status_help(row["status"], row["band"], lang())
    return f'<span class="status {row["status"]}" title="{esc(tip)}"><i aria-hidden="true">{card.mark}</i>{esc(card.status)}</span>'


def ratios(text: str, known: Known) -> str:
    """The three ratios, broken only between them."""
    parts = re.split(r"(?<=[｜|])\s*", text)
    return " ".join(f"<span>{linked(part, known)}</span>" for part in parts)


_LISTS: Final = {"partner_funds": "funds", "fund_scale": "funds"}
"""Targets whose title leads to the list of what is counted."""


def _titled(card: Card) -> str:
    kept = {name: given(name) for name in KEPT}
    return link(card.title, _LISTS[card.code], **kept) if card.code in _LISTS else esc(card.title)


def target_card(card: Card, row: Row, beside: DataFrame, foretold: str = "", closing: str = "") -> str:
    """One of the four cards; what is forecast of it, and what would close its gap, stands apart from what is counted."""
    about = Asked(card.code)
    return (
        f'<section class="card {row["status"]}" data-code="{esc(card.code)}"><h3>{_titled(card)}</h3>'
        f'<div class="figure"><span class="main">{traced(card.figure, card.code)}</span><div class="beside">{status(card, row)}'
        f'<span class="target">{linked(t("overview.target", goal=card.goal), [], Asked("target", card.code))}</span></div></div>'
        f'<p class="ratios">{ratios(card.ratios, of_ratios(row))}</p>'
        f"{bullet(row, amount(row['target'], row, lang(), fixed=False))}"
        f'<p class="says">{linked(card.conclusion, of_conclusion(row), about)}</p>'
        + (
            f'<p class="closing"><b>{forecast_link(t("closing.label"))}</b> {esc(closing)}</p>'
            if closing
            else ""
        )
        + (
            f'<p class="foretold">{linked(foretold, [], Asked(f"forecast:{card.code}"))}</p>'
            if foretold
            else ""
        )
        + f'<p class="foot">{linked(card.footnote, of_footnote(row, beside), about)}</p></section>'
    )


def forecast_link(words: str) -> str:
    """Words that lead to the forecast and its plan, on the same day and edition."""
    return link(words, "forecast", **{name: given(name) for name in KEPT})


def context_card(card: Card, row: Row) -> str:
    """A reported figure of the whole city."""
    return (
        f'<div data-code="{esc(card.code)}"><h3>{esc(card.title)}</h3>'
        f'<div class="figure"><span class="main">{traced(card.figure, card.code)}</span></div>'
        f'<div class="target">{linked(t("overview.target", goal=card.goal), [], Asked("target", card.code))} · {status(card, row)}</div>'
        f'<p class="soft">{esc(card.footnote)}</p></div>'
    )

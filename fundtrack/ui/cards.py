"""The target cards: figure, target, three ratios, bullet chart, status in words, shape and colour, conclusion, footnote."""

import re
from collections.abc import Mapping
from typing import Any

from fundtrack.reports.words import Card, amount, status_help
from fundtrack.ui.html import esc
from fundtrack.ui.language import lang, t

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
        parts.append(f'<span class="above" style="left:{at(due)}">{esc(t("overview.pace"))}</span>')
    if begin:
        parts.append(
            f'<span class="below">{esc(t("overview.start", value=amount(row["start_value"], row, lang())))}</span>'
        )
    parts.append(f'<span class="below right">{esc(t("overview.goal", value=goal))}</span>')
    label = t("overview.bullet", actual=amount(row["actual"], row, lang()), goal=goal)
    return f'<div class="bullet" role="img" aria-label="{esc(label)}">{"".join(parts)}</div>'


def status(card: Card, row: Row) -> str:
    """A status as shape, word and colour; what it means stands in its tip."""
    tip = status_help(row["status"], row["band"], lang())
    return f'<span class="status {row["status"]}" title="{esc(tip)}"><i aria-hidden="true">{card.mark}</i>{esc(card.status)}</span>'


def ratios(text: str) -> str:
    """The three ratios, broken only between them."""
    parts = re.split(r"(?<=[｜|])\s*", text)
    return " ".join(f"<span>{esc(part)}</span>" for part in parts)


def target_card(card: Card, row: Row) -> str:
    """One of the four cards."""
    return (
        f'<section class="card {row["status"]}" data-code="{esc(card.code)}"><h3>{esc(card.title)}</h3>'
        f'<div class="figure"><span class="main">{esc(card.figure)}</span>{status(card, row)}</div>'
        f'<div class="target">{esc(t("overview.target", goal=card.goal))}</div>'
        f'<p class="ratios">{ratios(card.ratios)}</p>'
        f"{bullet(row, amount(row['target'], row, lang(), fixed=False))}"
        f'<p class="says">{esc(card.conclusion)}</p>'
        f'<p class="foot">{esc(card.footnote)}</p></section>'
    )


def context_card(card: Card, row: Row) -> str:
    """A reported figure of the whole city."""
    return (
        f'<div data-code="{esc(card.code)}"><h3>{esc(card.title)}</h3>'
        f'<div class="figure"><span class="main">{esc(card.figure)}</span></div>'
        f'<div class="target">{esc(t("overview.target", goal=card.goal))} · {status(card, row)}</div>'
        f'<p class="soft">{esc(card.footnote)}</p></div>'
    )

"""What the Overview draws above the fold: subtitle, conclusion, cards; below, the city's figures and the forecasts' switch."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from fundtrack.reports.coordination import CoordinationReport
from fundtrack.reports.forecast import card_line
from fundtrack.reports.progress import ProgressReport
from fundtrack.reports.received import Received
from fundtrack.text.numbers import day
from fundtrack.ui.address import given, heed, put
from fundtrack.ui.card_links import of_headline
from fundtrack.ui.cards import context_card, target_card
from fundtrack.ui.context import View
from fundtrack.ui.foreseen import forecast_of
from fundtrack.ui.html import empty, esc, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked, linked


def title(report: ProgressReport) -> str:
    """The page's title, with the year of the plan."""
    due = report.targets["due_on"].max()
    return t("overview.title", year=due.year) if isinstance(due, date) else t("page.overview")


def subtitle(report: ProgressReport, received: Received | None) -> str:
    """Both data dates and the edition."""
    if report.as_of is None:
        return ""
    parts = [t("overview.targets_as_of", day=day(report.as_of, lang()))]
    if received is not None:
        quarter = t(f"overview.quarter_{received.period[5:]}")
        words = {
            "day": day(received.ends_on, lang()),
            "quarter": quarter,
            "due": received.due,
            "received": received.received,
        }
        parts.append(t("overview.funds_as_of", **words))
    parts.append(t("overview.edition", edition=report.edition))
    return t("overview.join").join(parts)


def draw_cards(report: ProgressReport, foretold: Mapping[str, str], coordination: CoordinationReport) -> None:
    """The conclusion and the four cards; in each, what would close its gap and, where shown, what is forecast."""
    rows = {row["code"]: row for row in report.targets.iter_rows(named=True)}
    cards = [
        target_card(
            card,
            rows[card.code],
            report.beside,
            foretold.get(card.code, ""),
            coordination.closing(rows[card.code], lang()),
        )
        for card in report.cards(lang())
        if rows[card.code]["computed"]
    ]
    if not cards:
        show(empty(t("overview.no_targets")))
        return
    counted = [row for row in rows.values() if row["computed"]]
    known = of_headline(counted, report.pipeline)
    show(f'<p class="lead">{linked(report.headline(lang()), known, Asked("targets_done"))}</p>')
    show(f'<div class="cards">{"".join(cards)}</div>')


def foretelling() -> bool:
    """Whether the reader wants forecasts beside what is counted."""
    return given("forecast") != "off"


def foretold(seen: View) -> dict[str, str]:
    """The line of the forecast in each card; none where the reader has switched them off."""
    return (
        {found.code: card_line(found, lang()) for found in forecast_of(seen).targets} if foretelling() else {}
    )


def draw_switch() -> None:
    """Let the reader switch the forecasts off."""

    def keep() -> None:
        put("forecast", None if st.session_state["w_forecast"] else "off")

    chosen = st.toggle(t("foresee.toggle"), value=foretelling(), key="w_forecast", on_change=keep)
    heed(chosen, foretelling(), keep)


def draw_context(report: ProgressReport) -> None:
    """The city's figures, apart."""
    rows = {row["code"]: row for row in report.targets.iter_rows(named=True)}
    cards = [
        context_card(card, rows[card.code])
        for card in report.cards(lang())
        if not rows[card.code]["computed"]
    ]
    if cards:
        show(f"<h2>{esc(t('overview.context'))}</h2>", f'<div class="context">{"".join(cards)}</div>')

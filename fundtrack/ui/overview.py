"""What the Overview draws: subtitle, conclusion, cards, growth over the years, the city's figures."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from fundtrack.periods import month_end
from fundtrack.reports.findings import FindingsReport
from fundtrack.reports.forecast import card_line
from fundtrack.reports.growth import GrowthReport
from fundtrack.reports.progress import ProgressReport
from fundtrack.reports.received import Received
from fundtrack.reports.words import amount
from fundtrack.text.numbers import YI, day, month, plain, scaled
from fundtrack.ui import charts
from fundtrack.ui.address import KEPT, given, put
from fundtrack.ui.card_links import of_headline
from fundtrack.ui.cards import context_card, target_card
from fundtrack.ui.context import View
from fundtrack.ui.foreseen import forecast_of
from fundtrack.ui.html import empty, esc, link, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked, linked, traced

GROWING = ("partner_funds", "fund_scale")


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


def draw_cards(report: ProgressReport, foretold: Mapping[str, str]) -> None:
    """The conclusion and the four cards; under each, what is forecast of it, where that is shown."""
    rows = {row["code"]: row for row in report.targets.iter_rows(named=True)}
    cards = [
        target_card(card, rows[card.code], report.beside, foretold.get(card.code, ""))
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


def draw_concerns(findings: FindingsReport) -> None:
    """What needs attention, in one line that leads to the findings."""
    kept = {name: given(name) for name in KEPT}
    words = esc(findings.summary(lang()))
    show(
        f"<h2>{esc(t('overview.concerns'))}</h2>",
        f"<p>{words} {link(t('overview.to_findings'), 'findings', **kept)}</p>",
    )


def foretold(seen: View) -> dict[str, str]:
    """The line of the forecast under each card; none where the reader has switched them off."""
    if not st.toggle(t("foresee.toggle"), value=given("forecast") != "off", key="w_forecast"):
        put("forecast", "off")
        return {}
    put("forecast", None)
    return {found.code: card_line(found, lang()) for found in forecast_of(seen).targets}


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


def draw_growth(growth: GrowthReport, report: ProgressReport) -> None:
    """Number of funds and scale over the years, side by side, each under its finding."""
    rows = {row["code"]: row for row in report.targets.iter_rows(named=True)}
    show(f"<h2>{esc(t('overview.growth'))}</h2>")
    for place, code in zip(st.columns(len(GROWING), gap="medium"), GROWING, strict=True):
        with place:
            if code in rows:
                _draw_one(growth, rows[code])


def _draw_one(growth: GrowthReport, row: Mapping[str, Any]) -> None:
    code = row["code"]
    years = growth.years.filter(growth.years["code"] == code).to_dicts()
    known = [year for year in years if year["value"] is not None]
    if not known:
        show(
            f"<h3>{esc(row['name'] if lang() == 'zh' else t(f'target.{code}'))}</h3>",
            empty(t("overview.no_growth")),
        )
        return
    last = known[-1]
    finding = t(
        f"overview.finding_{code}", first=known[0]["day"].year, value=amount(last["value"], row, lang()), year=last["day"].year,
        added=amount(last["added"], row, lang()), added_number=plain(last["added"], lang()), goal=amount(row["target"], row, lang(), fixed=False),
    )  # fmt: skip
    points = [
        charts.Point(_period(year["day"]), float(year["value"]), _short(year["value"], code))
        for year in known
    ]
    figure = charts.growth(
        points, float(row["target"]), t("overview.goal_line", value=_short(row["target"], code, fixed=False))
    )
    show(
        f"<h3>{linked(finding, [], Asked(code))}</h3>",
        f'<p class="soft">{esc(t(f"overview.unit_{code}"))}</p>',
    )
    charts.draw(figure, key=f"growth_{code}", alt=finding)
    points_of = " · ".join(traced(_period(year["day"]), code, as_of=year["day"]) for year in known)
    show(f'<p class="soft">{esc(t("trace.page.years"))}{points_of}</p>')


def _period(last: date) -> str:
    """The name of a year; of one that has not ended, with its last month."""
    return str(last.year) if last == month_end(last.year, 12) else month(last, lang())


def _short(value: Decimal, code: str, *, fixed: bool = True) -> str:
    """A value as it stands on a bar, in the chart's unit."""
    if code != "fund_scale":
        return plain(value, lang())
    power, places = (YI, 1) if lang() == "zh" else (YI + 1, 2)
    return scaled(value, lang(), power, places, fixed=fixed)

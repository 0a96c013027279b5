"""How money of two currencies looks: side by side, each in its own, never in one sum."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from fundtrack.reports.funds import FundsReport
from fundtrack.reports.money_trail import TrailReport
from fundtrack.reports.progress import ProgressReport
from fundtrack.reports.words import found
from fundtrack.text.numbers import money, wan
from fundtrack.ui.address import KEPT, given
from fundtrack.ui.cards import target_card
from fundtrack.ui.figures import currency_col, currency_word, share_text
from fundtrack.ui.html import Col, empty, esc, facts, grid, link, plain_col, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.overview_panels import FIGURES
from fundtrack.ui.traced import Asked, linked, traced

Row = Mapping[str, Any]
CODE: Final = "cross_border"
_BESIDE: Final = {
    "planned_size": "",
    "paid_in": "trail_received",
    "placed": "",
    "placed_paid": "paid_to_funds",
}
"""What stands beside the target, and the figure that each is; those without one are explained by the card."""


def draw_target(report: ProgressReport, foretold: Mapping[str, str], closing: Mapping[str, str]) -> None:
    """The target's card, and beside it what is planned, received, placed and paid on."""
    rows = {row["code"]: row for row in report.targets.iter_rows(named=True)}
    card = next((each for each in report.cards(lang()) if each.code == CODE), None)
    if card is None:
        show(empty(t("overview.no_targets")))
        return
    row = rows[CODE]
    left, right = st.columns(2, gap="medium", vertical_alignment="center")
    with left:
        own = target_card(card, row, report.beside, foretold.get(CODE, ""), closing.get(CODE, ""))
        show(f'<div class="cards one">{own}</div>')
    currency = row["currency"] or "USD"
    pairs = []
    for name, figure in _BESIDE.items():
        text = money(found(report.beside, CODE, name, currency), currency, lang())
        shown = traced(text, figure, "", currency) if figure else linked(text, [], Asked(CODE))
        pairs.append((t(f"cross.{name}"), shown))
    with right:
        show(facts(pairs))


def draw_sides(report: TrailReport) -> None:
    """The stations of the money, a column for each currency; there is no column of both."""
    currencies = report.totals["currency"].to_list()
    if not currencies:
        show(empty(t("trail.none")))
        return
    by = {currency: {row["stage"]: row for row in report.of(currency)} for currency in currencies}
    rows = [{"stage": stage} for stage in FIGURES]
    columns = [Col(t("trail.station"), lambda row: esc(t(f"cross.stage_{row['stage']}")), "fix")]
    for currency in currencies:
        columns += [
            Col(t("cross.in_wan", currency=currency_word(currency)), _amount(by[currency], currency), "num"),
            Col(t("cross.share", currency=currency_word(currency)), _share(by[currency]), "num"),
        ]
    show(grid(rows, columns, label=t("cross.sides")))
    say_soft(t("cross.never"))


def _amount(stages: Mapping[str, Row], currency: str) -> Any:
    """An amount; what guidance funds would have to record themselves, and did not, says so."""

    def cell(row: Row) -> str:
        value, figure = stages[row["stage"]]["value"], FIGURES[row["stage"]]
        unrecorded = value is None and figure.startswith("trail_")
        return traced(t("cross.unrecorded") if unrecorded else wan(value, lang()), figure, "", currency)

    return cell


def _share(stages: Mapping[str, Row]) -> Any:
    """The part of the station before: it follows from the two amounts beside it, each of which has its trace."""

    def cell(row: Row) -> str:
        one = stages[row["stage"]]
        kept = {name: given(name) for name in KEPT}
        if one["share"] is None:
            return "—"
        return link(
            share_text(one["share"]), "trace", **kept, figure=FIGURES[row["stage"]], currency=one["currency"]
        )

    return cell


def draw_funds(report: FundsReport) -> None:
    """Partner funds in other currencies than the yuan: in no target of funds' scale."""
    rows = [row for row in report.funds.to_dicts() if row["currency"] != "CNY"]
    if not rows:
        show(empty(t("cross.no_funds")))
        return
    kept = {name: given(name) for name in KEPT}

    def amount(name: str) -> Col:
        return Col(
            t(f"funds.{name}"),
            lambda row: traced(wan(row[name], lang()), name, row["partner_fund_id"]),
            "num",
        )

    columns = [
        Col(t("funds.name"), lambda row: link(str(row["name"]), "funds", fund=row["partner_fund_id"], **kept), "wide"),
        currency_col(),
        plain_col(t("funds.established_on"), "established_on", "fix"),
        *(amount(name) for name in ("committed_size", "paid_in", "guidance_committed", "guidance_paid_in")),
    ]  # fmt: skip
    show(grid(rows, columns, label=t("cross.funds")))

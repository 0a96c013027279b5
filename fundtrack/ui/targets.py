"""How targets look: each with its card, its course over the quarters, its forecast, its definition; then the pipeline."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from fundtrack.metrics.catalog import CATALOG
from fundtrack.reports.coordination import CoordinationReport
from fundtrack.reports.forecast import method
from fundtrack.reports.growth import GrowthReport
from fundtrack.reports.own_sources import source_name
from fundtrack.reports.progress import ProgressReport
from fundtrack.text.numbers import currency_name, plain, unknown, wan
from fundtrack.ui.address import KEPT, given
from fundtrack.ui.cards import target_card
from fundtrack.ui.context import View
from fundtrack.ui.figures import currency_col, currency_word
from fundtrack.ui.foreseen import forecast_of
from fundtrack.ui.foretelling import draw_course
from fundtrack.ui.html import Col, empty, esc, grid, link, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.overview import foretold
from fundtrack.ui.overview_panels import coordination_table
from fundtrack.ui.traced import traced

Row = Mapping[str, Any]


def draw_each(
    seen: View, report: ProgressReport, growth: GrowthReport, coordination: CoordinationReport
) -> None:
    """Every target counted from the ledger: card and definition on the left, course with forecast on the right, quarters below."""
    rows = {row["code"]: row for row in report.targets.iter_rows(named=True)}
    cards = [card for card in report.cards(lang()) if rows[card.code]["computed"]]
    if not cards:
        show(empty(t("overview.no_targets")))
    said = foretold(seen)
    for card in cards:
        row = rows[card.code]
        left, right = st.columns([1, 1.5], gap="medium")
        with left:
            closing = coordination.closing(row, lang())
            show(
                f'<div class="cards one">{target_card(card, row, report.beside, said.get(card.code, ""), closing)}</div>'
            )
            show(
                f'<p class="soft"><b>{esc(t("targets.definition"))}</b> {esc(CATALOG[card.code].formula(lang()))}</p>'
            )
            show(
                f'<p class="soft"><b>{esc(t("targets.source"))}</b> {esc(source_name(row["source"], lang()))}</p>'
            )
        with right:
            _draw_right(seen, card.code)
            _draw_quarters(growth, row)


def _draw_right(seen: View, code: str) -> None:
    """The course with its forecast, and how that is made."""
    report = forecast_of(seen)
    found = report.of(code)
    if found is None:
        return
    draw_course(found, report.courses.get(code, ()))
    say_soft(method(found, lang()))


def _draw_quarters(growth: GrowthReport, row: Row) -> None:
    """The values at the ends of quarters, newest first."""
    code = row["code"]
    quarters = growth.quarters.filter(code=code).reverse().head(12).to_dicts()
    if not quarters:
        return
    cumulative = code != "new_managers"
    columns = [
        Col(t("targets.until"), lambda each: esc(each["day"]), "fix"),
        *([Col(t("growth_chart.value"), lambda each: traced(_value(each["value"], each), code, as_of=each["day"]), "num")] if cumulative else []),
        Col(t("growth_chart.added"), lambda each: _added(each, code), "num"),
    ]  # fmt: skip
    with st.expander(t("targets.quarters")):
        if row["currency"]:
            say_soft(t("targets.in_wan", currency=currency_name(row["currency"], lang())))
        show(grid(quarters, columns, label=t("targets.quarters"), tall=True))


def _value(value: Decimal | None, row: Row) -> str:
    if value is None:
        return unknown(lang())
    return wan(value, lang()) if row["currency"] else plain(value, lang())


def _added(row: Row, code: str) -> str:
    """What a quarter added: no figure of its own, it leads to the value at its end."""
    words = _value(row["added"], row)
    return link(
        words,
        "trace",
        **{name: given(name) for name in KEPT} | {"figure": code, "as_of": row["day"].isoformat()},
    )


def draw_pipeline(report: ProgressReport, coordination: CoordinationReport, as_of: date | None) -> None:
    """Funds approved and not established, which count nowhere: their sizes, then what stands in each one's way."""
    show(f"<h2>{esc(t('targets.pipeline'))}</h2>")
    say_soft(t("targets.pipeline_help", day=as_of))
    rows = report.pipeline.to_dicts()
    if not rows:
        show(empty(t("coordination.none")))
        return
    kept = {name: given(name) for name in KEPT}
    columns = [
        Col(t("coordination.fund"), lambda row: link(str(row["name"]), "funds", fund=row["partner_fund_id"], **kept), "wide"),
        Col(t("targets.status"), lambda row: esc(t(f"stage.{row['status']}") if row["status"] else ""), "fix"),
        Col(t("targets.approved"), lambda row: esc(row["approved_on"]), "fix"),
        Col(t("targets.approval_no"), lambda row: esc(row["approval_no"]), "fix"),
        Col(t("coordination.expected"), lambda row: esc(row["expected_on"] or t("coordination.unknown")), "fix"),
        currency_col(),
        Col(t("targets.size"), lambda row: _cell(row, "size_planned"), "num"),
        Col(t("targets.guidance"), lambda row: _cell(row, "guidance_planned"), "num"),
    ]  # fmt: skip
    show(grid(rows, columns, label=t("targets.pipeline")))
    planned = report.beside.filter(item="pipeline_size_planned").to_dicts()
    sums = [
        esc(t("targets.sum", currency=currency_word(str(row["currency"])))) + " " + traced(wan(row["value"], lang()), "pipeline_size", "", row["currency"])
        for row in planned
    ]  # fmt: skip
    show(f'<p class="soft">{esc(t("ui.unit_line"))} {" · ".join(sums)}</p>')
    show(f"<h3>{esc(t('coordination.title'))}</h3>", coordination_table(coordination.rows.to_dicts()))
    say_soft(t("coordination.owner_help"))


def _cell(row: Row, name: str) -> str:
    """A planned amount: it stands in the fund's own row, and leads to the fund's page."""
    if row[name] is None:
        return esc(unknown(lang()))
    kept = {key: given(key) for key in KEPT}
    return link(wan(row[name], lang()), "funds", fund=row["partner_fund_id"], **kept)

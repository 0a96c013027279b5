"""Scenarios side by side, and the form to make and keep one's own."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from fundtrack.errors import FundtrackError
from fundtrack.metrics.scenario import PRESETS, Scenario
from fundtrack.reports.forecast import between, chance
from fundtrack.reports.plan import PlanReport
from fundtrack.reports.plan_words import money, quarter
from fundtrack.reports.words import amount
from fundtrack.service import doing
from fundtrack.text.numbers import currency_name, day, percent
from fundtrack.text.problems import error_sentence
from fundtrack.ui.context import View
from fundtrack.ui.foreseen import scenario_of, scenarios_of
from fundtrack.ui.html import Col, esc, grid, say_soft, show
from fundtrack.ui.identity import desk, fragment
from fundtrack.ui.language import lang, t

_GIVEN = tuple(each.name for each in PRESETS)
_FACTORS = ("delay", "arrivals", "exits", "nav", "fx")

Row = Mapping[str, Any]


def named(scenario: Scenario) -> str:
    """A scenario's name."""
    return t(f"foresee.{scenario.name}") if scenario.name in _GIVEN else scenario.name


@fragment
def draw_scenarios(seen: View, plan: PlanReport) -> None:
    """Choose, compare, make one's own; only this part of the page runs again."""
    show(f"<h2>{esc(t('foresee.scenarios'))}</h2>")
    say_soft(t("foresee.scenarios_help", made=day(seen.as_of, lang())))
    known = {each.name: each for each in scenarios_of(seen)}
    chosen = st.multiselect(
        t("foresee.choose"),
        list(known),
        default=list(known)[:9],
        format_func=lambda name: named(known[name]),
        key="w_scenarios",
    )
    bar = st.progress(0.0, t("foresee.working"))
    found: dict[str, dict[tuple[str, str, str], Row]] = {}
    for place, name in enumerate(chosen):
        rows = scenario_of(seen, known[name]).to_dicts()
        found[name] = {(row["item"], row["entity"] or "", row["currency"] or ""): row for row in rows}
        bar.progress((place + 1) / len(chosen), t("foresee.working"))
    bar.empty()
    if found:
        _compare(found, known, plan)
    _own(seen, [each for each in known if each not in _GIVEN])


def _compare(
    found: dict[str, dict[tuple[str, str, str], Row]], known: Mapping[str, Scenario], plan: PlanReport
) -> None:
    measures = list(dict.fromkeys(measure for rows in found.values() for measure in rows))
    table = [{"measure": _measure(measure, next(rows[measure] for rows in found.values() if measure in rows), plan),
              **{name: _cell(rows.get(measure), plan) for name, rows in found.items()}} for measure in measures]  # fmt: skip
    columns = [Col(t("foresee.measure"), lambda row: esc(row["measure"]), "wide")]
    columns += [Col(named(known[name]), lambda row, name=name: esc(row[name]), "wide") for name in found]  # type: ignore[misc]
    show(grid(table, columns, label=t("foresee.scenarios")))


def _measure(measure: tuple[str, str, str], row: Row, plan: PlanReport) -> str:
    item, entity, currency = measure
    if item == "target":
        return t(f"target.{entity}")
    name = plan.guidance.get(entity, entity)
    if item == "short":
        return t("foresee.item_short", name=name)
    if item == "fx_cost":
        return t("foresee.item_fx_cost", name=name, day=day(row["day"], lang()))
    return t(
        f"foresee.item_{item}",
        currency=t("plan.cny") if currency == "CNY" else currency_name(currency, lang()),
    )


def _cell(row: Row | None, plan: PlanReport) -> str:
    if row is None:
        return ""
    if row["item"] == "short":
        return _short(row, plan)
    if row["item"] == "fx_cost":
        return money(row["expected"], "CNY", lang())
    if row["item"] == "target":
        shape = {
            "code": row["entity"],
            "currency": row["currency"],
            "unit": t(f"foresee.unit_{row['entity']}") if not row["currency"] else "",
        }
        low, middle, high = (amount(row[name], shape, lang()) for name in ("low", "expected", "high"))
        return t(
            "foresee.target_cell",
            expected=middle,
            span=between(low, high, lang()),
            chance=chance(row["probability"], lang()),
        )
    low, middle, high = (money(row[name], row["currency"], lang()) for name in ("low", "expected", "high"))
    return t("plan.with_range", expected=middle, span=between(low, high, lang()))


def _short(row: Row, plan: PlanReport) -> str:
    until = (
        quarter(plan.liquidity.short["until"][0], lang())
        if plan.liquidity is not None and plan.liquidity.short.height
        else ""
    )
    if row["day_low"] is None:
        return t("foresee.no_short", until=until)
    low = quarter(row["day_low"], lang())
    if row["day"] is None:
        return t("foresee.short_chance", chance=percent(row["probability"], lang(), 0), low=low, until=until)
    high = quarter(row["day_high"], lang()) if row["day_high"] else t("plan.later", until=until)
    return t("foresee.short_cell", quarter=quarter(row["day"], lang()), low=low, high=high)


def _own(seen: View, own: list[str]) -> None:
    """The form of a scenario of one's own, and the buttons that take saved ones away."""
    labels = {"nav": "nav_factor"}

    def keep() -> None:
        given = {factor: st.session_state[f"w_factor_{factor}"] for factor in _FACTORS}
        try:
            made = Scenario(st.session_state["w_scenario_name"].strip(), **given).checked()
            doing.keep_scenario(desk(), seen.edition, made.name, made.factors())
        except FundtrackError as error:
            st.session_state["scenario_wrong"] = error
        else:
            st.session_state.pop("w_scenarios", None)

    def forget(name: str) -> None:
        try:
            doing.drop_scenario(desk(), seen.edition, name)
        except FundtrackError as error:
            st.session_state["scenario_wrong"] = error
        st.session_state.pop("w_scenarios", None)

    with st.expander(t("foresee.own_scenario")):
        if "scenario_wrong" in st.session_state:
            st.error(error_sentence(st.session_state.pop("scenario_wrong"), lang()))
        with st.form("scenario", clear_on_submit=True):
            st.text_input(t("foresee.name"), max_chars=60, key="w_scenario_name")
            for factor, cell in zip(_FACTORS, st.columns(len(_FACTORS)), strict=True):
                name = t(f"foresee.{labels.get(factor, factor)}")
                cell.number_input(name, 0.0, 4.0, 1.0, 0.05, key=f"w_factor_{factor}")
            st.form_submit_button(t("foresee.save"), type="primary", on_click=keep)
        for place, each in enumerate(own):
            st.button(f"{t('foresee.forget')} {each}", key=f"forget_{place}", on_click=forget, args=(each,))

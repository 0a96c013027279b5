"""How the forecast looks: targets with range, chance and deadline, and the pipeline."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import streamlit as st

from fundtrack.metrics.forecast.targets import Forecast
from fundtrack.reports import forecast as told
from fundtrack.reports.forecast import ForecastReport
from fundtrack.reports.plan import PlanReport
from fundtrack.reports.words import amount
from fundtrack.text.numbers import MILLION, YI, day, percent, wan
from fundtrack.ui import charts
from fundtrack.ui.chart_data import Cell
from fundtrack.ui.forecast_charts import Fan, fan_chart, fan_data
from fundtrack.ui.html import Col, empty, esc, facts, grid, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.traced import Asked, linked, traced

Course = Sequence[tuple[date, Decimal]]
"""How a target stood, day by day."""


def title_of(found: Forecast) -> str:
    """A target's name."""
    return str(found.plan["name"]) if lang() == "zh" else t(f"target.{found.code}")


def draw_targets(report: ForecastReport) -> None:
    """Each target: its line, its figures, its course with the hatched range, its method."""
    made = day(report.as_of, lang())
    show(f"<h2>{esc(t('foresee.targets'))}</h2>")
    say_soft(t("foresee.targets_help", made=made))
    if not report.targets:
        show(empty(t("overview.no_targets")))
    for left, right in zip(report.targets[::2], [*report.targets[1::2], None], strict=False):
        for place, found in zip(st.columns(2, gap="large"), (left, right), strict=True):
            if found is not None:
                with place:
                    _draw_one(found, report.courses.get(found.code, ()))


def _draw_one(found: Forecast, course: Course) -> None:
    line = told.card_line(found, lang())
    made = Asked(f"forecast:{found.code}")

    def foretold(text: str) -> str:
        return linked(text, [], made)

    show(f"<h3>{esc(title_of(found))}</h3>", f'<p class="says">{foretold(line)}</p>')
    now = (t("foresee.now"), traced(amount(found.actual, found.plan, lang()), found.code))
    goal = (
        t("foresee.goal"),
        traced(amount(found.plan["value"], found.plan, lang(), fixed=False), "target", found.code),
    )
    if found.refusal is not None:
        show(facts([now, goal]))
        say_soft(told.method(found, lang()))
        return
    shown = [now, goal, (t("foresee.median"), foretold(amount(found.expected, found.plan, lang()))), (t("foresee.range"), foretold(told.span(found, lang()))),
             (t("foresee.chance"), foretold(told.chance(found.probability, lang()))), (t("foresee.naive"), foretold(told.straight(found, lang())))]  # fmt: skip
    show(facts(shown))
    draw_course(found, course)
    notes = [told.method(found, lang()), told.resting_on(found, lang())]
    if not found.plan["currency"]:
        notes.append(t("foresee.inside", share=percent(found.inside, lang(), 0)))
    say_soft(("" if lang() == "zh" else " ").join(notes))


def draw_course(found: Forecast, course: Course) -> None:
    """A target's course until the day and where it may go, with target and deadline; nothing where nothing is forecast."""
    line = told.card_line(found, lang())
    if course:
        fan = _fan(found, course)
        goal_words = f"{t('foresee.goal')} {amount(found.plan['value'], found.plan, lang(), fixed=False)}"
        due = (found.due_on, t("foresee.due", day=day(found.due_on, lang())))
        charts.draw(
            charts.once(fan_chart, fan, (_scaled(found, found.plan["value"]), goal_words), due),
            key=f"fan_{found.code}", title=title_of(found), data=fan_data(fan, partial(_asked, found.code)),
            alt=t("foresee.chart_alt", title=title_of(found), line=line),
        )  # fmt: skip


def _asked(code: str, row: Sequence[Cell], column: int) -> Asked | None:
    """Which figure a number of the course is: the target's value of the day, or the forecast."""
    if row[column] is None or not isinstance(row[0], date):
        return None
    return Asked(code, as_of=row[0]) if column == 1 else Asked(f"forecast:{code}")


def _fan(found: Forecast, course: Course) -> Fan:
    """A target's course and where it may go, in its chart's unit."""
    _, sign, unit = _unit(found.plan)
    made = t("foresee.made_mark", day=day(found.as_of, lang()))
    words = (t("foresee.history"), t("foresee.ahead"), t("foresee.range"), made)
    ahead = tuple(
        (on, _scaled(found, low), _scaled(found, middle), _scaled(found, high))
        for on, low, middle, high in found.fan
    )
    billions = lang() == "en" and found.plan["currency"] == "CNY"
    past = tuple((on, _scaled(found, value)) for on, value in course)
    return Fan(past, ahead, unit, words, places=2 if billions else 1, sign=sign)


def _scaled(found: Forecast, value: Decimal) -> float:
    return round(float(value.scaleb(-_unit(found.plan)[0])), 2)


def _unit(plan: Mapping[str, Any]) -> tuple[int, str, str]:
    """The power of ten of a chart's unit, and what stands before and behind a value."""
    if not plan["currency"]:
        return 0, "", str(plan["unit"]) if lang() == "zh" else ""
    if lang() == "zh":
        return (YI, "", "亿元") if plan["currency"] == "CNY" else (4, "", "万美元")
    return (MILLION + 3, "¥", " bn") if plan["currency"] == "CNY" else (MILLION, f"{plan['currency']} ", " m")


def draw_pipeline(report: ForecastReport, plan: PlanReport) -> None:
    """Every fund of the pipeline with its chance, and whether the plan chooses it."""
    made = day(report.as_of, lang())
    show(f"<h2>{esc(t('foresee.pipeline'))}</h2>")
    say_soft(t("foresee.pipeline_help", made=made))
    if plan.plan is None or not plan.plan.options:
        show(empty(t("foresee.no_pipeline")))
        return
    chances = told.chances(report.targets)
    chosen = {each.name for each in plan.plan.choice.chosen} if plan.plan.choice else set()
    due = plan.plan.due_on

    def chance(row: Mapping[str, Any]) -> str:
        if due and row["expected_on"] and row["expected_on"] > due:
            return esc(t("foresee.held_back"))
        return linked(told.chance(chances.get(row["name"]), lang()), [], Asked("forecast:partner_funds"))

    def guidance(row: Mapping[str, Any]) -> str:
        assumed = f" ({esc(t('foresee.assumed'))})" if row["assumed"] else ""
        return linked(wan(row["guidance"], lang()), [], Asked("plan:choice")) + assumed

    rows = [
        {"name": each.name, "fund": plan.names.get(each.fund, each.fund), "size": each.size, "guidance": each.guidance,
         "expected_on": each.expected_on, "assumed": each.assumed} for each in plan.plan.options
    ]  # fmt: skip
    columns = [
        Col(t("foresee.fund"), lambda row: esc(row["fund"]), "wide"),
        Col(
            t("foresee.size"),
            lambda row: linked(wan(row["size"], lang()), [], Asked("plan:choice")) if row["size"] else "",
            "num",
        ),
        Col(t("foresee.guidance"), guidance, "num"),
        Col(t("foresee.expected_on"), lambda row: esc(row["expected_on"]), "fix"),
        Col(t("foresee.by_due"), chance, "num"),
        Col(
            t("foresee.in_plan"), lambda row: esc(t("foresee.chosen") if row["name"] in chosen else ""), "fix"
        ),
    ]
    show(grid(rows, columns, label=t("foresee.pipeline")))

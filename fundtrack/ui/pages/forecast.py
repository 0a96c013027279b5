"""Forecast: will the targets be met, what closes the gap, when money runs short, and what if."""

import streamlit as st

from fundtrack.text.numbers import day
from fundtrack.ui import foretelling, foretested, provision
from fundtrack.ui.context import View, view
from fundtrack.ui.filters import FILTERS
from fundtrack.ui.foreseen import backtest_of, forecast_of, plan_of
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.html import say_soft
from fundtrack.ui.identity import fragment
from fundtrack.ui.language import lang, t
from fundtrack.ui.what_if import draw_scenarios


@fragment
def draw(looked: View) -> None:
    """Work it out step by step, with a bar; the rest of the page stays usable."""
    bar = st.progress(0.0, t("foresee.working"))
    report = forecast_of(looked)
    foretelling.draw_targets(report)
    bar.progress(0.3, t("foresee.working"))
    plan = plan_of(looked)
    foretelling.draw_pipeline(report, plan)
    provision.draw_plan(plan)
    looked_at = plan.only(looked.guidance, looked.unit)
    provision.draw_requests(looked_at)
    provision.draw_liquidity(looked_at)
    provision.draw_pacing(looked_at)
    bar.progress(0.7, t("foresee.working"))
    foretested.draw_backtest(backtest_of(looked))
    bar.empty()


seen = view()
if seen is None:
    head(t("page.forecast"))
    nothing_yet()
else:
    head(t("page.forecast"), t("foresee.intro", made=day(seen.as_of, lang())), filters=FILTERS)
    if seen.guidance or seen.unit:
        say_soft(t("filters.money_only"))
    draw(seen)
    draw_scenarios(seen, plan_of(seen))
    foot(seen)

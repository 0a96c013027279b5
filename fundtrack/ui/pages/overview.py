"""Overview: where the four targets stand, what to coordinate, how the programme grew, where the money went."""

import streamlit as st

from fundtrack.ui import overview, overview_panels, papers
from fundtrack.ui.context import view
from fundtrack.ui.foreseen import forecast_of
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.language import t
from fundtrack.ui.reports_of import (
    coordination_of,
    findings_of,
    growth_of,
    progress_of,
    received_of,
    trail_of,
)

seen = view()
if seen is None:
    head(t("page.overview"))
    nothing_yet()
else:
    report = progress_of(seen)
    head(overview.title(report), overview.subtitle(report, received_of(seen)))
    overview.draw_cards(report, overview.foretold(seen), coordination_of(seen))
    with st.container(key="panels"):
        left, middle, right = st.columns([1.35, 1, 1], gap="small")
    with middle:
        foreseen = (
            {found.code: found for found in forecast_of(seen).targets} if overview.foretelling() else {}
        )
        overview_panels.draw_growth(growth_of(seen), report, foreseen)
    with right:
        overview_panels.draw_trail(trail_of(seen))
    with left:  # last: the rules take longest
        overview_panels.draw_coordination(coordination_of(seen), findings_of(seen))
    overview.draw_context(report)
    overview_panels.draw_numbers(growth_of(seen), report, trail_of(seen))
    overview.draw_switch()
    papers.row(seen)
    foot(seen)

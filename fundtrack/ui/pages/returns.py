"""Returns: pooled with how far the NAV can be trusted, over time, by vintage, step by step, gross, in two currencies."""

import streamlit as st

from fundtrack.ui import returns
from fundtrack.ui.context import view
from fundtrack.ui.drawn import as_one
from fundtrack.ui.filters import FILTERS
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.html import section, show
from fundtrack.ui.language import t
from fundtrack.ui.reports_of import returns_of

seen = view()
if seen is None:
    head(t("page.returns"))
    nothing_yet()
else:
    head(t("page.returns"), t("returns.intro"), filters=FILTERS)
    report = returns_of(seen)
    for name, draw in returns.SECTIONS.items():
        whole = t("filters.whole_section") if seen.guidance and name in returns.WHOLE else ""
        # a box, so that what follows stands in its place whatever a filter leaves here, and is not drawn anew
        with st.container() if name in returns.LIVE else as_one():
            show(*section(t(f"returns.{name}"), t(f"returns.{name}_help"), whole))
            draw(report)
    foot(seen)

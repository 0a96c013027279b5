"""Trace: a figure down to the cells it is made of, and the archived file around each."""

from fundtrack.ui import tracing
from fundtrack.ui.context import view
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.html import empty, show
from fundtrack.ui.language import t

seen = view()
head(t("page.trace"), t("trace.page.intro"), filters=None)
if seen is None:
    nothing_yet()
else:
    figure, of = tracing.ask()
    if figure:
        tracing.draw(seen, figure, of)
    else:
        show(empty(t("trace.page.ask")))
    foot(seen)

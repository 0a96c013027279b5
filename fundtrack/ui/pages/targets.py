"""Targets: each with its card, course, forecast, definition and quarters; the pipeline; the city's figures."""

from fundtrack.ui import overview, targets
from fundtrack.ui.context import view
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.language import t
from fundtrack.ui.reports_of import coordination_of, growth_of, progress_of

seen = view()
if seen is None:
    head(t("page.targets"))
    nothing_yet()
else:
    head(t("page.targets"), t("targets.intro"))
    report, coordination = progress_of(seen), coordination_of(seen)
    targets.draw_each(seen, report, growth_of(seen), coordination)
    targets.draw_pipeline(report, coordination, report.as_of)
    overview.draw_context(report)
    foot(seen)

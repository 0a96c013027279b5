"""Overview: where the four targets stand, how the programme grew, what the whole city reports."""

from fundtrack.ui import overview
from fundtrack.ui.context import findings_of, growth_of, progress_of, received_of, view
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.language import t

seen = view()
if seen is None:
    head(t("page.overview"))
    nothing_yet()
else:
    report = progress_of(seen)
    head(overview.title(report), overview.subtitle(report, received_of(seen)))
    overview.draw_cards(report, overview.foretold(seen))
    overview.draw_concerns(findings_of(seen))
    overview.draw_growth(growth_of(seen), report)
    overview.draw_context(report)
    foot(seen)

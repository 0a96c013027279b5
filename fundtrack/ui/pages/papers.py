"""Papers: the briefing, the report and the workbook of what is looked at, to hand over or to print."""

from fundtrack.ui import papers
from fundtrack.ui.context import view
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.language import t

seen = view()
if seen is None:
    head(t("page.papers"))
    nothing_yet()
else:
    head(t("page.papers"), t("papers.intro"))
    papers.draw(seen)
    foot(seen)

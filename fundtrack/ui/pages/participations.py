"""Participations: what the guidance funds agreed, paid, got back and hold, one by one."""

from fundtrack.ui import participations
from fundtrack.ui.context import view
from fundtrack.ui.filters import FILTERS
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.language import t

seen = view()
if seen is None:
    head(t("page.participations"))
    nothing_yet()
else:
    head(t("page.participations"), t("participations.intro"), filters=FILTERS)
    participations.listed(seen)
    foot(seen)

"""口径对照: why published figures differ from each other and from ours."""

from fundtrack.ui import published
from fundtrack.ui.context import view
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.html import show
from fundtrack.ui.language import t
from fundtrack.ui.reports_of import published_of

seen = view()
if seen is None:
    head(t("page.published"), t("published.intro"))
    nothing_yet()
else:
    head(t("page.published"), t("published.intro"))
    show(f"<h2>{t('published.reasons')}</h2>")
    published.draw_reasons()
    show(f"<h2>{t('published.table')}</h2>")
    published.draw(published_of(seen), seen.as_of)
    foot(seen)

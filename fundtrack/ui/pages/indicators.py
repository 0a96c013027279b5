"""Indicators: the guidance funds' own measures, what the city reports, and where every definition stands."""

from fundtrack.ui import indicators
from fundtrack.ui.address import KEPT, given
from fundtrack.ui.context import view
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.html import link, say_soft, show
from fundtrack.ui.language import t
from fundtrack.ui.reports_of import indicators_of, progress_of

seen = view()
if seen is None:
    head(t("page.indicators"))
    nothing_yet()
else:
    head(t("page.indicators"), t("indicators.intro"))
    report = indicators_of(seen)
    show(f"<h2>{t('indicators.performance')}</h2>")
    indicators.draw_performance(report)
    show(f"<h2>{t('indicators.reported')}</h2>")
    say_soft(t("overview.context"))
    indicators.draw_reported(report, progress_of(seen))
    show(f"<p>{link(t('indicators.all'), 'dictionary', **{name: given(name) for name in KEPT})}</p>")
    foot(seen)

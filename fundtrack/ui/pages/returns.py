"""Returns: pooled with how far the NAV can be trusted, over time, by vintage, step by step, gross, in two currencies."""

from fundtrack.ui import returns
from fundtrack.ui.context import view
from fundtrack.ui.filters import FILTERS
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.html import say_soft, show
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
        show(f"<h2>{t(f'returns.{name}')}</h2>")
        say_soft(t(f"returns.{name}_help"))
        if seen.guidance and name in returns.WHOLE:
            say_soft(t("filters.whole_section"))
        draw(report)
    foot(seen)

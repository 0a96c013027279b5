"""Cross-border: dollars and yuan side by side, the target, the funds, and what exchange rates did to the returns."""

from fundtrack.ui import cross_border, overview, returns_fx
from fundtrack.ui.context import view
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.html import say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.reports_of import coordination_of, funds_of, progress_of, returns_of, trail_of

seen = view()
if seen is None:
    head(t("page.cross_border"))
    nothing_yet()
else:
    head(t("page.cross_border"), t("cross.intro"))
    report, coordination = progress_of(seen), coordination_of(seen)
    closing = {row["code"]: coordination.closing(row, lang()) for row in report.computed.to_dicts()}
    cross_border.draw_target(report, overview.foretold(seen), closing)
    show(f"<h2>{t('cross.sides')}</h2>")
    cross_border.draw_sides(trail_of(seen))
    show(f"<h2>{t('cross.funds')}</h2>")
    cross_border.draw_funds(funds_of(seen))
    show(f"<h2>{t('returns.fx')}</h2>")
    say_soft(t("returns.fx_help"))
    returns_fx.draw_fx(returns_of(seen))
    foot(seen)

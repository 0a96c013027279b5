"""Editions & changes: what changed between two editions, and through which batch."""

from fundtrack.ui import comparing, dictionary
from fundtrack.ui.context import view
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.html import empty, say_soft, show
from fundtrack.ui.language import t

seen = view()
head(t("page.changes"), t("changes.intro"), filters=None)
if seen is None:
    nothing_yet()
else:
    if seen.newest > 1:
        comparing.draw(seen, *comparing.ask(seen))
    else:
        show(empty(t("changes.one")))
    show(f"<h2>{t('about.editions')}</h2>")
    say_soft(t("about.editions_help"))
    dictionary.draw_editions(seen.ledger.editions())
    foot(seen)

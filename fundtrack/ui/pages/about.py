"""About the data: editions and batches, and the policies named in the plan."""

from fundtrack.ui import dictionary, loaded
from fundtrack.ui.address import KEPT, given
from fundtrack.ui.frame import foot, head, nothing_yet
from fundtrack.ui.html import link, say_soft, show
from fundtrack.ui.language import t

seen = head(t("page.about"), t("about.known"), filters=None)
show(f"<p>{link(t('indicators.all'), 'dictionary', **{name: given(name) for name in KEPT})}</p>")
if seen is None:
    nothing_yet()
else:
    show(f"<h2>{t('about.editions')}</h2>")
    say_soft(t("about.editions_help"))
    dictionary.draw_editions(seen.ledger.editions())
    show(f"<h2>{t('load.batches')}</h2>")
    loaded.draw_batches(seen.ledger.batches())
    show(f"<h2>{t('about.policies')}</h2>")
    dictionary.draw_policies(seen.ledger["policy"])
foot(seen)

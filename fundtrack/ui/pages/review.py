"""Review: what was sent in, checked against the data as they are now; another than its sender publishes or returns it."""

from fundtrack.ui import reviewing
from fundtrack.ui.address import given
from fundtrack.ui.frame import head
from fundtrack.ui.html import link, show
from fundtrack.ui.language import lang, t

wanted = given("proposal")
head(t("page.review"), t("review.intro"), dated=False, filters=None)
reviewing.draw_done()
if wanted:
    show(link(t("review.back"), "review", lang=lang()))
    reviewing.draw_one(wanted)
else:
    reviewing.draw_list()

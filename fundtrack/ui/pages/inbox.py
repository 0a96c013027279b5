"""Inbox: who owes which report for a period, what has come, and whom to remind."""

from datetime import date

from fundtrack.reports.inbox import inbox, usual_day
from fundtrack.reports.reminders import summary
from fundtrack.store.returned import returned_files
from fundtrack.ui import inbox_table
from fundtrack.ui.address import given, pick
from fundtrack.ui.context import store, view
from fundtrack.ui.frame import head, nothing_yet
from fundtrack.ui.html import empty, say_soft, show
from fundtrack.ui.language import lang, t

seen = view()
if seen is None:
    head(t("page.inbox"), dated=False, filters=None)
    nothing_yet()
else:
    head(t("page.inbox"), t("inbox.intro"), dated=False, filters=None)
    day = seen.as_of if given("as_of") else usual_day(seen.ledger) or date.max
    returned = returned_files(store().folders) if seen.edition == seen.newest and seen.funds is None else []
    newest = inbox(seen.ledger, day, None, returned)
    if newest.period is None:
        show(empty(t("inbox.none")))
    else:
        period = pick("period", t("inbox.period"), newest.periods, str, newest.period)
        found = newest if period == newest.period else inbox(seen.ledger, day, period, returned)
        show(f"<p><b>{summary(found, lang())}</b></p>")
        inbox_table.reminder_button(found)
        inbox_table.draw(inbox_table.answer(found, *inbox_table.ask()))
        inbox_table.draw_unread(found)
        say_soft(t("inbox.rules"))

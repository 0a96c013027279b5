"""催报名单: who has to be reminded of what; and the inbox as lines of a terminal."""

from fundtrack.reports.inbox import OPEN, STATUSES, Inbox
from fundtrack.reports.sheets import Page
from fundtrack.text.numbers import day
from fundtrack.text.say import Lang, say

_LINES = ("sender", "fund", "status", "due_on", "filed_on", "file")
_HEADS = ("sender", "fund_id", "fund", "period", "kind", "due_on", "days_late", "status", "file", "errors")


def reminders(found: Inbox, lang: Lang) -> list[Page]:
    """The reports that have not come or were sent back, missing ones first."""
    open_ones = sorted(
        (each for each in found.owed if each.status in OPEN), key=lambda each: STATUSES.index(each.status)
    )
    rows = [
        (each.sender, each.partner_fund_id, each.fund, each.period, say(f"inbox.kind_{each.kind}", lang), each.due_on, each.days_late,
         say(f"inbox.status_{each.status}", lang), each.file, each.errors)
        for each in open_ones
    ]  # fmt: skip
    heads = tuple(say(f"inbox.{name}", lang) for name in _HEADS)
    return [Page(say("inbox.reminders", lang), heads, rows, (summary(found, lang),))]


def summary(found: Inbox, lang: Lang) -> str:
    """How many are owed and how they stand, in a sentence."""
    return say(
        "inbox.summary",
        lang,
        period=found.period,
        as_of=day(found.as_of, lang),
        edition=found.edition,
        **found.counts(),
    )


def inbox_lines(found: Inbox, lang: Lang) -> tuple[list[str], list[list[str]], list[int]]:
    """Every report owed, one line each, open ones first: heads, rows, columns that end flush."""
    rows = [
        [each.sender, f"{each.fund} {each.partner_fund_id}", say(f"inbox.status_{each.status}", lang), each.due_on.isoformat(),
         each.filed_on.isoformat() if each.filed_on else "", each.file or ""]
        for each in sorted(found.owed, key=lambda each: STATUSES.index(each.status))
    ]  # fmt: skip
    return [say(f"inbox.{name}", lang) for name in _LINES], rows, []

"""How the inbox looks: one line per report owed, filters kept in the address, the reminder list to take away."""

from collections.abc import Sequence

import streamlit as st

from fundtrack.reports.inbox import OPEN, STATUSES, Inbox, Owed
from fundtrack.reports.reminders import reminders
from fundtrack.reports.sheets import excel
from fundtrack.ui.address import pick, search
from fundtrack.ui.downloads import XLSX
from fundtrack.ui.handing import hand_out
from fundtrack.ui.html import Col, empty, esc, grid, say_soft, show
from fundtrack.ui.language import lang, t

_ALL = "all"


def ask() -> tuple[str, str]:
    """Which status and which words to show."""
    left, right = st.columns(2)
    with left:
        status = pick("status", t("inbox.status"), [_ALL, *STATUSES], _status)
    with right:
        words = search("q", t("inbox.search"), t("inbox.search_hint"))
    return status, words.casefold()


def _status(code: str) -> str:
    return t("ui.all") if code == _ALL else t(f"inbox.status_{code}")


def answer(found: Inbox, status: str, words: str) -> list[Owed]:
    """The reports that the filters leave, open ones first."""
    left = [
        each
        for each in found.owed
        if status in {_ALL, each.status}
        and words in f"{each.sender} {each.fund} {each.partner_fund_id}".casefold()
    ]
    return sorted(left, key=lambda each: STATUSES.index(each.status))


def draw(rows: Sequence[Owed]) -> None:
    """The reports as a table."""
    if not rows:
        show(empty(t("ui.nothing_found")))
        return
    columns = [
        Col(t("inbox.sender"), lambda row: esc(row["each"].sender)),
        Col(t("inbox.fund"), lambda row: esc(f"{row['each'].fund}（{row['each'].partner_fund_id}）")),
        Col(t("inbox.status"), lambda row: esc(t(f"inbox.status_{row['each'].status}")), "fix"),
        Col(t("inbox.due_on"), lambda row: esc(row["each"].due_on), "fix"),
        Col(t("inbox.filed_on"), lambda row: esc(row["each"].filed_on), "fix"),
        Col(t("inbox.days_late"), lambda row: esc(row["each"].days_late), "num"),
        Col(t("inbox.file"), lambda row: esc(row["each"].file)),
        Col(t("inbox.batch"), lambda row: esc(row["each"].batch_id), "fix"),
    ]
    show(grid([{"each": each} for each in rows], columns, label=t("page.inbox"), tall=True))


def draw_unread(found: Inbox) -> None:
    """Files sent back of which nobody can tell who sent them."""
    if found.unread:
        names = "、".join(dict.fromkeys(each.file for each in found.unread))
        say_soft(t("inbox.unread", files=names))


def reminder_button(found: Inbox) -> None:
    """Offer the reminder list where anything is open."""
    if any(each.status in OPEN for each in found.owed):
        name = f"{t('inbox.reminders')}-{found.period}.xlsx"
        speak = lang()
        hand_out(t("inbox.download"), lambda: excel(reminders(found, speak)), name, XLSX, key="reminders")

"""Lists of investors without dates: the changes that they imply, and the tick by which they are booked."""

from decimal import Decimal

import streamlit as st

from fundtrack.load.balances import reason_words
from fundtrack.load.outcome import Result
from fundtrack.text.numbers import plain, signed
from fundtrack.ui.html import Col, esc, grid, say_soft, show
from fundtrack.ui.language import lang, t


def draw(result: Result) -> None:
    """Show what the files' lists imply and ask; nothing where there is nothing to ask."""
    found = [each for item in result.files() for each in item.proposals]
    if not found:
        return
    columns = [
        Col(t("snapshot.fund"), lambda row: esc(row["each"].partner_fund_id), "fix"),
        Col(t("snapshot.investor"), lambda row: esc(row["each"].investor)),
        Col(t("snapshot.reason"), lambda row: esc(reason_words(row["each"], lang())), "fix"),
        Col(t("snapshot.amount"), lambda row: f"<b>{esc(signed(row['each'].amount, lang()))}</b>", "num"),
        Col(t("snapshot.currency"), lambda row: esc(row["each"].currency), "fix"),
        Col(t("snapshot.known"), lambda row: _amount(row["each"].known), "num"),
        Col(t("snapshot.listed"), lambda row: _amount(row["each"].listed), "num"),
        Col(t("snapshot.effective_on"), lambda row: esc(row["each"].effective_on), "fix"),
    ]
    title = t("snapshot.title")
    show(f"<h2>{esc(title)}</h2>")
    say_soft(t("snapshot.help"))
    show(grid([{"each": each} for each in found], columns, label=title, tall=True))
    st.checkbox(t("snapshot.accept"), key=f"lists_{st.session_state.get('uploads', 0)}")


def _amount(value: Decimal | None) -> str:
    return esc(t("snapshot.not_listed")) if value is None else esc(plain(value, lang(), 2, fixed=True))

"""What holds for every file of a layout: whether lists of investors are balances, and whether what is hidden counts."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from fundtrack.load.balances import TABLE as INVESTORS
from fundtrack.load.cells import Book
from fundtrack.load.checked import ReadFile
from fundtrack.load.profiles import Plan, Profile
from fundtrack.ui.language import t


def ask_of_layout(
    book: Book, file: ReadFile, plans: Sequence[Plan], before: Profile | None, at: str
) -> dict[str, Any]:
    """Ask only what the file gives cause for; what a saved profile says stands where nothing is asked.

    Args:
        book: as read.
        file: what was found in it by itself.
        plans: how its sheets are read, so far.
        before: what a saved profile says.
        at: what the keys of its widgets begin with.
    """
    snapshot = before.snapshot if before else False
    hidden = before.include_hidden if before else False
    lists = [frozenset(plan.fields.values()) for plan in plans if plan.table == INVESTORS]
    lists += [
        frozenset(each.field for each in raw.columns) for raw in file.found.tables if raw.table == INVESTORS
    ]
    if any("effective_on" not in fields for fields in lists):
        snapshot = st.checkbox(
            t("mapping.snapshot"), snapshot, key=f"{at}_snapshot", help=t("mapping.snapshot_help")
        )
    if any(
        sheet.hidden_rows
        or sheet.visibility != "visible"
        or any(n < sheet.text.width for n in sheet.hidden_columns)
        for sheet in book.sheets
    ):
        hidden = st.checkbox(
            t("mapping.include_hidden"), hidden, key=f"{at}_hidden", help=t("mapping.include_hidden_help")
        )
    return {"snapshot": snapshot, "include_hidden": hidden}

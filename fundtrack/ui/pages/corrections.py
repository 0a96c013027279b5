"""Corrections and reversals: single values put right with a reason; what was put right and taken back before."""

import streamlit as st

from fundtrack.ui import correcting, downloads, loaded
from fundtrack.ui.context import store, view
from fundtrack.ui.frame import head, nothing_yet
from fundtrack.ui.html import say_soft, show
from fundtrack.ui.identity import by_field
from fundtrack.ui.language import t
from fundtrack.ui.undoing import draw_undo

seen = view()
head(t("page.corrections"), t("correct.intro"), dated=False, filters=None)
if seen is None:
    nothing_yet()
else:
    correcting.draw_done()
    if "receipt" in st.session_state:
        made = st.session_state.pop("receipt")
        loaded.draw_receipt(made)
        downloads.receipt_buttons(made)
    say_soft(t("correct.how"))
    edits = correcting.edit(correcting.ask(seen), seen)
    result = correcting.checked(edits) if edits else None
    if result is not None:
        correcting.draw_changes(result)
        loaded.draw_problems(result.problems)
        if result.outcome == "accepted":
            with st.form("correct"):
                by = by_field(t("load.by"), key="correct_by")
                reason = st.text_input(t("correct.reason"), max_chars=500)
                if st.form_submit_button(t("correct.publish"), type="primary"):
                    correcting.publish(edits, by, reason)
        else:
            say_soft(t(f"correction.{result.outcome}"))
    show(f"<h2>{t('correct.past')}</h2>")
    correcting.draw_past(seen)
    draw_undo(store().ledger().batches())

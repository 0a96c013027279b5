"""Load: files in, problems and changes shown, published on a click; batches, and how to take one back."""

import streamlit as st

from fundtrack.ui import downloads, lists, loaded, loading, mapping
from fundtrack.ui.context import store
from fundtrack.ui.frame import head
from fundtrack.ui.html import say_soft, show
from fundtrack.ui.identity import by_field, who
from fundtrack.ui.language import t
from fundtrack.ui.undoing import draw_undo

head(t("page.load"), t("load.intro"), dated=False, filters=None)
if "receipt" in st.session_state:
    made = st.session_state.pop("receipt")
    loaded.draw_receipt(made)
    downloads.receipt_buttons(made)
files = st.file_uploader(
    t("load.upload"), accept_multiple_files=True, key=f"upload_{st.session_state.get('uploads', 0)}"
)
if files:
    result = loading.check(files)
    loaded.draw_senders(result)
    asked = mapping.draw(files, result)
    show(f"<h2>{t('load.problems')}</h2>")
    loaded.draw_problems(result.problems)
    downloads.marked_button(files, result)
    lists.draw(result)
    loaded.draw_diff(result)
    loaded.ask_complete(result)
    if result.outcome in {"accepted", "partial"} and not who().may("load"):
        loaded.draw_effects(*loading.effects(result))
        say_soft(t("identity.check_only"))
    elif result.outcome in {"accepted", "partial"}:
        loaded.draw_effects(*loading.effects(result))
        with st.form("publish"):
            by = by_field(t("load.by"))
            reason = st.text_input(t("load.reason_optional"), max_chars=500)
            if st.form_submit_button(loading.publish_words(result), type="primary"):
                loading.publish(files, by, reason)
    else:
        say_soft(t("mapping.answer_first" if asked else f"load.not_published_{result.outcome}"))

batches = store().ledger().batches()
show(f"<h2>{t('load.batches')}</h2>")
loaded.draw_batches(batches)
draw_undo(batches)

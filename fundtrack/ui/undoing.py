"""The form that takes a batch back: which, who, why; a refusal is said where it was asked for."""

import streamlit as st
from polars import DataFrame

from fundtrack.errors import FundtrackError
from fundtrack.text.problems import error_sentence
from fundtrack.ui import loading
from fundtrack.ui.html import say_soft
from fundtrack.ui.identity import by_field, who
from fundtrack.ui.language import lang, t


def draw_undo(batches: DataFrame) -> None:
    """Ask which batch to take back, by whom and why, and do it."""
    choices = reversible(batches)
    if not choices or not who().may("undo"):
        return
    with st.expander(t("load.undo")), st.form("undo"):
        say_soft(t("load.undo_help"))
        batch = st.selectbox(t("load.batch"), list(choices), format_func=lambda name: choices[name])
        by = by_field(t("load.by"), key="undo_by")
        reason = st.text_input(t("load.undo_reason"), max_chars=500)
        sure = st.checkbox(t("load.undo_sure"))
        if st.form_submit_button(t("load.undo_button")):
            if reason.strip() and sure:
                try:
                    loading.undo(batch, by, reason.strip())
                except FundtrackError as error:
                    st.error(error_sentence(error, lang()))
            else:
                st.error(t("load.undo_needs"))


def reversible(batches: DataFrame) -> dict[str, str]:
    """Batches that may be taken back, newest first, each with how to call it."""
    reversed_ones = set(batches["reverses"].drop_nulls().to_list())
    return {
        row["batch_id"]: " · ".join(
            str(part) for part in (row["batch_id"], row["sender"], row["file_name"]) if part
        )
        for row in batches.reverse().iter_rows(named=True)
        if row["kind"] in {"load", "correction"} and row["batch_id"] not in reversed_ones
    }

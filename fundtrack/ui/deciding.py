"""The form that records what was decided about a finding, as a batch of its own."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import streamlit as st

from fundtrack.errors import FundtrackError
from fundtrack.load.actions import Decision
from fundtrack.model.frames import find_column
from fundtrack.service import doing
from fundtrack.store.proposed import Proposal
from fundtrack.text.problems import error_sentence
from fundtrack.ui.address import forget
from fundtrack.ui.context import View, made_here
from fundtrack.ui.html import say_soft
from fundtrack.ui.identity import by_field, desk, who
from fundtrack.ui.language import lang, t
from fundtrack.ui.loaded import draw_sent

ACTIONS: Final = tuple(choice.value for choice in find_column("finding_action", "action").choices)


def draw_done() -> None:
    """Say once what was recorded."""
    made = st.session_state.pop("decided", None)
    if isinstance(made, Proposal):
        draw_sent(made)
    elif made is not None:
        st.success(t("findings.acted", batch="、".join(made.batch_ids), edition=made.edition))


def draw_form(row: Mapping[str, Any], seen: View) -> None:
    """Ask what to do about a finding, and record it."""
    if row["status"] == "clear" or not who().may("decide"):
        return
    if seen.edition != seen.newest:
        say_soft(t("findings.not_newest"))
        return
    with st.expander(t("findings.act")), st.form("decide"):
        say_soft(t("findings.act_help"))
        left, right = st.columns(2)
        with left:
            action = st.selectbox(
                t("findings.action"), ACTIONS, format_func=lambda name: t(f"finding.action_{name}")
            )
            day = st.date_input(
                t("findings.acted_on"), min(seen.as_of, seen.usual), max_value=seen.usual, format="YYYY-MM-DD"
            )
            by = by_field(t("findings.acted_by"))
        with right:
            owner = st.text_input(t("findings.owner"), max_chars=200)
            due = st.date_input(
                t("findings.due_on"),
                None,
                min_value="1999-01-01",
                max_value="2099-12-31",
                format="YYYY-MM-DD",
            )
            document = st.text_input(t("findings.document"), max_chars=200)
        reason = st.text_area(t("findings.reason"), max_chars=1000)
        if st.form_submit_button(t("findings.act_now"), type="primary"):
            if not reason.strip() or not by.strip() or (action == "rectifying" and due is None):
                st.error(t("findings.act_needs"))
                return
            value = row["value"]
            _record(
                Decision(
                    row["rule_id"], row["finding_id"], day if isinstance(day, date) else seen.usual, action, reason.strip(), by.strip(),
                    owner.strip() or None, due if isinstance(due, date) else None, document.strip() or None,
                    None if value is None or abs(value) >= 10**10 else Decimal(repr(value)).quantize(Decimal("1e-8")),
                )
            )  # fmt: skip


def _record(decision: Decision) -> None:
    try:
        with st.spinner(t("load.publishing")):
            made = doing.decide(desk(), decision, lang())
    except FundtrackError as error:
        st.error(error_sentence(error, lang()))
        return
    st.session_state["decided"] = made
    made_here(made)
    forget("edition", "as_of")
    st.rerun()

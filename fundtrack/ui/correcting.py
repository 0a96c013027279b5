"""Correcting in the browser: rows in an editor, what was typed as edits, the check, the publish, what was done before."""

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from fundtrack.errors import FundtrackError
from fundtrack.load.corrections import Corrected
from fundtrack.load.edits import Edit, editable
from fundtrack.model.rows import TABLES
from fundtrack.reports.correctable import Correctable, correctable, tables_with_rows, text_in
from fundtrack.reports.corrections import Change, corrections_report
from fundtrack.service import doing
from fundtrack.service.scope import Sight
from fundtrack.store.ledger import Ledger
from fundtrack.store.proposed import Proposal
from fundtrack.text.problems import error_sentence, field_title
from fundtrack.text.say import Lang
from fundtrack.ui.address import forget, pick, search
from fundtrack.ui.context import View, ledger_of, made_here
from fundtrack.ui.html import Col, empty, esc, grid, say_soft, show
from fundtrack.ui.identity import desk
from fundtrack.ui.language import lang, t
from fundtrack.ui.loaded import LONGEST, draw_sent, local_time, table_title

MOST: Final = 200
"""Rows in the editor; more are found by words."""


def _newest(seen: View) -> Ledger:
    """What is corrected is what is known now, whichever edition is looked at."""
    return ledger_of(seen.sight, seen.newest)


@st.cache_resource(max_entries=16, show_spinner=False)
def _rows(data: Sight, edition: int, table: str, words: str, speak: Lang) -> Correctable:
    return correctable(ledger_of(data, edition), table, words, speak, MOST)


def ask(seen: View) -> Correctable:
    """Which rows to edit."""
    left, right = st.columns(2)
    with left:
        titles = {table: table_title(table) for table in tables_with_rows(_newest(seen), TABLES)}
        usual = "partner_fund" if "partner_fund" in titles else next(iter(titles))
        table = pick("table", t("correct.table"), list(titles), titles.__getitem__, usual)
    with right:
        words = search("q", t("correct.search"), t("correct.search_hint"))
    return _rows(seen.sight, seen.newest, table, words, lang())


def _columns(found: Correctable) -> dict[str, Any]:
    """How each column is typed: choices picked, what identifies a row locked and kept in sight."""
    free = editable(found.table)
    columns: dict[str, Any] = {
        column.name: st.column_config.TextColumn(
            str(getattr(column, lang())),
            disabled=column.name not in free,
            pinned=place == 0,
            width=130 if place == 0 else None,
        )
        for place, column in enumerate(found.columns)
    }
    for column in found.columns:
        if column.choices and column.name in free:
            columns[column.name] = st.column_config.SelectboxColumn(
                str(getattr(column, lang())),
                options=["", *(str(getattr(each, lang())) for each in column.choices)],
            )
    return columns


def edit(found: Correctable, seen: View) -> list[Edit]:
    """Show the rows to be edited; what has been typed over them."""
    if not found.rows:
        show(empty(t("ui.nothing_found")))
        return []
    if found.found > len(found.rows):
        say_soft(t("load.cut", shown=len(found.rows), all=found.found))
    place = f"edits_{found.table}_{seen.newest}_{lang()}_{hash(found.keys)}"
    st.data_editor(
        list(found.rows),
        column_config=_columns(found),
        hide_index=True,
        num_rows="fixed",
        key=place,
        height="content" if len(found.rows) < 10 else 420,
    )
    typed: dict[int, dict[str, Any]] = st.session_state[place]["edited_rows"]
    return [
        Edit(found.table, found.keys[row], {name: str(value or "") for name, value in cells.items()})
        for row, cells in typed.items()
    ]


def checked(edits: Sequence[Edit]) -> Corrected | None:
    """What the edits would change; None, with the reason said, where they cannot be made."""
    try:
        return doing.check_correction(desk(), edits)
    except FundtrackError as error:
        st.error(error_sentence(error, lang()))
        return None


def draw_changes(made: Corrected) -> None:
    """Each value as it is and as it would be."""
    columns = [
        Col(t("load.sheet"), lambda row: esc(table_title(row["table"])), "fix"),
        Col(t("load.key"), lambda row: esc(row["row_key"])),
        Col(t("load.field"), lambda row: esc(field_title(row["table"], row["field"], lang())), "fix"),
        Col(t("load.old"), lambda row: f'<span class="old">{esc(row["old"])}</span>'),
        Col(t("load.now"), lambda row: f"<b>{esc(row['new'])}</b>"),
    ]
    rows = [
        {"table": table, "row_key": key, "field": field, "old": text_in(table, field, old, lang()), "new": text_in(table, field, new, lang())}
        for table, key, field, old, new in made.values()
    ]  # fmt: skip
    show(f"<h2>{esc(t('correct.changes'))}</h2>", grid(rows, columns, label=t("correct.changes")))


def publish(edits: Sequence[Edit], by: str, reason: str) -> None:
    """Publish the correction and begin afresh; a refusal is said."""
    try:
        with st.spinner(t("load.publishing")):
            made = doing.correct(desk(), edits, by=by, reason=reason)
    except FundtrackError as error:
        st.error(error_sentence(error, lang()))
        return
    st.session_state["corrected"] = made
    made_here(made)
    forget("edition", "as_of")
    st.rerun()


def draw_done() -> None:
    """Say once what was published."""
    made: Corrected | Proposal | None = st.session_state.pop("corrected", None)
    if isinstance(made, Proposal):
        draw_sent(made)
    elif made is not None:
        words = t(f"correction.{made.outcome}", batch="、".join(made.batch_ids), edition=made.edition)
        (st.success if made.outcome == "published" else st.warning)(words)


@st.cache_resource(max_entries=4, show_spinner=False)
def _past(data: Sight, edition: int, speak: Lang) -> list[Change]:
    return corrections_report(ledger_of(data, edition), speak)


def draw_past(seen: View) -> None:
    """All corrections and reversals, newest first."""
    found = _past(seen.sight, seen.newest, lang())
    if not found:
        show(empty(t("correct.none")))
        return
    columns = [
        Col(t("load.batch"), lambda row: esc(row["each"].batch_id), "fix"),
        Col(t("load.kind"), lambda row: esc(_kind(row["each"])), "fix"),
        Col(t("load.sheet"), lambda row: esc(table_title(row["each"].table)), "fix"),
        Col(t("load.key"), lambda row: esc(row["each"].row)),
        Col(t("load.field"), lambda row: esc(_field(row["each"]))),
        Col(t("load.old"), lambda row: f'<span class="old">{esc(row["each"].old)}</span>'),
        Col(t("load.now"), lambda row: esc(row["each"].new)),
        Col(t("load.reason"), lambda row: esc(row["each"].reason), "text"),
        Col(t("correct.state"), lambda row: esc(_state(row["each"])), "text"),
        Col(t("load.by"), lambda row: esc(row["each"].by), "fix"),
        Col(t("load.at"), lambda row: esc(local_time(row["each"].at)), "fix"),
    ]
    if len(found) > LONGEST:
        say_soft(t("load.cut", shown=LONGEST, all=len(found)))
    show(grid([{"each": each} for each in found[:LONGEST]], columns, label=t("correct.past"), tall=True))


def _kind(each: Change) -> str:
    return (
        t("load.kind_correction")
        if each.event == "correction"
        else t("correct.reverses", batch=each.reverses)
    )


def _field(each: Change) -> str:
    words = field_title(each.table, each.field, lang()) if each.field else t(f"correct.row_{each.whole}")
    return words + (t("correct.more", count=each.more) if each.more else "")


def _state(each: Change) -> str:
    return t(f"correct.status_{each.status}", batch=each.ended_by or "") if each.status else ""

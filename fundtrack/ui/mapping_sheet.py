"""One sheet of a new layout: where its header stands, which tables it is, and its columns one by one."""

from collections.abc import Mapping

import streamlit as st

from fundtrack.load.asked import planned
from fundtrack.load.profiles import Plan
from fundtrack.load.proposals import OFFERED, Proposed, companions, proposals
from fundtrack.load.survey import SheetSeen, look
from fundtrack.ui.choosing import some
from fundtrack.ui.html import esc, say_soft, show
from fundtrack.ui.language import t
from fundtrack.ui.loaded import table_title
from fundtrack.ui.mapping_column import Answer, Asked, ask_column, ask_constants


def draw_sheet(
    seen: SheetSeen, at: str, answer: Answer, before: list[Plan], names: Mapping[str, list[str]]
) -> None:
    """Ask what a sheet is, and of each table chosen what its columns are.

    Args:
        seen: the sheet.
        at: what the keys of its widgets begin with.
        answer: grows.
        before: what a saved profile says of it.
        names: of the entities known, by table, for what every row names.

    """
    sheet = seen.sheet
    words = t("mapping.sheet_rows", rows=sheet.text.height, columns=sheet.text.width)
    if seen.part:
        first, last = seen.part.start + 1, seen.part.stop
        words = t("mapping.sheet_part", number=seen.part.number, first=first, last=last)
    hidden = "" if sheet.visibility == "visible" else t("mapping.sheet_hidden")
    show(
        f'<h3>{esc(t("mapping.sheet", name=sheet.name))} <span class="soft">{esc(words)} {esc(hidden)}</span></h3>'
    )
    rows = _header_rows(seen, at)
    if rows is not None and rows != seen.rows:
        seen = look(sheet, rows, seen.part)
    if not seen.columns:
        say_soft(t("mapping.no_header"))
        return
    tables = some(
        t("mapping.tables"), {table: table_title(table) for table in OFFERED}, _usual_tables(seen, before), key=f"{at}_tables",
        help=t("mapping.tables_help"), placeholder=t("mapping.ignored"),
    )  # fmt: skip
    mains: dict[str, str] = {}
    if not tables:
        answer.plans.append(planned(seen, "", {}))
    for n, table in enumerate(tables):
        plan = next((plan for plan in before if plan.table == table), None)
        filled = dict(companions(tables[0], mains)).get(table) if n else None
        asked = Asked(seen, table, f"{at}_{table}", plan, answer)
        made = _table(asked, filled, names)
        mains = mains or dict(made.fields) | {split.header: name for name, split in made.splits.items()}
        answer.plans.append(made)


def _usual_tables(seen: SheetSeen, before: list[Plan]) -> list[str]:
    """The tables of a saved profile, else the likeliest and those that its rows name."""
    if before:
        return [plan.table for plan in before if plan.table]
    if seen.state == "aside" or not seen.tables or seen.sheet.visibility != "visible":
        return []
    main = seen.tables[0]
    headers = {header: item.field for header, item in proposals(main, seen.columns).items()}
    return [main, *(table for table, _ in companions(main, headers))]


def _header_rows(seen: SheetSeen, at: str) -> tuple[int, int] | None:
    """The rows of the header, which a person may set."""
    first, last = seen.rows or (1, 1)
    most = min(max(seen.sheet.text.height, 1), 1000)
    said = (
        t("mapping.header_row", first=first)
        if first == last
        else t("mapping.header_rows", first=first, last=last)
    )
    with st.expander(said, expanded=seen.rows is None):
        left, right = st.columns(2)
        chosen = int(left.number_input(t("mapping.header_first"), 1, most, first, key=f"{at}_first"))
        until = int(right.number_input(t("mapping.header_last"), chosen, min(chosen + 2, most), min(max(last, chosen), chosen + 2, most),
                                       key=f"{at}_last_{chosen}"))  # fmt: skip
    return chosen, until


def _table(asked: Asked, filled: dict[str, str] | None, names: Mapping[str, list[str]]) -> Plan:
    """Ask of every column what it is in a table; a table that others name is one line for those who want to look."""
    seen, table, before = asked.seen, asked.table, asked.before
    proposed = proposals(table, seen.columns, before)
    if filled is not None and before is None:
        proposed = {column.header: Proposed(filled.get(column.header, ""), 100.0) for column in seen.columns}
    title = table_title(table)
    aside = filled is not None
    with st.expander(t("mapping.table_from_rows", table=title)) if aside else st.container(border=True):
        if not aside:
            show(f"<h3>{esc(title)}</h3>")
        for n, column in enumerate(seen.columns):
            ask_column(asked, column, proposed[column.header], f"{asked.at}_{seen.rows}_{n}")
        constants = ask_constants(asked, names)
        words = t("mapping.complete", table=title)
        if not aside and st.checkbox(words, key=f"{asked.at}_complete", help=t("mapping.complete_help")):
            asked.answer.complete.append(table)
    return planned(seen, table, asked.fields, units=asked.units, splits=asked.splits, constants=constants,
                   values=dict(before.values) if before else {}, distinct=aside)  # fmt: skip

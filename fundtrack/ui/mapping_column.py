"""What is asked of one column of a new layout: its field, the unit of its amounts, the part of its text; and of what every row says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fundtrack.load.asked import needed, usual
from fundtrack.load.profiles import Plan, Split
from fundtrack.load.proposals import ColumnSeen, Proposed
from fundtrack.load.survey import SheetSeen
from fundtrack.load.words_asked import LONGEST
from fundtrack.model.fields import Column
from fundtrack.model.frames import find_column
from fundtrack.model.rows import COLUMNS
from fundtrack.text.numbers import plain
from fundtrack.ui.choosing import one, some
from fundtrack.ui.html import esc, say_soft, show
from fundtrack.ui.language import lang, t

UNITS: Final = ("", "元", "万元", "百万元", "亿元", "美元", "万美元", "百万美元")
"""What a person may choose as the unit of amounts; empty is what the file says."""
_WORTH: Final = 70.0
"""From this score on a field is named beside a column that is not loaded."""
_WHOLE: Final = 0
"""The part of a text that is all of it."""


@dataclass
class Answer:
    """What was answered of a file's sheets.

    Attributes:
        plans: how each sheet is read as each table.
        undecided: sheet and header of what is still to be chosen.
        doubtful: proposals that are only like a field's title, to be looked over.
        complete: tables for which the file is all there is.

    """

    plans: list[Plan] = field(default_factory=list)
    undecided: list[tuple[str, str]] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    complete: list[str] = field(default_factory=list)


@dataclass
class Asked:
    """What is asked, and answered so far, of a sheet as one table.

    Attributes:
        seen: the sheet.
        table: that it is taken for.
        at: what the keys of its widgets begin with.
        before: what a saved profile says.
        answer: of the whole file; grows.
        fields, units, splits: of this table; grow.

    """

    seen: SheetSeen
    table: str
    at: str
    before: Plan | None
    answer: Answer
    fields: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    splits: dict[str, Split] = field(default_factory=dict)


def title_of(column: Column) -> str:
    """A field's title in the language spoken; where it names a row of another table, its name will do too."""
    title = str(getattr(column, lang()))
    return t("mapping.or_name", field=title) if column.refers else title


def units() -> dict[str, str]:
    """The units that may be chosen, each as the reader calls it."""
    return {unit: t(f"mapping.unit_{n}") for n, unit in enumerate(UNITS)}


def ask_column(asked: Asked, column: ColumnSeen, proposed: Proposed, at: str) -> None:
    """Ask what one column is."""
    left, middle, right = st.columns([4, 5, 4], vertical_alignment="center")
    samples = " ; ".join(column.samples) or "—"
    with left:
        show(f'<p><b>{esc(column.header)}</b> <span class="soft">{esc(column.letter)}</span></p>'
             f'<p class="soft sample">{esc(samples)}</p>')  # fmt: skip
    first = None if proposed.undecided and not proposed.field else proposed.field
    chosen = one(
        t("mapping.field_of", header=column.header), _titles(asked.table, proposed), first, key=f"{at}_field", box=middle,
        label_visibility="collapsed", placeholder=t("mapping.choose"),
    )  # fmt: skip
    asked.fields[column.header] = chosen or ""
    if chosen is None:
        asked.answer.undecided.append((asked.seen.sheet.name, column.header))
    if not chosen:
        _hint(asked.table, proposed, right)
        return
    if chosen == proposed.field and proposed.score < 100:
        asked.answer.doubtful.append(column.header)
    with right:
        part = _part(column, chosen, at, asked.before)
        money = find_column(asked.table, chosen).kind == "money"
        unit = _unit(asked, column, chosen, at) if money else ""
    if unit:
        asked.units[chosen] = unit
    if part != _WHOLE:
        asked.splits[chosen] = Split(header=column.header, separator=column.separator, part=part)
        asked.fields[column.header] = ""


def _hint(table: str, proposed: Proposed, box: DeltaGenerator) -> None:
    """What a column that is not loaded may be."""
    like = [title_of(find_column(table, name)) for name, score in proposed.others if score >= _WORTH]
    if like:
        with box:
            say_soft(t("mapping.maybe", fields=("、" if lang() == "zh" else ", ").join(like[:2])))


def _titles(table: str, proposed: Proposed) -> dict[str, str]:
    """Not to be loaded, then what is like the header with its likeness, then the rest of the table."""
    titles = {"": t("mapping.not_loaded")}
    for name, score in ((proposed.field, proposed.score), *proposed.others):
        if name and name not in titles:
            title = title_of(find_column(table, name))
            titles[name] = (
                t("mapping.proposed", field=title, score=plain(score, lang())) if score < 100 else title
            )
    return titles | {column.name: title_of(column) for column in COLUMNS[table] if column.name not in titles}


def _part(column: ColumnSeen, chosen: str, at: str, before: Plan | None) -> int:
    """Which part of a text that is cut by a separator; of district strings the last is meant."""
    if not column.separator:
        return _WHOLE
    said = before.splits.get(chosen) if before else None
    likely = len(column.parts) if column.separator in "|｜" and before is None else _WHOLE
    titles = {_WHOLE: t("mapping.part_whole")}
    titles |= {n: t("mapping.part_of", part=n, text=text) for n, text in enumerate(column.parts, start=1)}
    titles |= {-1: t("mapping.part_last")}
    label = t("mapping.part", separator=column.separator)
    return one(label, titles, said.part if said else likely, key=f"{at}_part") or _WHOLE


def _unit(asked: Asked, column: ColumnSeen, chosen: str, at: str) -> str:
    """The unit of a column's amounts, where neither its header nor a line above names one."""
    above = asked.seen.corner
    factor, currency = column.factor, column.currency or above.currency or ""
    if factor is not None or above.factor is not None:
        key = "mapping.unit_above" if factor is None else "mapping.unit_in_header"
        say_soft(t(key, factor=f"{above.factor if factor is None else factor:,f}", currency=currency))
        return ""
    said = asked.before.units.get(chosen, "") if asked.before else ""
    return one(t("mapping.unit"), units(), said if said in UNITS else "", key=f"{at}_unit") or ""


def ask_constants(asked: Asked, names: Mapping[str, list[str]]) -> dict[str, str]:
    """What every row says: required fields that no column gives, and others that a person adds.

    Args:
        asked: the table and what its columns give.
        names: of the entities known, by table.

    """
    table, given = asked.table, {*asked.fields.values(), *asked.splits}
    said = dict(asked.before.constants) if asked.before else {}
    must = needed(table, given)
    free = {
        column.name: title_of(column)
        for column in COLUMNS[table]
        if column.name not in given and column not in must
    }
    found: dict[str, str | None] = {}
    if must:
        say_soft(t("mapping.constants"))
    for column in must:
        key = f"{asked.at}_constant_{column.name}"
        found[column.name] = _constant(table, column, key, said.get(column.name), names)
    more = some(
        t("mapping.constants_more"), free, said if asked.before else usual(table), key=f"{asked.at}_more",
        placeholder=t("mapping.constants_none"),
    )  # fmt: skip
    for name in more:
        key = f"{asked.at}_constant_{name}"
        found[name] = _constant(table, find_column(table, name), key, said.get(name), names)
    return {name: value for name, value in found.items() if value}


def _constant(
    table: str, column: Column, at: str, said: str | None, names: Mapping[str, list[str]]
) -> str | None:
    """One value for all rows: a choice, what the file says of itself, a known entity, or whatever is typed."""
    label = t("mapping.constant_of", field=title_of(column))
    if column.kind == "choice":
        titles = {choice.zh: str(getattr(choice, lang())) for choice in column.choices}
        return one(label, titles, said, key=at, placeholder=t("mapping.choose"))
    own = usual(table).get(column.name)
    words = [word for word in (said, own, *names.get(column.refers or "", [])) if word]
    titles = {word: t(f"mapping.{word[1:]}_word") if word.startswith("@") else word for word in words}
    value = one(
        label, titles, said or own, key=at, accept_new_options=True, placeholder=t("mapping.constant_type")
    )
    if value is None or len(value) <= LONGEST:
        return value
    st.error(t("mapping.too_long", most=LONGEST))
    return None

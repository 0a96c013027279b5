"""A file of a new layout: what its sheets, columns and words mean, asked once and saved as a profile."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import streamlit as st

from fundtrack.errors import Problem
from fundtrack.load.asked import (
    BARRED,
    as_it_stands,
    in_question,
    need,
    open_points,
    proposed_name,
)
from fundtrack.load.cells import Book
from fundtrack.load.checked import ReadFile
from fundtrack.load.file_dates import day_in
from fundtrack.load.lines import read_lines
from fundtrack.load.outcome import Result
from fundtrack.load.profiles import Plan, Profile, known_profiles
from fundtrack.load.survey import currency_named, each_table, nearest_profile, survey
from fundtrack.load.words_asked import WordsAsked, words_asked
from fundtrack.model.frames import find_column
from fundtrack.text.problems import problem_sentence
from fundtrack.ui import loading
from fundtrack.ui.choosing import one
from fundtrack.ui.html import esc, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.loaded import table_title
from fundtrack.ui.mapping_column import Answer, title_of, units
from fundtrack.ui.mapping_file import ask_of_layout
from fundtrack.ui.mapping_sheet import draw_sheet

CURRENCIES: Final = ("CNY", "USD", "HKD", "EUR", "JPY", "GBP")


def draw(files: Sequence[loading.Upload], result: Result) -> bool:
    """Ask about every file that needs it; True where one must be answered before anything can be published of it."""
    asked = False
    for sender in result.senders:
        for checked in sender.files:
            wanted = need(checked.problems)
            upload = next((file for file in files if loading.digest_of(file) == checked.file.sha256), None)
            if upload is None or not (wanted or checked.file.profile):
                continue
            if checked.file.profile is not None:
                say_soft(t("mapping.by_profile", file=checked.file.name, name=checked.file.profile.name))
            if wanted == "must":
                asked = True
                show(f"<h2>{esc(t('mapping.title'))}</h2>")
                say_soft(t("mapping.intro"))
                _panel(upload, checked.file, checked.problems)
            elif st.toggle(
                t("mapping.change", file=checked.file.name), key=f"map_{checked.file.sha256[:12]}_open"
            ):
                _panel(upload, checked.file, checked.problems)
    return asked


def _panel(upload: loading.Upload, file: ReadFile, problems: Sequence[Problem]) -> None:
    """Everything that is asked of one file, and the button that saves it."""
    book = loading.book_of(upload)
    at = f"map_{file.sha256[:12]}"
    before = file.profile or nearest_profile(loading.profiles_folder(), book)
    if before is not None and file.profile is None:
        say_soft(t("mapping.like", name=before.name))
    names = loading.known_names()
    answer = Answer()
    with st.container(border=True):
        show(f"<h3>{esc(file.name)}</h3>")
        sheets = survey(book, before)
        said, again = _file_words(book, file, at, before, currency_named(book, sheets))
        for n, seen in enumerate(sheets):
            plans = [plan for plan in before.plans(seen.sheet.name) if not plan.by_itself] if before else []
            if seen.state == "aside":
                continue
            if seen.state == "known" and not plans:
                words = t("mapping.known", name=seen.sheet.name, table=table_title(seen.tables[0]))
                asks = in_question(problems, seen.sheet.name)
                if not st.toggle(words, asks, key=f"{at}_{n}_own"):
                    answer.plans.append(as_it_stands(seen))
                    continue
            for part, own in each_table(seen, plans):
                draw_sheet(
                    part, f"{at}_{n}" + (f"_t{part.part.number}" if part.part else ""), answer, own, names
                )
        said |= ask_of_layout(book, file, answer.plans, before, at)
        profile = Profile(
            name="-", complete=list(dict.fromkeys(answer.complete)), sheets=answer.plans, **said
        )
        profile = _with_words(profile, words_asked(book, profile), at)
        _save(book, file, profile, again, answer, at)


def _file_words(
    book: Book, file: ReadFile, at: str, before: Profile | None, named: str | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the file does not say of itself: what holds for the layout, and what for this file alone."""
    lines = read_lines(book).values
    cover = file.cover.sheet is not None and bool(file.cover.cells)
    layout: dict[str, Any] = {}
    alone: dict[str, Any] = {}
    left, right = st.columns(2)
    if "sender" not in lines and not (cover and file.cover.sender and before is None):
        sender = left.text_input(
            t("mapping.sender"), (before.sender if before else None) or "", max_chars=100, key=f"{at}_sender"
        ).strip()
        always = left.checkbox(t("mapping.sender_always"), value=True, key=f"{at}_always")
        (layout if always else alone)["sender"] = sender or None
    if "as_of" not in lines and not (cover and file.cover.as_of and before is None):
        by_name = next(
            (day for name in (file.name, *(sheet.name for sheet in book.sheets)) if (day := day_in(name))),
            None,
        )
        if by_name is not None and right.checkbox(
            t("mapping.as_of_named", day=by_name.isoformat()), value=True, key=f"{at}_named"
        ):
            layout["as_of_in_name"] = True
        else:
            day = right.date_input(
                t("mapping.as_of"),
                None,
                date(1990, 1, 1),
                key=f"{at}_as_of",
                help=t("mapping.as_of_help"),
            )
            alone["as_of"] = day if isinstance(day, date) else None
    unit = one(
        t("mapping.unit_of_file"),
        units(),
        (before.unit if before else None) or "",
        key=f"{at}_unit",
        box=left,
    )
    currencies = {"": t("mapping.as_written")} | {code: code for code in CURRENCIES}
    said = (before.currency if before else named) or ""
    currency = one(t("mapping.currency_of_file"), currencies, said, key=f"{at}_currency", box=right)
    return layout | {"unit": unit or None, "currency": currency or None}, alone


def _with_words(profile: Profile, asked: list[WordsAsked], at: str) -> Profile:
    """The answer with the meaning of words that the dictionary does not know."""
    sheets = list(profile.sheets)
    for each in asked:
        plan = sheets[each.plan]
        column = find_column(plan.table, each.field)
        title = t(
            "mapping.words_free" if each.known else "mapping.words",
            field=title_of(column),
            table=table_title(plan.table),
        )
        with st.expander(title, expanded=not each.known):
            meant = {
                word: _meaning(plan, each, word, f"{at}_{each.plan}_{each.field}_{n}")
                for n, word in enumerate(each.words)
            }
        values = {word: meaning for word, meaning in meant.items() if meaning is not None and meaning != word}
        sheets[each.plan] = plan.model_copy(update={"values": {**plan.values, each.field: values}})
    kept = [
        plan.model_copy(update={"values": {field: words for field, words in plan.values.items() if words}})
        for plan in sheets
    ]
    return profile.model_copy(update={"sheets": kept})


def _meaning(plan: Plan, each: WordsAsked, word: str, at: str) -> str | None:
    """What a word means: one of the field's choices, nothing, or another word; None while nobody has said."""
    column = find_column(plan.table, each.field)
    said = plan.values.get(each.field, {}).get(word)
    if each.known:
        return st.text_input(
            t("mapping.word", word=word), word if said is None else said, max_chars=200, key=at
        )
    titles = {choice.zh: str(getattr(choice, lang())) for choice in column.choices}
    if column.kind == "flag":
        titles = {"是": t("ui.yes"), "否": t("ui.no")}
    if column.kind == "currency":
        titles = {code: code for code in CURRENCIES}
    titles |= {"": t("mapping.word_blank")}
    return one(t("mapping.word", word=word), titles, said, key=at, placeholder=t("mapping.choose"))


def _save(
    book: Book, file: ReadFile, profile: Profile, alone: Mapping[str, Any], answer: Answer, at: str
) -> None:
    """Say what is open; once nothing is, save the profile under a name and read the file again by it."""
    told = profile.model_copy(update={**alone, "name": profile.name})
    points = open_points(book, file.name, told, loading.state_now(), answer.undecided)
    _draw_points(points)
    sure = not answer.doubtful or st.checkbox(
        t("mapping.looked_over", headers="、".join(answer.doubtful)),
        key=f"{at}_sure_{_short(answer.doubtful)}",
    )
    taken = known_profiles(loading.profiles_folder())
    usual = (
        file.profile.name
        if file.profile
        else proposed_name(str(told.sender or file.cover.sender), file.name, taken)
    )
    name = st.text_input(
        t("mapping.profile_name"),
        max_chars=60,
        key=f"{at}_name",
        help=t("mapping.profile_help"),
        placeholder=usual,
    )
    barred = any(point.code in BARRED and point.severity == "error" for point in points)
    if st.button(t("mapping.save"), type="primary", key=f"{at}_save", disabled=barred or not sure):
        loading.keep_answer(file, profile, alone, name.strip() or usual)


def _draw_points(points: list[Problem]) -> None:
    if not points:
        show(f'<p class="done">{esc(t("mapping.nothing_open"))}</p>')
        return
    words = list(dict.fromkeys(problem_sentence(point, lang()) for point in points))
    more = [t("load.cut", shown=12, all=len(words))] if len(words) > 12 else []
    items = "".join(f"<li>{esc(word)}</li>" for word in [*words[:12], *more])
    show(f"<p><b>{esc(t('mapping.open'))}</b></p><ul>{items}</ul>")


def _short(words: list[str]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:8]

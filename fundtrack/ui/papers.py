"""Buttons for the papers: made when clicked, kept by edition, day and language."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from fundtrack.errors import FundtrackError
from fundtrack.reports.handed import MAKERS, MIMES, file_name, make
from fundtrack.reports.paper.typeset import faces
from fundtrack.service.scope import Sight
from fundtrack.settings import settings_now
from fundtrack.text.problems import error_sentence
from fundtrack.text.say import Lang
from fundtrack.ui.context import View
from fundtrack.ui.handing import hand_out
from fundtrack.ui.html import esc, say_soft, show
from fundtrack.ui.language import lang, t
from fundtrack.ui.reports_of import imprint_of

SHORT = ("briefing", "briefing_word", "excel")
"""Those that the overview offers."""


@st.cache_data(max_entries=12, show_spinner=False)
def paper(data: Sight, edition: int, as_of: date, name: str, speak: Lang) -> bytes:
    """A paper's bytes; an edition never changes, so each is made once."""
    # a ledger of its own: the one that pages share may be asked by another session meanwhile
    return make(name, data.store.ledger(known_at=edition), as_of, settings_now(), speak)


def source_line(seen: View) -> str:
    """What stands at the foot of a printed page: both data dates, edition, head hash."""
    return "  ".join(imprint_of(seen).lines(lang()))


def no_typeface() -> str:
    """Why no PDF can be made; empty where it can."""
    try:
        faces()
    except FundtrackError as error:
        return error_sentence(error, lang())
    return ""


def button(seen: View, name: str, why_not: str, words: str) -> None:
    """Offer a paper of what is looked at, under some words."""
    ending, speak = MAKERS[name][0], lang()
    missing = why_not if ending == ".pdf" else ""
    hand_out(
        words, lambda: paper(seen.sight, seen.edition, seen.as_of, name, speak),
        file_name(name, seen.edition, seen.as_of, speak), MIMES[ending], key=f"paper_{name}", whole=True,
        disabled=bool(missing), help=missing or t(f"papers.help_{name}"),
    )  # fmt: skip


def row(seen: View, names: Sequence[str] = SHORT) -> None:
    """Offer some papers side by side."""
    why_not = no_typeface()
    with st.container(key="papers", horizontal=True):
        for name in names:
            button(seen, name, why_not, t(f"papers.button_{name}"))


def draw(seen: View) -> None:
    """Every paper with what it is."""
    why_not = no_typeface()
    for name in MAKERS:
        show(f"<h2>{esc(t(f'papers.button_{name}'))}</h2>")
        say_soft(t(f"papers.help_{name}"))
        button(seen, name, why_not, t("papers.download", kind=MAKERS[name][0].removeprefix(".").upper()))
    if why_not:
        say_soft(why_not)
    show(f"<h2>{esc(t('papers.print'))}</h2>")
    say_soft(t("papers.print_help"))

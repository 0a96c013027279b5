"""What a page shows stands in its address, so that a link shows the same; invalid parts are let go."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, TypeVar

import streamlit as st

KEPT: Final = ("lang", "edition", "as_of", "guidance", "unit")
"""Parts of the address that go along from page to page."""

T = TypeVar("T")


def carry() -> None:
    """Keep what goes along: from the address into the session, and back into the address of the next page."""
    for name in KEPT:
        if name in st.query_params:
            st.session_state[f"kept_{name}"] = st.query_params[name]
        elif f"kept_{name}" in st.session_state:
            st.query_params[name] = st.session_state[f"kept_{name}"]


def given(name: str) -> str:
    """A part of the address, empty where it is not there."""
    return str(st.query_params.get(name, ""))


def put(name: str, value: object | None) -> None:
    """Write a part of the address; nothing takes it away."""
    text = "" if value is None else str(value)
    if text and st.query_params.get(name) != text:
        st.query_params[name] = text
    elif not text and name in st.query_params:
        del st.query_params[name]
    if name in KEPT:
        if text:
            st.session_state[f"kept_{name}"] = text
        else:
            st.session_state.pop(f"kept_{name}", None)


def forget(*names: str) -> None:
    """Take parts out of the address, and let their widgets start afresh."""
    for name in names:
        put(name, None)
        st.session_state.pop(f"w_{name}", None)


def as_day(text: str) -> date | None:
    """A date of an address; None where it is none.

    >>> as_day("2017-09-30"), as_day("gestern")
    (datetime.date(2017, 9, 30), None)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def pick(
    name: str, label: str, options: Sequence[T], words: Callable[[T], str], default: T | None = None
) -> T:
    """Let the reader choose; the address keeps the option's own text, and nothing for the default."""
    usual = options[0] if default is None else default
    found = next((option for option in options if str(option) == given(name)), usual)
    chosen = st.selectbox(label, options, index=options.index(found), format_func=words, key=f"w_{name}")
    kept = found if chosen is None else chosen
    put(name, None if kept == usual else kept)
    return kept


def search(name: str, label: str, hint: str) -> str:
    """A text kept in the address."""
    text = st.text_input(label, value=given(name), placeholder=hint, key=f"w_{name}") or ""
    put(name, text.strip())
    return text.strip()

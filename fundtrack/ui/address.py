"""What a page shows stands in its address, so that a link shows the same; invalid parts are let go."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from typing import Final, TypeVar
from urllib.parse import urlencode

import streamlit as st

KEPT: Final = ("lang", "edition", "as_of", "guidance", "unit")
"""Parts of the address that go along from page to page."""
BY_BROWSER: Final = ("guidance", "unit")
"""Those that the browser puts into a number's link when somebody takes it: a number that a filter leaves as it is stays as it is drawn."""

T = TypeVar("T")
_SAID: Final[ContextVar[dict[str, str] | None]] = ContextVar("said", default=None)
"""The address while a page or a part of it is drawn; none outside."""


@contextmanager
def read_once() -> Iterator[None]:
    """Read the address once for all that is drawn within: a page asks it thousands of times. What is `put` meanwhile is known at once."""
    if _SAID.get() is not None:
        yield
        return
    token = _SAID.set(st.query_params.to_dict())
    try:
        yield
    finally:
        _SAID.reset(token)


def _said() -> Mapping[str, str]:
    held = _SAID.get()
    return st.query_params.to_dict() if held is None else held


def carry() -> None:
    """Keep what goes along: from the address into the session, and back into the address of the next page."""
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    for name in KEPT:
        if name in st.query_params:
            st.session_state[f"kept_{name}"] = st.query_params[name]
        elif f"kept_{name}" in st.session_state:
            st.query_params[name] = st.session_state[f"kept_{name}"]


def along(names: Iterable[str] = KEPT, /, **own: object) -> str:
    """The query of a link that keeps what goes along (`names` of it), with what is its own; empty parts are left out.

    Pages hold a thousand links: the address is read once for each, and what all of them keep is encoded once.
    """
    said = _said()
    kept = tuple((name, str(said[name])) for name in names if said.get(name) and not own.get(name))
    return "&".join(part for part in (_encoded(kept), _encoded(tuple(_filled(own)))) if part)


def _filled(own: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    return ((name, str(value)) for name, value in own.items() if value not in {None, ""})


@lru_cache(maxsize=4096)
def _encoded(parts: tuple[tuple[str, str], ...]) -> str:
    return urlencode(parts)


THINGS: Final = ("fund", "finding", "proposal", "figure", "of", "currency", "open", "city", "plan")
"""Parts of the address that name one thing to look at; whoever comes back through the menu wants the list again."""


def recall(page: str) -> None:
    """Put a page's own filters back into the address, where somebody comes to it through the menu, which brings none."""
    arrived = st.session_state.get("stood_at") != page
    st.session_state["stood_at"] = page
    if arrived and not _own():
        for name, value in st.session_state.get(f"own_{page}", {}).items():
            st.query_params[name] = value


def remember(page: str) -> None:
    """Keep a page's own filters for when somebody comes back to it."""
    st.session_state[f"own_{page}"] = {name: value for name, value in _own().items() if name not in THINGS}


def _own() -> dict[str, str]:
    return {name: value for name, value in st.query_params.to_dict().items() if name not in KEPT}


def given(name: str) -> str:
    """A part of the address, empty where it is not there."""
    held = _SAID.get()
    return str(st.query_params.get(name, "") if held is None else held.get(name, ""))


def put(name: str, value: object | None) -> None:
    """Write a part of the address; nothing takes it away."""
    text = "" if value is None else str(value)
    if text and st.query_params.get(name) != text:
        st.query_params[name] = text
    elif not text and name in st.query_params:
        del st.query_params[name]
    held = _SAID.get()
    if held is not None:
        held |= {name: text}
    if name in KEPT:
        if text:
            st.session_state[f"kept_{name}"] = text
        else:
            st.session_state.pop(f"kept_{name}", None)


def heed(chosen: object, shown: object, keep: Callable[[], None]) -> None:
    """Keep a choice of which no callback was told.

    Where a server came back, Streamlit runs nothing until the reader clicks: that click begins a session which learns the widget's
    value with its first run, and calls nobody.

    Args:
        chosen: what the widget says.
        shown: what the page was to show.
        keep: the widget's callback.
    """
    if st.session_state.get("runs") == 1 and chosen != shown:
        keep()
        st.rerun()


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
    """Let the reader choose; the address keeps the option's own text, and nothing for the default.

    What nobody chose goes along where the default moves, as with a new edition.
    """
    usual = options[0] if default is None else default
    if not given(name) and st.session_state.get(f"usual_{name}", usual) != usual:
        st.session_state.pop(f"w_{name}", None)
    st.session_state[f"usual_{name}"] = usual
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

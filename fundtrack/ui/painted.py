"""The first chart of a visit is sent when what stands above it is on the screen: the browser says so.

A browser that has never drawn a chart here first runs the charts' program, 4.7 MB, and paints nothing meanwhile: numbers that were sent
together with a chart would stand there a second later, or two. So the page stops before its first chart until the browser has painted
what it has, and goes on by itself where it hears nothing: it sleeps in a hidden tab, or something in between keeps `/painted` to itself.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Event
from typing import Final

import streamlit as st

LONGEST: Final = 1.5
"""Seconds that a page waits at most."""
_DONE: Final = "painted"
_SCRIPT: Final = "<script data-painted>requestAnimationFrame(() => setTimeout(() => fetch('painted?of={ticket}', {{cache: 'no-store'}})))</script>"


class Painted:
    """What browsers said; one for the whole server.

    Attributes:
        heard: whether this server has a place where they can say it; without one no page waits.
    """

    def __init__(self) -> None:
        self.heard = False
        self._waiting: dict[str, Event] = {}

    @contextmanager
    def ticket(self) -> Iterator[tuple[str, Event]]:
        """A name for a wait, and what is set when a browser says it; told later it is nobody's."""
        name, said = secrets.token_hex(8), Event()
        self._waiting[name] = said
        try:
            yield name, said
        finally:
            del self._waiting[name]

    def say(self, name: str) -> None:
        """A browser has painted; a name that nobody waits for is nothing."""
        if said := self._waiting.get(name):
            said.set()


@cache
def painted() -> Painted:
    """What browsers said to this server."""
    return Painted()


def paint_first(longest: float = LONGEST) -> bool:
    """Wait, once in a visit, until the browser has painted what is drawn so far.

    Args:
        longest: seconds to wait at most.

    Returns:
        Whether the browser said so.
    """
    if st.session_state.get(_DONE) or not painted().heard:
        return False
    st.session_state[_DONE] = True
    with painted().ticket() as (name, said):
        st.html(_SCRIPT.format(ticket=name), unsafe_allow_javascript=True)
        return said.wait(longest)

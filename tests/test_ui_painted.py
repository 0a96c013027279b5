"""The wait before the first chart: it ends when the browser says that it has painted, and by itself; once in a visit, and only where heard."""

import threading
import time

import pytest
from streamlit.testing.v1 import AppTest

from fundtrack.ui.painted import Painted, painted


@pytest.fixture
def heard(monkeypatch):
    monkeypatch.setattr(painted(), "heard", True)


def waits():
    """A page that waits twice, and says what came of it and how long it took."""
    import time

    import streamlit as st

    from fundtrack.ui.painted import paint_first

    st.session_state.found = []
    for _ in range(2):
        begun = time.monotonic()
        said = paint_first(0.4)
        st.session_state.found.append((said, time.monotonic() - begun))


def test_what_is_said_ends_the_wait_and_later_it_is_nothing():
    kept = Painted()
    with kept.ticket() as (name, said):
        kept.say("another")
        assert not said.is_set()
        kept.say(name)
        assert said.is_set()
    kept.say(name)
    with kept.ticket() as (other, said):
        kept.say(name)
        assert other != name and not said.is_set()


def test_a_browser_that_says_nothing_is_waited_for_once_in_a_visit(heard):
    at = AppTest.from_function(waits).run()
    assert not at.exception
    (said, first), (_, second) = at.session_state.found
    assert not said and 0.4 <= first < 5 and second < 0.2
    (_, third), _ = at.run().session_state.found
    assert third < 0.2


def test_a_browser_that_has_painted_ends_the_wait(heard, monkeypatch):
    ticket = Painted.ticket

    def told(self):
        held = ticket(self)
        threading.Timer(0.05, lambda: [self.say(name) for name in list(self._waiting)]).start()
        return held

    monkeypatch.setattr(Painted, "ticket", told)
    at = AppTest.from_function(waits).run()
    (said, _), _ = at.session_state.found
    assert said


def test_a_server_that_hears_nobody_does_not_wait():
    begun = time.monotonic()
    at = AppTest.from_function(waits).run()
    assert not at.exception and time.monotonic() - begun < 5
    assert [said for said, _ in at.session_state.found] == [False, False]
    assert all(took < 0.2 for _, took in at.session_state.found)

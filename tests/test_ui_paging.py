"""A long table a page at a time: the address says which, what it says wrongly is the first, and a filter that leaves fewer pages is heeded."""

import pytest
from streamlit.testing.v1 import AppTest


def page(count):
    import streamlit as st

    from fundtrack.ui.paging import page_of

    held = st.session_state.get("count", count)
    at = page_of(held, "page_x")
    st.text(f"{at.start}-{min(at.stop, held)}")


def shown(at):
    return at.text[0].value, [one.value for one in at.pagination]


@pytest.mark.parametrize(
    ("count", "said", "expected"),
    [
        pytest.param(100, None, ("0-100", []), id="all on one"),
        pytest.param(0, None, ("0-0", []), id="nothing"),
        pytest.param(101, None, ("0-50", [1]), id="one too many makes three pages of fifty"),
        pytest.param(101, "3", ("100-101", [3]), id="the last has what is left"),
        pytest.param(101, "4", ("0-50", [1]), id="no such page"),
        pytest.param(101, "-1", ("0-50", [1]), id="not a number"),
        pytest.param(100, "2", ("0-100", []), id="a page of what has none"),
    ],
)
def test_pages(count, said, expected):
    at = AppTest.from_function(page, args=(count,))
    if said:
        at.query_params["page_x"] = said
    at.run()
    assert not at.exception
    assert shown(at) == expected
    assert "".join(at.query_params.get("page_x", "1")) == str((expected[1] or [1])[0])


def test_a_choice_stands_in_the_address_until_there_are_fewer_pages():
    at = AppTest.from_function(page, args=(500,)).run()
    at.pagination[0].set_value(9).run()
    assert shown(at) == ("400-450", [9]) and "".join(at.query_params["page_x"]) == "9"
    at.session_state["count"] = 101
    at.run()
    assert not at.exception and shown(at) == ("0-50", [1]) and "page_x" not in at.query_params

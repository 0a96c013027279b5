"""A long table a page at a time; which page it is stands in the address."""

from typing import Final

import streamlit as st

from fundtrack.ui.address import given, put
from fundtrack.ui.html import must_be_live

PER_PAGE: Final = 100
"""Rows of a table that needs no pages: the demo's have none."""


def page_of(count: int, name: str = "page") -> slice:
    """Let the reader choose a page where there is more than one; its rows.

    The pages are numbers to click on: a box to choose from would be filled with hundreds of them at each change of a filter.

    Args:
        count: rows in all.
        name: of the choice in the address; each table of a page has its own.
    """
    must_be_live()
    rows = PER_PAGE if count <= PER_PAGE else PER_PAGE // 2
    pages = (count - 1) // rows + 1
    if pages < 2:
        put(name, None)
        return slice(0, count)
    key, said = f"w_{name}", given(name)
    if int(st.session_state.get(key, 1)) > pages:  # fewer rows answer than before
        del st.session_state[key]
    wanted = int(said) if said.isdecimal() and 1 <= int(said) <= pages else 1
    at = st.pagination(pages, default=wanted, key=key)
    put(name, None if at == 1 else at)
    return slice((at - 1) * rows, at * rows)

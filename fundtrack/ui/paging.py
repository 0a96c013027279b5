"""A long table a page at a time; which page it is stands in the address."""

from typing import Final

from fundtrack.ui.address import pick
from fundtrack.ui.html import must_be_live
from fundtrack.ui.language import t

PER_PAGE: Final = 100
"""Rows of a table that needs no pages: the demo's have none."""


def page_of(count: int, name: str = "page") -> slice:
    """Let the reader choose a page where there is more than one; its rows.

    Args:
        count: rows in all.
        name: of the choice in the address; each table of a page has its own.
    """
    must_be_live()
    rows = PER_PAGE if count <= PER_PAGE else PER_PAGE // 2
    pages = tuple(range(1, (count - 1) // rows + 2))
    at = (
        pick(name, t("funds.page"), pages, lambda number: f"{number} / {len(pages)}") if len(pages) > 1 else 1
    )
    return slice((at - 1) * rows, at * rows)

"""Filters of the bar: which guidance fund and which currency is looked at; a page that cannot narrow says so."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from fundtrack.ui.address import forget, given, heed, put
from fundtrack.ui.context import View
from fundtrack.ui.figures import unit_name
from fundtrack.ui.language import t

FILTERS: Final = ("guidance", "unit")
"""Names of the filters, as the address has them."""


def _funds(seen: View) -> dict[str, str]:
    return dict(seen.ledger["guidance_fund"].select("guidance_fund_id", "name").iter_rows())


def _currencies(seen: View) -> dict[str, str]:
    found = sorted({str(code) for code in seen.ledger["guidance_fund"]["currency"].to_list() if code})
    return {code: unit_name(code) for code in found}


def draw(seen: View, honoured: Sequence[str]) -> None:
    """Let the reader choose, on a page that honours the choice; what the address asks wrongly is let go."""
    for name, options in (("guidance", _funds), ("unit", _currencies)):
        held = str(getattr(seen, name))
        if given(name) and given(name) != held:
            forget(name)
        if name in honoured:
            _ask(name, options(seen), held)


def _ask(name: str, titles: dict[str, str], held: str) -> None:
    def keep() -> None:
        put(name, st.session_state.get(f"w_{name}") or None)

    options = ["", *titles]
    chosen = st.selectbox(
        t(f"filters.{name}"), options, index=options.index(held), format_func=lambda of: titles.get(of, t(f"filters.all_{name}")),
        key=f"w_{name}", help=t(f"filters.{name}_help"), on_change=keep, width=270 if name == "guidance" else 190,
    )  # fmt: skip
    heed(chosen, held, keep)


def left_aside(seen: View, honoured: Sequence[str]) -> str:
    """Say which filters are set that the page does not honour; empty where there is none."""
    names = {"guidance": _funds, "unit": _currencies}
    found = [
        t(f"filters.{name}") + t("filters.colon") + titles(seen)[getattr(seen, name)]
        for name, titles in names.items()
        if getattr(seen, name) and name not in honoured
    ]
    return t("filters.left_aside", chosen=t("filters.join").join(found)) if found else ""

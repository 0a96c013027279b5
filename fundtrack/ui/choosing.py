"""Choices among codes, each shown under its title in the language spoken."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

T = TypeVar("T", str, int)


def one(
    label: str,
    titles: Mapping[T, str],
    chosen: T | None = None,
    *,
    key: str,
    box: DeltaGenerator | None = None,
    **more: Any,
) -> T | None:
    """One of several codes; None while nothing is chosen.

    Args:
        label: of the widget.
        titles: what each code is called, in order.
        chosen: at first.
        key: of the widget.
        box: where it stands.
        more: whatever else a selectbox takes.

    """
    options = list(titles)
    index = options.index(chosen) if chosen is not None and chosen in titles else None
    made: T | None = (box or st).selectbox(
        label, options, index, key=key, format_func=lambda code: titles.get(code, str(code)), **more
    )
    return made


def some(label: str, titles: Mapping[str, str], chosen: Iterable[str], *, key: str, **more: Any) -> list[str]:
    """Any number of codes, in the order of choosing."""
    first = [code for code in chosen if code in titles]
    made: list[str] = st.multiselect(
        label, list(titles), first, key=key, format_func=lambda code: titles.get(code, code), **more
    )
    return made

"""What is taken away from a page: made on the click, for whoever may, and noted then."""

from collections.abc import Callable

import streamlit as st

from fundtrack.ui.html import must_be_live
from fundtrack.ui.identity import desk


def hand_out(
    label: str,
    make: Callable[[], bytes | str],
    name: str,
    kind: str,
    *,
    key: str,
    help: str | None = None,  # noqa: A002 - as Streamlit calls it
    disabled: bool = False,
    whole: bool = False,
) -> None:
    """A button that gives a file to whoever may export; nobody else sees it.

    Args:
        label: of the button.
        make: makes the file; called on the click, after the role and the token were looked at once more.
        name: of the file.
        kind: its media type.
        key: of the button.
        help: shown beside it.
        disabled: whether it cannot be made.
        whole: it holds every guidance fund, so that who may see only some gets none of it.
    """
    must_be_live()
    at = desk()
    if not at.actor.may("export") or (whole and at.actor.funds is not None):
        return

    def made() -> bytes | str:
        with at.doing("export", name, whole=whole):
            return make()

    st.download_button(label, made, name, kind, key=key, help=help, disabled=disabled, on_click="ignore")

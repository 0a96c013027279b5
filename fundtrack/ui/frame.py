"""What stands around every page: style, the bar of date, edition and language, banners, the fixed link."""

import functools
import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.resources import as_file, files
from typing import Final, ParamSpec
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import Page

from fundtrack.errors import AccessError, FundtrackError
from fundtrack.service.actor import page_action
from fundtrack.service.desk import Desk
from fundtrack.text.problems import error_sentence
from fundtrack.ui import identity
from fundtrack.ui.address import (
    BY_BROWSER,
    as_day,
    carry,
    forget,
    given,
    heed,
    put,
    read_once,
    recall,
    remember,
)
from fundtrack.ui.context import View, pin, senders_of, view
from fundtrack.ui.filters import draw as draw_filters
from fundtrack.ui.filters import left_aside
from fundtrack.ui.html import empty, esc, link, say_soft, show
from fundtrack.ui.language import lang, switch, t, tell_browser
from fundtrack.ui.menu import OF_LAKE, SECTIONS, pages_for
from fundtrack.ui.papers import source_line

P = ParamSpec("P")
_FOOT: Final = "foot"
_LOG = logging.getLogger(__name__)
_PAGES = files("fundtrack.ui") / "pages"
FIRST = "overview"
"""The page at the bare address."""
NAMES = tuple(name for names in SECTIONS.values() for name in names)
"""Every page."""


def pages(at: Desk) -> dict[str, list[Page]]:
    """The menu of whoever is at the page: sections of pages, under their titles in the language to speak.

    The first page is served at the bare address, and under its own name too, so that an address typed in full is found. Pages
    that they may not open are served without standing in the menu: asked for by address, they say why and are noted.
    """
    own = pages_for(at.actor.roles, lake=bool(at.settings.lake))
    menu = {
        t(f"menu.{section}") if section else "": [_page(name) for name in names]
        for section, names in own.items()
    } or {"": [_page(FIRST)]}
    shown = {name for names in own.values() for name in names}
    barred = [_page(name, hidden=True) for name in NAMES if name not in shown and name != FIRST]
    next(iter(menu.values())).extend([_page(FIRST, hidden=True, named=True), *barred])
    return menu


def _page(name: str, *, hidden: bool = False, named: bool = False) -> Page:
    """A page; the first one answers at the bare address only, whatever it is called, so its hidden twin has its name."""
    first = name == FIRST and not named
    return st.Page(
        str(_PAGES / f"{name}.py"), title=t(f"page.{name}"), url_path="home" if first else name, default=first,
        visibility="hidden" if hidden else "visible",
    )  # fmt: skip


def start() -> None:
    """Set the house style and what goes along from page to page."""
    st.set_page_config(page_title="fundtrack", page_icon="📊", layout="wide")
    carry()
    for sheet in ("style.css", "print.css"):
        with as_file(files("fundtrack.ui") / sheet) as css:
            st.html(css)
    tell_browser()
    script = (files("fundtrack.ui") / "along.js").read_text("utf-8").replace("NAMES", json.dumps(BY_BROWSER))
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def admit() -> Desk:
    """The desk of whoever is at the page; who is not let in sees how to be, and nothing else."""
    try:
        at = identity.desk()
    except AccessError as error:
        # Every address is known here, too, so that none is told from another by "page not found".
        st.navigation([_page(FIRST), _page(FIRST, named=True), *(_page(name) for name in NAMES if name != FIRST)],
                      position="hidden")  # fmt: skip
        identity.draw_sign_in(error)
        st.stop()
    identity.note_sign_in(at)
    return at


def run(page: Page, at: Desk) -> None:
    """Run a page for whoever may open it; whatever goes wrong is one sentence, and the rest stands in the log."""
    name = page.url_path if page.url_path in NAMES else FIRST
    try:
        at.allowed(page_action(name), name, whole=name in OF_LAKE)
        pin()  # before anything is noted in a folder that may have gone
        recall(name)
        _looked(at, name)
        st.session_state.pop(_FOOT, None)
        with read_once():
            page.run()
        remember(name)
        identity.draw_local()
    except AccessError as error:
        with suppress(AccessError):  # who may not be asked any more needs no way out
            identity.badge()
        st.error(error_sentence(error, lang()))
    except FundtrackError as error:
        st.error(error_sentence(error, lang()))
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user
        _LOG.exception("a page failed")
        st.error(t("error.unexpected", kind=type(error).__name__))
    if at.actor.known != "local":
        identity.watch()


def _looked(at: Desk, name: str) -> None:
    """Note a page, or another edition, day or fund of it, once."""
    asked = {key: value for key, value in sorted(st.query_params.to_dict().items()) if key != "lang"}
    what = f"{name}?{urlencode(asked)}" if asked else name
    if st.session_state.get("looked_at") != what:
        st.session_state["looked_at"] = what
        at.note(at.actor, page_action(name), what, "done")


def head(
    title: str, subtitle: str = "", *, dated: bool = True, filters: Sequence[str] | None = ()
) -> View | None:
    """Draw a page's title with the bar beside it, and the banners; give what is looked at.

    Args:
        title: of the page.
        subtitle: below it.
        dated: whether the page shows a day and an edition to choose.
        filters: those of `filters.FILTERS` that the page honours; those that are set and not honoured are named in a
            note. None: the page shows nothing that they could narrow, and says nothing of them.

    """
    seen = view()
    shares = [1.0, 1.05] if dated and seen else [3.0, 1.0]
    left, right = st.columns([0.45, 1.55] if filters and seen else shares, vertical_alignment="center")
    with (
        right,
        st.container(key="bar", horizontal=True, horizontal_alignment="right", vertical_alignment="bottom"),
    ):
        if dated and seen is not None:
            draw_filters(seen, filters or ())
            _as_of(seen)
            _edition(seen)
        switch()
        identity.badge()
    with left:
        show(f"<h1>{esc(title)}</h1>")
    lines = [f'<p class="soft">{esc(subtitle)}</p>'] if subtitle else []
    lines += _banners(seen) if seen is not None else []
    if lines:
        show(f'<div class="under">{"".join(lines)}</div>')
    if seen is not None and filters is not None and (note := left_aside(seen, filters)):
        say_soft(note)
    return seen


def _as_of(seen: View) -> None:
    def keep() -> None:
        day = st.session_state.get("w_as_of")
        put("as_of", None if day == seen.usual else day)

    if given("as_of") and as_day(given("as_of")) is None:
        forget("as_of")
    chosen = st.date_input(t("ui.as_of"), seen.as_of, min_value="1999-01-01", max_value="2099-12-31", format="YYYY-MM-DD", key="w_as_of",
                  help=t("ui.as_of_help"), on_change=keep, width=150)  # fmt: skip
    heed(chosen, seen.as_of, keep)


def _edition(seen: View) -> None:
    def keep() -> None:
        number = st.session_state.get("w_edition")
        forget("as_of")
        put("edition", None if number == seen.newest and not seen.coming else number)

    if as_day(given("edition")):
        put("edition", None if seen.edition == seen.newest else seen.edition)
    elif given("edition") and given("edition") != str(seen.edition):
        forget("edition")
    editions = list(range(seen.newest, 0, -1))
    chosen = st.selectbox(t("ui.edition"), editions, index=editions.index(seen.edition), format_func=lambda n: t("ui.edition_n", n=n),
                 key="w_edition", help=t("ui.edition_help"), on_change=keep, width=110)  # fmt: skip
    heed(chosen, seen.edition, keep)


def _banners(seen: View) -> list[str]:
    """What must be known of all that follows: that it is an example, that there is a newer edition, that the newest is damaged."""
    found = []
    if seen.damaged is not None:
        words = t("ui.damaged", edition=seen.damaged, served=seen.newest)
        found.append(f'<p class="demo" role="alert">{esc(words)}</p>')
    if seen.funds is not None:
        found.append(f'<p class="demo">{esc(t("identity.part", funds=", ".join(seen.funds)))}</p>')
    if any(sender.startswith("示例") for sender in senders_of(seen)):
        found.append(f'<p class="demo">{esc(t("ui.demo"))}</p>')
    if seen.coming:
        words = t("ui.coming", edition=seen.edition, newest=seen.newest)
        found.append(
            f'<p class="demo">{esc(words)} {link(t("ui.to_coming"), lang=lang(), edition=seen.newest)}</p>'
        )
    elif seen.edition != seen.newest:
        words = t("ui.not_newest", edition=seen.edition, newest=seen.newest)
        found.append(f'<p class="demo">{esc(words)} {link(t("ui.to_newest"), lang=lang())}</p>')
    return found


def nothing_yet() -> None:
    """What a page without data says: how to get some, in both languages."""
    for key in ("ui.empty_zh", "ui.empty_en"):
        show(empty(t(key)))


def foot(seen: View | None) -> None:
    """Draw the link that shows the same numbers tomorrow: it names edition and date."""
    if seen is None:
        return
    words = t("ui.fixed_help")
    show(
        f'<p class="paper-only">{esc(source_line(seen))}</p>',
        f'<p class="soft screen-only"><a class="fixed" href="{esc(_fixed(seen))}">{esc(t("ui.fixed"))}</a> {esc(words)}</p>',
    )
    st.session_state[_FOOT] = seen


def _fixed(seen: View) -> str:
    """The address that names everything that is looked at."""
    fixed = {
        **st.query_params.to_dict(),
        "lang": lang(),
        "edition": str(seen.edition),
        "as_of": seen.as_of.isoformat(),
    }
    return f"?{urlencode(fixed)}"


def narrowed(draw: Callable[P, None]) -> Callable[P, None]:
    """A part of a page with filters of its own: they run only it again, and what is chosen is kept, noted and in the foot's link."""

    @identity.fragment
    @functools.wraps(draw)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        draw(*args, **kwargs)
        if _FOOT in st.session_state:  # not there while the whole page runs, which does the same at its end
            name = st.session_state["stood_at"]
            remember(name)
            _looked(identity.desk(), name)
            # a part may not draw outside itself: so it tells the link at the foot where to lead
            leads = json.dumps(_fixed(st.session_state[_FOOT]))
            st.html(
                f"<script>document.querySelectorAll('a.fixed').forEach(one => one.setAttribute('href', {leads}))</script>",
                unsafe_allow_javascript=True,
            )

    return run

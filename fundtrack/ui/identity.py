"""Who is at the page: asked anew at every run, whether of the page or of a part of it; out when the token, the role or the patience ends."""

import functools
import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, ParamSpec, cast

import streamlit as st

from fundtrack.errors import AccessError
from fundtrack.service import people
from fundtrack.service.actor import Actor
from fundtrack.service.desk import Desk
from fundtrack.settings import settings_now
from fundtrack.text.problems import error_sentence
from fundtrack.ui.address import read_once
from fundtrack.ui.html import esc, show
from fundtrack.ui.language import lang, switch, t

P = ParamSpec("P")
WATCH = 20.0
"""Seconds between two looks of an open page whether its reader is still let in."""


@dataclass
class Sessions:
    """When each sign-in was last used, and which are over; a copied cookie of one that is over opens nothing.

    Attributes:
        used: moment of the last click (monotonic seconds), by sign-in.
        over: sign-ins that ended by signing out or by waiting too long.
    """

    used: dict[str, float] = field(default_factory=dict)
    over: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, token: str, idle_minutes: float, *, click: bool) -> None:
        """Note a click of a sign-in.

        Raises:
            AccessError: `signed_out`; `token_idle`.
        """
        now = time.monotonic()
        with self.lock:
            if token in self.over:
                raise AccessError(
                    self.over[token],
                    **({"minutes": f"{idle_minutes:g}"} if self.over[token] == "token_idle" else {}),
                )
            if now - self.used.get(token, now) > 60 * idle_minutes:
                self.over[token] = "token_idle"
                raise AccessError("token_idle", minutes=f"{idle_minutes:g}")
            if click or token not in self.used:
                self.used[token] = now

    def end(self, token: str) -> None:
        """Let a sign-in be over."""
        with self.lock:
            self.over[token] = "signed_out"


@st.cache_resource(show_spinner=False)
def sessions() -> Sessions:
    """The sign-ins of this server."""
    return Sessions()


def token_of(actor: Actor) -> str:
    """The name of a sign-in: another one of the same person is another."""
    said = "|".join(str(actor.claims.get(name)) for name in ("iss", "sub", "iat", "exp", "sid", "nonce"))
    return hashlib.sha256(said.encode()).hexdigest()


def who(*, click: bool = True) -> Actor:
    """Who is at the page now.

    Args:
        click: whether somebody did something, from which the time of waiting is counted.

    Raises:
        AccessError: `sign_in_needed`, `sign_in_not_set_up`, `headers_trusted`, `token_expired`, `token_idle`, `signed_out`,
            `people_unreadable`.
    """
    settings = settings_now()
    if not people.identity_on(settings) and "auth" not in _secrets():
        return people.of_system(settings)
    if st.get_option("server.trustedUserHeaders"):
        raise AccessError(
            "headers_trusted"
        )  # a header that anybody can send would be as good as a signed token
    if "auth" not in _secrets():
        raise AccessError("sign_in_not_set_up", file=settings.secrets)
    said: dict[str, Any] = dict(st.user.to_dict())
    if said.pop("is_logged_in", False) is not True:
        raise AccessError("sign_in_needed")
    said.pop("tokens", None)
    found = people.of_claims(said, settings)
    sessions().ask(token_of(found), settings.idle_minutes, click=click)
    return found


def _secrets() -> dict[str, Any]:
    try:
        return st.secrets.to_dict() if st.secrets.load_if_toml_exists() else {}
    except Exception:  # noqa: BLE001 - secrets that cannot be read may hold a provider: then nobody is let in
        return {"auth": {}}


def desk(*, click: bool = True) -> Desk:
    """The desk of whoever is at the page.

    Raises:
        AccessError: as `who`.
    """
    return Desk(who(click=click), settings_now(), _where())


def _where() -> str:
    """The address that the page is looked at from; what a proxy says counts only from this machine, where nginx sets it."""
    here = st.context.ip_address
    if here not in {None, "127.0.0.1", "::1"}:
        return str(here) if isinstance(here, str) else ""
    said = st.context.headers.get("X-Real-IP")
    try:
        return str(ip_address(said)) if isinstance(said, str) else here or ""
    except ValueError:
        return here or ""


def fragment(draw: Callable[P, None]) -> Callable[P, None]:
    """A part of a page that runs by itself, and only for somebody who is still let in; else the whole page runs again."""

    @st.fragment
    @functools.wraps(draw)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        if not let_in():
            st.rerun(scope="app")
        with read_once():
            draw(*args, **kwargs)

    return cast("Callable[P, None]", run)


def let_in(*, click: bool = True) -> bool:
    """Whether whoever is at the page may still look at anything."""
    try:
        return desk(click=click).actor.may("look")
    except AccessError:
        return False


@st.fragment(run_every=WATCH)
def watch() -> None:
    """Look now and then whether the reader of an open page is still let in; who is not sees it go without a click."""
    if not let_in(click=False):
        st.rerun(scope="app")


def by_field(label: str, key: str | None = None) -> str:
    """Who acts: typed where nobody need sign in, and otherwise who signed in."""
    actor = who()
    if actor.known == "local":
        return st.text_input(label, value=actor.name, max_chars=80, key=key)
    st.text_input(label, value=actor.name, disabled=True, key=f"{key or label}_signed")
    return actor.name


def badge() -> None:
    """Who is signed in, what as, and the way out."""
    actor = who()
    if actor.known == "local":
        return
    with st.popover(actor.name, key="who"):
        roles = [t(f"role.{role}") for role in actor.in_order] or [t("role.none")]
        st.caption("、".join(roles) if lang() == "zh" else ", ".join(roles))
        if actor.funds is not None:
            st.caption(t("identity.funds", funds=", ".join(sorted(actor.funds))))
        if st.button(t("identity.sign_out"), key="sign_out"):
            sign_out(actor)


def sign_out(actor: Actor) -> None:
    """End the sign-in here, and at the provider where it can."""
    desk().note(actor, "sign_out", "", "done")
    sessions().end(token_of(actor))
    st.logout()


def draw_sign_in(error: AccessError) -> None:
    """Say why nobody is let in, and offer to sign in where that helps."""
    left, right = st.columns([3, 1], vertical_alignment="center")
    with right, st.container(key="bar", horizontal=True, horizontal_alignment="right"):
        switch()
    left.title("fundtrack")
    (st.info if error.code == "sign_in_needed" else st.warning)(error_sentence(error, lang()))
    if error.code in {"sign_in_needed", "token_expired", "token_idle", "signed_out"} and st.button(
        t("identity.sign_in"), type="primary", key="sign_in"
    ):
        st.login()


def note_sign_in(at: Desk) -> None:
    """Note a sign-in once."""
    if at.actor.known == "oidc":
        token = token_of(at.actor)
        if st.session_state.get("signed_in") != token:
            st.session_state["signed_in"] = token
            at.note(at.actor, "sign_in", "", "done")


def draw_local() -> None:
    """Where nobody need sign in, say so, and warn where others can reach this server."""
    actor = who()
    if actor.known == "local":
        address = str(st.get_option("server.address") or "0.0.0.0")  # noqa: S104 - what no address means
        inside = address in {"localhost", "127.0.0.1", "::1"}
        words = t("identity.local" if inside else "identity.local_open", user=actor.name, address=address)
        show(f'<p class="{"soft" if inside else "demo"}" data-who="local">{esc(words)}</p>')

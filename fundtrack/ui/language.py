"""The language of a session: the browser's locale first, then the switch; kept in the address."""

from typing import Final

import streamlit as st

from fundtrack.text.say import LANGS, Lang, say
from fundtrack.ui.address import given, heed, put

NAMES: Final[dict[Lang, str]] = {"zh": "中文", "en": "English"}
TAGS: Final[dict[Lang, str]] = {"zh": "zh-CN", "en": "en"}


def by_locale(locale: str | None) -> Lang:
    """The language for a browser's locale.

    >>> by_locale("zh-Hans-CN"), by_locale("de-DE"), by_locale(None)
    ('zh', 'en', 'en')
    """
    return "zh" if (locale or "").lower().startswith("zh") else "en"


def lang() -> Lang:
    """The language to speak now."""
    said = given("lang")
    return next((known for known in LANGS if known == said), None) or by_locale(st.context.locale)


def t(key: str, /, **words: object) -> str:
    """A sentence in the language to speak now."""
    return say(key, lang(), **words)


def tell_browser() -> None:
    """Say to the browser which language the page speaks: those who hear it are read to in the right voice."""
    st.html(
        f"<script>document.documentElement.lang = '{TAGS[lang()]}'</script>", unsafe_allow_javascript=True
    )


def switch() -> None:
    """Let the reader choose the language."""

    def keep() -> None:
        put("lang", st.session_state.get("w_lang"))

    chosen = st.segmented_control(
        t("ui.language"),
        LANGS,
        default=lang(),
        format_func=lambda code: NAMES[code],
        key="w_lang",
        on_change=keep,
        required=True,
        label_visibility="collapsed",
    )
    heed(chosen, lang(), keep)

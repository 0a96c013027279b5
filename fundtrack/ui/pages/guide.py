"""Guide: three readers' first steps; every figure, rule and problem, searched."""

import streamlit as st

from fundtrack.ui import guide
from fundtrack.ui.address import pick, search
from fundtrack.ui.frame import foot, head
from fundtrack.ui.html import show
from fundtrack.ui.language import t

seen = head(t("page.guide"), t("guide.intro"), filters=None)
show(f"<h2>{t('guide.steps')}</h2>")
guide.draw_steps()
show(f"<h2>{t('guide.look_up')}</h2>")
left, right = st.columns([1, 2])
with left:
    kind = pick("kind", t("guide.kind"), guide.KINDS, lambda name: t(f"guide.kind_{name}"))
with right:
    words = search("q", t("guide.search"), t("guide.search_hint"))
guide.draw(guide.matching(guide.entries(seen), kind, words))
foot(seen)

"""Data dictionary: every figure, every sheet of the workbook, every table and view of the database."""

import streamlit as st

from fundtrack.ui import dictionary, objects
from fundtrack.ui.address import pick, search
from fundtrack.ui.frame import foot, head
from fundtrack.ui.html import say_soft, show
from fundtrack.ui.language import t

seen = head(t("page.dictionary"), t("about.intro"), filters=None)

show(f"<h2>{t('about.definitions')}</h2>")
dictionary.draw_definitions()

show(f"<h2>{t('about.dictionary')}</h2>")
say_soft(t("about.dictionary_help"))
left, right = st.columns(2)
with left:
    table = pick("sheet", t("about.sheet"), dictionary.SHEETS, dictionary.sheet_title, "partner_fund")
with right:
    wanted = search("q", t("about.search"), t("about.search_hint"))
dictionary.draw_dictionary(dictionary.dictionary_rows(table, wanted))

show(f"<h2>{t('about.objects')}</h2>")
say_soft(t("about.objects_help"))
named = pick("object", t("about.object"), objects.object_names(), objects.object_title, objects.USUAL)
objects.draw_object(named)
foot(seen)

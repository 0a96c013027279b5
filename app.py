"""The dashboard's entry for Streamlit: who is at the page, the frame and the pages; no logic."""

import streamlit as st

from fundtrack.ui.frame import admit, pages, run, start

start()
desk = admit()
run(st.navigation(pages(desk), position="top"), desk)

"""The dashboard's entry for Streamlit: the frame and the pages; no logic."""

import streamlit as st

from fundtrack.ui.frame import pages, run, start

start()
run(st.navigation(pages(), position="top"))

"""The dashboard as a server, for `fundtrack serve`: its entry, with the gate in front; no logic."""

import streamlit as st

from fundtrack.ui.server import GATE, routes

app = st.App("app.py", routes=routes(), middleware=GATE)

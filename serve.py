"""The dashboard as a server, for `fundtrack serve`: its entry, with the gate in front; no logic."""

import streamlit as st

from fundtrack.ui.server import GATE, ROUTES

app = st.App("app.py", routes=ROUTES, middleware=GATE)

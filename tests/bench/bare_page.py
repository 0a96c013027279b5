"""A bare Streamlit page: four metrics, so many charts, one filter; what the bench of pages measures ours against."""

import plotly.graph_objects as go
import streamlit as st

st.set_page_config(layout="wide")
charts = int(st.query_params.get("charts", "3"))
factor = {"one": 1, "two": 2}[st.selectbox("filter", ["one", "two"], key="w_filter")]
for place, column in enumerate(st.columns(4), 1):
    column.metric(f"number {place}", place * 100 * factor)
for place in range(charts):
    bars = go.Figure(go.Bar(x=list(range(10)), y=[n * factor * (place + 1) for n in range(10)]))
    st.plotly_chart(bars, key=f"chart_{place}")

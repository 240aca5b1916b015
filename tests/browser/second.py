"""A page to go to."""

import streamlit as st

st.title("Second page")

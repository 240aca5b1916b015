"""What Streamlit runs on every click: the frame around all pages, and the page chosen."""

from pathlib import Path

import streamlit as st

from dashboard import sections
from dashboard.components import appearance

STATIC = Path(__file__).with_name("static")

st.set_page_config(page_title="Launchloop", page_icon=str(STATIC / "icon.svg"), layout="wide")
st.logo(str(STATIC / "logo.svg"), size="medium")

menu = sections.views_for(sections.Role.LOCAL)
pages = {
    section: [
        st.Page(
            sections.VIEWS / view.script,
            title=view.title,
            icon=view.icon,
            url_path=view.path,
            default=not view.path,
            visibility="visible" if view.is_listed else "hidden",
        )
        for view in views
    ]
    for section, views in menu.items()
}
st.navigation(pages, position="top").run()
appearance.follow(appearance.mode())

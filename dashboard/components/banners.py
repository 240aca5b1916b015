"""What a reader must know before the numbers: age, gaps, and that some are not real."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from dashboard.attention import Notice
from dashboard.components.metric_card import LINE_BREAK
from dashboard.format import day, plain


def troubled(notices: Sequence[Notice]) -> None:
    """Names the sources of a page that are held or have not sent what they should have."""
    if notices:
        lines = LINE_BREAK.join(plain(notice.text) for notice in notices)
        st.warning(lines, icon=":material/schedule:")


def refresh_failed(reason: str, since: str, shown: datetime | None) -> None:
    """Says why the newest refresh was not published, and how old the page therefore is.

    Args:
        reason: Why, as the refresh told it.
        since: When the first refresh that failed began, as ISO text.
        shown: Up to when the data of the page reach; None before the first snapshot.
    """
    still = f"this page shows the data up to {day(shown)}" if shown else "there is nothing to show"
    began = day(datetime.fromisoformat(since))
    st.error(
        f"The last refresh was not published, so {still}. Since {began}: {plain(reason)}",
        icon=":material/rule:",
    )

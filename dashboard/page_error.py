"""What a reader sees when a page cannot be built."""

import logging

import streamlit as st

from dashboard.format import plain
from pipelines.errors import LaunchloopError

_LOG = logging.getLogger(__name__)


def page_failed(error: Exception) -> bool:
    """Shows an error that a person can mend in its own words, any other without details.

    Returns:
        True: Streamlit, which would show nothing at all, need not.
    """
    if isinstance(error, LaunchloopError):
        st.error(plain(str(error)), icon=":material/build:")
        return True
    _LOG.error("A page could not be built.", exc_info=error)
    st.error(
        "This page could not be built. The other pages still work; the server's log says why.",
        icon=":material/error:",
    )
    return True

"""What stopped a save, in words: the rule's sentence, or both texts where two people wrote."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import polars as pl
import streamlit as st

from dashboard.format import DASH, day, plain
from dashboard.review_words import field_name, words
from pipelines.errors import LaunchloopError, NotAllowedError, StaleError

_STALE = (
    "Somebody else saved this while you wrote. Nothing was overwritten, and your text is still in "
    "the form. Read both; what you save now replaces theirs."
)


def problem_told(problem: LaunchloopError) -> None:
    """Why nothing was saved, and what to do."""
    if isinstance(problem, StaleError):
        st.warning(_STALE, icon=":material/group:")
        table = both_texts(problem.theirs, problem.yours)
        if table.height:
            st.table(table, border="horizontal")
    elif isinstance(problem, NotAllowedError):
        rule = f" (rule {problem.rule})" if problem.rule else ""
        st.warning(plain(f"{problem}{rule}"), icon=":material/block:")
    else:
        st.error(plain(str(problem)), icon=":material/build:")


def both_texts(theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> pl.DataFrame:
    """Field by field what stands there now and what you wrote, where they differ."""
    rows = [
        (field_name(name), plain(shown(theirs.get(name))), plain(shown(mine)))
        for name, mine in yours.items()
        if shown(theirs.get(name)) != shown(mine)
    ]
    schema = {"What": pl.String, "Saved by somebody else": pl.String, "Yours": pl.String}
    return pl.DataFrame(rows, schema, orient="row")


def shown(value: Any) -> str:  # noqa: ANN401  whatever a record holds
    """Any value of a record as text."""
    if value in (None, ""):
        return DASH
    if isinstance(value, date):
        return day(value)
    return words(value) if isinstance(value, StrEnum) else str(value)

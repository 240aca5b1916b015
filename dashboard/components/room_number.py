"""A frozen number on one screen: what it is, how sure, what it does by itself."""

import streamlit as st

from dashboard.components.records_page import RecordsPage
from dashboard.exhibits import frozen_chart
from dashboard.format import plain
from pipelines.reviews.meeting.view import ItemView
from pipelines.reviews.numbers.frozen import FrozenSeries

_BARE = {"displayModeBar": False, "responsive": True}


def number_screen(shown: ItemView, page: RecordsPage) -> None:
    """Value with interval, n and target on the left, its frozen chart on the right."""
    series = shown.numbers
    if series is None:
        return
    left, right = st.columns([1, 3], gap="medium")
    with left:
        _value(series)
    with right:
        _chart(shown, series, page)
    since = frozen_chart.since_told(shown.since, series.unit)
    if since:
        st.markdown(f":material/compare_arrows: {plain(since)}")
    st.caption(plain(series.rule_text))


def _value(series: FrozenSeries) -> None:
    value, of = frozen_chart.value_told(series)
    st.metric(plain(of), value)
    for label, text in frozen_chart.facts_told(series):
        with st.container(gap=None):
            st.caption(label)
            st.markdown(plain(text))


def _chart(shown: ItemView, series: FrozenSeries, page: RecordsPage) -> None:
    figure = frozen_chart.frozen_figure(series, shown.markers, page.mode)
    if figure is None:
        st.info("No settled period yet, so there is nothing to draw.", icon=":material/schedule:")
        return
    st.plotly_chart(
        figure,
        theme=None,
        config=_BARE,
        alt=frozen_chart.frozen_alt(series, shown.markers),
        key=f"room_figure_{shown.item.item_id}",
    )

"""A Check that is due on one screen: the prediction first, then chart, verdict, guard-rails."""

import streamlit as st

from dashboard.charts.enlarged import enlarged
from dashboard.components.records_page import RecordsPage
from dashboard.exhibits import cycle_page
from dashboard.exhibits.cycle_page import Sheet
from dashboard.format import plain
from dashboard.review_words import words
from dashboard.sections import CYCLE_PAGE

_BARE = {"displayModeBar": False, "responsive": True}
_PREDICTED = ("Hypothesis", "Seen from", "Guard-rails", "Waiver", "Also at work")
# Lower, and the names of the limits would lie upon each other.
_FACTOR, _HEIGHT = 1.45, 400


def check_screen(cycle_id: str, page: RecordsPage) -> None:
    """What was predicted on the left, what came of it on the right; deciding is its own page."""
    newest = page.snapshot_page
    shown = cycle_page.sheet(newest, page.who, cycle_id) if newest else None
    if newest is None or shown is None:
        st.info("This cycle cannot be shown: no snapshot is published, or its record is gone.")
        return
    left, right = st.columns([2, 5], gap="medium")
    with left:
        _prediction(shown, page)
    with right:
        _result(shown, page)
    st.page_link(CYCLE_PAGE, label="Sign and decide on the page of the cycle",
                 icon=":material/cycle:", query_params={"cycle": cycle_id})  # fmt: skip


def _prediction(shown: Sheet, page: RecordsPage) -> None:
    st.subheader("What we predicted", anchor=False)
    for label, text in cycle_page.plan_lines(shown, page.who):
        if label in _PREDICTED:
            with st.container(gap=None):
                st.caption(label)
                st.markdown(plain(text))


def _result(shown: Sheet, page: RecordsPage) -> None:
    newest = page.snapshot_page
    card = cycle_page.locked_chart(newest, shown) if newest else None
    if card is not None and card.figure is not None:
        st.plotly_chart(
            enlarged(card.figure, _FACTOR, _HEIGHT),
            theme=None,
            config=_BARE,
            alt=card.alt,
            key="room_cycle",
        )
    run = shown.record.run
    if run is None:
        st.markdown(plain(cycle_page.waiting(shown, page.who)))
        return
    verdict = run.verdict.machine_verdict
    badge = f":{cycle_page.verdict_tone(verdict)}-badge[{plain(words(verdict))}]"
    st.markdown(f"{badge} {plain(run.verdict.sentence)}")
    table = cycle_page.check_table(shown)
    if not table.is_empty():
        st.table(table, border="horizontal")
    for line in cycle_page.signature_lines(shown, page.who):
        st.markdown(f":material/signature: {plain(line)}")

"""A Check that is due on one screen: prediction, chart, verdict and guard-rails, then the Act."""

import polars as pl
import streamlit as st

from dashboard.charts.enlarged import enlarged
from dashboard.components import cycle_act, cycle_check
from dashboard.components.cycle_sheet import labelled
from dashboard.components.page import Page
from dashboard.components.record_form import close_when_saved
from dashboard.components.records_page import RecordsPage
from dashboard.exhibits import check_words, cycle_page
from dashboard.exhibits.cycle_page import Sheet
from dashboard.exhibits.room_steps import Step, thing_id
from dashboard.format import difference, plain
from dashboard.records import Room, Speaker
from dashboard.review_words import words
from dashboard.sections import CYCLE_PAGE
from pipelines.reviews.check.row import MetricCheck
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import CycleStatus, MetricRole

_BARE = {"displayModeBar": False, "responsive": True}
# That no guard-rail was set is a part of the verdict's sentence.
_PREDICTED = ("Hypothesis", "Guard-rails", "Also at work")
# Lower, and the names of the limits would lie upon each other.
_FACTOR, _HEIGHT = 1.45, 400


def check_screen(step: Step, page: RecordsPage) -> None:
    """What was predicted on the left, what came of it on the right, and the way on."""
    newest, cycle_id = page.snapshot_page, thing_id(step.item) if step.item else ""
    shown = cycle_page.sheet(newest, page.who, cycle_id) if newest else None
    if newest is None or shown is None:
        st.info("This cycle cannot be shown: no snapshot is published, or its record is gone.")
        return
    left, right = st.columns([3, 7], gap="medium")
    with left:
        _prediction(shown, page)
        _move(shown, step, page.who)
        if shown.record.run is not None:
            labelled(check_words.open_lines(shown.record.run))
    with right:
        _chart(shown, newest)
        _result(shown, page)


def _prediction(shown: Sheet, page: RecordsPage) -> None:
    st.subheader("What we predicted", anchor=False)
    lines = cycle_page.plan_lines(shown, page.who)
    labelled([(label, text) for label, text in lines if label in _PREDICTED])


def _primary(shown: Sheet) -> MetricCheck | None:
    plan, run = shown.record.plan, shown.record.run
    if plan is None or plan.primary is None or run is None:
        return None
    rows = (each for each in run.checks if each.metric_id == plan.primary.metric_id)
    return next((each for each in rows if each.guard_state is None), None)


def _move(shown: Sheet, step: Step, who: Speaker) -> None:
    """The way on with this cycle, without leaving the meeting."""
    cycle, label = shown.record.cycle, _move_told(shown, who)
    decided = dict(cycle_page.act_lines(shown)).get("Decision", "")
    if decided:
        labelled([("What we decided", decided)])
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if label and st.button(label, key="do_check", shortcut="S", icon=":material/rule:"):
            check_dialog(shown, step, who)
        st.page_link(CYCLE_PAGE, label="Open the cycle", icon=":material/cycle:", width="content",
                     query_params={"cycle": cycle.cycle_id})  # fmt: skip


def _move_told(shown: Sheet, who: Speaker) -> str:
    """What the person may do with the cycle next; "" where that is nothing."""
    cycle, run = shown.record.cycle, shown.record.run
    if cycle.status is CycleStatus.ACTING and who.may(Permission.ACT, cycle.team_id):
        return "Decide"
    if cycle.status is CycleStatus.CHECKING and who.may(Permission.SIGN, cycle.team_id):
        return "Sign the verdict" if run is not None else "Run the Check"
    return ""


@st.dialog("Sign and decide", width="large")
def check_dialog(shown: Sheet, step: Step, who: Speaker) -> None:
    """Runs, signs or decides in the room; what was saved stands on the screen behind."""
    close_when_saved()
    run = shown.record.run
    if run is not None:
        st.markdown(plain(run.verdict.sentence))
    for line in check_words.signature_lines(shown, who):
        st.markdown(f":material/signature: {plain(line)}")
    if step.item is not None and shown.record.cycle.status is CycleStatus.ACTING:
        item = step.item.item
        cycle_act.decide_form(shown, who, Room(item.meeting_id, item.item_id))
    cycle_check.check_moves(shown, who)


def _chart(shown: Sheet, newest: Page) -> None:
    card = cycle_page.locked_chart(newest, shown)
    if card is not None and card.figure is not None:
        st.plotly_chart(
            enlarged(card.figure, _FACTOR, _HEIGHT),
            theme=None,
            config=_BARE,
            alt=card.alt,
            key="room_cycle",
        )


def _result(shown: Sheet, page: RecordsPage) -> None:
    """The one number that the verdict is about beside the verdict, then the other metrics."""
    run, row = shown.record.run, _primary(shown)
    if run is None:
        st.markdown(plain(check_words.waiting(shown, page.who)))
        return
    number, said = st.columns([1, 3], gap="medium")
    if row is not None and row.diff is not None:
        unit = shown.units[row.metric_id]
        with number, st.container(gap=None):
            st.metric("Change for the better", difference(row.diff, unit))
            st.caption(f"{row.n_base} periods before, {row.n_post} after")
    verdict = run.verdict.machine_verdict
    badge = f":{check_words.verdict_tone(verdict)}-badge[{plain(words(verdict))}]"
    with said:
        st.markdown(f"{badge} {plain(check_words.rest_of_sentence(run))}")
        for line in check_words.signature_lines(shown, page.who):
            st.markdown(f":material/signature: {plain(line)}")
    # What decides stands above as number and sentence, so the table is of the others.
    is_primary = pl.col("State").str.starts_with(words(MetricRole.PRIMARY))
    others = check_words.check_table(shown).filter(~is_primary)
    if not others.is_empty():
        st.table(others, border="horizontal")

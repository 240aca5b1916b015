"""The Act of a cycle: the decision with what each one demands, follow-ups, and the learning."""

from collections.abc import Mapping

import streamlit as st

from dashboard import plan_records, records
from dashboard.components.card_title import card_title
from dashboard.components.cycle_sheet import labelled
from dashboard.components.record_form import (
    DAY_FORMAT,
    LONGEST_LINE,
    LONGEST_TEXT,
    RecordForm,
    Saved,
    Sent,
    record_form,
)
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits import cycle_page
from dashboard.exhibits.cycle_page import Sheet
from dashboard.format import day, plain
from dashboard.records import NO_ROOM, Room, Speaker
from dashboard.review_words import DECISION, DEMANDS, words
from dashboard.sections import CYCLE_PAGE
from pipelines.reviews.core.cycle import Act
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import ActDecision, CycleStatus
from pipelines.reviews.cycle.acting import Promise

_ASKED: Mapping[ActDecision, tuple[str, ...]] = {
    ActDecision.STANDARDISE: ("standard_link", "standard_owner_id", "sustain_on"),
    ActDecision.KEEP: (),
    ActDecision.ADJUST: (),
    ActDecision.ABANDON: ("rolled_back_on",),
}
_ALWAYS = ("rationale", "learning")
_FOLLOW_UP = ("task", "task_owner", "task_due")


def act_card(shown: Sheet, page: ReviewsPage) -> None:
    """What was decided, or the form to decide; then what was promised and learned."""
    cycle, who = shown.record.cycle, page.who
    with st.container(border=True, gap="small"):
        card_title("Act")
        labelled(cycle_page.act_lines(shown))
        if cycle.status is CycleStatus.ACTING:
            decide_form(shown, who)
        elif cycle.status is CycleStatus.CANCELLED:
            st.caption("It ended before there was anything to decide.")
        elif cycle.act_decision is None:
            st.caption("Decided after the Check.")
        _promises(shown, who)


def decide_form(shown: Sheet, who: Speaker, room: Room = NO_ROOM) -> None:
    """What is made of a signed verdict; refused decisions with their reason.

    Args:
        shown: A cycle in Act.
        who: Decides.
        room: The meeting in which it is decided; the page stays there.
    """
    cycle = shown.record.cycle
    if not who.may(Permission.ACT, cycle.team_id):
        st.caption("A product manager or product owner decides.")
        return
    refused = records.refused_decisions(who, shown.record)
    suggested = list(shown.record.run.decisions) if shown.record.run else []
    rest = [each for each in ActDecision if each not in suggested]
    open_ones = [each for each in (*suggested, *rest) if each not in refused]
    for decision, sentence in refused.items():
        st.caption(f":material/block: {words(decision)}: {plain(sentence)}")
    chosen = st.segmented_control(
        "Decision",
        open_ones,
        default=open_ones[0],
        required=True,
        format_func=lambda decision: DECISION[decision],
        key="decision",
    )
    st.caption(DEMANDS[chosen])
    with record_form(f"decide_{chosen}", version=cycle.row_version, border=False) as form:
        fields = _decision_fields(shown, chosen, form, who)
        form.submit(
            f"{words(chosen)} and close",
            lambda sent: _decided(who, cycle.cycle_id, chosen, sent, room),
            fields,
        )


def _decision_fields(
    shown: Sheet, chosen: ActDecision, form: RecordForm, who: Speaker
) -> tuple[str, ...]:
    people = list(records.people())
    st.text_input("Why do we decide so?", key=form.field("rationale"), max_chars=LONGEST_TEXT)
    st.text_input(
        "What did we learn?",
        value=shown.record.cycle.learning or "",
        key=form.field("learning"),
        max_chars=LONGEST_TEXT,
        help="It is found again by the search of the board.",
    )
    if chosen is ActDecision.STANDARDISE:
        st.text_input("Link to the standard", key=form.field("standard_link"))
        st.selectbox(
            "Who looks after it?",
            people,
            index=None,
            format_func=who.name,
            key=form.field("standard_owner_id"),
        )
        st.date_input(
            "Does it last? Look on (in three months if empty)",
            value=None,
            format=DAY_FORMAT,
            key=form.field("sustain_on"),
        )
    if chosen is ActDecision.ABANDON:
        st.date_input(
            "Undone on, if it was",
            value=None,
            format=DAY_FORMAT,
            key=form.field("rolled_back_on"),
        )
    with st.expander("A follow-up"):
        st.text_input("What is to be done?", key=form.field("task"), max_chars=LONGEST_LINE)
        st.selectbox(
            "By whom?", people, index=None, format_func=who.name, key=form.field("task_owner")
        )
        st.date_input("By when?", value=None, format=DAY_FORMAT, key=form.field("task_due"))
    return (*_ALWAYS, *_ASKED[chosen], *_FOLLOW_UP)


def _decided(who: Speaker, cycle_id: str, chosen: ActDecision, sent: Sent, room: Room) -> Saved:
    said = sent.answers
    more = {name: said[name] or None for name in (*_ALWAYS, *_ASKED[chosen])}
    task = (said["task"] or "").strip()
    promises = [Promise(task, said["task_owner"], said["task_due"])] if task else []
    act = Act(chosen, **more)
    child = records.decide(who, cycle_id, sent.version, act, promises, sent.key, room)
    if child and room.meeting_id:
        return Saved("Closed. The next cycle stands among the drafts of the board.")
    if child:
        told = "Closed. This is the next cycle, which knows the one before."
        return Saved(told, CYCLE_PAGE, {"cycle": child})
    return Saved(f"Closed: {words(chosen)}.")


def _promises(shown: Sheet, who: Speaker) -> None:
    for line in records.promises_of(who, shown.record):
        promise = line.follow_up
        due = f", by {day(promise.due_on)}" if promise.due_on else ""
        late = " (overdue)" if line.is_overdue else ""
        text = f"{promise.title}: {who.name(promise.owner_id)}{due}, {promise.status.value}{late}"
        st.markdown(f":material/task_alt: {plain(text)}")


def learning_card(shown: Sheet, page: ReviewsPage) -> None:
    """What was learned; whoever may edit the cycle may add to it while it is open."""
    cycle, who = shown.record.cycle, page.who
    may = who.may(Permission.EDIT, cycle.team_id, is_owner=cycle.owner_id == who.id)
    if not cycle.learning and not (may and cycle.is_open):
        return
    with st.container(border=True, gap="small"):
        card_title("Learning")
        if cycle.learning:
            st.markdown(plain(cycle.learning))
        if may and cycle.is_open:
            with st.expander("Write what you learn"):
                _learn(shown, who)


def _learn(shown: Sheet, who: Speaker) -> None:
    cycle = shown.record.cycle
    seen = {"learning": cycle.learning or ""}
    with record_form("learn", version=cycle.row_version, seen=seen, border=False) as form:
        st.text_area(
            "What we learned so far",
            value=seen["learning"],
            key=form.field("learning"),
            max_chars=LONGEST_TEXT,
        )
        form.submit(
            "Save",
            lambda sent: _learned(who, cycle.cycle_id, sent),
            ("learning",),
            is_primary=False,
        )


def _learned(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    plan_records.edit(who, cycle_id, sent.version, sent.changed)
    return Saved("Saved.")

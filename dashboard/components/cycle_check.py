"""The Check of a cycle: verdict, what it rests on, and how it is signed or looked at later."""

import streamlit as st

from dashboard import records
from dashboard.components.card_title import card_title
from dashboard.components.record_form import (
    DAY_FORMAT,
    LONGEST_TEXT,
    Saved,
    Sent,
    record_form,
    save_button,
)
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits import check_words
from dashboard.exhibits.cycle_page import Sheet
from dashboard.format import day, plain
from dashboard.records import Speaker
from dashboard.review_words import DEMANDS, words
from pipelines.reviews.core.cycle import MOST_EXTENSIONS
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import CycleStatus, Verdict
from pipelines.reviews.cycle.record import Run

_SIGNED_IN = (CycleStatus.ACTING, CycleStatus.CLOSED)
_BREAKABLE = (CycleStatus.DOING, CycleStatus.CHECKING)


def check_card(shown: Sheet, page: ReviewsPage) -> None:
    """What was found, and what may be done with it now."""
    run = shown.record.run
    with st.container(border=True, gap="small"):
        card_title("Check")
        waits = check_words.waiting(shown, page.who)
        if waits:
            st.markdown(plain(waits))
        if run is not None:
            _verdict(shown, run, page.who)
        check_moves(shown, page.who)


def check_moves(shown: Sheet, who: Speaker) -> None:
    """What the person may do with the Check now: run, sign, look later, decide at once."""
    cycle, run = shown.record.cycle, shown.record.run
    if run is not None and run.failed and cycle.status in _BREAKABLE:
        _fast_path(shown, run, who)
    if cycle.status is CycleStatus.CHECKING:
        _checking(shown, who)
    if cycle.status in _SIGNED_IN:
        _countersign(shown, who)


def _verdict(shown: Sheet, run: Run, who: Speaker) -> None:
    verdict = run.verdict.machine_verdict
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(words(verdict), color=check_words.verdict_tone(verdict))
        st.badge(f"Look {run.look}", color="gray")
        st.badge(f"Run {day(run.at)}", color="gray")
    lines = check_words.open_lines(run)
    for label, text in lines:
        st.markdown(f"**{label}:** {plain(text)}")
    st.markdown(plain(check_words.rest_of_sentence(run)))
    table = check_words.check_table(shown)
    if not table.is_empty():
        st.table(table, border="horizontal")
    if run.suggestion and check_words.follows_rule(shown):
        st.caption(plain(f"The rule suggests: {run.suggestion}."))
    for line in check_words.signature_lines(shown, who):
        st.markdown(f":material/signature: {plain(line)}")


def _checking(shown: Sheet, who: Speaker) -> None:
    cycle, run = shown.record.cycle, shown.record.run
    is_owner = cycle.owner_id == who.id
    is_ready = cycle.look_on is None or cycle.look_on <= who.today
    if is_ready and who.may(Permission.CONTRIBUTE, cycle.team_id, is_owner=is_owner):
        save_button(
            "run_check",
            "Run the Check" if run is None else "Run the Check again",
            lambda _: _ran(who, cycle.cycle_id),
            version=cycle.row_version,
            is_primary=run is None,
            icon=":material/rule:",
        )
    # After an extension the run before it is history; the next look decides.
    if run is None or run.look < cycle.look or run.verdict.machine_verdict is Verdict.NOT_READY:
        return
    _once_signed(shown, who)
    if who.may(Permission.SIGN, cycle.team_id):
        _sign(shown, run, who)
    else:
        st.caption("A member of the team signs it.")
    if cycle.looks_used < MOST_EXTENSIONS and who.may(
        Permission.EDIT, cycle.team_id, is_owner=is_owner
    ):
        is_next = check_words.waits_for_more(run)
        with st.expander("Look again later", expanded=is_next, icon=":material/update:"):
            _extend(shown, run, who)


def _once_signed(shown: Sheet, who: Speaker) -> None:
    """What can be decided after the signature, so that nobody signs without knowing."""
    with st.container(gap="xsmall"):
        st.markdown("**Once it is signed, this can be decided:**")
        for decision, refused in check_words.choices(shown, who):
            if refused:
                st.caption(f":material/block: {words(decision)}: {plain(refused)}")
            else:
                st.caption(f":material/check: {words(decision)}: {DEMANDS[decision]}")


def _ran(who: Speaker, cycle_id: str) -> Saved:
    records.run_check(who, cycle_id)
    return Saved("The Check has run. Its verdict stands below.")


def _sign(shown: Sheet, run: Run, who: Speaker) -> None:
    cycle = shown.record.cycle
    for sentence in records.refused_signature(who, shown.record):
        st.caption(f":material/schedule: {plain(sentence)}")
    with record_form("sign", version=cycle.row_version) as form:
        _verdict_fields(run, form.field("verdict"), form.field("reason"))
        form.submit(
            "Sign the verdict",
            lambda sent: _signed(who, cycle.cycle_id, sent),
            ("verdict", "reason"),
        )


def _verdict_fields(run: Run, verdict_key: str, reason_key: str) -> None:
    signable: list[Verdict] = [each for each in Verdict if each is not Verdict.NOT_READY]
    st.selectbox(
        "Your verdict",
        signable,
        index=signable.index(run.verdict.machine_verdict),
        format_func=words,
        key=verdict_key,
    )
    st.text_input(
        "Why, if it is not the machine's",
        key=reason_key,
        max_chars=LONGEST_TEXT,
        help="Both verdicts and the reason stay visible everywhere.",
    )


def _signed(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    said = sent.answers
    records.sign(who, cycle_id, sent.version, said["verdict"], said["reason"] or None, sent.key)
    return Saved("Signed. Now decide what to make of it.")


def _extend(shown: Sheet, run: Run, who: Speaker) -> None:
    cycle = shown.record.cycle
    settles_on = run.settles_on if run.settles_on and run.settles_on > who.today else None
    with record_form("extend", version=cycle.row_version, border=False) as form:
        st.caption(
            "The next look is stricter, so that looking often proves nothing by chance. "
            f"{MOST_EXTENSIONS - cycle.looks_used} left."
        )
        st.date_input("Look again on", value=settles_on, format=DAY_FORMAT, key=form.field("to"))
        st.text_input("Why is more time needed?", key=form.field("reason"), max_chars=LONGEST_TEXT)
        form.submit(
            "Extend",
            lambda sent: _extended(who, cycle.cycle_id, sent),
            ("to", "reason"),
            is_primary=False,
        )


def _extended(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    to = sent.answers["to"]
    records.extend(who, cycle_id, sent.version, to, sent.answers["reason"] or "")
    return Saved(f"The next look is on {day(to)}.")


def _fast_path(shown: Sheet, run: Run, who: Speaker) -> None:
    cycle = shown.record.cycle
    by = f" Decide by {day(run.decide_by)}." if run.decide_by else ""
    st.warning(plain(f"{', '.join(run.failed.values())} failed.{by}"), icon=":material/report:")
    if who.may(Permission.ACT, cycle.team_id):
        save_button(
            "fast_path",
            "Decide now",
            lambda sent: _fast(who, cycle.cycle_id, sent),
            version=cycle.row_version,
            icon=":material/bolt:",
        )


def _fast(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    records.take_fast_path(who, cycle_id, sent.version)
    return Saved("Taken by the fast path. Now decide.")


def _countersign(shown: Sheet, who: Speaker) -> None:
    record = shown.record
    run, signers = record.run, {each.signed_by for each in record.signatures}
    if run is None or not signers or who.id in signers:
        return
    if not who.may(Permission.SIGN, record.cycle.team_id):
        return
    with st.expander("Countersign"), record_form("countersign", border=False) as form:
        _verdict_fields(run, form.field("verdict"), form.field("reason"))
        form.submit(
            "Countersign",
            lambda sent: _countersigned(who, record.cycle.cycle_id, sent),
            ("verdict", "reason"),
            is_primary=False,
        )


def _countersigned(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    said = sent.answers
    records.countersign(who, cycle_id, said["verdict"], said["reason"] or None, sent.key)
    return Saved("Countersigned. Both signatures stay visible.")

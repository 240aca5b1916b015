"""A draft before its lock: what it can show, what stands in the way, and the five answers."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dashboard import plan_records, records
from dashboard.components.card_title import card_title
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
from dashboard.components.waivers import guard_rail_names, waived_by, waiver_fields
from dashboard.exhibits import plan_words
from dashboard.exhibits.cycle_page import Sheet
from dashboard.format import plain
from dashboard.records import Speaker
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import Design, Level, Rigour
from pipelines.reviews.cycle.planning import Preview, Said

_IDEA = ("hypothesis_change", "hypothesis_because", "owner_id", "due_on")
_REASONS = ("problem", "root_cause", "root_cause_method")


def lock_card(shown: Sheet, found: Preview, page: ReviewsPage) -> None:
    """Chances first, then what the rules say, then the lock."""
    cycle, who = shown.record.cycle, page.who
    blocks, warns = plan_words.split_findings(found.findings)
    with st.container(border=True, gap="small"):
        card_title("Before the lock", "After it the plan stays as it is.")
        for sentence in plan_words.outlook_told(found):
            st.markdown(plain(sentence))
        for each in (*blocks, *warns):
            icon = "block" if each.level is Level.BLOCKS else "warning"
            st.markdown(f":material/{icon}: {plain(each.sentence)} ({each.rule})")
        if not blocks:
            st.markdown(":material/check: Nothing stands in the way.")
        if not who.may(Permission.LOCK, cycle.team_id):
            st.caption("A product manager or product owner locks the plan.")
            return
        with record_form("lock", version=cycle.row_version, border=False) as form:
            fields: tuple[str, ...] = ()
            if found.suggested_waiver and found.plan.design is not Design.QUALITATIVE:
                st.text_area(
                    "Why is there no guard-rail?",
                    value=found.suggested_waiver,
                    key=form.field("waiver"),
                    max_chars=LONGEST_TEXT,
                    height=96,
                )
                fields = ("waiver",)
            if found.plan.design is Design.QUALITATIVE:
                fields = _criteria(form)
            rails = guard_rail_names(found.plan, found.names)
            fields += waiver_fields(form, rails, {})
            form.submit(
                "Lock the plan", lambda sent: _locked(who, cycle.cycle_id, rails, sent), fields
            )


def _criteria(form: RecordForm) -> tuple[str, ...]:
    """What a qualitative cycle declares before its lock, a line each."""
    st.text_area("What must be found to call it improved?", key=form.field("criteria"))
    st.text_area("Where will that evidence come from?", key=form.field("sources"))
    return ("criteria", "sources")


def _locked(who: Speaker, cycle_id: str, rails: Mapping[str, str], sent: Sent) -> Saved:
    waived, waiver = waived_by(sent, rails)
    said = Said(
        waived=waived,
        waiver=waiver or sent.answers.get("waiver") or None,
        criteria=_each_line(sent.answers.get("criteria")),
        criteria_sources=_each_line(sent.answers.get("sources")),
    )
    plan_records.lock(who, cycle_id, sent.version, said, sent.key)
    return Saved("The plan is locked. Start the first action when the work begins.")


def _each_line(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def idea_card(shown: Sheet, found: Preview, page: ReviewsPage) -> None:
    """The answers that a person gave, open to changes; only the owner and managers may."""
    cycle, who = shown.record.cycle, page.who
    people = list(records.people())
    wants_all = found.plan.rigour is Rigour.STANDARD
    is_qualitative = found.plan.design is Design.QUALITATIVE
    fields: tuple[str, ...] = (*_REASONS, *_IDEA) if wants_all else _IDEA
    fields += ("hypothesis_effect",) if is_qualitative else ()
    seen = {name: getattr(cycle, name) or _nothing(name) for name in fields}
    with st.container(border=True, gap="small"):
        card_title("What we try")
        with record_form("idea", version=cycle.row_version, seen=seen, border=False) as form:
            if wants_all:
                _reasons(seen, form.field)
            st.text_input(
                "What do we change?",
                value=seen["hypothesis_change"],
                key=form.field("hypothesis_change"),
                max_chars=LONGEST_LINE,
            )
            st.text_input(
                "Why should it help?",
                value=seen["hypothesis_because"],
                key=form.field("hypothesis_because"),
                max_chars=LONGEST_LINE,
            )
            if is_qualitative:
                st.text_input(
                    "What will be different?",
                    value=seen["hypothesis_effect"],
                    key=form.field("hypothesis_effect"),
                    max_chars=LONGEST_LINE,
                )
            st.selectbox(
                "Who owns it?",
                people,
                index=people.index(cycle.owner_id) if cycle.owner_id in people else None,
                format_func=who.name,
                key=form.field("owner_id"),
            )
            st.date_input(
                "When does it go live?",
                value=cycle.due_on,
                format=DAY_FORMAT,
                key=form.field("due_on"),
            )
            form.submit(
                "Save the answers",
                lambda sent: _edited(who, cycle.cycle_id, sent),
                fields,
                is_primary=False,
            )


def _nothing(name: str) -> str | None:
    return None if name in {"owner_id", "due_on"} else ""


def _reasons(seen: Mapping[str, Any], key: Callable[[str], str]) -> None:
    labels = ("What is the problem?", "What causes it?", "How was the cause found?")
    for name, label in zip(_REASONS, labels, strict=True):
        st.text_input(label, value=seen[name], key=key(name), max_chars=LONGEST_TEXT)


def _edited(who: Speaker, cycle_id: str, sent: Sent) -> Saved:
    plan_records.edit(who, cycle_id, sent.version, sent.changed)
    return Saved("Saved.")

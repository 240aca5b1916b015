"""Adding evidence: the kind decides what is asked; a training brings its action and its check."""

from datetime import date, timedelta

import streamlit as st

from dashboard import evidence_records, records
from dashboard.components.filters import chosen_or_all
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
from dashboard.exhibits import evidence_words
from dashboard.exhibits.evidence_words import ASKED, NAMES, VISIBILITY, Asked
from dashboard.records import Speaker
from dashboard.review_words import words
from pipelines.errors import NotAllowedError
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import EvidenceKind
from pipelines.reviews.evidence import Finding, Link, Participants, Visibility
from pipelines.reviews.training import Training

_A_MONTH = timedelta(days=30)


def evidence_form(page: ReviewsPage, team_id: str) -> None:
    """The form, folded; for readers a sentence instead."""
    if not evidence_words.may_add(page.who, team_id):
        st.caption("You may read this team's evidence. Members add to it.")
        return
    with st.expander("Add evidence", icon=":material/add:"):
        chosen = chosen_or_all("Kind", {kind.value: name for kind, name in NAMES.items()},
                               "new_evidence", "What is it?")  # fmt: skip
        if not chosen:
            st.caption("An interview, a workshop, a celebration … the kind decides what is asked.")
            return
        _form(page, team_id, EvidenceKind(chosen))


def _form(page: ReviewsPage, team_id: str, kind: EvidenceKind) -> None:
    who, asked = page.who, ASKED[kind]
    with record_form(f"evidence_{team_id}_{kind.value}", border=False) as form:
        fields = [*_always(form, asked, who), *_sometimes(form, asked)]
        if kind is EvidenceKind.CELEBRATION:
            fields += _named(form, who)
        if kind is EvidenceKind.TRAINING:
            fields += _training(form, who)
        else:
            fields += _cycle(form, who, team_id, kind)
        form.submit("Keep it", lambda sent: _kept(who, team_id, kind, sent), tuple(fields))


def _always(form: RecordForm, asked: Asked, who: Speaker) -> list[str]:
    st.text_area(asked.summary, key=form.field("summary"), max_chars=LONGEST_TEXT, height=100)
    with st.container(horizontal=True):
        st.date_input("Day", value=who.today, max_value=who.today, format=DAY_FORMAT,
                      key=form.field("held_on"), width=170)  # fmt: skip
        st.number_input("People who took part", min_value=0, value=None, step=1,
                        key=form.field("count"), width=190)  # fmt: skip
        st.text_input("Their roles", key=form.field("roles"), max_chars=LONGEST_LINE,
                      placeholder="support, new customers", width=240)  # fmt: skip
        st.selectbox("Who may read it", list(VISIBILITY), key=form.field("visibility"),
                     format_func=lambda each: VISIBILITY[each], width=180)  # fmt: skip
    return ["summary", "held_on", "count", "roles", "visibility"]


def _sometimes(form: RecordForm, asked: Asked) -> list[str]:
    fields = []
    for name, label in (("prompt", asked.prompt), ("method", asked.method)):
        if label:
            st.text_input(label, key=form.field(name), max_chars=LONGEST_LINE)
            fields.append(name)
    if asked.quotes:
        st.text_area(
            "Quotes, one a line", key=form.field("quotes"), max_chars=LONGEST_TEXT, height=100,
            help="Addresses and numbers are masked before they are kept.",
        )  # fmt: skip
        fields.append("quotes")
    if asked.consent:
        st.checkbox(asked.consent, key=form.field("consent"))
        fields.append("consent")
    return fields


def _named(form: RecordForm, who: Speaker) -> list[str]:
    people = records.people()
    st.multiselect("Who agreed to be named", list(people), key=form.field("named"),
                   format_func=lambda one: people.get(one, who.name(one)),
                   placeholder="Nobody")  # fmt: skip
    return ["named"]


def _cycle(form: RecordForm, who: Speaker, team_id: str, kind: EvidenceKind) -> list[str]:
    titles = evidence_words.cycles_of(who, team_id)
    if not titles:
        return []
    with st.container(horizontal=True):
        st.selectbox("Speaks for the cycle", list(titles), index=None,
                     format_func=lambda one: titles[one], placeholder="None",
                     key=form.field("cycle"), width=320)  # fmt: skip
        st.selectbox("Speaks as", evidence_words.uses_of(kind), format_func=words,
                     key=form.field("use"), width=180)  # fmt: skip
    return ["cycle", "use"]


def _training(form: RecordForm, who: Speaker) -> list[str]:
    """The action and the one who sees to it; the check comes three months later by itself."""
    people = list(records.people())
    st.text_input("What is to be done", key=form.field("action"), max_chars=LONGEST_LINE)
    with st.container(horizontal=True):
        st.selectbox("Who sees to it", people, index=people.index(who.id), width=220,
                     format_func=who.name, key=form.field("owner"))  # fmt: skip
        st.date_input("By when", value=who.today + _A_MONTH, format=DAY_FORMAT,
                      key=form.field("due_on"), width=170)  # fmt: skip
        st.date_input("Checked on", value=None, format=DAY_FORMAT, key=form.field("check_on"),
                      help="Empty: three months later.", width=170)  # fmt: skip
    return ["action", "owner", "due_on", "check_on"]


def _kept(who: Speaker, team_id: str, kind: EvidenceKind, sent: Sent) -> Saved:
    found, said = _finding(team_id, kind, sent), sent.answers
    if kind is EvidenceKind.TRAINING:
        due_on: date | None = said["due_on"]
        if due_on is None:
            raise NotAllowedError("Say by when it is done.")
        training = Training(found, said["action"] or "", said["owner"], due_on,
                            check_on=said["check_on"])  # fmt: skip
        evidence_records.train(who, training, sent.key)
        return Saved("Kept, with two follow-ups: the training, and its check.")
    links = [Link(About.CYCLE, said["cycle"], said["use"])] if said.get("cycle") else []
    evidence_records.add(who, found, links, sent.key)
    return Saved("Kept.")


def _finding(team_id: str, kind: EvidenceKind, sent: Sent) -> Finding:
    said = sent.answers
    if said["held_on"] is None:
        raise NotAllowedError("Say on which day it took place.")
    roles = tuple(role.strip() for role in (said["roles"] or "").split(",") if role.strip())
    quotes = (said.get("quotes") or "").split("\n")
    return Finding(
        kind=kind,
        held_on=said["held_on"],
        team_id=team_id,
        summary=said["summary"] or "",
        participants=Participants(said["count"], roles, tuple(said.get("named") or ())),
        method=said.get("method") or None,
        prompt=said.get("prompt") or None,
        quotes=tuple(quote.strip() for quote in quotes if quote.strip()),
        consent=bool(said.get("consent")),
        visibility=said["visibility"] or Visibility.TEAM,
    )

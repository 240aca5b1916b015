"""The first form of a cycle: which metric, and five answers."""

from dataclasses import dataclass

import streamlit as st

from dashboard import data, plan_records, records
from dashboard.components.card_title import card_title
from dashboard.components.empty_state import empty_state
from dashboard.components.filters import linked_all, picked
from dashboard.components.record_form import DAY_FORMAT, LONGEST_LINE, Saved, Sent, record_form
from dashboard.components.reviews_page import ReviewsPage
from dashboard.exhibits.card_link import card_of
from dashboard.exhibits.cycle_cards import teams
from dashboard.exhibits.plan_words import amount_label, suggestion_told
from dashboard.question import Opened
from dashboard.records import Speaker
from dashboard.review_words import amount_of_screen
from dashboard.sections import CYCLE_PAGE
from pipelines.errors import NotAllowedError, UsageError
from pipelines.metrics.definition import Metric
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.light import Asked
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import Direction
from pipelines.reviews.cycle.suggesting import Suggestion

_FIELDS = ("change", "because", "min_effect", "owner", "go_live_on")


@dataclass(frozen=True)
class Start:
    """What a new cycle begins from."""

    team_id: str
    card: Card
    found: Suggestion


def chosen_start(page: ReviewsPage) -> Start | None:
    """Team and metric, from the link or picked here; None where no cycle can begin, and why."""
    allowed = teams(page.who, Permission.CONTRIBUTE)
    if not allowed:
        empty_state(
            "You may read, not write",
            "Your roles let you read the reviews of your teams. To begin a cycle, ask for the role "
            "of a member in launchloop.toml.",
        )
        return None
    link = linked_all()
    with st.container(horizontal=True):
        card = card_of(link) or _picked_card(page.page.opened)
        team_id = picked("Team", _nearest(allowed, card), "for_team")
    if card is None or team_id is None:
        return None
    try:
        return Start(team_id, card, plan_records.suggested(page.who, team_id, card))
    except UsageError as problem:
        empty_state("No cycle can begin with this metric", str(problem))
        return None


def light_form(page: ReviewsPage, start: Start) -> None:
    """Five answers; Enter goes on to the whole plan.

    Args:
        page: Who begins it.
        start: With what.
    """
    found = start.found
    with st.container(border=True):
        card_title(found.name, " ".join(suggestion_told(found)))
        with record_form(f"new_cycle_{start.card.segment_key}_{found.name}", border=False) as form:
            st.text_input(
                "What do we change?",
                key=form.field("change"),
                max_chars=LONGEST_LINE,
                placeholder="One sentence",
            )
            st.text_input(
                "Why should it help?",
                key=form.field("because"),
                max_chars=LONGEST_LINE,
                placeholder="One sentence",
            )
            fields = _direction(form.field("direction"), found)
            st.number_input(
                amount_label("Smallest change worth having", found.unit),
                min_value=0.0,
                value=None,
                key=form.field("min_effect"),
                format="%g",
                placeholder=_hint(found),
                help="Below this, the change would not have been worth the work.",
            )
            names = dict(page.who.names)
            st.selectbox(
                "Who owns it?",
                list(records.people()),
                index=list(records.people()).index(page.who.id),
                format_func=lambda person: names.get(person, person),
                key=form.field("owner"),
            )
            st.date_input(
                "When does it go live?",
                value=None,
                format=DAY_FORMAT,
                key=form.field("go_live_on"),
            )
            form.submit("Fill in the plan", lambda sent: _begin(page, start, sent), fields)


def _begin(page: ReviewsPage, start: Start, sent: Sent) -> Saved:
    said = sent.answers
    _need_answers(sent)
    asked = Asked(
        change=said["change"].strip(),
        because=said["because"].strip(),
        metric_id=start.card.metric_id,
        min_effect=amount_of_screen(said["min_effect"], start.found.unit) or 0.0,
        owner_id=said["owner"],
        go_live_on=said["go_live_on"],
    )
    direction = said.get("direction") or start.found.direction
    cycle_id = plan_records.start(page.who, start.team_id, start.card, asked, direction, sent.key)
    told = "The plan is filled in. Read what it can show, then lock it."
    return Saved(told, CYCLE_PAGE, {"cycle": cycle_id})


def _need_answers(sent: Sent) -> None:
    asked = {
        "change": "what you change",
        "because": "why it should help",
        "min_effect": "the smallest change worth having",
        "owner": "who owns it",
        "go_live_on": "when it goes live",
    }
    missing = [words for name, words in asked.items() if not sent.answers.get(name)]
    if missing:
        raise NotAllowedError(f"Still to be said: {', '.join(missing)}.")


def _direction(key: str, found: Suggestion) -> tuple[str, ...]:
    """Asks which way is good, where the metric does not say so itself."""
    if found.direction is not None:
        return _FIELDS
    st.radio(
        "Which way is better?",
        [Direction.UP, Direction.DOWN],
        format_func=lambda way: {Direction.UP: "Up", Direction.DOWN: "Down"}[way],
        key=key,
        horizontal=True,
    )
    return (*_FIELDS, "direction")


def _hint(found: Suggestion) -> str:
    """The size that such a plan would see, as it would be typed."""
    smallest = found.outlook.mde80 if found.outlook and found.outlook.is_reachable else None
    if smallest is None:
        return "A number above 0"
    typed = 100 * smallest if found.unit == "share" else smallest
    return f"From about {typed:.3g} it would be seen"


def metrics_with_periods(opened: Opened) -> dict[str, str]:
    """Id → name of the metrics that have numbers here and periods to compare."""
    return {
        metric_id: known.name
        for metric_id, known in data.metrics(opened).items()
        if not data.unavailable(opened, metric_id) and _has_periods(known)
    }


def qualitative_form(page: ReviewsPage, team_id: str) -> None:
    """A cycle that no metric can judge; it carries its label everywhere."""
    who = page.who
    with (
        st.expander("No metric shows it? Judge it on evidence"),
        record_form("qualitative", border=False) as form,
    ):
        st.caption("Criteria and sources are fixed before the lock. It is no hit in any rate.")
        st.text_input("What do we try?", key=form.field("title"), max_chars=LONGEST_LINE)
        form.submit(
            "Begin on evidence",
            lambda sent: _begin_qualitative(who, team_id, sent),
            ("title",),
            is_primary=False,
        )


def _begin_qualitative(who: Speaker, team_id: str, sent: Sent) -> Saved:
    title = (sent.answers["title"] or "").strip()
    if not title:
        raise NotAllowedError("Say what you try, in one line.")
    cycle_id = plan_records.start_qualitative(who, team_id, title, who.id, sent.key)
    return Saved("The draft is begun.", CYCLE_PAGE, {"cycle": cycle_id})


def _picked_card(opened: Opened) -> Card | None:
    usable = metrics_with_periods(opened)
    metric = picked("Metric", usable, "improves")
    if metric is None:
        empty_state("No metric yet", "No metric of this workspace has periods to compare.")
        return None
    known = data.metrics(opened)[metric]
    if known.things is None or not known.of_required:
        return Card(metric)
    of = picked(str(known.of_kind), data.things(opened, metric), "improves_of")
    return Card(metric, of=of or None)


def _has_periods(metric: Metric) -> bool:
    return any(grain != "total" for grain in metric.every)


def _nearest(allowed: dict[str, str], card: Card | None) -> dict[str, str]:
    """The team that the metric is of comes first."""
    of = card.of if card else None
    return {team: allowed[team] for team in sorted(allowed, key=lambda team: team != of)}

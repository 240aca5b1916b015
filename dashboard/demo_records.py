"""What the simulated team of the demo planned, checked, decided and promised, as records.

Everything is saved by the same services as on the pages, with a clock that moves through the
months of the sample. Numbers and verdicts are what the Check finds in the published snapshot.
The onboarding is hidden in the sample's events; the templates have no effect in them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from pipelines.errors import RecordsError
from pipelines.reviews import cycles, evidence, meetings, outcomes
from pipelines.reviews.after_refresh import tended
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.cycle import Act
from pipelines.reviews.core.light import Asked
from pipelines.reviews.core.subjects import About, subject_of
from pipelines.reviews.core.terms import (
    ActDecision,
    Direction,
    EvidenceKind,
    EvidenceUse,
    ItemState,
    MeetingKind,
    MetricRole,
    Verdict,
)
from pipelines.reviews.cycle.planning import Said
from pipelines.reviews.desk import Desk
from pipelines.reviews.evidence import Finding, Link
from pipelines.reviews.meeting import deciding, in_session, minutes
from pipelines.reviews.meeting.deciding import Deciding
from pipelines.reviews.meeting.view import meeting_view
from pipelines.reviews.meetings import Invitation
from pipelines.reviews.outcome.page import ledger
from pipelines.reviews.outcomes import Prediction
from pipelines.reviews.people_sync import MACHINE

MANAGER = "pm"
ATLAS, COMET = "atlas", "comet"
LOCKED_BEFORE = timedelta(days=6)
ONBOARDING_LIVE = date(2026, 7, 14)
REVIEWED_ON = date(2026, 9, 18)
# Weekly users a change may cost at most: a twentieth of those there are.
RAIL, RAIL_MARGIN = Card("wau"), 25.0


@dataclass(frozen=True)
class Story:
    """One change of the sample, as its team plans it in a cycle."""

    team_id: str
    owner_id: str
    title: str
    asked: Asked
    card: Card


def _story(  # noqa: PLR0913 (the five answers, and whose they are)
    team_id: str, title: str, change: str, because: str, card: Card, least: float, live: date
) -> Story:
    owner = f"po-{team_id}"
    asked = Asked(change, because, card.metric_id, least, owner, live)
    return Story(team_id, owner, title, asked, card)


ONBOARDING = _story(
    ATLAS, "New onboarding in v2.2",
    "New users are led to their first shared report step by step.",
    "Two of three never share a report, and the help desk is asked how.",
    Card("activation_rate"), 0.05, ONBOARDING_LIVE,
)  # fmt: skip
TEMPLATES = _story(
    COMET, "Report templates on the start page",
    "The start page offers three templates to begin a report from.",
    "An empty page is where new users stop.",
    Card("activation_rate"), 0.05, date(2026, 8, 17),
)  # fmt: skip
CHECKOUT = _story(
    ATLAS, "Fewer fields at checkout",
    "Checkout asks for the company's address after the payment.",
    "Half of those who leave do so at the address.",
    Card("funnel", of="checkout"), 0.05, date(2026, 10, 6),
)  # fmt: skip

LEARNED = {
    ONBOARDING.title: "Lead people to one first success. Plan with a guard-rail that moves less "
    "than weekly users do: 8 weeks could not clear it.",
    TEMPLATES.title: "After a change that big, a later one needs a control series.",
}


def seed_records(folder: Path) -> bool:
    """Fills the records of a demo that holds no cycle yet; others stay as they are.

    Args:
        folder: Of the demo, refreshed.

    Returns:
        Whether anything was written.
    """
    first = _desk(folder, ONBOARDING_LIVE - LOCKED_BEFORE, MANAGER)
    if any(cycles.board(first).values()):
        return False
    onboarding = _planned(folder, ONBOARDING)
    _predicted(folder)
    _done(folder, ONBOARDING, onboarding)
    templates = _planned(folder, TEMPLATES)
    _done(folder, TEMPLATES, templates)
    _signed(folder, onboarding)
    _tended(folder, REVIEWED_ON)
    _review(folder, onboarding)
    checkout = _planned(folder, CHECKOUT)
    _begun(folder, CHECKOUT, checkout)
    _signed(folder, templates)
    _closed(folder, templates)
    return True


def _desk(folder: Path, day: date, person_id: str) -> Desk:
    """The desk of a person at nine o'clock of a day."""
    moment = datetime.combine(day, time(9), UTC)
    return Desk.open(folder, person_id, moment=moment)


def _tended(folder: Path, day: date) -> None:
    """What the program does by itself after the refresh of a day."""

    def refuse(sentence: str) -> None:
        raise RecordsError(sentence)

    tended(_desk(folder, day, MACHINE), refuse)


def _version(desk: Desk, cycle_id: str) -> int:
    return cycles.cycle_page(desk, cycle_id).record.cycle.row_version


def _planned(folder: Path, story: Story) -> str:
    """A cycle with its plan locked some days before it goes live."""
    desk = _desk(folder, story.asked.go_live_on - LOCKED_BEFORE, MANAGER)
    cycle_id = cycles.start_cycle(desk, story.team_id, story.card, story.asked, title=story.title)
    page = cycles.cycle_page(desk, cycle_id)
    for metric in page.record.metrics:
        # What is measured once a month would put the Check off to next spring; weekly users stay.
        if metric.role is MetricRole.GUARD_RAIL:
            cycles.drop_metric(
                desk, cycle_id, metric.metric_id, page.metric_versions[metric.metric_id]
            )
    cycles.put_metric(desk, cycle_id, RAIL, MetricRole.GUARD_RAIL, margin=RAIL_MARGIN)
    live = {"due_on": story.asked.go_live_on}
    cycles.edit_cycle(desk, cycle_id, _version(desk, cycle_id), live)
    cycles.lock(desk, cycle_id, _version(desk, cycle_id), Said())
    return cycle_id


def _begun(folder: Path, story: Story, cycle_id: str) -> Desk:
    desk = _desk(folder, story.asked.go_live_on, story.owner_id)
    page = cycles.cycle_page(desk, cycle_id)
    for action in page.record.actions:
        cycles.begin_action(desk, action.action_id, page.action_versions[action.action_id])
    return desk


def _done(folder: Path, story: Story, cycle_id: str) -> None:
    desk = _begun(folder, story, cycle_id)
    page = cycles.cycle_page(desk, cycle_id)
    for action in page.record.actions:
        cycles.end_action(desk, action.action_id, page.action_versions[action.action_id])
    cycles.begin_check(desk, cycle_id, _version(desk, cycle_id))


def _signed(folder: Path, cycle_id: str) -> Verdict:
    """Runs the Check on its day; the manager signs what it says."""
    day = cycles.cycle_page(_desk(folder, REVIEWED_ON, MANAGER), cycle_id).record.cycle.look_on
    desk = _desk(folder, day or REVIEWED_ON, MANAGER)
    found = cycles.run_check(desk, cycle_id).verdict.machine_verdict
    cycles.sign(desk, cycle_id, _version(desk, cycle_id), found)
    return found


def _predicted(folder: Path) -> None:
    """The prediction of the release that brings the onboarding, judged in the autumn."""
    day = ONBOARDING_LIVE - LOCKED_BEFORE
    _tended(folder, day)
    desk = _desk(folder, day, MANAGER)
    line = next(
        each for each in ledger(desk).lines
        if each.outcome.row.released_on == ONBOARDING_LIVE
    )  # fmt: skip
    link_id, card = line.outcome.row.link_id, ONBOARDING.card
    review_on = outcomes.suggested_review(desk, card, ONBOARDING_LIVE)
    said = Prediction(card, Direction.UP, 0.1, 0.05, confidence=0.7, review_on=review_on)
    outcomes.predict(desk, link_id, line.row_version, said)
    current = ledger(desk).line(link_id)
    if current is not None:
        outcomes.lock(desk, link_id, current.row_version)


def _review(folder: Path, cycle_id: str) -> None:
    """A weekly review that decides about the onboarding, and publishes its minutes."""
    desk = _desk(folder, REVIEWED_ON, MANAGER)
    meeting_id = meetings.schedule(
        desk, Invitation(MeetingKind.WEEKLY_METRICS, REVIEWED_ON, ATLAS, attendee_ids=["po-atlas"])
    )
    meetings.start(desk, meeting_id)
    for person_id in (MANAGER, "po-atlas"):
        in_session.attend(desk, meeting_id, person_id, present=True)
    item_id = in_session.add_item(
        desk, meeting_id, "The new onboarding: what the Check found",
        subject_id=subject_of(About.CYCLE, cycle_id),
    )  # fmt: skip
    _closed(folder, cycle_id, meeting_id=meeting_id, item_id=item_id)
    exports = deciding.decide(
        desk, meeting_id,
        Deciding(
            "Large exports are mended before anything new is begun", MANAGER,
            "Tickets about exports grow every month", ["Go on as planned"],
        ),
    )  # fmt: skip
    for title, due_on in (
        ("Agree on a day for the mended exports", date(2026, 10, 9)),
        ("Ask ten customers whether exports are fast again", date(2026, 11, 20)),
    ):
        deciding.promise(desk, meeting_id, title, "po-atlas", due_on, decision_id=exports)
    won = Finding(EvidenceKind.CELEBRATION, REVIEWED_ON, ATLAS,
                  "Simulated: the onboarding was ready on its day.")  # fmt: skip
    evidence.add(desk, won, [Link(About.CYCLE, cycle_id, EvidenceUse.RECOGNITION)])
    for each in meeting_view(desk, meeting_id).items:
        in_session.set_state(desk, each.item.item_id, ItemState.DISCUSSED)
    meetings.end(desk, meeting_id)
    minutes.publish(desk, meeting_id)


def _closed(
    folder: Path, cycle_id: str, *, meeting_id: str | None = None, item_id: str | None = None
) -> None:
    """Decides what the signed verdict allows."""
    page = cycles.cycle_page(_desk(folder, REVIEWED_ON, MANAGER), cycle_id)
    seen = page.record
    day = max(REVIEWED_ON, seen.cycle.look_on or REVIEWED_ON)
    desk = _desk(folder, day, MANAGER)
    keep = Act(
        ActDecision.KEEP, rationale="It is liked and costs nothing; it is not proven.",
        learning=LEARNED[seen.cycle.title],
    )  # fmt: skip
    cycles.decide(
        desk, cycle_id, seen.cycle.row_version, keep, meeting_id=meeting_id, item_id=item_id
    )

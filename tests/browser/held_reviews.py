"""The steady product with one review held, a promise that is late, and a Check that is due.

Everything goes through the services, as a team would do it.
"""

from datetime import timedelta
from pathlib import Path
from types import ModuleType

from pipelines.reviews import cycles, evidence, meetings
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.light import Asked
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import (
    EvidenceKind,
    EvidenceUse,
    ItemState,
    MeetingKind,
    MetricRole,
)
from pipelines.reviews.desk import Desk
from pipelines.reviews.evidence import Finding, Link
from pipelines.reviews.meeting import deciding, in_session, minutes
from pipelines.reviews.meeting.view import meeting_view
from pipelines.reviews.meetings import Invitation

TEAM = "core"


def write(folder: Path, steady: ModuleType) -> Path:
    """The workspace, nine weeks after the change."""
    steady.write(folder, steady.MANAGER)
    who = Desk.open(folder, "pm")
    cycle_id = cycles.start_cycle(
        who,
        TEAM,
        Card("reports"),
        Asked("Reports are made with one click", "Today it takes five clicks", "reports", 0.5,
              "dev", steady.LIVE.date()),
    )  # fmt: skip
    seen = cycles.cycle_page(who, cycle_id).metric_versions
    cycles.put_metric(who, cycle_id, Card("exports"), MetricRole.GUARD_RAIL,
                      expected_version=seen.get("exports"), margin=0.6)  # fmt: skip
    cycles.lock(who, cycle_id, version(who, cycle_id))
    first_review(who)
    steady.move_clock(folder, steady.LIVE + timedelta(hours=6))
    who = Desk.open(folder, "pm")
    for step in (cycles.begin_action, cycles.end_action):
        page = cycles.cycle_page(who, cycle_id)
        for action in page.record.actions:
            step(who, action.action_id, page.action_versions[action.action_id])
    cycles.begin_check(who, cycle_id, version(who, cycle_id))
    said = Finding(EvidenceKind.INTERVIEW, who.today, TEAM, "Six of eight made a report at once.",
                   quotes=["It was just there."], consent=True)  # fmt: skip
    evidence.add(who, said, [Link(About.METRIC, "reports", EvidenceUse.LEARNING)])
    steady.move_clock(folder, steady.LIVE + timedelta(weeks=9, hours=6))
    cycles.run_check(Desk.open(folder, "pm"), cycle_id)
    return folder


def version(who: Desk, cycle_id: str) -> int:
    """Of the cycle's row, as its page shows it."""
    return cycles.cycle_page(who, cycle_id).record.cycle.row_version


def first_review(who: Desk) -> None:
    """Held and published before the change; what was promised in it is never done."""
    meeting_id = meetings.schedule(who, Invitation(MeetingKind.WEEKLY_METRICS, who.today, TEAM))
    meetings.start(who, meeting_id)
    for each in meeting_view(who, meeting_id).items:
        in_session.set_state(who, each.item.item_id, ItemState.DISCUSSED)
    decided = deciding.Deciding("We try one click", "pm", "Five clicks are too many")
    decision_id = deciding.decide(who, meeting_id, decided)
    deciding.promise(who, meeting_id, "Ask support what they hear", "dev",
                     who.today + timedelta(days=7), decision_id=decision_id)  # fmt: skip
    meetings.end(who, meeting_id)
    minutes.publish(who, meeting_id)

"""The steady product with a year of reviews: a cycle to its Act, minutes, outcomes and evidence.

Everything goes through the services, as a team would do it; nothing is written past them.
"""

import csv
import importlib.util
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType

from pipelines.read import Snapshot
from pipelines.reviews import cycles, evidence, meetings
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.cycle import Act
from pipelines.reviews.core.light import Asked
from pipelines.reviews.core.subjects import About
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
from pipelines.reviews.desk import Desk
from pipelines.reviews.evidence import Finding, Link, Participants
from pipelines.reviews.meeting import deciding, in_session, minutes
from pipelines.reviews.meeting.view import meeting_view
from pipelines.reviews.meetings import Invitation
from pipelines.reviews.outcome.judging import judge_due
from pipelines.reviews.outcome.keeping import keep_ledger
from pipelines.reviews.outcome.page import ledger
from pipelines.reviews.outcomes import Prediction, lock, predict
from pipelines.reviews.people_sync import MACHINE
from pipelines.reviews.training import Training, train

ROOT = Path(__file__).parents[2]
SOURCE = """
[[source]]
name = "releases"
files = "exports/releases.csv"
expected_every = "999d"
exported_at = 2026-01-01T06:00:00+00:00
"""
RELEASES = ("2.9", "3.0", "3.1")
REPORTS = Card("reports")


@dataclass(frozen=True)
class Reviewed:
    """What there is to look at.

    Attributes:
        cycle_id: Closed, its verdict overridden by a person.
        meeting_id: With published minutes and a correction.
        next_meeting_id: With its pre-read sent.
        draft_id: A cycle whose plan is not locked.
    """

    folder: Path
    cycle_id: str
    meeting_id: str
    next_meeting_id: str
    draft_id: str


def steady() -> ModuleType:
    """The generator of the steady product."""
    place = ROOT / "tests" / "browser" / "steady_product.py"
    spec = importlib.util.spec_from_file_location("launchloop_steady_product", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(folder: Path) -> Reviewed:
    """The workspace with its records."""
    made = steady()
    write_releases(folder / "exports", made.LIVE)
    made.SETTINGS += SOURCE
    before(made, folder)
    live = made.LIVE.date()
    cycle_id = planned_cycle(folder, live)
    done(folder, cycle_id)
    predicted(folder, live)
    shipped(folder, made.LIVE)
    made.move_clock(folder, made.LIVE + timedelta(weeks=15, hours=6))
    looked_after(folder)
    judged(folder, cycle_id)
    gathered(folder, cycle_id, live)
    meeting_id = held_meeting(folder)
    next_id = meetings.schedule(
        desk(folder),
        Invitation(MeetingKind.MONTHLY_PRODUCT, desk(folder).today + timedelta(days=9), "core",
                   attendee_ids=["dev"]),
    )  # fmt: skip
    made.move_clock(folder, made.LIVE + timedelta(weeks=16, hours=6))
    meetings.send_preread(desk(folder), next_id)
    draft = Asked("Exports open faster.", "People leave while they wait.", "exports", 0.2, "pm",
                  desk(folder).today + timedelta(days=7))  # fmt: skip
    draft_id = cycles.start_cycle(desk(folder), "core", Card("exports"), draft)
    return Reviewed(folder, cycle_id, meeting_id, next_id, draft_id)


def before(made: ModuleType, folder: Path) -> None:
    """The week before the change; the folder of exports is there already."""
    text = made.SETTINGS.format(
        people=made.MANAGER, reports=made.COUNTED % "report", exports=made.COUNTED % "export"
    )
    (folder / "launchloop.toml").write_text(text, encoding="utf-8")
    made.move_clock(folder, made.BEFORE)


def write_releases(exports: Path, live: datetime) -> None:
    """One release before the change, the change itself, and one after it."""
    exports.mkdir(parents=True)
    weeks = (-20, 0, 6)
    with (exports / "releases.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["release_id", "product_id", "version", "channel_code", "planned_on", "released_at"]
        )
        for name, week in zip(RELEASES, weeks, strict=True):
            at = live + timedelta(weeks=week, hours=8)
            # Before the change only the first one is out; a plan is a plan.
            out = at.isoformat() if week < 0 else ""
            writer.writerow([name, "steady", name, "stable", at.date().isoformat(), out])


def shipped(folder: Path, live: datetime) -> None:
    """The export as it is when all three are out."""
    place = folder / "exports" / "releases.csv"
    header, *rows = place.read_text(encoding="utf-8").splitlines()
    weeks = dict(zip(RELEASES, (-20, 0, 6), strict=True))
    lines = [header]
    for row in rows:
        name, *rest = row.split(",")
        out = live + timedelta(weeks=weeks[name], hours=8)
        lines.append(",".join([name, *rest[:-1], out.isoformat()]))
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")


def desk(folder: Path, person: str = "pm") -> Desk:
    """Somebody speaks."""
    return Desk.open(folder, person)


def version(who: Desk, cycle_id: str) -> int:
    """Of the cycle's row."""
    return cycles.cycle_page(who, cycle_id).record.cycle.row_version


def planned_cycle(folder: Path, live: date) -> str:
    """A cycle whose change goes live with release 3.0, locked and begun."""
    who = desk(folder)
    asked = Asked(
        "Reports open with the last filter.", "People look for it each time.", "reports", 0.3, "pm",
        live,
    )  # fmt: skip
    cycle_id = cycles.start_cycle(who, "core", REPORTS, asked)
    seen = cycles.cycle_page(who, cycle_id).metric_versions
    cycles.put_metric(who, cycle_id, REPORTS, MetricRole.PRIMARY, expected_version=seen["reports"],
                      expected_effect=0.8, confidence=0.7, target_value=2.8)  # fmt: skip
    cycles.put_metric(who, cycle_id, Card("exports"), MetricRole.GUARD_RAIL,
                      expected_version=seen.get("exports"), margin=0.4)  # fmt: skip
    cycles.edit_cycle(
        who, cycle_id, version(who, cycle_id),
        {"problem": "Six in ten reports are set up twice.", "root_cause": "Filters are forgotten.",
         "root_cause_method": "five whys"},
    )  # fmt: skip
    cycles.lock(who, cycle_id, version(who, cycle_id))
    return cycle_id


def predicted(folder: Path, live: date) -> None:
    """Release 3.0 with a locked prediction; 3.1 with one that lacks parts."""
    keep_ledger(desk(folder, MACHINE), Snapshot(folder))
    who = desk(folder)
    said = Prediction(REPORTS, Direction.UP, 0.8, 0.3, 0.7, live + timedelta(weeks=14))
    predict(who, line(who, "3.0").row.link_id, line(who, "3.0").row_version, said)
    lock(who, line(who, "3.0").row.link_id, line(who, "3.0").row_version)
    part = Prediction(Card("exports"), Direction.UP, 0.3)
    predict(who, line(who, "3.1").row.link_id, line(who, "3.1").row_version, part)


def line(who: Desk, title: str):
    """The row of the ledger with a title."""
    return next(each for each in ledger(who).lines if title in each.title)


def looked_after(folder: Path) -> None:
    """What a refresh does for the ledger."""
    machine, snapshot = desk(folder, MACHINE), Snapshot(folder)
    keep_ledger(machine, snapshot)
    judge_due(machine, snapshot)


def done(folder: Path, cycle_id: str) -> None:
    """Every action is begun and ended, and the Check begins."""
    who = desk(folder)
    for step in (cycles.begin_action, cycles.end_action):
        page = cycles.cycle_page(who, cycle_id)
        for action in page.record.actions:
            step(who, action.action_id, page.action_versions[action.action_id])
    cycles.begin_check(who, cycle_id, version(who, cycle_id))


def judged(folder: Path, cycle_id: str) -> None:
    """The Check, a signature that differs from the machine, and the Act decision."""
    dev, who = desk(folder, "dev"), desk(folder)
    cycles.run_check(who, cycle_id)
    cycles.sign(dev, cycle_id, version(dev, cycle_id), Verdict.INCONCLUSIVE,
                human_reason="A price change fell into the same weeks.")  # fmt: skip
    act = Act(ActDecision.KEEP, rationale="Nobody misses the old way, and nothing got worse.",
              learning="A filter that stays saves a minute each time.")  # fmt: skip
    cycles.decide(who, cycle_id, version(who, cycle_id), act,
                  follow_ups=[cycles.Promise("Write to the newsletter", "dev",
                                             who.today + timedelta(days=14))])  # fmt: skip


def gathered(folder: Path, cycle_id: str, live: date) -> None:
    """Evidence of several kinds, a celebration and a training."""
    who = desk(folder)
    about = Link(About.CYCLE, cycle_id, EvidenceUse.PROBLEM)
    evidence.add(
        who,
        Finding(EvidenceKind.INTERVIEW, live - timedelta(days=20), "core",
                "Seven of eight people set their filter again each morning.",
                Participants(8, ["analysts"]), "think-aloud", "How do you begin a day?",
                ["I click the same five things. Every. Single. Day."], consent=True),
        [about],
    )  # fmt: skip
    evidence.add(
        who, Finding(EvidenceKind.CELEBRATION, live + timedelta(days=30), "core",
                     "The first release without a hot fix.", Participants(named=["dev"])),
    )  # fmt: skip
    need = Finding(EvidenceKind.TRAINING, live + timedelta(days=40), "core",
                   "Half of support has not seen the new filter.",
                   Participants(6, ["support"]))  # fmt: skip
    train(who, Training(need, "Show the filter to support", "dev", who.today + timedelta(days=10),
                        "reports"))  # fmt: skip


def held_meeting(folder: Path) -> str:
    """A weekly review from pre-read to published minutes and a correction."""
    who = desk(folder)
    meeting_id = meetings.schedule(
        who,
        Invitation(MeetingKind.WEEKLY_METRICS, who.today + timedelta(days=1), "core",
                   note_taker_id="dev", attendee_ids=["guest"]),
    )  # fmt: skip
    meetings.send_preread(who, meeting_id)
    meetings.start(who, meeting_id)
    in_session.attend(who, meeting_id, "pm", present=True)
    in_session.attend(who, meeting_id, "dev", present=True)
    items = meeting_view(who, meeting_id).items
    for place, each in enumerate(items):
        note = "Seen by everybody." if place == 0 else None
        in_session.set_state(who, each.item.item_id, ItemState.DISCUSSED, note=note)
    first = items[0].item.item_id
    deciding.decide(
        who, meeting_id,
        deciding.Deciding(text="The filter stays as it is", item_id=first, decider_id="pm",
                          options=("Take it back", "Ask again in spring"),
                          rationale="It helps, and costs nothing.",
                          revisit_on=who.today + timedelta(days=90)),
    )  # fmt: skip
    deciding.promise(who, meeting_id, "Ask support what they hear", "dev",
                     who.today + timedelta(days=7))  # fmt: skip
    meetings.end(who, meeting_id)
    minutes.publish(who, meeting_id)
    minutes.correct(who, meeting_id, "Dan asked for it, not Petra.", "Heard wrongly.",
                    item_id=first)  # fmt: skip
    return meeting_id

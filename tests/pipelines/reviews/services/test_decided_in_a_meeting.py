"""A Check is signed and decided in a review, whose minutes say what it found."""

import re
import shutil
from datetime import date, timedelta

import pytest

from pipelines.errors import NotAllowedError
from pipelines.refresh import refresh
from pipelines.reviews import cycles, meetings
from pipelines.reviews.core.cycle import NOT_PROVEN, Act
from pipelines.reviews.core.terms import ActDecision, ItemState, MeetingKind
from pipelines.reviews.cycle.record import read_record
from pipelines.reviews.meeting import in_session, minutes
from pipelines.reviews.meeting.view import meeting_view
from pipelines.reviews.meetings import Invitation
from pipelines.reviews.records.redaction import redact
from pipelines.reviews.records.rows import row_of
from pipelines.reviews.records.saving import Author
from pipelines.reviews.records.tables import PdcaVerdict
from pipelines.reviews.records.verifying import verify_records

DAY = timedelta(days=1)
KEEP = Act(ActDecision.KEEP, rationale="It costs nothing")
WHY = "Ben saw it himself"


@pytest.fixture
def checked(product, asked, card, steps):
    """A desk on the day of the Check, and the cycle that the program has checked."""
    desk = product.desk()
    cycle_id = steps.locked(desk, card, asked())
    steps.do(desk, cycle_id)
    product.data("flat")
    product.wait_until(cycles.cycle_page(desk, cycle_id).record.cycle.check_not_before)
    cycles.run_check(product.desk(), cycle_id)
    return product.desk(), cycle_id


@pytest.fixture
def a_day_more(stages):
    """Publishes what the next day brought, in a week that is not over."""

    def publish(product):
        for name in ("events.csv", "annotations.csv", "releases.csv"):
            shutil.copy(stages["flat"] / name, product.folder)
        settings = product.folder / "launchloop.toml"
        text = settings.read_text(encoding="utf-8")
        until = date.fromisoformat(re.search(r"complete_to = (\S+)", text)[1])
        settings.write_text(text.replace(str(until), str(until + DAY)), encoding="utf-8")
        with (product.folder / "events.csv").open("a", encoding="utf-8") as file:
            file.write(f"sign_up,{until}T10:00:00Z,late\n")
        refresh(product.folder)

    return publish


def record_of(desk, cycle_id):
    with desk.store.reading() as session:
        return read_record(session, cycle_id)


def machine_verdict(desk, cycle_id):
    return record_of(desk, cycle_id).run.verdict.machine_verdict


def in_review(desk, cycle_id):
    """A review in session, and its item about the cycle."""
    invited = Invitation(MeetingKind.WEEKLY_METRICS, desk.today, "product")
    meeting_id = meetings.schedule(desk, invited)
    meetings.start(desk, meeting_id)
    items = meeting_view(desk, meeting_id).items
    about = f"pdca_cycle:{cycle_id}"
    return meeting_id, next(each.item.item_id for each in items if each.item.subject_id == about)


def item_of(desk, meeting_id, item_id):
    (found,) = (each.item for each in meeting_view(desk, meeting_id).items if
                each.item.item_id == item_id)  # fmt: skip
    return found


def published(desk, meeting_id):
    for each in meeting_view(desk, meeting_id).items:
        in_session.set_state(desk, each.item.item_id, ItemState.DISCUSSED)
    meetings.end(desk, meeting_id)
    minutes.publish(desk, meeting_id)
    return minutes.published(desk, meeting_id)


def test_minutes_keep_verdict_signature_and_decision(product, checked, steps):
    _, cycle_id = checked
    product.now += DAY
    desk = product.desk()
    meeting_id, item_id = in_review(desk, cycle_id)
    found = machine_verdict(desk, cycle_id)
    cycles.sign(desk, cycle_id, steps.version(desk, cycle_id), found)
    cycles.decide(desk, cycle_id, steps.version(desk, cycle_id), KEEP, meeting_id=meeting_id,
                  item_id=item_id)  # fmt: skip
    (decision,) = meeting_view(desk, meeting_id).decisions
    assert item_of(desk, meeting_id, item_id).state is ItemState.DISCUSSED
    title = record_of(desk, cycle_id).cycle.title
    assert (decision.item_id, decision.text) == (item_id, f"Keep ({NOT_PROVEN}): {title}")
    body = published(desk, meeting_id).body
    told = {each["item_id"]: each["check"] for each in body["items"]}
    assert [each for each in told.values() if each] == [told[item_id]]
    sentence = record_of(desk, cycle_id).run.verdict.sentence
    assert (told[item_id]["sentence"], told[item_id]["decision"]) == (sentence, "keep")
    (signed,) = told[item_id]["signatures"]
    assert (signed["human_verdict"], signed["signed_by"], signed["self_signed"]) == (
        found.value, "local", True,
    )  # fmt: skip
    with desk.store.reading() as session:
        assert verify_records(session) is None


def test_a_reason_that_is_redacted_is_covered_in_minutes_too(product, checked, steps):
    _, cycle_id = checked
    product.now += DAY
    desk = product.desk()
    meeting_id, _ = in_review(desk, cycle_id)
    found = machine_verdict(desk, cycle_id)
    cycles.sign(desk, cycle_id, steps.version(desk, cycle_id), found, human_reason=WHY)
    before = published(desk, meeting_id)
    signature = record_of(desk, cycle_id).signature
    with desk.store.writing() as session:
        row = row_of(session, PdcaVerdict, signature.verdict_id, "verdict")
        redact(session, row, "human_reason", [(0, 3)], Author("local", desk.now), "He asked for it")
    after = minutes.published(desk, meeting_id)
    assert (after.text, after.body_hash) == (before.text, before.body_hash)
    reasons = [
        signed["human_reason"]
        for each in after.shown["items"]
        if each["check"]
        for signed in each["check"]["signatures"]
    ]
    assert reasons == [f"███{WHY[3:]}"]


def test_the_same_verdict_after_another_refresh_does_not_delay_the_signature(
    product, checked, steps, a_day_more
):
    _, cycle_id = checked
    product.now += DAY - timedelta(hours=1)
    a_day_more(product)
    desk = product.desk()
    first, second = record_of(desk, cycle_id), cycles.run_check(desk, cycle_id)
    assert second.run_id != first.run.run_id
    assert second.verdict.sentence == first.run.verdict.sentence
    found = second.verdict.machine_verdict
    with pytest.raises(NotAllowedError):
        cycles.sign(desk, cycle_id, steps.version(desk, cycle_id), found)
    product.now += timedelta(hours=1)
    desk = product.desk()
    assert record_of(desk, cycle_id).judged_since == first.run.at
    cycles.sign(desk, cycle_id, steps.version(desk, cycle_id), found)
    assert record_of(desk, cycle_id).signature.self_signed


@pytest.mark.parametrize("state", ["scheduled", "published"])
def test_nothing_is_decided_in_a_meeting_that_is_not_being_written(product, checked, steps, state):
    _, cycle_id = checked
    product.now += DAY
    desk = product.desk()
    found = machine_verdict(desk, cycle_id)
    if state == "scheduled":
        invited = Invitation(MeetingKind.WEEKLY_METRICS, desk.today, "product")
        meeting_id = meetings.schedule(desk, invited)
    else:
        meeting_id, _ = in_review(desk, cycle_id)
        published(desk, meeting_id)
    cycles.sign(desk, cycle_id, steps.version(desk, cycle_id), found)
    before = record_of(desk, cycle_id).cycle
    with pytest.raises(NotAllowedError, match="has not begun|are published"):
        cycles.decide(desk, cycle_id, before.row_version, KEEP, meeting_id=meeting_id)
    assert record_of(desk, cycle_id).cycle == before


def test_an_item_of_another_meeting_is_refused(product, checked, steps):
    _, cycle_id = checked
    product.now += DAY
    desk = product.desk()
    cycles.sign(desk, cycle_id, steps.version(desk, cycle_id), machine_verdict(desk, cycle_id))
    invited = Invitation(MeetingKind.WEEKLY_METRICS, desk.today, "product")
    one, other = (meetings.schedule(desk, invited) for _ in range(2))
    for each in (one, other):
        meetings.start(desk, each)
    item_id = in_session.add_item(desk, other, "Something else")
    version = steps.version(desk, cycle_id)
    with pytest.raises(NotAllowedError, match="another meeting"):
        cycles.decide(desk, cycle_id, version, KEEP, meeting_id=one, item_id=item_id)

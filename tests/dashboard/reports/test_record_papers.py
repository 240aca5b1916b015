"""Cycles, pre-reads and minutes leave the records as papers: whole, the same, and provable."""

import hashlib
import json
from datetime import UTC, datetime

import pytest

from dashboard.command import app
from dashboard.report_kinds import OF_RECORDS
from dashboard.reports.content import RENDERERS
from pipelines.errors import RecordsError
from pipelines.reviews.core.terms import ItemState
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting import in_session, minutes
from pipelines.reviews.people_sync import MACHINE
from pipelines.reviews.records.people import erase
from pipelines.reviews.records.redaction import redact
from pipelines.reviews.records.rows import row_of
from pipelines.reviews.records.saving import Author
from pipelines.reviews.records.tables import Decision, MeetingItem
from pipelines.reviews.records.verifying_export import verify_export


@pytest.fixture
def made(reviewed):
    """`made("cycle", id)` → the content; `form=` its bytes."""

    def make(kind, thing, form=None, person=MACHINE):
        content = OF_RECORDS[kind](Desk.open(reviewed.folder, person), thing)
        return RENDERERS[form](content) if form else content

    return make


@pytest.fixture
def things(reviewed):
    return {
        "cycle": reviewed.cycle_id,
        "review": reviewed.meeting_id,
        "preread": reviewed.next_meeting_id,
    }


def test_a_cycle_says_plan_verdict_override_decision_and_lineage(made, reviewed):
    text = made("cycle", reviewed.cycle_id, "md").decode().replace("\\", "")
    for said in (
        "PDCA cycle 1 · kept, not proven",
        "Six in ten reports are set up twice.",
        "Provable in 80 of 100 cases",
        "Machine verdict: improved",
        "Dan Developer | 15 Jun 2026 | Improved | Inconclusive (overridden)",
        "A price change fell into the same weeks.",
        "Exports per user gets worse by less than 0.4",
        "Before/after comparison, not a controlled test.",
        "A filter that stays saves a minute each time.",
        "Write to the newsletter | Dan Developer | 29 Jun 2026 | Open",
        "Interview as problem: 1",
        "(this one)",
    ):
        assert said in text


def test_the_chart_of_a_cycle_has_the_locked_limits_and_marks_signals_after_the_change_only(
    made, reviewed
):
    paper = made("cycle", reviewed.cycle_id).paper
    charts = [
        block
        for section in paper.sections
        for block in section.shown
        if type(block).__name__ == "Chart"
    ]
    assert len(charts) == 1
    (chart,) = charts
    assert chart.baseline.lower < chart.baseline.centre < chart.baseline.upper
    assert chart.target == 2.8
    assert len(chart.signals) > 8
    assert min(point.on for point in chart.signals) >= chart.changes[0].on


def test_minutes_say_who_decided_what_and_show_a_correction_beside_the_original(made, reviewed):
    text = made("review", reviewed.meeting_id, "md").decode().replace("\\", "")
    assert "The filter stays as it is | Petra Manager | It helps, and costs nothing." in text
    assert "Take it back; Ask again in spring | 13 Sep 2026" in text
    assert "Ask support what they hear | Dan Developer | 22 Jun 2026 | Open" in text
    assert "Gus Guest | no" in text
    original, correction = text.index("Seen by everybody."), text.index("Dan asked for it, not")
    assert original < correction
    found = minutes.published(Desk.open(reviewed.folder, MACHINE), reviewed.meeting_id)
    assert found.body_hash in text


def test_a_pre_read_stays_as_it_went_out_while_the_meeting_writes_on(made, reviewed):
    before = made("preread", reviewed.next_meeting_id, "html")
    assert b"Questions to answer" in before
    who = Desk.open(reviewed.folder, "pm")
    added = in_session.add_item(who, reviewed.next_meeting_id, "Something new", key="one more")
    in_session.set_state(who, added, ItemState.PARKED, note="Another time.")
    assert made("preread", reviewed.next_meeting_id, "html") == before


@pytest.mark.parametrize("kind", ["cycle", "review", "preread"])
def test_every_format_is_the_same_bytes_again(made, things, kind):
    for form in RENDERERS:
        first, second = (made(kind, things[kind], form) for _ in range(2))
        assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest(), form
        assert len(first) > 200, form
    assert made(kind, things[kind]).tables == made(kind, things[kind]).tables


def test_dates_that_are_due_stand_in_the_calendar(made, reviewed):
    of_cycle = made("cycle", reviewed.cycle_id, "ics").decode()
    of_meeting = made("review", reviewed.meeting_id, "ics").decode()
    assert "SUMMARY:Write to the newsletter" in of_cycle
    assert "DTSTART;VALUE=DATE:20260629" in of_cycle
    for said in ("SUMMARY:Weekly metrics: Core", "SUMMARY:Ask support", "DATE:20260913"):
        assert said in of_meeting


@pytest.mark.parametrize("kind", ["cycle", "review", "preread"])
def test_an_export_verifies_without_records_and_without_a_workspace(
    made, things, kind, tmp_path, capsys
):
    file = tmp_path / "export.json"
    file.write_bytes(made(kind, things[kind], "json"))
    assert verify_export(file).broken is None
    assert (
        app(["reviews", "verify", str(file)], exit_on_error=False, result_action="return_value")
        == 0
    )
    assert "verifies" in capsys.readouterr().out


# Each forges one thing and then mends the hash of the whole, as somebody who knows how would.
def _value(body):
    body["snapshots"][0]["values"][0]["value"] = 99


def _definition(body):
    body["snapshots"][0]["definitions"][0]["body"]["window"] = "another"


def _plan(body):
    _row(body, "pdca_plan")["body"]["hypothesis"]["change"] = "Something else"


def _verdict(body):
    _row(body, "pdca_verdict")["machine_verdict"] = "worse"


def _event(body):
    body["events"][0]["actor_id"] = "dev"


def _order(body):
    body["events"].reverse()


def _missing(body):
    body["events"] = [each for each in body["events"] if each["entity"] != "pdca_action"]


def _row(body, table):
    return next(each["row"] for each in body["rows"] if each["table"] == table)


@pytest.mark.parametrize(
    ("forge", "what"),
    [
        (_value, "snapshot"),
        (_definition, "definition"),
        (_plan, "pdca_plan"),
        (_verdict, "pdca_verdict"),
        (_event, "event"),
        (_order, "event"),
        (_missing, "pdca_action"),
    ],
)
def test_a_forged_part_is_named_even_if_the_hash_of_the_whole_was_mended(
    made, reviewed, tmp_path, forge, what
):
    body = json.loads(made("cycle", reviewed.cycle_id, "json"))
    forge(body)
    del body["hash"]
    body["hash"] = hashlib.sha256(
        json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
    file = tmp_path / "forged.json"
    file.write_text(json.dumps(body), encoding="utf-8")
    assert verify_export(file).broken.what == what


def test_a_changed_file_is_named(made, reviewed, tmp_path):
    file = tmp_path / "changed.json"
    text = made("review", reviewed.meeting_id, "json").decode()
    file.write_text(text.replace("stays as it is", "goes away now"), encoding="utf-8")
    assert verify_export(file).broken.what == "export"


@pytest.mark.parametrize("text", ["{}", "{", '{"format": "launchloop-review-1"}', "[1]"])
def test_what_is_no_export_is_refused_in_words(tmp_path, text):
    file = tmp_path / "other.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RecordsError, match="Export again|is no export"):
        verify_export(file)


def test_a_cycle_without_a_lock_and_a_meeting_without_a_freeze_say_what_to_do(made, reviewed):
    with pytest.raises(RecordsError, match="Lock the plan"):
        made("cycle", reviewed.draft_id)
    with pytest.raises(RecordsError, match="There is no"):
        made("review", "nothing")


def test_redacted_words_are_in_no_format_and_the_export_says_so(made, reviewed, tmp_path):
    who = Desk.open(reviewed.folder, "pm")
    author = Author("pm", datetime(2026, 6, 22, tzinfo=UTC))
    with who.store.writing() as session:
        item = next(
            entry["key"]
            for entry in json.loads(made("review", reviewed.meeting_id, "json"))["rows"]
            if entry["table"] == "meeting_item" and entry["row"]["note"] == "Seen by everybody."
        )
        row = row_of(session, MeetingItem, item, "item")
        redact(session, row, "note", [(0, 4)], author, "Asked for")
    for form in ("md", "html", "json"):
        assert b"Seen by" not in made("review", reviewed.meeting_id, form), form
    file = tmp_path / "redacted.json"
    file.write_bytes(made("review", reviewed.meeting_id, "json"))
    found = verify_export(file)
    assert found.broken is None
    assert found.withheld > 0


def test_a_redacted_option_of_a_decision_is_in_no_format(made, reviewed, tmp_path):
    who = Desk.open(reviewed.folder, "pm")
    author = Author("pm", datetime(2026, 6, 22, tzinfo=UTC))
    assert b"Ask again in spring" in made("review", reviewed.meeting_id, "html")
    with who.store.writing() as session:
        key = next(
            entry["key"]
            for entry in json.loads(made("review", reviewed.meeting_id, "json"))["rows"]
            if entry["table"] == "decision"
        )
        row = row_of(session, Decision, key, "decision")
        redact(session, row, "options", [(0, 9)], author, "Asked for", item=1)
    for form in ("md", "html", "json"):
        assert b"Ask again" not in made("review", reviewed.meeting_id, form), form
    file = tmp_path / "redacted.json"
    file.write_bytes(made("review", reviewed.meeting_id, "json"))
    assert verify_export(file).broken is None


def test_after_an_erasure_only_the_name_differs(made, reviewed, things):
    before = {kind: made(kind, thing, "md").decode() for kind, thing in things.items()}
    exported = {kind: json.loads(made(kind, thing, "json")) for kind, thing in things.items()}
    author = Author("pm", datetime(2026, 6, 22, tzinfo=UTC))
    with Desk.open(reviewed.folder, "pm").store.writing() as session:
        erase(session, "dev", author, "Asked for")
    text = (reviewed.folder / "launchloop.toml").read_text(encoding="utf-8")
    gone = '[[person]]\nid = "dev"\nname = "Dan Developer"\nroles = { "*" = "developer" }\n'
    assert gone in text
    (reviewed.folder / "launchloop.toml").write_text(text.replace(gone, ""), encoding="utf-8")
    for kind, thing in things.items():
        after = made(kind, thing, "md").decode()
        assert after == before[kind].replace("Dan Developer", "Erased person")
        assert json.loads(made(kind, thing, "json")) == exported[kind]

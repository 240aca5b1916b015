"""Local times in the hour that clocks skip or repeat: read the later way, and the report says so.

On 25 October 2026 Berlin has the hour from two to three twice, on 29 March 2026 never.
"""

import json
from datetime import UTC, datetime

import pytest

REPEATED, SKIPPED = "2026-10-25 02:30:00", "2026-03-29 02:30:00"
LATER = [datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)]
PLAIN = "2026-07-01 12:00:00"
AFTER = datetime(2026, 12, 31, tzinfo=UTC)
ZONE = 'timezone = "Europe/Berlin"\n'
SURVEY = 'survey = { id = "s", scale = { min = 1, max = 5 } }\n'
TICKETS = "id,requester_id,via_channel,status,created_at,updated_at,subject,description\n"


def google_forms(times):
    return "Timestamp,How satisfied are you?\n" + "".join(f"{at},4\n" for at in times)


def surveygizmo(times):
    head = "Response ID,Time Started,Date Submitted,Status,How satisfied are you?\n"
    rows = (f"{n},{at},{at},Complete,4\n" for n, at in enumerate(times))
    return head + "".join(rows)


def surveymonkey(times):
    head = "Respondent ID,Collector ID,Start Date,End Date,How satisfied are you?\n,,,,Response\n"
    return head + "".join(f"{n},1,{at},{at},4\n" for n, at in enumerate(times))


def zendesk(times):
    rows = (f"{n},7,web,open,{at},{at},Help,It fails\n" for n, at in enumerate(times))
    return TICKETS + "".join(rows)


def mixpanel(times):
    lines = []
    for at in times:
        seconds = datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
        properties = {"time": seconds, "distinct_id": "u1"}
        lines.append(json.dumps({"event": "open", "properties": properties}))
    return "\n".join(lines) + "\n"


PRESETS = {
    "google_forms_csv": (google_forms, "csv", SURVEY, "survey_responses", "answered_at"),
    "surveygizmo_csv": (surveygizmo, "csv", SURVEY, "survey_responses", "answered_at"),
    "surveymonkey_csv": (surveymonkey, "csv", SURVEY, "survey_responses", "answered_at"),
    "zendesk_ticket": (zendesk, "csv", "", "feedback_items", "submitted_at"),
    "mixpanel_ndjson": (mixpanel, "ndjson", "", "events", "occurred_at"),
}


def laid(desk, preset, times, zone=ZONE):
    """The report of one file of a preset, and its instants in order."""
    written, suffix, more, table, column = PRESETS[preset]
    desk.lay(f"in/file.{suffix}", written(times))
    desk.sources(f'[[source]]\nname = "s"\nfiles = "in/*"\npreset = "{preset}"\n{zone}{more}')
    (report,) = desk.pull_in(AFTER)
    assert report.is_good, report.questions
    return report, [row[0] for row in desk.rows(table, f"distinct {column}", column)]


def clock_notes(report):
    return [note for note in report.notes if "hour that" in note]


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_with_local_times_names_those_that_clocks_make_doubtful(desk, preset):
    report, instants = laid(desk, preset, [SKIPPED, REPEATED])
    assert instants == LATER
    skipped, repeated = clock_notes(report)
    assert "1 time falls in the hour that was skipped on 29 Mar 2026 (Europe/Berlin)" in skipped
    assert "1 time falls in the hour that occurred twice on 25 Oct 2026" in repeated
    assert "Read as the second pass." in repeated


@pytest.mark.parametrize("preset", PRESETS)
def test_other_times_and_zones_without_a_change_of_clocks_need_no_note(desk, preset):
    report, _ = laid(desk, preset, [PLAIN])
    assert not clock_notes(report)
    report, _ = laid(desk, preset, [SKIPPED, REPEATED, PLAIN], 'timezone = "UTC"\n')
    assert not clock_notes(report)


def test_a_time_with_its_offset_is_never_doubtful(desk):
    times = ["2026-10-25 02:30:00 GMT+2", "2026-10-25 02:30:00 GMT+1"]
    report, instants = laid(desk, "google_forms_csv", times)
    assert [at.hour for at in instants] == [0, 1]
    assert not clock_notes(report)

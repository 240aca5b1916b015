"""Of damaged JSON only the damaged object is lost, and the report says which."""

import pytest


@pytest.fixture
def sprints(desk, real):
    desk.source("sprints")
    return desk, real("devlake_jira/sprints_raw.jsonl").splitlines()


def test_json_lines_cut_in_an_object_lose_only_that_object(sprints):
    desk, lines = sprints
    desk.lay("in/s.jsonl", "\n".join(lines)[:-30])
    report = desk.only()
    assert (report.read, report.quarantined) == (30, 1)
    (entry,) = desk.refused()
    assert (entry["record_no"], entry["line_no"]) == (30, 30)
    assert "cut" in entry["reason_text"]


def test_odd_letters_in_json_are_no_line_ends_and_no_crash(sprints):
    desk, lines = sprints
    lines[0] = lines[0].replace('"name": "', '"name": "a\u2028b\\u0000\\ud800 ')
    lines[0] = lines[0].replace('"name":"', '"name":"a\u2028b\\u0000\\ud800 ')
    lines[1] = "[1, 2, \u2028]"
    desk.lay("in/s.jsonl", "\n".join(lines))
    report = desk.only()
    assert (report.read, report.quarantined) == (30, 1)
    assert desk.refused()[0]["raw_text"] == "[1, 2, \u2028]"


def test_json_of_another_shape_says_near_which_record(sprints):
    desk, lines = sprints
    lines[4] = (
        '{"id": [], "name": {}, "state": 7, "startDate": 5, "endDate": {}, "originBoardId": 1}'
    )
    desk.lay("in/s.jsonl", "\n".join(lines))
    report = desk.only()
    assert report.status in {"failed", "loaded", "held"}
    if report.status == "failed":
        assert "near record 5" in report.questions[0]["text"]

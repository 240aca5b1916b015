"""A row has its key and shows no person, or it is refused."""

import pytest


def test_events_of_nobody_are_refused(events):
    report = events("u,n,t\n,a,2026-01-01\n2,b,2026-01-01\n")
    assert (report.loaded, report.quarantined) == (1, 1)
    assert events.desk.refused()[0]["reason_text"] == (
        "nobody is named; events need user_id or anonymous_id."
    )


def test_ids_that_are_addresses_are_hashed(events):
    columns = 'session_id = "s"\napp_version = "n"'
    events("u,n,t,s\n1,a,2026-01-01,Me@x.de\n2,b,2026-01-02,me@x.de\n3,c,2026-01-03,s-3\n",
           columns=columns)  # fmt: skip
    first, second, third = (row[0] for row in events.desk.rows("events", "session_id", "user_id"))
    assert first == second
    assert "@" not in first
    assert third == "s-3"


def test_a_needed_column_cannot_be_dropped_for_privacy(desk):
    desk.mapping('[import]\ntarget = "events"\n[columns]\nuser_id = "u"\n'
                 'event_name = { from = "n", privacy = "drop" }\noccurred_at = "t"\n')  # fmt: skip
    desk.lay("in/e.csv", "u,n,t\n1,a,2026-01-01\n")
    assert "events need it, so it cannot be dropped" in desk.only().questions[0]["text"]


def test_a_declared_key_fills_the_ids_that_a_file_lacks(events):
    more = 'timezone = "UTC"\nkey = ["user_id", "occurred_at"]\nduplicates = "keep_latest"'
    events("u,n,t\n1,a,2026-01-01\n1,b,2026-01-01\n2,c,2026-01-01\n", more=more)
    keys = events.desk.rows("events", "event_key, occurrence_no")
    assert len({key for key, _ in keys}) == len(keys) == 2
    assert None not in {key for key, _ in keys}


@pytest.mark.parametrize("header", ["rater_email", "Rater Name"])
def test_a_column_that_says_who_gave_feedback_is_refused(desk, header):
    desk.sources('[[source]]\nname = "s"\nfiles = "in/*"\n')
    columns = "cycle_id,answer_id,subject_kind,subject_key,rater_group,question_id"
    desk.lay("in/p.csv", f"{columns},{header}\nc,1,team,t,peer,q,Ann\n")
    report = desk.only()
    assert (report.status, report.questions[0]["code"]) == ("failed", "pii_refused")
    assert header in report.questions[0]["text"]


def test_a_subscription_of_an_unknown_interval_is_never_loaded(desk):
    desk.mapping('[import]\ntarget = "subscriptions"\n[constants]\nstatus_code = "active"\n'
                 'as_of_at = "2026-01-01T00:00:00Z"\n[columns]\nsubscription_id = "i"\n'
                 'account_id = "i"\nstarted_at = "s"\ninterval_unit = "u"\n')  # fmt: skip
    desk.lay("in/s.csv", "i,s,u\n1,2026-01-01T00:00:00Z,month\n2,2026-01-01T00:00:00Z,fortnight\n")
    report = desk.only()
    assert (report.status, report.loaded, report.quarantined) == ("held", 1, 1)
    assert "'fortnight'" in report.questions[0]["text"]

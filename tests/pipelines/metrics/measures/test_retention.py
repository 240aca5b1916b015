"""Retention where the text of the definition decides: the start event, and the end of the data."""

RETURNS = '[retention]\nstart_events = ["sign_up"]\nreturn_events = ["open"]\nevery = "day"\n'


def event(number, at, name="open", user="a", **more):
    return {
        "event_key": f"e{number}",
        "event_name": name,
        "occurred_at": at,
        "user_id": user,
        **more,
    }


def test_the_start_event_itself_makes_the_first_rolling_interval_whole(published):
    events = [
        event(1, "2026-03-02T10:00:00Z", "sign_up", "a"),
        event(2, "2026-03-02T12:00:00Z", "sign_up", "b"),
        event(3, "2026-03-03T11:00:00Z", "open", "a"),
        event(4, "2026-03-03T11:00:00Z", "open", "b"),
        event(5, "2026-03-09T00:00:00Z", "open", "c"),
    ]
    rows = published(RETURNS, events=events)("retention", variant="rolling_24h", every="day")
    cells = {row["age"]: (row["n"], row["total"]) for row in rows if row["cohort"] == "2026-03-02"}
    assert cells[0] == (2, 2)
    assert cells[1] == (2, 1)


def test_an_interval_that_ended_by_the_watermark_is_settled_however_late_rows_come(published):
    events = [
        event(1, "2026-03-02T10:00:00Z", "sign_up", received_at="2026-03-04T10:00:00Z"),
        event(2, "2026-03-04T00:00:00Z", "open", received_at="2026-03-06T00:00:00Z"),
    ]
    rows = published(RETURNS, events=events)("retention", every="day")
    assert [(row["age"], row["total"], row["status"]) for row in rows] == [
        (0, 1, "too_few"),
        (1, 0, "too_few"),
        (2, None, "immature"),
    ]

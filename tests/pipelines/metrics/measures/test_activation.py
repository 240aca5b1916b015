"""Activation where the text of the definition decides: a member's own time, and nothing else."""


def test_a_week_is_settled_with_its_last_member_however_late_rows_come(published):
    def event(number, at, name, user):
        return {
            "event_key": f"e{number}",
            "event_name": name,
            "occurred_at": at,
            "received_at": at.replace("2026-03-0", "2026-03-2"),
            "user_id": user,
        }

    ask = published(
        '[usage]\nsign_up_event = "sign_up"\n'
        'activation = { events = ["share"], within_days = 1 }\n',
        events=[
            event(1, "2026-03-02T10:00:00Z", "sign_up", "a"),
            event(2, "2026-03-03T10:00:00Z", "share", "a"),
            event(3, "2026-03-04T10:00:00Z", "sign_up", "b"),
            event(4, "2026-03-05T10:00:01Z", "share", "b"),
            event(5, "2026-03-09T23:59:59Z", "open", "a"),
            event(6, "2026-03-09T23:59:59.999999Z", "open", "a"),
        ],
    )
    (first, *_) = ask("activation_rate", every="week")
    assert (first["n"], first["total"], first["status"]) == (2, 1, "too_few")

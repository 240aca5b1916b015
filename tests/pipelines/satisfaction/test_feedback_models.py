from datetime import UTC, date, datetime, timedelta

import pytest

W = datetime(2026, 7, 1, tzinfo=UTC)
BASE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def item(number, text="The export is terribly slow", **more):
    return {
        "feedback_id": f"f{number}", "revision_no": 1, "feedback_kind": "ticket",
        "submitted_at": BASE, "time_quality": "exact", "body_text": text, **more,
    }  # fmt: skip


def event(user, day):
    at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=8)
    return {
        "event_key": f"{user} {day}", "event_name": "open", "occurred_at": at, "user_id": user,
        "occurrence_no": 1,
    }  # fmt: skip


def share(built, **asked):
    (row,) = built.ask("sentiment_share", **asked)
    return row["total"], row["n"]


def test_the_latest_revision_is_the_item(voices):
    stars = {"scale_min": 1, "scale_max": 5}
    built = voices(
        W,
        feedback_items=[
            item(1, rating=1, **stars),
            item(1, "Fixed, thank you", rating=5, revision_no=2, **stars),
        ],
    )
    assert built.rows("select feedback_id, rating, sentiment from marts.feedback_items") == [
        ("f1", 5.0, "positive")
    ]


def test_a_score_beats_the_words_and_the_disagreement_is_flagged(voices):
    built = voices(W, feedback_items=[item(1, "I hate this", rating=5, scale_min=1, scale_max=5)])
    assert built.rows(
        "select sentiment, sentiment_origin, text_sentiment, has_disagreement "
        "from marts.feedback_items"
    ) == [("positive", "score", "negative", True)]


def test_copies_by_one_person_on_one_day_count_once(voices):
    built = voices(
        W,
        feedback_items=[
            item(1, user_id="u1"),
            item(2, "THE EXPORT  is terribly slow", user_id="u1"),
            item(3, user_id="u1", submitted_at=BASE + timedelta(days=1)),
            item(4, user_id="u2"),
        ],
    )
    copies = built.rows("select feedback_id from marts.feedback_items where is_duplicate")
    assert copies == [("f2",)]
    assert share(built) == (3, 3)


def test_nameless_texts_are_copies_only_at_one_exact_instant(voices):
    later = BASE + timedelta(minutes=1)
    built = voices(
        W,
        feedback_items=[
            item(1), item(2), item(3, submitted_at=later),
            item(4, "no", time_quality="wave"), item(5, "no", time_quality="wave"),
        ],
    )  # fmt: skip
    assert built.rows("select feedback_id from marts.feedback_items where is_duplicate") == [
        ("f2",)
    ]


def test_items_without_text_are_never_copies(voices):
    stars = {"rating": 1, "scale_min": 1, "scale_max": 5, "user_id": "u"}
    built = voices(W, feedback_items=[item(1, None, **stars), item(2, None, **stars)])
    assert share(built) == (2, 2)


def test_feedback_of_internal_persons_is_left_out(voices):
    users = [{"user_id": "u1", "is_internal": True, "is_test": False}]
    built = voices(W, users=users, feedback_items=[item(1, user_id="u1"), item(2, user_id="u2")])
    assert share(built) == (1, 1)


def test_what_nobody_can_judge_is_in_no_share_but_its_own(voices):
    built = voices(
        W,
        feedback_items=[
            item(1), item(2, "Alles ist und bleibt langsam", user_id="u2"),
            item(3, "I love it", user_id="u3"), item(4, "We export it on Monday", user_id="u4"),
        ],
    )  # fmt: skip
    assert share(built) == (1, 3)
    assert share(built, variant="positive") == (1, 3)
    assert share(built, variant="neutral") == (1, 3)
    assert share(built, variant="unscored") == (1, 4)


def test_ten_complaints_of_one_account_are_less_certain_than_ten_of_ten(voices):
    def width(account_of):
        bad = [item(n, f"It is broken {n}", account_id=account_of(n)) for n in range(20)]
        good = [item(n, f"I love it {n}", account_id=f"g{n}") for n in range(20, 40)]
        (row,) = voices(W, feedback_items=[*bad, *good]).ask("sentiment_share")
        assert row["value"] == 0.5
        return row["high"] - row["low"]

    assert width(lambda n: "one") > 1.3 * width(lambda n: f"a{n}")


def test_agreement_of_all_is_not_certainty(voices):
    built = voices(W, feedback_items=[item(n, f"I love it {n}", user_id=f"u{n}") for n in range(6)])
    (row,) = built.ask("sentiment_share")
    assert (row["value"], row["low"]) == (0.0, 0.0)
    assert row["high"] == pytest.approx(0.3903, abs=1e-3)


def test_the_same_question_has_the_same_interval(voices):
    rows = [item(n, text, user_id=f"u{n}") for n, text in enumerate(["I love it", "I hate it"] * 9)]
    first, second = (voices(W, feedback_items=rows).ask("sentiment_share") for _ in range(2))
    assert first == second


def test_volume_is_per_thousand_persons_active_in_the_calendar_week(voices):
    monday = date(2026, 3, 2)
    users = [f"u{n}" for n in range(50)]
    events = [event(user, monday + timedelta(days=n % 7)) for n, user in enumerate(users)]
    late = [event(user, monday + timedelta(days=7)) for user in users[:10]]
    built = voices(
        W,
        events=[*events, *late],
        feedback_items=[item(n, f"text {n}", user_id=f"u{n}") for n in range(6)],
    )
    asked = {"every": "week", "start": monday, "end": monday + timedelta(days=14)}
    first, second = built.ask("feedback_volume", **asked)
    assert (first["value"], first["n"], first["total"]) == (120.0, 50, 6)
    assert first["low"] < 120 < first["high"]
    assert (second["value"], second["total"], second["status"]) == (0.0, 0, "too_few")
    assert second["note"] == "Too few to judge: 0 of at least 5 items."


def test_a_week_without_active_persons_has_no_rate(voices):
    built = voices(
        W,
        events=[event("u1", date(2026, 3, 2)), event("u1", date(2026, 6, 20))],
        feedback_items=[
            item(n, f"text {n}", submitted_at=BASE + timedelta(days=14)) for n in range(5)
        ],
    )
    rows = built.ask(
        "feedback_volume", every="week", start=date(2026, 3, 16), end=date(2026, 3, 23)
    )
    assert [(row["value"], row["note"]) for row in rows] == [
        (None, "Nobody was active in this period.")
    ]


def test_votes_count_where_the_item_does_not_say(voices):
    votes = [{"feedback_id": "f1", "voter_key": f"v{n}"} for n in range(3)]
    built = voices(W, feedback_items=[item(1), item(2, vote_count=9)], feedback_votes=votes)
    assert built.rows("select feedback_id, vote_count from marts.feedback_items order by 1") == [
        ("f1", 3), ("f2", 9),
    ]  # fmt: skip


def test_links_of_copies_are_left_out(voices):
    links = [
        {"feedback_id": f"f{n}", "target_kind": "work_item", "target_id": "SP-1",
         "link_origin": "reported"}
        for n in (1, 2)
    ]  # fmt: skip
    built = voices(W, feedback_items=[item(1), item(2)], feedback_links=links)
    assert built.rows("select feedback_id from marts.feedback_links") == [("f1",)]


def test_volume_over_everything_is_one_row_per_segment(voices):
    accounts = [{"account_id": "a", "segment_code": "team", "is_internal": False, "is_test": False}]
    users = [{"user_id": "u1", "account_id": "a", "is_internal": False, "is_test": False}]
    built = voices(
        W,
        accounts=accounts,
        users=users,
        events=[event("u1", date(2026, 3, 2)), event("u2", date(2026, 3, 3))],
        feedback_items=[item(1, user_id="u1"), item(2, "slow", user_id="u2")],
    )
    (row,) = built.ask("feedback_volume")
    assert (row["n"], row["total"], row["value"]) == (2, 2, 1000.0)
    split = built.ask("feedback_volume", by="plan")
    assert [(row["segment"], row["n"], row["total"]) for row in split] == [
        ("team", 1, 1), ("unknown", 1, 1),
    ]  # fmt: skip


def test_sentiment_is_split_by_the_accounts_segment(voices):
    accounts = [{"account_id": "a", "segment_code": "team", "is_internal": False, "is_test": False}]
    built = voices(
        W,
        accounts=accounts,
        feedback_items=[item(1, account_id="a"), item(2, "I love it", account_id="b")],
    )
    split = {row["segment"]: row["total"] for row in built.ask("sentiment_share", by="plan")}
    assert split == {"team": 1, "unknown": 0}

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.errors import UsageError
from pipelines.metrics.definition import Coverage

W = datetime(2026, 7, 1, tzinfo=UTC)
SENT = datetime(2026, 5, 4, 9, tzinfo=UTC)
QUESTION = {
    "survey_id": "s", "question_id": "q", "question_text": "q", "metric_code": "nps",
    "survey_kind": "relational", "scale_min": 0, "scale_max": 10,
}  # fmt: skip
# Another survey, so that the answers of every test reach to the watermark.
LATER = {
    "survey_id": "other", "response_id": "x", "question_id": "q", "answered_at": W,
    "time_quality": "exact", "score": 5, "answer_state": "answered",
}  # fmt: skip


def sent(number, kind="delivered", at=SENT, **more):
    return {
        "survey_id": "s", "exposure_id": f"e{number}", "exposure_kind": kind, "exposed_at": at,
        "channel_code": "mail", "user_id": f"u{number}", **more,
    }  # fmt: skip


def answer(number, days=1, **more):
    return {
        "survey_id": "s", "response_id": f"r{number}", "question_id": "q", "score": 9,
        "answered_at": SENT + timedelta(days=days), "time_quality": "exact",
        "answer_state": "answered", "user_id": f"u{number}", **more,
    }  # fmt: skip


def rate(built, **asked):
    return [(row["n"], row["total"], row["status"]) for row in built.ask("response_rate", **asked)]


def test_an_answer_belongs_to_the_persons_latest_invitation_before_it(voices):
    later = SENT + timedelta(days=30)
    built = voices(
        W,
        survey_questions=[QUESTION],
        survey_exposures=[sent(1), {**sent(1), "exposure_id": "again", "exposed_at": later}],
        survey_responses=[answer(1, days=31), LATER],
    )
    scored = built.rows("select exposure_id, is_scored from marts.survey_invitations order by 1")
    assert scored == [("again", True), ("e1", False)]


def test_an_answer_before_any_invitation_is_no_answer_to_it(voices):
    built = voices(
        W, survey_questions=[QUESTION], survey_exposures=[sent(1)],
        survey_responses=[answer(1, days=-1), LATER],
    )  # fmt: skip
    assert rate(built, of="s") == [(1, 0, "too_few")]


def test_an_equal_id_ties_an_answer_to_its_invitation_without_a_person(voices):
    built = voices(
        W,
        survey_questions=[QUESTION],
        survey_exposures=[sent(1, user_id=None), sent(2, user_id=None)],
        survey_responses=[answer(1, response_id="e1", user_id=None), LATER],
    )
    assert rate(built, of="s") == [(2, 1, "too_few")]


def test_a_bounced_invitation_was_not_delivered(voices):
    built = voices(
        W, survey_questions=[QUESTION], survey_exposures=[sent(1), sent(2), sent(2, "bounced")],
        survey_responses=[answer(1), LATER],
    )  # fmt: skip
    assert rate(built, of="s") == [(1, 1, "too_few")]


def test_a_mail_hash_and_a_user_id_are_one_invited_person(voices):
    users = [{"user_id": "u1", "email_hash": "mail", "is_internal": False, "is_test": False}]
    built = voices(
        W,
        users=users,
        survey_questions=[QUESTION],
        survey_exposures=[sent(1)],
        survey_responses=[answer(1, user_id=None, respondent_key="mail"), LATER],
    )
    assert rate(built, of="s") == [(1, 1, "too_few")]


def test_shown_and_delivered_are_never_pooled(voices):
    built = voices(
        W,
        survey_questions=[QUESTION],
        survey_exposures=[sent(1), sent(2, "shown"), sent(3, "shown")],
        survey_responses=[answer(1), answer(2), LATER],
    )
    assert rate(built, of="s") == [(1, 1, "too_few")]
    assert rate(built, of="s", variant="shown") == [(2, 1, "too_few")]


@pytest.mark.parametrize(
    ("sent_on", "through_on", "expected"),
    [
        ("2026-05-04", "2026-05-31", (1, None, "immature")),
        ("2026-05-04", "2026-06-01", (1, 1, "too_few")),
        ("2026-05-28", "2026-06-11", (1, None, "immature")),
        ("2026-05-28", "2026-06-12", (1, 1, "too_few")),
    ],
)
def test_a_month_is_settled_when_its_last_invitation_had_its_fourteen_days(
    voices, sent_on, through_on, expected
):
    at = datetime.fromisoformat(sent_on).replace(tzinfo=UTC)
    through = datetime.fromisoformat(through_on).replace(tzinfo=UTC)
    built = voices(
        through,
        survey_questions=[QUESTION],
        survey_exposures=[sent(1, at=at)],
        survey_responses=[answer(1, answered_at=at + timedelta(hours=2))],
    )
    month = {"of": "s", "every": "month", "start": date(2026, 5, 1), "end": date(2026, 6, 1)}
    assert rate(built, **month) == [expected]


def test_what_was_shown_in_the_product_is_settled_with_the_month(voices):
    late = datetime(2026, 5, 28, tzinfo=UTC)
    built = voices(
        datetime(2026, 6, 1, tzinfo=UTC),
        survey_questions=[QUESTION],
        survey_exposures=[sent(2, "shown", at=late)],
        survey_responses=[answer(2, answered_at=late)],
    )
    month = {"of": "s", "every": "month", "start": date(2026, 5, 1), "end": date(2026, 6, 1)}
    assert rate(built, variant="shown", **month) == [(1, 1, "too_few")]


def test_answers_tell_how_far_the_invitations_are_followed_and_not_the_newest_sending(voices):
    on_the_eve = datetime(2026, 4, 30, 22, tzinfo=UTC)
    built = voices(
        W,
        survey_questions=[QUESTION],
        survey_exposures=[sent(1, at=on_the_eve), sent(2, at=on_the_eve)],
        survey_responses=[answer(1), LATER],
    )
    built.facts = replace(
        built.facts,
        coverage={
            **built.facts.coverage,
            "survey_exposures": Coverage(on_the_eve, on_the_eve, timedelta(0)),
        },
    )
    listed = built.ask("response_rate", of="s", every="month")
    assert [(row["period"], row["n"], row["total"]) for row in listed][:2] == [
        (date(2026, 4, 1), 2, 1),
        (date(2026, 5, 1), 0, 0),
    ]


def test_a_wave_of_known_sendings_is_closed_fourteen_days_after_the_last(voices):
    asked = {
        "survey_questions": [QUESTION],
        "survey_exposures": [sent(number) for number in range(6)],
        "survey_responses": [answer(number, days=9, wave_id="spring") for number in range(5)],
    }
    for through, status in (
        (SENT + timedelta(days=13), "immature"),
        (SENT + timedelta(days=14), "too_few"),
    ):
        built = voices(through, **asked)
        assert [row["status"] for row in built.ask("nps", of="s", every="wave")] == [status]
        assert rate(built, of="s", every="wave")[0][2] == status


def test_the_total_leaves_out_invitations_that_can_still_be_answered(voices):
    fresh = W - timedelta(days=3)
    built = voices(
        W, survey_questions=[QUESTION], survey_exposures=[sent(1), sent(2, at=fresh)],
        survey_responses=[answer(1), LATER],
    )  # fmt: skip
    assert rate(built, of="s") == [(1, 1, "too_few")]


def test_a_wave_begins_with_its_first_invitation_and_holds_those_without_answer(voices):
    autumn = SENT + timedelta(days=40)
    built = voices(
        W,
        survey_questions=[QUESTION],
        survey_exposures=[sent(1), sent(2), sent(3, at=autumn), sent(4, at=autumn)],
        survey_responses=[
            answer(1, days=3, wave_id="spring"),
            answer(3, days=42, wave_id="autumn"),
            LATER,
        ],
    )
    waves = built.ask("response_rate", of="s", every="wave")
    assert [(row["label"], row["period"], row["n"], row["total"]) for row in waves][0] == (
        "spring", date(2026, 5, 4), 2, 1,
    )  # fmt: skip
    assert (waves[1]["label"], waves[1]["n"]) == ("autumn", 2)


def test_every_step_of_the_funnel_holds_those_of_the_next(voices):
    built = voices(
        W,
        survey_questions=[QUESTION],
        survey_exposures=[sent(1), sent(2), sent(2, "started"), sent(3), sent(4)],
        survey_responses=[answer(1, is_complete=True), answer(3, is_complete=False), LATER],
    )
    steps = [
        (row["step"], row["component"], row["n"], row["total"])
        for row in built.ask("response_funnel", of="s")
    ]
    assert steps == [
        (1, "delivered", 4, 4), (2, "started", 4, 3), (3, "scored", 4, 2), (4, "completed", 4, 1),
    ]  # fmt: skip
    assert not built.broken()


def test_a_broken_funnel_and_wrong_nps_parts_are_named_by_the_checks(voices):
    built = voices(
        W, survey_questions=[QUESTION], survey_exposures=[sent(1)],
        survey_responses=[answer(1), LATER],
    )  # fmt: skip
    assert not built.broken()
    built.session.execute("update marts.survey_invitations set is_started = false")
    built.session.execute("update marts.survey_answers set nps_sign = 0 where survey_id = 's'")
    assert len(built.broken()) == 2


def test_invitations_are_split_by_the_accounts_segment(voices):
    accounts = [{"account_id": "a", "segment_code": "team", "is_internal": False, "is_test": False}]
    built = voices(
        W,
        accounts=accounts,
        survey_questions=[QUESTION],
        survey_exposures=[sent(1, account_id="a"), sent(2)],
        survey_responses=[answer(1), LATER],
    )
    split = built.ask("response_rate", of="s", by="plan")
    assert [(row["segment"], row["n"], row["total"]) for row in split] == [
        ("team", 1, 1), ("unknown", 1, 0),
    ]  # fmt: skip
    monthly = built.ask("response_funnel", of="s", by="plan", every="month")
    assert {(row["segment"], row["step"]) for row in monthly} == {
        (segment, step) for segment in ("team", "unknown") for step in (1, 2, 3, 4)
    }


def test_answers_of_an_anonymous_form_are_counted_and_are_no_silence(voices):
    nobody = {"user_id": None}
    built = voices(
        W,
        survey_questions=[QUESTION],
        survey_exposures=[sent(n, "shown") for n in range(4)],
        survey_responses=[
            answer(1, is_complete=True, **nobody), answer(2, **nobody),
            answer(3, days=60, **nobody), LATER,
        ],
    )  # fmt: skip
    may = {"of": "s", "variant": "shown", "every": "month", "start": date(2026, 5, 1),
           "end": date(2026, 6, 1)}  # fmt: skip
    assert rate(built, **may) == [(4, 2, "too_few")]
    assert rate(built, of="s", variant="shown") == [(4, 3, "too_few")]
    funnel = built.ask("response_funnel", **may)
    assert [row["total"] for row in funnel] == [4, 2, 2, 1]
    with pytest.raises(UsageError, match="cannot be split"):
        built.ask("response_rate", by="plan", **may)


def test_more_anonymous_answers_than_showings_are_no_rate_above_one(voices):
    built = voices(
        W,
        survey_questions=[QUESTION],
        survey_exposures=[sent(1, "shown")],
        survey_responses=[*[answer(n, user_id=None) for n in range(3)], LATER],
    )
    assert rate(built, of="s", variant="shown") == [(1, 1, "too_few")]

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.errors import UsageError

W = datetime(2026, 7, 1, tzinfo=UTC)


def moment(day, hour=12):
    return datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(hours=hour)


def question(question_id="q", metric="nps", low=0, high=10, survey="s", **more):
    return {
        "survey_id": survey, "question_id": question_id, "question_text": question_id,
        "metric_code": metric, "survey_kind": "relational", "scale_min": low, "scale_max": high,
        **more,
    }  # fmt: skip


def answer(number, score, day="2026-03-10", question_id="q", survey="s", **more):
    return {
        "survey_id": survey, "response_id": f"r{number}", "question_id": question_id,
        "answered_at": moment(day), "time_quality": "exact", "score": score,
        "answer_state": "answered", **more,
    }  # fmt: skip


def value(rows):
    (row,) = rows
    return row["value"]


def test_promoters_less_detractors(voices):
    scores = [10, 9, 9, 8, 7, 6, 0, 10, 10, 5]
    built = voices(
        W,
        survey_questions=[question()],
        survey_responses=[answer(n, score) for n, score in enumerate(scores)],
    )
    (row,) = built.ask("nps")
    assert (row["value"], row["n"], row["total"]) == (20.0, 10, 2)
    assert row["low"] < 20 < row["high"]
    assert not built.broken()


def test_of_one_person_only_the_latest_answer_of_the_period_counts(voices):
    rows = [
        answer(1, 0, "2026-03-01", respondent_key="p"),
        answer(2, 10, "2026-03-20", respondent_key="p"),
        answer(3, 10, "2026-03-05", respondent_key="q"),
    ]
    built = voices(W, survey_questions=[question()], survey_responses=rows)
    asked = {"every": "month", "start": date(2026, 3, 1), "end": date(2026, 4, 1)}
    assert [row["n"] for row in built.ask("nps", **asked)] == [2]
    days = built.ask("nps", every="day", start=date(2026, 3, 1), end=date(2026, 3, 2))
    assert [(row["n"], row["total"]) for row in days] == [(1, None)]


def test_a_respondent_known_by_mail_and_by_user_id_is_one_person(voices):
    rows = [
        answer(1, 0, "2026-03-01", respondent_key="mail-hash"),
        answer(2, 10, "2026-03-20", user_id="u1"),
        answer(3, 10, "2026-03-21", respondent_key="u1"),
    ]
    users = [{"user_id": "u1", "email_hash": "mail-hash", "is_internal": False, "is_test": False}]
    built = voices(W, survey_questions=[question()], survey_responses=rows, users=users)
    assert [row["n"] for row in built.ask("nps")] == [1]


def test_answers_of_internal_persons_and_accounts_do_not_count(voices):
    users = [{"user_id": "u1", "is_internal": True, "is_test": False}]
    accounts = [{"account_id": "a1", "is_internal": False, "is_test": True}]
    rows = [
        answer(1, 0, user_id="u1"), answer(2, 0, account_id="a1"), answer(3, 10), answer(4, 10),
    ]  # fmt: skip
    built = voices(
        W, survey_questions=[question()], survey_responses=rows, users=users, accounts=accounts
    )
    assert [row["n"] for row in built.ask("nps")] == [2]


def test_blank_not_applicable_and_off_scale_answers_are_no_answers(voices):
    states = ["blank", "not_applicable", "out_of_scale", "unmapped"]
    rows = [answer(n, None, answer_state=state) for n, state in enumerate(states)]
    built = voices(W, survey_questions=[question()], survey_responses=[*rows, answer(9, 10)])
    assert [row["n"] for row in built.ask("nps")] == [1]


def test_a_period_without_answers_is_null_with_a_sentence_and_never_zero(voices):
    rows = [answer(1, 10, "2026-01-10"), answer(2, 10, "2026-03-10")]
    built = voices(W, survey_questions=[question()], survey_responses=rows)
    february = built.ask("nps", every="month")[1]
    assert (february["value"], february["n"], february["status"]) == (None, 0, "no_data")
    assert february["note"] == "No answers in this period."


def test_below_five_answers_the_score_is_withheld_and_below_thirty_it_is_too_few(voices):
    for count, shown in ((4, False), (5, True)):
        rows = [answer(n, 10) for n in range(count)]
        built = voices(W, survey_questions=[question()], survey_responses=rows)
        (row,) = built.ask("nps")
        assert row["status"] == "too_few"
        assert (row["value"] is not None) == shown


def test_a_scale_of_one_to_ten_is_refused_as_nps_and_has_its_own_variant(voices):
    rows = [answer(n, score) for n, score in enumerate([10, 9, 7, 6, 1, 10])]
    built = voices(W, survey_questions=[question(low=1)], survey_responses=rows)
    with pytest.raises(UsageError, match="scale_1_10"):
        built.ask("nps")
    assert value(built.ask("nps", variant="scale_1_10")) == pytest.approx(100 / 6)
    other = voices(W, survey_questions=[question()], survey_responses=rows)
    with pytest.raises(UsageError, match="not on 1–10"):  # noqa: RUF001
        other.ask("nps", variant="scale_1_10")


def test_an_undeclared_scale_is_refused(voices):
    rows = [answer(1, 10)]
    asked = [question(low=None, high=None)]
    built = voices(W, survey_questions=asked, survey_responses=rows)
    with pytest.raises(UsageError, match="no declared scale"):
        built.ask("nps")


def test_two_questions_of_one_survey_are_told_apart_and_never_pooled(voices):
    questions = [question("a"), question("b"), question("c", survey="t")]
    rows = [
        *[answer(n, 10, question_id="a") for n in range(5)],
        *[answer(n, 0, question_id="b") for n in range(5)],
        *[answer(n, 7, question_id="c", survey="t") for n in range(5)],
    ]
    built = voices(W, survey_questions=questions, survey_responses=rows)
    assert built.things("nps") == ["s/a", "s/b", "t"]
    assert value(built.ask("nps", of="s/a")) == 100
    assert value(built.ask("nps", of="s/b")) == -100
    assert value(built.ask("nps", of="t")) == value(built.ask("nps", of="t/c")) == 0


def test_a_question_without_answers_is_no_thing_to_choose(voices):
    built = voices(
        W, survey_questions=[question("a"), question("b")],
        survey_responses=[answer(1, 10, question_id="a")],
    )  # fmt: skip
    assert built.things("nps") == ["s"]


def test_csat_off_one_to_five_needs_a_declared_cut(voices):
    rows = [answer(n, score) for n, score in enumerate([10, 8, 7, 2, 9])]
    undeclared = [question(metric="csat", low=1)]
    built = voices(W, survey_questions=undeclared, survey_responses=rows)
    with pytest.raises(UsageError, match="top_box_min"):
        built.ask("csat")
    assert value(built.ask("csat", variant="mean")) == pytest.approx(7.2)
    declared = [question(metric="csat", low=1, top_box_min=8)]
    built = voices(W, survey_questions=declared, survey_responses=rows)
    assert value(built.ask("csat")) == pytest.approx(3 / 5)


def test_a_scale_on_which_less_is_better_is_turned_round(voices):
    asked = [question(metric="csat", low=1, high=5, is_higher_better=False)]
    rows = [answer(n, score) for n, score in enumerate([1, 2, 3, 5, 1])]
    built = voices(W, survey_questions=asked, survey_responses=rows)
    assert value(built.ask("csat")) == pytest.approx(3 / 5)
    assert value(built.ask("csat", variant="mean")) == pytest.approx(6 - 12 / 5)


def test_effort_counts_answers_from_five_on_one_to_seven(voices):
    asked = [question(metric="ces", low=1, high=7)]
    rows = [answer(n, score) for n, score in enumerate([7, 5, 4, 6, 1])]
    built = voices(W, survey_questions=asked, survey_responses=rows)
    assert value(built.ask("ces")) == pytest.approx(3 / 5)


def test_an_answer_at_night_belongs_to_the_local_month(voices):
    rows = [
        answer(1, 10, answered_at=datetime(2026, 3, 31, 22, 30, tzinfo=UTC)),
        answer(2, 10, "2026-03-02"),
    ]
    built = voices(
        W, timezone="Europe/Berlin", survey_questions=[question()], survey_responses=rows
    )
    assert [row["n"] for row in built.ask("nps", every="month")][:2] == [1, 1]


def test_trailing_ninety_days_end_with_the_data(voices):
    rows = [
        answer(1, 0, "2026-04-01"),
        *[answer(n, 10, "2026-04-03") for n in range(2, 5)],
        *[answer(n, 10, "2026-06-30") for n in range(5, 8)],
    ]
    built = voices(W, survey_questions=[question()], survey_responses=rows)
    (row,) = built.ask("nps", variant="trailing_90")
    assert (row["period"], row["period_end"]) == (date(2026, 4, 2), date(2026, 7, 1))
    assert (row["n"], row["value"]) == (6, 100.0)
    june = built.ask("nps", variant="trailing_90", every="month")[-1]
    assert (june["period"], june["n"], june["status"]) == (date(2026, 6, 1), 6, "too_few")


def test_one_person_counts_once_in_a_trailing_window_and_again_in_the_next(voices):
    rows = [
        answer(1, 0, "2026-03-10", respondent_key="p"),
        answer(2, 10, "2026-04-10", respondent_key="p"),
    ]
    built = voices(W, survey_questions=[question()], survey_responses=rows)
    asked = {"variant": "trailing_90", "every": "month"}
    assert [row["n"] for row in built.ask("nps", **asked)] == [1, 1, 1, 1]
    with pytest.raises(UsageError, match="no waves"):
        built.ask("nps", variant="trailing_90", every="wave")


def test_waves_are_named_and_one_dated_as_a_whole_is_settled_on_its_date(voices):
    rows = [
        *[answer(n, 10, "2025-12-15", wave_id="H2", time_quality="wave") for n in range(5)],
        *[answer(n, 0, "2026-06-30", wave_id="H1", time_quality="wave") for n in range(9, 14)],
    ]
    built = voices(moment("2026-06-30"), survey_questions=[question()], survey_responses=rows)
    waves = built.ask("nps", every="wave")
    assert [(row["label"], row["id"], row["value"]) for row in waves] == [
        ("H2", "H2", 100.0), ("H1", "H1", -100.0),
    ]  # fmt: skip
    assert (waves[0]["period"], waves[0]["period_end"]) == (date(2025, 12, 15), date(2025, 12, 16))
    half = built.ask("nps", every="wave", start=date(2026, 1, 1), end=date(2026, 7, 1))
    assert [row["label"] for row in half] == ["H1"]


def test_a_wave_with_times_stays_open_for_its_field_window(voices):
    rows = [answer(n, 10, "2026-06-20", wave_id="H1") for n in range(6)]
    for through, status in ((datetime(2026, 7, 4, tzinfo=UTC), "immature"),
                            (datetime(2026, 7, 5, tzinfo=UTC), "too_few")):  # fmt: skip
        built = voices(through, survey_questions=[question()], survey_responses=rows)
        assert [row["status"] for row in built.ask("nps", every="wave")] == [status]


def test_a_month_waits_for_the_field_window_of_what_was_sent_in_it(voices):
    rows = [answer(n, 10, "2026-05-20") for n in range(6)]
    sent = [
        {"survey_id": "s", "exposure_id": "e1", "exposure_kind": "delivered",
         "exposed_at": moment("2026-05-25"), "channel_code": "mail"},
    ]  # fmt: skip
    for through, status in ((moment("2026-06-08"), "immature"), (moment("2026-06-09"), "too_few")):
        built = voices(
            through, survey_questions=[question()], survey_responses=rows, survey_exposures=sent
        )
        may = built.ask("nps", every="month")[0]
        assert may["status"] == status
    built = voices(moment("2026-06-02"), survey_questions=[question()], survey_responses=rows)
    assert built.ask("nps", every="month")[0]["status"] == "too_few"


def test_segments_come_from_the_account_and_the_unknown_is_one(voices):
    accounts = [{"account_id": "a", "segment_code": "team", "is_internal": False, "is_test": False}]
    rows = [
        *[answer(n, 10, account_id="a") for n in range(5)],
        *[answer(n, 0) for n in range(5, 11)],
    ]
    built = voices(W, survey_questions=[question()], survey_responses=rows, accounts=accounts)
    split = {row["segment"]: row["n"] for row in built.ask("nps", by="plan")}
    assert split == {"team": 5, "unknown": 6}
    (only,) = built.ask("nps", where=(("plan", "team"),))
    assert (only["n"], only["value"]) == (5, 100.0)


def test_scores_equal_a_brute_force_count_over_random_answers(voices):
    dice = random.Random(7)
    rows = [
        answer(n, dice.randint(0, 10), f"2026-0{dice.randint(1, 6)}-{dice.randint(1, 28):02d}",
               respondent_key=f"p{dice.randint(0, 80)}")
        for n in range(300)
    ]  # fmt: skip
    built = voices(W, survey_questions=[question()], survey_responses=rows)
    latest = {}
    for row in sorted(rows, key=lambda row: (row["answered_at"], row["response_id"])):
        latest[row["answered_at"].month, row["respondent_key"]] = row["score"]
    for found in built.ask("nps", every="month"):
        scores = [score for (month, _), score in latest.items() if month == found["period"].month]
        promoters = sum(score >= 9 for score in scores)
        detractors = sum(score <= 6 for score in scores)
        assert found["n"] == len(scores)
        assert found["value"] == pytest.approx(100 * (promoters - detractors) / len(scores))

import dataclasses
from collections import Counter
from datetime import UTC, datetime

import pytest

from pipelines.errors import SourceError
from pipelines.sources import surveymonkey
from pipelines.sources.definition import BadCell

PRESET = surveymonkey.PRESETS[0]
WAVES = {"2020_H2": ("2020-12-15", 97), "2021_H1": ("2021-06-15", 93)}
SCALE = {"min": 1, "max": 10}


@pytest.fixture
def made_from(files):
    def made(rows, **source):
        return list(PRESET.records(files.records_of(rows, 2), files.context(rows, 2, **source)))

    return made


@pytest.fixture
def wave(files, made_from):
    def made(name, **survey):
        rows = files.rows_of(files.data / "cncf_maintainers" / f"{name}.csv")
        on = WAVES[name][0]
        return made_from(rows, survey={"id": "maintainers", "wave_on": on, **survey})

    return made


@pytest.mark.parametrize("name", WAVES)
def test_both_header_rows_are_header_and_every_other_row_is_a_respondent(files, wave, name):
    made = wave(name, scale=SCALE)
    assert {row.record_no for row in made} == set(range(1, WAVES[name][1] + 1))
    responses = {row.values["response_id"] for row in files.table(made, "survey_responses")}
    assert len(responses) == WAVES[name][1]


@pytest.mark.parametrize(
    ("name", "promoters", "detractors"), [("2020_H2", 64, 10), ("2021_H1", 69, 2)]
)
def test_the_recommend_question_feeds_nps_on_the_declared_scale(
    files, wave, name, promoters, detractors
):
    made = wave(name, scale=SCALE)
    question = next(
        row.values
        for row in files.table(made, "survey_questions")
        if row.values["metric_code"] == "nps"
    )
    assert (question["scale_min"], question["scale_max"]) == (1, 10)
    scores = [
        row.values["score"]
        for row in files.table(made, "survey_responses")
        if row.values["question_id"] == question["question_id"]
    ]
    assert sum(score >= 9 for score in scores) == promoters
    assert sum(score <= 6 for score in scores) == detractors


def test_the_same_wording_has_the_same_question_id_in_both_waves(files, wave):
    scored = [
        {
            row.values["question_id"]
            for row in files.table(wave(name, scale=SCALE), "survey_questions")
            if row.values["scale_max"]
        }
        for name in WAVES
    ]
    assert scored[0] == scored[1]
    assert len(scored[0]) == 13


def test_a_header_is_recognised_by_its_second_row_wherever_the_columns_stand(files):
    for name in WAVES:
        rows = files.rows_of(files.data / "cncf_maintainers" / f"{name}.csv")
        assert PRESET.fingerprint.matches(rows[0], rows[1])
        assert not PRESET.fingerprint.matches(rows[0], rows[2])


def test_a_wave_without_dates_asks_for_its_day(files, made_from):
    rows = files.rows_of(files.data / "cncf_maintainers" / "2020_H2.csv")
    with pytest.raises(SourceError, match="which day") as caught:
        made_from(rows, survey={"id": "maintainers", "scale": SCALE})
    assert caught.value.code == "ask_wave_date"
    assert caught.value.toml.startswith('survey = { id = "maintainers", wave_on = ')


def test_an_undeclared_scale_is_asked_for_and_the_answer_keeps_what_was_said(wave):
    with pytest.raises(SourceError) as caught:
        wave("2020_H2")
    assert caught.value.code == "ask_scale"
    assert caught.value.toml == (
        'survey = { id = "maintainers", wave_on = 2020-12-15, scale = { min = 1, max = 10 } }'
    )


def test_a_scale_against_the_questions_own_words_is_a_conflict(wave):
    with pytest.raises(SourceError) as caught:
        wave("2021_H1", scale={"min": 0, "max": 10})
    assert caught.value.code == "scale_conflict"


def test_a_wave_is_dated_by_its_day_in_the_zone_of_the_source(files):
    rows = files.rows_of(files.data / "cncf_maintainers" / "2020_H2.csv")
    survey = {"id": "m", "wave_on": "2020-12-15", "scale": SCALE}
    told = dataclasses.replace(files.context(rows, 2, survey=survey), timezone="Europe/Berlin")
    row = files.table(list(PRESET.records(files.records_of(rows, 2), told)), "survey_responses")[0]
    assert row.values["answered_at"].astimezone(UTC) == datetime(2020, 12, 14, 23, tzinfo=UTC)
    assert row.values["time_quality"] == "wave"
    assert row.values["wave_id"] == "2020-12-15"


HEADER = [
    ["Respondent ID", "End Date", "Email Address", "How satisfied are you?", "",
     "Which do you use?", "", ""],
    ["", "", "", "Response", "Why?", "Export", "Import", "Other (please specify)"],
]  # fmt: skip


@pytest.fixture
def answers(files):
    def made(*cells):
        rows = [*HEADER, *cells]
        told = files.context(
            rows, 2, timezone="UTC", survey={"id": "s", "scale": {"min": 1, "max": 5}}
        )
        return list(PRESET.records(files.records_of(rows, 2), told))

    return made


def test_not_applicable_is_no_score_and_never_zero(files, answers):
    made = answers(
        ["1", "2026-01-05 10:00:00", "", "N/A", "", "", "", ""],
        ["2", "2026-01-05 10:00:00", "", "5", "", "", "", ""],
        ["3", "2026-01-05 10:00:00", "", "", "", "", "", ""],
        ["4", "2026-01-05 10:00:00", "", "0", "", "", "", ""],
    )
    scores = [
        (row.values["answer_state"], row.values.get("score"))
        for row in files.table(made, "survey_responses")
    ]
    assert scores == [
        ("not_applicable", None), ("answered", 5.0), ("blank", None), ("blank", None),
    ]  # fmt: skip


def test_a_value_off_the_scale_is_kept_out_and_listed_never_clipped(files, answers):
    made = answers(
        ["1", "2026-01-05 10:00:00", "", "7", "", "", "", ""],
        ["2", "2026-01-05 10:00:00", "", "5.0", "", "", "", ""],
    )
    assert Counter(row.values["answer_state"] for row in files.table(made, "survey_responses")) == {
        "out_of_scale": 1,
        "answered": 1,
    }
    (bad,) = [one for one in made if isinstance(one, BadCell)]
    assert (bad.code, bad.raw, bad.record_no) == ("off_scale", "7", 1)


def test_the_blank_top_cell_right_of_a_question_is_its_comment_and_bears_its_score(files, answers):
    made = answers(["1", "2026-01-05 10:00:00", "a@b.example", "2", "too slow", "", "", ""])
    (item,) = files.table(made, "feedback_items")
    assert item.values["body_text"] == "too slow"
    assert (item.values["rating"], item.values["scale_min"], item.values["scale_max"]) == (2, 1, 5)
    (response,) = files.table(made, "survey_responses")
    assert response.values["respondent_key"] == "a@b.example"
    assert response.values["answered_at"] == datetime(2026, 1, 5, 10, tzinfo=UTC)


def test_options_in_columns_of_their_own_are_one_choice(files, answers):
    made = answers(
        ["1", "2026-01-05 10:00:00", "", "2", "", "Export", "Import", ""],
        ["2", "2026-01-05 10:00:00", "", "2", "", "", "", "my own way"],
    )
    chosen = [
        row.values
        for row in files.table(made, "survey_responses")
        if row.values["question_id"] == "which_do_you_use"
    ]
    assert [row["answer_code"] for row in chosen] == ["Export; Import", "other"]
    assert chosen[1]["answer_text"] == "my own way"
    assert not files.table(made, "feedback_items")


def test_two_respondents_without_ids_and_with_the_same_answers_are_two(files, answers):
    row = ["", "2026-01-05 10:00:00", "", "4", "", "", "", ""]
    ids = {one.values["response_id"] for one in files.table(answers(row, row), "survey_responses")}
    assert len(ids) == 2
    assert ids == {
        one.values["response_id"] for one in files.table(answers(row, row), "survey_responses")
    }


def test_a_word_among_the_numbers_of_a_rating_is_listed_and_the_others_count(files, answers):
    cells = ["5", "4", "4", "2", "five"]
    made = answers(*(["", "2026-01-05 10:00:00", "", cell, "", "", "", ""] for cell in cells))
    states = [row.values["answer_state"] for row in files.table(made, "survey_responses")]
    assert states == ["answered"] * 4 + ["unmapped"]
    (bad,) = [one for one in made if isinstance(one, BadCell)]
    assert (bad.code, bad.raw) == ("unknown_label", "five")

from datetime import UTC, datetime

import pytest

from pipelines.errors import SourceError
from pipelines.sources import google_forms
from pipelines.sources.definition import Refused

PRESET = google_forms.PRESETS[0]
QUESTION = "How satisfied are you with us?"


@pytest.fixture
def made_from(files):
    def made(times, answers=None, header=("Timestamp", QUESTION), timezone="UTC", **source):
        answers = answers or [["4.0"]] * len(times)
        rows = [list(header), *([time, *cells] for time, cells in zip(times, answers, strict=True))]
        source.setdefault("survey", {"id": "csat", "scale": {"min": 1, "max": 5}})
        told = files.context(rows, timezone=timezone, **source)
        return list(PRESET.records(files.records_of(rows), told))

    return made


@pytest.fixture
def instants(files):
    def made(made):
        return [row.values["answered_at"] for row in files.table(made, "survey_responses")]

    return made


# The layouts of three years of one real form.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-06-25 06:59:49", datetime(2019, 6, 25, 6, 59, 49, tzinfo=UTC)),
        ("2020/06/05 11:34:01 AM EST", datetime(2020, 6, 5, 16, 34, 1, tzinfo=UTC)),
        ("2021/05/16 9:56:41 PM GMT+2", datetime(2021, 5, 16, 19, 56, 41, tzinfo=UTC)),
        ("2021-05-16T09:56:41+02:00", datetime(2021, 5, 16, 7, 56, 41, tzinfo=UTC)),
        ("2020/06/05 12:00:00 AM OESZ", datetime(2020, 6, 4, 21, 0, 0, tzinfo=UTC)),
    ],
)
def test_each_layout_of_time_is_read(made_from, instants, text, expected):
    assert instants(made_from([text])) == [expected]


def test_a_naive_time_asks_for_the_zone_and_one_with_a_zone_does_not(made_from, instants):
    with pytest.raises(SourceError) as caught:
        made_from(["2019-06-25 06:59:49"], timezone=None)
    assert caught.value.code == "ask_timezone"
    assert caught.value.toml == 'timezone = "UTC"'
    assert instants(made_from(["2020/06/05 11:34:01 AM EST"], timezone=None))


def test_a_naive_time_is_local_to_the_source(made_from, instants):
    made = made_from(["2026-07-01 00:30:00"], timezone="Europe/Berlin")
    assert instants(made) == [datetime(2026, 6, 30, 22, 30, tzinfo=UTC)]


def test_one_value_decides_the_order_of_day_and_month_for_the_column(made_from, instants):
    made = made_from(["03/04/2026 10:00:00", "13/04/2026 10:00:00"])
    assert [found.month for found in instants(made)] == [4, 4]


def test_dates_that_fit_both_orders_are_asked_about_and_a_mix_is_refused(made_from, instants):
    with pytest.raises(SourceError) as caught:
        made_from(["03/04/2026 10:00:00"])
    assert caught.value.code == "ask_date_order"
    with pytest.raises(SourceError) as caught:
        made_from(["13/04/2026 10:00:00", "04/13/2026 10:00:00"])
    assert caught.value.code == "mixed_date_order"
    assert [one.month for one in instants(made_from(["03/04/2026"], date_order="mdy"))] == [3]


def test_a_record_without_a_readable_time_is_refused_and_the_others_load(files, made_from):
    made = made_from(["2026-01-05 10:00:00", "soon"])
    assert [one.record_no for one in made if isinstance(one, Refused)] == [2]
    assert len(files.table(made, "survey_responses")) == 1


def test_four_and_four_point_zero_are_one_score(files, made_from):
    made = made_from(["2026-01-05 10:00:00"] * 2, [["4.0"], ["4"]])
    assert [row.values["score"] for row in files.table(made, "survey_responses")] == [4.0, 4.0]


def test_numbers_that_are_names_are_a_choice_and_need_no_scale(files, made_from):
    made = made_from(
        ["2026-01-05 10:00:00"] * 3,
        [["3.0"], ["3.0"], ["2.0"]],
        header=("Timestamp", "Python 2 or 3?"),
        survey={"id": "s"},
    )
    (question,) = files.table(made, "survey_questions")
    assert question.values["metric_code"] in {"choice", "text"}
    assert all("score" not in row.values for row in files.table(made, "survey_responses"))


def test_a_quantity_beyond_any_scale_is_no_rating(files, made_from):
    made = made_from(
        ["2026-01-05 10:00:00"] * 2,
        [["120"], ["4500"]],
        header=("Timestamp", "How many people work with you?"),
        survey={"id": "s"},
    )
    (question,) = files.table(made, "survey_questions")
    assert question.values["scale_max"] is None


def test_a_grid_question_keeps_its_row_apart(files, made_from):
    header = ("Timestamp", "How useful is it? [Export]", "How useful is it? [Import]")
    made = made_from(["2026-01-05 10:00:00"], [["4.0", "5.0"]], header=header)
    ids = {row.values["question_id"] for row in files.table(made, "survey_questions")}
    assert ids == {"how_useful_is_it_export", "how_useful_is_it_import"}


def test_an_option_with_a_comma_in_brackets_stays_whole(files, made_from):
    cell = "SSH;HPC resource manager (SLURM, PBS, SGE)"
    made = made_from(
        ["2026-01-05 10:00:00"] * 3,
        [[cell]] * 3,
        header=("Timestamp", "How do you launch it?"),
    )
    codes = {row.values["answer_code"] for row in files.table(made, "survey_responses")}
    assert codes == {"SSH; HPC resource manager (SLURM, PBS, SGE)"}


def test_the_why_behind_a_score_is_its_comment_and_other_free_text_stands_alone(files, made_from):
    header = (
        "Timestamp",
        "Email Address",
        QUESTION,
        "Why did you choose this?",
        "What is missing?",
    )
    made = made_from(
        ["2026-01-05 10:00:00"],
        [["p@example.org", "2.0", "It is slow", "A dark theme"]],
        header=header,
    )
    why, missing = files.table(made, "feedback_items")
    assert (why.values["body_text"], why.values["rating"]) == ("It is slow", 2.0)
    assert (missing.values["body_text"], missing.values["rating"]) == ("A dark theme", None)
    assert {row.values["respondent_key"] for row in files.table(made, "survey_responses")} == {
        "p@example.org"
    }
    assert all("p@example.org" not in str(row.values.get("answer_text")) for row in made)


def test_a_form_is_known_by_its_first_column_and_an_event_file_is_not_one():
    assert PRESET.fingerprint.matches(["timestamp", "how are you?"])
    assert not PRESET.fingerprint.matches(["how are you?", "timestamp"])
    assert not PRESET.fingerprint.matches(["timestamp", "user_id", "event"])

"""Answers of a survey become scores on the scale of their question, or the scale is asked for."""

import json

import pytest

RATING = """\
[[question]]
id = "{id}"
from = {header}
metric = "rating"
scale = {{ min = 1, max = 5 }}
"""


def test_answers_under_a_declared_key_share_the_id_of_their_response(survey):
    questions = RATING.format(id="a", header='"A"') + RATING.format(id="b", header='"B"')
    report = survey(
        "who,A,B\nx,1,2\ny,3,4\nx,5,5\n",
        questions,
        more='key = ["respondent_key"]\nduplicates = "keep_latest"',
    )
    assert (report.loaded, report.updated) == (2, 1)
    rows = survey.desk.rows("survey_responses", "response_id, question_id, score", "response_id")
    assert sorted((question, score) for _, question, score in rows) == [
        ("a", 3.0), ("a", 5.0), ("b", 4.0), ("b", 5.0)
    ]  # fmt: skip
    assert len({response for response, _, _ in rows}) == 2


def test_a_question_takes_the_first_filled_of_several_columns(survey):
    survey("who,A,A2\nx,,2\ny,3,\n", RATING.format(id="a", header='["A", "A2"]'))
    assert survey.desk.rows("survey_responses", "score", "score") == [(2.0,), (3.0,)]


@pytest.mark.parametrize("more", ["", 'decimal = ","'])
def test_scores_may_have_a_decimal_comma(survey, more):
    survey("who;A\nx;4,5\n", RATING.format(id="a", header='"A"'), more=more)
    assert survey.desk.rows("survey_responses", "score") == [(4.5,)]


def test_labels_become_numbers_and_are_kept_with_the_question(survey):
    labels = 'labels = { "mäßig" = 2, "gut" = 5 }\n'
    survey("who,A\nx,MÄSSIG\ny,ok-ish\nz,3\n", RATING.format(id="a", header='"A"') + labels)
    found = survey.desk.rows("survey_responses", "score, answer_state", "score")
    assert found == [(2.0, "answered"), (3.0, "answered"), (None, "unmapped")]
    ((kept,),) = survey.desk.rows("survey_questions", "labels_json")
    assert json.loads(kept) == {"mäßig": 2, "gut": 5}
    (entry,) = survey.desk.refused()
    assert entry["reason_code"] == "unknown_label"
    assert entry["reason_text"] == (
        "'A': label 'ok-ish' has no number. Add it to `labels`, or leave it out."
    )


def test_a_comment_under_a_repeated_header_is_that_of_its_question(survey):
    questions = "".join(
        f"{RATING.format(id=name, header=chr(34) + 'Rate' + chr(34))}occurrence = {number}\n"
        'comment_from = "Why"\n'
        for number, name in enumerate("ab", 1)
    )
    survey("who,Rate,Why,Rate,Why\nx,5,first,4,second\n", questions)
    found = survey.desk.rows("feedback_items", "tag_list[1], body_text", "body_text")
    assert found == [("a", "first"), ("b", "second")]


def test_a_survey_without_an_id_is_called_as_its_source(desk):
    desk.mapping('[import]\ntarget = "survey_responses"\n' + RATING.format(id="a", header='"A"'))
    desk.lay("in/s.csv", "A\n5\n")
    assert desk.only().loaded == 1
    assert desk.rows("survey_responses", "survey_id") == desk.rows("survey_questions", "survey_id")


def test_a_question_without_a_scale_takes_that_of_its_source(desk):
    question = '[[question]]\nid = "a"\nfrom = "A"\nmetric = "nps"\n'
    source = 'survey = { id = "pulse", scale = { min = 1, max = 10 } }\n'
    desk.mapping('[import]\ntarget = "survey_responses"\n' + question, source)
    desk.lay("in/s.csv", "A\n9\n11\n")
    desk.only()
    assert desk.rows("survey_questions", "scale_min, scale_max") == [(1.0, 10.0)]
    states = desk.rows("survey_responses", "answer_state", "answer_state")
    assert states == [("answered",), ("out_of_scale",)]


@pytest.mark.parametrize(
    ("header", "metric", "line"),
    [
        ('"A"', "nps", "scale = { min = 0, max = 10, higher_is_better = true }"),
        ('"A"', "rating", "scale = { min = 1, max = 5, higher_is_better = true }"),
        ('"Easy, from 1 to 7?"', "ces", "scale = { min = 1, max = 7, higher_is_better = true }"),
    ],
)
def test_a_scored_question_without_any_scale_is_asked_about_and_held(survey, header, metric, line):
    question = f'[[question]]\nid = "a"\nfrom = {header}\nmetric = "{metric}"\n'
    report = survey(f"who,{header}\nx,5\n", question)
    asked = report.questions[0]
    assert (report.status, asked["code"], asked["toml"]) == ("held", "ask_scale", line)
    assert survey.desk.rows("survey_responses", "score") == []
    report = survey(f"who,{header}\nx,5\n", question + asked["toml"] + "\n")
    assert (report.status, survey.desk.rows("survey_responses", "score")) == ("loaded", [(5,)])


@pytest.mark.parametrize("metric", ["choice", "text"])
def test_a_question_that_is_not_scored_needs_no_scale(survey, metric):
    question = f'[[question]]\nid = "a"\nfrom = "A"\nmetric = "{metric}"\n'
    assert survey("who,A\nx,5\n", question).status == "loaded"


def test_a_question_that_names_another_scale_than_the_mapping_is_asked_about(survey):
    header = '"On a scale of 1-10, how likely are you to recommend us?"'
    report = survey(f"who,{header}\nx,5\n", RATING.format(id="a", header=header))
    assert (report.status, report.questions[0]["code"]) == ("held", "scale_conflict")
    assert "says 1–10, the mapping 1–5" in report.questions[0]["text"]

"""The mapping that the specification shows: from its CSV to numbers, through the command line."""

import json

import pytest

SETTINGS = """\
[product]
name = "Lumen"
timezone = "Europe/Berlin"
[[source]]
name = "relationship survey"
files = "exports/nps_*.csv"
mapping = "survey.toml"
"""
MAPPING = """\
[import]
name = "relationship_survey"
target = "survey_responses"
mode = "append"
delimiter = ";"
header_rows = 1
timezone = "Europe/Berlin"
date_order = "dmy"
missing = ["keine Angabe"]
key = ["respondent_key", "wave_id", "question_id"]
duplicates = "keep_latest"

[constants]
survey_id = "relationship"
wave_id = "2026-H1"

[columns]
respondent_key = { from = "E-Mail", privacy = "hash" }
answered_at    = { from = "Datum", type = "timestamp" }
is_complete    = { from = "Status", values = { fertig = true, abgebrochen = false } }

[[question]]
id = "recommend"
from = "Wie wahrscheinlich empfehlen Sie uns?"
metric = "nps"
scale = { min = 0, max = 10, higher_is_better = true }
comment_from = "Warum?"

[ignore]
columns = ["IP", "Browser"]

[expect]
rows = 12
"""
HEADER = "E-Mail;Datum;Status;Wie wahrscheinlich empfehlen Sie uns?;Warum?;IP;Browser\n"


@pytest.fixture(scope="module")
def workspace(run, tmp_path_factory):
    # Ten persons; the first one answered twice, and one more said nothing.
    answers = [("P0@x.de", 2), *((f"p{number}@x.de", 9) for number in range(10))]
    rows = "".join(
        f"{who};{number + 13:02}.04.2026;fertig;{score};weil;1;F\n"
        for number, (who, score) in enumerate(answers)
    )
    folder = tmp_path_factory.mktemp("survey")
    (folder / "exports").mkdir()
    (folder / "launchloop.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "survey.toml").write_text(MAPPING, encoding="utf-8")
    text = f"{HEADER}{rows}z@x.de;20.04.2026;fertig;keine Angabe;;1;F\n"
    (folder / "exports" / "nps_h1.csv").write_text(text, encoding="utf-8")
    answer = run("refresh", "-w", folder, "--json")
    assert answer.code == 0, answer.err
    return folder, json.loads(answer.out)


def test_the_mapping_of_the_specification_publishes(workspace):
    _, report = workspace
    (source,) = report["sources"]
    assert report["published"]
    assert (source["read"], source["loaded"], source["updated"]) == (12, 11, 1)


def test_the_latest_answer_of_each_person_counts(run, workspace):
    folder, _ = workspace
    answer = run("query", "nps", "-w", folder, "--every", "total", "--format", "json")
    (row,) = json.loads(answer.out)["rows"]
    assert (row["n"], row["value"]) == (10, 100)

"""Real exports through refresh and query, as a user has them: no mapping, only what is asked."""

import shutil
from pathlib import Path

import pytest

from pipelines.last_refresh import RefreshReport
from pipelines.read import query
from pipelines.refresh import refresh
from pipelines.sources.importing import FileReport

DATA = Path(__file__).parents[2] / "data"
FILES = {
    "cncf_maintainers": ("2020_H2.csv", "2021_H1.csv"),
    "jupyter_ux_2015": ("SurveyExport.csv",),
    "fivetran_dbt_mixpanel": ("event.csv",),
    "fivetran_dbt_zendesk": (
        "ticket_data.csv",
        "ticket_comment_data.csv",
        "ticket_field_history_data.csv",
        "ticket_tag_data.csv",
        "user_data.csv",
    ),
}
SETTINGS = """
[product]
name = "Voices"
[[source]]
name = "autumn 2020"
files = "exports/cncf_maintainers/2020_H2.csv"
complete_to = 2021-07-01
survey = { id = "m", wave = "2020-H2", wave_on = 2020-12-15, scale = { min = 1, max = 10 } }
[[source]]
name = "spring 2021"
files = "exports/cncf_maintainers/2021_H1.csv"
complete_to = 2021-07-01
survey = { id = "m", wave = "2021-H1", wave_on = 2021-06-15, scale = { min = 1, max = 10 } }
[[source]]
name = "notebooks"
files = "exports/jupyter_ux_2015/*.csv"
timezone = "UTC"
[[source]]
name = "events"
files = "exports/fivetran_dbt_mixpanel/*.csv"
[[source]]
name = "tickets"
files = "exports/fivetran_dbt_zendesk/*.csv"
"""


def workspace(folder: Path) -> Path:
    for name, listed in FILES.items():
        (folder / "exports" / name).mkdir(parents=True)
        for file in listed:
            shutil.copy(DATA / name / file, folder / "exports" / name / file)
    (folder / "launchloop.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RefreshReport]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
        folder = workspace(tmp_path_factory.mktemp("voices"))
        return folder, refresh(folder)


def counts(report: FileReport) -> tuple[int, int, int, int]:
    return report.read, report.loaded, report.dropped, report.quarantined


def test_every_file_is_recognised_and_every_record_accounted_for(built):
    _, report = built
    found = {Path(one.file).name: (one.preset, *counts(one)) for one in report.sources}
    assert found == {
        "2020_H2.csv": ("surveymonkey_csv", 97, 97, 0, 0),
        "2021_H1.csv": ("surveymonkey_csv", 93, 93, 0, 0),
        "SurveyExport.csv": ("surveygizmo_csv", 1706, 1706, 0, 0),
        "event.csv": ("mixpanel_fivetran_csv", 5, 3, 0, 2),
        "ticket_data.csv": ("zendesk_ticket", 10, 8, 2, 0),
        "ticket_comment_data.csv": ("zendesk_ticket_comment", 20, 20, 0, 0),
        "ticket_field_history_data.csv": ("zendesk_ticket_field_history", 38, 35, 3, 0),
        "ticket_tag_data.csv": ("zendesk_ticket_tag", 10, 10, 0, 0),
        "user_data.csv": ("zendesk_user", 10, 10, 0, 0),
    }


def test_the_waves_have_their_score_on_the_declared_scale(built):
    folder, _ = built
    answer = query(folder, "nps", of="m", every="wave", variant="scale_1_10")
    rows = [(row["label"], row["n"], row["total"], row["status"]) for row in answer["rows"]]
    assert rows == [("2020-H2", 97, 54, "ok"), ("2021-H1", 93, 67, "ok")]
    assert answer["rows"][0]["value"] == pytest.approx(100 * 54 / 97)


def test_every_metric_of_the_voice_answers_or_says_why_not(built):
    folder, _ = built
    assert query(folder, "response_rate")["note"].startswith("No source provides survey_exposures")
    trust = query(folder, "data_trust", of="sentiment_share", every="total")
    assert 0 <= trust["rows"][0]["value"] <= 1
    age = query(folder, "data_freshness", of="tickets")["rows"][0]
    assert age["value"] > 0
    assert "tickets: stale" in age["note"]
    volume = query(folder, "feedback_volume", every="year")
    assert volume["unit"] == "per 1,000"


def test_the_same_files_again_change_nothing(built, monkeypatch):
    folder, report = built
    monkeypatch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
    again = refresh(folder)
    assert again.snapshot == report.snapshot
    assert {one.status for one in again.sources} == {"unchanged"}


def test_questions_hold_their_own_file_and_name_the_line_that_answers_them(tmp_path, monkeypatch):
    monkeypatch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
    folder = workspace(tmp_path)
    path = folder / "launchloop.toml"
    undeclared = SETTINGS.replace(", scale = { min = 1, max = 10 } }", " }")
    path.write_text(undeclared.replace('timezone = "UTC"\n', ""), encoding="utf-8")
    report = refresh(folder)
    asked = {
        one.source: (one.status, one.questions[0]["code"], one.questions[0]["toml"])
        for one in report.sources
        if one.questions
    }
    assert asked == {
        "autumn 2020": (
            "held",
            "ask_scale",
            'survey = { id = "m", wave = "2020-H2", wave_on = 2020-12-15, '
            "scale = { min = 1, max = 10 } }",
        ),
        "spring 2021": (
            "held",
            "ask_scale",
            'survey = { id = "m", wave = "2021-H1", wave_on = 2021-06-15, '
            "scale = { min = 1, max = 10 } }",
        ),
        "notebooks": ("held", "ask_timezone", 'timezone = "UTC"'),
    }
    assert report.published

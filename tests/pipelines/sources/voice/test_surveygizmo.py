import pytest

from pipelines.errors import SourceError
from pipelines.sources import surveygizmo
from pipelines.sources.raw import keyed_header

PRESET = surveygizmo.PRESETS[0]


@pytest.fixture(scope="module")
def exported(files):
    return files.rows_of(files.data / "jupyter_ux_2015" / "SurveyExport.csv")


def test_partial_responses_load_and_are_marked_as_such(exported, files):
    made = list(PRESET.records(files.records_of(exported), files.context(exported, timezone="UTC")))
    complete = {
        row.record_no: row.values["is_complete"] for row in files.table(made, "survey_responses")
    }
    assert len(complete) == 1706
    assert sum(complete.values()) == 779


def test_the_zone_is_asked_for(exported, files):
    with pytest.raises(SourceError) as caught:
        list(PRESET.records(files.records_of(exported), files.context(exported)))
    assert caught.value.code == "ask_timezone"


def test_the_header_is_recognised(exported):
    assert PRESET.fingerprint.matches(keyed_header(exported[0]))

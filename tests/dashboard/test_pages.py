"""Every page opens: on the sample product, on a product that has just begun, and on nothing."""

import importlib.util
import json
import shutil
from pathlib import Path

import pytest
from streamlit.proto.Metric_pb2 import Metric
from streamlit.testing.v1 import AppTest

from dashboard.sections import VIEWS_IN_ORDER
from pipelines.read import query
from pipelines.refresh import refresh
from pipelines.workspace import load

ROOT = Path(__file__).parents[2]
SCRIPTS = [view.script for view in VIEWS_IN_ORDER]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, refreshed_sample: Path) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "workspace"
    return shutil.copytree(refreshed_sample, folder)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = Path(__file__).parent / "small_product.py"
    spec = importlib.util.spec_from_file_location("launchloop_small_product", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("small")
    module.write(folder)
    report = refresh(folder)
    assert report.published
    return folder


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch):
    def open_script(script: str, folder: Path) -> AppTest:
        monkeypatch.setenv("LAUNCHLOOP_WORKSPACE", str(folder))
        page = AppTest.from_file(str(ROOT / "dashboard" / "views" / script), default_timeout=60)
        page.run()
        return page

    return open_script


def words(page: AppTest) -> str:
    return " ".join(
        str(element.value)
        for kind in (page.title, page.header, page.subheader, page.markdown, page.caption)
        for element in kind
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_page_opens_on_the_sample_and_says_that_it_is_simulated(opened, sample, script):
    page = opened(script, sample)
    assert not page.exception
    assert not page.error
    assert "Simulated" in words(page)


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_page_has_something_to_say_about_a_product_of_forty_users(opened, small, script):
    page = opened(script, small)
    assert not page.exception
    assert not page.error
    # Too little data for a verdict: no card may be coloured.
    assert {metric.color for metric in page.metric} <= {Metric.MetricColor.GRAY}


def test_the_launch_page_names_its_four_families(opened, sample):
    said = words(opened("launch.py", sample))
    for family in ("Usage", "Satisfaction", "Finance", "Feedback"):
        assert family in said


def test_the_weekly_users_on_the_launch_page_are_those_of_the_query(opened, sample):
    page = opened("launch.py", sample)
    settled = [row for row in query(sample, "wau", every="week")["rows"] if row["status"] == "ok"]
    shown = {metric.label: metric.value for metric in page.metric}
    assert shown["Weekly active users"] == f"{settled[-1]['value']:,}"


def test_the_funnels_are_offered_as_they_are_declared_and_the_first_one_is_shown(opened, sample):
    declared = [one.id for one in load(sample).funnels]
    assert declared != sorted(declared)
    picker = opened("strategy/usage.py", sample).selectbox(key="funnel")
    assert picker.value == declared[0]


def test_the_counts_of_files_are_written_with_their_thousands(opened, sample):
    table = opened("data/rows.py", sample).dataframe[0]
    columns = json.loads(table.proto.columns)
    assert columns["read"]["type_config"]["format"] == "localized"


def test_a_source_whose_rows_bear_no_dates_is_not_told_to_be_empty(opened, small):
    rows = opened("data/sources.py", small).dataframe[0].value.to_dict("records")
    questions = next(row for row in rows if row["Source"] == "survey_questions")
    assert (questions["State"], questions["Fills"]) == ("bears no dates", "survey_questions")

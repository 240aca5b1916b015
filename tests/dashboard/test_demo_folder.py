"""The demo's folder follows the sample it was copied from and is never someone else's."""

import pytest

from dashboard.demo import copy_sample
from pipelines.errors import UsageError


@pytest.fixture
def sample(tmp_path):
    folder = tmp_path / "sample"
    (folder / "exports").mkdir(parents=True)
    (folder / "launchloop.toml").write_text('[product]\nname = "Lumen"\n', encoding="utf-8")
    (folder / "exports" / "events.csv").write_text("first", encoding="utf-8")
    (folder / "snapshots").mkdir()
    (folder / "snapshots" / "old.duckdb").write_text("left by a refresh", encoding="utf-8")
    return folder


def test_settings_and_exports_are_copied_and_nothing_that_a_refresh_left(sample, tmp_path):
    copy_sample(sample, tmp_path / "demo")
    files = {path.name for path in (tmp_path / "demo").rglob("*") if path.is_file()}
    assert files == {"launchloop.toml", "events.csv", ".launchloop-demo"}


def test_edits_and_snapshots_stay_while_the_sample_does(sample, tmp_path):
    demo = tmp_path / "demo"
    copy_sample(sample, demo)
    (demo / "launchloop.toml").write_text("edited", encoding="utf-8")
    (demo / "snapshots").mkdir()
    copy_sample(sample, demo)
    assert (demo / "launchloop.toml").read_text(encoding="utf-8") == "edited"
    assert (demo / "snapshots").is_dir()


def test_another_sample_begins_anew(sample, tmp_path):
    demo = tmp_path / "demo"
    copy_sample(sample, demo)
    (demo / "landing").mkdir()
    (sample / "exports" / "events.csv").write_text("second", encoding="utf-8")
    copy_sample(sample, demo)
    assert (demo / "exports" / "events.csv").read_text(encoding="utf-8") == "second"
    assert not (demo / "landing").exists()


def test_a_folder_that_holds_something_else_is_refused(sample, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="holds something else"):
        copy_sample(sample, tmp_path / "mine")


def test_a_file_in_the_place_of_the_folder_is_refused(sample, tmp_path):
    (tmp_path / "demo").write_text("a file", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written to"):
        copy_sample(sample, tmp_path / "demo")

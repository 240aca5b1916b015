"""A held file is shown at once, though nothing was published, and goes when it is mended."""

import importlib.util
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipelines.read import current_id
from pipelines.refresh import refresh

ROOT = Path(__file__).parents[2]
FILE = "exports/events.csv"
REFUSED = 20


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = Path(__file__).parent / "small_product.py"
    spec = importlib.util.spec_from_file_location("launchloop_small_product", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder: Path = module.write(tmp_path_factory.mktemp("published"))
    assert refresh(folder).published
    return folder


@pytest.fixture
def held(published: Path, tmp_path: Path) -> Path:
    """Twenty events of the newest export say "soon" where a time should be."""
    folder = Path(shutil.copytree(published, tmp_path / "held"))
    before = current_id(folder)
    head, *rows = (folder / FILE).read_text(encoding="utf-8").splitlines()
    at = head.split(",").index("occurred_at")
    for place in range(REFUSED):
        cells = rows[place].split(",")
        cells[at] = "soon"
        rows[place] = ",".join(cells)
    (folder / FILE).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    report = refresh(folder)
    assert [one.file for one in report.sources if one.status == "held"] == [FILE]
    assert not report.published
    assert current_id(folder) == before
    return folder


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch):
    def open_script(script: str, folder: Path) -> AppTest:
        monkeypatch.setenv("LAUNCHLOOP_WORKSPACE", str(folder))
        shown = AppTest.from_file(str(ROOT / "dashboard" / "views" / script), default_timeout=60)
        shown.run()
        assert not shown.exception
        return shown

    return open_script


def words(page: AppTest) -> str:
    kinds = (page.header, page.markdown, page.caption, page.warning, page.error)
    found = " ".join(str(element.value) for kind in kinds for element in kind)
    return found.replace("\\", "")


def count(page: AppTest, label: str) -> str:
    return next(metric.value for metric in page.metric if metric.label == label)


def test_sources_names_the_file_and_why_it_was_not_let_in(page, held):
    shown = page("data/sources.py", held)
    assert count(shown, "Not let in") == "1"
    assert FILE in words(shown)
    assert "events: not let in" in words(shown)


def test_rows_counts_the_file_and_lists_what_to_mend(page, held):
    shown = page("data/rows.py", held)
    assert "1 not let in" in words(shown)
    assert count(shown, "Quarantined") == str(REFUSED)
    counts, fix_list = (element.value for element in shown.dataframe)
    row = counts[counts["file"] == FILE].iloc[0]
    assert row["status"] == "held"
    assert "20" in row["notes"]
    assert list(fix_list["raw_text"]) == ["soon"] * REFUSED
    assert list(fix_list["line_no"]) == list(range(2, REFUSED + 2))


def test_launch_says_that_the_file_needs_attention(page, held):
    assert "events: a file is not let in" in words(page("launch.py", held))


def test_it_goes_from_every_page_when_the_next_refresh_lets_the_file_in(page, published, held):
    assert count(page("data/sources.py", held), "Not let in") == "1"
    shutil.copy(published / FILE, held / FILE)
    report = refresh(held)
    assert report.is_good
    assert not report.published
    assert count(page("data/sources.py", held), "Not let in") == "0"
    rows = page("data/rows.py", held)
    assert "all let in" in words(rows)
    assert count(rows, "Quarantined") == "0"
    assert "not let in" not in words(page("launch.py", held))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"snapshot": 7}', "\x00\xff"])
def test_a_word_of_the_last_refresh_that_cannot_be_read_breaks_no_page(page, held, text):
    (held / "snapshots" / "LAST_REFRESH.json").write_bytes(text.encode("latin-1"))
    assert count(page("data/sources.py", held), "Not let in") == "0"
    assert "all let in" in words(page("data/rows.py", held))


def test_without_the_word_of_a_last_refresh_pages_show_the_one_that_was_published(page, held):
    (held / "snapshots" / "LAST_REFRESH.json").unlink()
    assert "all let in" in words(page("data/rows.py", held))


def test_snapshots_lists_the_settled_numbers_that_late_rows_changed(page, published, tmp_path):
    folder = Path(shutil.copytree(published, tmp_path / "late"))
    assert "No settled number was restated" in words(page("data/snapshots.py", folder))
    text = (folder / FILE).read_text(encoding="utf-8")
    head = text.splitlines()[0]
    late = "late-1,open,2026-10-14T09:00:00Z,somebody-new,web"
    assert head == "event_id,event_name,occurred_at,user_id,platform_code"
    (folder / FILE).write_text(f"{text}{late}\n", encoding="utf-8")
    report = refresh(folder)
    assert "1 late event changed 1 past day of Daily active users" in str(report.note)
    shown = page("data/snapshots.py", folder)
    assert "1 number was restated, of 1 metric" in words(shown)
    (table,) = [one.value for one in shown.dataframe if "Because of" in one.value.columns]
    (row,) = table.to_dict("records")
    assert row["Metric"] == "Daily active users"
    assert int(row["Now"]) == int(row["Before"]) + 1
    assert row["Because of"] == "late or corrected rows"

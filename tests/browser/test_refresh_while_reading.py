"""A refresh runs while five people read: no error, and no page that mixes two snapshots."""

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from dashboard.format import number
from pipelines.read import current_id, query

pytestmark = pytest.mark.browser
PATHS = ("", "usage", "", "usage?period=All", "usage")
REFRESH = (
    "import sys; from pathlib import Path; from pipelines.refresh import refresh; "
    "sys.exit(not refresh(Path(sys.argv[1])).published)"
)
# In the last week of the small product's data.
NEW = [(f"new{at}", "open", f"2026-10-3{at % 2}T10:00:00+00:00", f"n{at}") for at in range(7)]


@pytest.fixture
def readers(
    window: Callable[..., Page], growing: Any, watched: Any, settled: Any
) -> list[tuple[Page, Any]]:
    opened = []
    for path in PATHS:
        page = window()
        seen = watched(page, growing.url)
        page.goto(f"{growing.url}/{path}")
        settled(page)
        opened.append((page, seen))
    return opened


def shown(page: Page) -> tuple[str, str]:
    """Snapshot and weekly active users, as a reader sees them."""
    badge = page.get_by_text("Snapshot 2").first.inner_text()
    card = page.get_by_test_id("stMetric").filter(has_text="Weekly active users")
    return badge.removeprefix("Snapshot "), card.get_by_test_id("stMetricValue").inner_text()


def add_events(folder: Path) -> None:
    """New people come: the numbers of the next snapshot differ."""
    with (folder / "exports" / "events.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows((*row, "web") for row in NEW)


def test_no_page_mixes_two_snapshots(
    growing: Any, readers: list[tuple[Page, Any]], settled: Callable[[Page], None]
) -> None:
    before = current_id(growing.folder)
    observed = {shown(page) for page, _ in readers}
    add_events(growing.folder)
    running = subprocess.Popen([sys.executable, "-c", REFRESH, str(growing.folder)])
    for turn in range(200):
        page, _ = readers[turn % len(readers)]
        # A click reruns one chart of a page that was made before; a reload makes it anew.
        page.get_by_text(("Table", "Chart")[turn // len(readers) % 2], exact=True).first.click()
        if turn % 3 == 0:
            page.reload()
        settled(page)
        observed.add(shown(page))
        if running.poll() is not None:
            break
    assert running.wait(timeout=120) == 0
    after = current_id(growing.folder)
    assert after != before
    for page, _ in readers:
        page.reload()
        settled(page)
        observed.add(shown(page))
    newest = {
        name: [row for row in query(growing.folder, "wau", snapshot=name)["rows"] if row["value"]][
            -1
        ]["value"]
        for name in (before, after)
    }
    assert newest[before] != newest[after]
    assert observed == {(name, number(value, "count")) for name, value in newest.items()}
    for page, seen in readers:
        assert seen.errors == []
        assert page.get_by_test_id("stException").count() == 0
        assert page.get_by_test_id("stAlertContentError").count() == 0

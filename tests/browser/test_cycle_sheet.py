"""The sheet of a cycle in a browser: on one screen, on one printed page of A3, on a phone."""

import re

import pytest

from dashboard.report_kinds import OF_RECORDS
from dashboard.reports.content import RENDERERS
from pipelines.reviews.desk import Desk
from pipelines.reviews.people_sync import MACHINE

# ISO 216, in points of a 72nd inch.
A3 = [1190.55, 841.89]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sheet(reviewed, tmp_path_factory):
    """The page of a closed cycle as a file."""
    content = OF_RECORDS["cycle"](Desk.open(reviewed.folder, MACHINE), reviewed.cycle_id)
    file = tmp_path_factory.mktemp("sheet") / "cycle.html"
    file.write_bytes(RENDERERS["html"](content))
    return file


@pytest.fixture
def opened(sheet, window):
    """`opened(width, height)` → the page at that size."""

    def open_at(width, height):
        page = window(viewport={"width": width, "height": height})
        page.goto(sheet.as_uri())
        return page

    return open_at


def test_both_halves_stand_on_one_screen(opened):
    page = opened(1440, 900)
    boxes = [page.locator(f".halves > .{half}").bounding_box() for half in ("left", "right")]
    left, right = boxes
    assert left["x"] + left["width"] < right["x"]
    for place in range(page.locator(".halves section").count()):
        box = page.locator(".halves section").nth(place).bounding_box()
        assert box["y"] + box["height"] <= 900
    for heading in ("Plan", "Do", "Check", "Act", "Record"):
        assert page.locator("h2 .kicker", has_text=heading).count() == 1


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1920, 1080), (390, 844)])
def test_nothing_is_wider_than_the_screen_or_cut_off(opened, width, height):
    page = opened(width, height)
    assert page.locator("main").bounding_box()["width"] <= width
    for selector in ("h1", "h2", ".facts > div", "figcaption", ".lead", ".origin dd"):
        for each in page.locator(selector).all():
            box = each.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width + 0.5


def test_it_prints_on_one_page_of_a3(opened, tmp_path):
    data = opened(1440, 900).pdf(prefer_css_page_size=True)
    found = re.findall(rb"/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+) ?\]", data)
    assert [[float(one) for one in size] for size in found] == [pytest.approx(A3, abs=1)]

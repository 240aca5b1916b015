"""Outcomes, Evidence and papers in a real browser: read, written, taken along."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from pipelines.reviews.records.verifying_export import verify_export

pytestmark = pytest.mark.browser
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def url(reviewed: Any, served: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    for product in served(reviewed.folder, tmp_path_factory.mktemp("log")):
        yield product.url


@pytest.fixture
def read(
    window: Callable[..., Page], settled: Any, people: ModuleType, url: str
) -> Callable[..., Page]:
    """`read("outcomes")` → the page as a person sees it."""

    def open_it(path: str, person: str = "Petra Manager", size: str = "desktop", **more: Any):
        page = window(viewport=SIZES[size], bypass_csp=True, **more)
        page.goto(f"{url}/{path}")
        settled(page)
        people.picked(page, "You are", person)
        settled(page)
        return page

    return open_it


@pytest.mark.parametrize("path", ["outcomes", "evidence"])
@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("desktop", "dark")])
def test_axe_finds_nothing_serious(read: Any, path: str, size: str, scheme: str) -> None:
    page = read(path, size=size, color_scheme=scheme)
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in {"serious", "critical"}] == []


@pytest.mark.parametrize("path", ["outcomes", "evidence"])
def test_a_phone_shows_everything_without_sideways_scrolling(read: Any, path: str) -> None:
    page = read(path, size="phone")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("node => node.scrollWidth - node.clientWidth") <= 0
    assert page.get_by_test_id("stException").count() == 0


def test_small_numbers_are_counts_and_only_a_proven_gain_is_green(read: Any) -> None:
    page = read("outcomes")
    expect(page.get_by_text("Predicted 1 of 3 releases")).to_be_visible()
    expect(page.get_by_text("too few for a percentage").first).to_be_visible()
    expect(page.get_by_text("Before/after comparison, not a controlled test.")).to_be_visible()


def test_what_nobody_predicted_is_one_folded_line_until_it_is_asked_for(read: Any) -> None:
    page = read("outcomes")
    folded = page.get_by_text("1 row without a prediction; their guard-rails are watched")
    expect(folded).to_be_visible()
    expect(page.get_by_text("2.9 · Released")).to_be_hidden()
    folded.click()
    expect(page.get_by_text("2.9 · Released")).to_be_visible()
    page.get_by_role("radio", name="Unpredicted").click()
    expect(page.get_by_text("Nothing was predicted; its guard-rails are watched.")).to_be_visible()


def test_a_celebration_is_added_and_links_as_recognition_only(read: Any, settled: Any) -> None:
    page = read("evidence?new_evidence=Celebration")
    page.get_by_text("Add evidence").click()
    page.get_by_label("What was achieved").fill("A hundred customers")
    page.get_by_label("What was achieved").press("Tab")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("A hundred customers").first).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Link to a cycle").first.click()
    link = page.get_by_test_id("stPopoverBody")
    expect(link.get_by_role("combobox", name="Speaks as")).to_have_value("Recognition")


def test_a_reader_sees_no_form(read: Any) -> None:
    page = read("evidence", "Gus Guest")
    expect(page.get_by_text("You may read this team's evidence.")).to_be_visible()
    assert page.get_by_text("Add evidence").count() == 0


@pytest.mark.parametrize("kind", ["cycle", "review"])
def test_a_cycle_and_a_meeting_are_taken_along_and_the_export_verifies(
    read: Any, reviewed: Any, kind: str, tmp_path: Path
) -> None:
    path = {"cycle": f"cycle?cycle={reviewed.cycle_id}",
            "review": f"review?meeting={reviewed.meeting_id}"}[kind]  # fmt: skip
    page = read(path)
    page.get_by_role("button", name="Take it along").click()
    for label, begins in (("PDF", b"%PDF"), ("JSON with hashes", b"{")):
        with page.expect_download(timeout=60_000) as download:
            page.get_by_role("button", name=label, exact=True).click()
        file = tmp_path / label
        download.value.save_as(file)
        assert file.read_bytes().startswith(begins)
    assert verify_export(tmp_path / "JSON with hashes").broken is None


def test_a_cycle_is_linked_to_its_release_and_its_theme(
    read: Any, people: ModuleType, reviewed: Any
) -> None:
    page = read(f"cycle?cycle={reviewed.draft_id}")
    page.get_by_text("Link a release, item or theme").click()
    people.picked(page, "Release or backlog item", re.compile(r"^3\.1 · "))
    page.get_by_role("button", name="Link it").click()
    expect(page.get_by_text("Release 3.1", exact=True)).to_be_visible()
    page.get_by_label("Theme").fill("Exports")
    page.get_by_label("Theme").press("Tab")
    page.get_by_role("button", name="Save the theme").click()
    expect(page.get_by_text("Theme: Exports", exact=True)).to_be_visible()
    found = read(f"cycle?cycle={reviewed.draft_id}", "Gus Guest")
    expect(found.get_by_text("Release 3.1", exact=True)).to_be_visible()
    assert found.get_by_text("Link a release, item or theme").count() == 0

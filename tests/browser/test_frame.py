"""The frame in a real Chromium: theme, font, policy, links, cards, and nothing from outside."""

import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

Opened = tuple[Page, Any]
Window = Callable[..., Page]
pytestmark = pytest.mark.browser


@pytest.fixture
def opened(window: Window, gallery: Any, watched: Any, settled: Any) -> Opened:
    page = window()
    seen = watched(page, gallery.url)
    page.goto(gallery.url)
    settled(page)
    return page, seen


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def color_of(page: Page, selector: str, property_name: str) -> str:
    element = page.locator(selector).first
    return str(element.evaluate(f"node => getComputedStyle(node).{property_name}"))


def test_health_answers_and_what_is_not_needed_is_closed(gallery: Any) -> None:
    assert status(f"{gallery.url}/healthz/live") == 200
    assert status(f"{gallery.url}/healthz/ready") == 200
    assert status(f"{gallery.url}/_stcore/metrics") == 404
    assert status(f"{gallery.url}/_stcore/agent/openapi.json") == 404


def test_every_answer_carries_the_policy(gallery: Any) -> None:
    for path in ("/", "/healthz/live", "/app/static/inter-latin-wght-normal.woff2", "/nowhere"):
        with urllib.request.urlopen(gallery.url + path, timeout=10) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "script-src 'self' 'sha256-" in policy
            assert "unsafe-eval" not in policy
            assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_page_needs_nothing_from_outside_and_logs_no_error(opened: Opened) -> None:
    _, seen = opened
    assert seen.outside == []
    assert seen.errors == []


def test_the_font_is_ours_and_is_used_in_words_and_figures(opened: Opened) -> None:
    page, seen = opened
    assert any(url.endswith("inter-latin-wght-normal.woff2") for url in seen.fetched)
    assert color_of(page, "h1", "fontFamily").startswith("Inter")
    assert color_of(page, ".js-plotly-plot .xtick text", "fontFamily").startswith("Inter")


def test_the_theme_is_ours_from_any_folder_and_follows_the_reader(
    window: Window, gallery: Any, settled: Any
) -> None:
    for scheme, background in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(15, 20, 27)")):
        page = window(color_scheme=scheme)
        page.goto(gallery.url)
        settled(page)
        assert color_of(page, "[data-testid=stApp]", "backgroundColor") == background
        # The figure's own colours come from the server, which must know the scheme.
        line = {"light": "rgb(29, 95, 209)", "dark": "rgb(110, 168, 255)"}[scheme]
        assert line in {
            element.evaluate("node => getComputedStyle(node).stroke")
            for element in page.locator(".js-plotly-plot .js-line").all()
        }


def test_the_figures_follow_when_the_reader_turns_the_light_off(opened: Opened) -> None:
    page, _ = opened
    page.emulate_media(color_scheme="dark")
    line = page.locator(".js-plotly-plot .js-line").last
    expect(line).to_have_css("stroke", "rgb(255, 177, 104)", timeout=40_000)


def test_text_from_data_stays_text(opened: Opened) -> None:
    page, _ = opened
    expect(page.get_by_text("NPS <script>alert(1)</script>")).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    assert page.locator(".js-plotly-plot b").count() == 0


def test_every_figure_has_a_name_for_those_who_cannot_see_it(opened: Opened) -> None:
    page, _ = opened
    figures = page.get_by_test_id("stPlotlyChart")
    named = page.locator(
        "[data-testid=stPlotlyChart] [aria-label], [data-testid=stPlotlyChart][aria-label]"
    )
    assert figures.count() == 9
    assert named.count() >= figures.count()
    first = named.first.get_attribute("aria-label") or ""
    assert "Activation rate rose from 38.1" in first
    assert "1 period is not settled yet" in first


def test_a_choice_is_in_the_link_and_the_link_gives_the_same_page(
    opened: Opened, window: Window, settled: Any
) -> None:
    page, _ = opened
    page.get_by_test_id("stButtonGroup").filter(has_text="12 weeks").get_by_text("12 weeks").click()
    page.get_by_text("Table", exact=True).first.click()
    settled(page)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(1)
    assert "period=12+weeks" in page.url
    assert "activation_as=Table" in page.url
    other = window()
    other.goto(page.url)
    settled(other)
    expect(other.get_by_test_id("stDataFrame")).to_have_count(1)


def test_a_link_with_a_wrong_value_opens_with_the_default(
    window: Window, gallery: Any, settled: Any
) -> None:
    page = window()
    page.goto(f"{gallery.url}/?period=<script>&segment=nobody&activation_as=table")
    settled(page)
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(9)


def test_the_csv_is_made_when_asked_for(opened: Opened) -> None:
    page, _ = opened
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    text = Path(download.value.path()).read_text()
    assert download.value.suggested_filename == "activation.csv"
    assert text.splitlines()[0] == "period,period_end,value,low,high,n,total,status,note"


def test_a_note_can_be_added_to_a_chart(opened: Opened) -> None:
    page, _ = opened
    page.get_by_role("button", name="Note").first.click()
    page.get_by_label("What happened").fill("Price page *changed*")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("Price page *changed*")).to_be_visible()


def test_another_page_is_reached_through_the_menu(opened: Opened) -> None:
    page, _ = opened
    page.get_by_text("Data", exact=True).click()
    page.get_by_text("Second", exact=True).click()
    expect(page.get_by_role("heading", name="Second page")).to_be_visible()
    assert page.url.endswith("/second")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(window: Window, gallery: Any, scheme: str, settled: Any) -> None:
    # axe evaluates text in the page, which the policy forbids; only here it is set aside.
    page = window(bypass_csp=True, color_scheme=scheme)
    page.goto(gallery.url)
    settled(page)
    found = Axe().run(page).response["violations"]
    serious = [
        (item["id"], node["html"][:200])
        for item in found
        if item["impact"] in {"serious", "critical"}
        for node in item["nodes"]
    ]
    assert serious == []


def test_a_phone_shows_everything_without_sideways_scrolling(
    window: Window, gallery: Any, settled: Any
) -> None:
    page = window(viewport={"width": 390, "height": 844})
    page.goto(gallery.url)
    settled(page)
    wide = page.get_by_test_id("stMain").evaluate("node => node.scrollWidth - node.clientWidth")
    assert wide <= 0

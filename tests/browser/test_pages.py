"""Every page in a real Chromium: the numbers of the query, nothing from outside, no error."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NotSeenError

from dashboard.format import number
from dashboard.sections import VIEWS_IN_ORDER
from pipelines.read import query

pytestmark = pytest.mark.browser
PATHS = [view.path for view in VIEWS_IN_ORDER]
# Pages of reviews ask who one is first; with an answer they are tried where reviews are held.
OF_NUMBERS = [view.path for view in VIEWS_IN_ORDER if view.section != "Reviews"]
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# A press that came before the page lived opens nothing, however long one waits.
PRESSES, PATIENCE_MS = 5, 4_000
Open = Callable[..., tuple[Page, Any]]


@pytest.fixture
def opened(window: Callable[..., Page], watched: Any, settled: Any) -> Open:
    def open_page(url: str, **more: Any) -> tuple[Page, Any]:
        page = window(**more)
        seen = watched(page, "{0}//{2}".format(*url.split("/", maxsplit=3)))
        page.goto(url)
        settled(page)
        return page, seen

    return open_page


def cards(page: Page) -> dict[str, str]:
    """Label → value of every metric card, as a reader sees them."""
    found = page.get_by_test_id("stMetric")
    return {
        card.get_by_test_id("stMetricLabel").inner_text().strip(): card.get_by_test_id(
            "stMetricValue"
        )
        .inner_text()
        .strip()
        for card in found.all()
    }


def newest(folder: Path, metric: str, pick: dict[str, Any] | None = None, **more: Any) -> dict:
    """The newest settled row of a query."""
    rows = query(folder, metric, **more)["rows"]
    known = [row for row in rows if row["status"] != "immature"]
    chosen = [row for row in known if all(row[key] == at for key, at in (pick or {}).items())]
    return chosen[-1]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_needs_nothing_from_outside_and_logs_no_error(
    sample: Any, opened: Open, path: str
) -> None:
    page, seen = opened(f"{sample.url}/{path}")
    page.wait_for_timeout(500)
    assert seen.outside == []
    assert seen.errors == []
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_test_id("stAlertContentError").count() == 0


@pytest.mark.parametrize("path", [*OF_NUMBERS, "cycles"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("product", ["sample", "small"])
def test_axe_finds_nothing_serious(
    window: Callable[..., Page],
    settled: Any,
    request: pytest.FixtureRequest,
    product: str,
    path: str,
    scheme: str,
) -> None:
    # axe evaluates text in the page, which the policy forbids; only here it is set aside.
    page = window(bypass_csp=True, color_scheme=scheme)
    page.goto(f"{request.getfixturevalue(product).url}/{path}")
    settled(page)
    found = Axe().run(page).response["violations"]
    serious = [
        (item["id"], node["html"][:200])
        for item in found
        if item["impact"] in {"serious", "critical"}
        for node in item["nodes"]
    ]
    assert serious == []


# What shows the focus may be drawn around the control or around the box that it stands in.
LOOK = """
    const name = one => one.getAttribute("aria-label") || one.innerText;
    const look = one => [one, one.parentElement, one.parentElement.parentElement].map(box => {
        const style = getComputedStyle(box);
        return [style.outlineStyle, style.boxShadow, style.borderColor, style.backgroundColor];
    }).join();
"""
# Of a group of choices one is a tab stop, the others are reached with the arrow keys; buttons of
# a table or of code appear when it is pointed at.
CONTROLS = f"""node => {{ {LOOK}
    return [...node.querySelectorAll("button, input, a[href]")]
        .filter(one => one.offsetParent && !one.disabled && one.tabIndex >= 0
            && one.role !== "radio"
            && !one.closest("[data-testid=stElementToolbar], [data-testid=stCode]"))
        .map(one => [name(one), look(one)]);
}}"""
FOCUSED = f"one => {{ {LOOK} return [name(one), look(one)]; }}"


@pytest.mark.parametrize("path", ["", "usage", "rows"])
def test_every_control_is_reached_with_tab_and_shows_its_focus(
    sample: Any, opened: Open, path: str
) -> None:
    page, _ = opened(f"{sample.url}/{path}")
    unfocused = dict(page.get_by_test_id("stMain").evaluate(CONTROLS))
    focused: dict[str, str] = {}
    for _ in range(150):
        page.keyboard.press("Tab")
        page.wait_for_timeout(40)
        if page.locator(":focus").count():
            name, look = page.locator(":focus").first.evaluate(FOCUSED)
            focused.setdefault(name, look)
        if unfocused.keys() <= focused.keys():
            break
    assert unfocused.keys() - focused.keys() == set()
    assert [name for name, look in unfocused.items() if focused[name] == look] == []


@pytest.mark.parametrize("path", [*OF_NUMBERS, "cycles"])
def test_a_phone_shows_everything_without_sideways_scrolling(
    sample: Any, opened: Open, path: str
) -> None:
    page, _ = opened(f"{sample.url}/{path}", viewport=PHONE)
    wide = page.get_by_test_id("stMain").evaluate("node => node.scrollWidth - node.clientWidth")
    assert wide <= 0


def test_the_launch_cards_are_the_numbers_of_the_query(sample: Any, opened: Open) -> None:
    page, _ = opened(sample.url)
    shown = cards(page)
    ninety = {"variant": "trailing_90", "every": "month"}
    expected = {
        "Weekly active users": number(newest(sample.folder, "wau")["value"], "count"),
        "Activation rate": number(newest(sample.folder, "activation_rate")["value"], "share"),
        "Net Promoter Score": number(newest(sample.folder, "nps", **ninety)["value"], "points"),
        "Customer satisfaction": number(newest(sample.folder, "csat", **ninety)["value"], "share"),
        "Monthly recurring revenue": number(newest(sample.folder, "mrr")["value"], "EUR"),
        "Net revenue retention": number(newest(sample.folder, "nrr")["value"], "share"),
        "Feedback volume": number(newest(sample.folder, "feedback_volume")["value"], "per 1,000"),
        "Negative feedback": number(newest(sample.folder, "sentiment_share")["value"], "share"),
    }
    assert shown == expected


def test_the_usage_cards_are_the_numbers_of_the_query_in_a_segment(
    sample: Any, opened: Open
) -> None:
    page, _ = opened(f"{sample.url}/usage?segment=platform:+web")
    where = {"where": [("platform", "web")]}
    expected = {
        "Weekly active users": number(newest(sample.folder, "wau", **where)["value"], "count"),
        "Monthly active users": number(newest(sample.folder, "mau", **where)["value"], "count"),
        "Stickiness": number(
            newest(sample.folder, "stickiness", every="week", **where)["value"], "share"
        ),
    }
    shown = cards(page)
    assert {name: shown[name] for name in expected} == expected


def test_the_sprint_cards_are_the_numbers_of_the_query(sample: Any, opened: Open) -> None:
    page, _ = opened(f"{sample.url}/sprint?team=Atlas&sprint=Atlas+Sprint+13")
    shown = cards(page)
    one = {"of": "113"}
    assert shown["Velocity"] == number(newest(sample.folder, "velocity", **one)["value"], "points")
    assert shown["Say/do"] == number(newest(sample.folder, "say_do", **one)["value"], "share")
    assert shown["Carry-over"] == number(
        newest(sample.folder, "carry_over", **one)["value"], "share"
    )
    added = newest(sample.folder, "scope_change", {"component": "added"}, **one)
    assert shown["Scope added"] == number(added["value"], "share")


def test_the_csv_of_a_chart_holds_the_rows_of_the_query(sample: Any, opened: Open) -> None:
    page, _ = opened(f"{sample.url}/usage?period=All")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    rows = query(sample.folder, "wau")["rows"]
    assert lines[0] == "period,period_end,value,low,high,n,total,status,note"
    assert len(lines) == len(rows) + 1
    assert lines[1].split(",")[:2] == [rows[0]["period"], rows[0]["period_end"]]


def test_a_link_carries_every_choice_to_another_reader(sample: Any, opened: Open) -> None:
    page, _ = opened(f"{sample.url}/usage")
    page.get_by_text("12 weeks").click()
    page.get_by_text("Table", exact=True).first.click()
    page.wait_for_url(re.compile("active_users_as=Table"))
    other, _ = opened(page.url)
    expect(other.get_by_test_id("stDataFrame")).to_have_count(1)
    assert "period=12+weeks" in other.url


def test_launch_prints_on_one_page(sample: Any, opened: Open) -> None:
    page, _ = opened(sample.url)
    page.get_by_text("Goal against actual").first.wait_for()
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", paper)) == 1
    assert len(paper) > 20_000


def test_a_note_is_stored_and_says_when_it_is_shown(small: Any, opened: Open) -> None:
    page, _ = opened(f"{small.url}/usage")
    page.get_by_role("button", name="Note").first.click()
    page.get_by_label("What happened").fill("=A *newsletter* went out")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("Every chart shows it after the next refresh")).to_be_visible()
    index = (small.folder / "landing").rglob("*")
    assert any("annotations" in str(path) for path in index)


def test_before_the_first_snapshot_every_page_says_what_to_do(
    unpublished: Any, opened: Open
) -> None:
    page, seen = opened(unpublished.url)
    expect(page.get_by_text("No numbers yet")).to_be_visible()
    expect(page.get_by_text("launchloop refresh").first).to_be_visible()
    assert seen.errors == []


def test_the_quarantine_of_the_sample_can_be_taken_away_as_a_list(
    sample: Any, opened: Open
) -> None:
    page, _ = opened(f"{sample.url}/rows")
    with page.expect_download() as download:
        page.get_by_role("button", name="List to mend").click()
    text = io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))
    header, *entries = text.read().splitlines()
    assert header.startswith("file_name,line_no,record_no,column_name,raw_text")
    assert len(entries) == 6


def follow(page: Page, section: str, name: str) -> None:
    """Opens a section of the menu and follows one of its links, as a reader would.

    A section opens when it is pressed after the page has come to life; who sees no link presses
    again.
    """
    link = page.get_by_role("menuitem", name=name, exact=True)
    button = page.get_by_text(section, exact=True).first
    for _ in range(PRESSES):
        button.click()
        try:
            link.wait_for(state="visible", timeout=PATIENCE_MS)
        except NotSeenError:
            continue
        link.click()
        return
    expect(link).to_be_visible()


def test_the_whole_walk_through_the_menu(sample: Any, opened: Open, settled: Any) -> None:
    page, seen = opened(sample.url)
    for section, name, heading in (
        ("Strategy", "Usage", "Usage"),
        ("Delivery", "Sprint", "Sprint"),
        ("Data", "Sources", "Sources"),
        ("Data", "Definitions", "Definitions"),
    ):
        follow(page, section, name)
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        settled(page)
    assert json.dumps(seen.errors) == "[]"
